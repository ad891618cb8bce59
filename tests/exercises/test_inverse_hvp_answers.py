"""Lesson 09: other ways to write the right answer, slips as learners write them, and the truth."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pytest

import teachkit
from teachkit import LinearRisk
from teachkit.exercises import Exercise
from teachkit.exercises import inverse_hvp as lesson
from teachkit.exercises._slips.logistic import risks
from teachkit.inverse_hvp import Lissa
from teachkit.losses import Logistic


def until_small(hvp, g, tol):
    """A while loop, with the residual before anything else and Polak and Ribiere's beta."""
    s, r, p = 0 * g, g, g
    while np.linalg.norm(r) > tol * np.linalg.norm(g):
        q = hvp(p)
        a = (r @ p) / (p @ q)
        s, new = s + a * p, r - a * q
        p, r = new + new @ (new - r) / (r @ r) * p, new
    return s


def squares(hvp, g, tol):
    s, r, p = np.zeros(len(g)), -g, g
    while r @ r > tol**2 * (g @ g):
        q = hvp(p)
        a = (r @ r) / (p @ q)
        s, new = s + a * p, r + a * q
        p, r = -new + (new @ new) / (r @ r) * p, new
    return s


def by_the_library(hvp, g, tol):
    return teachkit.conjugate_gradient(hvp, g, rtol=tol).x


def two_products_a_step(hvp, g, tol):
    s, r, p = 0 * g, g, g
    for _ in range(2 * len(g)):
        a = (r @ r) / (p @ hvp(p))
        s, new = s + a * p, r - a * hvp(p)
        if np.linalg.norm(new) <= tol * np.linalg.norm(g):
            break
        p, r = new + (new @ new) / (r @ r) * p, new
    return s


def scaled_first(hvp, v, scale, depth):
    v = v / scale
    x = v
    for _ in range(depth):
        x = v + x - hvp(x) / scale
    return x


def downhill(hvp, v, scale, depth):
    """Gradient descent on 1/2 x'H x - v'x with the step 1 / scale."""
    x = 0 * v
    for _ in range(depth + 1):
        x = x + (v - hvp(x)) / scale
    return x


def term_by_term(hvp, v, scale, depth):
    term, total = v, v
    for _ in range(depth):
        term = term - hvp(term) / scale
        total = total + term
    return total / scale


def lissa_of_the_library(hvp, v, scale, depth):
    return teachkit.lissa(lambda x, rng: hvp(x), v, scale=scale, depth=depth, seed=0).x


def added_up(mu, scale, depth):
    return sum((1 - mu / scale) ** j for j in range(depth + 1)) / scale


def as_a_list(mu, scale, depth):
    return [(1 - (1 - m / scale) ** (depth + 1)) / m for m in mu.tolist()]


def one_over_phi_less_mu(mu, scale, depth):
    return 1 / added_up(mu, scale, depth) - mu


def by_eigenvalues(X, theta, l2, batch):
    s = 1 / (1 + np.exp(X @ theta))
    of_each = [
        np.linalg.eigvalsh(c * np.outer(x, x))[-1] for c, x in zip(s * (1 - s), X, strict=True)
    ]
    return l2 + sum(sorted(of_each, reverse=True)[:batch]) / batch


def scale_of_the_library(X, theta, l2, batch):
    risk = LinearRisk(X, np.array([1.0, -1.0] * len(X))[: len(X)], Logistic(), l2=l2)
    return Lissa(batch=batch).bind(risk, theta).scale


def by_a_list(n, p, tests, steps, depth):
    costs = [
        2 * p * p * (n + p / 6 + tests),
        4 * n * p * steps * tests,
        4 * p * depth * tests,
    ]
    return ["cholesky", "conjugate_gradient", "lissa"][costs.index(min(costs))]


def by_comparisons(n, p, tests, steps, depth):
    dense = 2 * n * p**2 + p**3 / 3 + tests * 2 * p**2
    by_products = 4 * tests * p * min(steps * n, depth)
    if dense < by_products:
        return "Cholesky"
    return "lissa" if depth < steps * n else "conjugate_gradient"


PASS = [
    (lesson.s_test, until_small),
    (lesson.s_test, squares),
    (lesson.s_test, by_the_library),
    (lesson.lissa, scaled_first),
    (lesson.lissa, downhill),
    (lesson.lissa, term_by_term),
    (lesson.lissa, lissa_of_the_library),
    (lesson.filtered, added_up),
    (lesson.filtered, as_a_list),
    (lesson.effective_damping, one_over_phi_less_mu),
    (lesson.safe_scale, by_eigenvalues),
    (lesson.cheapest, by_a_list),
    (lesson.cheapest, by_comparisons),
]


@pytest.mark.parametrize(("exercise", "function"), PASS)
def test_no_mistake(exercise: Exercise, function: Callable[..., Any]) -> None:
    result = exercise.check(function)
    assert result.state == "correct", repr(result)


def test_the_products_are_counted() -> None:
    right = repr(lesson.s_test.check(until_small))
    assert "Counted for p = 6 and tol = 0.1: 4 products with H." in " ".join(right.split())
    twice = " ".join(repr(lesson.s_test.check(two_products_a_step)).split())
    assert "8 products with H, where 4 are enough" in twice


def test_a_look_at_the_start_is_told_and_passes() -> None:
    result = lesson.s_test.check(by_the_library)
    assert result.solved
    told = " ".join(repr(result).split())
    assert "7 products with H, where 4 are enough. At s = 0 the residual is g itself" in told


def test_a_break_that_comes_too_early_is_named_before_any_other_place() -> None:
    def ends_early(hvp, v, scale, depth):
        x = v
        for _ in range(depth):
            new = v + x - hvp(x) / scale
            if np.linalg.norm(new - x) < 0.1:
                break
            x = new
        return x / scale

    result = lesson.lissa.check(ends_early)
    assert result.mistake == "early break"
    assert "under `if np.linalg.norm(new - x) < 0.1`" in " ".join(repr(result).split())


def released(hvp, v, scale, depth):
    """As in a published wheel: the estimate of the step before is not in it."""
    x = v
    for _ in range(depth):
        x = v + v - hvp(x) / scale
    return x / scale


def kept_nowhere(hvp, v, scale, depth):
    for _ in range(depth):
        x = v + v - hvp(v) / scale
    return x / scale


def richardson_from_v(hvp, v, scale, depth):
    x = v / scale
    for _ in range(depth):
        x = x + v - hvp(x) / scale
    return x / scale


def series_from_the_first_step(hvp, v, scale, depth):
    x = np.zeros(len(v))
    for _ in range(depth):
        x = v + x - hvp(x) / scale
    return x / scale


def begun_at_g(hvp, g, tol):
    s, r = g, g - hvp(g)
    p = r
    while np.linalg.norm(r) > tol * np.linalg.norm(g):
        q = hvp(p)
        a = (r @ r) / (p @ q)
        s, new = s + a * p, r - a * q
        p, r = new + (new @ new) / (r @ r) * p, new
    return s


def counted(n, p, tests, steps, depth, dense=None, solves=None):
    dense = 2 * n * p**2 + p**3 / 3 if dense is None else dense
    solves = tests * 2 * p**2 if solves is None else solves
    costs = dense + solves, tests * steps * 4 * n * p, tests * depth * 4 * p
    return ("cholesky", "conjugate_gradient", "lissa")[int(np.argmin(costs))]


def curvatures(X, theta):
    return 0.25 / np.cosh(X @ theta / 2) ** 2


def until_it_hardly_moves(hvp, v, scale, depth):
    x = v
    for _ in range(depth):
        new = v + x - hvp(x) / scale
        if np.linalg.norm(new - x) < 1e-3 * np.linalg.norm(x):
            break
        x = new
    return x / scale


def test_a_loop_that_ends_early_is_told_so() -> None:
    result = lesson.lissa.check(until_it_hardly_moves)
    assert not result.solved
    assert "stops before depth steps" in " ".join(repr(result).split())
    assert "stops before" not in " ".join(repr(lesson.lissa.check(term_by_term)).split())


@pytest.mark.parametrize(
    ("exercise", "answer", "name"),
    [
        (lesson.lissa, released, "x is not kept"),
        (lesson.lissa, kept_nowhere, "return inside the loop"),
        (lesson.lissa, series_from_the_first_step, "one term short"),
        (lesson.filtered, lambda mu, scale, depth: 1 / (mu + scale / depth), "a ridge"),
        (
            lesson.filtered,
            lambda mu, scale, depth: (1 - (1 - mu / scale) ** depth) / mu,
            "exponent depth",
        ),
        (lesson.effective_damping, lambda mu, scale, depth: np.full(len(mu), scale / depth),
         "the rule of thumb"),
        (lesson.safe_scale, lambda X, theta, l2, batch: np.linalg.eigvalsh(
            (X.T * (0.25 / np.cosh(X @ theta / 2) ** 2)) @ X / len(X))[-1] + l2, "largest of H"),
        (lesson.s_test, lambda hvp, g, tol: -until_small(hvp, g, tol), "minus s_test"),
        (lesson.s_test, begun_at_g, "starts elsewhere"),
        (lesson.cheapest, lambda *job: counted(*job, solves=2 * job[1] * job[2]),
         "solves forgotten"),
        (lesson.cheapest, lambda *job: counted(*job, dense=job[0] * job[1] ** 2 + job[1] ** 3),
         "the order taken for the count"),
        (lesson.cheapest, lambda n, p, tests, steps, depth: counted(n, p, tests, depth, steps),
         "steps and depth exchanged"),
        (lesson.cheapest, lambda n, p, tests, steps, depth: counted(
            n, p, tests, steps / tests, depth / tests), "both once for all"),
        (lesson.filtered, lambda mu, scale, depth: (
            1 - np.maximum(1 - mu / scale, 0) ** (depth + 1)) / mu, "nothing above scale"),
        (lesson.effective_damping, lambda mu, scale, depth: 1 / (
            added_up(mu, scale, depth) - mu), "one over the difference"),
        (lesson.effective_damping, lambda mu, scale, depth: (
            (1 - mu / scale) ** -(depth + 1.0) - 1) / mu, "upside down"),
        (lesson.safe_scale, lambda X, theta, l2, batch: l2 + np.mean(
            np.sort((X**2).sum(axis=1))[len(X) - batch:]), "c forgotten"),
        (lesson.safe_scale, lambda X, theta, l2, batch: l2 + np.mean(
            np.sort((X**2).sum(axis=1) / 4)[len(X) - batch:]), "c is 1/4"),
        (lesson.safe_scale, lambda X, theta, l2, batch: l2 + np.mean(np.sort(np.sum(
            (curvatures(X, theta)[:, None] * X) ** 2, 1))[len(X) - batch:]), "c is squared"),
        (lesson.safe_scale, lambda X, theta, l2, batch: l2 + np.mean((
            np.sort(curvatures(X, theta)) * np.sort((X**2).sum(1)))[len(X) - batch:]),
         "sorted apart"),
        (lesson.safe_scale, lambda X, theta, l2, batch: l2 + max(
            np.linalg.eigvalsh((X[list(S)].T * curvatures(X, theta)[list(S)]) @ X[list(S)])[-1]
            for S in combinations(range(len(X)), batch)) / batch, "the eigenvalue itself"),
        (lesson.s_test, lambda hvp, g, tol: np.linalg.solve(
            np.array([hvp(e) for e in np.eye(len(g))]), g), "solved outright"),
    ],
)  # fmt: skip
def test_a_slip_as_a_learner_writes_it(exercise: Exercise, answer: Callable, name: str) -> None:
    result = exercise.check(answer)
    assert result.mistake == name, repr(result)
    assert not result.solved


def brackets_too_wide(mu, scale, depth):
    return 1 - (1 - mu / scale) ** (depth + 1) / mu


def test_a_slip_of_one_place_is_found_by_the_engine() -> None:
    result = lesson.filtered.check(brackets_too_wide)
    assert not result.solved
    assert "brackets" in repr(result)


def test_the_filter_is_what_the_recursion_does() -> None:
    H = np.diag([0.05, 0.4, 1.1])
    for scale, depth in ((1.0, 0), (2.5, 7), (0.9, 30)):
        found = lesson.lissa.reference(lambda x: H @ x, np.ones(3), scale, depth)
        phi = lesson.filtered.reference(np.diag(H), scale, depth)
        np.testing.assert_allclose(found, phi, rtol=1e-12)
        if scale > 1.1:
            delta = lesson.effective_damping.reference(np.diag(H), scale, depth)
            np.testing.assert_allclose(1 / (np.diag(H) + delta), phi, rtol=1e-12)


def test_no_sample_has_an_eigenvalue_above_the_scale_and_one_example_reaches_it() -> None:
    random = np.random.RandomState(0)
    for X, _, theta, l2 in risks():
        s = 1 / (1 + np.exp(-X @ theta))
        for batch in (1, 2, 4):
            largest = [
                np.linalg.eigvalsh((X[S].T * (s * (1 - s))[S]) @ X[S] / batch)[-1] + l2
                for S in (random.permutation(len(X))[:batch] for _ in range(60))
            ]
            scale = lesson.safe_scale.reference(X, theta, l2, batch)
            assert max(largest) <= scale * (1 + 1e-12)
            if batch == 1:
                assert max(largest) == pytest.approx(scale)
