"""Five statements, and for each a case that decides it, computed."""

from __future__ import annotations

import numpy as np

from .._slips.logistic import sigma


def _line() -> tuple[np.ndarray, np.ndarray]:
    x = np.array([0.0, 1.0, 2.0, 3.0, 6.0])
    return np.column_stack([x, np.ones(5)]), np.array([0.2, 0.8, 2.1, 2.7, 4.0])


def _without_the_last(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.linalg.solve(X[:-1].T @ X[:-1], X[:-1].T @ y[:-1])


def removal() -> str:
    """The line with the weights 1/n, the last one's plus eps = -1/n, and without the last row."""
    X, y = _line()
    w = np.full(5, 1 / 5)
    w[-1] -= 1 / 5
    gap = np.abs(np.linalg.solve((X.T * w) @ X, X.T @ (w * y)) - _without_the_last(X, y)).max()
    return (
        "A line through five points, the last with the extra weight -1/5, and the line through the "
        f"other four differ by {_small(gap)}: the sum has lost one term, and a factor before "
        "all the others moves no minimum."
    )


def flat_minimum() -> str:
    """The second derivative of theta^4 at its minimum, 0, by a difference of slopes."""
    h = 1e-3
    second = (4 * h**3 - 4 * (-h) ** 3) / (2 * h)
    return (
        "theta^4 is strictly convex, and its second derivative at the minimum is 0: the slope's "
        f"difference over {h:g} to either side gives {second:.0e}, and 0 in the limit."
    )


def differences() -> str:
    """Both differences of the sigmoid at -1 with r = 3."""
    at, r = -1.0, 3.0
    back, here, ahead = sigma(np.array([at - r, at, at + r]))
    exact = here * (1 - here)
    forward, central = abs((ahead - here) / r - exact), abs((ahead - back) / (2 * r) - exact)
    return (
        f"For the sigmoid at {at:g} and r = {r:g} the forward difference is off by {forward:.3f}, "
        f"the central one by {central:.3f}. The higher order speaks for small r alone."
    )


def residual() -> str:
    """|b - Ax| before and after the first step of conjugate gradients, and the height."""
    A, b = np.diag([1.0, 10.0]), np.array([1.0, 0.3])
    x = (b @ b) / (b @ A @ b) * b
    before, after = np.linalg.norm(b), np.linalg.norm(b - A @ x)
    return (
        f"A = diag(1, 10), b = (1, 0.3): |b - Ax| goes from {before:.2f} to {after:.2f} in the "
        f"first step, while the height goes from 0 to {x @ A @ x / 2 - b @ x:.2f}. What falls in "
        "every step is the error in the A-norm; the residual need not."
    )


def press() -> str:
    """The predicted removal of the last point over 1 - h, and the true one."""
    X, y = _line()
    theta = np.linalg.solve(X.T @ X, X.T @ y)
    toward = np.linalg.solve(X.T @ X, X[-1])
    h = X[-1] @ toward
    predicted = -toward * (y[-1] - X[-1] @ theta)
    true = _without_the_last(X, y) - theta
    gaps = [np.abs(p - true).max() / np.abs(true).max() for p in (predicted, predicted / (1 - h))]
    return (
        f"The last of five points has h = {h:.2f}: the prediction is off by {gaps[0]:.0%}, divided "
        f"by 1 - h by {_small(gaps[1])}. For the square loss nobody's curvature changes, and "
        "1 - h is what the point takes out of H."
    )


def _small(gap: float) -> str:
    return "rounding" if gap < 1e-12 else f"{gap:.1e}"


STATEMENTS = (
    (True, "Without a penalty, removing is exactly eps = -1/n", removal),
    (False, "Strictly convex gives a positive definite Hessian", flat_minimum),
    (False, "Central is closer than forward for every r", differences),
    (False, "The residual of conjugate gradients falls with every step", residual),
    (True, "Dividing by 1 - h is exact for the square loss", press),
)
