"""What changes of training images can do: which images to change, and what for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from teachkit import require
from teachkit.arrays import Array, array_namespace, quiet, scalar, to_numpy
from teachkit.influence import Influence
from teachkit.risks import LinearRisk, checks


@quiet()
def choose_images(risk: Any, theta: Array, x_test: Array, y_test: Any, k: int) -> tuple[int, ...]:
    """The k training images that can do most to the mean loss of the test points, best first.

    By sum_j abs(I_pert,loss(z_i, z_test)_j) times the weight: the change of the loss, to first
    order and but for 1/n, per unit by which all pixels move along their signs. The last column
    counts for nothing where it is constant and not 0.

    Raises what `attack` raises.

    Lesson: 13_training_set_attacks
    """
    k = require.whole(k, "k", 1, linear(risk).n, "It counts training images.")
    xp = array_namespace(risk.X)
    sums = xp.sum(
        xp.abs(rates(Influence(risk, theta), x_test, y_test, range(risk.n))) * free(risk), axis=1
    )
    reach = risk.weights * sums
    order = np.argsort(-to_numpy(reach), kind="stable")
    return tuple(int(i) for i in order[:k])


@quiet()
def vulnerability(
    risk: Any, theta: Array, x_test: Array, y_test: Any, images: Any = None
) -> np.ndarray:
    """max_i w_i sum_j abs(I_pert,loss(z_i, z_test)_j) of each test point, (m,).

    What the one training image that can do most to it (of `images`, or of all) can do: to first
    order the loss grows by this times budget / n.

    Raises what `attack` raises.

    Lesson: 13_training_set_attacks
    """
    influence = Influence(linear(risk), theta)
    chosen = range(risk.n) if images is None else checks.check_indices(images, risk.n, "images")
    X, y, _ = checks.check_test_points(x_test, y_test, risk.p, risk.X)
    weights, moves = to_numpy(risk.weights)[list(chosen)], to_numpy(free(risk))
    reach = [
        np.max(weights * (np.abs(to_numpy(rates(influence, X[j, :], y[j], chosen))) @ moves))
        for j in range(X.shape[0])
    ]
    return np.array(reach)


def rates(influence: Influence, x_test: Array, y_test: Any, images: Iterable[int]) -> Array:
    """I_pert,loss of each image on the mean loss of the test points, (k, d)."""
    xp = array_namespace(influence.risk.X)
    s = influence.s_test(x_test, y_test)
    s = s if s.ndim == 1 else xp.mean(s, axis=0)  # I_pert,loss is linear in the loss
    return xp.stack([influence.pert_loss(i, s_test=s) for i in images])


def linear(risk: Any) -> Any:
    """The risk, or a sentence on why an attack on it cannot be followed."""
    if not isinstance(risk, LinearRisk):
        raise TypeError(
            f"risk is {risk!r:.60}; an attack is followed on a LinearRisk, whose rows of X are the "
            "images and whose margins are y x' theta."
        )
    checks.check_labels(risk.y)
    return risk


def free(risk: Any) -> Array:
    """1 for each column of X that may move, (d,): all but a last one that is constant and not 0."""
    xp = array_namespace(risk.X)
    free, last = xp.ones_like(risk.X[0, :]), risk.X[:, -1]
    if scalar(last[0]) != 0.0 and bool(xp.all(last == last[0])):
        free[-1] = 0.0
    return free
