"""Cholesky solves against SciPy, and what is refused as not positive definite."""

from __future__ import annotations

import re

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given
from hypothesis import strategies as st

from teachkit.arrays import NotPositiveDefiniteError, to_numpy
from teachkit.linear import CholeskyFactor

RNG = np.random.default_rng(0)
M = RNG.normal(size=(7, 7))
A = M @ M.T + np.eye(7)
B = RNG.normal(size=(7, 3))


def with_eigenvalues(eigenvalues, seed=0):
    """A symmetric matrix with these eigenvalues and random eigenvectors."""
    p = len(eigenvalues)
    Q, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(p, p)))
    S = (Q * np.asarray(eigenvalues)) @ Q.T
    return (S + S.T) / 2


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("damping", [0.0, 0.5])
def test_solves_agree_with_scipy(xp_device, dtype, damping):
    factor = CholeskyFactor(xp_device.array(A, dtype), damping=damping)
    for b in (B, B[:, 0]):
        x = factor.solve(xp_device.array(b, dtype))
        reference = scipy.linalg.solve(A + damping * np.eye(7), b, assume_a="pos")
        assert xp_device.holds(x, dtype)
        tolerance = 1e-12 if dtype == "float64" else 1e-4
        np.testing.assert_allclose(to_numpy(x), reference, rtol=tolerance, atol=tolerance)


def test_lists_and_whole_numbers_are_a_matrix_too():
    np.testing.assert_allclose(CholeskyFactor([[2, 1], [1, 2]]).solve(np.ones(2)), 1 / 3)


@pytest.mark.filterwarnings("error")
def test_scale_does_not_matter():
    for scale in (1e-305, 1e-200, 1e-12, 1e12, 1e150):
        x = CholeskyFactor(scale * A).solve(scale * B)
        np.testing.assert_allclose(x, np.linalg.solve(A, B), rtol=1e-10)


@pytest.mark.parametrize(
    "eigenvalues",
    [[-1, 2, 3], [-1e-3, 1, 5], [0, 1, 2], [0, 0, 0], [-3, -2, -1], [1e-17, 1, 1], [2e-16, 1, 1]],
    ids=str,
)
@pytest.mark.parametrize("seed", range(3))
def test_what_is_not_positive_definite_is_refused_everywhere(xp_device, eigenvalues, seed):
    S = with_eigenvalues(eigenvalues, seed)
    with pytest.raises(NotPositiveDefiniteError, match="smallest eigenvalue of H is") as caught:
        CholeskyFactor(xp_device.array(S), name="H")
    told = float(re.search(r"eigenvalue of H is (\S+) ", str(caught.value))[1])
    assert told == pytest.approx(min(eigenvalues), rel=6e-3, abs=1e-15)


@given(st.lists(st.floats(-2, 2), min_size=1, max_size=6), st.integers(0, 100))
def test_the_damping_to_try_is_enough(eigenvalues, seed):
    S = with_eigenvalues(eigenvalues, seed)
    try:
        CholeskyFactor(S)
    except NotPositiveDefiniteError as error:
        damping = float(re.search(r"damping=(\S+)\.$", str(error))[1])
        CholeskyFactor(S, damping=damping)
        assert damping < 1e-5 + 4.2 * max(-min(eigenvalues), 0.0) + 2e-6


def test_exactly_singular_matrices_are_never_accepted_by_luck():
    """Rounding makes the last pivot positive in some of these; the factor alone would do."""
    lucky = 0
    for seed in range(300):
        X = np.random.default_rng(seed).integers(-3, 4, size=(6, 3)).astype(float)
        X = np.c_[X, X[:, 0] + X[:, 1], X[:, 2] / 3]
        H = X.T @ X / 7
        try:
            np.linalg.cholesky(H)
            lucky += 1
        except np.linalg.LinAlgError:
            pass
        with pytest.raises(NotPositiveDefiniteError, match="flat direction"):
            CholeskyFactor(H)
    assert lucky > 0  # else this test shows nothing


def test_nearly_singular_but_positive_is_accepted():
    S = with_eigenvalues([1e-12, 1.0, 1.0])
    x = CholeskyFactor(S).solve(S @ np.ones(3))
    np.testing.assert_allclose(x, 1.0, rtol=1e-3)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("size", [0.0, 1e-322, 1e-310])
def test_what_has_no_digits_left_is_refused_with_a_damping_that_is_enough(size):
    with pytest.raises(NotPositiveDefiniteError, match="smallest eigenvalue") as caught:
        CholeskyFactor(size * np.ones((2, 2)))
    damping = float(re.search(r"damping=(\S+)\.$", str(caught.value))[1])
    assert damping > 1e-7
    CholeskyFactor(size * np.ones((2, 2)), damping=damping)


def test_the_cause_is_told():
    with pytest.raises(ValueError, match="flat direction"):
        CholeskyFactor(np.ones((3, 3)))
    with pytest.raises(ValueError, match=r"H \+ 0.1 I is not.*no minimum"):
        CholeskyFactor(np.diag([1.0, -1.0]), damping=0.1, name="H")


@pytest.mark.parametrize(
    ("given", "error", "says"),
    [
        ({"A": M}, ValueError, "A is not symmetric"),
        ({"A": np.ones((2, 3))}, ValueError, r"A has shape \(2, 3\)"),
        ({"A": np.ones(3)}, ValueError, r"A has shape \(3,\)"),
        ({"A": np.ones((0, 0))}, ValueError, r"A has shape \(0, 0\)"),
        ({"A": A * np.nan}, ValueError, "A holds nan"),
        ({"A": A, "damping": -1}, ValueError, "damping is -1"),
        ({"A": A, "damping": np.nan}, ValueError, "damping is nan"),
        ({"A": A, "damping": "some"}, TypeError, "damping is 'some'"),
        ({"A": A, "damping": np.ones(7)}, TypeError, "one number"),
    ],
)
def test_bad_input_is_told_in_a_sentence(given, error, says):
    with pytest.raises(error, match=says):
        CholeskyFactor(**given)
