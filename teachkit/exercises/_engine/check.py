"""From the learner's function to a Result, with nothing recorded and nothing raised."""

from __future__ import annotations

import copy
import functools
import inspect
import textwrap
from dataclasses import replace
from typing import Any

import numpy as np

from . import result
from .code import is_ours, stub_mark, unfinished, untouched
from .diagnose import Diagnosis, cause, cause_of_stop, diagnose
from .display import Code
from .exercise import Exercise
from .known import Known
from .mistake import Mistake
from .result import Result
from .run import Failure, Run, run
from .words import complaint, kind

MEASURING = 1.0  # seconds for what is said beside the verdict
_said: set[str] = set()  # what is said once in a kernel


def examine(known: Known, drawn: Known, function: Any) -> Result:
    """Judge one answer: untouched, unusable, stopped, raised, right, or which mistake.

    It has to be right on the cases made by hand first; they tell the known mistakes apart. Then
    come the drawn ones, which are to let nothing else through.
    """
    exercise = known.exercise
    early = _before_running(exercise, function)
    if early is not None:
        return early
    outcome = run(function, known.cases, exercise.seconds)
    ended = _ended(known, outcome, function)
    if ended is not None:
        return ended
    if any(value is Ellipsis for value in outcome.values):
        return _untouched(exercise)
    found = diagnose(known, outcome.values)
    if found is not None:
        return _wrong(known, outcome, found, function)
    if exercise.draw is not None:
        further = run(function, drawn.cases[len(known.cases) :], exercise.seconds)
        whole = further.after(outcome)
        ended = _ended(drawn, whole, function, by_hand=len(known.cases))
        if ended is not None:
            return ended
        found = diagnose(drawn, whole.values)
        if found is not None:
            return _wrong(drawn, whole, found, function, by_hand=len(known.cases))
    count = len(known.cases)
    word = "1 case" if count == 1 else f"all {count} cases"
    more = () if exercise.draw is None else (f"And on {exercise.draws} more that were drawn.",)
    remarks = (*_measured(exercise, function), *more, *_remarks(exercise, outcome))
    return Result(
        exercise.heading, result.CORRECT, f"correct, on {word}.", remarks, printed=outcome.printed
    )


def _ended(
    known: Known, outcome: Run, function: Any, by_hand: int | None = None
) -> Result | None:
    """What is said where the function was stopped or raised; of a drawn case also which it was."""
    exercise, position = known.exercise, min(len(outcome.values), len(known.cases) - 1)
    where = () if by_hand is None else (f"It was for {known.given(position)}.",)
    say = functools.partial(Result, exercise.heading, printed=outcome.printed)
    if outcome.stopped:
        mistake = cause_of_stop(known, outcome.values)
        return say(
            result.STOPPED,
            f"stopped after {exercise.seconds:g} s",
            (*_stopped(outcome, exercise.seconds), *where, *_likely(mistake)),
            mistake=None if mistake is None else mistake.name,
            case=copy.deepcopy(known.cases[position]),
        )
    if outcome.failure is not None:
        failure = outcome.failure
        mistake = cause(known, failure.kind, failure.message, position)
        return say(
            result.RAISED,
            f"your code raised {failure.kind}",
            (*_raised(failure, unfinished(function)), *where, *_likely(mistake)),
            mistake=None if mistake is None else mistake.name,
            case=copy.deepcopy(known.cases[position]),
        )
    return None


def _wrong(
    known: Known, outcome: Run, found: Diagnosis, function: Any, by_hand: int | None = None
) -> Result:
    exercise = known.exercise
    fits = not any(map(complaint, outcome.values, known.expected))
    measured = _measured(exercise, function) if fits else ()
    remarks = (*measured, *_remarks(exercise, replace(outcome, mutated=())))
    if found.mistake is not None and found.mistake.better:
        state = result.BETTER
        headline = "right in its way, but not what was asked, so not counted as solved."
    else:
        state, headline = result.NOT_YET, "not yet."
        warned = [f"NumPy warned: {text.rstrip('.')}." for text in outcome.warnings[:1]]
        remarks = (*remarks, *warned)
    name = None if found.mistake is None else found.mistake.name
    case = copy.deepcopy(known.cases[found.failing])
    sentences: list[str | Code] = list(found.sentences)
    if outcome.mutated:  # explains an answer of 0 better than any formula does
        sentences.insert(
            0,
            f"Look at this first: your function changes {_changed(exercise, outcome)} while it "
            "works, by an assignment into it or by `+=` and the like; what it reads there later is "
            "not what it was given.",
        )
    if by_hand is not None:
        sentences.insert(0, f"Right on the {by_hand} cases that come first, and not on all others.")
    if found.compared and case:
        call = f"result = {exercise.key}.check({exercise.name})\n{exercise.name}(*result.case)"
        sentences += ["Try it yourself:", Code(call)]
    if any(value is None for value in outcome.values) and (name_of_open := unfinished(function)):
        sentences.append(_still_open(name_of_open))
    return Result(
        exercise.heading,
        state,
        headline,
        (*sentences, *remarks),
        mistake=name,
        printed=outcome.printed,
        case=case,
        unknown=found.unknown,
    )


def _before_running(exercise: Exercise, function: Any) -> Result | None:
    if not callable(function):
        call = f"`{exercise.lesson}.{exercise.name}.check({exercise.name})`"
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
        return _untouched(exercise)
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


def _likely(mistake: Mistake | None) -> tuple[str, ...]:
    return () if mistake is None else (f"A likely cause: {mistake.message}",)


def _untouched(exercise: Exercise) -> Result:
    return Result(
        exercise.heading,
        result.NOT_ATTEMPTED,
        "not attempted yet.",
        (
            f"Replace the `...` in `{exercise.name}` by your code and run the cell again. "
            f"Stuck? `{exercise.lesson}.{exercise.name}.hint()`",
        ),
    )


def _still_open(name: str) -> str:
    return f"`{name}`, which your code uses, is still open: it returns None."


def _stopped(outcome: Run, seconds: float) -> tuple[str | Code, ...]:
    """What was seen when the limit was over."""
    at = outcome.failure
    line = "" if at is None else at.line
    if outcome.took > seconds + 2:
        look = (
            f"It could be stopped after {outcome.took:.0f} s only: the time went by inside one "
            "call of compiled code. Is an array much larger than the task needs?"
        )
    elif outcome.lines > 1000:
        look = f"It had printed {outcome.lines} lines by then. Print less, or look for a loop."
    elif "input(" in line:
        look = "It waits for somebody to type. The arguments hold all that it needs."
    elif "sleep(" in line:
        look = "It sleeps."
    else:
        look = "Look for a loop whose condition never fails."
    said: list[str | Code] = [f"Your function did not come to an end. {look}"]
    if at is not None and line:
        said += [f"When it was stopped it was at line {at.line_number} of the cell:", Code(line)]
    return tuple(said)


def _raised(failure: Failure, still_open: str | None) -> tuple[str | Code, ...]:
    message = textwrap.shorten(failure.message, 300, placeholder=" ...")
    text = f"{failure.kind}: {message}" if message else failure.kind
    said: list[str | Code] = [text]
    if failure.line:
        said += [f"It was line {failure.line_number} of the cell:", Code(failure.line)]
    if "ellipsis" in failure.message.lower():
        said.append("A `...` is still standing in your function.")
    if still_open is not None:
        said.append(_still_open(still_open))
    elif "NoneType" in failure.message:
        said.append(
            "Something that your code calls returned None: is another exercise of yours still open?"
        )
    if failure.kind == "RecursionError":
        said.append("The function calls itself and never reaches its end.")
    return tuple(said)


def _measured(exercise: Exercise, function: Any) -> tuple[str, ...]:
    """What the exercise measures of the function at work; nothing where that does not succeed."""
    if exercise.remark is None:
        return ()

    def on_copies(*arguments: Any) -> Any:  # a function that works in place is to spoil nothing
        return function(*(a.copy() if type(a) is np.ndarray else a for a in arguments))

    measured = run(exercise.remark, [(on_copies,)], min(MEASURING, exercise.seconds))
    return tuple(str(text) for text in measured.values)


def _remarks(exercise: Exercise, outcome: Run) -> tuple[str, ...]:
    said = []
    if outcome.unlimited and outcome.unlimited not in _said:
        _said.add(outcome.unlimited)
        said.append(outcome.unlimited)
    if outcome.mutated:
        said.append(
            f"One remark: your function changes {_changed(exercise, outcome)}, which belongs to "
            "whoever calls it. Here it got a copy; elsewhere, work on `x.copy()` or without "
            "assigning into it."
        )
    return tuple(said)


def _changed(exercise: Exercise, outcome: Run) -> str:
    return ", ".join(f"`{exercise.argument_names[position]}`" for position in outcome.mutated)

