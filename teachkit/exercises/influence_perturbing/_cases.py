"""Training points with a move, and test points with both labels on both sides."""

from __future__ import annotations

import numpy as np

from .._slips import hessian
from .._slips.logistic import any_point, curvature, risks

# How many images the notebook trains on; it calls that n, and an answer can see it.
NOTEBOOK_N = 249

_MOVES = (np.array([0.6, -0.9, 0.5]), np.array([-0.8, 0.4, 1.1]))
_TESTS = (np.array([1.5, 0.4, -1.2]), np.array([-0.9, -1.4, 0.3]))


def moved_points() -> list[tuple]:
    # Moves of about 1: for a tiny one the finite formula and its straight line agree.
    return [
        (X, y, theta, l2, i, delta)
        for X, y, theta, l2 in risks()
        for i in (0, 1, 3, 5)
        for delta in _MOVES
    ]


def any_moved_point(draw):
    case = any_point(draw)
    return *case, draw.numbers(len(case[2]), low=-1.5, high=1.5)


def test_points() -> list[tuple]:
    return [
        (X, y, theta, l2, i, x_test, y_test)
        for X, y, theta, l2 in risks()
        for i in (0, 1, 5)
        for x_test in _TESTS
        for y_test in (1.0, -1.0)
    ]


def single_points() -> list[tuple]:
    """(x, y, theta, v): any theta, x not parallel to it, both labels on both sides."""
    x, theta, v = np.array([1.2, -0.7, 0.5]), np.array([0.4, 0.9, -1.1]), np.array([-0.6, 0.8, 1.0])
    other, slope, w = np.array([0.9, 1.6]), np.array([1.1, -0.3]), np.array([0.7, -1.2])
    return [(a, y, theta, v) for a, y in ((x, 1.0), (x, -1.0))] + [
        (a, 1.0, slope, w) for a in (other, -other)
    ]


def any_single_point(draw):
    p = draw.whole(1, 4)
    x, theta, v = (draw.numbers(p, low=-1.5, high=1.5) for _ in range(3))
    return x, draw.pick(-1.0, 1.0), theta, v


def leverage(H_inv, X, y, theta, i):
    """h_i, by whose 1 - h_i the prediction of a removal is divided."""
    return curvature(X, y, theta)[i] * (X[i] @ H_inv @ X[i]) / len(y)


def _one_curvature(X, y, theta, l2, i):
    H = curvature(X, y, theta)[i] * (X.T @ X) / len(y) + l2 * np.eye(len(theta))
    return np.linalg.inv(H)


def _by_the_notebooks_n(X, y, theta, l2):
    H = hessian.hessian(X, y, theta, 0.0) * len(y) / NOTEBOOK_N + l2 * np.eye(len(theta))
    return np.linalg.inv(H)


INVERSE = hessian.INVERSE.more(
    ("one q for all in H", _one_curvature,
     """In H all points count with the q of point i. Each has its own: q_k (1 - q_k) multiplies its
     own row x_k of X, so q is a vector (n,) there."""),
    ("n of the notebook", _by_the_notebooks_n, ""),
)  # fmt: skip
