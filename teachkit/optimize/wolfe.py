"""A search whose steps are neither too long nor too short: the strong Wolfe conditions."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from teachkit import require
from teachkit.arrays import Array, array_namespace
from teachkit.optimize._oracle import Breakdown, Oracle, Point
from teachkit.optimize.searches import (
    downhill,
    edge,
    no_decrease,
    rounding_of,
    slope_along,
)

MAX_TRIALS = 60


@dataclass(frozen=True)
class Wolfe:
    """A step that meets the strong Wolfe conditions, with phi(t) = R(x + t d)::

        phi(t) <= phi(0) + c1 t phi'(0)        it falls enough (Armijo's condition)
        abs(phi'(t)) <= c2 abs(phi'(0))        and is nearly flat at its end (curvature condition)

    The second makes ``s'y > 0`` for s = t d and y = the change of the gradient, which is what BFGS
    and L-BFGS need. The first trial is t = 1; others come from cubics through the values and slopes
    already known. Each trial costs a value and a gradient (one joint call where there is one).

    Where the fall drowns in the rounding of R, it is taken from the slopes instead,
    ``phi(t) - phi(0) = t (phi'(0) + phi'(t)) / 2``.

    Parameters
    ----------
    c1, c2 : float
        ``0 < c1 < c2 < 1``. A smaller c2 asks for a more exact search; .1 is usual for steepest
        descent, .9 for Newton's method and its kin.

    Notes
    -----
    Source: Nocedal and Wright (2006), Numerical Optimization, algorithms 3.5 and 3.6 (here in one
    loop) with the cubic of equation (3.59) and the bounds of Moré and Thuente (1994), section 4. At
    rounding level: Hager and Zhang (2005), section 4.
    Lesson: 04_quasi_newton
    """

    c1: float = 1e-4
    c2: float = 0.9

    def __post_init__(self) -> None:
        for name in ("c1", "c2"):
            require.real(getattr(self, name), name)
        if not 0 < self.c1 < self.c2 < 1:
            raise ValueError(
                f"0 < c1 < c2 < 1 has to hold; got c1 = {self.c1}, c2 = {self.c2}. With c2 <= c1 "
                "there may be no step that meets both conditions. Wolfe() has c1=1e-4, c2=.9."
            )

    def __call__(self, oracle: Oracle, point: Point, d: Array) -> tuple[Point, float]:
        slope = downhill(point, d)
        eps, rounding = float(array_namespace(d).finfo(d.dtype).eps), rounding_of(point)
        start = _Trial(0.0, 0.0, slope, 10 * rounding)

        def at(t: float) -> tuple[Point, _Trial]:
            new = oracle.with_gradient(oracle.at(point.x + t * d))
            if not new.finite:
                oracle.edge = new
                return new, _Trial(t, math.inf, math.nan, math.inf)
            rise = new.value - point.value
            trial = _Trial(t, rise, slope_along(new, d), 10 * (rounding + eps * abs(rise)))
            if -self.c1 * t * slope <= start.noise:
                trial = replace(trial, rise=_change(start, trial))
            return new, trial

        # low falls enough, and nothing tried falls more. Between low and high, or beyond low while
        # there is no high, lie steps that meet both conditions.
        low, high = start, None
        oracle.edge = None
        t, within_reach, widths = 1.0, 0.0, [math.inf, math.inf]
        for _ in range(MAX_TRIALS):
            new, trial = at(t)
            if not trial.rise <= self.c1 * t * slope or not _change(low, trial) < 0:
                high = trial
                if new.finite:
                    oracle.edge = None  # it rises before it ends
                within_reach = max(within_reach, trial.could_fall(slope))
            elif abs(trial.slope) <= -self.c2 * slope:
                return new, t
            else:
                before, low = low, trial
                if trial.slope * ((math.inf if high is None else high.t) - before.t) >= 0:
                    high, oracle.edge = before, None
            if high is None:
                t = _beyond(before, low)
            else:
                t = _between(low, high, widths)
                if t in (low.t, high.t):
                    break
        if oracle.edge is not None:
            raise Breakdown(edge(point, oracle.edge))
        raise Breakdown(self._why_none(point, low, high, within_reach, rounding))

    def _why_none(
        self, point: Point, low: _Trial, high: _Trial | None, within_reach: float, rounding: float
    ) -> str:
        if high is None:
            return (
                f"Along the direction the objective falls without end: by {-low.rise:.2g} at the "
                f"step {low.t:.2g}, and it still falls there. It seems to have no minimum; for a "
                "risk, give it l2 > 0."
            )
        if -self.c1 * low.rise <= 10 * rounding:
            return no_decrease(point, within_reach, rounding)
        return (
            f"No step along the direction ends where the objective is nearly flat: at the step "
            f"{low.t:.2g} its slope jumps from {low.slope:.2g} to {high.slope:.2g}, as at a kink. "
            "Take a smooth objective, or search=Backtracking(), which only asks for a fall."
        )


@dataclass(frozen=True)
class _Trial:
    """phi at t: its rise phi(t) - phi(0), its slope phi'(t), and what rounding does to the rise."""

    t: float
    rise: float
    slope: float
    noise: float

    def could_fall(self, slope: float) -> float:
        """How far the parabola with phi(0), phi'(0) and phi(t) falls at most."""
        curvature = 2 * (self.rise - self.t * slope) / self.t**2
        return slope * slope / (2 * curvature) if curvature > 0 else 0.0


def _change(a: _Trial, b: _Trial) -> float:
    """phi(b) - phi(a): by values or, where rounding hides it, by the mean of both slopes."""
    change = b.rise - a.rise
    if abs(change) > max(a.noise, b.noise) or not math.isfinite(change):
        return change
    return (b.t - a.t) * (a.slope + b.slope) / 2


def _beyond(before: _Trial, low: _Trial) -> float:
    """A longer step, while the objective still falls."""
    gone = low.t - before.t
    t = _cubic_minimum(before, low)
    return min(max(t, low.t + 1.1 * gone), low.t + 4 * gone) if t > low.t else low.t + 4 * gone


def _between(low: _Trial, high: _Trial, widths: list[float]) -> float:
    """A step inside the bracket: the middle where two trials have not cut off a third of it."""
    width = abs(high.t - low.t)
    slow = width > 0.66 * widths[-2]
    widths.append(width)
    if not math.isfinite(high.rise):
        return low.t + 0.1 * (high.t - low.t)
    t = _cubic_minimum(low, high)
    if slow or not 0.01 * width <= abs(t - low.t) <= 0.99 * width:
        return (low.t + high.t) / 2
    return t


def _cubic_minimum(a: _Trial, b: _Trial) -> float:
    """The minimum of the cubic with the values and slopes of both; NaN if it has none.

    Nocedal and Wright (2006), equation (3.59).
    """
    d1 = a.slope + b.slope - 3 * _change(a, b) / (b.t - a.t)
    square = d1 * d1 - a.slope * b.slope
    if not square >= 0:
        return math.nan
    d2 = math.copysign(math.sqrt(square), b.t - a.t)
    below = b.slope - a.slope + 2 * d2
    return b.t - (b.t - a.t) * (b.slope + d2 - d1) / below if below else math.nan
