"""Logistic regressions at a random w, and the formulas that answers and mistakes are made of.

Never at w = 0: there the third derivative of the logistic loss is 0, so a forward difference is as
good as a central one, and outer products of gradients are the Hessian.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from .._slips.logistic import hessian, risks, sigma

Array = np.ndarray


def problems() -> list[tuple]:
    """(X, y, w, l2) with n = 6 and n = 7, p = 3, at a random w, |w| = 1.2."""
    random = np.random.RandomState(5)
    found = []
    for X, y, _, l2 in risks():
        w = random.normal(size=3)
        found.append((X, y, 1.2 * w / np.linalg.norm(w), l2))
    return found


def any_problem(draw) -> tuple:
    """(X, y, w, l2) of n = 1 to 7 points and 1 to 4 columns; w is away from 0."""
    n, p = draw.whole(1, 7), draw.whole(1, 4)
    w = draw.numbers(p, low=0.1, high=1.5) * [draw.pick(-1.0, 1.0) for _ in range(p)]
    y = draw.labels(n) if n > 1 else np.array([draw.pick(-1.0, 1.0)])
    return draw.numbers(n, p, low=-2.5, high=2.5), y, w, draw.number(0.05, 0.9)


def direction(seed: int, p: int = 3) -> Array:
    """A direction with |v| = 3, so that v and v/|v| are told apart."""
    v = np.random.RandomState(seed).normal(size=p)
    return 3 * v / np.linalg.norm(v)


@cache
def gradients() -> list[tuple[int, Callable[[Array], Array]]]:
    """p = 1, 2, 3 and the gradient of a risk with so many columns."""
    return [(p, gradient_of(X[:, :p], y, l2)) for X, y, _, l2 in problems() for p in (1, 2, 3)]


def gradient_of(X: Array, y: Array, l2: float) -> Callable[[Array], Array]:
    """The gradient of the risk, as a function of w alone."""

    def gradient(w: Array) -> Array:
        return -(X.T @ (y * sigma(-y * (X @ w)))) / len(y) + l2 * w

    return gradient


def hessian_times(X: Array, y: Array, w: Array, v: Array, l2: float) -> Array:
    """H v, (p,) or (p, k), from the matrix itself."""
    return hessian(X, y, w, l2) @ v


def large(k: int | None, n: int = 30) -> tuple:
    """(X, y, w, v or V, l2) of a problem with more columns than anyone wants to square."""
    random = np.random.RandomState(1)
    X, y = random.normal(size=(n, 40)), np.where(random.normal(size=n) > 0, 1.0, -1.0)
    return X, y, 0.1 * random.normal(size=40), random.normal(size=40 if k is None else (40, k)), 0.1
