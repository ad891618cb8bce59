"""Calling what users hand in: a function of theirs gets no array of ours, and keeps none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from teachkit.arrays import own


@dataclass(frozen=True)
class Apart:
    """A function that gets copies of the arrays it is called with, and whose answer is copied.

    It may then work in place on what it is given, or write each answer into the same buffer.
    """

    function: Callable[..., Any]

    def __call__(self, *arguments: Any) -> Any:
        return own(self.function(*map(own, arguments)))


def apart(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function` as an `Apart`; one of the library's own needs no care and stays as it is."""
    return function if ours(function) else Apart(function)


def ours(thing: Any) -> bool:
    """Whether a function, or a method by the class of its object, is written in this library."""
    module = getattr(getattr(thing, "__self__", thing), "__module__", "")
    return str(module).startswith("teachkit.")


def undefined(error: Exception) -> bool:
    """Whether an exception says that a function has no finite value at this point.

    Python's floats raise where arrays give NaN or infinity: 10.0**400, 1 / 0.0, math.log(-1.0).
    """
    if isinstance(error, ValueError):
        return "math domain" in str(error) or str(error).startswith("expected a")
    return isinstance(error, ArithmeticError)
