"""Where a function has no value: exceptions, NaN, edges of a domain, and what is said of them."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from teachkit.derivatives import finite_gradient, hvp_central, taylor_test
from teachkit.linear import conjugate_gradient
from teachkit.losses import Logistic
from teachkit.optimize import (
    BFGS,
    LBFGS,
    Backtracking,
    FixedStep,
    Newton,
    NewtonCG,
    SteepestDescent,
    Wolfe,
    minimize,
    newton_root,
)
from teachkit.risks import LinearRisk

DIRECTIONS = [SteepestDescent(), Newton(), NewtonCG(), BFGS(), LBFGS()]


def steep(exp):
    """exp(x^2), written with Python's numbers or NumPy's."""
    return SimpleNamespace(
        value=lambda x: exp(float(x[0]) ** 2),
        gradient=lambda x: np.array([2 * float(x[0]) * exp(float(x[0]) ** 2)]),
        hessian=lambda x: np.array([[(2 + 4 * float(x[0]) ** 2) * exp(float(x[0]) ** 2)]]),
    )


def logarithmic(log):
    """x - log(x), whose least value is at 1; log is not defined, or NaN, below 0."""
    return SimpleNamespace(
        value=lambda x: x[0] - log(x[0]), gradient=lambda x: np.array([1 - 1 / x[0]])
    )


@pytest.mark.parametrize("search", [Backtracking(), Wolfe()], ids=repr)
@pytest.mark.parametrize("direction", DIRECTIONS, ids=repr)
def test_an_overflow_of_pythons_numbers_is_one_of_numpys(direction, search):
    by_math = minimize(steep(math.exp), [3.0], direction, search)
    by_numpy = minimize(steep(np.exp), [3.0], direction, search)
    assert by_math.converged and abs(by_math.x[0]) < 1e-8
    assert len(by_math.iterates) == len(by_numpy.iterates)


@pytest.mark.parametrize("log", [math.log, np.log])
def test_leaving_the_domain_of_a_logarithm_is_a_step_too_long(log, recwarn):
    fit = minimize(logarithmic(log), [0.01], SteepestDescent(), max_iter=500)
    assert fit.converged and fit.x[0] == pytest.approx(1, abs=1e-7)
    assert not recwarn.list


def test_the_reason_is_told_at_the_start_and_for_a_fixed_step():
    fit = minimize(steep(math.exp), [100.0])
    assert not fit.converged and len(fit.iterates) == 1
    assert "not finite at the start (math range error)" in fit.message
    fit = minimize(steep(math.exp), [3.0], SteepestDescent(), FixedStep())
    assert not fit.converged and "math range error" in fit.message
    assert "smaller step" in fit.message and fit.x.tolist() == [3.0]


def test_a_gradient_or_a_hessian_without_a_value():
    def broken(x):
        return math.log(-1.0)

    value = SimpleNamespace(value=lambda x: x @ x, gradient=lambda x: 2 * x, hessian=broken)
    fit = minimize(value, [1.0, 2.0])
    assert not fit.converged and "The Hessian cannot be computed here" in fit.message
    value.hvp = lambda x, v: broken(x)
    value.hessian = None
    fit = minimize(value, [1.0, 2.0], NewtonCG())
    assert not fit.converged and "H v cannot be computed here" in fit.message
    value.gradient = broken
    fit = minimize(value, [1.0, 2.0], SteepestDescent())
    assert not fit.converged and "The gradient is not finite at the start" in fit.message


def test_a_product_without_a_value_ends_conjugate_gradients():
    A, calls = np.diag([1.0, 2.0, 3.0]), []

    def product(v):
        calls.append(v)
        return A @ v if len(calls) < 4 else v / (1 // 0)

    trace = conjugate_gradient(product, np.ones(3))
    assert not trace.converged and "A v cannot be computed here" in trace.message
    assert len(trace.iterates) == 2 and np.all(np.isfinite(trace.x))
    with pytest.raises(ValueError, match=r"A\(v\) cannot be computed here"):
        conjugate_gradient(lambda v: v / (1 // 0), np.ones(3))


def test_a_start_without_a_product_is_refused():
    def product(v):
        return v * math.exp(1e4) if not v[1:].any() else v

    with pytest.raises(ValueError, match="A v cannot be computed here"):
        conjugate_gradient(product, np.ones(3), [5.0, 0.0, 0.0])


def test_difference_formulas_say_where_there_is_no_value():
    with pytest.raises(ValueError, match=r"The function cannot be computed here \(math range"):
        finite_gradient(lambda x: math.exp(x[0]), [709.78], 1.0)
    with pytest.raises(ValueError, match="The gradient cannot be computed here"):
        hvp_central(lambda x: np.array([math.sqrt(x[0])]), [0.1], [1.0], 1.0)


def test_a_domain_that_ends_nearby_does_not_disturb_a_taylor_test():
    slopes = taylor_test(lambda x: -math.log(x[0]), lambda x: -1 / x, [0.3])
    assert slopes.verdict == "right" and slopes.gradient == pytest.approx(2, abs=0.05)
    assert taylor_test(lambda x: -math.log(x[0]), lambda x: 1 / x, [0.3]).verdict == "wrong"
    with pytest.raises(ValueError, match="f is finite"):
        taylor_test(lambda x: math.log(x[0]), lambda x: 1 / x, [-0.3])


def test_a_root_beyond_pythons_numbers():
    fit = newton_root(lambda x: x**400 - 2.0, lambda x: 400 * x**399, 1e3)
    assert not fit.converged and "f(x) cannot be computed at x = 1000" in fit.message


# ------------------------------------------------------------------ edges

# Falls towards x = 1/2 and is not finite beyond.
BEYOND = {"nan": np.nan, "inf": np.inf}


@pytest.mark.parametrize("beyond", BEYOND)
@pytest.mark.parametrize("search", [Backtracking(), Wolfe()], ids=repr)
@pytest.mark.parametrize("direction", DIRECTIONS, ids=repr)
def test_the_edge_of_a_domain_is_called_one(direction, search, beyond):
    f = SimpleNamespace(
        value=lambda x: BEYOND[beyond] if x[0] > 0.5 else -x[0] + x[1] ** 2,
        gradient=lambda x: np.array([-1.0, 2 * x[1]]),
        hessian=lambda x: np.diag([0.0, 2.0]),
    )
    fit = minimize(f, [0.0, 0.1], direction, search, max_iter=500)
    assert not fit.converged and np.isfinite(fit.iterates[-1].value)
    assert "edge of where the objective is finite" in fit.message, fit.message
    assert "tol" not in fit.message and "rounding" not in fit.message


def test_the_advice_at_an_edge_helps():
    """x log x - x, which ends at 0 with an infinite slope, in u = log x."""
    log = SimpleNamespace(
        value=lambda x: -2 * x[0] if x[0] < 1 else math.nan, gradient=lambda x: np.array([-2.0])
    )
    fit = minimize(log, [0.0], SteepestDescent())
    assert "x = exp(u)" in fit.message
    inside = SimpleNamespace(  # least at x = 2, undefined for x <= 0; x = exp(u)
        value=lambda u: np.exp(u[0]) - 2 * u[0], gradient=lambda u: np.exp(u) - 2
    )
    fit = minimize(inside, [-5.0], SteepestDescent(), max_iter=200)
    assert fit.converged and np.exp(fit.x[0]) == pytest.approx(2, rel=1e-6)


def test_an_overflow_far_off_is_no_edge():
    """Trial steps overflow on the way; the end is at rounding level, and is called that."""
    X = np.array([[1.0], [-2.0], [0.5]])
    risk = LinearRisk(X * 1e160, np.array([1.0, -1.0, 1.0]), Logistic(), l2=1e-300)
    fit = minimize(risk, [0.0], SteepestDescent(), max_iter=50)
    assert "edge" not in fit.message


# ------------------------------------------------------------------ oracles that are None


def test_an_oracle_that_is_none_is_none():
    f = SimpleNamespace(
        value=lambda x: x @ x,
        gradient=lambda x: 2 * x,
        hessian=lambda x: 2 * np.eye(2),
        value_and_gradient=None,
        linearize=None,
        hvp=None,
    )
    for direction in DIRECTIONS:
        fit = minimize(f, [1.0, 2.0], direction, Wolfe())
        assert fit.converged and np.abs(fit.x).max() < 1e-8
    f.hessian = None
    for direction, name in ((Newton(), "Newton"), (NewtonCG(), "NewtonCG")):
        with pytest.raises(TypeError, match=rf"^{name} needs hessian\(x\).*has none"):
            minimize(f, [1.0, 2.0], direction)
    f.gradient = None
    with pytest.raises(TypeError, match=r"A minimiser needs gradient\(x\)"):
        minimize(f, [1.0, 2.0], SteepestDescent())
    f.value_and_gradient = lambda x: (x @ x, 2 * x)
    f.value = None
    assert minimize(f, [1.0, 2.0], LBFGS(), Wolfe()).converged


def test_a_forgotten_return_in_linearize_is_told():
    f = SimpleNamespace(value=lambda x: x @ x, gradient=lambda x: 2 * x, linearize=lambda x: None)
    with pytest.raises(TypeError, match=r"linearize\(x\) is None; it has to be a callable v -> H"):
        minimize(f, [1.0, 2.0], NewtonCG())


def test_each_direction_declares_what_it_needs():
    for direction in DIRECTIONS:
        assert direction.needs[0] == "gradient"
    assert Newton.needs == ("gradient", "hessian")
    assert SteepestDescent.needs == BFGS.needs == LBFGS.needs == ("gradient",)

    class Diagonal:
        needs = ("gradient", "curvatures")
        instead = "Take Newton()."

        def begin(self, objective):
            return lambda point: (-point.gradient / objective.curvatures(point.x), "")

    f = SimpleNamespace(value=lambda x: x @ x, gradient=lambda x: 2 * x)
    with pytest.raises(TypeError, match=r"Diagonal needs curvatures\(x\).*Take Newton\(\)\."):
        minimize(f, [1.0, 2.0], Diagonal())
    f.curvatures = lambda x: np.array([2.0, 2.0])
    assert len(minimize(f, [1.0, 2.0], Diagonal()).iterates) == 2
