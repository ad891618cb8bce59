"""The secant explorer's state: a run of BFGS in the plane, and what B knows at each step.

B is the approximate inverse Hessian of the textbook, without the library's precautions: it begins
as I, and every pair (s, y) is used, also one with s'y < 0. So it can be seen what breaks then.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from teachkit import functions
from teachkit.functions import Landscape
from teachkit.optimize import Backtracking, Iterate, Wolfe, bfgs_update, minimize
from teachkit.scenes.scene import Axes

Array = np.ndarray
TOL = 1e-9  # of the gradient: beyond, the errors are those of the arithmetic
MOST = 60  # steps of a run

SEARCHES: dict[str, Any] = {
    "Armijo: it falls enough": Backtracking(),
    "Wolfe: and it flattens": Wolfe(),
}
ARMIJO, WOLFE = SEARCHES


@dataclass(frozen=True)
class View:
    """A function with the part of the plane that is drawn; d'H d = reach^2 is its true ellipse."""

    function: Landscape
    axes: Axes
    reach: float


def _square(low: float, high: float, below: float, above: float) -> Axes:
    return Axes((low, high), (below, above), "x₁", "x₂", equal=True)


VIEWS = {
    "Rosenbrock's valley": View(functions.rosenbrock, _square(-2.0, 2.0, -1.0, 3.0), 0.8),
    "a long bowl": View(functions.bowl, _square(-30.0, 30.0, -15.0, 15.0), 9.0),
    "Himmelblau's four minima": View(functions.himmelblau, _square(-5.0, 5.0, -5.0, 5.0), 4.0),
    "two valleys and a saddle": View(functions.saddle, _square(-2.0, 2.0, -2.0, 2.0), 0.5),
}
ROSENBROCK, BOWL, HIMMELBLAU, SADDLE = VIEWS


@dataclass(frozen=True)
class EveryPair:
    """The direction -B grad f, with B updated by every pair."""

    def begin(self, objective: Any) -> Any:
        before: list[tuple[Array, Array, Array]] = []

        def propose(point: Any) -> tuple[Array, str]:
            B = np.eye(point.x.shape[0])
            if before:
                x, g, B = before.pop()
                B = learned(B, point.x - x, point.gradient - g)
            before.append((point.x, point.gradient, B))
            return -B @ point.gradient, ""

        return propose


def learned(B: Array, s: Array, y: Array) -> Array:
    """B after this pair; only where s'y is exactly 0 there is no update."""
    return bfgs_update(B, s, y) if s @ y != 0 else B


@dataclass(frozen=True, eq=False)
class Stop:
    """One iterate, and there the gradient g, the Hessian H, and B; s and y lead to it."""

    iterate: Iterate
    g: Array
    H: Array
    B: Array
    s: Array | None = None
    y: Array | None = None

    @property
    def x(self) -> Array:
        return self.iterate.x

    @property
    def direction(self) -> Array:
        """-B g: where the next step goes."""
        return -self.B @ self.g

    @property
    def slope(self) -> float:
        """g'd of that direction: uphill where it is positive."""
        return float(self.g @ self.direction)

    @property
    def sy(self) -> float | None:
        """s'y of the last step."""
        return None if self.s is None or self.y is None else float(self.s @ self.y)

    @cached_property
    def curvatures(self) -> tuple[Array, Array]:
        """The eigenvalues of H, rising and none exactly 0, and its eigenvectors as columns."""
        values, vectors = np.linalg.eigh(self.H)
        least = 1e-12 * np.abs(values).max()
        return np.where(np.abs(values) < least, least, values), vectors

    @property
    def inverse(self) -> Array:
        """H^-1, which BFGS never sees."""
        values, vectors = self.curvatures
        return (vectors / values) @ vectors.T

    @property
    def round(self) -> Array:
        """W of the coordinates u = W d in which the true curvature d'H d is 1 or -1 all round."""
        values, vectors = self.curvatures
        return np.sqrt(np.abs(values))[:, None] * vectors.T

    @property
    def matrix_error(self) -> float:
        """||B - H^-1|| / ||H^-1||, in the Frobenius norm."""
        return float(np.linalg.norm(self.B - self.inverse) / np.linalg.norm(self.inverse))

    @property
    def step_error(self) -> float:
        """||B g - H^-1 g|| / ||H^-1 g||: how far the direction is from Newton's step."""
        newton = self.inverse @ self.g
        return float(np.linalg.norm(self.B @ self.g - newton) / np.linalg.norm(newton))


@dataclass(frozen=True, eq=False)
class SecantState:
    """Everything the learner can change; ``k`` steps of the run are shown."""

    view_name: str
    search: str
    start: tuple[float, float]
    k: int

    @property
    def view(self) -> View:
        return VIEWS[self.view_name]

    @property
    def run(self) -> tuple[Stop, ...]:
        """BFGS from the start until the gradient is at most TOL, MOST steps, or it cannot go on."""
        return _run(self.view_name, self.search, self.start)

    @property
    def last(self) -> int:
        """The number of steps of the run."""
        return len(self.run) - 1

    @property
    def here(self) -> Stop:
        """What is shown."""
        return self.run[self.k]

    @property
    def ending(self) -> str:
        """How the run ends: "arrived", "uphill", "cut" (MOST steps) or "stuck"."""
        end = self.run[-1]
        if end.iterate.gradient_norm <= TOL:
            return "arrived"
        if end.slope >= 0:
            return "uphill"
        return "cut" if self.last == MOST else "stuck"


@lru_cache(maxsize=4)  # a walk along the steps does not take them again
def _run(view_name: str, search: str, start: tuple[float, float]) -> tuple[Stop, ...]:
    f = VIEWS[view_name].function
    trace = minimize(f, start, EveryPair(), SEARCHES[search], tol=TOL, max_iter=MOST)
    stops: list[Stop] = []
    for it in trace.iterates:
        g, H = f.gradient(it.x), f.hessian(it.x)
        if stops:
            s, y = it.x - stops[-1].x, g - stops[-1].g
            stops.append(Stop(it, g, H, learned(stops[-1].B, s, y), s, y))
        else:
            stops.append(Stop(it, g, H, np.eye(2)))
    return tuple(stops)


def begin(
    view_name: str = ROSENBROCK,
    search: str = WOLFE,
    start: tuple[float, float] | None = None,
    k: int = 0,
) -> SecantState:
    """The state with k steps shown, from the customary start of the function unless told."""
    for name, known, what in ((view_name, VIEWS, "function"), (search, SEARCHES, "search")):
        if name not in known:
            raise ValueError(
                f"The {what} is {name!r}; the explorer has {', '.join(map(repr, known))}."
            )
    x, y = VIEWS[view_name].function.start if start is None else start
    return move(SecantState(view_name, search, (0.0, 0.0), k), x, y)


def move(state: SecantState, x: float, y: float) -> SecantState:
    """The start dragged to (x, y); as many steps are shown as before, or as there are.

    Raises ValueError, a sentence, at a stationary point and outside the picture.
    """
    view, start = state.view, (float(x), float(y))
    for value, (low, high) in zip(start, (view.axes.xlim, view.axes.ylim), strict=True):
        if not low <= value <= high:
            raise ValueError(
                f"The start cannot be at ({x:g}, {y:g}): the picture of {view.function.name} ends "
                f"before, its numbers run from {low:g} to {high:g}. Put it inside."
            )
    if float(np.linalg.norm(view.function.gradient(np.array(start)))) <= TOL:
        raise ValueError(
            f"The start cannot be at ({x:g}, {y:g}): the gradient is 0 there, and no direction "
            "leads down. Put it on a slope."
        )
    return walk(replace(state, start=start), state.k)


def walk(state: SecantState, k: int) -> SecantState:
    """The same run with k steps shown, or as many as there are."""
    return replace(state, k=max(0, min(k, state.last)))


def choose(state: SecantState, view_name: str) -> SecantState:
    """Another function, from its customary start, nothing stepped yet."""
    return begin(view_name, state.search)


def seek(state: SecantState, search: str) -> SecantState:
    """The same start with another search."""
    return walk(replace(state, search=search), state.k)
