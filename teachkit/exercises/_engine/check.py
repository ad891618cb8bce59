"""From the learner's function to a Result, with nothing recorded and nothing raised."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from . import result
from .before import before_running, not_attempted
from .called import called
from .changed import changes_an_argument, look_first
from .code import unfinished
from .diagnose import Diagnosis, diagnose
from .display import Code
from .ended import how_it_ended, still_open
from .exercise import Exercise
from .known import Known, outputs
from .mistake import Aside, Clue, Function, Mistake
from .repair import repaired
from .result import Result
from .rubric import judged
from .run import Run, run
from .seen import seen
from .spoilt import NAME as SPOILT
from .spoilt import spoilt
from .words import complaint

MEASURING = 1.0  # seconds for what is said beside the verdict
ONE = (SPOILT, "fraction of a power", "brackets", "one operator", "power", "integer division")
QUICK = 0.5  # seconds that an answer takes which is run again, with an edit
OTHER = "right in its way, but not what was asked, so not counted as solved."
WORKS = re.compile(r"converges with order (1\.[89]|[2-9])|arrives in")
_said: set[str] = set()  # what is said once in a kernel


def examine(known: Known, drawn: Known, function: Any) -> Result:
    """Judge one answer: untouched, unusable, stopped, raised, right, or which mistake.

    It has to be right on the cases made by hand first; they tell the known mistakes apart. Then
    come the drawn ones, which are to let nothing else through.
    """
    exercise = known.exercise
    early = before_running(exercise, function)
    if early is not None:
        return early
    outcome = run(function, known.cases, exercise.seconds)

    def repair(outcome: Run, failing: int) -> Mistake | None:
        quick = outcome.took < (exercise.seconds + 1 if outcome.stopped else QUICK)
        if outcome.unlimited or not quick or not exercise.reveal:
            return None
        if exercise.hunt:
            return spoilt(drawn, function)
        return repaired(known, drawn, failing, function, outcome.took)

    ended = how_it_ended(known, outcome, function, repair)
    if ended is not None:
        return ended
    if any(value is Ellipsis for value in outcome.values):
        return not_attempted(exercise)
    if exercise.judge is not None:
        judgement = judged(known, outcome, exercise.heading, exercise.judge)
        if not outcome.mutated:
            return judgement
        if judgement.solved:
            return changes_an_argument(exercise, outcome, function, known.cases)
        first = look_first(exercise, outcome, function, known.cases)
        return replace(judgement, message=(first, *judgement.message))
    found = diagnose(known, outcome.values, _elsewhere(known, drawn, function))
    if found is not None:
        return _wrong(known, outcome, found, function, repair)
    if exercise.draw is not None:
        seconds = _long_enough(exercise, outcome)
        further = run(function, drawn.cases[len(known.cases) :], seconds)
        whole = further.after(outcome)
        ended = how_it_ended(
            drawn, whole, function, repair, by_hand=len(known.cases), seconds=seconds
        )
        if ended is not None:
            return ended
        found = diagnose(drawn, whole.values)
        if found is not None:
            return _wrong(drawn, whole, found, function, repair, by_hand=len(known.cases))
        outcome = whole
    if outcome.mutated:
        return changes_an_argument(exercise, outcome, function, known.cases)
    count = len(known.cases)
    word = {1: "1 case", 2: "both cases"}.get(count, f"all {count} cases")
    more = () if exercise.draw is None else (f"And on {exercise.draws} more that were drawn.",)
    measured, own = _measured(exercise, function), _remarks(outcome)
    asides = [text for text in measured if isinstance(text, Aside)]
    if asides:
        said = ("The numbers are right.", *measured, *own)
        name, printed = asides[0].name, outcome.printed
        return Result(exercise.heading, result.BETTER, OTHER, said, mistake=name, printed=printed)
    remarks = (*measured, *more, *own)
    return Result(
        exercise.heading, result.CORRECT, f"correct, on {word}.", remarks, printed=outcome.printed
    )


def _long_enough(exercise: Exercise, by_hand: Run) -> float:
    """The limit for the drawn cases: an answer that is right and slow gets the time that it takes.

    As long as the cases made by hand let expect, twice over, and no longer than six limits.
    """
    expected = 2 * exercise.draws * by_hand.took / len(by_hand.values)
    if expected <= exercise.seconds:
        return exercise.seconds
    return float(np.ceil(min(expected, 6 * exercise.seconds)))


def _elsewhere(known: Known, drawn: Known, function: Any) -> Callable[[Function], bool]:
    """Whether a mistake gives the learner's answers on drawn cases as well.

    Asked where answers are few: there many a formula agrees with a mistake on the cases by hand.
    """
    if not known.few or known.exercise.draw is None:
        return lambda wrong: True

    @cache
    def theirs() -> tuple[list[Any], tuple[Any, ...]]:
        cases = drawn.cases[len(known.cases) :]
        return cases, run(function, cases, known.exercise.seconds).values

    def agrees(wrong: Function) -> bool:
        cases, values = theirs()
        return known.agree(values, outputs(wrong, cases[: len(values)]))

    return agrees


def _wrong(
    known: Known,
    outcome: Run,
    found: Diagnosis,
    function: Any,
    repair: Callable[[Run, int], Mistake | None],
    by_hand: int | None = None,
) -> Result:
    exercise = known.exercise
    asked = found.mistake is None or found.several or exercise.hunt
    slip = repair(outcome, found.failing) if asked else None
    if found.several and slip is not None and slip.name not in ONE:
        slip = None
    if slip is None and found.unknown:
        slip = seen(known, found.failing, function)
    if slip is not None and found.several:  # one thing in one place rather than two at once
        found = replace(found, mistake=slip, sentences=(slip.message,), several=False)
    elif slip is not None:
        told = (slip.message, *found.sentences)
        found = replace(found, mistake=found.mistake or slip, sentences=told, unknown=False)
    elif found.unknown:
        none = "It is none of the mistakes that this check knows."
        found = replace(found, sentences=(*found.sentences, none))
    fits = not any(map(complaint, outcome.values, known.expected))
    measured = _measured(exercise, function) if fits else ()
    if found.mistake is None and any(map(WORKS.search, measured)):
        measured = (*measured, "That works; the case above shows that it does not always do so.")
    if found.mistake is not None:
        measured = tuple(text for text in measured if not isinstance(text, Clue))
    remarks = (*measured, *_remarks(outcome))
    if found.mistake is not None and found.mistake.better:
        state, headline = result.BETTER, OTHER
    else:
        state, headline = result.NOT_YET, "not yet."
        warned = [f"NumPy warned: {text.rstrip('.')}." for text in outcome.warnings[:1]]
        remarks = (*remarks, *warned)
    name = None if found.mistake is None else found.mistake.name
    case = copy.deepcopy(known.cases[found.failing])
    sentences: list[str | Code] = list(found.sentences)
    if outcome.mutated:
        sentences.insert(0, look_first(exercise, outcome, function, known.cases))
    if by_hand is not None:
        sentences.insert(0, f"Right on the {by_hand} cases that come first, and not on all others.")
    if found.compared and case:
        own = exercise.name
        call = f"result = {called(exercise.key)}.check({own})\n{own}(*result.case)"
        sentences += ["Try it yourself:", Code(call, python=True)]
    if any(value is None for value in outcome.values):
        if (name_of_open := unfinished(function)) is not None:
            sentences.append(still_open(name_of_open))
        elif outcome.printed:
            sentences.append("It prints: that shows a value, and `return` gives it back.")
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


def _measured(exercise: Exercise, function: Any) -> tuple[str, ...]:
    """What the exercise measures of the function at work; nothing where that does not succeed."""
    if exercise.remark is None:
        return ()

    def on_copies(*arguments: Any) -> Any:  # a function that works in place is to spoil nothing
        return function(*(a.copy() if type(a) is np.ndarray else a for a in arguments))

    on_copies.__wrapped__ = function  # type: ignore[attr-defined]  # a remark may read its source
    measured = run(exercise.remark, [(on_copies,)], min(MEASURING, exercise.seconds))
    return tuple(text for text in measured.values if text)


def _remarks(outcome: Run) -> tuple[str, ...]:
    if not outcome.unlimited or outcome.unlimited in _said:
        return ()
    _said.add(outcome.unlimited)
    return (outcome.unlimited,)
