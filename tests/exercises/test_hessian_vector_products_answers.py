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


def with_a_minus(X, y, w, v, l2):
    e = np.exp(-X @ w)
    return (X.T * (e / (1 + e) ** 2)) @ (X @ v) / len(y) + v * l2


def signed_rows(X, y, w, v, l2):
    """Z = y x, row by row: the signs meet twice."""
    Z = y[:, None] * X
    q = np.logaddexp(0, Z @ w)
    return Z.T @ (np.exp(-q) * (1 - np.exp(-q)) * (Z @ v)) / len(y) + l2 * v


def from_the_left(X, y, w, v, l2):
    s = expit(X @ w)
    return X.T @ np.diag(s * (1 - s)) @ X @ v / len(y) + l2 * v


def with_diag(X, y, w, v, l2):
    s = expit(X @ w)
    return X.T @ (np.diag(s * (1 - s)) @ (X @ v)) / len(y) + l2 * v


def rows_scaled(X, y, w, V, l2):
    s = expit(X @ w)
    return X.T @ ((s * (1 - s))[:, None] * X @ V) / len(y) + l2 * V


def by_autograd(X, y, w, v, l2):
    import autograd.numpy as anp
    from autograd import grad, make_jvp

    def risk(w):
        return anp.mean(anp.log(1 + anp.exp(-y * anp.dot(X, w)))) + l2 / 2 * anp.sum(w**2)

    return make_jvp(grad(risk))(w)(v)[1]


def by_difference(X, y, w, v, l2, r):
    def gradient(w):
        return -X.T @ (y * expit(-y * (X @ w))) / len(y) + l2 * w

    return (gradient(w + r * v) - gradient(w - r * v)) / (2 * r)


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
    (lesson.logistic_hvp, with_a_minus),
    (lesson.logistic_hvp, signed_rows),
    (lesson.logistic_hvp, by_autograd),
    (lesson.many, by_einsum),
    (lesson.many, rows_scaled),
    (lesson.step, lambda w, v, eps: (1 + np.sqrt(w @ w)) * eps ** (1 / 3) / np.sqrt(v @ v)),
    (lesson.hvp, reverse_over_reverse),
    (lesson.hvp, by_make_hvp),
]


@pytest.mark.parametrize(("exercise", "function"), PASS)
def test_no_mistake(exercise: Exercise, function: Callable) -> None:
    result = exercise.check(function)
    assert result.state == "correct", repr(result)


def by_the_whole_hessian(f, w, v):
    from autograd import hessian

    return hessian(f)(w) @ v


@pytest.mark.parametrize(
    ("exercise", "function"),
    [
        (lesson.logistic_hvp, formed),
        (lesson.logistic_hvp, from_the_left),
        (lesson.logistic_hvp, with_diag),
        (lesson.many, formed),
        (lesson.many, in_a_loop),
        (lesson.many, with_diag),
        (lesson.hvp, by_the_whole_hessian),
    ],
)
def test_what_comes_about_as_the_task_rules_out_does_not_count(
    exercise: Exercise, function: Callable
) -> None:
    result = exercise.check(function)
    assert (result.state, result.solved) == ("other than asked", False)
    assert result.message[0] == "The numbers are right."


def mean_of_the_entries(X, y, w, v, l2):
    s = expit(X @ w)
    return np.mean(X.T @ (s * (1 - s) * (X @ v))) + l2 * v


def curvatures_summed_before_v(X, y, w, v, l2):
    s = expit(X @ w)
    return X.T @ (s * (1 - s)) * v / len(y) + l2 * v


def ridge_on_a_diagonal(X, y, w, V, l2):
    s = expit(X @ w)
    return X.T @ ((s * (1 - s))[:, None] * (X @ V)) / len(y) + l2 * np.eye(*V.shape)


def grad_of_grad(f, w, v):
    from autograd import grad

    return grad(grad(f))(w) * v


def gradient_at_v(f, w, v):
    from autograd import grad

    return grad(f)(v)


@pytest.mark.parametrize(
    ("exercise", "answer", "name"),
    [
        (
            lesson.hvp_central,
            lambda G, w, v, r: (G(w + 2 * r * v) - G(w)) / (2 * r),
            "one side only",
        ),
        (
            lesson.step,
            lambda w, v, eps: np.cbrt(eps) * (1 + w @ w) / (v @ v),
            "squared length",
        ),
        (lesson.logistic_hvp, mean_of_the_entries, "mean of the entries"),
        (lesson.logistic_hvp, curvatures_summed_before_v, "points summed first"),
        (lesson.many, ridge_on_a_diagonal, "l2 alone"),
        (lesson.hvp, gradient_at_v, "the gradient at v"),
        (lesson.hvp, grad_of_grad, "grad of a vector"),
        (
            lesson.step,
            lambda w, v, eps: eps**0.333 * (1 + np.sqrt(w @ w)) / np.sqrt(v @ v),
            "0.33 for 1/3",
        ),
    ],
)
def test_a_slip_as_a_learner_writes_it(exercise: Exercise, answer: Callable, name: str) -> None:
    assert exercise.check(answer).mistake == name


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


@pytest.mark.parametrize("way", [by_margins, with_a_minus, signed_rows])
def test_a_minus_and_scaled_rows_lose_no_product(way):
    assert "Counted: 3 products with X or X'" in said(lesson.logistic_hvp, way)


def test_who_makes_a_matrix_of_the_curvatures_is_told():
    for way in (from_the_left, with_diag):
        assert "diag(c) has n^2 numbers" in said(lesson.logistic_hvp, way)
    assert "diag(c) has n^2 numbers" in said(lesson.many, with_diag)
    assert "diag(c)" not in said(lesson.logistic_hvp, formed)
    assert "diag(c)" not in said(lesson.many, rows_scaled)


@pytest.mark.parametrize("exercise", [lesson.logistic_hvp, lesson.many])
@pytest.mark.parametrize("r", [1e-3, 1e-4, 1e-5, 1e-6])
def test_a_difference_of_gradients_is_no_closed_form(exercise, r):
    if exercise is lesson.many:

        def answer(X, y, w, V, l2):
            columns = [by_difference(X, y, w, v, l2, r) for v in V.T]
            return np.column_stack(columns)
    else:

        def answer(X, y, w, v, l2):
            return by_difference(X, y, w, v, l2, r)

    result = exercise.check(answer)
    assert not result.solved
    assert "a difference of gradients?" in repr(result).replace("\n", " ")


def test_one_product_is_said_in_the_singular():
    assert "Counted: 1 product with X or X'" in said(lesson.logistic_hvp, lambda X, *a: X.T @ a[0])


def test_who_loops_is_told_what_it_costs():
    assert "A loop gives the same, and reads" in said(lesson.many, in_a_loop)
    assert "where H has 1600" in said(lesson.many, formed)
    reference = said(
        lesson.many,
        lambda X, y, w, V, l2: (
            X.T @ ((expit(X @ w) * expit(-X @ w))[:, None] * (X @ V)) / len(y) + l2 * V
        ),
    )
    assert "as for a single one" in reference


def test_who_forms_the_hessian_by_autograd_or_takes_a_difference_is_told():
    from autograd import grad

    assert "4 products with X or X': 2 in gradients." in said(lesson.hvp, reverse_over_reverse)
    assert "every column of H" in said(lesson.hvp, by_the_whole_hessian)
    for r in (1e-4, 1e-5, 1e-6):
        result = lesson.hvp.check(
            lambda f, w, v, r=r: (grad(f)(w + r * v) - grad(f)(w - r * v)) / (2 * r)
        )
        assert not result.solved, "exact to rounding is asked"
        assert "a difference of gradients?" in repr(result).replace("\n", " ")
    assert "difference" not in said(lesson.hvp, by_make_hvp)
