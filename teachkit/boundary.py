"""Calling what users hand in: a function of theirs gets no array of ours, and keeps none.

It may work in place on what it is given, write each answer into the same buffer, and raise where
it has no value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from teachkit.arrays import own, quiet


class UndefinedError(ValueError):
    """A function has no finite value at a point; the text says which function, and why."""


@dataclass(frozen=True)
class Apart:
    """A function that gets copies of the arrays it is called with, and whose answer is copied.

    It runs in the library's error state. NaN and infinity are answers; where it raises instead that
    it has no value here, that is an `UndefinedError` with the function's `name`, "The gradient".
    """

    function: Callable[..., Any]
    name: str = "The function"

    def __call__(self, *arguments: Any) -> Any:
        try:
            with quiet():
                if ours(self.function):  # needs no care
                    return self.function(*arguments)
                answer = self.function(*map(own, arguments))
        except Exception as error:
            if isinstance(error, UndefinedError) or not undefined(error):
                raise
            raise UndefinedError(f"{self.name} cannot be computed here ({error}).") from error
        if isinstance(answer, tuple | list):  # a value and a gradient
            return (list if isinstance(answer, list) else tuple)(map(own, answer))
        return own(answer)


def apart(function: Callable[..., Any], name: str = "The function") -> Apart:
    """`function` as an `Apart`, once."""
    return function if isinstance(function, Apart) else Apart(function, name)


def answer(function: Callable[..., Any], name: str, *arguments: Any) -> Any:
    """What a function gives, as an `Apart`."""
    return apart(function, name)(*arguments)


def ours(thing: Any) -> bool:
    """Whether a function, or a method by the class of its object, is written in this library."""
    module = getattr(getattr(thing, "__self__", thing), "__module__", "")
    return str(module).startswith("teachkit.")


def undefined(error: Exception) -> bool:
    """Whether an exception says that a function has no finite value at this point.

    Python's floats raise where arrays give NaN or infinity: 10.0**400, 1 / 0.0, math.log(-1.0).
    """
    if isinstance(error, ArithmeticError | UndefinedError):
        return True
    words = str(error)
    return isinstance(error, ValueError) and (
        "math domain" in words or words.startswith("expected a")  # before and from Python 3.14
    )
