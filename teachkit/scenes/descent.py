"""The descent explorer's state: a function of two coordinates, a start, two methods, and step k."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from teachkit import functions
from teachkit.functions import Landscape
from teachkit.scenes.landscape import steepness, value_at
from teachkit.scenes.methods import Descent, Method, run

ARRIVED = 1e-8  # of the gradient's norm, in its unit
LANDSCAPES: dict[str, Landscape] = {
    "Rosenbrock": functions.rosenbrock,
    "Himmelblau": functions.himmelblau,
    "a long bowl": functions.bowl,
    "a saddle": functions.saddle,
}
USUAL = (Method("Newton", "backtracking"), Method("steepest descent", "backtracking"))


@dataclass(frozen=True, eq=False)
class DescentState:
    """Everything the learner can change."""

    landscape: Landscape
    start: tuple[float, float]
    methods: tuple[Method, Method] = USUAL
    k: int = 0

    @property
    def descents(self) -> tuple[Descent, Descent]:
        """Both methods from the start, whatever k is."""
        first, second = self.methods
        return (
            run(self.landscape, self.start, first, self.unit),
            run(self.landscape, self.start, second, self.unit),
        )

    @property
    def unit(self) -> float:
        """What gradient norms are small beside."""
        return steepness(self.landscape)

    @property
    def last(self) -> int:
        """The number of steps of the method that takes more."""
        return max(descent.last for descent in self.descents)

    def kind_of_end(self, x: Any) -> str:
        """What a stationary point is: "minimum", "maximum", "saddle", or "" where H is singular."""
        values = np.linalg.eigvalsh(np.asarray(self.landscape.hessian(x)))
        if np.abs(values).min() <= 1e-10 * np.abs(values).max():
            return ""
        return {2: "minimum", 1: "saddle", 0: "maximum"}[int((values > 0).sum())]


def begin(
    landscape: str | Landscape,
    start: tuple[float, float] | None = None,
    methods: tuple[tuple[str, str], tuple[str, str]] | None = None,
    k: int = 0,
) -> DescentState:
    """The state to start with; raises ValueError, a sentence, where there is none."""
    if isinstance(landscape, str):
        if landscape not in LANDSCAPES:
            names = ", ".join(map(repr, LANDSCAPES))
            raise ValueError(f"The function is {landscape!r}; take one of {names}, or a Landscape.")
        landscape = LANDSCAPES[landscape]
    if getattr(landscape, "p", None) != 2:
        raise ValueError(
            f"{landscape!r} is no Landscape of two coordinates, which is what can be drawn; "
            "teachkit.functions has several, such as teachkit.functions.beale."
        )
    first, second = USUAL if methods is None else (Method(*m) for m in methods)
    place = landscape.start if start is None else start
    return walk(move(DescentState(landscape, (0.0, 0.0), (first, second)), *place), k)


def offered(state: DescentState) -> list[tuple[str, Landscape]]:
    """The functions to choose from, by their names; the one it starts with is among them."""
    known = {function: name for name, function in LANDSCAPES.items()}
    known.setdefault(state.landscape, state.landscape.name)
    return [(name, function) for function, name in known.items()]


def choose(state: DescentState, landscape: Landscape) -> DescentState:
    """Another function, from its usual start."""
    x, y = landscape.start
    return replace(state, landscape=landscape, start=(x, y), k=0)


def move(state: DescentState, x: float, y: float) -> DescentState:
    """The start dragged to (x, y); as many steps are shown from there, if there are as many."""
    if not (math.isfinite(x) and math.isfinite(y)):
        raise ValueError(f"The start ({x}, {y}) is no place; take two finite numbers.")
    if not math.isfinite(value_at(state.landscape, x, y)):
        raise ValueError(f"The function has no finite value at ({x}, {y}). Begin nearer by.")
    return walk(replace(state, start=(float(x), float(y))), state.k)


def take(state: DescentState, place: int, method: Method) -> DescentState:
    """Another method, as the first (0) or the second (1)."""
    first, second = state.methods
    methods = (method, second) if place == 0 else (first, method)
    return walk(replace(state, methods=methods), state.k)


def walk(state: DescentState, k: int) -> DescentState:
    """Show the first k steps, or all there are."""
    k = max(0, k)
    return replace(state, k=max(len(descent.upto(k)) for descent in state.descents) - 1)
