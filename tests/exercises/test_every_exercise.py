"""What holds for each exercise and quiz of every lesson there is."""

from __future__ import annotations

import copy
import importlib
import inspect
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from teachkit.exercises import Exercise, Quiz
from teachkit.exercises._engine.course import lessons, tasks
from teachkit.exercises._engine.known import outputs
from teachkit.exercises._engine.mistake import NeverEnds
from teachkit.exercises._engine.values import numbers

TASKS = [task for lesson in lessons() for task in tasks(lesson)]
EXERCISES = [task for task in TASKS if isinstance(task, Exercise)]
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


def by_a_learner(exercise: Exercise, formula: Callable[..., Any]) -> Callable[..., Any]:
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
def test_the_reference_passes(exercise: Exercise) -> None:
    result = exercise.check(written(exercise.reference_source, exercise.name))
    assert result.state == "correct", repr(result)
    assert result.solved


@each_exercise
def test_the_stub_is_not_attempted_and_leaves_no_trace(
    exercise: Exercise, progress_file: Path
) -> None:
    result = exercise.check(written(exercise.stub, exercise.name))
    assert result.state == "not attempted"
    assert not progress_file.exists()


@pytest.mark.parametrize(("exercise", "mistake", "wrong"), MISTAKES)
def test_a_known_mistake_gets_its_own_diagnosis(
    exercise: Exercise, mistake: Any, wrong: Any
) -> None:
    values = outputs(wrong, exercise.cases())
    endless = any(getattr(value, "kind", "") == NeverEnds.__name__ for value in values)
    task = replace(exercise, seconds=0.5) if endless else exercise
    result = task.check(by_a_learner(exercise, wrong))
    assert result.mistake == mistake.name, repr(result)
    assert not result.solved
    if result.state in ("your code raised", "stopped"):  # shapes that do not fit, an endless loop
        assert f"A likely cause: {mistake.message}" in result.message
        return
    assert mistake.message in result.message
    assert result.state == ("other than asked" if mistake.better else "not yet")


@each_exercise
def test_cases_tell_answers_apart_by_a_margin_and_not_by_luck(exercise: Exercise) -> None:
    cases = exercise.cases()
    answers = [("the reference", outputs(exercise.reference, cases))]
    answers += [(m.name, outputs(f, cases)) for m in exercise.mistakes for f in m.functions]
    for k, (name, mine) in enumerate(answers):
        for other, theirs in answers[:k]:
            if name != other:
                gap = max(_gap(a, b) for a, b in zip(mine, theirs, strict=True))
                assert gap > 0.01, f"{name} and {other} differ by {gap:.1e} only"


def _gap(a: Any, b: Any) -> float:
    """The relative difference; 1 where values are of different kinds, shapes, or no numbers."""
    x, y = numbers(a), numbers(b)
    if x is None or y is None or x.shape != y.shape:
        return 0.0 if x is None and y is None and a == b else 1.0
    if np.isnan(x).any() or np.isnan(y).any():
        return float(not np.array_equal(np.isnan(x), np.isnan(y)))
    return float(np.abs(x - y).max() / max(np.abs(x).max(), np.abs(y).max(), 1e-300))


@each_exercise
def test_mistakes_give_finite_values_or_raise_what_shapes_raise(exercise: Exercise) -> None:
    for mistake in exercise.mistakes:
        for formula in mistake.functions:
            for case in exercise.cases():
                try:
                    array = numbers(formula(*copy.deepcopy(case)))
                except (IndexError, ValueError):
                    continue
                # A division by zero leaves nothing but NaN; half a NaN is a slip of ours.
                assert array is None or np.isfinite(array).all() or np.isnan(array).all(), (
                    mistake.name
                )


@each_exercise
def test_an_exercise_is_complete(exercise: Exercise) -> None:
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
    assert exercise.number.split(".")[0] == str(int(_lesson(exercise.key).LESSON))


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.key)
def test_a_task_is_found_under_the_name_it_tells(task: Exercise | Quiz) -> None:
    assert getattr(_lesson(task.key), task.key.split(".")[1]) is task


def _lesson(key: str) -> Any:
    return importlib.import_module(f"teachkit.exercises.{key.split('.')[0]}")


@each_exercise
def test_hints_lead_and_do_not_hold_the_solution(exercise: Exercise) -> None:
    lines = [line.split("return ")[-1].strip() for line in exercise.reference_source.splitlines()]
    solution = next(line for line in reversed(lines) if len(line) > 3)  # `return x` tells nothing
    for hint in exercise.hints:
        assert solution not in hint


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.__name__.split(".")[-1])
def test_a_lesson_has_enough_to_do(lesson: Any) -> None:
    own = tasks(lesson)
    assert sum(isinstance(task, Exercise) for task in own) >= 3
    assert sum(isinstance(task, Quiz) for task in own) >= 2


@each_quiz
def test_every_choice_of_a_quiz_is_explained_and_one_is_right(quiz: Quiz) -> None:
    assert sum(choice.right for choice in quiz.choices) == 1
    for letter, choice in quiz.lettered:
        result = quiz.answer(letter)
        assert result.right is choice.right
        assert choice.why in result._repr_html_().replace("&gt;", ">").replace("&lt;", "<")


def test_no_letter_is_a_good_guess() -> None:
    right = Counter(letter for quiz in QUIZZES for letter, choice in quiz.lettered if choice.right)
    assert max(right.values()) <= right.total() / 2
