"""What is known of an exercise: the right answers and those of every known mistake, on its cases.

Each is computed once, when it is first asked for; the cases are copied before each call.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from .exercise import Exercise
from .mistake import Mistake
from .values import numbers, same

Case = tuple[Any, ...]


class Failed:
    """Stands for the value of a formula that raises on a case."""

    def __init__(self, error: Exception) -> None:
        self.kind, self.message = type(error).__name__, str(error)


def outputs(function: Callable[..., Any], cases: Sequence[Case]) -> list[Any]:
    """The values of one of our own formulas, on copies of the cases."""
    values: list[Any] = []
    with np.errstate(all="ignore"):
        for case in cases:
            try:
                values.append(function(*copy.deepcopy(case)))
            except Exception as error:
                values.append(Failed(error))
    return values


class Known:
    """An exercise on its cases."""

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise

    @cached_property
    def cases(self) -> list[Case]:
        return [tuple(case) for case in self.exercise.cases()]

    @cached_property
    def expected(self) -> list[Any]:
        return outputs(self.exercise.reference, self.cases)

    @cached_property
    def mistakes(self) -> list[tuple[Mistake, list[Any]]]:
        """Each known wrong function as its mistake, and the values that it gives."""
        return [
            (mistake, outputs(wrong, self.cases))
            for mistake in self.exercise.mistakes
            for wrong in mistake.functions
        ]

    def same(self, answer: Any, other: Any) -> bool:
        return same(answer, other, self.exercise.rtol, self.exercise.atol)

    def agree(self, answers: Sequence[Any], others: Sequence[Any]) -> bool:
        return all(self.same(a, b) for a, b in zip(answers, others, strict=True))

    def smallest(self, wrong: Sequence[bool]) -> int:
        """The place of the smallest case that is wrong, the first of several."""
        sizes = [sum(a.size for v in case if (a := numbers(v)) is not None) for case in self.cases]
        return min((i for i, w in enumerate(wrong) if w), key=lambda i: (sizes[i], i))
