"""Conjugate gradients (Hestenes & Stiefel 1952): A x = b from products with A alone."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np

from teachkit._drive import check_limits, drive
from teachkit.arrays import Array, array_namespace, as_float, is_array, scalar
from teachkit.linear._checks import (
    LinearMap,
    check_preconditioner,
    check_symmetric,
    check_symmetric_map,
)
from teachkit.trace import Trace

REFRESH = 0.01
"""The residual is computed afresh each time the recursion has shrunk it by this factor."""


class NegativeCurvature(str):
    """The sentence that ends a run along a p with p' A p <= 0, and the step that was not taken.

    ``step`` is r' z / abs(p' A p) p, as long as if A curved upwards as much as it curves downwards;
    p itself where A is flat.
    """

    step: Array = None


@dataclass(frozen=True)
class CGIterate:
    """One iterate of conjugate gradients: the step's number, x, and ||b - A x||_2."""

    k: int
    x: Array
    residual_norm: float


def conjugate_gradient(
    A: Any,
    b: Array,
    x0: Array | None = None,
    *,
    rtol: float = 1e-8,
    max_iter: int | None = None,
    preconditioner: LinearMap | None = None,
    progress: bool = False,
) -> Trace:
    """Solve A x = b for a symmetric positive definite A.

    Minimises 1/2 x' A x - b' x along directions p_k that are conjugate, p_j' A p_k = 0, until
    ||b - A x||_2 <= rtol ||b||_2, which is checked on the residual itself, not on its recursion.

    Parameters
    ----------
    A : array (p, p) or callable
        A matrix, checked for symmetry; or v -> A v for v (p,), checked on one random pair:
        u' A v = v' A u.
    b : array (p,)
    x0 : array (p,), optional
        The start; zeros by default.
    rtol : float
    max_iter : int, optional
        10 p by default: rounding makes it more than the p steps of exact arithmetic.
    preconditioner : callable, optional
        r -> M^-1 r with M close to A, symmetric and positive definite; ``lambda r: r / diagonal``,
        say.
    progress : bool
        Show a bar (needs tqdm).

    Returns
    -------
    Trace
        With iterates ``(k, x, residual_norm)``. b = 0 gives x = 0, converged. An A that turns out
        not to be positive definite ends the run with a message, not with an exception.

    Raises
    ------
    ValueError
        A or the preconditioner is not symmetric; shapes do not fit; NaN or infinity in A, b or x0.

    Source: Hestenes & Stiefel (1952); Nocedal & Wright (2006), algorithms 5.2 and 5.3.
    Lesson: 06_conjugate_gradient
    """
    A, b, x0 = _checked(A, b, x0, preconditioner)
    max_iter = 10 * b.shape[0] if max_iter is None else max_iter
    check_limits(rtol, max_iter, "rtol")
    return run(A, b, x0, rtol, max_iter, preconditioner, progress)


def conjugate_gradient_steps(
    A: Any, b: Array, x0: Array | None = None, *, preconditioner: LinearMap | None = None
) -> Generator[CGIterate, None, str]:
    """The iterates of `conjugate_gradient`, the start (k = 0) included, one at each ``next``.

    Goes on until it cannot: the residual is exactly 0 or at rounding level, or A or the
    preconditioner is not positive definite. The sentence that says so is the generator's return
    value. The arguments are those of `conjugate_gradient`.

    Lesson: 06_conjugate_gradient
    """
    return steps(*_checked(A, b, x0, preconditioner), preconditioner)


def run(
    A: LinearMap,
    b: Array,
    x0: Array,
    rtol: float,
    max_iter: int,
    preconditioner: LinearMap | None,
    progress: bool = False,
) -> Trace:
    """`conjugate_gradient` without the checks of its arguments."""
    of_b = _safe_norm(b)
    goal = rtol * of_b

    def reached(it: CGIterate) -> str:
        if not (it.residual_norm <= goal and _safe_norm(b - A(it.x)) <= goal):
            return ""
        if it.k == 0:
            return "The start solves the system to the tolerance."
        return f"Converged in {it.k} steps: ||b - A x|| = {it.residual_norm:.2e} <= {goal:.2e}."

    def out_of_steps(iterates: tuple[CGIterate, ...]) -> str:
        relative = iterates[-1].residual_norm / (of_b or 1.0)
        return (
            f"Not converged in {max_iter} steps: ||b - A x|| / ||b|| is {relative:.2g}, and "
            f"rtol={rtol:g} was asked for. Raise max_iter, precondition, or damp A."
        )

    iterates = steps(A, b, x0, preconditioner)
    return drive(iterates, reached, out_of_steps, max_iter=max_iter, progress=progress)


def steps(
    A: LinearMap, b: Array, x: Array, preconditioner: LinearMap | None = None
) -> Generator[CGIterate, None, str]:
    """`conjugate_gradient_steps` without the checks of its arguments.

    Nocedal & Wright (2006), algorithm 5.3 (5.2 without preconditioner), with r = b - A x.
    """
    xp = array_namespace(b)
    # In units of the data r' z neither over- nor underflows: squares of 1e-30 are 0 in float32.
    # A power of two changes no digit.
    unit = _power_of_two(max(scalar(xp.max(xp.abs(b))), scalar(xp.max(xp.abs(x)))))
    b, x = b / unit, x / unit
    r = b - A(x) if scalar(xp.any(x != 0.0)) else b
    norm = checked_norm = _norm(r)
    yield CGIterate(0, x * unit, norm * unit)
    k, p, rz = 0, None, 0.0
    while norm > 0.0:
        z = r if preconditioner is None else preconditioner(r)
        rz, rz_before = scalar(r @ z), rz
        if not rz > 0.0:
            return _breakdown("the preconditioner", "r' M^-1 r", rz)
        p = z if p is None else z + (rz / rz_before) * p
        Ap = A(p)
        curvature = scalar(p @ Ap)
        if not math.isfinite(curvature):
            return "A product with A gave NaN or infinity; the iterates end before it. Scale A."
        if not curvature > 0.0:
            end = NegativeCurvature(_breakdown("A", "p' A p", curvature / (_norm(p) * _norm(p))))
            end.step = (rz / abs(curvature) if curvature else 1.0) * unit * p
            return end
        alpha = rz / curvature
        x_next, r = x + alpha * p, r - alpha * Ap
        with np.errstate(over="ignore"):
            found = x_next * unit
        norm = _norm(r)
        if norm <= REFRESH * checked_norm:
            r = b - A(x_next)
            norm, shrunk_to = _norm(r), norm
            if norm > 0.5 * checked_norm and shrunk_to < norm:
                yield CGIterate(k + 1, found, norm * unit)
                return _stall(norm, _norm(b), b.dtype)
            if norm > 2.0 * shrunk_to:
                p = None  # the residual had drifted, and conjugacy with it: start afresh from x
            checked_norm = norm
        if not (math.isfinite(norm) and scalar(xp.all(xp.isfinite(found)))):
            return (
                "x overflowed; the iterates end before it. A is nearly singular, or needs scaling."
            )
        k, x = k + 1, x_next
        yield CGIterate(k, found, norm * unit)
    return "The residual is exactly 0: x solves the system."


def _breakdown(what: str, form: str, value: float) -> str:
    cure = (
        "Add damping to its diagonal; Cholesky would name its smallest eigenvalue."
        if what == "A"
        else "It has to be r -> M^-1 r for a symmetric positive definite M."
    )
    return (
        f"Stopped: {what} is not positive definite, since {form} is {value:.3g} along a direction "
        f"that was met. {cure}"
    )


def _stall(norm: float, of_b: float, dtype: Any) -> str:
    return (
        f"Stopped: ||b - A x|| / ||b|| falls no further than {norm / (of_b or 1.0):.2g}, which is "
        f"the rounding error of {dtype} for an A of this condition. Ask for a larger rtol"
        f"{', or work in float64' if 'float32' in str(dtype) else ''}."
    )


def _checked(A: Any, b: Any, x0: Any, preconditioner: Any) -> tuple[LinearMap, Array, Array]:
    """A as a checked map, b and the start as vectors of one dtype and device."""
    if callable(A) and not is_array(A):
        b = as_float(b, "b")
        matrix = None
    else:
        matrix = check_symmetric(A, "A")
        b = as_float(b, "b", like=matrix)
    if b.ndim != 1 or b.shape[0] == 0:
        raise ValueError(
            f"b has shape {tuple(b.shape)}; it has to be one vector, (p,). Solve for several "
            "right-hand sides one after the other."
        )
    if matrix is not None and matrix.shape[0] != b.shape[0]:
        raise ValueError(f"A has shape {tuple(matrix.shape)} and b {tuple(b.shape)}: not one p.")
    xp = array_namespace(b)
    if x0 is None:
        x0 = xp.zeros_like(b)
    else:
        x0 = as_float(x0, "x0", like=b)
        if x0.shape != b.shape:
            raise ValueError(f"x0 has shape {tuple(x0.shape)} and b {tuple(b.shape)}: not one p.")
    if not scalar(xp.any(b != 0.0)):
        x0 = xp.zeros_like(b)  # the solution itself
    check_preconditioner(preconditioner, b)
    if matrix is not None:
        return (lambda v: matrix @ v), b, x0
    check_symmetric_map(A, b)
    return A, b, x0


def _power_of_two(x: float) -> float:
    """The power of two next below x; 1 for 0."""
    return math.ldexp(0.5, math.frexp(x)[1]) if x > 0.0 else 1.0


def _norm(v: Array) -> float:
    return scalar(array_namespace(v).linalg.vector_norm(v))


def _safe_norm(v: Array) -> float:
    """||v||_2 where squaring the entries would underflow, too."""
    xp = array_namespace(v)
    unit = scalar(xp.max(xp.abs(v)))
    return unit * _norm(v / unit) if 0.0 < unit < math.inf else unit
