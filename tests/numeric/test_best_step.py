"""The step for difference formulas: where the measured error is near its least."""

from __future__ import annotations

import numpy as np
import pytest

from teachkit import datasets, functions
from teachkit.derivatives import best_step, finite_gradient, hvp_central, hvp_forward
from teachkit.losses import Logistic
from teachkit.risks import LinearRisk

FORMULAS = {"forward": hvp_forward, "central": hvp_central}


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("length", [1e-6, 1.0, 1e3])
@pytest.mark.parametrize("formula", FORMULAS)
def test_the_best_step_measured_is_within_a_factor_of_thirty(formula, length, dtype):
    X, y = (a.astype(dtype) for a in datasets.digits_parity())
    risk = LinearRisk(X, y, Logistic(), l2=1e-3)
    exact = LinearRisk(X.astype(float), y.astype(float), Logistic(), l2=1e-3)
    rng = np.random.default_rng(0)
    w, v = rng.normal(size=65).astype(dtype), rng.normal(size=65)
    v = (v * length / np.linalg.norm(v)).astype(dtype)
    Hv = exact.hvp(w.astype(float), v.astype(float))
    r = best_step(w, v, formula=formula)

    def error(r):
        return np.linalg.norm(FORMULAS[formula](risk.gradient, w, v, r) - Hv)

    tried = r * 10 ** np.linspace(-3, 3, 25)
    best = tried[np.argmin([error(step) for step in tried])]
    assert 1 / 30 < best / r < 30
    assert error(r) < 30 * error(best)
    assert error(r) < 0.01 * min(error(r / 1e4), error(1e4 * r)) or dtype == "float32"


def test_the_formula():
    eps = np.finfo(float).eps
    x, v = np.array([3.0, 4.0]), np.array([0.0, 2.0])
    assert best_step(x, v, formula="forward") == pytest.approx(eps ** (1 / 2) * 6 / 2)
    assert best_step(x, v, formula="central") == pytest.approx(eps ** (1 / 3) * 6 / 2)
    assert best_step(x, v) == best_step(x, v, formula="central")
    assert best_step(x) == pytest.approx(eps ** (1 / 3) * 6)
    assert best_step(-2.0) == pytest.approx(eps ** (1 / 3) * 3)
    single = np.finfo(np.float32).eps
    assert best_step(x.astype("float32")) == pytest.approx(single ** (1 / 3) * 6)


def test_it_serves_finite_gradient():
    f = functions.rosenbrock
    x = np.array([-1.2, 1.0])
    np.testing.assert_allclose(finite_gradient(f.value, x, best_step(x)), f.gradient(x), rtol=1e-7)


def test_in_any_library_and_device(xp_device):
    x, v = xp_device.array([3.0, 4.0]), xp_device.array([0.0, 2.0])
    r = best_step(x, v)
    assert type(r) is float and r == pytest.approx(best_step([3.0, 4.0], [0.0, 2.0]))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (([1.0, 2.0], [0.0, 0.0]), "v is zero"),
        (([1.0, 2.0], [1.0]), r"v has shape \(1,\) and x \(2,\)"),
        (([1.0, 2.0], [np.nan, 1.0]), "v holds nan"),
        (([[1.0]],), r"x has shape \(1, 1\)"),
    ],
)
def test_bad_points_and_directions(arguments, says):
    with pytest.raises(ValueError, match=says):
        best_step(*arguments)


def test_a_formula_of_another_name():
    with pytest.raises(ValueError, match="'forward' or 'central'"):
        best_step(1.0, formula="backward")
