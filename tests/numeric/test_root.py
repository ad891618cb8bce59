"""Newton's method for roots: against SciPy, its orders, and all the ways it fails."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
import scipy.optimize

from teachkit.arrays import to_numpy
from teachkit.optimize import RootIterate, newton_root, newton_root_steps

CUBIC = (lambda x: x**3 - 2 * x - 5, lambda x: 3 * x**2 - 2)
DOUBLE = (lambda x: (x - 1) ** 2 * np.exp(x), lambda x: (x - 1) * (x + 1) * np.exp(x))


def circle_and_hyperbola(x):
    return [x[0] ** 2 + x[1] ** 2 - 4, x[0] * x[1] - 1]


def its_jacobian(x):
    return [[2 * x[0], 2 * x[1]], [x[1], x[0]]]


def orders(errors):
    logs = np.log(errors)
    return (logs[2:] - logs[1:-1]) / (logs[1:-1] - logs[:-2])


@pytest.mark.parametrize("x0", [2.5, 1.0, 4, -3.0])
def test_one_equation_against_scipy(x0):
    fit = newton_root(*CUBIC, x0)
    assert fit.converged, fit.message
    assert fit.x == pytest.approx(scipy.optimize.brentq(CUBIC[0], 0, 5, xtol=1e-14), abs=1e-13)
    assert isinstance(fit.x, float) and fit.x is fit.iterates[-1].x


def test_a_system_against_scipy():
    fit = newton_root(circle_and_hyperbola, its_jacobian, [2.0, 0.3])
    assert fit.converged, fit.message
    theirs = scipy.optimize.root(circle_and_hyperbola, [2.0, 0.3], jac=its_jacobian, tol=1e-13)
    np.testing.assert_allclose(fit.x, theirs.x, rtol=1e-12)


def test_the_iterates_are_the_formula():
    f, df = CUBIC
    x = 2.5
    for it in newton_root(f, df, 2.5).iterates:
        assert isinstance(it, RootIterate)
        assert it.x == pytest.approx(x, rel=1e-14) and it.value == f(it.x)
        x = x - f(x) / df(x)


def test_steps_lead_from_iterate_to_iterate():
    iterates = newton_root(*CUBIC, 4.0).iterates
    assert iterates[0].step == 0.0 and [it.k for it in iterates] == list(range(len(iterates)))
    for before, after in pairwise(iterates):
        assert after.x == before.x + after.step
    with pytest.raises(AttributeError):
        iterates[0].x = 1.0


def test_quadratic_at_a_simple_root_with_the_constant_of_the_theory():
    # x0 and tol such that three errors stand clear of rounding.
    root = newton_root(*CUBIC, 2.1).x
    errors = np.abs([it.x - root for it in newton_root(*CUBIC, 4.0).iterates])
    errors = errors[(errors < 0.3) & (errors > 1e-12)]
    assert orders(errors)[-1] == pytest.approx(2, abs=0.05)
    f2 = 6 * root
    assert errors[-1] / errors[-2] ** 2 == pytest.approx(f2 / (2 * CUBIC[1](root)), rel=0.02)


def test_linear_at_a_double_root():
    fit = newton_root(*DOUBLE, 2.0)
    errors = np.array([it.x - 1 for it in fit.iterates])
    assert fit.converged
    np.testing.assert_allclose(errors[-5:] / errors[-6:-1], 0.5, atol=0.01)
    assert errors[:4] == pytest.approx([1, 2 / 3, 5 / 12, 0.2442528], rel=1e-6)


def test_third_order_where_the_second_derivative_vanishes_too():
    errors = np.abs([it.x - math.pi for it in newton_root(math.sin, math.cos, 2.5).iterates])
    assert orders(errors[errors > 1e-12])[-1] == pytest.approx(3, abs=0.3)


# ------------------------------------------------------------------ endings


def test_a_start_on_the_root():
    fit = newton_root(lambda x: x**2, lambda x: 2 * x, 0)  # f' = 0 there: no step, none needed
    assert fit.converged and fit.x == 0 and len(fit.iterates) == 1


def test_a_horizontal_tangent():
    fit = newton_root(lambda x: x**2 + 1, lambda x: 2 * x, 0.0)
    assert not fit.converged and "f'(x) = 0 at x = 0" in fit.message
    later = newton_root(lambda x: x**2 + 1, lambda x: 2 * x, 1.0)  # 1, 0: the second is flat
    assert [it.x for it in later.iterates] == [1.0, 0.0] and "f'(x) = 0" in later.message


def test_a_cycle():
    fit = newton_root(lambda x: x**3 - 2 * x + 2, lambda x: 3 * x**2 - 2, 0.0)
    assert [it.x for it in fit.iterates[:5]] == [0, 1, 0, 1, 0]
    assert not fit.converged and "period 2" in fit.message and len(fit.iterates) == 51


def test_running_away():
    cbrt = newton_root(np.cbrt, lambda x: np.cbrt(x) ** -2 / 3, 1.0, max_iter=20)
    assert [it.x for it in cbrt.iterates[:4]] == pytest.approx([1, -2, 4, -8])
    assert not cbrt.converged and "grow" in cbrt.message
    near, far = (newton_root(math.atan, lambda x: 1 / (1 + x * x), x0) for x0 in (1.39, 1.40))
    assert near.converged and near.x == pytest.approx(0, abs=1e-12)
    assert not far.converged and np.isfinite(far.x) and "they diverge" in far.message


def test_slow_convergence_is_explained():
    fit = newton_root(*DOUBLE, 2.0, max_iter=15)
    assert not fit.converged and "multiple root" in fit.message and "max_iter = 15" in fit.message


@pytest.mark.parametrize("log", [math.log, np.log])
def test_leaving_the_domain_keeps_the_last_point(log, recwarn):
    fit = newton_root(log, lambda x: 1 / x, 3.0)
    assert not fit.converged and fit.x == 3.0 and "x = -0.295837" in fit.message
    outside = newton_root(log, lambda x: 1 / x, -3.0)
    assert not outside.converged and "Choose a start" in outside.message
    assert outside.x == -3.0 and len(outside.iterates) == 1
    assert not recwarn.list


def test_a_complex_power_is_outside_the_domain():
    fit = newton_root(lambda x: x ** (1 / 3), lambda x: x ** (-2 / 3) / 3, 1.0)
    assert not fit.converged and "not a finite real number at x = -2" in fit.message


def test_overflow_of_pythons_own_numbers():
    fit = newton_root(lambda x: math.exp(x) - 2, math.exp, -10.0)  # the first step goes to 4e4
    assert not fit.converged and "cannot be computed" in fit.message
    assert np.isfinite(fit.x)


def test_a_derivative_that_is_not_finite():
    fit = newton_root(lambda x: x + 1, lambda x: math.nan, 1.0)
    assert not fit.converged and "df(x) is not a finite" in fit.message
    crash = newton_root(lambda x: x + 1, lambda x: 1 / (x - 1), 1.0)
    assert not crash.converged and "df(x) cannot be computed" in crash.message


def test_a_tolerance_below_rounding():
    fit = newton_root(lambda x: 1e20 * (x * x - 2), lambda x: 2e20 * x, 1.0)
    assert not fit.converged and "rounding" in fit.message and "larger tol" in fit.message
    assert fit.x == pytest.approx(math.sqrt(2), rel=1e-15)


def test_a_singular_jacobian():
    fit = newton_root(
        lambda x: [x[0] + x[1] - 4, 2 * x[0] + 2 * x[1] - 1],
        lambda x: [[1, 1], [2, 2]],
        [2.0, 0.3],
    )
    assert not fit.converged and "Jacobian is singular" in fit.message
    assert fit.x.tolist() == [2.0, 0.3]


def test_few_or_no_steps():
    none = newton_root(*CUBIC, 4.0, max_iter=0)
    assert not none.converged and none.x == 4.0 and "max_iter = 0" in none.message
    assert newton_root(*CUBIC, 2.0945514815423265, max_iter=0).converged
    one = newton_root(*CUBIC, 4.0, max_iter=1)
    assert not one.converged and len(one.iterates) == 2


def test_the_generator_goes_on_until_it_cannot():
    def listed():
        message = yield from newton_root_steps(*CUBIC, 4.0)
        assert "exactly 0" in message or "rounding" in message

    assert abs(list(listed())[-1].value) < 1e-13


# ------------------------------------------------------------------ array libraries


def test_systems_in_any_library_and_device(xp_device):
    xp = xp_device.xp

    def f(x):
        return xp.stack([x[0] ** 2 + x[1] ** 2 - 4, x[0] * x[1] - 1])

    def df(x):
        return xp.stack([xp.stack([2 * x[0], 2 * x[1]]), xp.stack([x[1], x[0]])])

    expected = newton_root(circle_and_hyperbola, its_jacobian, [2.0, 0.3]).x
    for dtype, tol in (("float64", 1e-12), ("float32", 1e-5)):
        fit = newton_root(f, df, xp_device.array([2.0, 0.3], dtype), tol=tol)
        assert fit.converged and xp_device.holds(fit.x, dtype)
        np.testing.assert_allclose(to_numpy(fit.x), expected, rtol=max(tol, 1e-10))
    singular = newton_root(f, lambda x: 0 * df(x), xp_device.array([2.0, 0.3]))
    assert not singular.converged and "singular" in singular.message


def test_the_start_is_not_held():
    x0 = np.array([2.0, 0.3])
    steps = newton_root_steps(circle_and_hyperbola, its_jacobian, x0)
    x0[:] = 9
    assert next(steps).x.tolist() == [2.0, 0.3]


def test_one_equation_as_a_system_of_one():
    fit = newton_root(lambda x: x**2 - 2, lambda x: [[2 * x[0]]], [1.0])
    assert fit.converged and fit.x.shape == (1,)


# ------------------------------------------------------------------ arguments


@pytest.mark.parametrize(
    ("f", "df", "x0", "error", "says"),
    [
        (*CUBIC, math.nan, ValueError, "x0 holds nan"),
        (*CUBIC, [[1.0]], ValueError, r"x0 has shape \(1, 1\)"),
        (*CUBIC, [], ValueError, r"x0 has shape \(0,\)"),
        (*CUBIC, "2", TypeError, "x0 has dtype"),
        (*CUBIC, None, TypeError, "x0 "),
        (3, CUBIC[1], 1.0, TypeError, "f is 3"),
        (CUBIC[0], 2.0, 1.0, TypeError, "df is 2.0"),
        (lambda x: None, CUBIC[1], 1.0, TypeError, "f gave None"),
        (lambda x: np.array([x]), CUBIC[1], 1.0, ValueError, r"f has shape \(1,\)"),
        (CUBIC[0], lambda x: np.eye(1), 1.0, ValueError, r"df has shape \(1, 1\)"),
        (lambda x: x[:1], its_jacobian, [1.0, 2.0], ValueError, r"f has shape \(1,\)"),
        (circle_and_hyperbola, lambda x: x, [1.0, 2.0], ValueError, r"df has shape \(2,\)"),
        (circle_and_hyperbola, lambda x: [[1], [1, 2]], [1.0, 2.0], ValueError, "made into an"),
    ],
)
def test_bad_arguments(f, df, x0, error, says):
    with pytest.raises(error, match=says):
        newton_root(f, df, x0)


@pytest.mark.parametrize(
    ("limits", "error"),
    [
        ({"tol": -1}, ValueError),
        ({"tol": math.nan}, ValueError),
        ({"max_iter": -1}, ValueError),
        ({"max_iter": 1.5}, TypeError),
        ({"max_iter": True}, TypeError),
    ],
)
def test_bad_limits(limits, error):
    with pytest.raises(error, match=next(iter(limits))):
        newton_root(*CUBIC, 1.0, **limits)


def test_an_error_of_the_function_passes_through():
    with pytest.raises(KeyError):
        newton_root(lambda x: {}["missing"], CUBIC[1], 1.0)
    with pytest.raises(ValueError, match="my own"):
        newton_root(lambda x: int("my own"), CUBIC[1], 1.0)
