"""Wolfe's search: both conditions at every step taken, and what is said where none is found."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

from teachkit import datasets, functions
from teachkit.arrays import to_numpy
from teachkit.losses import Logistic, SmoothHinge
from teachkit.optimize import BFGS, LBFGS, Newton, NewtonCG, SteepestDescent, Wolfe, minimize
from teachkit.optimize._oracle import Oracle
from teachkit.risks import LinearRisk

EPS = np.finfo(float).eps
every = pytest.mark.parametrize("f", functions.ALL, ids=lambda f: f.name.split()[0])
any_direction = pytest.mark.parametrize(
    "direction",
    [SteepestDescent(), Newton(), NewtonCG(), BFGS(), LBFGS(), LBFGS(2)],
    ids=lambda d: repr(d).replace("memory=", ""),
)


def assert_wolfe(f, iterates, c1=1e-4, c2=0.9):
    """The strong Wolfe conditions at each step, by values and slopes computed here."""
    assert len(iterates) > 1
    for before, after in pairwise(iterates):
        moved = after.x - before.x  # t d
        slope, slope_there = f.gradient(before.x) @ moved, f.gradient(after.x) @ moved
        value, size = f.value(before.x), np.linalg.norm(before.x)
        rounding = 20 * EPS * (abs(value) + before.gradient_norm * size)
        assert slope < 0
        assert f.value(after.x) <= value + c1 * slope + rounding
        # moved itself is known to rounding of x only.
        blur = 4 * EPS * np.linalg.norm(after.x) * (before.gradient_norm + after.gradient_norm)
        assert abs(slope_there) <= c2 * abs(slope) + blur


def along(phi, dphi):
    """A function of one variable as an objective, and the search along it from 0."""
    f = SimpleNamespace(
        value=lambda x: float(phi(x[0])), gradient=lambda x: np.array([float(dphi(x[0]))])
    )
    oracle = Oracle(f)
    return oracle, oracle.with_gradient(oracle.at(np.zeros(1)))


# ------------------------------------------------------------------ both conditions


@every
@any_direction
@pytest.mark.parametrize(("c1", "c2"), [(1e-4, 0.9), (1e-4, 0.1), (0.3, 0.4)])
def test_every_step_meets_both_conditions(f, direction, c1, c2):
    for x0 in (
        np.array(f.start),
        *np.random.default_rng(0).uniform(*np.transpose(f.box), (4, f.p)),
    ):
        fit = minimize(f, x0, direction, Wolfe(c1, c2), tol=1e-9, max_iter=60)
        if len(fit.iterates) > 1:
            assert_wolfe(f, fit.iterates, c1, c2)


@any_direction
@pytest.mark.parametrize("loss", [Logistic(), SmoothHinge(0.3)], ids=repr)
def test_every_step_on_a_risk_meets_both_conditions(direction, loss):
    X, y = datasets.digits_parity()
    risk = LinearRisk(X[:200], y[:200], loss, l2=1e-2)
    fit = minimize(risk, np.zeros(65), direction, Wolfe(), tol=1e-12, max_iter=30)
    assert_wolfe(risk, fit.iterates)


def test_conditions_hold_down_to_where_values_cannot_judge():
    """1e6 + x'Ax: the last falls are lost in the value; slopes go on to the end."""
    A = np.diag([1.0, 4.0, 100.0])
    f = SimpleNamespace(value=lambda x: 1e6 + x @ A @ x, gradient=lambda x: 2 * A @ x)
    for direction in (BFGS(), LBFGS()):
        fit = minimize(f, [3.0, 4.0, -1.0], direction, Wolfe(), tol=1e-9)
        assert fit.converged, fit.message
        assert_wolfe(f, fit.iterates)


@pytest.mark.parametrize(
    ("phi", "dphi"),
    [
        # The functions that Moré and Thuente (1994) try their search on, section 5.
        (lambda t: -t / (t**2 + 2), lambda t: (t**2 - 2) / (t**2 + 2) ** 2),
        (
            lambda t: (t + 0.004) ** 5 - 2 * (t + 0.004) ** 4,
            lambda t: 5 * (t + 0.004) ** 4 - 8 * (t + 0.004) ** 3,
        ),
        (lambda t: -np.sin(t) + 0.05 * np.sin(9 * t), lambda t: -np.cos(t) + 0.45 * np.cos(9 * t)),
        (lambda t: np.exp(t) - 2 * t, lambda t: np.exp(t) - 2),
        (lambda t: t**4 - t, lambda t: 4 * t**3 - 1),
    ],
)
@pytest.mark.parametrize("scale", [1e-3, 0.1, 1.0, 10.0, 1e3])
@pytest.mark.parametrize(("c1", "c2"), [(1e-3, 0.1), (1e-4, 0.9), (1e-4, 1e-3)])
def test_a_first_step_far_too_long_or_too_short_is_mended(phi, dphi, scale, c1, c2):
    oracle, point = along(phi, dphi)
    new, t = Wolfe(c1, c2)(oracle, point, np.array([scale]))
    assert new.x[0] == t * scale
    assert phi(new.x[0]) <= phi(0) + c1 * dphi(0) * new.x[0]
    assert abs(dphi(new.x[0])) <= c2 * abs(dphi(0))
    assert oracle.evaluations <= 2 + 2 * 25


def test_the_first_trial_is_one_and_taken_if_it_is_good():
    oracle, point = along(lambda t: (t - 1) ** 2, lambda t: 2 * (t - 1))
    new, t = Wolfe()(oracle, point, np.array([1.0]))
    assert t == 1.0 and new.x.tolist() == [1.0] and oracle.evaluations == 4


def test_on_a_parabola_the_second_trial_is_exact():
    for a in (0.02, 0.3, 5.0, 400.0):
        oracle, point = along(lambda t, a=a: a * (t - 1) ** 2, lambda t, a=a: 2 * a * (t - 1))
        _, t = Wolfe(1e-10, 1e-9)(oracle, point, np.array([3.0]))
        assert t == pytest.approx(1 / 3, rel=1e-9) and oracle.evaluations == 6


def test_evaluations_are_counted_as_they_are_made():
    calls = {"value": 0, "gradient": 0, "both": 0}

    def counted(name, call):
        def asked(x):
            calls[name] += 1
            return call(x)

        return asked

    f = functions.rosenbrock
    apart = SimpleNamespace(
        value=counted("value", f.value), gradient=counted("gradient", f.gradient)
    )
    fit = minimize(apart, f.start, BFGS(), Wolfe())
    assert fit.iterates[-1].evaluations == calls["value"] + calls["gradient"]
    joint = SimpleNamespace(
        value_and_gradient=counted("both", lambda x: (f.value(x), f.gradient(x)))
    )
    again = minimize(joint, f.start, BFGS(), Wolfe())
    assert again.iterates[-1].evaluations == calls["both"] == calls["gradient"]
    np.testing.assert_array_equal(again.x, fit.x)


def test_it_steps_back_into_the_domain():
    barrier = SimpleNamespace(
        value=lambda x: float(x[0] - np.log(x[0])), gradient=lambda x: 1 - 1 / x
    )
    for x0 in (1e-9, 0.1, 50.0):
        fit = minimize(barrier, [x0], BFGS(), Wolfe())
        assert fit.converged, fit.message
        np.testing.assert_allclose(fit.x, [1.0], atol=1e-8)


def test_it_shortens_where_the_gradient_alone_is_not_finite():
    odd = SimpleNamespace(
        value=lambda x: float((x[0] - 3) ** 2),
        gradient=lambda x: 2 * (x - 3) if x[0] < 5 else np.array([np.nan]),
    )
    oracle = Oracle(odd)
    point = oracle.with_gradient(oracle.at(np.zeros(1)))
    new, _ = Wolfe(c2=0.5)(oracle, point, np.array([5.5]))
    assert abs(new.gradient[0]) <= 3 and new.finite


# ------------------------------------------------------------------ array libraries


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@any_direction
def test_any_library_and_device(direction, dtype, xp_device):
    f = functions.rosenbrock
    tol = 1e-8 if dtype == "float64" else 1e-2
    ours = minimize(f, np.array(f.start, dtype), direction, Wolfe(), tol=tol, max_iter=100)
    fit = minimize(f, xp_device.array(f.start, dtype), direction, Wolfe(), tol=tol, max_iter=100)
    assert xp_device.holds(fit.x, dtype)
    assert all(xp_device.holds(it.x, dtype) and type(it.step) is float for it in fit.iterates)
    assert fit.converged == ours.converged == (direction != SteepestDescent())
    np.testing.assert_allclose(to_numpy(fit.x), ours.x, rtol=1e-6 if dtype == "float64" else 0.05)


@any_direction
def test_risks_in_any_library_and_device(direction, xp_device):
    X, y = datasets.blobs()
    X = datasets.add_ones(X)
    expected = minimize(LinearRisk(X, y, Logistic(), l2=0.01), np.zeros(3), tol=1e-10).x
    for dtype, tol, rtol in (("float64", 1e-9, 1e-6), ("float32", 1e-5, 1e-2)):
        risk = LinearRisk(xp_device.array(X, dtype), xp_device.array(y, dtype), Logistic(), l2=0.01)
        x0 = xp_device.array(np.zeros(3), dtype)
        fit = minimize(risk, x0, direction, Wolfe(), tol=tol, max_iter=500)
        assert fit.converged and xp_device.holds(fit.x, dtype), fit.message
        np.testing.assert_allclose(to_numpy(fit.x), expected, rtol=rtol)


@any_direction
def test_float32_says_where_it_ends(direction):
    X, y = datasets.blobs()
    X = datasets.add_ones(X).astype("float32")
    risk = LinearRisk(X, y.astype("float32"), Logistic(), l2=0.01)
    x0 = np.ones(3, dtype="float32")
    fit = minimize(risk, x0, direction, Wolfe(), tol=1e-12, max_iter=5000)
    assert not fit.converged and fit.x.dtype == np.float32 and len(fit.iterates) < 200
    assert "float32" in fit.message and "float64" in fit.message and "tol" in fit.message
    assert fit.iterates[-1].gradient_norm < 1e-6


# ------------------------------------------------------------------ endings


def one(value, slope):
    return SimpleNamespace(
        value=lambda x: float(value(x[0])), gradient=lambda x: np.array([float(slope(x[0]))])
    )


@pytest.mark.parametrize(
    ("f", "x0", "says"),
    [
        (one(lambda t: t, lambda t: 1.0), 0.0, "falls without end"),
        (one(lambda t: -np.exp(t), lambda t: -np.exp(t)), 0.0, "not finite"),
        (one(lambda t: abs(t - 0.3), lambda t: np.sign(t - 0.3)), 1.0, "as at a kink"),
        (one(lambda t: np.sqrt(1 - t), lambda t: -0.5 / np.sqrt(1 - t)), 0.0, "not finite"),
        (one(lambda t: t * t, lambda t: -2 * t), 1.0, "taylor_test"),
        (one(lambda t: float(t > 0.5), lambda t: 1.0), 1.0, "as at a kink"),
    ],
)
@pytest.mark.parametrize("direction", [SteepestDescent(), BFGS(), LBFGS()], ids=repr)
def test_where_no_step_will_do(f, x0, says, direction, recwarn):
    fit = minimize(f, [x0], direction, Wolfe())
    assert not fit.converged and np.isfinite(fit.x).all()
    assert any(word in fit.message for word in says.split("|")), fit.message
    assert not recwarn.list


def test_a_direction_that_leads_uphill_is_said():
    class Uphill:
        def begin(self, objective):
            return lambda point: (point.gradient, "")

    fit = minimize(functions.rosenbrock, [0.0, 0.0], Uphill(), Wolfe())
    assert not fit.converged and "does not lead downhill" in fit.message


def test_numbers_near_overflow_are_no_surprise():
    f = SimpleNamespace(value=lambda x: 1e150 * float(x @ x), gradient=lambda x: 2e150 * x)
    for direction in (BFGS(), LBFGS()):
        fit = minimize(f, [1.0, 0.3], direction, Wolfe(), tol=1e140)
        assert fit.converged, fit.message


@pytest.mark.parametrize(
    ("c1", "c2"), [(0, 0.9), (1e-4, 1), (0.9, 0.1), (0.5, 0.5), (-1, 0.9), (np.nan, 0.9)]
)
def test_bad_options(c1, c2):
    with pytest.raises(ValueError, match="0 < c1 < c2 < 1 has to hold"):
        Wolfe(c1, c2)


@pytest.mark.parametrize("options", [{"c1": "a"}, {"c2": None}, {"c2": True}])
def test_options_that_are_no_numbers(options):
    with pytest.raises(TypeError, match="c[12] is .*; it has to be a number"):
        Wolfe(**options)


def test_without_brackets():
    with pytest.raises(TypeError, match=r"write Wolfe\(\)"):
        minimize(functions.rosenbrock, [0.0, 0.0], search=Wolfe)
