"""What can be said of an answer before it is called: no function, a stub, ours, other arguments."""

from __future__ import annotations

import inspect
from typing import Any

from . import result
from .called import called
from .code import is_ours, stub_mark, untouched
from .exercise import Exercise
from .result import Result
from .words import kind


def before_running(exercise: Exercise, function: Any) -> Result | None:
    if not callable(function):
        call = f"`{called(exercise.key)}.check({exercise.name})`"
        return Result(
            exercise.heading,
            result.NOT_ATTEMPTED,
            "nothing to check yet.",
            (
                f"The check wants the function itself, without a call: {call}. "
                f"It was given {kind(function)}.",
            ),
        )
    if untouched(function, stub_mark(exercise.stub, exercise.name)):
        return not_attempted(exercise)
    if is_ours(function, exercise.reference):
        return Result(
            exercise.heading,
            result.NOT_ATTEMPTED,
            "that one is the library's own.",
            (
                "It is right, and it was right before you came. Write yours and compare the two: "
                "that is worth more than a tick.",
            ),
        )
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return None
    try:
        signature.bind(*exercise.argument_names)
    except TypeError:
        return Result(
            exercise.heading,
            result.NOT_YET,
            "not yet.",
            (
                f"The check calls `{exercise.name}({', '.join(exercise.argument_names)})`, and "
                f"yours takes `{signature}`. Put the arguments back as the task gives them.",
            ),
        )
    return None


def not_attempted(exercise: Exercise) -> Result:
    if exercise.hunt:
        todo = f"`{exercise.name}` is as it was given. It runs, and it is wrong: mend it"
    else:
        todo = f"Replace the `...` in `{exercise.name}` by your code"
    return Result(
        exercise.heading,
        result.NOT_ATTEMPTED,
        "not attempted yet.",
        (
            f"{todo} and run the cell again. "
            f"Stuck? `{called(exercise.key)}.hint()`",
        ),
    )
