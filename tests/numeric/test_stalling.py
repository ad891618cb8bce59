"""A descent that only rounding keeps moving is ended; one that moves for another reason is not."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from teachkit.optimize import FixedStep, SteepestDescent, minimize
from teachkit.optimize.descend import MAX_STALLED


def test_going_to_and_fro_by_rounding_ends():
    """A gradient with noise of its own: no step gains anything any more."""
    sign = iter([1, -1] * 1000)
    f = SimpleNamespace(
        value=lambda x: 1.0 + float(x @ x),
        gradient=lambda x: 2 * x + 1e-10 * next(sign) * np.array([1.0, -1.0]),
    )
    fit = minimize(f, [1.0, 1.0], SteepestDescent(), FixedStep(0.5), tol=1e-12, max_iter=500)
    assert not fit.converged and len(fit.iterates) < MAX_STALLED + 10
    assert "rounding" in fit.message and "take a tol above that" in fit.message


def test_a_cycle_of_long_steps_is_shown_to_its_end():
    """x, -x, x, ...: the value stays, but not because of rounding."""
    f = SimpleNamespace(value=lambda x: float(x @ x), gradient=lambda x: 2 * x)
    fit = minimize(f, [3.0, 4.0], SteepestDescent(), FixedStep(1.0), max_iter=60)
    assert len(fit.iterates) == 61 and "max_iter = 60" in fit.message


def test_slow_progress_is_progress():
    f = SimpleNamespace(value=lambda x: 1e3 + float(x @ x), gradient=lambda x: 2 * x)
    fit = minimize(f, [1e-8, 0.0], SteepestDescent(), FixedStep(1e-3), max_iter=100)
    assert len(fit.iterates) == 101  # the value is the same in all digits, the gradient falls
    assert len({it.value for it in fit.iterates}) == 1
