"""Small logistic regressions for exercises, and their formulas in plain NumPy.

R(theta) = (1/n) sum_i log(1 + e^(-y_i x_i'theta)) + l2/2 |theta|^2, labels -1 and +1. Six points,
so that n - 1 for n and the leverage show; mixed labels; theta at the optimum and never 0; a
training point on the wrong side.
"""

from __future__ import annotations

import numpy as np

Risk = tuple[np.ndarray, np.ndarray, np.ndarray, float]


def risks() -> list[Risk]:
    """(X, y, theta, l2) of two data sets, n = 6 and n = 7, each at its optimum."""
    first = np.array(
        [
            [2.1, 1.4, 1.3],
            [-1.2, -2.6, 0.7],
            [0.6, -1.1, -2.3],
            [-2.4, -0.3, 1.9],
            [1.4, 1.8, -1.2],
            [1.9, 1.2, 0.4],
        ]
    )
    labels = np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0])
    second = np.array(
        [
            [1.9, 1.7, -0.6],
            [-1.6, -1.4, 2.2],
            [2.5, 0.3, 0.8],
            [0.2, -2.1, 1.4],
            [-0.7, 2.9, 0.5],
            [1.3, 1.6, -1.9],
            [-2.8, -1.0, -0.4],
        ]
    )
    others = np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0, -1.0])
    return [(X, y, fit(X, y, l2), l2) for X, y, l2 in ((first, labels, 0.5), (second, others, 0.3))]


def sigma(m: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-m))


def gradient(X: np.ndarray, y: np.ndarray, theta: np.ndarray, i: int) -> np.ndarray:
    """grad L(z_i) = -y_i sigma(-m_i) x_i, without penalty."""
    return -y[i] * sigma(-y[i] * (X[i] @ theta)) * X[i]


def curvature(X: np.ndarray, y: np.ndarray, theta: np.ndarray) -> np.ndarray:
    m = y * (X @ theta)
    return sigma(m) * sigma(-m)


def hessian(X: np.ndarray, y: np.ndarray, theta: np.ndarray, l2: float) -> np.ndarray:
    """The mean of c_i x_i x_i', plus l2 I."""
    c = curvature(X, y, theta)
    return (X.T * c) @ X / len(y) + l2 * np.eye(len(theta))


def fit(X: np.ndarray, y: np.ndarray, l2: float, weights: np.ndarray | None = None) -> np.ndarray:
    """The minimum by Newton's method; n stays fixed when a weight is 0."""
    n, p = X.shape
    w = np.ones(n) if weights is None else weights
    theta = np.zeros(p)
    for _ in range(30):
        m = y * (X @ theta)
        slope = -(w * y * sigma(-m)) @ X / n + l2 * theta
        H = (X.T * (w * sigma(m) * sigma(-m))) @ X / n + l2 * np.eye(p)
        step = np.linalg.solve(H, slope)
        theta = theta - step
        if np.abs(step).max() < 1e-13:
            break
    return theta


def any_point(draw):
    """(X, y, theta, l2, i) at its optimum, with 4 to 9 points and 1 to 4 parameters."""
    n, p = draw.whole(4, 9), draw.whole(1, 4)
    X, y, l2 = draw.numbers(n, p, low=-3.0, high=3.0), draw.labels(n), draw.number(0.1, 1.5)
    theta = fit(X, y, l2)
    return X, y, theta, l2, draw.index(n)


def any_test_point(draw):
    """The same, with a test point: (X, y, theta, l2, i, x_test, y_test)."""
    case = any_point(draw)
    return *case, draw.numbers(len(case[2]), low=-3.0, high=3.0), draw.pick(-1.0, 1.0)
