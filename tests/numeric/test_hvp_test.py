"""`hvp_test`: right products pass, and each kind of wrong one is told."""

from __future__ import annotations

import re

import autograd.numpy as anp
import numpy as np
import pytest

from teachkit import datasets, functions
from teachkit.derivatives import HvpCheck, best_step, hvp, hvp_central, hvp_forward, hvp_test
from teachkit.losses import Logistic, SmoothHinge, Square
from teachkit.risks import LinearRisk

RNG = np.random.default_rng(2)
X = np.c_[RNG.normal(size=(30, 3)), np.ones(30)]
Y = np.where(X @ [1.0, -1.0, 0.5, 0.2] + RNG.logistic(size=30) > 0, 1.0, -1.0)
THETA = RNG.normal(size=4)
RISK = LinearRisk(X, Y, Logistic(), l2=[0.1, 0.1, 0.1, 0.0])
H = RISK.hessian(THETA)


# ------------------------------------------------------------------ right


@pytest.mark.parametrize("f", functions.ALL, ids=lambda f: f.name.split()[0])
def test_products_of_landscapes(f):
    for x in np.random.default_rng(3).normal(size=(2, f.p)):
        assert hvp_test(f.hvp, f.gradient, x).verdict == "right"


@pytest.mark.parametrize("loss", [Logistic(), Square(), SmoothHinge(0.3)], ids=repr)
def test_products_of_risks_in_both_forms(loss):
    risk = LinearRisk(X, Y, loss, l2=0.01, weights=RNG.uniform(0, 2, 30))
    for product in (risk.hvp, risk.linearize(THETA)):
        found = hvp_test(product, risk.gradient, THETA)
        assert found.verdict == "right", found
        assert found.linear < 1e-12 and found.symmetric < 1e-12
        assert found.slope == pytest.approx(2, abs=0.1) or found.slope == np.inf


def test_products_by_autograd_and_by_differences():
    def f(x):
        return anp.sum(anp.exp(-x) * anp.roll(x, 1) ** 2)

    def gradient(x):
        before, after = np.roll(x, 1), np.roll(x, -1)
        return -np.exp(-x) * before**2 + 2 * np.exp(-after) * x

    x = np.array([0.3, -0.5, 1.2])
    assert hvp_test(hvp(f), gradient, x).verdict == "right"
    for formula, name in ((hvp_central, "central"), (hvp_forward, "forward")):
        by_differences = lambda x, v, formula=formula, name=name: formula(  # noqa: E731
            gradient, x, v, best_step(x, v, formula=name)
        )
        found = hvp_test(by_differences, gradient, x)
        assert found.verdict == "right", found


def test_any_library_and_device(xp_device):
    f = functions.rosenbrock
    for dtype in ("float64", "float32"):
        x = xp_device.array([-0.4, 0.8], dtype)
        assert hvp_test(f.hvp, f.gradient, x).verdict == "right"
        assert hvp_test(lambda x, v: 1.1 * f.hvp(x, v), f.gradient, x).verdict == "wrong"


def test_one_coordinate_and_a_function_without_curvature():
    assert hvp_test(lambda x, v: np.exp(x) * v, np.exp, 0.3).verdict == "right"
    assert hvp_test(lambda x, v: -np.exp(x) * v, np.exp, 0.3).verdict == "wrong"
    flat = hvp_test(lambda v: 0 * v, lambda x: np.array([1.0, 2.0]), [0.3, 0.4])
    assert flat.verdict == "right" and "nothing but rounding" in flat.message


def test_a_real_risk():
    cancer = datasets.breast_cancer()
    risk = LinearRisk(cancer.X_train, cancer.y_train, Logistic(), l2=0.01)
    theta = np.random.default_rng(0).normal(size=risk.p)
    assert hvp_test(risk.hvp, risk.gradient, theta).verdict == "right"


# ------------------------------------------------------------------ wrong

WRONG = {
    "a norm": (lambda x, v: H @ v * np.linalg.norm(v), "not linear"),
    "a square": (lambda x, v: H @ (v * v), "not linear"),
    "an absolute value": (lambda x, v: H @ np.abs(v), "not linear"),
    "a constant": (lambda x, v: H @ v + 1e-3, "not linear"),
    "a gradient": (lambda x, v: RISK.gradient(x + v), "not linear"),
    "the unit vector": (lambda x, v: H @ v / np.linalg.norm(v), "not linear"),
    "transposed blocks": (lambda x, v: np.roll(H, 1, axis=0) @ v, "not symmetric"),
    "one factor": (lambda x, v: np.diag([1.0, 2, 3, 4]) @ H @ v, "not symmetric"),
    "without 1/n": (lambda x, v: 30 * (H @ v), "not the derivative.*1/n"),
    "half": (lambda x, v: H @ v / 2, "not the derivative"),
    "the sign": (lambda x, v: -H @ v, "not the derivative"),
    "without the penalty": (lambda x, v: H @ v - 0.1 * v, "not the derivative.*penalty"),
    "a penalty on the intercept": (lambda x, v: H @ v + [0, 0, 0, 0.1] * v, "not the derivative"),
    "at another theta": (lambda x, v: RISK.hvp(x + 1e-2, v), "not the derivative.*the x that"),
    "the diagonal": (lambda x, v: np.diag(H) * v, "not the derivative"),
    "the identity": (lambda x, v: v, "not the derivative"),
    "nothing": (lambda x, v: 0 * v, "not the derivative"),
    "its inverse": (lambda x, v: np.linalg.solve(H, v), "not the derivative"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_product_is_told_what_is_wrong(name):
    product, says = WRONG[name]
    found = hvp_test(product, RISK.gradient, THETA)
    assert isinstance(found, HvpCheck) and found.verdict == "wrong"
    assert re.search(says, found.message), found.message
    assert found.message in repr(found)


def test_rounding_that_hides_the_slope_is_said():
    x = np.array([0.3, 0.7])
    found = hvp_test(lambda v: np.cos(x) * v, lambda x: 1e16 + np.sin(x), x)
    assert found.verdict == "cannot tell" and "rounding does not let tell" in found.message
    assert hvp_test(lambda v: np.cos(x) * v, np.sin, x).verdict == "right"


# ------------------------------------------------------------------ arguments


@pytest.mark.parametrize(
    ("product", "gradient", "x", "error", "says"),
    [
        (3, RISK.gradient, THETA, TypeError, r"product is 3; it has to be a callable v -> H v or"),
        (lambda v: v[:2], RISK.gradient, THETA, ValueError, r"H v has shape \(2,\) where v has"),
        (lambda v: v * np.nan, RISK.gradient, THETA, ValueError, "H v holds nan"),
        (RISK.hvp, lambda x: x[:2], THETA, ValueError, r"gradient has shape \(2,\) where x has"),
        (RISK.hvp, RISK.gradient, [[1.0]], ValueError, r"x has shape \(1, 1\)"),
        (RISK.hvp, RISK.gradient, THETA * np.nan, ValueError, "x holds nan"),
    ],
)
def test_bad_arguments_are_refused(product, gradient, x, error, says):
    with pytest.raises(error, match=says):
        hvp_test(product, gradient, x)


def test_careless_functions_are_judged_all_the_same():
    """Answers in one buffer, arguments spoilt."""
    out, other = np.zeros(4), np.zeros(4)

    def product(x, v):
        out[:] = H @ v
        x[:], v[:] = 0.0, 1.0
        return out

    def gradient(x):
        other[:] = RISK.gradient(x)
        x[:] = 3.0
        return other

    theta = THETA.copy()
    assert hvp_test(product, gradient, theta).verdict == "right"
    np.testing.assert_array_equal(theta, THETA)
