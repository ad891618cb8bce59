"""What a direction and a search may ask: the objective, counted and checked."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from teachkit import arrays
from teachkit.arrays import Array


class Breakdown(Exception):  # an ending, not an error: its text becomes the message
    """Raised by a direction or a search that cannot go on."""


@dataclass(frozen=True, eq=False)
class Point:
    """x with R(x) and, once it has been asked for, the gradient there and its 2-norm."""

    x: Array
    value: float
    gradient: Array = None  # asked for when it is needed
    gradient_norm: float = math.nan

    @property
    def finite(self) -> bool:
        """Whether the value, and the gradient where it is known, are finite."""
        return math.isfinite(self.value) and (
            self.gradient is None or math.isfinite(self.gradient_norm)
        )


@dataclass(eq=False)
class Oracle:
    """Asks the objective, counts how often (a joint call as one) and checks what comes back."""

    objective: Any
    evaluations: int = field(default=0)

    def at(self, x: Array) -> Point:
        """The point at x: its value, and the gradient too where one call gives both."""
        if not hasattr(self.objective, "value_and_gradient"):
            self.evaluations += 1
            with quiet():
                return Point(x, _number(self.objective.value(x)))
        self.evaluations += 1
        with quiet():
            both = self.objective.value_and_gradient(x)
            if not (isinstance(both, tuple | list) and len(both) == 2):
                raise TypeError(
                    f"value_and_gradient gave {both!r:.60}; it has to be a pair, the value and "
                    "the gradient (p,)."
                )
            return self._with(Point(x, _number(both[0])), both[1])

    def with_gradient(self, point: Point) -> Point:
        """The same point with its gradient, which is asked for only if it is not known yet."""
        if point.gradient is not None or not point.finite:
            return point
        self.evaluations += 1
        with quiet():
            return self._with(point, self.objective.gradient(point.x))

    def _with(self, point: Point, gradient: Any) -> Point:
        xp = arrays.array_namespace(point.x)
        gradient = matching(gradient, point.x, "The gradient")
        if gradient.shape != point.x.shape:
            raise ValueError(
                f"The gradient has shape {tuple(gradient.shape)} where x has shape "
                f"{tuple(point.x.shape)}; there is one partial derivative per coordinate. A row or "
                "column of a matrix can be flattened with reshape(-1)."
            )
        norm = arrays.scalar(xp.linalg.vector_norm(gradient))
        return replace(point, gradient=gradient, gradient_norm=norm)


def matching(values: Any, x: Array, name: str) -> Array:
    """What a function of the user gave, in the library, device and dtype of x.

    NaN and infinity pass: solvers meet them on the way and say so in their message.
    """
    return arrays.as_real(values, name, x)


def _number(value: Any) -> float:
    if getattr(value, "ndim", 0) != 0:
        raise ValueError(
            f"The value of the objective has shape {tuple(value.shape)}; a minimiser needs one "
            "number. Probably a mean over the examples is missing."
        )
    return arrays.scalar(value)


def quiet() -> Any:
    """Trial points may overflow; that is noticed and said in a sentence, so NumPy need not warn."""
    return np.errstate(over="ignore", invalid="ignore", divide="ignore")


def need(objective: Any, name: str, who: str, instead: str) -> None:
    """Raise TypeError, naming the oracle that `who` asks for, if the objective has none."""
    if not callable(getattr(objective, name, None)):
        raise TypeError(
            f"{who} needs {name}(x), and this objective ({type(objective).__name__}) has none. "
            f"{instead}"
        )
