"""Which mistake is it? The answer against the known mistakes, then an honest general diagnosis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .known import Case, Failed, Known
from .mistake import Mistake, NeverEnds
from .relation import relation
from .secret import progress_of
from .values import items, numbers
from .words import complaint, short, two


@dataclass(frozen=True)
class Diagnosis:
    """What is wrong; `failing` is the smallest wrong case, `compared` says that it is spoken of."""

    mistake: Mistake | None
    sentences: tuple[str, ...]
    failing: int
    compared: bool = False


def diagnose(known: Known, answers: Sequence[Any]) -> Diagnosis | None:
    """None if every answer is right; otherwise what is wrong, the most telling things first."""
    cases, expected = known.cases, known.expected
    right = [known.same(a, e) for a, e in zip(answers, expected, strict=True)]
    if all(right):
        return None
    failing = known.smallest([not ok for ok in right])
    for mistake, values in known.mistakes:
        if known.agree(answers, values):
            return Diagnosis(mistake, (mistake.message,), failing)
    for mistake, values in known.mistakes:
        told = [_verdict(known, a, v) for a, v in zip(answers, values, strict=True)]
        wrong = any(t and not ok for t, ok in zip(told, right, strict=True))
        if wrong and False not in told and 2 * told.count(True) >= len(told):
            return Diagnosis(mistake, (mistake.message,), failing)
    for position, (answer, wanted) in enumerate(zip(answers, expected, strict=True)):
        objection = complaint(answer, wanted)
        if objection is not None:
            return Diagnosis(None, (objection,), position)
    if not known.exercise.reveal:
        said = progress_of(answers[failing], expected[failing], expected)
        return Diagnosis(None, (said,), failing, compared=True)
    related = relation(known, answers, failing)
    names = known.exercise.argument_names
    sentences = [_both(cases[failing], names, answers[failing], expected[failing])]
    if related is not None:
        return Diagnosis(None, (related, *sentences), failing, compared=True)
    turned = [_turned(answer) for answer in answers]
    for mistake, values in known.mistakes:
        if not mistake.better and known.agree(turned, values):
            both = "Two things at once. The sign is turned; with the sign put right, this remains:"
            return Diagnosis(mistake, (both, mistake.message), failing)
    if any(right):
        sentences.append(
            f"{sum(right)} of the {len(right)} cases {'comes' if sum(right) == 1 else 'come'} out "
            "right, so look at what is special about the others."
        )
    sentences.append("It is none of the mistakes that this check knows.")
    return Diagnosis(None, tuple(sentences), failing, compared=True)


def cause(known: Known, kind: str, message: str, position: int) -> Mistake | None:
    """The known mistake that fails with the same exception on the same case."""
    for mistake, values in known.mistakes:
        value = values[position]
        if isinstance(value, Failed) and (value.kind, value.message) == (kind, message):
            return mistake
    return None


def cause_of_stop(known: Known, answers: Sequence[Any]) -> Mistake | None:
    """The known mistake that gives these answers and on the next case never ends, if it is one."""
    if len(answers) == len(known.cases):  # the limit struck as the last call ended
        return None
    found = []
    for mistake, values in known.mistakes:
        last = values[len(answers)]
        alike = known.agree(answers, values[: len(answers)])
        if alike and isinstance(last, Failed) and last.kind == NeverEnds.__name__:
            found.append(mistake)
    return found[0] if len(found) == 1 else None


def _verdict(known: Known, answer: Any, value: Any) -> bool | None:
    """Do they agree? None where one is not finite: rounding alone decides whether 0/0 is met."""
    for number in (answer, value):
        array = numbers(number)
        if array is not None and not np.isfinite(array).all():
            return None
    return known.same(answer, value)


def _turned(answer: Any) -> Any:
    array = numbers(answer)
    return None if array is None else -array


def _both(case: Case, names: Sequence[str], answer: Any, expected: Any) -> str:
    entries = items(answer, expected) if isinstance(expected, tuple) else None
    yours, right = two(answer if entries is None else entries, expected)
    given = ", ".join(
        f"{name} = {short(value, 4)}" for name, value in zip(names, case, strict=True)
    )
    where = f"For {given}: yours" if given else "Yours"
    return f"{where} is {yours}, and {right} is expected."
