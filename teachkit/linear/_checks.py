"""What the solvers ask of a matrix before they believe it."""

from __future__ import annotations

from typing import Any

from teachkit.arrays import Array, array_namespace, as_float, scalar


def check_symmetric(A: Any, name: str, like: Array | None = None) -> Array:
    """The matrix A as floats, (p, p), not empty and symmetric to rounding."""
    A = as_float(A, name, like=like)
    xp = array_namespace(A)
    if A.ndim != 2 or A.shape[0] != A.shape[1] or A.shape[0] == 0:
        raise ValueError(
            f"{name} has shape {tuple(A.shape)}; it has to be a square matrix (p, p). For a system "
            "that is not square, solve its normal equations."
        )
    asymmetry = scalar(xp.max(xp.abs(A - A.mT)))
    if asymmetry > tolerance(A) * scalar(xp.max(xp.abs(A))):
        raise ValueError(
            f"{name} is not symmetric: it differs from its transpose by up to {asymmetry:.3g}. A "
            "Hessian is symmetric whatever the function, so one of the formulas is wrong; if the "
            f"difference is meant to be rounding, take ({name} + {name}.T) / 2."
        )
    return A


def tolerance(x: Array) -> float:
    """How much of its size rounding may take from a symmetry: sqrt(eps), 1.5e-8 in float64."""
    return float(array_namespace(x).finfo(x.dtype).eps) ** 0.5
