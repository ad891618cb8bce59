"""The cases of 7.3 to 7.5, and a logistic regression that is drawn."""

from __future__ import annotations

import numpy as np

from .._slips.logistic import fit, risks


def every_point() -> list[tuple]:
    return [(X, y, theta, l2, i) for X, y, theta, l2 in risks() for i in range(len(y))]


def any_point(draw):
    """(X, y, theta, l2, i) at its optimum, with 4 to 9 points and 1 to 4 parameters."""
    n, p = draw.whole(4, 9), draw.whole(1, 4)
    X, y, l2 = draw.numbers(n, p, low=-3.0, high=3.0), draw.labels(n), draw.number(0.1, 1.5)
    theta = fit(X, y, l2)
    return X, y, theta, l2, draw.index(n)


def test_points() -> list[tuple]:
    # Both labels on training and test points, and for each label a test point on the wrong side.
    cases = []
    for X, y, theta, l2 in risks():
        for x_test in (np.array([1.5, 0.4, -1.2]), np.array([-0.9, -1.4, 0.3])):
            for y_test in (1.0, -1.0):
                cases += [(X, y, theta, l2, i, x_test, y_test) for i in (0, 1, 5)]
    return cases


def any_test_point(draw):
    case = any_point(draw)
    return *case, draw.numbers(len(case[2]), low=-3.0, high=3.0), draw.pick(-1.0, 1.0)
