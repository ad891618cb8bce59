"""The table of the course: every lesson that has exercises, and where the learner stands."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from . import unknown
from .display import Block, Panel, Shown, Table
from .progress import read
from .quiz import Quiz
from .task import Task

HEADER = ("lesson", "exercise", "state", "attempts", "hints used")


@dataclass(frozen=True, repr=False)
class Progress(Shown):
    """The rows of the table; each is (lesson, exercise, state, attempts, hints used)."""

    rows: tuple[tuple[str, ...], ...]
    solved: int
    sentence: str = ""

    def _panel(self) -> Panel:
        blocks: tuple[Block, ...] = (Table(HEADER, self.rows),)
        if self.sentence:
            blocks = (*blocks, self.sentence)
        return Panel("plain", f"Your course: {self.solved} of {len(self.rows)} done.", blocks)


def progress() -> Progress:
    """Where you stand: one row for every exercise and quiz of the lessons there are."""
    data, sentence = read()
    rows, done = [], 0
    for lesson in lessons():
        for task in tasks(lesson):
            section = "exercises" if isinstance(task, Task) else "quizzes"
            entry = data[section].get(task.key, {})
            done += bool(entry.get("solved") or entry.get("right"))
            rows.append((f"{lesson.LESSON} {_name(lesson)}", *_row(task, entry)))
    return Progress(tuple(rows), done, sentence or _unknown())


def _unknown() -> str:
    several = unknown.count()
    if not several:
        return ""
    answers = "1 answer" if several == 1 else f"{several} answers"
    return (
        f"{answers} of yours the checks could not name. Each is kept in {unknown.place().name} "
        "beside your progress, on this machine only: hand the file in if you like, it makes the "
        "checks better."
    )


def lessons() -> list[ModuleType]:
    """The modules of the lessons, in the order of the course."""
    room = __package__.rpartition(".")[0]  # teachkit.exercises
    package = importlib.import_module(room)
    found = [
        importlib.import_module(f"{room}.{module.name}")
        for module in pkgutil.iter_modules(package.__path__)
        if not module.name.startswith("_")
    ]
    return sorted(found, key=lambda module: module.LESSON)


def tasks(lesson: ModuleType) -> list[Task | Quiz]:
    """The exercises of a lesson, then its quizzes."""
    things = list(vars(lesson).values())
    exercises = [thing for thing in things if isinstance(thing, Task)]
    exercises.sort(key=lambda task: [int(part) for part in task.number.split(".")])
    return [*exercises, *(thing for thing in things if isinstance(thing, Quiz))]


def _name(lesson: ModuleType) -> str:
    return lesson.__name__.split(".")[-1]


def _row(task: Task | Quiz, entry: dict[str, Any]) -> tuple[str, str, str, str]:
    if isinstance(task, Quiz):
        state = "right" if entry.get("right") else "not yet" if entry else "not started"
        return f"quiz {task.name}", state, str(entry.get("answers", 0)), "-"
    if entry.get("solved"):
        after = entry.get("solved_after_solution")
        state = "solved after seeing the solution" if after else "solved"
    elif entry.get("solution_shown"):
        state = "solution seen"
    else:
        state = "not yet" if entry.get("attempts") else "not started"
    attempts, hints = str(entry.get("attempts", 0)), str(entry.get("hints", 0))
    return f"{task.number} {task.name}", state, attempts, f"{hints} of {len(task.hints)}"
