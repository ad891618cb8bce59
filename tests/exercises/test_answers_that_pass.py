"""Other ways to write the right answer, which must pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from teachkit.exercises import Exercise, start_here
from teachkit.exercises import influence_upweighting as lesson


def _sigma(m):
    return 1 / (1 + np.exp(-m))


def _hessian(X, y, theta, l2, q=None):
    q = _sigma(X @ theta) if q is None else q
    return (X * (q * (1 - q))[:, None]).T @ X / len(y) + l2 * np.eye(X.shape[1])


def _g(X, y, theta, i):
    return -y[i] * _sigma(-y[i] * (X[i] @ theta)) * X[i]


def transposed(X, y, theta, l2, i):
    return -np.linalg.solve(_hessian(X, y, theta, l2).T, _g(X, y, theta, i))


def curvature_of_margins(X, y, theta, l2, i):
    q = _sigma(-y * (X @ theta))
    return -np.linalg.inv(_hessian(X, y, theta, l2, q)) @ _g(X, y, theta, i)


def as_a_list(X, y, theta, l2, i):
    return list(transposed(X, y, theta, l2, i))


def labels_as_probabilities(X, y, theta, l2, i):
    t = (y[i] + 1) / 2
    return -np.linalg.solve(_hessian(X, y, theta, l2), (_sigma(X[i] @ theta) - t) * X[i])


def sum_with_n_l2(X, y, theta, l2, i):
    H = len(y) * _hessian(X, y, theta, l2)
    return np.linalg.solve(H, _g(X, y, theta, i))


def minus_one_over_n_up_params(X, y, theta, l2, i):
    return -transposed(X, y, theta, l2, i) / len(y)


def exchanged_gradients(X, y, theta, l2, i, x_test, y_test):
    g_test = -y_test * _sigma(-y_test * (x_test @ theta)) * x_test
    return -_g(X, y, theta, i) @ np.linalg.solve(_hessian(X, y, theta, l2), g_test)


def as_a_numpy_scalar(X, y, theta, l2, i, x_test, y_test):
    return np.array(exchanged_gradients(X, y, theta, l2, i, x_test, y_test))


def with_an_option(X, y, theta, l2, i, verbose=False):
    return transposed(X, y, theta, l2, i)


def in_a_list(scores, truth):
    """By r and rank r, the other way round: labels first."""
    ranks = [np.argsort(np.argsort(row)) for row in scores]
    r = [np.corrcoef(row, truth)[0, 1] for row in scores]
    rank = [np.corrcoef(row, np.argsort(np.argsort(truth)))[0, 1] for row in ranks]
    names: list[Any] = [None] * 4
    names[min(range(4), key=lambda k: abs(rank[k]))] = "Labels"
    names[max((k for k in range(4) if not names[k]), key=lambda k: r[k] + rank[k])] = "nothing "
    one, two = (k for k in range(4) if names[k] is None)
    if rank[one] - r[one] < rank[two] - r[two]:
        one, two = two, one
    names[one], names[two] = "loss factor", "inverse Hessian"
    return names


PASS = [
    (start_here.mean_without, lambda x, i: np.delete(x, i).mean()),
    (start_here.mean_without, lambda x, i: x.mean() - (x[i] - x.mean()) / (len(x) - 1)),
    (start_here.predict_shift, lambda x, i: (x.mean() - x[i]) / len(x)),
    (start_here.predict_shift, lambda x, i: (np.delete(x, i).mean() - x.mean()) * (1 - 1 / len(x))),
    (start_here.most_influential, lambda x: np.argmax((x - x.mean()) ** 2)),
    (
        start_here.most_influential,
        lambda x: max(range(len(x)), key=lambda i: abs(np.delete(x, i).mean() - x.mean())),
    ),
    (lesson.sensitivity, lambda T, x, z: (T(np.r_[z, x]) - T(x)) / (1 / (len(x) + 1))),
    (lesson.up_params, transposed),
    (lesson.up_params, curvature_of_margins),
    (lesson.up_params, as_a_list),
    (lesson.up_params, labels_as_probabilities),
    (lesson.up_params, with_an_option),
    (lesson.removal, sum_with_n_l2),
    (lesson.removal, minus_one_over_n_up_params),
    (lesson.up_loss, exchanged_gradients),
    (lesson.up_loss, as_a_numpy_scalar),
    (lesson.what_is_missing, in_a_list),
    (lesson.proof_order, lambda: "B"),
    (lesson.proof_order, lambda: "b"),
    (lesson.proof_order, lambda: ["B"]),
]


@pytest.mark.parametrize(("exercise", "function"), PASS)
def test_no_mistake(exercise: Exercise, function: Callable[..., Any]) -> None:
    result = exercise.check(function)
    assert result.state == "correct", repr(result)
