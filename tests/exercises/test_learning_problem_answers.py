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
from teachkit.exercises._engine import repair
from teachkit.losses import EpsilonInsensitive, Hinge, ZeroOne


def by_scikit_learn(X, y, l2):
    return Ridge(alpha=len(X) * l2 / 2, fit_intercept=False).fit(X, y).coef_


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


# Answers that a reader of the lesson gave. Each is wrong, and is told why.


def into_an_array_like_a_row(X, y, l2):
    p = X.shape[1]
    w = np.zeros_like(X[0])
    w[:] = np.linalg.solve(2 * X.T @ X / len(y) + l2 * np.eye(p), 2 * X.T @ y / len(y))
    return w


def into_an_array_like_y(score, y):
    out = np.zeros_like(y)
    for i in range(len(y)):
        out[i] = max(0, 1 - y[i] * score[i])
    return out


def larger_of_an_array(score, y):
    return max(0, 1 - y * score)


def largest_of_an_array(score, y):
    return np.max(0, 1 - y * score)


def if_of_an_array(score, y):
    if y * score < 1:
        return 1 - y * score
    return 0


def free_on_the_right(score, y):
    return np.where(y == np.sign(score), 0, 1 - y * score)


def bracket_round_the_margin(score, y):
    return 1 - np.maximum(0, y * score)


def the_sum(score, y):
    return np.maximum(0, 1 - y * score).sum()


def logistic(score, y):
    return np.logaddexp(0, -y * score)


def minus_for_times(score, y):
    return np.maximum(0, 1 - (y - score))


def eps_added_below(f, y, eps):
    return np.where(f - y > eps, f - y - eps, np.where(f - y < -eps, y - f + eps, 0))


def eps_added_in_the_second_branch(f, y, eps):
    above, below = f - y - eps, y - f + eps
    return np.where(f - y > eps, above, np.where(y - f > eps, below, 0))


def the_residual_within(f, y, eps):
    return np.where(abs(f - y) > eps, abs(f - y) - eps, abs(f - y))


def no_absolute_value_outside(f, y, eps):
    return np.where(abs(f - y) < eps, 0, (f - y) - eps)


def eps_first(f, y, eps):
    return abs(f - y - eps)


def squared_outside(f, y, eps):
    return np.where(abs(f - y) > eps, (f - y) ** 2, 0)


def sum_of_the_tube(f, y, eps):
    return np.maximum(0, abs(f - y) - eps).sum()


def eps_as_a_share(f, y, eps):
    return abs(f - y) * (1 - eps)


def sign_behind(score, y):
    k = 0
    for s, label in zip(score, y, strict=True):
        if s * label <= 0:
            k = +1
    return k / len(y)


def a_quarter(score, y):
    return np.mean((np.sign(score) - y) ** 2) / 4


def above_a_half(score, y):
    return np.mean((score > 0.5).astype(int) != y)


def right_less_wrong(score, y):
    return np.mean(np.sign(score) * y)


def far_from_the_label(score, y):
    return np.mean(abs(score - y) > 1)


def positives_alone(score, y):
    return np.mean((score * y <= 0)[y > 0])


def half_of_a_power(n, delta):
    return (np.log(2 / delta) / (2 * n)) ** 1 / 2


def minus_too_many(n, delta):
    return np.sqrt(-np.log(2 / delta) / (2 * n))


def quotient_of_logarithms(n, delta):
    return np.sqrt(np.log(2) / np.log(delta) / (2 * n))


def root_of_a_negative_number(n, delta):
    return np.sqrt(-np.log(2 * delta) / (2 * n))


def its_reciprocal(n, delta):
    return np.sqrt(np.log(1 / (2 * delta)) / (2 * n))


def at_most_1(n, delta):
    return min(1, np.sqrt(np.log(2 / delta) / (2 * n)))


def twice_above(n, delta):
    return np.sqrt(2 * np.log(2 / delta) / n)


def root_below_alone(n, delta):
    return np.log(2 / delta) / np.sqrt(2 * n)


def bracket_too_early(n, delta):
    return np.sqrt(np.log(2) / delta / (2 * n))


def two_on_the_right(X, y, l2):
    n, p = X.shape
    return np.linalg.solve(X.T @ X / n + l2 * np.eye(p), 2 * X.T @ y / n)


def n_on_the_right(X, y, l2):
    n, p = X.shape
    return np.linalg.solve(2 * X.T @ X + l2 * np.eye(p), 2 / n * X.T @ y)


def never_without_a_penalty(X, y, l2):
    n, p = X.shape
    return np.linalg.solve(2 * X.T @ X / n + (l2 or 1e-3) * np.eye(p), 2 * X.T @ y / n)


def by_as_many_equations_as_points(X, y, l2):
    """X'(X X' + n l2/2 I)^-1 y, the same by the push-through identity where l2 > 0."""
    return X.T @ np.linalg.solve(X @ X.T + len(X) * l2 / 2 * np.eye(len(X)), y)


def unit_matrix_of_n(X, y, l2):
    n = len(X)
    return np.linalg.solve(2 * X.T @ X / n + l2 * np.eye(n), 2 * X.T @ y / n)


def p_for_n(X, y, l2):
    n = X.shape[1]
    return np.linalg.solve(2 * X.T @ X / n + l2 * np.eye(n), 2 * X.T @ y / n)


def rows_without_a_root(X, y, l2):
    n, p = X.shape
    rows = np.vstack([X / np.sqrt(n), l2 / 2 * np.eye(p)])
    return np.linalg.lstsq(rows, np.append(y / np.sqrt(n), np.zeros(p)), rcond=None)[0]


def all_that_lstsq_returns(X, y, l2):
    n, p = X.shape
    rows = np.vstack([X, np.sqrt(n * l2 / 2) * np.eye(p)])
    return np.linalg.lstsq(rows, np.append(y, np.zeros(p)), rcond=None)


def both_squares_subtracted(x, mu1, mu0, Sigma, p1):
    S = np.linalg.inv(Sigma)
    return np.log(p1 / (1 - p1)) - 0.5 * (x - mu1) @ S @ (x - mu1) - 0.5 * (x - mu0) @ S @ (x - mu0)


def minus_the_sum_of_both(x, mu1, mu0, Sigma, p1):
    def q(v):
        return v @ np.linalg.solve(Sigma, v)

    return -(0.5 * q(x - mu1) + 0.5 * q(x - mu0)) + np.log(p1 / (1 - p1))


def bracket_of_the_prior(x, mu1, mu0, Sigma, p1):
    w = np.linalg.solve(Sigma, mu1 - mu0)
    return w @ (x - (mu1 + mu0) / 2) + np.log(p1) / (1 - p1)


def prior_to_base_ten(x, mu1, mu0, Sigma, p1):
    w = np.linalg.solve(Sigma, mu1 - mu0)
    return w @ (x - (mu1 + mu0) / 2) + np.log10(p1 / (1 - p1))


def star_for_at(x, mu1, mu0, Sigma, p1):
    S = np.linalg.inv(Sigma)
    d1, d0 = (x - mu1) * S @ (x - mu1), (x - mu0) * S @ (x - mu0)
    return np.log(p1 / (1 - p1)) - 0.5 * d1 + 0.5 * d0


def by_deviations(x, mu1, mu0, Sigma, p1):
    s = np.sqrt(np.diag(Sigma))
    return np.log(p1 / (1 - p1)) + (((x - mu0) ** 2 - (x - mu1) ** 2) / (2 * s)).sum()


@pytest.mark.parametrize(
    ("exercise", "answer", "name", "said"),
    [
        (lesson.ridge, into_an_array_like_a_row, "whole numbers", "`np.zeros_like(X)`"),
        (lesson.hinge, into_an_array_like_y, "whole numbers", "`np.zeros_like(y)`"),
        (lesson.hinge, larger_of_an_array, "entry by entry", "Look at `max(0, 1 - y * score)` in"),
        (lesson.hinge, largest_of_an_array, "entry by entry", "`np.maximum` does"),
        (lesson.hinge, if_of_an_array, None, "chooses entry by entry, where `if` wants"),
        (lesson.hinge, free_on_the_right, "the right side is free", "margin of 1"),
        (lesson.hinge, bracket_round_the_margin, "the bracket round the margin", "all of 1 - y f"),
        (lesson.hinge, the_sum, "the mean", "(or the sum)"),
        (lesson.hinge, logistic, "logistic loss", "log(1 + exp(-y f))"),
        (lesson.hinge, minus_for_times, "one operator", "with another operator in its place"),
        (lesson.epsilon_insensitive, eps_added_below, "one operator", "with another sign"),
        (lesson.epsilon_insensitive, eps_added_in_the_second_branch, "one operator", "`eps` in"),
        (lesson.epsilon_insensitive, the_residual_within, "the tube costs something", "costs 0"),
        (lesson.epsilon_insensitive, no_absolute_value_outside, "no absolute value outside", "one"),
        (lesson.epsilon_insensitive, eps_first, "eps taken off first", "First |f - y|"),
        (lesson.epsilon_insensitive, squared_outside, "squared outside", "to the first power"),
        (lesson.epsilon_insensitive, sum_of_the_tube, "the mean", "(or the sum)"),
        (lesson.epsilon_insensitive, eps_as_a_share, "eps as a share", "it is subtracted"),
        (lesson.zero_one, sign_behind, "sign behind the equals", "`k += 1`, with the sign before"),
        (lesson.zero_one, a_quarter, "zero is half", "or a quarter"),
        (lesson.zero_one, above_a_half, "probabilities", "the boundary is at 0"),
        (lesson.zero_one, right_less_wrong, "right less wrong", "-1 for what is wrong"),
        (lesson.zero_one, far_from_the_label, "far from the label", "3.2 for +1"),
        (lesson.zero_one, positives_alone, "the positive points alone", "over all n points"),
        (lesson.hoeffding_radius, half_of_a_power, "fraction of a power", "** 1 / 2` in line"),
        (lesson.hoeffding_radius, minus_too_many, "sign of the logarithm", "a negative number"),
        (lesson.hoeffding_radius, quotient_of_logarithms, "sign of the logarithm", "a negative"),
        (lesson.hoeffding_radius, root_of_a_negative_number, None, "root of a negative number"),
        (lesson.hoeffding_radius, its_reciprocal, None, "root of a negative number"),
        (lesson.hoeffding_radius, at_most_1, "at most 1", "which you cut at 1"),
        (lesson.hoeffding_radius, twice_above, "n/2 for 2n", "above the bar"),
        (lesson.hoeffding_radius, root_below_alone, "the root of 2n alone", "root is of all"),
        (lesson.hoeffding_radius, bracket_too_early, "the logarithm of 2 alone", "too early"),
        (lesson.ridge, two_on_the_right, "the 2 on the right alone", "missing on the left"),
        (lesson.ridge, n_on_the_right, "n on the right alone", "missing on the left"),
        (lesson.ridge, never_without_a_penalty, None, "l2 = 0"),
        (lesson.ridge, by_as_many_equations_as_points, None, "l2 = 0"),
        (lesson.ridge, unit_matrix_of_n, "I of n", "`np.eye(X.shape[1])`"),
        (lesson.ridge, p_for_n, "p for n", "n is `len(X)`"),
        (lesson.ridge, rows_without_a_root, "no root of the weight", "the root of the weight"),
        (lesson.ridge, all_that_lstsq_returns, None, "`[0]` takes it"),
        (lesson.lda_log_odds, both_squares_subtracted, "the distances added", "counts for class 1"),
        (lesson.lda_log_odds, minus_the_sum_of_both, "the distances added", "counts for class 1"),
        (lesson.lda_log_odds, bracket_of_the_prior, "the logarithm of p1 alone", "too early"),
        (lesson.lda_log_odds, prior_to_base_ten, "other logarithm", "another base"),
        (lesson.lda_log_odds, star_for_at, "entry by entry in the squares", "goes entry by entry"),
        (lesson.lda_log_odds, by_deviations, "deviations", "divided by a variance"),
    ],
)  # fmt: skip
def test_a_reader_is_told_what_is_wrong(exercise, answer, name, said, monkeypatch) -> None:
    monkeypatch.setattr(repair, "LIMIT", 20.0)  # a busy machine tries fewer edits in a second
    result = exercise.check(answer)
    text = " ".join(repr(result).split())
    assert not result.solved
    assert result.mistake == name, text
    assert said in text
    assert "Two things at once" not in text
    if name == "one operator":
        assert "brackets" not in text


def test_points_in_whole_numbers_are_drawn() -> None:
    kinds = [
        {np.asarray(x).dtype.kind for x in case[:2]} for case in lesson.lda_log_odds.drawn.cases
    ]
    assert {"i"} in kinds and {"f"} in kinds


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
