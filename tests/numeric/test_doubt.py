"""A small gradient is no minimum where all is flat, nor is a stalled search."""

from __future__ import annotations

import re

import numpy as np
import pytest

from teachkit.losses import Logistic, Square
from teachkit.optimize import (
    BFGS,
    LBFGS,
    Newton,
    NewtonCG,
    SteepestDescent,
    Wolfe,
    minimize,
    newton_root,
)
from teachkit.risks import LinearRisk

RNG = np.random.default_rng(5)
X = np.c_[RNG.normal(size=(40, 2)), np.ones(40)]
Y = np.where(X @ [1.0, -0.5, 0.3] + RNG.logistic(size=40) > 0, 1.0, -1.0)
DIRECTIONS = [Newton(), NewtonCG(), BFGS(), LBFGS()]


def least(risk, start=(0.0, 0.0, 0.0)):
    """The minimum by the risk times a number that makes it of ordinary size."""
    factor = 1.0 / float(np.max(risk.weights))
    l2 = risk.l2 * factor
    ordinary = LinearRisk(risk.X, risk.y, risk.loss, l2=l2, weights=risk.weights * factor)
    return minimize(ordinary, start, tol=1e-13).x


@pytest.mark.parametrize("tiny", [1e-10, 1e-12, 1e-20])
@pytest.mark.parametrize("direction", [*DIRECTIONS, SteepestDescent()], ids=repr)
def test_a_tiny_objective_is_not_done_at_its_start(direction, tiny):
    risk = LinearRisk(X, Y, Logistic(), l2=0.01 * tiny, weights=np.full(40, tiny))
    fit = minimize(risk, np.zeros(3), direction, Wolfe())
    assert not fit.converged and "so flat here" in fit.message
    advised = float(re.search(r"Take tol=(\S+),", fit.message)[1])
    again = minimize(risk, np.zeros(3), direction, Wolfe(), tol=advised, max_iter=1000)
    assert again.converged, again.message
    np.testing.assert_allclose(again.x, least(risk), rtol=1e-4)


@pytest.mark.parametrize("direction", DIRECTIONS, ids=repr)
def test_a_class_of_tiny_weight_leaves_one_direction_flat(direction):
    weights = np.where(Y > 0, 1.0, 1e-12)
    risk = LinearRisk(X, Y, Logistic(), l2=[0.01, 0.01, 0.0], weights=weights)
    fit = minimize(risk, np.zeros(3), direction, Wolfe())
    assert not fit.converged and "so flat here" in fit.message
    advised = float(re.search(r"Take tol=(\S+),", fit.message)[1])
    again = minimize(risk, np.zeros(3), direction, Wolfe(), tol=advised, max_iter=1000)
    right = minimize(risk, fit.x, tol=1e-17, max_iter=200).x
    assert again.converged and again.x[2] == pytest.approx(right[2], rel=0.01)


@pytest.mark.parametrize("direction", DIRECTIONS, ids=repr)
def test_what_is_done_is_not_doubted(direction):
    for loss, l2 in ((Logistic(), 0.01), (Square(), 0.0), (Logistic(), 1e-6)):
        risk = LinearRisk(X, Y, loss, l2=l2)
        fit = minimize(risk, np.zeros(3), direction, Wolfe())
        assert fit.converged, fit.message
        again = minimize(risk, fit.x, direction, Wolfe())
        assert again.converged and len(again.iterates) == 1
        loose = minimize(risk, np.zeros(3), direction, Wolfe(), tol=0.5)
        assert loose.converged


@pytest.mark.parametrize("shift", [1e6, 1e8])
@pytest.mark.parametrize("direction", DIRECTIONS, ids=repr)
def test_what_has_stopped_far_from_the_minimum_says_so(direction, shift):
    """A column such as a date: centring it changes neither the least value nor the slope."""
    best = minimize(LinearRisk(X, Y, Logistic()), np.zeros(3))
    risk = LinearRisk(X + np.array([shift, 0, 0]), Y, Logistic())
    fit = minimize(risk, np.zeros(3), direction, Wolfe())
    value, right = fit.iterates[-1].value, best.iterates[-1].value
    assert abs(value - right) < 0.02 * (fit.iterates[0].value - right) or (
        not fit.converged and "Stopped away from the minimum" in fit.message
    ), fit.message
    # The advice, followed:
    Z = risk.X[:, :2]
    Z = np.c_[(Z - Z.mean(axis=0)) / Z.std(axis=0), np.ones(40)]
    advised = minimize(LinearRisk(Z, Y, Logistic()), np.zeros(3), direction, Wolfe())
    assert advised.converged and advised.iterates[-1].value == pytest.approx(right, abs=1e-6)


def test_a_direction_that_changes_nothing_is_no_reason():
    """A column twice: H is singular, and every point of a line is a minimum."""
    risk = LinearRisk(np.c_[X, X[:, 0]], Y, Logistic())
    for direction in DIRECTIONS:
        fit = minimize(risk, np.zeros(4), direction, Wolfe(), tol=1e-7)
        assert fit.converged, fit.message


@pytest.mark.parametrize("tiny", [1e-13, 1e-15, 1e-100])
def test_a_root_of_a_tiny_function(tiny):
    """sqrt(2), and 1 and 2 of x + y = 3, x y = 2; from starts where tol is met already."""
    one = (lambda x: tiny * (x**2 - 2), lambda x: tiny * 2 * x, 3.0)
    two = (
        lambda x: tiny * np.array([x[0] + x[1] - 3, x[0] * x[1] - 2]),
        lambda x: tiny * np.array([[1.0, 1.0], [x[1], x[0]]]),
        [0.7, 2.8],
    )
    for (f, df, x0), root in ((one, 2**0.5), (two, [1.0, 2.0])):
        fit = newton_root(f, df, x0)
        assert not fit.converged and "so flat here" in fit.message
        again = newton_root(f, df, x0, tol=1e-10 * tiny)
        assert again.converged
        np.testing.assert_allclose(again.x, root, rtol=1e-8)


def test_a_root_that_is_found_is_not_doubted():
    for f, df, x0 in (
        (lambda x: x**2 - 2, lambda x: 2 * x, 3.0),
        (lambda x: 3 * x - 6, lambda x: 3.0, 50.0),  # a long last step
        (lambda x: x**3, lambda x: 3 * x**2, 5e-5),  # at the start already
        (lambda x: 1e-3 * (x - 1), lambda x: 1e-3, 7.0),
    ):
        assert newton_root(f, df, x0).converged
