"""Laws of BFGS, L-BFGS and Wolfe's search that hold for any problem."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from teachkit import functions
from teachkit.optimize import (
    BFGS,
    LBFGS,
    NewtonCG,
    SteepestDescent,
    Wolfe,
    bfgs_update,
    minimize,
    two_loop,
)

seeds = st.integers(0, 2**32 - 1)
sizes = st.integers(1, 8)
landscapes = st.sampled_from(functions.ALL)
directions = st.sampled_from([BFGS(), LBFGS(), LBFGS(1), NewtonCG(), SteepestDescent()])


def definite(rng, p, log_condition=3.0):
    Q = np.linalg.qr(rng.normal(size=(p, p)))[0]
    A = (Q * 10 ** rng.uniform(0, log_condition, size=p)) @ Q.T
    return (A + A.T) / 2


def pair(rng, p):
    """s and y with s'y > 0, at an angle of at most some 80 degrees."""
    s, y = rng.normal(size=p), rng.normal(size=p)
    y = y * np.sign(s @ y)
    assume(s @ y > 0.2 * np.linalg.norm(s) * np.linalg.norm(y))
    return s, y


@given(seeds, sizes, st.floats(-6, 6))
def test_the_update_solves_the_secant_equation_and_keeps_b_positive_definite(seed, p, unit):
    rng = np.random.default_rng(seed)
    B = definite(rng, p) * 10**unit
    s, y = pair(rng, p)
    new = bfgs_update(B, s, y)
    np.testing.assert_allclose(new @ y, s, rtol=1e-6, atol=1e-8 * np.linalg.norm(new))
    np.testing.assert_array_equal(new, new.T)
    assert np.linalg.eigvalsh(new)[0] > -1e-12 * np.linalg.norm(new)


@given(seeds, sizes)
def test_downward_curvature_takes_definiteness_away(seed, p):
    rng = np.random.default_rng(seed)
    s, y = pair(rng, p)
    assert np.linalg.eigvalsh(bfgs_update(definite(rng, p), s, -y))[0] < 0


@given(seeds, sizes)
def test_an_update_with_what_is_known_already_changes_nothing(seed, p):
    rng = np.random.default_rng(seed)
    B, y = definite(rng, p), rng.normal(size=p)
    np.testing.assert_allclose(bfgs_update(B, B @ y, y), B, rtol=1e-8, atol=1e-8)


@given(seeds, sizes)
def test_the_update_does_not_depend_on_the_units_of_x(seed, p):
    """x = T u turns s into T^-1 s, y into T'y and B into T^-1 B T^-T, before as after."""
    rng = np.random.default_rng(seed)
    B, T = definite(rng, p, 1.0), definite(rng, p, 1.0)
    s, y = pair(rng, p)
    inverse = np.linalg.inv(T)
    there = bfgs_update(inverse @ B @ inverse.T, inverse @ s, T.T @ y)
    np.testing.assert_allclose(there, inverse @ bfgs_update(B, s, y) @ inverse.T, atol=1e-6)


@given(seeds, sizes, st.integers(1, 6), st.floats(1e-3, 1e3))
def test_two_loops_with_all_pairs_are_bfgs(seed, p, m, gamma):
    rng = np.random.default_rng(seed)
    A, B = definite(rng, p, 2.0), gamma * np.eye(p)
    S = [rng.normal(size=p) for _ in range(m)]
    Y = [A @ s for s in S]
    for s, y in zip(S, Y, strict=True):
        B = bfgs_update(B, s, y)
    g = rng.normal(size=p)
    ours = two_loop(g, S, Y, gamma)
    np.testing.assert_allclose(ours, B @ g, rtol=1e-6, atol=1e-8 * np.linalg.norm(B))


@given(seeds, landscapes, directions)
def test_under_wolfe_every_pair_curves_upwards_and_every_direction_leads_down(seed, f, direction):
    x0 = np.random.default_rng(seed).uniform(*np.transpose(f.box))
    iterates = minimize(f, x0, direction, Wolfe(), tol=1e-4, max_iter=30).iterates
    for before, after in pairwise(iterates):
        s, y = after.x - before.x, f.gradient(after.x) - f.gradient(before.x)
        assert f.gradient(before.x) @ s < 0 < s @ y
        assert after.value < before.value
        # What Wolfe's second condition says of s'y; Nocedal and Wright (2006), section 6.1.
        assert s @ y >= (1 - 0.9) * -(f.gradient(before.x) @ s) * (1 - 1e-6)
    assert not isinstance(direction, BFGS | LBFGS) or not any(it.note for it in iterates)


@given(seeds, st.integers(2, 8), directions)
def test_quadratics_are_minimised_from_anywhere(seed, p, direction):
    rng = np.random.default_rng(seed)
    A, c = definite(rng, p, 1.5), rng.normal(size=p)
    f = SimpleNamespace(
        value=lambda x: float((x - c) @ A @ (x - c)) / 2,
        gradient=lambda x: A @ (x - c),
        hvp=lambda x, v: A @ v,
    )
    fit = minimize(f, 10 * rng.normal(size=p), direction, Wolfe(), tol=1e-7, max_iter=2000)
    assert fit.converged, fit.message
    np.testing.assert_allclose(fit.x, c, atol=1e-6)


@given(seeds, landscapes, st.sampled_from([BFGS(), LBFGS(3)]), st.floats(-20, 20))
def test_iterates_do_not_depend_on_a_shift_of_the_objective(seed, f, direction, power):
    """R + c is judged by the same falls; where they drown in c's rounding, by the slopes."""
    x0 = np.random.default_rng(seed).uniform(*np.transpose(f.box))
    shift = 2.0 ** round(power)
    moved = SimpleNamespace(value=lambda x: f.value(x) + shift, gradient=f.gradient)
    ours = minimize(f, x0, direction, Wolfe(), tol=1e-3, max_iter=8).iterates
    theirs = minimize(moved, x0, direction, Wolfe(), tol=1e-3, max_iter=8).iterates
    for a, b in zip(ours[:4], theirs[:4], strict=True):
        np.testing.assert_allclose(b.x, a.x, rtol=1e-4, atol=1e-4)
