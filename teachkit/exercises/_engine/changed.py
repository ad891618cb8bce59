"""Answers that change an argument: whose it is, and in which line they write into it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from . import result
from .display import Code
from .exercise import Exercise
from .result import Result
from .run import Failure, Run, run


def look_first(exercise: Exercise, outcome: Run, function: Any, cases: Sequence[Any]) -> str:
    """Of a wrong answer: it explains a 0 better than any formula does."""
    at = _writes(exercise, function, cases)
    where = "by an assignment into it or by `+=` and the like" if at is None else _line(at)
    return (
        f"Look at this first: your function changes {_names(exercise, outcome)} while it works, "
        f"{where}; what it reads there later is not what it was given."
    )


def changes_an_argument(
    exercise: Exercise, outcome: Run, function: Any, cases: Sequence[Any]
) -> Result:
    """The answer is right, and an argument is not what it was."""
    right = "The numbers are right." if exercise.judge is None else "All aims are met."
    at = _writes(exercise, function, cases)
    where = "." if at is None else f", {_line(at)}:"
    line = () if at is None else (Code(at.line, python=True),)
    name = exercise.argument_names[outcome.mutated[0]]
    second = ""
    if at is not None and not re.search(rf"\b{name}\b", at.line):
        second = f" A second name for `{name}` is no copy of it."
    said = (
        f"{right} But your function changes {_names(exercise, outcome)}{where}",
        *line,
        f"It belongs to whoever calls the function, and there it is another one afterwards. Work "
        f"on a copy, made by `{name}.copy()`, or on new arrays: `a = a - b` makes one, while "
        f"`a -= b` and `a[i] = b` write into the one that is there.{second}",
    )
    return Result(
        exercise.heading,
        result.NOT_YET,
        "not yet.",
        said,
        mistake="changes an argument",
        printed=outcome.printed,
    )


def _names(exercise: Exercise, outcome: Run) -> str:
    return " and ".join(f"`{exercise.argument_names[position]}`" for position in outcome.mutated)


def _line(at: Failure) -> str:
    return f"in line {at.line_number} of the cell"


def _writes(exercise: Exercise, function: Any, cases: Sequence[Any]) -> Failure | None:
    """Where arrays that cannot be written into make it fail, if they do."""
    at = run(function, cases, exercise.seconds, locked=True).failure
    return at if at is not None and at.line and "read-only" in at.message else None
