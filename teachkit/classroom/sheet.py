"""The table: a row for each learner and each task that anybody has begun, as CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

from teachkit.exercises._engine.course import state_of
from teachkit.exercises._engine.export import printable
from teachkit.exercises._engine.quiz import Quiz
from teachkit.exercises._engine.task import Task

from .count import Class, entry_of

HEADER = (
    "learner", "lesson", "kind", "task", "state", "attempts", "hints", "minutes", "minutes stated",
    "what the attempts were", "choices", "guess", "truth", "prediction",
)  # fmt: skip
FORMULA = re.compile("(^|;)(\\s*[=+\\-@\uff1d\uff0b\uff0d\uff20])")  # wide ones, as in Japan, too


def sheet(counted: Class) -> str:
    """The CSV, its rows by learner and in the order of the course."""
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADER, restval="", lineterminator="\r\n")
    writer.writeheader()
    for row in _rows(counted):
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return text.getvalue()


def _rows(counted: Class) -> Iterator[dict[str, Any]]:
    for learner in counted.learners:
        for lesson in counted.lessons:
            begun: list[Task | Quiz] = [
                *(one.task for one in lesson.exercises),
                *(one.quiz for one in lesson.quizzes),
            ]
            for task in begun:
                entry = entry_of(learner, task)
                row = {"learner": learner.name, "lesson": lesson.number, "task": task.name}
                row["state"] = state_of(task, entry)
                yield row | (_quiz(entry) if isinstance(task, Quiz) else _exercise(task, entry))
        for key, entry in sorted(learner.guesses.items()):
            for made in entry["made"][:1]:
                row = {"learner": learner.name, "kind": "guess", "task": key}
                told = {name: made.get(name, "") for name in ("guess", "truth", "prediction")}
                yield row | {"lesson": key.split(".")[0]} | told


def _exercise(task: Task, entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": "exercise",
        "attempts": int(entry.get("attempts", 0)),
        "hints": int(entry.get("hints", 0)),
        "minutes": entry.get("minutes", ""),
        "minutes stated": task.minutes,
        "what the attempts were": "; ".join(entry.get("found", ())),
    }


def _quiz(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": "quiz",
        "attempts": int(entry.get("answers", 0)),
        "choices": " ".join(entry.get("chosen", ())),
    }


def _cell(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula gets the quote that makes it a text.

    Behind each semicolon too: where the comma is for decimals, cells end there.
    """
    return FORMULA.sub(r"\1'\2", printable(value)) if isinstance(value, str) else value
