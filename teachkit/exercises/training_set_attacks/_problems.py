"""Small training sets with one image that may be changed, and a test point."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .._slips.logistic import fit, hessian, sigma
from .._slips.mixed import mixed

Push = Callable[[np.ndarray, np.ndarray], np.ndarray]
Train = Callable[[np.ndarray], np.ndarray]


def push_of(X, y, theta, l2, i, x_test, y_test):
    """I_pert,loss of training point i, (d,)."""
    g_test = -y_test * sigma(-y_test * (x_test @ theta)) * x_test
    return -g_test @ np.linalg.solve(hessian(X, y, theta, l2), mixed(X[i], y[i], theta))


def _problem(seed: int, n: int, l2: float) -> tuple[Push, Train]:
    """What moving image 0 does to the test loss, and theta with this image 0."""
    random = np.random.default_rng(seed)
    X, x_test = random.random((n, 4)).round(2), random.random(4).round(2)
    y, y_test = np.resize([1.0, -1.0, -1.0, 1.0], n), 1.0 - 2.0 * (seed % 2)

    def with_image(x):
        return np.concatenate([np.reshape(x, (1, 4)), X[1:]])

    def push(x, theta):
        return push_of(with_image(x), y, theta, l2, 0, x_test, y_test)

    def train(x):
        return fit(with_image(x), y, l2)

    return push, train


PROBLEMS = tuple(
    _problem(*row) for row in ((1, 6, 0.02), (3, 5, 0.02), (13, 7, 0.02), (17, 6, 0.005))
)


def short(x0, x, g):
    """A step of .1 for each pixel, at most .25 from x0."""
    return np.clip(np.clip(x + 0.1 * np.sign(g), x0 - 0.25, x0 + 0.25), 0, 1)


def long(x0, x, g):
    """A step of .15 for each pixel, at most .4 from x0."""
    return np.clip(np.clip(x + 0.15 * np.sign(g), x0 - 0.4, x0 + 0.4), 0, 1)
