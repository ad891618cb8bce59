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


PASS = [
    (lesson.taylor_remainders, remainders_by_a_loop),
    (lesson.is_positive_definite, by_cholesky),
    (lesson.is_positive_definite, by_leading_minors),
    (lesson.is_positive_definite, lambda H: (np.linalg.eigvals(H).real > 0).all()),
    (lesson.slope_on_loglog, by_log10_and_a_list),
    (lesson.chain, by_einsum),
    (lesson.chain, column_by_column),
    (lesson.agreement, lambda pred, truth: np.polyfit(pred, truth, 1)),
    (lesson.agreement, lambda pred, truth: linregress(pred, truth)[:2]),
    (lesson.agreement, from_r_and_spreads),
]


@pytest.mark.parametrize(("exercise", "function"), PASS)
def test_no_mistake(exercise: Exercise, function: Callable) -> None:
    result = exercise.check(function)
    assert result.state == "correct", repr(result)


def test_an_array_where_one_answer_is_asked_is_refused_with_a_word_on_it() -> None:
    """NumPy does not say whether such an array is true, and the check must not ask it."""
    for answer in (lambda H: np.linalg.eigvalsh(H) >= 1, lambda H: H > 0):
        result = lesson.is_positive_definite.check(answer)
        assert result.state == "not yet", repr(result)
