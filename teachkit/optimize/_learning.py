"""What quasi-Newton directions share: curvature learned from one step to the next.

Each step gives a pair s = x_{k+1} - x_k, y = grad R(x_{k+1}) - grad R(x_k). B approximates H^-1 and
learns from the pair by the secant equation B y = s. (Nocedal and Wright write H for this B.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from teachkit.arrays import Array, array_namespace, scalar, scalars
from teachkit.optimize._oracle import Point
from teachkit.optimize.directions import Propose


class Inverse(Protocol):
    """An approximation B of the inverse Hessian."""

    def learn(self, s: Array, y: Array) -> None:
        """Take in a pair with s'y > 0."""

    def times(self, g: Array) -> Array:
        """B g; `first` of g before any pair has been seen."""


def learning(make: Callable[[], Inverse]) -> Propose:
    """The directions -B grad R(x), with B taught by each step that was taken."""
    B: Inverse = make()
    before: Point | None = None

    def propose(point: Point) -> tuple[Array, str]:
        nonlocal B, before
        note = "" if before is None else _teach(B, before, point)
        before = point
        d = -B.times(point.gradient)
        if not dot(point.gradient, d) < 0:
            B, note = make(), "B is lost in rounding: begun afresh with steepest descent"
            d = -first(point.gradient)
        return d, note

    return propose


def _teach(B: Inverse, before: Point, now: Point) -> str:
    s, y = now.x - before.x, now.gradient - before.gradient
    norm, eps = array_namespace(s).linalg.vector_norm, array_namespace(s).finfo(s.dtype).eps
    sy, of_s, of_y = scalars(s @ y, norm(s), norm(y))
    if sy > float(eps) * of_s * of_y:
        B.learn(s, y)
        return ""
    return (
        f"no update: s'y = {sy:.2g} is not positive, so along the last step the objective curves "
        "downwards (search=Wolfe() takes no such steps)"
    )


def first(g: Array) -> Array:
    """Where no curvature is known yet: the gradient, at most of length 1."""
    return g / max(1.0, scalar(array_namespace(g).linalg.vector_norm(g)))


def curvature_length(s: Array, y: Array) -> Array:
    """s'y / y'y, the size of H^-1 along a step, a number that stays where it is."""
    return s @ y / (y @ y)


def dot(u: Array, v: Array) -> float:
    """u'v."""
    return scalar(u @ v)
