"""Five statements, and for each a case that decides it, computed."""

from __future__ import annotations

import numpy as np

from .._slips.logistic import sigma


def _line() -> tuple[np.ndarray, np.ndarray]:
    x = np.array([0.0, 1.0, 2.0, 3.0, 6.0])
    return np.column_stack([x, np.ones(5)]), np.array([0.2, 0.8, 2.1, 2.7, 4.0])


def _fitted(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.linalg.solve(X.T @ X, X.T @ y)


def _influences(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """-H^-1 g of every point of a line, a row each, with R the mean of half the squares."""
    gradients = (X @ _fitted(X, y) - y)[:, None] * X
    return -np.linalg.solve(X.T @ X / len(y), gradients.T).T


def stored_twice() -> str:
    """The influence of each point of a line, and of the same line with every point twice."""
    X, y = _line()
    once, twice = _influences(X, y), _influences(np.vstack([X, X]), np.append(y, y))[:5]
    return (
        "A line through five points, and through the same points stored twice: the influences "
        f"differ by {_small(np.abs(twice - once).max())}. The mean risk is the same function, so H "
        "and the gradients are. (What changes is n, and with it what one removal does.)"
    )


def product() -> str:
    """x'ABx for two positive definite matrices and one x."""
    A, B, x = np.diag([1.0, 10.0]), np.array([[1.0, 0.9], [0.9, 1.0]]), np.array([2.0, -1.0])
    lowest = [np.linalg.eigvalsh(M).min() for M in (A, B)]
    return (
        f"A = diag(1, 10) has the lowest eigenvalue {lowest[0]:.1f}, B = [[1, 0.9], [0.9, 1]] has "
        f"{lowest[1]:.1f}, and for x = (2, -1) x'ABx is {x @ A @ B @ x:.1f}. AB is not symmetric, "
        "and its quadratic form sees (AB + BA)/2."
    )


def penalty() -> str:
    """The influence of the middle one of 1, 2, 3 on their mean, without a penalty and with one."""
    y, found = np.array([1.0, 2.0, 3.0]), []
    for l2 in (0.0, 1.0):
        theta = y.mean() / (1 + l2)  # the minimum of mean (y - theta)^2 / 2 + l2 theta^2 / 2
        found.append((y[1] - theta) / (1 + l2))
    return (
        f"The mean of 1, 2, 3: the influence of the 2 is {found[0]:.1f} without a penalty and "
        f"{found[1]:.1f} with l2 = 1. H has become larger, but so has the point's gradient: the "
        "penalty has drawn theta away from it."
    )


def moved_label() -> str:
    """A label of a line moved by 100, predicted and computed."""
    X, y = _line()
    step = 100.0
    predicted = step / 5 * np.linalg.solve(X.T @ X / 5, X[-1])
    true = _fitted(X, y + step * (np.arange(5) == 4)) - _fitted(X, y)
    return (
        f"The last label of a line moved by {step:g}: the predicted and the true change of theta "
        f"differ by {_small(np.abs(predicted - true).max() / np.abs(true).max())}. H does not know "
        "the labels, and theta depends on them linearly."
    )


def turned_label() -> str:
    """The size of a logistic gradient at the margin 2, and with the label turned over."""
    kept, turned = sigma(np.array([-2.0, 2.0]))
    return (
        f"At the margin 2 the gradient is {kept:.2f} times x, turned over {turned:.2f} times x "
        f"the other way: {turned / kept:.1f} times as large. Both factors are the loss's slope, "
        "small where the label is expected and near 1 where it is not."
    )


def _small(gap: float) -> str:
    return "rounding" if gap < 1e-12 else f"{gap:.1e}"


STATEMENTS = (
    (True, "Every point stored twice leaves the I_up,params of each point as it was", stored_twice),
    (False, "A and B symmetric and positive definite give x'ABx > 0 for every x but 0", product),
    (False, "A stronger penalty makes the influence of every point on theta smaller", penalty),
    (True, "For the square loss what influence predicts for a moved label is exact, however far",
     moved_label),
    (False, "A label turned over, theta as it was, turns the influence round and keeps its size",
     turned_label),
)
