"""From learners to numbers: what each has done, what they get wrong, and how long it took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from statistics import median
from typing import Any

from teachkit.exercises._engine import result
from teachkit.exercises._engine.course import lessons, state_of, tasks
from teachkit.exercises._engine.export import printable
from teachkit.exercises._engine.quiz import KEPT, Choice, Quiz
from teachkit.exercises._engine.task import Task

from .guesses import Question, questions
from .read import Handed, Learner

# What stands among the mistakes where an attempt came to no known one.
UNNAMED = {
    result.NOT_YET: "wrong, in a way that no check could name",
    result.BETTER: "right in its way, but not what was asked",
    result.RAISED: "the code raised an error",
    result.STOPPED: "stopped after the time limit",
}


@dataclass(frozen=True)
class Slip:
    """A mistake: how many made it, how many of them made it last and are stuck."""

    name: str
    message: str
    learners: int
    stuck: int


@dataclass(frozen=True)
class Exercise:
    """What the class did at one exercise; all counts are of learners."""

    task: Task
    tried: int
    solved: int
    after_solution: int
    stuck: int
    hints: int
    slips: tuple[Slip, ...]
    minutes: tuple[float, ...]  # of those who needed more than one attempt
    at_once: int  # solved by the first attempt: no time to be measured

    @property
    def took(self) -> float | None:
        """The median of the minutes that were measured."""
        return median(self.minutes) if self.minutes else None


@dataclass(frozen=True)
class Voted:
    """The first choices at one quiz; `unknown` are answers of which the first was not kept."""

    quiz: Quiz
    votes: tuple[tuple[str, Choice, int], ...]
    right_now: int
    unknown: int

    @property
    def total(self) -> int:
        return sum(votes for _, _, votes in self.votes)


@dataclass(frozen=True)
class Lesson:
    """One lesson that anybody has begun."""

    number: str
    title: str
    exercises: tuple[Exercise, ...]
    quizzes: tuple[Voted, ...]
    tasks: tuple[Task | Quiz, ...]


@dataclass(frozen=True)
class Class:
    """All that is known of a class."""

    learners: tuple[Learner, ...]
    lessons: tuple[Lesson, ...]
    guesses: tuple[Question, ...]
    left_out: tuple[str, ...]
    notes: tuple[str, ...]


def count(handed: Handed) -> Class:
    """Count what was handed in, by the course that is installed here."""
    learners, modules = handed.learners, lessons()
    found = [_lesson(module, learners) for module in modules]
    titles = {module.LESSON: module.TITLE for module in modules}
    return Class(
        learners,
        tuple(lesson for lesson in found if lesson.exercises or lesson.quizzes),
        questions(learners, titles),
        handed.left_out,
        (*handed.notes, *_notes(learners, [task for module in modules for task in tasks(module)])),
    )


def entry_of(learner: Learner, task: Task | Quiz) -> dict[str, Any]:
    """What a learner's file says of a task; nothing where they have not begun."""
    section = learner.quizzes if isinstance(task, Quiz) else learner.exercises
    return section.get(task.key, {})


def done(learner: Learner, lesson: Lesson) -> tuple[int, int]:
    """How many tasks of a lesson a learner has done, and of how many."""
    states = [state_of(task, entry_of(learner, task)) for task in lesson.tasks]
    return sum(s == "right" or s.startswith("solved") for s in states), len(states)


def _lesson(module: Any, learners: Iterable[Learner]) -> Lesson:
    exercises, quizzes, every = [], [], tasks(module)
    for task in every:
        entries = [entry for one in learners if (entry := entry_of(one, task))]
        if not entries:
            continue
        if isinstance(task, Quiz):
            quizzes.append(_voted(task, entries))
        else:
            exercises.append(_exercise(task, entries))
    return Lesson(module.LESSON, module.TITLE, tuple(exercises), tuple(quizzes), tuple(every))


def _exercise(task: Task, entries: list[dict[str, Any]]) -> Exercise:
    tried = [e for e in entries if e.get("attempts") or e.get("solved")]
    solved = [e for e in tried if e.get("solved")]
    stuck = [e for e in tried if not e.get("solved")]
    timed = [e for e in solved if "minutes" in e]
    return Exercise(
        task,
        len(tried),
        len(solved),
        sum(bool(e.get("solved_after_solution")) for e in solved),
        len(stuck),
        sum(bool(e.get("hints")) for e in entries),
        _slips(task, tried, stuck),
        tuple(sorted(float(e["minutes"]) for e in timed if e.get("attempts", 0) > 1)),
        sum(e.get("attempts") == 1 for e in solved),
    )


def _slips(
    task: Task, tried: list[dict[str, Any]], stuck: list[dict[str, Any]]
) -> tuple[Slip, ...]:
    messages = {mistake.name: mistake.message for mistake in task.mistakes}
    made = Counter(name for e in tried for name in set(e.get("found", ())) - {result.CORRECT})
    last = Counter(e["found"][-1] for e in stuck if e.get("found"))
    slips = [
        Slip(UNNAMED.get(name, printable(name)), messages.get(name, ""), several, last[name])
        for name, several in made.items()
    ]
    named = {UNNAMED[state] for state in made.keys() & UNNAMED.keys()}
    return tuple(sorted(slips, key=lambda s: (s.name in named, -s.learners, -s.stuck, s.name)))


def _voted(quiz: Quiz, entries: list[dict[str, Any]]) -> Voted:
    firsts = Counter(_first(quiz, entry) for entry in entries)
    votes = tuple((letter, choice, firsts[letter]) for letter, choice in quiz.lettered)
    right = sum(bool(entry.get("right")) for entry in entries)
    return Voted(quiz, votes, right, firsts[""])


def _first(quiz: Quiz, entry: dict[str, Any]) -> str:
    """The first choice, or "" where it cannot be known: earlier versions did not keep it."""
    chosen = entry.get("chosen", [])
    whole = chosen and len(chosen) == min(entry.get("answers", 0), KEPT)
    return chosen[0] if whole and chosen[0] in dict(quiz.lettered) else ""


def _notes(learners: tuple[Learner, ...], known: list[Task | Quiz]) -> list[str]:
    """What is in the files and not in the course, or not the same, in sentences."""
    keys = {task.key for task in known}
    strange = Counter(
        printable(key) for one in learners for key in {*one.exercises, *one.quizzes} - keys
    )
    notes = [
        f"{key} is no exercise and no quiz of this course; of {_files(several)} it is left out."
        for key, several in sorted(strange.items())[:20]
    ]
    if len(strange) > 20:
        notes.append(f"So are {len(strange) - 20} more.")
    here = version("teachkit")
    others = sum(one.course != here for one in learners)
    if others:
        notes.append(
            f"{_files(others)} came from another version of the course than the one here ({here}): "
            "mistakes and choices are read as this one has them."
        )
    return notes


def _files(several: int) -> str:
    return "1 file" if several == 1 else f"{several} files"
