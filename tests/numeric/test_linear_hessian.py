"""H of a linear risk, formed by halves where no curvature is negative, and otherwise whole."""

from __future__ import annotations

import numpy as np
import pytest

from teachkit.arrays import to_numpy
from teachkit.losses import Logistic, SmoothHinge, Square
from teachkit.risks import LinearRisk

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(40, 5)), np.where(RNG.normal(size=40) > 0, 1.0, -1.0)
THETA, WEIGHTS = RNG.normal(size=5), RNG.integers(0, 3, size=40).astype(float)
L2 = np.array([0.1, 0.2, 0.0, 0.4, 0.5])


class GemanMcClure:
    """Flat for large residuals, so that its curvature goes below 0 (Geman and McClure 1987)."""

    def value(self, s, y):
        return (s - y) ** 2 / (1 + (s - y) ** 2)

    def slope(self, s, y):
        return 2 * (s - y) / (1 + (s - y) ** 2) ** 2

    def curvature(self, s, y):
        return (2 - 6 * (s - y) ** 2) / (1 + (s - y) ** 2) ** 3


LOSSES = pytest.mark.parametrize(
    "loss",
    [Logistic(), Square(), SmoothHinge(0.2), GemanMcClure()],
    ids=lambda loss: type(loss).__name__,
)


def by_rows(loss):
    c = loss.curvature(X @ THETA, Y)
    H = sum(w * c_i * np.outer(x, x) for w, c_i, x in zip(WEIGHTS, c, X, strict=True)) / len(X)
    return H + np.diag(L2), c


@LOSSES
def test_it_is_the_sum_over_the_rows(loss, xp_device):
    expected, _ = by_rows(loss)
    for dtype, rtol in (("float64", 1e-12), ("float32", 1e-4)):
        data = [xp_device.array(a, dtype) for a in (X, Y, L2, WEIGHTS, THETA)]
        risk = LinearRisk(data[0], data[1], loss, l2=data[2], weights=data[3])
        H = risk.hessian(data[4])
        assert xp_device.holds(H, dtype)
        np.testing.assert_allclose(to_numpy(H), expected, rtol=rtol, atol=rtol)
        several = to_numpy(risk.linearize(data[4])(xp_device.array(np.eye(5), dtype)))
        np.testing.assert_allclose(several, expected, rtol=rtol, atol=rtol)


def test_curvatures_below_0_are_among_the_cases():
    assert by_rows(GemanMcClure())[1].min() < 0 <= by_rows(Logistic())[1].min()


def test_formed_by_halves_it_is_symmetric_to_the_last_digit():
    risk = LinearRisk(X, Y, Logistic(), l2=L2, weights=WEIGHTS)
    H = risk.hessian(THETA)
    np.testing.assert_array_equal(H, H.T)


@LOSSES
def test_products_leave_the_vectors_alone(loss):
    risk = LinearRisk(X, Y, loss, l2=1.0)
    V = RNG.normal(size=(5, 3))
    kept = V.copy()
    first, second = risk.hvp(THETA, V), risk.hvp(THETA, V)
    np.testing.assert_array_equal(V, kept)
    np.testing.assert_array_equal(first, second)
