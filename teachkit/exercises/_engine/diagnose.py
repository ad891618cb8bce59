"""Which mistake is it? The answer against the known mistakes, then an honest general diagnosis."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .known import Failed, Known
from .mistake import Function, Mistake, NeverEnds
from .relation import VARYING, relation
from .run import Run
from .secret import progress_of
from .several import two_things
from .values import items, numbers
from .words import complaint, hidden, two


@dataclass(frozen=True)
class Diagnosis:
    """What is wrong; `failing` is the smallest wrong case, `compared` says that it is spoken of.

    `several` says that two things at once explain it.
    """

    mistake: Mistake | None
    sentences: tuple[str, ...]
    failing: int
    compared: bool = False
    unknown: bool = False
    several: bool = False


def diagnose(
    known: Known, answers: Sequence[Any], confirmed: Callable[[Function], bool] = lambda wrong: True
) -> Diagnosis | None:
    """None if every answer is right; otherwise what is wrong, the most telling things first.

    A mistake is named if it gives these answers and, where that may be chance, is `confirmed`.
    """
    expected = known.expected
    right = [known.same(a, e) for a, e in zip(answers, expected, strict=True)]
    if all(right):
        return None
    failing = known.smallest([not ok for ok in right])
    for wrong in known.wrongs:
        if known.agree(answers, wrong.values) and confirmed(wrong.function):
            return Diagnosis(wrong.mistake, wrong.sentences, failing)
    for wrong in known.wrongs:
        if _agree_where_finite(known, answers, wrong.values, right) and confirmed(wrong.function):
            return Diagnosis(wrong.mistake, wrong.sentences, failing)
    for position, (answer, wanted) in enumerate(zip(answers, expected, strict=True)):
        objection = complaint(answer, wanted)
        if objection is not None:
            return Diagnosis(None, (objection,), position)
    if not known.exercise.reveal:
        said = progress_of(answers[failing], expected[failing], expected)
        return Diagnosis(None, (said,), failing, compared=True)
    related = relation(known, answers, failing)
    sentences = [_both(known, answers, failing)]
    several = None
    if related is None or VARYING in related:
        several = two_things(known, answers, failing)
    if several is not None:
        return Diagnosis(*several, failing, several=True)
    if related is not None:
        return Diagnosis(None, (related, *sentences), failing, compared=True)
    if any(right):
        one, few = sum(right) == 1, 2 * sum(right) < len(right)
        special = ("that one" if one else "those") if few else "the others"
        sentences.append(
            f"{sum(right)} of the {len(right)} cases {'comes' if one else 'come'} out "
            f"right, so look at what is special about {special}."
        )
    return Diagnosis(None, tuple(sentences), failing, compared=True, unknown=True)


def cause(known: Known, outcome: Run) -> Mistake | None:
    """The known mistake that gives these answers and on the next case fails in the same way.

    Of calls that were stopped it is one that never ends, if only one does.
    """
    answers = outcome.values
    if len(answers) == len(known.cases):  # the limit struck as the last call ended
        return None
    failed = (NeverEnds.__name__, "")
    if outcome.failure is not None and not outcome.stopped:
        failed = outcome.failure.kind, outcome.failure.message
    found = []
    for wrong in known.wrongs:
        last = wrong.values[len(answers)]
        alike = isinstance(last, Failed) and (last.kind, last.message) == failed
        if alike and known.agree(answers, wrong.values[: len(answers)]):
            found.append(wrong.mistake)
    return found[0] if found and (len(found) == 1 or not outcome.stopped) else None


def _agree_where_finite(
    known: Known, answers: Sequence[Any], values: Sequence[Any], right: Sequence[bool]
) -> bool:
    """Do they agree wherever both are finite, on half of the cases at least?

    And on a wrong one, or neither is finite there: rounding alone decides whether 0/0 is met.
    """
    told, wrong = [], False
    for answer, value, ok in zip(answers, values, right, strict=True):
        both = _finite(answer), _finite(value)
        told.append(known.same(answer, value) if all(both) else None)
        if told[-1] is False:
            return False
        wrong |= not ok and any(both) is all(both)
    return wrong and 2 * told.count(True) >= len(told)


def _finite(value: Any) -> bool:
    array = numbers(value)
    return array is None or bool(np.isfinite(array).all())


def _both(known: Known, answers: Sequence[Any], place: int) -> str:
    answer, expected = answers[place], known.expected[place]
    entries = items(answer, expected) if isinstance(expected, tuple) else None
    given = known.given(place)
    where = f"For {given}: yours" if given else "Yours"
    if elsewhere := hidden(answer, expected):
        return f"{where} {elsewhere}"
    yours, right = two(answer if entries is None else entries, expected)
    return f"{where} is {yours}, and {right} is expected."
