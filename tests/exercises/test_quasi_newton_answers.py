"""Other right answers to the exercises of lesson 04, which must pass, and what is measured."""

from __future__ import annotations

import numpy as np
import pytest

import teachkit
from teachkit.exercises import quasi_newton as lesson
from teachkit.exercises._engine.result import BETTER
from teachkit.exercises.quasi_newton import _measures


def multiplied_out(B, s, y):
    sy, By = s @ y, B @ y
    once = np.outer(s, By) / sy
    return B - once - once.T + (1 + y @ By / sy) * np.outer(s, s) / sy


def with_columns(B, s, y):
    s, y = s[:, None], y[:, None]
    V = np.eye(len(s)) - s @ y.T / (s.T @ y)
    return V @ B @ V.T + s @ s.T / (s.T @ y)


def with_the_matrix(g, S, Y):
    """B itself, as two_loop must not do it; the numbers are the same."""
    B = (S[-1] @ Y[-1]) / (Y[-1] @ Y[-1]) * np.eye(len(g))
    for s, y in zip(S, Y, strict=True):
        B = multiplied_out(B, s, y)
    return B @ g


def with_lists(g, S, Y):
    q, alphas = np.array(g), []
    for s, y in zip(S[::-1], Y[::-1], strict=True):
        alphas.append(np.dot(s, q) / np.dot(s, y))
        q -= alphas[-1] * y
    r = np.dot(S[-1], Y[-1]) / np.dot(Y[-1], Y[-1]) * q
    for s, y, alpha in zip(S, Y, alphas[::-1], strict=True):
        r += s * (alpha - np.dot(y, r) / np.dot(s, y))
    return r


def appended(g, S, Y):
    q, alphas = g, []
    for s, y in reversed(list(zip(S, Y, strict=True))):
        alphas = [s @ q / (y @ s), *alphas]
        q = q - alphas[0] * y
    r = q / (Y[-1] @ Y[-1] / (S[-1] @ Y[-1]))
    for s, y in zip(S, Y, strict=True):
        r = r - s * (y @ r / (y @ s) - alphas.pop(0))
    return r


def cautious(g_new, g, s):
    """As a program tests it: above rounding."""
    y = g_new - g
    return s @ y, s @ y > 1e-10 * np.linalg.norm(s) * np.linalg.norm(y)


def along_the_line(f, grad, x, d, t, c1, c2):
    def phi(u):
        return f(x + u * d)

    def slope(u):
        return float(np.sum(grad(x + u * d) * d))

    return phi(t) - phi(0) <= c1 * t * slope(0) and -slope(t) <= -c2 * slope(0)


PASS = [
    (lesson.secant_residual, lambda B, s, y: y @ B.T - s),
    (lesson.bfgs_update, multiplied_out),
    (lesson.bfgs_update, with_columns),
    (lesson.bfgs_update, lambda B, s, y: teachkit.bfgs_update(B, s, y)),
    (lesson.two_loop, with_the_matrix),
    (lesson.two_loop, with_lists),
    (lesson.two_loop, lambda g, S, Y: teachkit.two_loop(g, S, Y)),
    (lesson.two_loop, appended),
    (lesson.curvature_after, lambda g_new, g, s: [s @ g_new - s @ g, s @ g_new > s @ g]),
    (lesson.curvature_after, cautious),
    (lesson.satisfies_wolfe, along_the_line),
]


@pytest.mark.parametrize(("exercise", "function"), PASS)
def test_no_mistake(exercise, function) -> None:
    result = exercise.check(function)
    assert result.state == "correct", repr(result)


def test_a_row_and_a_column_are_not_got_by_transposing() -> None:
    def transposed(B, s, y):
        V = np.eye(len(s)) - s @ y.T / (s @ y)
        return V @ B @ V.T + s @ s.T / (s @ y)

    assert "neither a row nor a" in lesson.bfgs_update.check(transposed).message[0]


def test_the_update_is_put_to_work() -> None:
    said = lesson.bfgs_update.check(multiplied_out).message[0]
    assert "A^-1, to rounding" in said
    assert "arrives in 11 steps; the last ones multiply its error by" in said
    wrong = repr(lesson.bfgs_update.check(lambda B, s, y: B))
    assert "A^-1, to rounding" not in wrong
    assert "has not arrived after 24 steps" in wrong


def wrong_ones(exercise):
    return [
        pytest.param(wrong, id=f"{mistake.name} {k}")
        for mistake in exercise.mistakes
        for k, wrong in enumerate(mistake.functions)
    ]


@pytest.mark.parametrize("wrong", wrong_ones(lesson.bfgs_update))
def test_no_wrong_update_looks_better_than_the_right_one(wrong) -> None:
    right = _measures._on_a_landscape(lesson.bfgs_update.reference)
    with np.errstate(all="ignore"):
        errors = _measures._on_a_landscape(wrong)
        assert len(errors) > len(right) or not np.isfinite(errors[-1])
        assert "order" not in _measures.update_at_work(wrong)


@pytest.mark.parametrize("wrong", wrong_ones(lesson.two_loop))
def test_no_wrong_recursion_looks_better_than_the_right_one(wrong) -> None:
    norm, right = _measures._on_a_regression(lesson.two_loop.reference)
    assert norm <= 1e-6
    with np.errstate(all="ignore"):
        norm, steps = _measures._on_a_regression(wrong)
    assert norm > 1e-6 or steps > right


def test_who_forms_the_matrix_is_told() -> None:
    assert "as many as B has" in repr(lesson.two_loop.check(with_the_matrix)).replace("\n", " ")
    for vectors in (with_lists, lambda g, S, Y: teachkit.two_loop(g, S, Y)):
        assert "as many" not in repr(lesson.two_loop.check(vectors))
        assert "Measured" in repr(lesson.two_loop.check(vectors))


def test_the_recursion_is_put_to_work() -> None:
    assert "reaches a gradient norm" in lesson.two_loop.check(with_lists).message[0]
    uphill = lesson.two_loop.check(lambda g, S, Y: -with_lists(g, S, Y))
    assert "ends at a gradient norm" in uphill.message[-1]


@pytest.mark.parametrize("name", ["DFP", "SR1"])
def test_other_updates_pass_the_secant_test_and_are_told_by_their_values(name) -> None:
    (wrong,) = next(m.functions for m in lesson.bfgs_update.mistakes if m.name == name)
    for B, s, y in lesson.bfgs_update.cases():
        np.testing.assert_allclose(wrong(B, s, y) @ y, s, atol=1e-12)
    assert lesson.bfgs_update.check(lambda *given: wrong(*given)).state == BETTER


def test_some_mistakes_do_not_show_with_one_pair() -> None:
    g, S, Y = lesson.two_loop.cases()[0]
    right = lesson.two_loop.reference(g, S[-1:], Y[-1:])
    for name in ("loops exchanged", "second loop backwards", "gamma of the oldest pair"):
        (wrong,) = next(m.functions for m in lesson.two_loop.mistakes if m.name == name)
        np.testing.assert_allclose(wrong(g, S[-1:], Y[-1:]), right)
