"""One right answer in the forms that numbers take: each passes, on every Python and NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from teachkit.exercises import Exercise
from teachkit.exercises import newton as lesson
from teachkit.exercises._engine.course import lessons, tasks

EXERCISES = [t for name in lessons() for t in tasks(name) if isinstance(t, Exercise)]


def each(value: Any, form: Callable[[Any], Any]) -> Any:
    """The form of every number in the value."""
    return tuple(form(entry) for entry in value) if isinstance(value, tuple) else form(value)


def complex_numbers(value: Any) -> Any:
    """What np.linalg.eigvals gives, and what is computed from it."""
    return value + 0j if np.asarray(value).dtype.kind in "iuf" else value


def single(value: Any) -> Any:
    array = np.asarray(value)
    return array.astype(np.float32) if array.dtype.kind == "f" else value


def as_a_list(value: Any) -> Any:
    return np.asarray(value).tolist()


def list_of_arrays(value: Any) -> Any:
    return [np.asarray(entry) for entry in value] if np.ndim(value) else value


@pytest.mark.parametrize("form", [complex_numbers, single, as_a_list, list_of_arrays, np.asarray])
@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.key)
def test_a_right_answer_passes(exercise: Exercise, form: Callable[[Any], Any]) -> None:
    def answer(*arguments: Any) -> Any:
        return each(exercise.reference(*arguments), form)

    result = exercise.check(answer)
    assert result.state == "correct", repr(result)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.key)
def test_a_list_in_place_of_a_tuple_passes(exercise: Exercise) -> None:
    def answer(*arguments: Any) -> Any:
        value = exercise.reference(*arguments)
        return list(value) if isinstance(value, tuple) else value

    assert exercise.check(answer).state == "correct"


def test_an_imaginary_part_that_is_rounding_passes_and_a_larger_one_is_named() -> None:
    def turned(size: float) -> Callable[..., Any]:
        return lambda x, f, df: complex(lesson.newton_step.reference(x, f, df), size)

    assert lesson.newton_step.check(turned(1e-15)).state == "correct"
    for size in (1e-6, 1.0, np.inf):
        assert "Your numbers are complex" in repr(lesson.newton_step.check(turned(size)))


def test_nan_is_not_hidden_by_an_imaginary_part() -> None:
    for value in (complex(np.nan, 0), complex(np.nan, np.nan), complex(1, np.nan)):
        said = repr(lesson.newton_step.check(lambda x, f, df, value=value: value))
        assert "Your number is NaN" in " ".join(said.split())


def test_single_precision_excuses_rounding_and_nothing_more() -> None:
    def off(share: float) -> Callable[..., Any]:
        return lambda x, f, df: np.float32(lesson.newton_step.reference(x, f, df) * (1 + share))

    assert lesson.newton_step.check(off(1e-6)).state == "correct"
    assert lesson.newton_step.check(off(1e-5)).state == "not yet"
