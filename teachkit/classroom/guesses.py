"""The class's first guesses at each question, as bars beside the truth."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from statistics import median, quantiles
from typing import Any

from teachkit.exercises._engine.export import printable

from .read import Learner

SAME = 1e-6  # relative: truths that differ by less are one truth
TINY = 1e-290
BINS = 10


@dataclass(frozen=True)
class Bar:
    """How many guesses lie from `low` (itself included) to below `high`."""

    low: float
    high: float
    guesses: int


@dataclass(frozen=True)
class Histogram:
    """Numbers, in bins of one width, and what lies outside of the picture.

    `truth` is None where each learner's was another: then the numbers are guesses minus truths.
    """

    numbers: tuple[float, ...]
    truth: float | None
    prediction: float | None
    bars: tuple[Bar, ...]
    below: int
    above: int

    @property
    def median(self) -> float:
        return median(self.numbers)

    def place(self, number: float) -> float:
        """Where a number stands in the picture, in per cent of its width."""
        low, high = self.bars[0].low, self.bars[-1].high
        return 100 * (number - low) / (high - low)


@dataclass(frozen=True)
class Named:
    """Guesses that are names: each with how often it was guessed, and whether it is the truth.

    `truth` is "" where each learner's was another: then there is only right and wrong. So is
    `prediction` where there is none, or not one.
    """

    truth: str
    prediction: str
    guesses: tuple[tuple[str, int, bool], ...]


@dataclass(frozen=True)
class Question:
    """One question and what the class guessed."""

    lesson: str
    asked: str
    total: int
    drawn: Histogram | Named | None  # None: numbers and names are mixed


def questions(learners: Iterable[Learner], titles: Mapping[str, str]) -> tuple[Question, ...]:
    """Every question at which somebody guessed, by its key."""
    made: dict[str, list[dict[str, Any]]] = {}
    for one in learners:
        for key, entry in one.guesses.items():
            if entry["made"]:
                made.setdefault(key, []).append(entry["made"][0])
    return tuple(_question(key, made[key], titles) for key in sorted(made))


def _question(key: str, made: list[dict[str, Any]], titles: Mapping[str, str]) -> Question:
    """A key is a lesson's number, an explorer and a question: "07.influence.which point"."""
    parts = printable(key).split(".", 2)
    known = len(parts) == 3 and parts[0] in titles
    lesson = f"{parts[0]} {titles[parts[0]]}" if known else ""
    asked = f"{parts[1]}: {parts[2]}" if known else printable(key)
    numbers = {isinstance(one[side], str) for one in made for side in ("guess", "truth")}
    if len(numbers) > 1:
        return Question(lesson, asked, len(made), None)
    drawn = _named(made) if numbers == {True} else _histogram(made)
    return Question(lesson, asked, len(made), drawn)


def _named(made: list[dict[str, Any]]) -> Named:
    truths = {printable(one["truth"]) for one in made}
    if len(truths) > 1:
        right = sum(one["guess"] == one["truth"] for one in made)
        sides = (("as it came out", right, True), ("otherwise", len(made) - right, False))
        return Named("", "", tuple(side for side in sides if side[1]))
    (truth,) = truths
    counts = Counter({truth: 0})
    counts.update(printable(one["guess"]) for one in made)
    told = {one.get("prediction") for one in made}
    prediction = told.pop() if len(told) == 1 else None
    rows = sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    return Named(
        truth,
        printable(prediction) if isinstance(prediction, str) else "",
        tuple((name, several, name == truth) for name, several in rows),
    )


def _histogram(made: list[dict[str, Any]]) -> Histogram:
    truth = _one([float(one["truth"]) for one in made])
    off = [float(one["truth"]) if truth is None else 0.0 for one in made]
    numbers = sorted(float(one["guess"]) - away for one, away in zip(made, off, strict=True))
    told = [one.get("prediction") for one in made]
    prediction = None
    if truth is not None and all(isinstance(p, (int, float)) for p in told):
        prediction = _one([float(p) for p in told])  # type: ignore[arg-type]
    marks = [0.0 if truth is None else truth, *([] if prediction is None else [prediction])]
    edges = _edges(*_window(numbers, marks))
    bars = [
        Bar(low, high, sum(low <= number < high for number in numbers))
        for low, high in pairwise(edges)
    ]
    below = sum(number < edges[0] for number in numbers)
    above = sum(number >= edges[-1] for number in numbers)
    return Histogram(tuple(numbers), truth, prediction, tuple(bars), below, above)


def _one(values: list[float]) -> float | None:
    """What all of them are, but for rounding; None where they differ."""
    largest = max(map(abs, values))
    return values[0] if max(values) - min(values) <= SAME * largest else None


def _window(numbers: list[float], marks: list[float]) -> tuple[float, float]:
    """From where to where: all marks, and all guesses but those far from the others."""
    low, high = numbers[0], numbers[-1]
    if len(numbers) > 3:
        lower, middle, upper = quantiles(numbers, n=4, method="inclusive")
        # Tukey's fences, and not so narrow that most guesses alike drive all others out.
        reach = max(1.5 * (upper - lower), abs(middle) / 2)
        low = min(n for n in numbers if n >= lower - reach)
        high = max(n for n in numbers if n <= upper + reach)
    return min(low, *marks), max(high, *marks)


def _edges(low: float, high: float) -> list[float]:
    """Round numbers from low or before it to behind high, a dozen of them or fewer."""
    if high - low <= max(1e-9 * max(abs(low), abs(high)), TINY):  # one number alone, 0 or not
        reach = abs(low) / 2 if abs(low) > TINY else 1.0
        low, high = low - reach, high + reach
    rough = (high - low) / BINS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(s * power for s in (1, 2, 5, 10) if s * power >= rough * (1 - 1e-9))
    first, last = math.floor(low / step), math.floor(high / step)
    edges = [float(f"{k * step:.12g}") for k in range(first - 1, last + 3)]  # 0.3, not 3 * 0.1
    inner = [k for k in range(len(edges) - 1) if edges[k + 1] > low and edges[k] <= high]
    return edges[inner[0] : inner[-1] + 2]
