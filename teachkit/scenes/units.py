"""Data in the learner's units, and numbers of ordinary size to compute with.

A column of prices beside one of years makes matrices whose rounding swallows what is looked for.
Inside, columns and target are therefore brought to ordinary size, and theta is brought back:

    x = shift + scale u,    y = level + height v,    v = phi . (u, 1)  <=>  y = theta . (x, 1)

The factors are powers of two, so that nothing is rounded, and 1 where the numbers are ordinary.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray
ORDINARY = 64.0  # numbers up to this, and from one over it, are computed with as they are
FAR = 8.0  # numbers whose middle is farther from 0 than so many half-widths are moved there


def size_of(values: Any) -> float:
    """A power of two near the largest of the values in absolute terms; 1 where it is ordinary."""
    largest = float(np.abs(values).max(initial=0.0))
    if largest == 0 or 1 / ORDINARY <= largest <= ORDINARY:
        return 1.0
    return math.ldexp(1.0, math.frexp(largest)[1] - 1)


def standardised(X: Array) -> Array:
    """Columns of ordinary size as they are; otherwise all with mean 0 and deviation 1.

    For what is shown in no units. A constant column becomes one of ones.
    """
    if all(size_of(column) == 1 for column in X.T):
        return X
    X = X / [size_of(column) for column in X.T]
    spread = X.std(axis=0)
    constant = spread <= 1e-12 * np.abs(X).max(axis=0)
    return np.where(constant, 1.0, (X - X.mean(axis=0)) / np.where(constant, 1.0, spread))


@dataclass(frozen=True, eq=False)
class Units:
    """How columns X (n, d) and a target y (n,) become numbers of ordinary size, and back.

    ``l2`` is the penalty on all of theta; where there is one, nothing is moved.
    """

    l2: float
    shift: Array
    scale: Array
    level: float = 0.0
    height: float = 1.0

    def inside(self, X: Array) -> Array:
        """u of the columns x, (..., d)."""
        return (X - self.shift) / self.scale

    def target(self, y: Any) -> Any:
        """v of y."""
        return (y - self.level) / self.height

    @property
    def penalty(self) -> Array:
        """The l2 of phi, (d + 1,)."""
        return self.l2 / np.append(self.scale, 1.0) ** 2

    def outside(self, phi: Array) -> Array:
        """theta of phi, both (..., d + 1), the intercept last."""
        slopes = phi[..., :-1] / self.scale
        moved = self.height * (slopes * self.shift).sum(axis=-1, keepdims=True)
        intercept = self.level + (self.height * phi[..., -1:] - moved)
        return np.concatenate([self.height * slopes, intercept], axis=-1)


def units_of(X: Array, y: Array | None, l2: float) -> Units:
    """The units of these columns, and of a target that is a number.

    With a penalty no column is stretched so far that its part of the penalty would outweigh all.
    """
    least = size_of(math.sqrt(l2))
    if y is None or l2 > 0:
        shift, level = np.zeros(X.shape[1]), 0.0
    else:
        shift, level = np.array([_middle(column) for column in X.T]), _middle(y)
    sizes = [size_of(column) for column in (X - shift).T]
    scale = np.array([max(size, min(1.0, least)) if l2 > 0 else size for size in sizes])
    return Units(l2, shift, scale, level, 1.0 if y is None else size_of(y - level))


def _middle(values: Array) -> float:
    low, high = float(values.min()), float(values.max())
    middle = low / 2 + high / 2
    return middle if abs(middle) > FAR * (high / 2 - low / 2) else 0.0
