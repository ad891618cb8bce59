"""Lesson 05: other ways to write the right answer, and what the check measures of an answer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.special import expit

from teachkit.exercises import Exercise
from teachkit.exercises import hessian_vector_products as lesson


def by_margins(X, y, w, v, l2):
    q = expit(-y * (X @ w))
    return (q * (1 - q) * (X @ v)) @ X / len(y) + l2 * v


def formed(X, y, w, v, l2):
    s = expit(X @ w)
    return ((X.T * (s * (1 - s))) @ X / len(y) + l2 * np.eye(X.shape[1])) @ v


def in_a_loop(X, y, w, V, l2):
    return np.column_stack([by_margins(X, y, w, v, l2) for v in V.T])


def by_einsum(X, y, w, V, l2):
    s = expit(X @ w)
    return np.einsum("ip,i,iq,qk->pk", X, s * (1 - s), X, V) / len(y) + l2 * V


def reverse_over_reverse(f, w, v):
    from autograd import grad

    return grad(lambda u: grad(f)(u) @ v)(w)


def by_make_hvp(f, w, v):
    from autograd import make_hvp

    return make_hvp(f)(w)[0](v)


PASS = [
    (lesson.hvp_forward, lambda G, w, v, r: (G(w + r * v) - G(w)) * (1 / r)),
    (lesson.hvp_central, lambda G, w, v, r: (G(w - r * v) - G(w + r * v)) / (-2 * r)),
    (
        lesson.hvp_central,
        lambda G, w, v, r: 0.5 * ((G(w + r * v) - G(w)) / r + (G(w) - G(w - r * v)) / r),
    ),
    (lesson.logistic_hvp, by_margins),
    (lesson.logistic_hvp, formed),
    (lesson.many, formed),
    (lesson.many, in_a_loop),
    (lesson.many, by_einsum),
    (lesson.step, lambda w, v, eps: (1 + np.sqrt(w @ w)) * eps ** (1 / 3) / np.sqrt(v @ v)),
    (lesson.hvp, reverse_over_reverse),
    (lesson.hvp, by_make_hvp),
]


@pytest.mark.parametrize(("exercise", "function"), PASS)
def test_no_mistake(exercise: Exercise, function: Callable) -> None:
    result = exercise.check(function)
    assert result.state == "correct", repr(result)


def said(exercise: Exercise, function: Callable) -> str:
    return " ".join(map(str, exercise.check(function).message))


def test_the_order_of_a_difference_is_measured():
    assert "order 1.0" in said(lesson.hvp_forward, PASS[0][1])
    assert "order 2.0" in said(lesson.hvp_central, PASS[1][1])
    assert "order 2.0" in said(lesson.hvp_forward, PASS[1][1])  # the wrong one of the two
    assert "does not fall" in said(lesson.hvp_forward, lambda G, w, v, r: G(w + r * v) - G(w))


def test_who_forms_the_hessian_is_told():
    assert "H is not formed" in said(lesson.logistic_hvp, by_margins)
    assert "where H has 1600" in said(lesson.logistic_hvp, formed)


def test_who_loops_is_told_what_it_costs():
    assert "A loop is right, and reads" in said(lesson.many, in_a_loop)
    assert "where H has 1600" in said(lesson.many, formed)
    reference = said(
        lesson.many,
        lambda X, y, w, V, l2: (
            X.T @ ((expit(X @ w) * expit(-X @ w))[:, None] * (X @ V)) / len(y) + l2 * V
        ),
    )
    assert "as for a single one" in reference


def test_who_forms_the_hessian_by_autograd_or_takes_a_difference_is_told():
    from autograd import grad, hessian

    assert "4 products with X or X': 2 in gradients." in said(lesson.hvp, reverse_over_reverse)
    assert "every column of H" in said(lesson.hvp, lambda f, w, v: hessian(f)(w) @ v)
    for r in (1e-4, 1e-5, 1e-6):
        result = lesson.hvp.check(
            lambda f, w, v, r=r: (grad(f)(w + r * v) - grad(f)(w - r * v)) / (2 * r)
        )
        assert not result.solved, "exact to rounding is asked"
        assert "a difference of gradients?" in repr(result).replace("\n", " ")
    assert "difference" not in said(lesson.hvp, by_make_hvp)


def test_the_exercises_are_numbered_as_they_appear_in_the_lesson():
    order = (
        lesson.hvp_forward,
        lesson.hvp_central,
        lesson.step,
        lesson.logistic_hvp,
        lesson.many,
        lesson.hvp,
    )
    assert [exercise.number for exercise in order] == [f"5.{k}" for k in range(1, 7)]
