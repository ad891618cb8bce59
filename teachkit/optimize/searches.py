"""Searches: how far to go along a direction.

A search is a frozen record of options; called with the oracle, a Point and a direction d it returns
the next Point and the step t, ``x_new = x + t d``, or raises Breakdown with the reason.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

from teachkit import arrays, require
from teachkit.arrays import Array
from teachkit.optimize._oracle import Breakdown, Oracle, Point

NO_STEP = "No step lowers the objective"  # as the sentence begins where a search has found none


class Search(Protocol):
    """What `descend` asks of a search."""

    def __call__(self, oracle: Oracle, point: Point, d: Array) -> tuple[Point, float]: ...


@dataclass(frozen=True)
class FixedStep:
    """The same step each time, ``x + step d``, whether the objective falls or not.

    With Newton and ``step=1.0`` this is the pure Newton method.

    Parameters
    ----------
    step : float
        Greater than 0.

    Notes
    -----
    Lesson: 03_newton
    """

    step: float = 1.0

    def __post_init__(self) -> None:
        _check_step(self.step)

    def __call__(self, oracle: Oracle, point: Point, d: Array) -> tuple[Point, float]:
        xp, x = arrays.array_namespace(d), point.x + self.step * d
        within_range = arrays.scalar(xp.all(xp.isfinite(x)))
        new = oracle.with_gradient(oracle.at(x)) if within_range else point
        if not (within_range and new.finite):
            raise Breakdown(
                f"A step of {self.step:g} leads to where the objective or its gradient is not "
                f"finite{new.reason}; the iterate before it is kept. Take a smaller step, a start "
                "nearer to the minimum, or search=Backtracking()."
            )
        return new, self.step


@dataclass(frozen=True)
class Backtracking:
    """Shorten the step until the objective falls enough (Armijo's condition).

    The first t of ``step, shrink step, shrink^2 step, ...`` is taken for which
    ``R(x + t d) <= R(x) + c1 t grad R(x)' d``. Near a minimum the fall that is asked for drowns in
    the rounding of R; then a step is taken if R does not rise by more than that rounding and the
    gradient's norm falls.

    Parameters
    ----------
    step : float
        The first t tried, > 0. The default suits Newton, whose full step is right in the end.
    shrink : float
        Between 0 and 1.
    c1 : float
        Between 0 and 1: the share of the fall promised by the slope that has to come true.

    Notes
    -----
    Source: Armijo (1966); Nocedal and Wright (2006), Numerical Optimization, algorithm 3.1. That
    values alone cannot judge near a minimum: Hager and Zhang (2005), section 4.
    Lesson: 03_newton
    """

    step: float = 1.0
    shrink: float = 0.5
    c1: float = 1e-4

    def __post_init__(self) -> None:
        _check_step(self.step)
        for name in ("shrink", "c1"):
            usual = "Backtracking() has shrink=0.5, c1=1e-4."
            require.real(getattr(self, name), name, "(0, 1)", usual)

    def __call__(self, oracle: Oracle, point: Point, d: Array) -> tuple[Point, float]:
        xp = arrays.array_namespace(d)
        slope = downhill(point, d)
        rounding = rounding_of(point)
        t, within_reach, bottomless = self.step, 0.0, False
        oracle.edge = None
        while True:
            x = point.x + t * d
            hopeless = t < 1e-18 * self.step and t * -slope <= rounding
            if hopeless or arrays.scalar(xp.all(x == point.x)):
                if bottomless:
                    raise Breakdown(_NO_BOTTOM)
                raise Breakdown(no_decrease(point, within_reach, rounding, oracle.edge))
            new = oracle.at(x)
            bottomless = bottomless or new.value == -math.inf
            promised = -self.c1 * t * slope
            fall = point.value - new.value
            if fall >= max(promised, rounding):
                new = oracle.with_gradient(new)
                if new.finite:
                    return new, t
                oracle.edge = new
            elif promised <= rounding and fall >= -10 * rounding:
                new = oracle.with_gradient(new)
                if new.gradient_norm < point.gradient_norm:
                    return new, t
            if not new.finite:
                oracle.edge = new
            elif fall < -10 * rounding:
                # The parabola through what is known falls by slope^2 / (2 curvature) at most,
                # with curvature = 2 (-fall - t slope) / t^2.
                expected = t * slope
                within_reach = max(within_reach, expected / (-fall - expected) * expected / 4)
                oracle.edge = None  # it rises before it ends
            t *= self.shrink


def slope_along(point: Point, d: Array) -> float:
    """The slope grad R(x)' d of the objective along d."""
    return arrays.scalar(arrays.array_namespace(d).sum(point.gradient * d))


def downhill(point: Point, d: Array) -> float:
    """The slope of a direction, which has to be negative."""
    slope = slope_along(point, d)
    if -math.inf < slope < 0:
        return slope
    if not math.isfinite(slope):
        raise Breakdown(
            f"The direction is too long for floating-point numbers: its slope grad' d is {slope}. "
            "The Hessian is singular to rounding there, or the objective falls without end, or it "
            "needs scaling."
        )
    raise Breakdown(
        f"The direction does not lead downhill: its slope grad' d is {slope:.2g}. Either the "
        "gradient or the direction is wrong (teachkit.derivatives.taylor_test checks the "
        "gradient), or rounding has taken over."
    )


def rounding_of(point: Point) -> float:
    """How far rounding in R and in x may shift the value at a point."""
    xp = arrays.array_namespace(point.x)
    size = arrays.scalar(xp.linalg.vector_norm(point.x))
    eps = xp.finfo(point.x.dtype).eps
    return float(eps) * (abs(point.value) + point.gradient_norm * size)


def no_decrease(
    point: Point, within_reach: float, rounding: float, beyond: Point | None = None
) -> str:
    """Why no step was good enough, when the objective could still fall by `within_reach`.

    `beyond` is a point along the way where the objective is not finite, if there is one.
    """
    if within_reach <= 10 * rounding:
        if beyond is not None:
            return edge(point, beyond)
        single = str(point.x.dtype).endswith("float32")
        return (
            f"{NO_STEP} any more: what it could still fall is lost in the "
            f"rounding of {'float32' if single else 'float64'}, about {rounding:.1g} here. The "
            f"gradient norm stays at {point.gradient_norm:.2g}; take a tol above that"
            f"{' or compute in float64' if single else ''}."
        )
    return (
        f"{NO_STEP} along the direction, although its gradient, of norm "
        f"{point.gradient_norm:.2g}, says that it falls. The usual cause is a gradient that does "
        "not belong to the value: check it with teachkit.derivatives.taylor_test. Otherwise the "
        "objective has a kink or a jump here, or loses its digits where large terms cancel."
    )


def edge(point: Point, beyond: Point) -> str:
    """Why there is no further step, where the objective still falls and is not finite beyond."""
    if beyond.value == -math.inf:
        cure = "It seems to have no minimum: for a risk, give it l2 > 0; or look for a wrong sign."
    else:
        cure = (
            "Its least value lies on the edge or beyond: look for a logarithm, a root or a power "
            "of what becomes negative there, and write the objective in variables that cannot "
            "leave its domain, such as x = exp(u) for x > 0."
        )
    return (
        "The iterates have come to the edge of where the objective is finite, and it still falls "
        f"towards it: the gradient norm is {point.gradient_norm:.2g}. Beyond, its value or its "
        f"gradient is not finite{beyond.reason}. {cure}"
    )


_NO_BOTTOM = (
    "The objective falls below all numbers along the direction: it has no minimum there. For a "
    "risk, give it l2 > 0; otherwise look for a wrong sign."
)


def _check_step(step: float) -> None:
    downhill = "It multiplies a direction that points downhill already, so its sign is positive."
    require.real(step, "The step", "(0, inf)", downhill)
