"""What holds for each exercise and quiz of every lesson there is."""

from __future__ import annotations

import copy
import importlib
import inspect
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from teachkit.exercises import Quiz
from teachkit.exercises._engine.course import lessons, tasks
from teachkit.exercises._engine.mistake import NeverEnds
from teachkit.exercises._engine.task import Task
from teachkit.exercises._engine.tex import plain
from teachkit.exercises._engine.values import numbers

TASKS = [task for lesson in lessons() for task in tasks(lesson)]
EXERCISES = [task for task in TASKS if isinstance(task, Task)]
QUIZZES = [task for task in TASKS if isinstance(task, Quiz)]
MISTAKES = [
    pytest.param(exercise, mistake, wrong, id=f"{exercise.key}: {mistake.name} {k}")
    for exercise in EXERCISES
    for mistake in exercise.mistakes
    for k, wrong in enumerate(mistake.functions)
]
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.key)
each_quiz = pytest.mark.parametrize("quiz", QUIZZES, ids=lambda q: q.key)


def written(source: str, name: str) -> Callable[..., Any]:
    """The function that a notebook cell with this source defines."""
    names: dict[str, Any] = {"np": np, "__name__": "__main__"}
    exec(compile(source, "a cell", "exec"), names)
    return names[name]


def by_a_learner(exercise: Task, formula: Callable[..., Any]) -> Callable[..., Any]:
    """The formula under the signature of the task, as if written in a notebook."""
    names = ", ".join(exercise.argument_names)
    source = f"""def {exercise.name}({names}):
    try:
        return formula({names})
    except NeverEnds:
        pass
    while True:
        pass
"""
    function = written(source, exercise.name)
    function.__globals__.update(formula=formula, NeverEnds=NeverEnds)
    return function


@each_exercise
def test_the_reference_passes(exercise: Task) -> None:
    result = exercise.check(written(exercise.reference_source, exercise.name))
    assert result.state == "correct", repr(result)
    assert result.solved


@each_exercise
def test_the_stub_is_not_attempted_and_leaves_no_trace(exercise: Task, progress_file: Path) -> None:
    result = exercise.check(written(exercise.stub, exercise.name))
    assert result.state == "not attempted"
    assert not progress_file.exists()


@pytest.mark.parametrize(("exercise", "mistake", "wrong"), MISTAKES)
def test_a_known_mistake_gets_its_own_diagnosis(exercise: Task, mistake: Any, wrong: Any) -> None:
    values = next(w.values for w in exercise.known.wrongs if w.function is wrong)
    endless = any(getattr(value, "kind", "") == NeverEnds.__name__ for value in values)
    task = replace(exercise, seconds=0.1) if endless else exercise
    result = task.check(by_a_learner(exercise, wrong))
    assert result.mistake == mistake.name, repr(result)
    assert not result.solved
    if result.state in ("your code raised", "stopped"):  # shapes that do not fit, an endless loop
        assert f"A likely cause: {mistake.message}" in result.message
        return
    assert mistake.message in result.message
    assert result.state == ("other than asked" if mistake.better else "not yet")


@each_exercise
def test_cases_tell_answers_apart_by_a_margin_and_not_by_luck(exercise: Task) -> None:
    answers = [("the reference", read(exercise.known.expected))]
    answers += [(wrong.mistake.name, read(wrong.values)) for wrong in exercise.known.wrongs]
    for k, (name, mine) in enumerate(answers):
        for other, theirs in answers[:k]:
            pairs = zip(mine, theirs, strict=True)
            if name != other and not any(_gap(a, b) > 0.01 for a, b in pairs):
                raise AssertionError(f"{name} and {other} differ by less than a hundredth")


def read(values: list[Any]) -> list[tuple[Any, np.ndarray | None]]:
    return [(value, numbers(value)) for value in values]


def _gap(mine: tuple[Any, Any], theirs: tuple[Any, Any]) -> float:
    """The relative difference; 1 where values are of different kinds, shapes, or no numbers."""
    (a, x), (b, y) = mine, theirs
    if x is None or y is None or x.shape != y.shape:
        return 0.0 if x is None and y is None and a == b else 1.0
    if np.isnan(x).any() or np.isnan(y).any():
        return float(not np.array_equal(np.isnan(x), np.isnan(y)))
    if not np.array_equal(np.isinf(x), np.isinf(y)):  # one of them overflows
        return 1.0
    return float(np.abs(x - y).max() / max(np.abs(x).max(), np.abs(y).max(), 1e-300))


@each_exercise
@np.errstate(divide="ignore", invalid="ignore")
def test_mistakes_give_finite_values_or_raise_what_arrays_raise(exercise: Task) -> None:
    for mistake in exercise.mistakes:
        for formula in mistake.functions:
            for case in exercise.known.cases:
                try:
                    array = numbers(formula(*copy.deepcopy(case)))
                except (AttributeError, IndexError, TypeError, ValueError):
                    continue
                # A division by zero leaves nothing finite; half a NaN is a slip of ours.
                finite = True if array is None else np.isfinite(array)
                assert np.all(finite) or not np.any(finite), mistake.name


@each_exercise
def test_an_exercise_is_complete(exercise: Task) -> None:
    assert len(exercise.hints) >= 2
    assert len(exercise.mistakes) >= 2
    assert exercise.prompt
    assert exercise.explanation
    assert exercise.minutes > 0
    assert exercise.difficulty in (1, 2, 3)
    assert len({mistake.name for mistake in exercise.mistakes}) == len(exercise.mistakes)
    assert tuple(inspect.signature(written(exercise.stub, exercise.name)).parameters) == (
        exercise.argument_names
    )
    assert exercise.number.split(".")[0] == _lesson(exercise.key).LESSON.removeprefix("0")


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.key)
def test_a_task_is_found_under_the_name_it_tells(task: Task | Quiz) -> None:
    assert getattr(_lesson(task.key), task.key.split(".")[1]) is task


def _lesson(key: str) -> Any:
    return importlib.import_module(f"teachkit.exercises.{key.split('.')[0]}")


@each_exercise
def test_hints_lead_and_do_not_hold_the_solution(exercise: Task) -> None:
    lines = [line.split("return ")[-1].strip() for line in exercise.reference_source.splitlines()]
    solution = next(line for line in reversed(lines) if len(line) > 3)  # `return x` tells nothing
    for hint in exercise.hints:
        assert solution not in hint


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.__name__.split(".")[-1])
def test_a_lesson_has_enough_to_do(lesson: Any) -> None:
    own = tasks(lesson)
    assert sum(isinstance(task, Task) for task in own) >= (3 if lesson.LESSON.isdigit() else 1)
    assert sum(isinstance(task, Quiz) for task in own) >= 2


@each_quiz
def test_every_choice_of_a_quiz_is_explained_and_one_is_right(quiz: Quiz) -> None:
    assert sum(choice.right for choice in quiz.choices) == 1
    for letter, choice in quiz.lettered:
        result = quiz.answer(letter)
        assert result.right is choice.right
        assert " ".join(plain(choice.why).split()) in " ".join(repr(result).split())


@each_quiz
def test_no_command_of_tex_is_printed(quiz: Quiz) -> None:
    texts = [quiz.question, *(text for _, c in quiz.lettered for text in (c.text, c.why))]
    printed = " ".join(map(plain, texts))
    assert "\\" not in printed
    assert not re.search(r"frac(?!tion)|mathcal|\btext\b", printed)


def test_no_letter_is_a_good_guess() -> None:
    right = Counter(letter for quiz in QUIZZES for letter, choice in quiz.lettered if choice.right)
    assert max(right.values()) <= right.total() / 2
