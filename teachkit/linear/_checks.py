"""What the solvers ask of a matrix before they believe it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from teachkit import require
from teachkit.arrays import (
    Array,
    LinearMap,
    array_namespace,
    as_float,
    device,
    is_array,
    own,
    scalar,
)
from teachkit.boundary import answer


def check_symmetric(A: Any, name: str, like: Array | None = None) -> Array:
    """The matrix A as floats, (p, p), not empty and symmetric to rounding."""
    A = as_float(A, name, like=like)
    if A.ndim != 2 or A.shape[0] != A.shape[1] or A.shape[0] == 0:
        raise ValueError(
            f"{name} has shape {tuple(A.shape)}; it has to be a square matrix (p, p). For a system "
            "that is not square, solve its normal equations."
        )
    if apart := asymmetry(A, _tolerance(A)):
        raise ValueError(
            f"{name} is not symmetric: it differs from its transpose by up to {apart:.3g}. A "
            "Hessian is symmetric whatever the function, so one of the formulas is wrong; if the "
            f"difference is meant to be rounding, take ({name} + {name}.T) / 2."
        )
    return A


def asymmetry(A: Array, tolerance: float) -> float:
    """How far A (p, p) is from its transpose, where that is more than rounding; 0 otherwise.

    The measure of A_ij is sqrt(A_ii A_jj), which knows the units of both coordinates, or A_ij
    itself. (What rounding does to the largest entry is allowed everywhere.)
    """
    xp = array_namespace(A)
    apart = xp.abs(A - A.T)
    if not scalar(xp.max(apart)) > 0.0:
        return 0.0
    size, root = xp.abs(A), xp.sqrt(xp.abs(xp.linalg.diagonal(A)))
    allowed = tolerance * (size + size.T + root[:, None] * root[None, :])
    allowed = allowed + 4 * float(xp.finfo(A.dtype).eps) * xp.max(size)
    return scalar(xp.max(xp.where(apart > allowed, apart, xp.zeros_like(apart))))


def check_symmetric_map(A: LinearMap, like: Array, name: str = "A") -> None:
    """u' A v = v' A u to rounding, on one random pair of vectors, which A leaves as they are."""
    require.function(A, name, f"v -> {name} v")
    xp, rng = array_namespace(like), np.random.default_rng(0)
    u, v = (
        xp.asarray(rng.standard_normal(like.shape[0]), dtype=like.dtype, device=device(like))
        for _ in range(2)
    )
    before = own(u)
    Au, Av = (answer(lambda x=x: own(A(x)), f"{name}(v)") for x in (u, v))
    for product in (Au, Av):
        if not is_array(product) or product.shape != like.shape:
            shape = tuple(product.shape) if is_array(product) else type(product).__name__
            raise ValueError(
                f"{name}(v) gave {shape} for a v of shape {tuple(like.shape)}; it has to take a "
                "vector (p,) and return its product with a matrix, (p,)."
            )
    if scalar(xp.any(u != before)):
        raise ValueError(
            f"{name}(v) changes v itself, and the vectors of the method with it. Write its result "
            "to a new array: 2 * v, not v *= 2."
        )
    unit = max(scalar(xp.max(xp.abs(Au))), scalar(xp.max(xp.abs(Av)))) or 1.0
    if not (math.isfinite(unit) and scalar(xp.all(xp.isfinite(Au) & xp.isfinite(Av)))):
        raise ValueError(f"{name}(v) gave NaN or infinity for a v of ordinary size.")
    uAv, vAu = scalar(u @ (Av / unit)), scalar(v @ (Au / unit))  # squares of 1e-300 are 0
    norm = xp.linalg.vector_norm
    size = scalar(norm(u)) * scalar(norm(Av / unit)) + scalar(norm(v)) * scalar(norm(Au / unit))
    if abs(uAv - vAu) > _tolerance(like) * size:
        raise ValueError(
            f"{name} is not symmetric: for random u and v, u' {name}(v) = {unit * uAv:.6g} "
            f"and v' {name}(u) = {unit * vAu:.6g}. Conjugate gradients need a symmetric matrix; a "
            "Hessian is one, so look for a wrong formula."
        )


def check_preconditioner(preconditioner: Any, like: Array | None = None) -> None:
    """None or a callable and, where a vector is at hand to try it on, a symmetric one."""
    if preconditioner is None:
        return
    if is_array(preconditioner) or not callable(preconditioner):
        raise TypeError(
            f"preconditioner is {type(preconditioner).__name__}; it has to be a callable r -> M^-1 "
            "r. For a diagonal: lambda r: r / diagonal."
        )
    if like is not None:
        check_symmetric_map(preconditioner, like, "preconditioner")


def unit_of(*arrays: Array) -> float:
    """A power of two (which changes no digit) of the size of the data.

    In such units r' z neither over- nor underflows: squares of 1e-30 are 0 in float32.
    """
    size = max(scalar(array_namespace(x).max(array_namespace(x).abs(x))) for x in arrays)
    return math.ldexp(0.5, math.frexp(size)[1]) if size > 0.0 else 1.0


def _tolerance(x: Array) -> float:
    """How much of its size rounding may take from a symmetry: sqrt(eps), 1.5e-8 in float64."""
    return float(array_namespace(x).finfo(x.dtype).eps) ** 0.5
