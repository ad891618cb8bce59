"""Newton's method for systems: a Jacobian that is singular only up to rounding."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teachkit.optimize import newton_root


@given(st.integers(2, 6), st.integers(0, 2**32 - 1))
def test_a_matrix_of_lower_rank_is_singular_although_no_pivot_is_zero(p, seed):
    rng = np.random.default_rng(seed)
    A = rng.normal(size=(p, p - 1)) @ rng.normal(size=(p - 1, p))
    b, x0 = rng.normal(size=p), rng.normal(size=p)
    fit = newton_root(lambda x: A @ x - b, lambda x: A, x0)
    assert not fit.converged and "Jacobian is singular" in fit.message
    np.testing.assert_array_equal(fit.x, x0)


@given(st.integers(1, 6), st.integers(0, 2**32 - 1), st.floats(-90, 90), st.floats(0, 9))
def test_units_and_a_large_condition_number_are_no_reason(p, seed, unit, digits):
    rng = np.random.default_rng(seed)
    U, V = (np.linalg.qr(rng.normal(size=(p, p)))[0] for _ in range(2))
    A = (U * np.logspace(0, -digits, p)) @ V * 10**unit
    A = A * 10.0 ** rng.integers(-20, 20, size=p)  # each unknown in a unit of its own
    fit = newton_root(lambda x: A @ x - 1.0, lambda x: A, np.zeros(p), max_iter=1)
    assert "singular" not in fit.message
    np.testing.assert_allclose(fit.x, np.linalg.solve(A, np.ones(p)), rtol=1e-9)


def test_functions_that_work_in_place_change_no_iterate():
    def f(x):
        x -= [2.0, 3.0]
        return x

    fit = newton_root(f, lambda x: np.eye(2), [5.0, 5.0])
    assert fit.converged and fit.x.tolist() == [2, 3]
    assert fit.iterates[0].x.tolist() == [5, 5] and fit.iterates[0].value.tolist() == [3, 2]


def test_a_singular_root_is_reached_all_the_same():
    """J vanishes there, but not before: the steps halve the distance."""
    fit = newton_root(lambda x: [x[0] ** 2, x[1] - 1], lambda x: [[2 * x[0], 0], [0, 1]], [1.0, 5])
    assert fit.converged and fit.x == pytest.approx([0, 1], abs=1e-5)


def test_a_singular_jacobian_on_the_way_keeps_what_was_reached():
    # The first step leads to x = y, where the Jacobian of (x^2 + y^2 - 4, x y - 1) is singular.
    fit = newton_root(
        lambda x: [x[0] ** 2 + x[1] ** 2 - 4, x[0] * x[1] - 1],
        lambda x: [[2 * x[0], 2 * x[1]], [x[1], x[0]]],
        [1.0, 1.0],
    )
    assert not fit.converged and "singular at x = [1. 1.]" in fit.message
    assert len(fit.iterates) == 1 and fit.x.tolist() == [1, 1]
    line = newton_root(
        lambda x: [x[0] - 1, (x[0] - 1) * x[1] - 1],
        lambda x: [[1, 0], [x[1], x[0] - 1]],
        [3.0, 2.0],
    )
    assert not line.converged and "singular" in line.message and len(line.iterates) == 2
    assert line.x[0] == 1
