"""What a direction and a search may ask: the objective, counted and checked."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from teachkit import arrays, require
from teachkit._drive import Breakdown
from teachkit.arrays import Array
from teachkit.boundary import UndefinedError, answer

__all__ = ["LONG", "TINY", "Breakdown", "Oracle", "Point", "check_oracles", "matching"]

# When an absolute tolerance is met only because all is small:
LONG = 0.01  # of 1 + ||x||, or of the fall so far: what an answer may be off by at most
TINY = 1e-4  # a slope or curvature along the next step, below which tol, which counts on 1, fails
CALLS = {"hvp": "hvp(x, v)"}  # the others take x


@dataclass(frozen=True, eq=False)
class Point:
    """x with R(x) and, once it has been asked for, the gradient there and its 2-norm."""

    x: Array
    value: float
    gradient: Array = None  # asked for when it is needed
    gradient_norm: float = math.nan
    why: UndefinedError | None = None  # there is no value or gradient here

    @property
    def reason(self) -> str:
        """What the objective raised here, in brackets, or nothing."""
        return f" ({self.why.__cause__ or self.why})" if self.why else ""

    @property
    def finite(self) -> bool:
        """Whether the value, and the gradient where it is known, are finite."""
        return math.isfinite(self.value) and (
            self.gradient is None or math.isfinite(self.gradient_norm)
        )

    def apart(self) -> Point:
        """The same with arrays of its own, for a direction of the user's."""
        return replace(self, x=arrays.own(self.x), gradient=arrays.own(self.gradient))


@dataclass(eq=False)
class Oracle:
    """Asks the objective, counts how often (a joint call as one) and checks what comes back."""

    objective: Any
    evaluations: int = 0
    here: Point = None  # type: ignore[assignment]  # the last iterate, once there is one
    edge: Point | None = None  # where the last search fell off the objective's domain, if it did

    def at(self, x: Array) -> Point:
        """The point at x: its value, and the gradient too where one call gives both."""
        joint = has(self.objective, "value_and_gradient")
        self.evaluations += 1
        try:
            if not joint:
                value = _number(answer(self.objective.value, "The objective", x))
                return Point(x, arrays.scalar(value))
            both = answer(self.objective.value_and_gradient, "The objective", x)
        except UndefinedError as none:
            return Point(x, math.nan, why=none)
        if not (isinstance(both, tuple | list) and len(both) == 2):
            raise TypeError(
                f"value_and_gradient gave {both!r:.60}; it has to be a pair, the value and "
                "the gradient (p,)."
            )
        return self._with(x, _number(both[0]), both[1])

    def with_gradient(self, point: Point) -> Point:
        """The same point with its gradient, which is asked for only if it is not known yet."""
        if point.gradient is not None or not point.finite:
            return point
        self.evaluations += 1
        try:
            found = answer(self.objective.gradient, "The gradient", point.x)
            return self._with(point.x, point.value, found)
        except UndefinedError as none:
            xp = arrays.array_namespace(point.x)
            return replace(point, gradient=xp.full_like(point.x, math.nan), why=none)

    def _with(self, x: Array, value: Any, gradient: Any) -> Point:
        gradient = matching(gradient, x, "The gradient")
        require.shape(
            gradient,
            "The gradient",
            x.shape,
            "There is one partial derivative per coordinate. A row or column of a matrix can be "
            "flattened with np.reshape(g, -1).",
            x=x,
        )
        norm = arrays.array_namespace(x).linalg.vector_norm(gradient)
        value, norm = arrays.scalars(value, norm)
        return Point(x, value, gradient, norm)


def matching(values: Any, x: Array, name: str) -> Array:
    """What a function of the user gave, in the library, device and dtype of x.

    NaN and infinity pass: solvers meet them on the way and say so in their message.
    """
    return arrays.as_real(values, name, x)


def _number(value: Any) -> Any:
    """A single number; one on a GPU is read later, with what else there is to read."""
    if getattr(value, "ndim", 0) != 0:
        raise ValueError(
            f"The value of the objective has shape {tuple(value.shape)}; a minimiser needs one "
            "number. Probably a mean over the examples is missing."
        )
    return value if arrays.is_gpu(value) else arrays.scalar(value)


def has(objective: Any, name: str) -> bool:
    """Whether an objective has this oracle: an attribute that is None is none."""
    return callable(getattr(objective, name, None))


def check_oracles(objective: Any, direction: Any) -> None:
    """Raise TypeError, naming the oracle, where the objective lacks one that is needed.

    A direction declares its ``needs``, such as ("gradient", "hessian"); of names in a tuple,
    ("hvp", "hessian"), one is enough. ``instead`` says what to take without them.
    """
    require.instance(objective, "objective", (), "teachkit.functions.rosenbrock")
    needed: list[tuple[str, Any, str]] = []
    if not has(objective, "value_and_gradient"):
        such = "An objective has value and gradient, such as teachkit.functions.rosenbrock or any"
        needed = [("A minimiser", name, f"{such} risk.") for name in ("value", "gradient")]
    name, instead = type(direction).__name__, getattr(direction, "instead", "")
    needed += [(name, one, instead) for one in getattr(direction, "needs", ()) if one != "gradient"]
    for who, names, instead in needed:
        names = (names,) if isinstance(names, str) else names
        if not any(has(objective, one) for one in names):
            calls = " or ".join(CALLS.get(one, f"{one}(x)") for one in names)
            raise TypeError(
                f"{who} needs {calls}, and this objective ({type(objective).__name__}) has none. "
                f"{instead}".rstrip()
            )
