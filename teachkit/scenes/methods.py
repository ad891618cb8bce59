"""The methods that an explorer offers: any direction with any search that the library has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from teachkit.optimize import (
    BFGS,
    LBFGS,
    Backtracking,
    FixedStep,
    Iterate,
    Newton,
    NewtonCG,
    SteepestDescent,
    Wolfe,
    descend,
)
from teachkit.optimize._oracle import Breakdown

MOST = 100  # steps that can be looked at


@dataclass(frozen=True)
class PlainNewton:
    """``H d = -grad``, whatever H is: to the stationary point of the model, be it a saddle.

    The library's `Newton` shifts an H that is not positive definite; this one shows why.
    """

    def begin(self, objective: Any) -> Any:
        def propose(point: Any) -> tuple[Any, str]:
            try:
                return np.linalg.solve(objective.hessian(point.x), -point.gradient), ""
            except np.linalg.LinAlgError:
                raise Breakdown(
                    "The Hessian is singular here: the second-order model has no stationary "
                    "point, or a whole line of them, so there is no next point. Begin elsewhere."
                ) from None

        return propose


DIRECTIONS: dict[str, Any] = {
    "steepest descent": SteepestDescent(),
    "plain Newton": PlainNewton(),
    "Newton": Newton(),
    "Newton-CG": NewtonCG(),
    "BFGS": BFGS(),
    "L-BFGS": LBFGS(),
}
SEARCHES: dict[str, Any] = {
    "full step": FixedStep(),
    "backtracking": Backtracking(),
    "Wolfe": Wolfe(),
}


@dataclass(frozen=True)
class Method:
    """A direction and a search, by the names of `DIRECTIONS` and `SEARCHES`."""

    direction: str
    search: str

    def __post_init__(self) -> None:
        for given, known, what in (
            (self.direction, DIRECTIONS, "direction"),
            (self.search, SEARCHES, "search"),
        ):
            if given not in known:
                names = ", ".join(map(repr, known))
                raise ValueError(f"The {what} is {given!r}; take one of {names}.")

    @property
    def name(self) -> str:
        """'BFGS, Wolfe'."""
        return f"{self.direction}, {self.search}"


@dataclass(frozen=True, eq=False)
class Descent:
    """One method from one start: its iterates, and why it ended ("" if it could go on)."""

    iterates: tuple[Iterate, ...]
    ending: str

    @property
    def last(self) -> int:
        """The number of steps that there are."""
        return len(self.iterates) - 1

    def upto(self, k: int) -> tuple[Iterate, ...]:
        """The start and the first k steps, or as many as there are."""
        return self.iterates[: k + 1]


@lru_cache(maxsize=16)  # a walk along the steps does not take them again
def run(objective: Any, start: tuple[float, ...], method: Method, unit: float = 1.0) -> Descent:
    """Take the steps, MOST of them, or until the gradient is nothing beside this unit."""
    steps = descend(
        objective, np.array(start), DIRECTIONS[method.direction], SEARCHES[method.search]
    )
    iterates: list[Iterate] = []
    while len(iterates) <= MOST and not (iterates and iterates[-1].gradient_norm < 1e-13 * unit):
        try:
            iterates.append(next(steps))
        except StopIteration as end:
            return Descent(tuple(iterates), str(end.value))
    return Descent(tuple(iterates), "")
