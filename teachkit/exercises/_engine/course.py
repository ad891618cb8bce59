"""The table of the course: every lesson that has exercises, and where the learner stands."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from . import unknown
from .display import Panel, Shown, Table
from .progress import read
from .quiz import Quiz
from .task import Task

HEADER = ("lesson", "done", "")
DETAILS = ("exercise", "state", "attempts", "hints used")


@dataclass(frozen=True, repr=False)
class Progress(Shown):
    """A table: a row for each lesson, or for each exercise and quiz of one lesson."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    solved: int
    total: int
    notes: tuple[str, ...] = ()

    def _panel(self) -> Panel:
        headline = f"{self.name}: {self.solved} of {self.total} done."
        return Panel("plain", headline, (Table(self.header, self.rows), *self.notes))


def progress(lesson: str | int | None = None) -> Progress:
    """Where you stand: one row for every lesson, or for every exercise and quiz of one.

    Parameters
    ----------
    lesson : str or int, optional
        The number of a lesson, ``"07"`` or ``7``, or ``"A"`` for the appendix, to see its
        exercises and quizzes one by one.

    Raises
    ------
    ValueError
        Where no lesson with exercises has this number.
    """
    known = {module.LESSON: module for module in lessons()}
    number = None if lesson is None else _number(lesson)
    if number is not None and number not in known:
        there = ", ".join(known)
        raise ValueError(f"No lesson {lesson!r} has exercises. Those that have: {there}.")
    data, sentence = read()
    notes = tuple(filter(None, [sentence or _unknown()]))
    if number is not None:
        entries = _entries(known[number], data)
        rows = tuple(_row(task, entry) for task, entry in entries)
        return Progress(_name(known[number]), DETAILS, rows, _done(entries), len(rows), notes)
    summary, solved, total = [], 0, 0
    for module in known.values():
        entries = _entries(module, data)
        done, of = _done(entries), len(entries)
        summary.append((_name(module), "●" * done + "○" * (of - done), f"{done} of {of}"))
        solved, total = solved + done, total + of
    how = f'`progress("{next(iter(known))}")` shows the exercises and quizzes of one lesson.'
    return Progress("Your course", HEADER, tuple(summary), solved, total, (how, *notes))


def _number(lesson: str | int) -> str:
    """What a lesson is called: "07" for 7, "A" for "a"."""
    told = str(lesson).strip().upper()
    return told if told.isalpha() else told.zfill(2)


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
    exercises.sort(key=lambda task: int(task.number.split(".")[1]))
    return [*exercises, *(thing for thing in things if isinstance(thing, Quiz))]


def _name(lesson: ModuleType) -> str:
    return f"{lesson.LESSON} {lesson.TITLE}"


def _entries(lesson: ModuleType, data: dict[str, Any]) -> list[tuple[Task | Quiz, dict[str, Any]]]:
    """Each task of a lesson, with what is noted of it."""
    section = {True: "exercises", False: "quizzes"}
    return [(t, data[section[isinstance(t, Task)]].get(t.key, {})) for t in tasks(lesson)]


def _done(entries: list[tuple[Task | Quiz, dict[str, Any]]]) -> int:
    return sum(bool(entry.get("solved") or entry.get("right")) for _, entry in entries)


def _row(task: Task | Quiz, entry: dict[str, Any]) -> tuple[str, str, str, str]:
    state = state_of(task, entry)
    if isinstance(task, Quiz):
        return f"quiz {task.name}", state, str(entry.get("answers", 0)), "-"
    attempts, hints = str(entry.get("attempts", 0)), str(entry.get("hints", 0))
    return f"{task.number} {task.name}", state, attempts, f"{hints} of {len(task.hints)}"


def state_of(task: Task | Quiz, entry: dict[str, Any]) -> str:
    """Where a learner stands with one task, in words."""
    if isinstance(task, Quiz):
        return "right" if entry.get("right") else "not yet" if entry else "not started"
    if entry.get("solved"):
        after = entry.get("solved_after_solution")
        return "solved after seeing the solution" if after else "solved"
    if entry.get("solution_shown"):
        return "solution seen"
    return "not yet" if entry.get("attempts") else "not started"
