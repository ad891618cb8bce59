"""What may be printed: figures that were measured, beside what they ought to be."""

from __future__ import annotations

import math
from collections.abc import Iterable


class Unmeasured(RuntimeError):
    """A measurement that did not happen: there is no figure to print."""


def insist(happened: object, otherwise: str) -> None:
    """Raise Unmeasured with this sentence unless what is to be measured has happened."""
    if not happened:
        raise Unmeasured(otherwise)


def measured(what: str, values: Iterable[float]) -> list[float]:
    """These durations or sizes, each finite and above 0: a clock that stood still tells nothing."""
    values = [float(value) for value in values]
    insist(values, f"{what} was never measured.")
    for k, value in enumerate(values):
        insist(
            math.isfinite(value) and value > 0,
            f"{what}, repeat {k}, is {value:g}. It ended before the clock began, or too soon for "
            "the clock to see; no figure of it is printed.",
        )
    return values


def ratio(what: str, ours: float, theirs: float) -> float:
    """Ours over theirs, where both were measured."""
    above, below = measured(what, (ours, theirs))
    return above / below


def against(what: str, value: float, target: float, unit: str = "") -> str:
    """One line: the figure and the most that it ought to be; a miss says so."""
    [value] = measured(what, [value])
    verdict = "" if value <= target else "   TARGET MISSED"
    return f"{what:64s} {value:8.2f}{unit}   (at most {target:g}{unit}){verdict}"


def at_least(what: str, value: float, target: float) -> str:
    """One line: the figure, a correlation say, and the least that it ought to be."""
    insist(math.isfinite(value), f"{what} is {value:g}: it was not measured.")
    verdict = "" if value >= target else "   TARGET MISSED"
    return f"{what:64s} {value:8.3f}   (at least {target:g}){verdict}"
