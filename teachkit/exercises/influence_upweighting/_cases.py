"""The hand-made cases of 7.3 to 7.5."""

from __future__ import annotations

import numpy as np

from .._slips.logistic import risks


def every_point() -> list[tuple]:
    return [(X, y, theta, l2, i) for X, y, theta, l2 in risks() for i in range(len(y))]


def test_points() -> list[tuple]:
    # Both labels on training and test points, and for each label a test point on the wrong side.
    cases = []
    for X, y, theta, l2 in risks():
        for x_test in (np.array([1.5, 0.4, -1.2]), np.array([-0.9, -1.4, 0.3])):
            for y_test in (1.0, -1.0):
                cases += [(X, y, theta, l2, i, x_test, y_test) for i in (0, 1, 5)]
    return cases
