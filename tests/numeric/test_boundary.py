"""What users hand in and what we hand out never share memory."""

from __future__ import annotations

import math
import types

import numpy as np
import pytest

from teachkit import arrays, functions
from teachkit.boundary import UndefinedError, apart, ours, undefined


def test_a_function_may_work_in_place_or_answer_in_one_buffer(xp_device):
    x, buffer = xp_device.array([1.0, 2.0]), xp_device.array([0.0, 0.0])

    def doubled(v):
        v *= 2.0
        buffer[:] = v
        return buffer

    f = apart(doubled)
    first, second = f(x), f(x + 1.0)
    np.testing.assert_array_equal(arrays.to_numpy(x), [1.0, 2.0])
    np.testing.assert_array_equal(arrays.to_numpy(first), [2.0, 4.0])
    np.testing.assert_array_equal(arrays.to_numpy(second), [4.0, 6.0])
    assert xp_device.holds(first)


def test_our_own_functions_are_not_copied_for_and_subclasses_of_users_are():
    seen = []

    class Own(functions.Landscape):
        def gradient(self, x):
            seen.append(x)
            return x

    f = functions.rosenbrock
    own = Own(f.name, f.source, f.start, f.minimisers, f.box, f.formula, f.first, f.second)
    x = np.array([0.3, 0.7])
    answer = apart(own.gradient)(x)
    assert not np.shares_memory(seen[0], x) and not np.shares_memory(answer, seen[0])
    assert not ours(own.gradient) and not ours(np.sin) and not ours(math.exp)
    assert ours(f.gradient) and ours(arrays.own)
    np.testing.assert_array_equal(apart(f.gradient)(x), f.gradient(x))
    assert apart(apart(np.sin)) == apart(np.sin)


def test_each_of_several_answers_is_copied():
    g = np.array([1.0, 2.0])
    value, gradient = apart(lambda x: (3.0, g))(g)
    assert value == 3.0 and not np.shares_memory(gradient, g)


def test_a_function_without_a_value_here_says_so():
    with pytest.raises(UndefinedError, match=r"^The objective cannot be computed here \(math ran"):
        apart(math.exp, "The objective")(1e9)
    with pytest.raises(KeyError):
        apart({}.__getitem__)(1)
    with np.errstate(all="raise"):
        assert apart(lambda x: x * x)(np.array([1e-300]))[0] == 0.0


def test_a_mask_survives_to_be_refused():
    masked = np.ma.masked_array([1.0, 2.0], mask=[True, False])
    with pytest.raises(ValueError, match="masked"):
        arrays.as_real(arrays.own(masked), "x")


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: 10.0**400, True),
        (lambda: 1 / 0.0, True),
        (lambda: math.exp(1e9), True),
        (lambda: math.log(-1.0), True),
        (lambda: math.sqrt(-1.0), True),
        (lambda: math.acos(2.0), True),
        (lambda: int("seven"), False),
        (lambda: {}["x"], False),
    ],
)
def test_which_exceptions_say_that_there_is_no_value_here(call, expected):
    with pytest.raises((ArithmeticError, ValueError, KeyError)) as caught:
        call()
    assert undefined(caught.value) is expected


def test_quiet_holds_inside_and_gives_the_users_state_back():
    @arrays.quiet()
    def squared(x):
        return x * x

    with np.errstate(all="raise"):
        assert squared(np.array([1e-300, 1e300])).tolist() == [0.0, math.inf]
        with pytest.raises(FloatingPointError):
            np.array([1e-300]) * np.array([1e-300])
    assert isinstance(squared, types.FunctionType)
