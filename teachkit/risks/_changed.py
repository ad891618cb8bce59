"""The same risk on changed data: arrays are shared, and only what is new is checked."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, TypeVar

from teachkit.arrays import Array, as_float, locked, own
from teachkit.risks import checks

Risk = TypeVar("Risk", bound=Any)


def with_weights(risk: Risk, weights: Array) -> Risk:
    """The risk with other weights, (n,)."""
    other = copy.copy(risk)
    other.weights = checks.check_weights(weights, risk.n, risk.X)
    return other


def with_example(
    risk: Risk, i: int, x: Array, y: Any, label: Callable[[Array, Array], Array] | None = None
) -> Risk:
    """The risk with example i exchanged for x (d,) and the number y.

    ``label(y, X)`` reads or refuses a label, for y (1,) and X (1, d).
    """
    i = checks.check_index(i, risk.n)
    x, y = as_float(x, "x", like=risk.X), as_float(y, "y", like=risk.X)
    d = risk.X.shape[1]
    if tuple(x.shape) != (d,) or y.ndim != 0:
        raise ValueError(
            f"x has shape {tuple(x.shape)} and y {tuple(y.shape)}; one example is x of shape "
            f"({d},) and a single number y."
        )
    if label is not None:
        y = label(y[None], x[None, :])[0]
    other = copy.copy(risk)
    other.X, other.y = own(risk.X), own(risk.y)
    other.X[i, :], other.y[i] = x, y
    locked(other.X), locked(other.y)
    return other
