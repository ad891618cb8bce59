"""What may be printed: figures that were measured, beside what they ought to be."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple


class Unmeasured(RuntimeError):
    """A measurement that did not happen: there is no figure to print."""


class Absent(RuntimeError):
    """What a benchmark needs is not on this machine: it is left out, and no figure is wrong."""


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


class Figure(NamedTuple):
    """One row of the table: a figure, and the bound that it ought to keep, if there is one."""

    what: str
    value: float
    unit: str = ""
    bound: str = ""  # "at most" or "at least"
    target: float | None = None

    @property
    def kept(self) -> bool:
        if self.target is None:
            return True
        return self.value <= self.target if self.bound == "at most" else self.value >= self.target

    def __str__(self) -> str:
        shown = f"{self.what:64s} {self.value:10.3f}{self.unit}"
        if self.target is None:
            return shown
        verdict = "" if self.kept else "   TARGET MISSED"
        return f"{shown}   ({self.bound} {self.target:g}{self.unit}){verdict}"


FIGURES: list[Figure] = []
"""All that were told in this run, in their order."""


def told(figure: Figure) -> str:
    """One line of it, and a row of the table."""
    insist(math.isfinite(figure.value), f"{figure.what} is {figure.value:g}: not measured.")
    FIGURES.append(figure)
    return str(figure)


def plain(what: str, value: float, unit: str = "") -> str:
    """A figure that nobody asks to be small or large."""
    return told(Figure(what, *measured(what, [value]), unit))


def against(what: str, value: float, target: float, unit: str = "") -> str:
    """A figure and the most that it ought to be; a miss says so."""
    return told(Figure(what, *measured(what, [value]), unit, "at most", target))


def at_least(what: str, value: float, target: float, unit: str = "") -> str:
    """A figure, a correlation say, and the least that it ought to be."""
    return told(Figure(what, value, unit, "at least", target))
