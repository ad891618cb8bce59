"""The memory explorer's state and scene: L-BFGS with so many pairs, on a data set."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from teachkit.losses import Logistic
from teachkit.optimize import BFGS, LBFGS, Backtracking, Iterate, SteepestDescent, Wolfe, minimize
from teachkit.risks import LinearRisk
from teachkit.scenes.contours import Pieces
from teachkit.scenes.drawing import curve
from teachkit.scenes.meanings import SHARED
from teachkit.scenes.scene import Axes, Line, Scene
from teachkit.scenes.units import standardised

MEMORIES = (1, 2, 3, 5, 10, 20, 40, 100)
PENALTIES = (1e-1, 1e-2, 1e-3, 1e-4)
TOL = 1e-8  # of the gradient norm
MOST = 500  # steps that are looked at
LOWEST, HIGHEST = -8.5, 0.5  # of the picture, powers of ten
METHODS = ("limited", "full", "steepest")


class Problem:
    """Logistic regression on one data set, X (n, p) with its column of ones; runs are kept."""

    def __init__(self, X: Any, y: Any) -> None:
        self.X, self.y = X, y
        self._runs: dict[tuple[Any, float], tuple[Iterate, ...]] = {}

    @property
    def p(self) -> int:
        return int(self.X.shape[1])

    def run(self, direction: Any, l2: float) -> tuple[Iterate, ...]:
        """The iterates from 0 to a gradient norm of TOL, or MOST steps."""
        if (direction, l2) not in self._runs:
            risk = LinearRisk(self.X, self.y, Logistic(), l2=l2)
            search = Backtracking() if direction == SteepestDescent() else Wolfe()
            start = np.zeros(self.p)
            trace = minimize(risk, start, direction, search, tol=TOL, max_iter=MOST)
            self._runs[direction, l2] = trace.iterates
        return self._runs[direction, l2]


@dataclass(frozen=True, eq=False)
class MemoryState:
    """Everything the learner can change."""

    problem: Problem
    memory: int = 10
    l2: float = 1e-2

    @cached_property
    def runs(self) -> tuple[tuple[Iterate, ...], ...]:
        """L-BFGS with this memory, BFGS, and steepest descent."""
        directions = (LBFGS(self.memory), BFGS(), SteepestDescent())
        return tuple(self.problem.run(direction, self.l2) for direction in directions)


def begin(X: Any, y: Any, memory: int = 10, l2: float = 1e-2) -> MemoryState:
    """The state to start with; raises ValueError, a sentence, where there is none.

    Columns that are not of ordinary size are standardised, as for every first-order method.
    """
    for name, value, known in (("memory", memory, MEMORIES), ("l2", l2, PENALTIES)):
        if value not in known:
            raise ValueError(f"{name} is {value}; the slider has {', '.join(map(str, known))}.")
    risk = LinearRisk(X, y, Logistic(), l2=l2)  # checks X and y, and says what is wrong
    return MemoryState(Problem(standardised(risk.X), risk.y), memory, float(l2))


def change(state: MemoryState, **changes: Any) -> MemoryState:
    """The state with another memory or penalty."""
    return replace(state, **changes)


def draw(state: MemoryState) -> Scene:
    """The gradient norm at every step of the three methods, on a logarithmic axis."""
    limited, full, _ = state.runs
    steps = max(len(limited), len(full)) - 1
    width = float(10 * -(-min(MOST, 2 * steps) // 10))  # the slow one runs out of the picture
    ends = ("L-BFGS", "BFGS", "steepest descent")
    return Scene(
        axes=Axes((0.0, width), (LOWEST, HIGHEST), "step", "norm of the gradient", ylog=True),
        lines=tuple(
            Line(name, _curve(run, width), name, end=end)
            for name, end, run in zip(METHODS, ends, state.runs, strict=True)
        ),
        sentence=describe(state),
        alt=(  # without the counts, which with little memory depend on the machine
            f"The gradient norm at every step, on a logarithmic scale: L-BFGS with memory "
            f"{state.memory}, BFGS, and steepest descent, at l2 = {state.l2:g}."
        ),
        table=_table(state),
        legend={
            "steepest": SHARED["steepest descent"].called(""),
            "limited": SHARED["L-BFGS"].called(""),
            "full": SHARED["BFGS"].called(""),
        },
    )


def describe(state: MemoryState) -> str:
    """How many steps each of them takes."""
    limited, full, steepest = (_steps(run) for run in state.runs)
    return (
        f"To a gradient norm of 10⁻⁸: L-BFGS with memory {state.memory} takes {limited} steps, "
        f"BFGS {full}, steepest descent {steepest}."
    )


def _steps(run: tuple[Iterate, ...]) -> str:
    return str(run[-1].k) if run[-1].gradient_norm <= TOL else f"over {MOST}"


def _curve(run: tuple[Iterate, ...], width: float) -> Pieces:
    """At most some 200 corners: a curve is a message."""
    shown = [it for it in run if it.k <= width]
    every = max(1, len(shown) // 200)
    shown = [*shown[:-1:every], shown[-1]]
    norms = [max(it.gradient_norm, 1e-9) for it in shown]
    return curve([it.k for it in shown], np.log10(norms))


def _table(state: MemoryState) -> tuple[tuple[str, ...], ...]:
    m, p = state.memory, state.problem.p
    return (
        ("", "L-BFGS", "BFGS", "steepest"),
        ("steps", *(_steps(run) for run in state.runs)),
        ("evaluations", *(f"{run[-1].evaluations}" for run in state.runs)),
        ("numbers kept", f"{2 * m * p:,}", f"{p * p:,}", "0"),
        ("multiplications", f"{4 * m * p + p:,}", f"{3 * p * p:,}", "0"),
    )
