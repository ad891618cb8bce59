"""Lesson 02: other ways to write the right answer, and slips as learners write them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.stats import multivariate_normal
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import Ridge

from teachkit.exercises import Exercise
from teachkit.exercises import learning_problem as lesson
from teachkit.losses import EpsilonInsensitive, Hinge, ZeroOne


def by_scikit_learn(X, y, l2):
    return Ridge(alpha=len(X) * l2 / 2, fit_intercept=False).fit(X, y).coef_


def by_as_many_equations_as_points(X, y, l2):
    """X'(X X' + n l2/2 I)^-1 y: the same by the push-through identity."""
    return X.T @ np.linalg.solve(X @ X.T + len(X) * l2 / 2 * np.eye(len(X)), y)


def by_more_rows(X, y, l2):
    """Least squares with p further points, each at 0."""
    p = X.shape[1]
    rows = np.vstack([X, np.sqrt(len(X) * l2 / 2) * np.eye(p)])
    return np.linalg.lstsq(rows, np.append(y, np.zeros(p)), rcond=None)[0]


def in_a_loop(score, y):
    losses = []
    for s, label in zip(score, y, strict=True):
        short = 1 - label * s
        losses.append(short if short > 0 else 0.0)
    return losses


def by_both_sides(f, y, eps):
    return np.maximum.reduce([f - y - eps, y - f - eps, 0 * f])


def halved(X, y, l2):
    n, p = X.shape
    return np.linalg.inv(X.T @ X / n + l2 / 2 * np.eye(p)) @ X.T @ y / n


def by_densities(x, mu1, mu0, Sigma, p1):
    one, zero = (multivariate_normal(mu, Sigma).logpdf(x) for mu in (mu1, mu0))
    return one - zero + np.log(p1) - np.log(1 - p1)


def by_weights(x, mu1, mu0, Sigma, p1):
    inverse = np.linalg.inv(Sigma)
    w = inverse @ (mu1 - mu0)
    b = (mu0 @ inverse @ mu0 - mu1 @ inverse @ mu1) / 2 + np.log(p1) - np.log(1 - p1)
    return x @ w + b


PASS = [
    (lesson.hinge, in_a_loop),
    (lesson.hinge, lambda score, y: np.where(y * score < 1, 1 - y * score, 0)),
    (lesson.hinge, lambda score, y: (1 - score * y).clip(min=0)),
    (lesson.hinge, lambda score, y: np.maximum(1 - y * score, 0)),
    (lesson.hinge, lambda score, y: np.maximum(0, y * (y - score))),
    (lesson.hinge, lambda score, y: Hinge().value(score, y)),
    (lesson.epsilon_insensitive, lambda f, y, eps: np.maximum(np.abs(y - f) - eps, 0)),
    (lesson.epsilon_insensitive, by_both_sides),
    (lesson.epsilon_insensitive, lambda f, y, eps: EpsilonInsensitive(eps).value(f, y)),
    (lesson.ridge, by_scikit_learn),
    (lesson.ridge, by_as_many_equations_as_points),
    (lesson.ridge, by_more_rows),
    (lesson.ridge, halved),
    (lesson.hoeffding_radius, lambda n, delta: (-np.log(delta / 2) / 2 / n) ** 0.5),
    (lesson.hoeffding_radius, lambda n, delta: np.sqrt((np.log(2) - np.log(delta)) / n / 2)),
    (lesson.zero_one, lambda score, y: np.mean(np.sign(score) != y)),
    (lesson.zero_one, lambda score, y: 1 - np.mean(y * score > 0)),
    (lesson.zero_one, lambda score, y: np.heaviside(-y * score, 1).mean()),
    (lesson.zero_one, lambda score, y: ZeroOne().value(score, y).mean()),
    (lesson.lda_log_odds, by_densities),
    (lesson.lda_log_odds, by_weights),
]  # fmt: skip


@pytest.mark.parametrize(("exercise", "function"), PASS)
def test_no_mistake(exercise: Exercise, function: Callable) -> None:
    result = exercise.check(function)
    assert result.state == "correct", repr(result)


def scikit_learns_alpha(X, y, l2):
    return Ridge(alpha=l2, fit_intercept=False).fit(X, y).coef_


def squares_without_their_2(X, y, l2):
    n, p = X.shape
    return np.linalg.solve(X.T @ X / n + l2 * np.eye(p), X.T @ y / n)


def penalty_of_the_mean(X, y, l2):
    n, p = X.shape
    return np.linalg.solve(X.T @ X + n * l2 * np.eye(p), X.T @ y)


def intercept_free(X, y, l2):
    n, p = X.shape
    penalty = l2 * np.eye(p)
    penalty[0, 0] = 0
    return np.linalg.solve(2 * X.T @ X / n + penalty, 2 * X.T @ y / n)


def independent_features(x, mu1, mu0, Sigma, p1):
    v = np.diag(Sigma)
    return np.log(p1 / (1 - p1)) + (((x - mu0) ** 2 - (x - mu1) ** 2) / (2 * v)).sum()


def no_half(x, mu1, mu0, Sigma, p1):
    d1, d0 = ((x - mu) @ np.linalg.solve(Sigma, x - mu) for mu in (mu1, mu0))
    return d0 - d1 + np.log(p1 / (1 - p1))


@pytest.mark.parametrize(
    ("exercise", "answer", "name"),
    [
        (lesson.hinge, lambda score, y: np.maximum(0, 1 - score), "label ignored"),
        (lesson.hinge, lambda score, y: np.maximum(-y * score, 0), "perceptron"),
        (lesson.hinge, lambda score, y: 1 - y * score, "no positive part"),
        (
            lesson.epsilon_insensitive,
            lambda f, y, eps: np.where(np.abs(f - y) <= eps, 0, np.abs(f - y)),
            "dead zone",
        ),
        (
            lesson.epsilon_insensitive,
            lambda f, y, eps: np.maximum(f - y - eps, 0),
            "no absolute value",
        ),
        (lesson.ridge, scikit_learns_alpha, "sums, not means"),
        (lesson.ridge, squares_without_their_2, "2 l2"),
        (lesson.ridge, penalty_of_the_mean, "2 l2"),
        (lesson.ridge, intercept_free, "one parameter unpenalised"),
        (lesson.hoeffding_radius, lambda n, delta: np.sqrt(-np.log(delta) / 2 / n), "one-sided"),
        (lesson.hoeffding_radius, lambda n, delta: -np.log(delta / 2) / 2 / n, "no root"),
        (lesson.zero_one, lambda score, y: np.mean(np.sign(score) == y), "the right ones"),
        (lesson.zero_one, lambda score, y: np.mean(score != y), "score and label compared"),
        (lesson.zero_one, lambda score, y: np.sum(score * y < 0) / len(y), "zero is right"),
        (lesson.lda_log_odds, independent_features, "naive Bayes"),
        (lesson.lda_log_odds, no_half, "no half of the squares"),
    ],
)
def test_a_slip_as_a_learner_writes_it(exercise: Exercise, answer: Callable, name: str) -> None:
    assert exercise.check(answer).mistake == name


def plus_the_margin(score, y):
    return np.maximum(0, 1 + y * score)


def without_brackets(n, delta):
    return np.sqrt(np.log(2 / delta) / 2 * n)


def middle_without_brackets(x, mu1, mu0, Sigma, p1):
    w = np.linalg.solve(Sigma, mu1 - mu0)
    return w @ (x - mu1 + mu0 / 2) + np.log(p1 / (1 - p1))


@pytest.mark.parametrize(
    ("exercise", "answer", "said"),
    [
        (lesson.hinge, plus_the_margin, "sign"),
        (lesson.hoeffding_radius, without_brackets, "brackets"),
        (lesson.lda_log_odds, middle_without_brackets, "brackets"),
    ],
)
def test_a_slip_of_one_place_is_found_by_the_engine(exercise, answer, said) -> None:
    result = exercise.check(answer)
    assert not result.solved
    assert said in repr(result)


def test_the_log_odds_are_those_of_scikit_learn():
    """Its model fitted to points whose means and pooled covariance are the given ones."""
    random = np.random.RandomState(3)
    X = np.vstack([random.normal((1.0, -0.5), size=(12, 2)), random.normal(size=(40, 2))])
    y = np.arange(52) < 12
    mu1, mu0 = X[y].mean(axis=0), X[~y].mean(axis=0)
    Sigma = np.cov((X - np.where(y[:, None], mu1, mu0)).T, bias=True)
    model = LinearDiscriminantAnalysis(solver="lsqr").fit(X, y)
    ours = [lesson.lda_log_odds.reference(x, mu1, mu0, Sigma, 12 / 52) for x in X]
    np.testing.assert_allclose(model.decision_function(X), ours, rtol=1e-10)


def test_the_exercises_are_numbered_as_they_appear_in_the_lesson():
    order = (
        lesson.hinge,
        lesson.epsilon_insensitive,
        lesson.zero_one,
        lesson.hoeffding_radius,
        lesson.ridge,
        lesson.lda_log_odds,
    )
    assert [exercise.number for exercise in order] == [f"2.{k}" for k in range(1, 7)]
