"""A matrix is symmetric in the units of its own coordinates, or it is not."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from teachkit.linear import CholeskyFactor, conjugate_gradient
from teachkit.optimize import minimize

RNG = np.random.default_rng(4)
M = RNG.normal(size=(5, 5))
A = M @ M.T + np.eye(5)
UNITS = np.array([1e3, 1e-2, 1.0, 1e-3, 10.0])


def newton(H):
    f = SimpleNamespace(
        value=lambda x: x @ H @ x / 2, gradient=lambda x: (H + H.T) @ x / 2, hessian=lambda x: H
    )
    return minimize(f, 1.0 / UNITS, tol=1e-6, max_iter=3)


USERS = {
    "Cholesky": CholeskyFactor,
    "conjugate gradients": lambda H: conjugate_gradient(H, np.ones(5)),
    "Newton": newton,
}


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize(("i", "j"), [(1, 3), (2, 3), (0, 4), (1, 2)])
def test_a_wrong_entry_is_found_beside_entries_in_other_units(user, i, j):
    H = A * UNITS[:, None] * UNITS[None, :]
    H[i, j] *= 1.01
    with pytest.raises(ValueError, match="not symmetric"):
        USERS[user](H)


@pytest.mark.parametrize("user", USERS)
def test_rounding_is_not_taken_for_a_wrong_entry(user):
    for seed in range(5):
        noise = np.random.default_rng(seed).normal(size=(5, 5))
        H = A * UNITS[:, None] * UNITS[None, :] * (1 + 2e-16 * noise)
        USERS[user](H)


def test_what_cancels_to_nothing_may_differ_by_rounding():
    """An entry that is 0 but for the rounding of larger ones."""
    H = np.diag([1.0, 0.0, 2.0]) + 1e-16 * np.array([[0, 1, 0], [0, 0, 1], [0, 0, 0]])
    f = SimpleNamespace(value=lambda x: x[0] ** 2, gradient=lambda x: 2 * x, hessian=lambda x: H)
    assert len(minimize(f, [1.0, 0.0, 0.0], max_iter=1).iterates) == 2


@pytest.mark.parametrize("scale", [1e-300, 1e-200, 1e150])
def test_the_size_of_a_map_does_not_matter(scale):
    trace = conjugate_gradient(lambda v: scale * (A @ v), np.ones(5) * scale, rtol=1e-10)
    assert trace.converged
    np.testing.assert_allclose(trace.x, np.linalg.solve(A, np.ones(5)), rtol=1e-6)
    with pytest.raises(ValueError, match="not symmetric"):
        conjugate_gradient(lambda v: scale * (M @ v), np.ones(5))
