"""Which mistake is it? The answer against the known mistakes, then an honest general diagnosis."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ._relation import Cases, relation
from ._secret import progress_of
from ._values import items, numbers, same
from ._words import complaint, short, two


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that people really give, and what to tell whoever gave it.

    `wrong` is the wrong function, or several that deserve the same words because algebra makes
    them equal or because they differ in a detail. `better` marks an answer that is not what was
    asked and yet no mistake: it is not counted as solved, and it is told so kindly.
    """

    name: str
    wrong: Callable[..., Any] | tuple[Callable[..., Any], ...]
    message: str
    better: bool = False

    @property
    def functions(self) -> tuple[Callable[..., Any], ...]:
        return self.wrong if isinstance(self.wrong, tuple) else (self.wrong,)


class NeverEnds(ValueError):
    """Raised by a known mistake on a case where the loop of whoever wrote it would not end."""


@dataclass(frozen=True)
class Diagnosis:
    """What is wrong; `failing` is the smallest wrong case, `compared` says that it is spoken of."""

    mistake: Mistake | None
    sentences: tuple[str, ...]
    failing: int
    compared: bool = False


class _Failed:
    """Stands for the value of a formula that raises on a case."""

    def __init__(self, error: Exception) -> None:
        self.kind, self.message = type(error).__name__, str(error)


def outputs(function: Callable[..., Any], cases: Cases) -> list[Any]:
    """The values of one of our own formulas, on copies of the cases."""
    values: list[Any] = []
    with np.errstate(all="ignore"):
        for case in cases:
            try:
                values.append(function(*copy.deepcopy(case)))
            except Exception as error:
                values.append(_Failed(error))
    return values


def diagnose(
    answers: Sequence[Any],
    expected: Sequence[Any],
    cases: Cases,
    names: Sequence[str],
    mistakes: Sequence[Mistake],
    rtol: float,
    atol: float,
    reveal: bool = True,
) -> Diagnosis | None:
    """None if every answer is right; otherwise what is wrong, the most telling things first.

    Without `reveal` the right answer is the secret, and only how much of it is right is said.
    """

    def agree(a: Sequence[Any], b: Sequence[Any]) -> bool:
        return all(same(x, y, rtol, atol) for x, y in zip(a, b, strict=True))

    right = [same(a, e, rtol, atol) for a, e in zip(answers, expected, strict=True)]
    if all(right):
        return None
    failing = min((i for i, ok in enumerate(right) if not ok), key=lambda i: (_size(cases[i]), i))
    known = [
        (mistake, outputs(wrong, cases)) for mistake in mistakes for wrong in mistake.functions
    ]
    for mistake, values in known:
        if agree(answers, values):
            return Diagnosis(mistake, (mistake.message,), failing)
    for position, (answer, wanted) in enumerate(zip(answers, expected, strict=True)):
        objection = complaint(answer, wanted)
        if objection is not None:
            return Diagnosis(None, (objection,), position)
    if not reveal:
        said = progress_of(answers[failing], expected[failing], expected)
        return Diagnosis(None, (said,), failing, compared=True)
    related = relation(answers, expected, cases, names, rtol, atol, failing)
    sentences = [_both(cases[failing], names, answers[failing], expected[failing])]
    if related is not None:
        return Diagnosis(None, (related, *sentences), failing, compared=True)
    turned = [_turned(answer) for answer in answers]
    for mistake, values in known:
        if not mistake.better and agree(turned, values):
            both = "Two things at once. The sign is turned; with the sign put right, this remains:"
            return Diagnosis(mistake, (both, mistake.message), failing)
    if any(right):
        sentences.append(
            f"{sum(right)} of the {len(right)} cases {'comes' if sum(right) == 1 else 'come'} out "
            "right, so look at what is special about the others."
        )
    sentences.append("It is none of the mistakes that this check knows.")
    return Diagnosis(None, tuple(sentences), failing, compared=True)


def cause(
    kind: str, message: str, position: int, cases: Cases, mistakes: Sequence[Mistake]
) -> Mistake | None:
    """The known mistake that fails with the same exception on the same case."""
    for mistake in mistakes:
        for function in mistake.functions:
            value = outputs(function, cases)[position]
            if isinstance(value, _Failed) and (value.kind, value.message) == (kind, message):
                return mistake
    return None


def cause_of_stop(
    answers: Sequence[Any], cases: Cases, mistakes: Sequence[Mistake], rtol: float, atol: float
) -> Mistake | None:
    """The known mistake that gives these answers and on the next case never ends, if it is one."""
    if len(answers) == len(cases):  # the limit struck as the last call ended
        return None
    found = []
    for mistake in mistakes:
        for function in mistake.functions:
            *before, last = outputs(function, cases[: len(answers) + 1])
            alike = all(same(a, b, rtol, atol) for a, b in zip(answers, before, strict=True))
            if alike and isinstance(last, _Failed) and last.kind == NeverEnds.__name__:
                found.append(mistake)
    return found[0] if len(found) == 1 else None


def _turned(answer: Any) -> Any:
    array = numbers(answer)
    return None if array is None else -array


def _size(case: tuple[Any, ...]) -> int:
    return sum(array.size for value in case if (array := numbers(value)) is not None)


def _both(case: tuple[Any, ...], names: Sequence[str], answer: Any, expected: Any) -> str:
    entries = items(answer, expected) if isinstance(expected, tuple) else None
    yours, right = two(answer if entries is None else entries, expected)
    given = ", ".join(
        f"{name} = {short(value, 4)}" for name, value in zip(names, case, strict=True)
    )
    where = f"For {given}: yours" if given else "Yours"
    return f"{where} is {yours}, and {right} is expected."
