"""The methods that an explorer offers: any direction with any search that the library has."""

from __future__ import annotations

from collections.abc import Generator
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
PARTS = {"direction": ("Method", [*DIRECTIONS]), "search": ("Search", [*SEARCHES])}


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


class Descent:
    """One method from one start; a step is taken when it is first looked at, and then kept.

    While the start is dragged, only the steps that are shown have to be taken. There are no more
    than MOST, and none from where the gradient's norm is below ``rounding``.
    """

    def __init__(self, steps: Generator[Iterate, None, Any], rounding: float) -> None:
        self._steps = steps
        self._rounding = rounding
        self._taken: list[Iterate] = []
        self._ending: str | None = None

    def upto(self, k: int) -> tuple[Iterate, ...]:
        """The start and the first k steps, or as many as there are."""
        while len(self._taken) <= k and self._ending is None:
            self._take()
        return tuple(self._taken[: k + 1])

    def _take(self) -> None:
        try:
            self._taken.append(next(self._steps))
        except StopIteration as end:
            self._ending = str(end.value)
        except BaseException:  # the generator is at its end, but the method is not
            run.cache_clear()
            raise
        else:
            if len(self._taken) > MOST or self._taken[-1].gradient_norm < self._rounding:
                self._ending = ""

    def over(self, k: int) -> bool:
        """Whether there are no more than k steps."""
        return len(self.upto(k + 1)) <= k + 1

    @property
    def iterates(self) -> tuple[Iterate, ...]:
        """All that there are."""
        return self.upto(MOST + 1)

    @property
    def last(self) -> int:
        """The number of steps that there are."""
        return len(self.iterates) - 1

    @property
    def ending(self) -> str:
        """Why it ended; "" if it could go on."""
        self.upto(MOST + 1)
        return self._ending or ""


@lru_cache(maxsize=16)  # a walk along the steps does not take them again
def run(objective: Any, start: tuple[float, ...], method: Method, unit: float = 1.0) -> Descent:
    """The method from there: MOST steps, or until the gradient is nothing beside this unit."""
    direction, search = DIRECTIONS[method.direction], SEARCHES[method.search]
    return Descent(descend(objective, np.array(start), direction, search), 1e-13 * unit)
