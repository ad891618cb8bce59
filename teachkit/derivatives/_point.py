"""The point at which a derivative is taken, and the direction along which."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from teachkit import arrays
from teachkit.arrays import Array

Function = Callable[[Any], Any]


def as_point(x: Any) -> Array:
    """x as a vector (p,) or a 0-d array of finite floats."""
    x = arrays.as_float(x, "x")
    if x.ndim > 1 or 0 in x.shape:
        raise ValueError(
            f"x has shape {tuple(x.shape)}; a point is a vector (p,) with p >= 1, or one number. "
            "Flatten a matrix of parameters with np.reshape(x, -1)."
        )
    return x


def as_direction(v: Any, x: Array) -> Array:
    """v as finite floats in the shape of x."""
    v = arrays.as_float(v, "v", like=x)
    if v.shape != x.shape:
        raise ValueError(
            f"v has shape {tuple(v.shape)} and x {tuple(x.shape)}; v is a direction in the space "
            "of x. Several directions go through one at a time."
        )
    return v


def length(v: Array) -> float:
    """||v||_2, where squares of the entries would underflow or overflow, too."""
    xp = arrays.array_namespace(v)
    unit = arrays.scalar(xp.max(xp.abs(v)))
    return unit * arrays.scalar(xp.linalg.vector_norm(v / unit)) if 0 < unit < math.inf else unit
