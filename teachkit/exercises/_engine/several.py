"""Two slips at once: a known one times a factor, or one in each of two parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .known import Known, outputs
from .mistake import Mistake
from .relation import factor_beside
from .values import is_real, numbers

Found = tuple[Mistake, tuple[str, ...]]


def two_things(known: Known, answers: Sequence[Any], failing: int) -> Found | None:
    """The mistake, and what is said of it and of what came with it; not where few answers occur."""
    if known.few or not _telling(known.expected):
        return None
    return _times_a_factor(known, answers) or _in_two_parts(known, answers, failing)


def _telling(expected: Sequence[Any]) -> bool:
    """Are they real numbers, enough of them that two slips do not fit by chance?"""
    arrays = [numbers(value) for value in expected]
    real = [a for a, e in zip(arrays, expected, strict=True) if a is not None and is_real(e)]
    return len(real) == len(arrays) and sum(array.size for array in real) >= 2


def _times_a_factor(known: Known, answers: Sequence[Any]) -> Found | None:
    for wrong in known.wrongs:
        factor = None if wrong.mistake.better else factor_beside(known, answers, wrong.values)
        if factor == "the sign":
            both = "Two things at once. The sign is turned; with the sign put right, this remains:"
            return wrong.mistake, (both, *wrong.sentences)
        if factor is not None:
            both = f"Two things at once: {factor}; and with that put right, this remains:"
            return wrong.mistake, (both, *wrong.sentences)
    return None


def _in_two_parts(known: Known, answers: Sequence[Any], failing: int) -> Found | None:
    formula = known.exercise.answer
    if formula is None:
        return None
    with np.errstate(all="ignore"):
        alike = formula.pairs(known.cases[failing], lambda v: known.same(answers[failing], v))
        for pair in alike:
            if known.agree(answers, outputs(pair.function, known.cases)):
                one, two = pair.slips
                both = f"Two things at once: {one.name}; and {two.name}."
                return one, (both, one.message, two.message)
    return None
