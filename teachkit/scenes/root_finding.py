"""The root finder's state: a function, a start, and how many steps of Newton's method are shown."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from teachkit.optimize import RootIterate, newton_root_steps
from teachkit.scenes.formula import Formula
from teachkit.trace import convergence_order

LARGEST = 1e100  # of x: squares and differences of such numbers are finite
MOST = 100  # steps that can be looked at


@dataclass(frozen=True)
class Preset:
    """A function worth looking at, from a start that shows why."""

    name: str
    text: str
    x0: float
    view: tuple[float, float]


PRESETS = (
    Preset("a simple root", "x^3 - 2x - 5", 3.5, (0.5, 4.0)),
    Preset("a cycle", "x^3 - 2x + 2", 0.0, (-2.5, 2.0)),
    Preset("too far away", "arctan(x)", 1.4, (-4.0, 4.0)),
    Preset("a double root", "(x-1)^2 exp(x)", 2.0, (-0.5, 2.2)),
    Preset("a horizontal tangent", "x^2 - 2", 0.0, (-3.0, 3.0)),
    Preset("two values for ever", "sign(x) sqrt(abs(x))", 1.0, (-2.0, 2.0)),
    Preset("away by doubling", "cbrt(x)", 0.3, (-3.0, 3.0)),
    Preset("out of the domain", "log(x)", 3.0, (-1.0, 4.0)),
    Preset("faster than promised", "sin(x)", 2.5, (1.0, 6.0)),
)


@dataclass(frozen=True, eq=False)
class RootState:
    """Everything the learner can change; ``view`` is the part of the x axis that is drawn."""

    formula: Formula
    x0: float
    view: tuple[float, float]
    k: int = 0

    @property
    def iterates(self) -> tuple[RootIterate, ...]:
        """x_0, x_1, ... as far as the method goes, MOST steps at most."""
        return _run(self.formula, self.x0)[0]

    @property
    def ending(self) -> str:
        """Why the method cannot go on, or "" if it could."""
        return _run(self.formula, self.x0)[1]

    @property
    def preset(self) -> str:
        """The text of the preset that has this function, or ""."""
        return self.formula.text if preset(self.formula.text).name else ""

    @property
    def last(self) -> int:
        """The number of steps that there are."""
        return len(self.iterates) - 1

    @property
    def shown(self) -> tuple[RootIterate, ...]:
        """The iterates up to step k."""
        return self.iterates[: self.k + 1]

    @property
    def root(self) -> float | None:
        """Where the method arrives, to rounding; None where it does not."""
        end, (low, high) = self.iterates[-1], self.view
        size = max(abs(end.x), min(1.0, high - low))
        if end.value == 0 or (self.last and abs(end.step) <= 1e-14 * size):
            return end.x
        return None

    def errors(self) -> list[float]:
        """abs(x_k - root) of the iterates shown; empty where the method does not arrive."""
        root = self.root
        return [] if root is None else [abs(it.x - root) for it in self.shown]

    def order(self) -> float | None:
        """The order of convergence of the steps shown so far, where it can be told."""
        return convergence_order(self.errors())

    def period(self) -> int | None:
        """After how many steps the iterates repeat themselves, if they do."""
        xs = [it.x for it in self.iterates[-9:]]
        if self.last < MOST or _apart(xs, 1) < 1e-6:
            return None
        return next((p for p in (2, 3, 4) if _apart(xs, p) < 1e-9), None)


@lru_cache(maxsize=4)  # a walk along the steps does not take them again
def _run(formula: Formula, x0: float) -> tuple[tuple[RootIterate, ...], str]:
    iterates: list[RootIterate] = []
    steps = newton_root_steps(formula, formula.slope, x0)
    while len(iterates) <= MOST:
        try:
            iterates.append(next(steps))
        except StopIteration as end:
            return tuple(iterates), str(end.value)
    return tuple(iterates), ""


def _apart(xs: Sequence[float], period: int) -> float:
    """By how much iterates so many steps apart differ, as a share of the largest."""
    most = max(abs(a - b) for a, b in zip(xs[period:], xs, strict=False))
    return most / max(map(abs, xs))


def begin(text: str, x0: float, view: tuple[float, float]) -> RootState:
    """The state before the first step; raises ValueError, a sentence, where there is none."""
    return RootState(Formula(text), _number(x0, "x0"), _checked(view))


def preset(text: str) -> Preset:
    """The preset of this function; one of the learner's own begins at 1, seen from -4 to 4."""
    named = {known.text: known for known in PRESETS}
    return named.get(text, Preset("", text, 1.0, (-4.0, 4.0)))


def choose(state: RootState, text: str) -> RootState:
    """A preset's function, from the start that shows what it is there for; "" changes nothing."""
    near = preset(text)
    return begin(text, near.x0, near.view) if text else state


def retype(state: RootState, text: str) -> RootState:
    """Another function, typed, with the same start and view."""
    return replace(state, formula=Formula(text), k=0)


def move(state: RootState, x0: float) -> RootState:
    """The start dragged to x0; as many steps are shown from there, if there are as many."""
    return walk(replace(state, x0=_number(x0, "x0")), state.k)


def walk(state: RootState, k: int) -> RootState:
    """Show the first k steps, or all there are."""
    return replace(state, k=max(0, min(k, state.last)))


def look(state: RootState, low: float, high: float) -> RootState:
    """Another part of the x axis."""
    return replace(state, view=_checked((low, high)))


def _number(value: float, name: str) -> float:
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise ValueError(f"{name} is {value}; take a finite number, up to {LARGEST:g}.")
    return float(value)


def _checked(view: tuple[float, float]) -> tuple[float, float]:
    low, high = _number(view[0], "The left end"), _number(view[1], "The right end")
    if not high - low > 1e-9 * max(abs(low), abs(high)):
        raise ValueError(
            f"The picture would go from {low:g} to {high:g}; its left end has to be smaller than "
            "its right end."
        )
    return low, high
