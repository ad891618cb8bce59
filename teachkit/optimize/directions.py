"""Directions: which way to go from here.

A direction is a frozen record of options that declares which oracles it ``needs``, of an objective
(`descend` sees to it) and, in ``instead``, what to take without them. ``begin(objective)`` starts
one run of it and returns a function that takes a Point and gives (d, note); what a method remembers
between steps lives there.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from teachkit import arrays, require
from teachkit.arrays import Array, NotPositiveDefiniteError
from teachkit.boundary import answer
from teachkit.linear._checks import asymmetry
from teachkit.optimize._oracle import Breakdown, Point, matching

Propose = Callable[[Point], tuple[Array, str]]


class Direction(Protocol):
    """What `descend` asks of a direction. Without ``needs`` it needs the gradient alone."""

    def begin(self, objective: Any) -> Propose: ...


@dataclass(frozen=True)
class SteepestDescent:
    """The direction of steepest descent, ``d = -grad R(x)``.

    Needs only the gradient. Converges linearly, with a rate that worsens with the condition number
    of the Hessian.

    Source: Nocedal and Wright (2006), Numerical Optimization, section 2.2.
    Lesson: 03_newton
    """

    needs = ("gradient",)

    def begin(self, objective: Any) -> Propose:
        return lambda point: (-point.gradient, "")


@dataclass(frozen=True)
class Newton:
    """The Newton direction, ``H(x) d = -grad R(x)``: the minimum of the second-order model.

    Where H is not positive definite the model has no minimum; then ``(H + tau I) d = -grad R(x)``
    is solved, with tau doubled until H + tau I has a Cholesky factor, and ``note`` says so. The
    first shift is .001 times the largest entry of H, so that the method does not depend on the
    units of the objective.

    Needs ``hessian``.

    Source: Nocedal and Wright (2006), Numerical Optimization, section 3.4, algorithm 3.3.
    Lesson: 03_newton
    """

    needs = ("gradient", "hessian")
    instead = (
        "Take direction=SteepestDescent(), which needs the gradient alone, or give the objective a "
        "hessian (teachkit.derivatives.hessian(f) makes one)."
    )

    def begin(self, objective: Any) -> Propose:
        first = True

        def propose(point: Point) -> tuple[Array, str]:
            nonlocal first
            H = hessian(objective, point.x, check_symmetry=first)
            first = False
            try:
                L, tau = _cholesky_beyond_rounding(H), 0.0
            except NotPositiveDefiniteError:
                L, tau = _shifted_cholesky(H)
            note = f"H is not positive definite: {tau:.2g} I added" if tau else ""
            return -arrays.cho_solve(L, point.gradient), note

        return propose


def hessian(objective: Any, x: Array, *, check_symmetry: bool) -> Array:
    """H(x), (p, p), as the objective gives it."""
    xp, p = arrays.array_namespace(x), x.shape[0]
    H = matching(answer(objective.hessian, "The Hessian", x), x, "The Hessian")
    require.shape(H, "The Hessian", (p, p), "It is the matrix of second derivatives.", x=x)
    if check_symmetry and (apart := asymmetry(H, 1e3 * p * float(xp.finfo(x.dtype).eps))):
        raise ValueError(
            f"The Hessian is not symmetric: H and its transpose differ by up to {apart:.2g}. "
            "Second derivatives do not depend on their order, so one of the formulas is wrong; "
            "compare with teachkit.derivatives.finite_jacobian of the gradient."
        )
    return H


def _shifted_cholesky(H: Array) -> tuple[Array, float]:
    """Nocedal and Wright (2006), algorithm 3.3: L L' = H + tau I with a tau > 0 that is enough."""
    xp, p = arrays.array_namespace(H), H.shape[0]
    largest = arrays.scalar(xp.max(xp.abs(H)))
    if not math.isfinite(largest):
        raise Breakdown(
            "The Hessian holds NaN or infinity here, although value and gradient are finite. Check "
            "it with teachkit.derivatives.finite_jacobian of the gradient, or start elsewhere."
        )
    identity = xp.eye(p, dtype=H.dtype, device=arrays.device(H))
    beta = 1e-3 * largest or 1.0
    smallest = arrays.scalar(xp.min(xp.linalg.diagonal(H)))
    tau = beta if smallest > 0 else beta - smallest
    while math.isfinite(tau):
        try:
            return _cholesky_beyond_rounding(H + tau * identity), tau
        except NotPositiveDefiniteError:
            tau *= 2
    raise Breakdown(
        "No multiple of the identity makes the Hessian positive definite: its entries are too "
        "large for floating-point numbers. Scale the objective."
    )


def _cholesky_beyond_rounding(A: Array) -> Array:
    """The Cholesky factor, refused too where a pivot is nothing but rounding error.

    A singular matrix passes `cholesky` by luck of rounding; its pivot L_jj^2 is then of the size
    of p eps A_jj, where it came from. (Relative to A_jj, so that bad scaling alone is no reason.)
    """
    xp, p = arrays.array_namespace(A), A.shape[0]
    L = arrays.cholesky(A)
    pivots = xp.linalg.diagonal(L) ** 2
    if arrays.scalar(xp.all(pivots > p * xp.finfo(A.dtype).eps * xp.linalg.diagonal(A))):
        return L
    raise NotPositiveDefiniteError("A pivot is lost in rounding: the matrix is singular.")
