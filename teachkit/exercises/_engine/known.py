"""What is known of an exercise: the right answers and those of every known mistake, on its cases.

Each is computed once, when it is first asked for; the cases are copied before each call.
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from .draw import drawn
from .exercise import Exercise
from .mistake import Function, Mistake
from .values import is_real, numbers, same
from .words import short

Case = tuple[Any, ...]


class Failed:
    """Stands for the value of a formula that raises on a case."""

    def __init__(self, error: Exception) -> None:
        self.kind, self.message = type(error).__name__, str(error)


def outputs(function: Function, cases: Sequence[Case]) -> list[Any]:
    """The values of one of our own formulas, on copies of the cases."""
    values: list[Any] = []
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of a wrong formula are not the learner's
        for case in cases:
            try:
                values.append(function(*copy.deepcopy(case)))
            except Exception as error:
                values.append(Failed(error))
    return values


@dataclass(frozen=True)
class Wrong:
    """A known mistake made in one way, and the values that it gives."""

    mistake: Mistake
    function: Function
    values: list[Any]

    @property
    def sentences(self) -> tuple[str, ...]:
        where = getattr(self.function, "where", "")
        return (where, self.mistake.message) if where else (self.mistake.message,)


class Known:
    """An exercise on its cases: those made by hand and, with `drawn`, others behind them."""

    def __init__(self, exercise: Exercise, *, drawn: bool = False) -> None:
        self.exercise = exercise
        self._drawn = drawn

    @cached_property
    def cases(self) -> list[Case]:
        """Those made by hand, then the drawn ones from the smallest to the largest."""
        cases = [tuple(case) for case in self.exercise.cases()]
        exercise = self.exercise
        if self._drawn and exercise.draw is not None:
            cases += sorted(drawn(exercise.draw, exercise.draws, exercise.key), key=_size)
        return cases

    @cached_property
    def expected(self) -> list[Any]:
        return outputs(self.exercise.reference, self.cases)

    @cached_property
    def wrongs(self) -> list[Wrong]:
        """The known mistakes, one for each function of theirs."""
        return [
            Wrong(mistake, function, outputs(function, self.cases))
            for mistake in self.exercise.mistakes
            for function in mistake.functions
        ]

    @cached_property
    def few(self) -> bool:
        """Are answers verdicts, counts, or often the same, so that some agree by chance?"""
        different = len(set(map(repr, self.expected)))
        return not all(map(is_real, self.expected)) or 3 * different < 2 * len(self.expected)

    def same(self, answer: Any, other: Any) -> bool:
        return same(answer, other, self.exercise.rtol, self.exercise.atol)

    def agree(self, answers: Sequence[Any], others: Sequence[Any]) -> bool:
        return all(self.same(a, b) for a, b in zip(answers, others, strict=True))

    def given(self, place: int) -> str:
        """The arguments of a case in a few words: "x = [1, 2], i = 0"."""
        named = zip(self.exercise.argument_names, self.cases[place], strict=True)
        return ", ".join(f"{name} = {short(value, 4)}" for name, value in named)

    def smallest(self, wrong: Sequence[bool]) -> int:
        """The place of the smallest case that is wrong, the first of several."""
        places = (place for place, so in enumerate(wrong) if so)
        return min(places, key=lambda place: (_size(self.cases[place]), place))


def _size(case: Case) -> int:
    return sum(array.size for value in case if (array := numbers(value)) is not None)
