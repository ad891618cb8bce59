"""Conjugate gradients (Hestenes & Stiefel 1952): A x = b from products with A alone."""

from __future__ import annotations

import math
import operator
from collections.abc import Generator
from dataclasses import dataclass
from functools import partial
from typing import Any

from teachkit._drive import Breakdown, Steps, check_limits, drive, iterative
from teachkit.arrays import (
    Array,
    LinearMap,
    array_namespace,
    as_float,
    is_array,
    own,
    quiet,
    scalar,
)
from teachkit.boundary import apart
from teachkit.linear._checks import (
    check_preconditioner,
    check_symmetric,
    check_symmetric_map,
    unit_of,
)
from teachkit.trace import Trace

REFRESH = 0.01
"""The residual is computed afresh each time the recursion has shrunk it by this factor."""


@dataclass(frozen=True, eq=False)
class CGIterate:
    """One iterate of conjugate gradients: the step's number, x, and ||b - A x||_2."""

    k: int
    x: Array
    residual_norm: float


@quiet()
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

    Notes
    -----
    Source: Hestenes & Stiefel (1952); Nocedal & Wright (2006), algorithms 5.2 and 5.3.
    Lesson: 06_conjugate_gradient
    """
    A, b, x0 = _checked(A, b, x0, preconditioner)
    max_iter = 10 * b.shape[0] if max_iter is None else max_iter
    check_limits(rtol, max_iter, "rtol")
    return run(A, b, x0, rtol, max_iter, preconditioner, progress)


@quiet()
def conjugate_gradient_steps(
    A: Any, b: Array, x0: Array | None = None, *, preconditioner: LinearMap | None = None
) -> Steps:
    """The iterates of `conjugate_gradient`, the start (k = 0) included, one at each ``next``.

    Goes on until it cannot: the residual is exactly 0 or at rounding level, or A or the
    preconditioner is not positive definite. The generator then returns an `Ending` that says so.
    Where A curves downwards, p' A p <= 0, the ending has the ``step`` that was not taken:
    r' z / abs(p' A p) p, as long as if A curved upwards as much; p itself where A is flat. The
    arguments are those of `conjugate_gradient`.

    Lesson: 06_conjugate_gradient
    """
    return steps(*_checked(A, b, x0, preconditioner), preconditioner)


@quiet()
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
    A, of_b = apart(A, "A v"), _safe_norm(b)
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


@iterative
def steps(
    A: LinearMap, b: Array, x: Array, preconditioner: LinearMap | None = None
) -> Generator[CGIterate, None, str]:
    """`conjugate_gradient_steps` without the checks of its arguments.

    Nocedal & Wright (2006), algorithm 5.3 (5.2 without preconditioner), with r = b - A x.
    """
    A = apart(A, "A v")
    M = (lambda r: r) if preconditioner is None else apart(preconditioner, "M^-1 r")
    unit = unit_of(b, x)
    b, x = b / unit, x / unit
    residual = _Residual(A, b, x)
    r, p, rz = residual.r, 0.0 * b, math.inf  # so that the first direction is z
    yield CGIterate(0, x * unit, residual.norm * unit)
    k = 0
    while not residual.ending:
        z = M(r)
        rz, rz_before = _dot(r, z, "the preconditioner"), rz
        if not rz > 0.0:
            raise _not_definite("the preconditioner", "r' M^-1 r", rz)
        p = z + (rz / rz_before) * p
        Ap = A(p)
        curvature = _dot(p, Ap)
        if not curvature > 0.0:
            step = (rz / abs(curvature) if curvature else 1.0) * unit * p
            raise _not_definite("A", "p' A p", curvature / (_norm(p) * _norm(p)), step)
        alpha = rz / curvature
        x = x + alpha * p
        r, drifted = residual.care(x, r - alpha * Ap)
        if drifted:
            rz = math.inf  # conjugacy has drifted with it: the next direction is z again
        found = x * unit
        if not (math.isfinite(residual.norm) and _finite(found)):
            return (
                "x overflowed; the iterates end before it. A is nearly singular, or needs scaling."
            )
        k += 1
        yield CGIterate(k, found, residual.norm * unit)
    return residual.ending


class _Residual:
    """r = b - A x by the recursion r - alpha A p, and afresh where that may have drifted."""

    def __init__(self, A: LinearMap, b: Array, x: Array) -> None:
        self.A, self.b = A, b
        self.r = b - A(x) if scalar(array_namespace(x).any(x != 0.0)) else b
        self.norm = self.afresh = _norm(self.r)
        self.stalled = False

    def care(self, x: Array, r: Array) -> tuple[Array, bool]:
        """The residual of x, and whether the recursion, which gave r, had drifted from it."""
        self.norm = recursion = _norm(r)
        if not recursion <= REFRESH * self.afresh:
            return r, False
        r = self.b - self.A(x)
        self.norm = _norm(r)
        self.stalled = self.norm > 0.5 * self.afresh and recursion < self.norm
        self.afresh = self.norm
        return r, self.norm > 2.0 * recursion

    @property
    def ending(self) -> str:
        """Why there is no further step, or ""."""
        if self.norm == 0.0:
            return "The residual is exactly 0: x solves the system."
        if not self.stalled:
            return ""
        dtype = self.b.dtype
        return (
            f"Stopped: ||b - A x|| / ||b|| falls no further than "
            f"{self.norm / (_norm(self.b) or 1.0):.2g}, which is the rounding error of {dtype} for "
            f"an A of this condition. Ask for a larger rtol"
            f"{', or work in float64' if 'float32' in str(dtype) else ''}."
        )


def _not_definite(what: str, form: str, value: float, step: Array = None) -> Breakdown:
    cure = (
        "Add damping to its diagonal; Cholesky would name its smallest eigenvalue."
        if what == "A"
        else "It has to be r -> M^-1 r for a symmetric positive definite M."
    )
    return Breakdown(
        f"Stopped: {what} is not positive definite, since {form} is {value:.3g} along a direction "
        f"that was met. {cure}",
        step,
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
        x0 = own(as_float(x0, "x0", like=b))
        if x0.shape != b.shape:
            raise ValueError(f"x0 has shape {tuple(x0.shape)} and b {tuple(b.shape)}: not one p.")
    if not scalar(xp.any(b != 0.0)):
        x0 = xp.zeros_like(b)  # the solution itself
    check_preconditioner(preconditioner, b)
    if matrix is None:
        check_symmetric_map(A, b)
        return A, own(b), x0
    return partial(operator.matmul, own(matrix)), own(b), x0


def _dot(u: Array, v: Array, of: str = "A") -> float:
    """u'v, finite, with v a product with A."""
    found = scalar(u @ v)
    if not math.isfinite(found):
        raise Breakdown(
            f"A product with {of} gave NaN or infinity; the iterates end before it. Scale A."
        )
    return found


def _finite(x: Array) -> bool:
    return bool(scalar(array_namespace(x).all(array_namespace(x).isfinite(x))))


def _norm(v: Array) -> float:
    return scalar(array_namespace(v).linalg.vector_norm(v))


def _safe_norm(v: Array) -> float:
    """||v||_2 where squaring the entries would underflow, too."""
    xp = array_namespace(v)
    unit = scalar(xp.max(xp.abs(v)))
    return unit * _norm(v / unit) if 0.0 < unit < math.inf else unit
