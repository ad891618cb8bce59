"""Columns far from 0, weights near it: units change no slope, no loss and no warning."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from teachkit.arrays import to_numpy
from teachkit.influence import Influence
from teachkit.losses import Logistic, Square
from teachkit.optimize import minimize
from teachkit.retraining import leave_one_out, retrain, retrain_without
from teachkit.risks import LinearRisk
from tests.numeric.dense import small

RNG = np.random.default_rng(1)
Z = np.column_stack([RNG.normal(size=(30, 2)), np.ones(30)])
SCORE = Z @ [1.0, -1.0, 0.3] + RNG.logistic(size=30)


def made(loss, shift):
    """The first column such as a date: `shift` times its spread away from 0; no penalty."""
    y = SCORE if isinstance(loss, Square) else np.where(SCORE > 0, 1.0, -1.0)
    return LinearRisk(Z + np.array([shift, 0.0, 0.0]), y, loss)


def slopes(theta):
    return theta[..., :2]


LOSSES = pytest.mark.parametrize("loss", [Logistic(), Square()], ids=str)
SHIFTS = pytest.mark.parametrize(("shift", "rtol"), [(1e2, 1e-9), (1e4, 1e-8), (1e8, 1e-4)])


@LOSSES
@SHIFTS
@pytest.mark.filterwarnings("error")
def test_the_origin_of_a_column_changes_no_truth(loss, shift, rtol):
    best, risk = retrain(made(loss, 0.0), np.zeros(3)), made(loss, shift)
    flat = np.array([0.0, 0.0, best[2]])
    near = best - np.array([0.0, 0.0, shift * best[0]])
    for start in (np.zeros(3), flat, near, 0.06 * near):
        theta = retrain(risk, start)
        np.testing.assert_allclose(slopes(theta), slopes(best), rtol=rtol)
        lowest = float(made(loss, 0.0).value(best))
        assert float(risk.value(theta)) == pytest.approx(lowest, rel=rtol)
    without = retrain_without(risk, theta, [4, 7])
    expected = retrain_without(made(loss, 0.0), best, [4, 7])
    np.testing.assert_allclose(slopes(without), slopes(expected), rtol=rtol)
    rows, expected = leave_one_out(risk, theta), leave_one_out(made(loss, 0.0), best)
    np.testing.assert_allclose(slopes(rows), slopes(expected), rtol=rtol, atol=rtol)


@LOSSES
@SHIFTS
@pytest.mark.filterwarnings("error")
def test_the_origin_of_a_column_changes_no_influence(loss, shift, rtol):
    centred, risk = made(loss, 0.0), made(loss, shift)
    theta = retrain(risk, np.zeros(3))
    ours, expected = Influence(risk, theta), Influence(centred, retrain(centred, np.zeros(3)))
    for leverage in (False, True):
        np.testing.assert_allclose(
            slopes(ours.removals(leverage=leverage)),
            slopes(expected.removals(leverage=leverage)),
            rtol=rtol,
            atol=rtol,
        )
        y = risk.y[3]
        np.testing.assert_allclose(
            ours.leave_one_out_loss(risk.X[3], y, leverage=leverage),
            expected.leave_one_out_loss(centred.X[3], y, leverage=leverage),
            rtol=rtol,
            atol=rtol,
        )
    joint = ours.removal([3, 8], leverage=True)
    np.testing.assert_allclose(
        slopes(joint), slopes(expected.removal([3, 8], leverage=True)), rtol=rtol, atol=rtol
    )
    np.testing.assert_allclose(ours.self_influence(), expected.self_influence(), rtol=10 * rtol)


@SHIFTS
def test_a_slope_that_is_not_fitted_is_told_of_whatever_hides_it(shift, rtol):
    """||grad R|| is next to nothing in the units of the date, and the slope is 6% of the truth."""
    risk = made(Logistic(), shift)
    best = retrain(risk, np.zeros(3))
    start = 0.06 * best
    with pytest.warns(RuntimeWarning, match="not finished"):
        Influence(risk, start)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Influence(risk, best)


@pytest.mark.parametrize("scale", [1e-12, 1e-6, 1.0, 1e6])
def test_the_size_of_the_loss_changes_no_verdict(scale):
    """Weights and penalty of 1e-12: the gradient is below 1e-12 wherever theta is."""
    p = small("logistic")
    risk = LinearRisk(p.X, p.y, Logistic(), l2=scale * p.l2, weights=scale * p.w)
    theta = p.minimum()
    np.testing.assert_allclose(retrain(risk, np.zeros(3)), theta, rtol=1e-9)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ours = Influence(risk, theta)
    expected = Influence(p.risk(), theta)
    np.testing.assert_allclose(ours.removals(), expected.removals(), rtol=1e-9, atol=1e-14)
    with pytest.warns(RuntimeWarning, match="not finished"):
        Influence(risk, np.zeros(3))
    with pytest.warns(RuntimeWarning, match="not finished"):
        Influence(risk, theta + np.array([0.0, 0.0, 0.1]))


def test_a_class_of_next_to_no_weight_and_an_intercept_that_is_not_penalised():
    y = np.where(SCORE > 0, 1.0, -1.0)
    weights = np.where(y < 0, 1e-12, 1.0)
    risk = LinearRisk(Z, y, Logistic(), l2=[0.01, 0.01, 0.0], weights=weights)
    # With u = e^-intercept both classes weigh the same: every intercept far out is the minimum
    # but for what the classes pull, which is found in the shifted coordinate alone.
    theta = retrain(risk, np.zeros(3))
    positive, negative = (float(np.sum(y == sign)) for sign in (1.0, -1.0))
    balance = np.log(positive / (1e-12 * negative))  # slopes are 0 to 1e-10
    assert theta[2] == pytest.approx(balance, rel=1e-6)
    np.testing.assert_allclose(slopes(theta), 0.0, atol=1e-8)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Influence(risk, theta)
    for off in (0.7, 0.9, 1.1):
        with pytest.warns(RuntimeWarning, match="not finished"):
            Influence(risk, theta * [1.0, 1.0, off])


@pytest.mark.parametrize("method", ["cholesky", "conjugate_gradient"])
def test_columns_in_different_units_hide_no_unfinished_fit(method):
    """A gradient of 1e-6 in seconds beside shares of 1e3 in nanometres."""
    p = small("logistic", l2=0.0)
    y = np.where(np.arange(12) % 3 == 0, -1.0, 1.0)
    units = np.array([1e5, 1.0, 1.0])
    risk = LinearRisk(p.X * units, y, Logistic())
    best = retrain(risk, np.zeros(3))
    off = best + np.array([0.0, 0.4, 0.0])
    off[0] = minimize(along_the_first(risk, off), off[:1] * units[0]).x[0] / units[0]
    gradient = risk.gradient(off)
    shares = np.linalg.norm(risk.example_gradients(off), axis=1) / 12
    assert np.linalg.norm(gradient) < 0.01 * np.sqrt(np.mean(shares**2))
    with pytest.warns(RuntimeWarning, match="small only in the units of some parameter"):
        Influence(risk, off, inverse_hvp=method)


def along_the_first(risk, theta):
    """The risk along its first parameter, in the unit of the others."""

    class Along:
        def value(self, x):
            return risk.value(np.array([x[0] / 1e5, *theta[1:]]))

        def gradient(self, x):
            return risk.gradient(np.array([x[0] / 1e5, *theta[1:]]))[:1] / 1e5

        def hessian(self, x):
            return risk.hessian(np.array([x[0] / 1e5, *theta[1:]]))[:1, :1] / 1e10

    return Along()


def test_what_is_singular_is_refused_in_any_units():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(10, 2))
    X = np.column_stack([X, X[:, 0] + X[:, 1]])
    for units in (np.ones(3), np.array([1e6, 1.0, 1e-6]), np.array([1e-9, 1e9, 1.0])):
        risk = LinearRisk(X * units, X[:, 0], Square())
        with pytest.raises(ValueError, match="smallest eigenvalue"):
            Influence(risk, np.array([1.0, 0.0, 0.0]) / units)
        with pytest.raises(ValueError, match="no unique minimum.*subtract its mean"):
            retrain(risk, np.zeros(3))


def test_units_alone_are_no_reason_to_refuse(xp_device):
    p = small("square")
    units = np.array([1e9, 1.0, 1e-6])
    put = xp_device.array
    risk = LinearRisk(
        put(p.X * units), put(p.y), Square(), l2=put(p.l2 * units**2), weights=put(p.w)
    )
    theta = p.minimum()
    found = retrain(risk, put(np.zeros(3)))
    assert xp_device.holds(found, "float64")
    np.testing.assert_allclose(units * to_numpy(found), theta, rtol=1e-8)
    ours = Influence(risk, put(theta / units)).removals()
    expected = Influence(p.risk(), theta).removals()
    np.testing.assert_allclose(to_numpy(ours) * units, expected, rtol=1e-8, atol=1e-12)
