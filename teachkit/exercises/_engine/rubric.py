"""Open questions: many answers are right; each aim is met or not, by the learner's own numbers."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import result
from .display import Listing
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
    """Right where every aim is met on every case; else the aims of the first case that fails."""
    for place, (case, value) in enumerate(zip(known.cases, outcome.values, strict=True)):
        aims = _aims(judge, copy.deepcopy(case), value, known.expected[place])
        if not all(aim.met for aim in aims):
            break
    lines = Listing(tuple(("✓" if aim.met else "○", aim.sentence) for aim in aims))
    count = f"{sum(aim.met for aim in aims)} of {len(aims)} aims"
    if all(aim.met for aim in aims):
        return Result(heading, result.CORRECT, f"{count} met.", (lines,), printed=outcome.printed)
    slip = next((w for w in known.wrongs if known.agree(outcome.values, w.values)), None)
    return Result(
        heading,
        result.NOT_YET,
        f"{count} met.",
        (*(slip.sentences if slip else ()), lines),
        mistake=slip.mistake.name if slip else None,
        printed=outcome.printed,
        case=copy.deepcopy(known.cases[place]),
        unknown=slip is None,
    )


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
