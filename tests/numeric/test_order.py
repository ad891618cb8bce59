"""The order of convergence, measured on sequences whose order is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from teachkit import newton_root
from teachkit.trace import convergence_order


@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        ([0.5**k for k in range(6)], 1.0),
        ([10.0 ** -(2**k) for k in range(6)], 2.0),
        ([10.0 ** -(3**k) for k in range(3)], 3.0),
        ([1e-2, 1e-4, 1e-8, 3e-12, 4e-12, 3e-12], math.log(3e-12 / 1e-8) / math.log(1e-4)),
    ],
)
def test_the_order_is_read_above_rounding(errors, expected):
    assert convergence_order(errors) == pytest.approx(expected)


@pytest.mark.parametrize(
    "errors",
    [[], [1.0, 0.1], [1.0, 2.0, 4.0], [1.0, 0.1, 0.1], [0.0, 0.0, 0.0], [1.0, math.nan, 0.1]],
)
def test_without_three_falling_errors_there_is_no_order(errors):
    assert convergence_order(errors) is None


def test_errors_that_fall_by_turns_fast_and_slowly_are_linear():
    errors = np.cumprod([1.0, *(0.5, 0.1) * 5])
    assert convergence_order(errors) == pytest.approx(1.0)
    assert convergence_order(errors[:-1]) == pytest.approx(1.0)


def test_newton_is_quadratic_and_its_steps_tell_it_too():
    fit = newton_root(lambda x: x * x - 2, lambda x: 2 * x, 3.0)
    errors = [abs(it.x - math.sqrt(2)) for it in fit.iterates]
    steps = [abs(it.step) for it in fit.iterates[1:]]
    assert convergence_order(errors) == pytest.approx(2, abs=0.1)
    assert convergence_order(steps) == pytest.approx(2, abs=0.1)
