"""Small networks that were stopped early, margins around a kink, matrices that are not definite."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

_X = np.array(
    [
        [1.1, -0.4, 0.7],
        [-0.8, 1.3, -0.2],
        [0.5, 0.9, -1.4],
        [-1.6, -0.3, 0.8],
        [0.2, -1.7, 0.6],
        [1.4, 0.6, 1.2],
    ]
)


def rows(n: int, d: int) -> np.ndarray:
    """n rows of d numbers, the same ones each time; both are at most 6 and 3."""
    return _X[:n, :d]


@cache
def outputs_of(n: int, d: int) -> Callable[[np.ndarray], np.ndarray]:
    """Theta (2 d + 2,) -> the scores (n,) of a network of two tanh units, which is bent."""
    X = rows(n, d)

    def outputs(theta: np.ndarray) -> np.ndarray:
        hidden = np.tanh(X @ np.reshape(theta[: 2 * d], (d, 2)))
        return hidden @ theta[2 * d :]

    return outputs


@cache
def trained_on(n: int, d: int, steps: int) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """(theta, weights) -> theta after so many steps downhill on the weighted logistic risk."""
    X, y = rows(n, d), np.where(np.arange(n) % 3 == 1, -1.0, 1.0)

    def train(theta: np.ndarray, weights: np.ndarray) -> np.ndarray:
        for _ in range(steps):
            q = weights / (1 + np.exp(y * (X @ theta)))
            theta = theta + 0.8 * (X.T @ (q * y)) / n
        return theta

    return train


@cache
def loss_of(d: int) -> Callable[[np.ndarray], Any]:
    """Theta (d,) -> the loss at a test point."""
    x = np.array([0.9, -1.1, 0.4])[:d]

    def loss(theta: np.ndarray) -> Any:
        return np.log1p(np.exp(x @ theta))

    return loss


def symmetric(eigenvalues: np.ndarray, turn: np.ndarray) -> np.ndarray:
    """A symmetric matrix with these eigenvalues; its axes come of any square matrix."""
    axes = np.linalg.qr(turn)[0]
    return axes @ np.diag(eigenvalues) @ axes.T
