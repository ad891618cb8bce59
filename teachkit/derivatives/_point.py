"""The point at which a derivative is taken."""

from __future__ import annotations

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
            "Flatten a matrix of parameters with reshape(-1)."
        )
    return x
