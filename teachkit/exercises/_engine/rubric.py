"""Open questions: many answers are right; each aim is met or not, by the learner's own numbers."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import result
from .display import Block, Listing
from .known import Case, Known
from .result import Result
from .run import Run
from .values import numbers
from .words import kind


@dataclass(frozen=True)
class Aim:
    """One line of a rubric: was it met, and a sentence that says by which numbers."""

    met: bool
    sentence: str


Judge = Callable[..., Sequence[Aim]]


def judged(known: Known, outcome: Run, heading: str, judge: Judge) -> Result:
    """Right where every aim is met on every case.

    Shown are the aims of the first case, and of a later one only if all before it meet theirs: so
    the numbers of two answers are numbers of the same case.
    """
    rubrics: list[Sequence[Aim]] = []
    right = True
    for case, value, wanted in zip(known.cases, outcome.values, known.expected, strict=True):
        rubrics.append(_aims(judge, copy.deepcopy(case), value, wanted))
        right = all(aim.met for aim in rubrics[-1])
        if not right:
            break
    place = 0 if right else len(rubrics) - 1
    aims = rubrics[place]
    lines = Listing(tuple(("✓" if aim.met else "○", aim.sentence) for aim in aims))
    count = f"{sum(aim.met for aim in aims)} of {len(aims)} aims met."
    if len(aims) == 1:
        count = "correct." if right else "not yet."
    said: tuple[Block, ...] = (*_which(place, len(known.cases), right), lines)
    if right:
        return Result(heading, result.CORRECT, count, said, printed=outcome.printed)
    slip = next((w for w in known.wrongs if known.agree(outcome.values, w.values)), None)
    return Result(
        heading,
        result.NOT_YET,
        count,
        (*(slip.sentences if slip else ()), *said),
        mistake=slip.mistake.name if slip else None,
        printed=outcome.printed,
        case=copy.deepcopy(known.cases[place]),
        unknown=slip is None,
    )


def _which(place: int, count: int, right: bool) -> tuple[str, ...]:
    """Of which case the numbers are."""
    if count == 1:
        return ()
    if right:
        every = "Both" if count == 2 else f"All {count}"
        return (f"{every} cases meet them. The numbers of the first:",)
    before = f"Case {place} meets" if place == 1 else f"The first {place} cases meet"
    ahead = f"{before} every aim. " if place else ""
    return (f"{ahead}The numbers of case {place + 1} of {count}:",)


def _aims(judge: Judge, case: Case, value: Any, such_as: Any) -> Sequence[Aim]:
    """The rubric's, or one that is not met where the answer is of a kind that it cannot read."""
    try:
        return judge(*case, _read(value, such_as))
    except Exception as error:
        said = f"The answer is {kind(value)}, which cannot be judged ({error})."
        if kind(value) != kind(such_as):
            said += f" It has to be of this kind: {kind(such_as)}."
        elif np.asarray(such_as).dtype.kind in "iu":
            said += " Its entries have to be whole numbers, rows that there are."
        return [Aim(False, said)]


def _read(value: Any, such_as: Any) -> Any:
    """Whole numbers as such, where these are asked for, in whatever type they come."""
    array = numbers(value)
    if array is None or np.asarray(such_as).dtype.kind not in "iu":
        return value
    return array.astype(int) if np.array_equal(array, np.round(array)) else value
