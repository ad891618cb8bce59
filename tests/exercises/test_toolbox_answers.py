"""Lesson 01: other ways to write the right answer, which must pass."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.stats import linregress

from teachkit.exercises import Exercise
from teachkit.exercises import toolbox as lesson


def remainders_by_a_loop(f, g, H, x, d, hs):
    first, second = [], []
    for h in hs:
        line = f(x) + g(x) @ (h * d)
        first.append(abs(f(x + h * d) - line))
        second.append(abs(line + 0.5 * (h * d) @ H(x).T @ (h * d) - f(x + h * d)))
    return first, second


def remainders_of_one_function(f, g, H, x, d, hs):
    slope, bend = np.dot(d, g(x)), sum(H(x) @ d * d)

    def phi(h):
        return f(x + np.multiply(h, d))

    line = [phi(0) + h * slope for h in hs]
    return np.abs([
        [phi(h) - p for h, p in zip(hs, line, strict=True)],
        [phi(h) - p - h * h * bend / 2 for h, p in zip(hs, line, strict=True)],
    ])  # fmt: skip


def by_cholesky(H):
    try:
        np.linalg.cholesky(H)
    except np.linalg.LinAlgError:
        return False
    return True


def by_leading_minors(H):
    return all(np.linalg.det(H[:k, :k]) > 0 for k in range(1, len(H) + 1))


def by_log10_and_a_list(x, y, low, high):
    pairs = [(a, b) for a, b in zip(x, y, strict=True) if low <= a <= high]
    return linregress(*np.log10(pairs).T).slope


def by_einsum(Jf, g, Jg, x):
    return np.einsum("ij,jk->ik", Jf(g(x)), Jg(x))


def column_by_column(Jf, g, Jg, x):
    return np.array([Jf(g(x)) @ step for step in Jg(x).T]).T


def from_r_and_spreads(pred, truth):
    slope = np.corrcoef(pred, truth)[0, 1] * truth.std() / pred.std()
    return [slope, truth.mean() - slope * pred.mean()]


def by_least_squares(pred, truth):
    design = np.column_stack([pred, np.ones_like(pred)])
    return tuple(np.linalg.lstsq(design, truth, rcond=None)[0])


def by_covariances(pred, truth):
    c = np.cov(pred, truth)
    return c[0, 1] / c[0, 0], np.mean(truth - c[0, 1] / c[0, 0] * pred)


PASS = [
    (lesson.taylor_remainders, remainders_by_a_loop),
    (lesson.taylor_remainders, remainders_of_one_function),
    (lesson.is_positive_definite, by_cholesky),
    (lesson.is_positive_definite, by_leading_minors),
    (lesson.is_positive_definite, lambda H: (np.linalg.eigvals(H).real > 0).all()),
    (lesson.slope_on_loglog, by_log10_and_a_list),
    (lesson.chain, by_einsum),
    (lesson.chain, column_by_column),
    (lesson.agreement, lambda pred, truth: np.polyfit(pred, truth, 1)),
    (lesson.agreement, lambda pred, truth: linregress(pred, truth)[:2]),
    (lesson.agreement, from_r_and_spreads),
    (lesson.agreement, by_least_squares),
    (lesson.agreement, by_covariances),
]


@pytest.mark.parametrize(("exercise", "function"), PASS)
def test_no_mistake(exercise: Exercise, function: Callable) -> None:
    result = exercise.check(function)
    assert result.state == "correct", repr(result)


def returns_inside_the_loop(f, g, H, x, d, hs):
    for h in hs:
        line = f(x) + h * (g(x) @ d)
        bent = line + h**2 / 2 * (d @ H(x) @ d)
        return abs(f(x + h * d) - line), abs(f(x + h * d) - bent)


def brackets_forgotten(f, g, H, x, d, hs):
    values = np.array([f(x + h * d) for h in hs])
    first, second = hs * (g(x) @ d), hs**2 / 2 * (d @ H(x) @ d)
    return np.abs(values - f(x) + first), np.abs(values - f(x) + first + second)


def sizes_taken_early(f, g, H, x, d, hs):
    first = np.abs([f(x + h * d) - f(x) - h * (g(x) @ d) for h in hs])
    return first, np.abs(first - hs**2 * (d @ H(x) @ d) / 2)


def at_one_vector(H):
    x = np.ones(len(H))
    return x @ H @ x > 0


def r_and_intercept(pred, truth):
    line = linregress(pred, truth)
    return line.rvalue, line.intercept


@pytest.mark.parametrize(
    ("exercise", "function", "mistake"),
    [
        (lesson.taylor_remainders, returns_inside_the_loop, "one h alone"),
        (lesson.taylor_remainders, brackets_forgotten, "signs of both terms"),
        (lesson.taylor_remainders, sizes_taken_early, "size taken early"),
        (lesson.is_positive_definite, at_one_vector, "one vector"),
        (lesson.agreement, r_and_intercept, "r as slope"),
        (lesson.agreement, lambda p, t: np.polyfit(t, p, 1), "wrong way round"),
    ],
)
def test_slips_as_learners_write_them(exercise: Exercise, function: Callable, mistake: str) -> None:
    assert exercise.check(function).mistake == mistake


def test_no_covariance_passes_for_a_slope() -> None:
    """It would, if the predictions had a variance of 1."""
    for pred, _ in lesson.agreement.cases():
        assert abs(np.log(pred.std())) > 0.3


def test_an_array_where_one_answer_is_asked_is_refused_with_a_word_on_it() -> None:
    """NumPy does not say whether such an array is true, and the check must not ask it."""
    for answer in (lambda H: np.linalg.eigvalsh(H) >= 1, lambda H: H > 0):
        result = lesson.is_positive_definite.check(answer)
        assert result.state == "not yet", repr(result)
