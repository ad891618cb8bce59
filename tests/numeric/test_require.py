"""The questions that every room asks of its arguments, and how they are refused."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from teachkit import require
from teachkit.optimize import Newton


@pytest.mark.parametrize("value", [0.5, np.float32(0.5), np.float64(0.5), Fraction(1, 2)])
def test_every_kind_of_real_number_becomes_a_float(value):
    number = require.real(value, "tol", "(0, 1)")
    assert type(number) is float and number == 0.5
    assert type(require.real(1, "tol", "[0, inf)")) is float


@pytest.mark.parametrize("value", [3, np.int8(3), np.uint64(3)])
def test_every_kind_of_whole_number_becomes_an_int(value):
    number = require.whole(value, "n", 1, 3)
    assert type(number) is int and number == 3


@pytest.mark.parametrize(
    ("within", "inside", "outside"),
    [
        ("[0, inf)", (0, 1e300), (-1e-300, np.inf, np.nan)),
        ("(0, inf)", (1e-300, 5), (0, -1, np.inf, np.nan)),
        ("(0, 1)", (0.1, 1 - 1e-15), (0, 1, -np.inf, np.nan)),
        ("[0, 1)", (0, 0.999), (1, -0.1)),
        ("(0, 1]", (1, 1e-9), (0, 1.1)),
        ("[0.01, 0.9]", (0.01, 0.9), (0, 0.91)),
    ],
)
def test_an_interval_means_what_it_means_in_mathematics(within, inside, outside):
    for value in inside:
        assert require.real(value, "share", within) == value
    for value in outside:
        with pytest.raises(ValueError, match="share"):
            require.real(value, "share", within)


@pytest.mark.parametrize(
    ("ask", "error", "says"),
    [
        (
            lambda: require.real("1", "tol", "[0, inf)", "Why.", example="1e-8"),
            TypeError,
            r"^tol is a number such as 1e-8; got '1'\. Why\.$",
        ),
        (lambda: require.real(True, "tol"), TypeError, r"^tol is True; it has to be a number\.$"),
        (lambda: require.real(1j, "tol"), TypeError, "tol is 1j"),
        (
            lambda: require.real(-1, "tol", "[0, inf)", "Why."),
            ValueError,
            r"^tol is -1; it has to be finite and >= 0\. Why\.$",
        ),
        (
            lambda: require.real(0, "r", "(0, inf)"),
            ValueError,
            r"^r is 0; it has to be finite and greater than 0\.$",
        ),
        (
            lambda: require.real(1, "c1", "(0, 1)"),
            ValueError,
            r"^c1 lies between 0 and 1, both excluded; got 1\.$",
        ),
        (
            lambda: require.real(1, "tol", "[0, 1)"),
            ValueError,
            r"^tol lies between 0 and 1, 1 excluded; got 1\.$",
        ),
        (lambda: require.whole(2.0, "n"), TypeError, r"^n is a whole number; got 2\.0\.$"),
        (lambda: require.whole(True, "n"), TypeError, "got True"),
        (lambda: require.whole(-1, "n"), ValueError, r"^n is -1; it has to be 0 or more\.$"),
        (lambda: require.whole(9, "n", 0, 8), ValueError, "9; it has to be from 0 to 8"),
        (
            lambda: require.instance(Newton, "direction", ("begin",), "Newton()"),
            TypeError,
            r"^direction is the class Newton itself; write Newton\(\) with brackets",
        ),
        (
            lambda: require.instance(3, "direction", ("begin",), "Newton()"),
            TypeError,
            r"^direction is 3, without begin; it has to be an object such as Newton\(\)\.$",
        ),
        (
            lambda: require.function(np.eye(2), "A", "v -> A v"),
            TypeError,
            "it has to be a callable v -> A v",
        ),
        (
            lambda: require.shape(np.ones(2), "g", (3,), "Why.", x=np.ones(3)),
            ValueError,
            r"^g has shape \(2,\) where x has shape \(3,\); it has to be \(3,\)\. Why\.$",
        ),
        (lambda: require.damping(np.ones(2)), TypeError, "damping is array.*one number"),
        (lambda: require.damping("0.1"), TypeError, "damping is '0.1'"),
        (lambda: require.damping(-0.1), ValueError, "damping is -0.1"),
    ],
)
def test_what_is_refused_is_told_in_a_sentence(ask, error, says):
    with pytest.raises(error, match=says):
        ask()


def test_a_damping_may_come_as_an_array_of_no_dimensions(xp_device):
    assert require.damping(xp_device.array(0.5)) == 0.5


def test_what_fits_is_handed_back():
    newton, x = Newton(), np.ones(3)
    assert require.instance(newton, "direction", ("begin",), "Newton()") is newton
    assert require.function(np.sin, "f", "x -> f(x)") is np.sin
    assert require.shape(x, "x", (3,)) is x
