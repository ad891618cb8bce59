"""Conjugate gradients against SciPy and by their own theory."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import scipy.sparse.linalg
from hypothesis import given
from hypothesis import strategies as st

from teachkit.arrays import to_numpy
from teachkit.linear import conjugate_gradient, conjugate_gradient_steps
from teachkit.trace import Trace

RNG = np.random.default_rng(0)
M = RNG.normal(size=(20, 20))
A = M @ M.T + np.eye(20)
B = RNG.normal(size=20)


def with_eigenvalues(eigenvalues, seed=0):
    p = len(eigenvalues)
    Q, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(p, p)))
    S = (Q * np.asarray(eigenvalues)) @ Q.T
    return (S + S.T) / 2


@pytest.mark.parametrize("preconditioned", [False, True])
def test_iterates_are_scipys(preconditioned):
    inverse = (lambda r: r / np.diag(A)) if preconditioned else None
    theirs = []
    linear = scipy.sparse.linalg.LinearOperator(A.shape, matvec=inverse) if inverse else None
    scipy.sparse.linalg.cg(A, B, rtol=1e-6, M=linear, callback=lambda x: theirs.append(x.copy()))
    mine = conjugate_gradient(A, B, rtol=1e-6, preconditioner=inverse)
    assert len(mine.iterates) == len(theirs) + 1
    for it, x in list(zip(mine.iterates[1:], theirs, strict=True))[:10]:
        np.testing.assert_allclose(it.x, x, rtol=1e-7, atol=1e-10)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("matrix_free", [False, True])
def test_solution_in_every_library(xp_device, dtype, matrix_free):
    there, b = xp_device.array(A, dtype), xp_device.array(B, dtype)
    rtol = 1e-10 if dtype == "float64" else 1e-4
    trace = conjugate_gradient((lambda v: there @ v) if matrix_free else there, b, rtol=rtol)
    assert trace.converged and xp_device.holds(trace.x, dtype)
    residual = np.linalg.norm(B - A @ to_numpy(trace.x).astype(float)) / np.linalg.norm(B)
    assert residual <= 1.1 * rtol


def test_the_trace_tells_the_run():
    trace = conjugate_gradient(A, B)
    assert isinstance(trace, Trace) and trace.iterates[-1].x is trace.x
    assert [it.k for it in trace.iterates] == list(range(len(trace.iterates)))
    for it in trace.iterates:
        assert it.residual_norm == pytest.approx(np.linalg.norm(B - A @ it.x), rel=1e-4)
    assert "Converged in" in trace.message
    np.testing.assert_array_equal(trace.iterates[0].x, 0)


def test_steps_can_be_taken_one_at_a_time():
    steps = conjugate_gradient_steps(A, B)
    first = [next(steps) for _ in range(4)]
    again = conjugate_gradient(A, B, max_iter=3)
    assert not again.converged and "3 steps" in again.message and "max_iter" in again.message
    for a, b in zip(first, again.iterates, strict=True):
        np.testing.assert_array_equal(a.x, b.x)


@given(st.integers(1, 5), st.integers(0, 1000))
def test_steps_are_as_many_as_distinct_eigenvalues(distinct, seed):
    rng = np.random.default_rng(seed)
    eigenvalues = rng.choice(np.linspace(1, 10, distinct), size=12)
    S = with_eigenvalues(eigenvalues, seed)
    trace = conjugate_gradient(S, rng.normal(size=12), rtol=1e-9)
    assert trace.converged and len(trace.iterates) - 1 <= distinct


@given(st.integers(0, 1000))
def test_error_in_the_norm_of_A_falls_within_its_bound(seed):
    """||x_k - x||_A <= 2 ((sqrt(kappa) - 1) / (sqrt(kappa) + 1))^k ||x_0 - x||_A."""
    rng = np.random.default_rng(seed)
    S = with_eigenvalues(rng.uniform(1, 50, size=15), seed)
    b = rng.normal(size=15)
    x, kappa = np.linalg.solve(S, b), np.linalg.cond(S)
    errors = [
        np.sqrt((it.x - x) @ S @ (it.x - x)) for it in conjugate_gradient(S, b, rtol=1e-8).iterates
    ]
    rate = (np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)
    for k, error in enumerate(errors):
        assert error <= 2 * rate**k * errors[0] * (1 + 1e-6)
    assert all(b <= a * (1 + 1e-9) for a, b in itertools.pairwise(errors))


def test_a_start_near_the_solution_saves_steps():
    x = np.linalg.solve(A, B)
    near = conjugate_gradient(A, B, x + 1e-7 * RNG.normal(size=20))
    assert near.converged and len(near.iterates) < len(conjugate_gradient(A, B).iterates)
    exact = conjugate_gradient(A, B, x)
    assert exact.converged and len(exact.iterates) == 1 and "start" in exact.message


@pytest.mark.parametrize("x0", [None, B])
def test_b_of_zero_gives_zero(x0):
    trace = conjugate_gradient(A, 0 * B, x0)
    assert trace.converged and len(trace.iterates) == 1
    np.testing.assert_array_equal(trace.x, 0)


@pytest.mark.parametrize("scale", [1e-200, 1e-30, 1e30, 1e200])
def test_scale_of_b_does_not_matter(scale):
    trace = conjugate_gradient(A, scale * B)
    assert trace.converged
    np.testing.assert_allclose(trace.x / scale, np.linalg.solve(A, B), atol=1e-7)


def test_a_small_b_in_float32_is_not_taken_for_zero():
    trace = conjugate_gradient(A.astype("float32"), (1e-30 * B).astype("float32"), rtol=1e-4)
    np.testing.assert_allclose(trace.x * 1e30, np.linalg.solve(A, B), rtol=2e-2, atol=1e-3)


def test_a_good_preconditioner_saves_steps():
    d = np.logspace(0, 6, 20)
    S = A / np.sqrt(d[:, None] * d[None, :])
    plain = conjugate_gradient(S, B, max_iter=10_000)
    better = conjugate_gradient(S, B, preconditioner=lambda r: r / np.diag(S))
    assert better.converged and len(better.iterates) < len(plain.iterates) / 2


def test_a_badly_conditioned_system_is_never_called_solved_when_it_is_not():
    """The recursion for the residual drifts below the residual itself; that must not count."""
    S = with_eigenvalues(np.logspace(-10, 2, 30))
    for rtol in (1e-6, 1e-9, 1e-13, 0.0):
        trace = conjugate_gradient(S, np.ones(30), rtol=rtol, max_iter=3000)
        true = np.linalg.norm(1 - S @ trace.x) / np.sqrt(30)
        assert trace.converged == (true <= rtol)
        if trace.converged:
            continue
        assert "rtol" in trace.message and np.all(np.isfinite(trace.x))


def test_what_is_called_solved_is_solved_by_the_residual_itself():
    for seed in range(40):
        rng = np.random.default_rng(seed)
        lowest = rng.uniform(4, 9)
        S = with_eigenvalues(10.0 ** rng.uniform(-lowest, 0, size=30), seed=seed)
        b, rtol = rng.normal(size=30), 1e-10
        trace = conjugate_gradient(S, b, rtol=rtol, max_iter=2000)
        true = np.linalg.norm(b - S @ trace.x) / np.linalg.norm(b)
        assert trace.converged == (true <= rtol), (seed, true)


def test_rounding_is_told_where_it_stops_the_run():
    trace = conjugate_gradient(A.astype("float32"), B.astype("float32"), rtol=1e-12, max_iter=5000)
    assert not trace.converged and "rounding" in trace.message and "float64" in trace.message
    x = trace.x.astype(float)
    true, said = np.linalg.norm(B - A @ x), trace.iterates[-1].residual_norm
    # Both are rounding: what is said may be off by what forming b - A x in float32 loses.
    terms = np.linalg.norm(np.abs(B) + np.abs(A) @ np.abs(x))
    assert said == pytest.approx(true, abs=np.finfo("float32").eps * terms)
    assert true < 100 * np.finfo("float32").eps * terms


@pytest.mark.parametrize("eigenvalues", [[-1, 2, 3], [-3, -2, -1], [0, 0, 0]])
def test_negative_curvature_ends_the_run_with_a_sentence(eigenvalues):
    S = with_eigenvalues(eigenvalues)
    trace = conjugate_gradient(S, np.ones(3), rtol=1e-14)
    assert not trace.converged and "not positive definite" in trace.message
    iterates = list(conjugate_gradient_steps(S, np.ones(3)))
    assert np.all(np.isfinite(iterates[-1].x))


def test_a_wrong_preconditioner_ends_the_run_with_a_sentence():
    trace = conjugate_gradient(A, B, preconditioner=lambda r: -r)
    assert not trace.converged and "preconditioner is not positive definite" in trace.message
    with pytest.raises(ValueError, match=r"preconditioner\(v\) gave \(3,\)"):
        conjugate_gradient(A, B, preconditioner=lambda r: r[:3])


def test_overflow_ends_the_run_with_a_sentence():
    steps = iter(range(10**6))
    broken = conjugate_gradient(lambda v: A @ v if next(steps) < 4 else v * np.nan, B)
    assert not broken.converged and "NaN" in broken.message
    assert np.all(np.isfinite(broken.x))


@pytest.mark.filterwarnings("error")
def test_a_solution_beyond_all_numbers_is_not_called_one():
    trace = conjugate_gradient(1e-200 * np.eye(2), [1e200, 2e200])
    assert not trace.converged and "overflowed" in trace.message
    assert np.all(np.isfinite(trace.x))


def test_the_bar_shows_only_when_asked(capsys):
    conjugate_gradient(A, B)
    assert capsys.readouterr().err == ""
    conjugate_gradient(A, B, progress=True)
    assert "step" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "error", "says"),
    [
        ({"A": M}, ValueError, "A is not symmetric: it differs"),
        ({"A": lambda v: M @ v}, ValueError, "A is not symmetric: for random"),
        ({"A": lambda v: A @ v + 1}, ValueError, "A is not symmetric"),
        ({"A": lambda v: v[:3]}, ValueError, r"A\(v\) gave \(3,\)"),
        ({"A": lambda v: None}, ValueError, r"A\(v\) gave NoneType"),
        ({"A": lambda v: v * np.inf}, ValueError, "NaN or infinity"),
        ({"A": lambda v: np.multiply(v, 2, out=v)}, ValueError, r"A\(v\) changes v itself"),
        ({"preconditioner": lambda r: np.negative(r, out=r)}, ValueError, "changes v itself"),
        ({"A": A[:, :3]}, ValueError, r"A has shape \(20, 3\)"),
        ({"A": A[:3, :3]}, ValueError, "not one p"),
        ({"A": A * np.nan}, ValueError, "A holds nan"),
        ({"A": None}, TypeError, "A is None"),
        ({"b": B[:, None]}, ValueError, r"b has shape \(20, 1\)"),
        ({"A": lambda v: v, "b": []}, ValueError, r"b has shape \(0,\)"),
        ({"b": B * np.inf}, ValueError, "b holds"),
        ({"preconditioner": lambda r: M @ r}, ValueError, "preconditioner is not symmetric"),
        ({"preconditioner": np.eye(20)}, TypeError, "preconditioner is ndarray"),
        ({"x0": B[:3]}, ValueError, r"x0 has shape \(3,\)"),
        ({"rtol": -1}, ValueError, "rtol is -1"),
        ({"rtol": np.nan}, ValueError, "rtol is nan"),
        ({"max_iter": -1}, ValueError, "max_iter is -1"),
        ({"max_iter": 2.5}, TypeError, "max_iter is a whole number"),
    ],
)
@pytest.mark.filterwarnings("ignore:invalid value")
def test_bad_input_is_told_in_a_sentence(given, error, says):
    with pytest.raises(error, match=says):
        conjugate_gradient(**{"A": A, "b": B, **given})


def test_the_generator_checks_before_its_first_step():
    with pytest.raises(ValueError, match="not symmetric"):
        conjugate_gradient_steps(M, B)
