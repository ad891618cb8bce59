"""Laws of the solvers and derivatives that hold for any problem."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from teachkit import functions
from teachkit.derivatives import finite_jacobian, hvp_central, hvp_forward, taylor_test
from teachkit.losses import Logistic
from teachkit.optimize import (
    Backtracking,
    FixedStep,
    Newton,
    SteepestDescent,
    minimize,
    newton_root,
)
from teachkit.risks import LinearRisk

seeds = st.integers(0, 2**32 - 1)
sizes = st.integers(1, 6)
landscapes = st.sampled_from(functions.ALL)
directions = st.sampled_from([SteepestDescent(), Newton()])


def quadratic(rng, p, log_condition=2.0):
    """(x - c)' A (x - c) / 2 with a random positive definite A."""
    Q = np.linalg.qr(rng.normal(size=(p, p)))[0]
    A = (Q * 10 ** rng.uniform(0, log_condition, size=p)) @ Q.T
    A, c = (A + A.T) / 2, rng.normal(size=p)
    return SimpleNamespace(
        value=lambda x: float((x - c) @ A @ (x - c)) / 2,
        gradient=lambda x: A @ (x - c),
        hessian=lambda x: A,
        minimiser=c,
        A=A,
    )


def start_in_the_box(f, rng):
    return rng.uniform(*np.transpose(f.box))


@given(seeds, sizes)
def test_newton_solves_a_quadratic_in_one_step_from_anywhere(seed, p):
    rng = np.random.default_rng(seed)
    f = quadratic(rng, p)
    fit = minimize(f, 100 * rng.normal(size=p), tol=1e-9)
    assert fit.converged and len(fit.iterates) <= 3
    np.testing.assert_allclose(fit.iterates[1].x, f.minimiser, atol=1e-9)


@given(seeds, landscapes, directions)
def test_backtracking_meets_armijo_at_every_step(seed, f, direction):
    x0 = start_in_the_box(f, np.random.default_rng(seed))
    iterates = minimize(f, x0, direction, Backtracking(c1=0.1), tol=1e-4, max_iter=30).iterates
    for before, after in pairwise(iterates):
        # x_new = x + t d, so t grad'd is grad'(x_new - x).
        promised = 0.1 * f.gradient(before.x) @ (after.x - before.x)
        assert promised < 0
        assert after.value <= before.value + promised * (1 - 1e-6)


# Beale's function falls towards .452 along a valley to x = -infinity, and half the box leads there.
@given(seeds, landscapes.filter(lambda f: f is not functions.beale))
def test_newton_with_backtracking_ends_where_the_gradient_is_zero_and_never_climbs(seed, f):
    x0 = start_in_the_box(f, np.random.default_rng(seed))
    fit = minimize(f, x0, tol=1e-7, max_iter=500)
    assert fit.converged, fit.message
    assert np.linalg.norm(f.gradient(fit.x)) <= 1e-7
    values = np.array([it.value for it in fit.iterates])
    assert np.all(np.diff(values) <= 1e-12 * np.abs(values[:-1]))


@given(seeds, sizes, directions)
def test_the_trace_tells_the_truth(seed, p, direction):
    rng = np.random.default_rng(seed)
    f = quadratic(rng, p)
    tol, max_iter = 10 ** rng.uniform(-6, 0), int(rng.integers(0, 20))
    fit = minimize(f, rng.normal(size=p), direction, tol=tol, max_iter=max_iter)
    assert fit.converged == (fit.iterates[-1].gradient_norm <= tol)
    assert len(fit.iterates) <= max_iter + 1
    assert all(it.gradient_norm > tol for it in fit.iterates[:-1])
    counts = [it.evaluations for it in fit.iterates]
    assert counts == sorted(counts)


@given(seeds, sizes, st.floats(1e-3, 1e3))
def test_newton_does_not_depend_on_the_units_of_x(seed, p, unit):
    """x = unit u: the iterates in u, times unit, are those in x (steepest descent's are not)."""
    rng = np.random.default_rng(seed)
    X = np.c_[rng.normal(size=(20, p)), np.ones(20)]
    y = np.where(rng.normal(size=20) > 0, 1.0, -1.0)
    assume(abs(y.sum()) < 20)
    risk = LinearRisk(X, y, Logistic(), l2=0.1)
    scaled = SimpleNamespace(
        value=lambda u: risk.value(unit * u),
        gradient=lambda u: unit * risk.gradient(unit * u),
        hessian=lambda u: unit**2 * risk.hessian(unit * u),
    )
    ours = minimize(risk, np.zeros(p + 1), Newton(), FixedStep(), tol=0, max_iter=3)
    theirs = minimize(scaled, np.zeros(p + 1), Newton(), FixedStep(), tol=0, max_iter=3)
    for a, b in zip(ours.iterates, theirs.iterates, strict=False):
        np.testing.assert_allclose(unit * b.x, a.x, rtol=1e-6, atol=1e-9)


@given(seeds, sizes)
def test_the_shifted_direction_leads_downhill_for_any_symmetric_hessian(seed, p):
    rng = np.random.default_rng(seed)
    H = rng.normal(size=(p, p)) * 10 ** rng.uniform(-8, 8)
    H, g = H + H.T, rng.normal(size=p)
    objective = SimpleNamespace(hessian=lambda x: H)
    d, note = Newton().begin(objective)(SimpleNamespace(x=np.zeros(p), gradient=g))
    assert g @ d < 0
    definite = np.linalg.eigvalsh(H)[0] > 1e-9 * np.abs(H).max()
    if definite:
        assert note == ""
        np.testing.assert_allclose(H @ d, -g, rtol=1e-5, atol=1e-8)


@given(seeds, st.floats(0.05, 20))
def test_roots_of_a_convex_increasing_function_are_found_from_the_right(seed, a):
    """x^k - a is convex: from above the root Newton falls to it without ever passing it."""
    k = int(np.random.default_rng(seed).integers(2, 6))
    fit = newton_root(lambda x: x**k - a, lambda x: k * x ** (k - 1), 25.0, tol=1e-10 * max(1, a))
    assert fit.converged, fit.message
    assert fit.x == pytest.approx(a ** (1 / k), rel=1e-7)
    xs = np.array([it.x for it in fit.iterates])
    assert np.all(np.diff(xs) <= 0) and np.all(xs >= a ** (1 / k) * (1 - 1e-12))


@given(seeds, sizes)
def test_a_linear_system_takes_one_step(seed, p):
    rng = np.random.default_rng(seed)
    A, b = rng.normal(size=(p, p)) + 3 * p * np.eye(p), rng.normal(size=p)
    fit = newton_root(lambda x: A @ x - b, lambda x: A, rng.normal(size=p), tol=1e-10)
    assert fit.converged and len(fit.iterates) <= 2
    np.testing.assert_allclose(fit.x, np.linalg.solve(A, b), atol=1e-9)


@given(seeds, landscapes)
def test_a_column_of_the_jacobian_is_the_product_with_a_unit_vector(seed, f):
    rng = np.random.default_rng(seed)
    x, j = start_in_the_box(f, rng), int(rng.integers(f.p))
    e = np.eye(f.p)[j]
    column = finite_jacobian(f.gradient, x, 1e-4)[:, j]
    np.testing.assert_array_equal(column, hvp_central(f.gradient, x, e, 1e-4))


@given(seeds, sizes, st.floats(1e-3, 1e3))
def test_differences_are_exact_for_quadratics_at_any_step(seed, p, r):
    rng = np.random.default_rng(seed)
    f = quadratic(rng, p, 1.0)
    x, v = rng.normal(size=p), rng.normal(size=p)
    for formula in (hvp_forward, hvp_central):
        ours = formula(f.gradient, x, v, r)
        np.testing.assert_allclose(ours, f.A @ v, rtol=1e-8, atol=1e-9 / min(r, 1))


@given(seeds, landscapes)
def test_taylor_slopes_tell_right_from_wrong(seed, f):
    rng = np.random.default_rng(seed)
    x = start_in_the_box(f, rng)
    wrong = 1 + rng.choice([-1, 1]) * rng.uniform(0.1, 1)
    right = taylor_test(f.value, f.gradient, x, hessian=f.hessian)
    assert right.gradient > 1.9 and right.hessian > 2.7
    assert "right" in right.message and "not" not in right.message.replace("nothing", "")
    assert taylor_test(f.value, lambda x: wrong * f.gradient(x), x).gradient < 1.5
    half = taylor_test(f.value, f.gradient, x, hessian=lambda x: wrong * f.hessian(x))
    assert half.gradient > 1.9 and half.hessian < 2.5
