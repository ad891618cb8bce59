"""What is sent to another process arrives as it was."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys

import numpy as np
import pytest

from teachkit import datasets, functions
from teachkit.boundary import apart
from teachkit.derivatives import gradient, hessian, hvp, hvp_test, jacobian, taylor_test
from teachkit.linear import CholeskyFactor, conjugate_gradient
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

F = functions.rosenbrock


def quartic(x):
    return (x**4).sum()


def again(thing):
    return pickle.loads(pickle.dumps(thing))


@pytest.mark.parametrize("f", functions.ALL, ids=lambda f: f.name.split()[0])
def test_a_landscape_is_itself_again(f):
    assert again(f) is f and copy.deepcopy(f) is f


def test_a_landscape_arrives_in_another_process():
    code = (
        "import pickle, sys; f, m = pickle.load(sys.stdin.buffer); "
        "print(f.value(m), type(f).__module__)"
    )
    sent = pickle.dumps((functions.himmelblau, functions.himmelblau.minimiser))
    run = subprocess.run([sys.executable, "-c", code], input=sent, capture_output=True, check=True)
    assert run.stdout.decode().split() == ["0.0", "teachkit.functions"]


def test_a_landscape_of_ones_own_is_sent_like_any_object():
    own = functions.Landscape("q", "", (1.0,), ((0.0,),), ((-1.0, 1.0),), abs, abs, abs)
    assert again(own).formula is abs and again(own) is not own


def test_derivatives_of_a_function_that_can_be_sent():
    x = np.array([0.3, -0.7])
    for derivative in (gradient, jacobian, hessian):
        np.testing.assert_array_equal(again(derivative(quartic))(x), derivative(quartic)(x))
    np.testing.assert_array_equal(again(hvp(quartic))(x, x), hvp(quartic)(x, x))
    np.testing.assert_array_equal(again(apart(quartic))(x), quartic(x))


def test_options_and_records():
    for thing in (
        *(SteepestDescent(), Newton(), NewtonCG(), BFGS(), LBFGS(3)),
        *(FixedStep(0.1), Backtracking(), Wolfe()),
    ):
        assert again(thing) == thing
    for trace in (
        minimize(F, F.start),
        newton_root(np.cos, lambda x: -np.sin(x), 1.0),
        conjugate_gradient(np.diag([1.0, 2.0]), np.ones(2)),
    ):
        np.testing.assert_array_equal(again(trace).x, trace.x)
        assert again(trace).message == trace.message
    factor = CholeskyFactor(np.diag([1.0, 2.0]))
    np.testing.assert_array_equal(again(factor).L, factor.L)
    assert again(taylor_test(F.value, F.gradient, [0.1, 0.2])).verdict == "right"
    assert again(hvp_test(F.hvp, F.gradient, [0.1, 0.2])).verdict == "right"
    assert again(datasets.breast_cancer()).name == datasets.breast_cancer().name
