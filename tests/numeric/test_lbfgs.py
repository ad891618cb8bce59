"""L-BFGS: the two loops against the matrix they stand for, the direction against SciPy."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import scipy.optimize

from teachkit import datasets, functions
from teachkit.arrays import to_numpy
from teachkit.losses import Logistic
from teachkit.optimize import BFGS, LBFGS, Wolfe, bfgs_update, minimize, two_loop
from teachkit.risks import LinearRisk

every = pytest.mark.parametrize("f", functions.ALL, ids=lambda f: f.name.split()[0])
RNG = np.random.default_rng(0)


def pairs(m, p, rng=RNG):
    """m pairs of an increasing map: s'y > 0."""
    M = rng.normal(size=(p, p))
    A = M @ M.T + np.eye(p)
    S = [rng.normal(size=p) for _ in range(m)]
    return S, [A @ s + 0.1 * rng.normal() * s for s in S]


def matrix(S, Y, gamma):
    B = gamma * np.eye(len(S[0]))
    for s, y in zip(S, Y, strict=True):
        B = bfgs_update(B, s, y)
    return B


# ------------------------------------------------------------------ the recursion


@pytest.mark.parametrize("m", [1, 2, 3, 7])
@pytest.mark.parametrize("gamma", [None, 1.0, 0.03])
def test_two_loops_multiply_by_the_matrix_of_the_updates(m, gamma):
    S, Y = pairs(m, 5)
    g = RNG.normal(size=5)
    used = S[-1] @ Y[-1] / (Y[-1] @ Y[-1]) if gamma is None else gamma
    np.testing.assert_allclose(two_loop(g, S, Y, gamma), matrix(S, Y, used) @ g, rtol=1e-9)


def test_two_loops_are_scipys():
    S, Y = pairs(4, 6)
    g = RNG.normal(size=6)
    theirs = scipy.optimize.LbfgsInvHessProduct(np.array(S), np.array(Y))  # begins with I
    np.testing.assert_allclose(two_loop(g, S, Y, 1.0), theirs @ g, rtol=1e-9)


def test_without_pairs_only_gamma_is_left():
    g = RNG.normal(size=3)
    np.testing.assert_array_equal(two_loop(g, [], []), g)
    np.testing.assert_array_equal(two_loop(g, [], [], 0.5), 0.5 * g)


def test_rows_of_matrices_will_do():
    S, Y = pairs(3, 4)
    g = RNG.normal(size=4)
    np.testing.assert_allclose(two_loop(g, np.array(S), np.array(Y)), two_loop(g, S, Y), rtol=1e-12)


def test_two_loops_in_any_library_and_device(xp_device):
    S, Y = pairs(3, 4)
    g = RNG.normal(size=4)
    for dtype, rtol in (("float64", 1e-10), ("float32", 1e-3)):
        there = [[xp_device.array(a, dtype) for a in part] for part in (S, Y)]
        r = two_loop(xp_device.array(g, dtype), *there)
        assert xp_device.holds(r, dtype)
        np.testing.assert_allclose(to_numpy(r), two_loop(g, S, Y), rtol=rtol, atol=rtol)


def test_bad_pairs():
    S, Y = pairs(3, 4)
    with pytest.raises(ValueError, match="S holds 2 steps and Y 3"):
        two_loop(S[0], S[:2], Y)
    with pytest.raises(ValueError, match=r"pair has s'y = -"):
        two_loop(S[0], S, [Y[0], -Y[1], Y[2]])
    with pytest.raises(ValueError, match=r"g has shape \(3,\) and a pair \(4,\) and \(4,\)"):
        two_loop(np.ones(3), S, Y)
    with pytest.raises(ValueError, match="s holds nan"):
        two_loop(S[0], [S[0] * np.nan], [Y[0]])
    with pytest.raises(ValueError, match="gamma is nan"):
        two_loop(S[0], S, Y, np.nan)


def test_lists_will_do():
    np.testing.assert_array_equal(two_loop([3, 4], [[1, 0]], [[2, 0]]), [1.5, 2])


# ------------------------------------------------------------------ the answer


@every
def test_it_finds_what_scipy_finds(f):
    fit = minimize(f, f.start, LBFGS(), Wolfe(), tol=1e-8, max_iter=300)
    assert fit.converged, fit.message
    theirs = scipy.optimize.minimize(
        f.value, f.start, jac=f.gradient, method="L-BFGS-B", options={"ftol": 0, "gtol": 1e-8}
    )
    assert f.value(fit.x) <= f.value(theirs.x) + 1e-9
    assert min(np.linalg.norm(fit.x - np.array(m)) for m in f.minimisers) < 5e-3


@pytest.mark.parametrize("memory", [1, 3, 10, 100])
def test_logistic_regression_on_digits(memory):
    X, y = datasets.digits_parity()
    risk = LinearRisk(X, y, Logistic(), l2=1e-2)
    fit = minimize(risk, np.zeros(65), LBFGS(memory), Wolfe(), tol=1e-8, max_iter=200)
    assert fit.converged
    np.testing.assert_allclose(fit.x, minimize(risk, np.zeros(65), tol=1e-10).x, atol=1e-6)


def test_more_memory_takes_fewer_steps_and_all_of_it_fewer_than_bfgs():
    X, y = datasets.digits_parity()
    risk = LinearRisk(X, y, Logistic(), l2=1e-2)

    def steps(direction):
        fit = minimize(risk, np.zeros(65), direction, Wolfe(), tol=1e-8, max_iter=200)
        assert fit.converged
        return len(fit.iterates) - 1

    few, some, many = steps(LBFGS(3)), steps(LBFGS(10)), steps(LBFGS(100))
    assert many < some < few
    assert 25 <= many <= 35 < steps(BFGS()) < 60  # refreshing gamma is worth it


# ------------------------------------------------------------------ the path


@pytest.mark.parametrize("memory", [1, 3, 30])
def test_the_directions_are_those_of_the_newest_pairs(memory):
    f = functions.wood
    iterates = minimize(f, f.start, LBFGS(memory), Wolfe(), max_iter=12).iterates
    S = [b.x - a.x for a, b in pairwise(iterates)]
    Y = [f.gradient(b.x) - f.gradient(a.x) for a, b in pairwise(iterates)]
    for k in range(1, len(iterates) - 1):
        kept = slice(max(0, k - memory), k)
        gamma = S[k - 1] @ Y[k - 1] / (Y[k - 1] @ Y[k - 1])
        d = -matrix(S[kept], Y[kept], gamma) @ f.gradient(iterates[k].x)
        np.testing.assert_allclose(S[k] / iterates[k + 1].step, d, rtol=1e-6)


def test_one_run_forgets_the_other():
    f, method = functions.rosenbrock, LBFGS(4)
    runs = [minimize(f, f.start, method, Wolfe()) for _ in range(2)]
    np.testing.assert_array_equal(runs[0].x, runs[1].x)


@pytest.mark.parametrize(
    ("memory", "error"), [(0, ValueError), (-1, ValueError), (2.5, TypeError), (True, TypeError)]
)
def test_bad_memory(memory, error):
    with pytest.raises(error, match="memory is"):
        LBFGS(memory)
