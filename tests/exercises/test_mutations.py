"""Answers that are one small edit away from the right one are refused, and drawn cases are fair."""

from __future__ import annotations

import ast
import importlib
from typing import Any

import numpy as np
import pytest

from teachkit.exercises._engine.course import lessons, tasks
from teachkit.exercises._engine.draw import Draw, drawn
from teachkit.exercises._engine.known import outputs
from teachkit.exercises._engine.task import Task
from tests.exercises.mutants import mutants, passes
from tests.exercises.not_yet_drawn import NOT_YET_DRAWN

TASKS = [task for lesson in lessons() for task in tasks(lesson) if isinstance(task, Task)]
DRAWN = [task for task in TASKS if task.draw is not None]
each_drawn = pytest.mark.parametrize("task", DRAWN, ids=lambda task: task.key)


def equal(task: Task) -> dict[str, str]:
    """The edits that change nothing, with the reason."""
    try:
        table = importlib.import_module(f"tests.exercises.equal_by_algebra.{task.lesson}")
    except ModuleNotFoundError:
        return {}
    return table.EQUAL.get(task.name, {})


def parsed(line: str) -> str:
    """A line without its layout, which is not the same in every version of Python."""
    return ast.dump(ast.parse(f"{line} pass" if line.endswith(":") else line))


@each_drawn
def test_small_edits_of_the_right_answer_are_refused(task: Task) -> None:
    edits = mutants(task.reference_source)
    assert len(edits) >= 5
    passing = {
        parsed(text): text
        for text, trees in edits.items()
        if any(passes(tree, task.drawn) for tree in trees)
    }
    listed = {parsed(text): text for text in equal(task)}
    new = [text for key, text in passing.items() if key not in listed]
    gone = [text for key, text in listed.items() if key not in passing]
    assert new == [], "wrong answers that pass, or equal by algebra: then list them"
    assert gone == [], "listed as equal, and refused"
    assert all(equal(task).values()), "why are they equal?"


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.__name__.split(".")[-1])
def test_every_exercise_draws_cases(lesson: Any) -> None:
    undrawn = [
        task.key
        for task in tasks(lesson)
        if isinstance(task, Task) and not (task.draw or task.judge) and task.argument_names
    ]
    if lesson.__name__.split(".")[-1] in NOT_YET_DRAWN:
        assert undrawn, "all of it is drawn: take it off the list of those that are not yet"
    else:
        assert undrawn == []


@each_drawn
def test_drawn_cases_are_the_same_every_time(task: Task) -> None:
    first, again = (drawn(task.draw, task.draws, task.key) for _ in range(2))
    assert len(first) == task.draws
    for one, two in zip(first, again, strict=True):
        for a, b in zip(one, two, strict=True):
            assert a is b if callable(a) else np.array_equal(a, b)


ALIKE = {"conjugate_gradient.steps_needed"}  # asks which numbers are equal: they remain so


def nudged(value: Any, random: np.random.RandomState, *, alike: bool = False) -> Any:
    """The number or the array, each entry off by a relative 1e-14; if alike, equal ones alike."""
    if isinstance(value, float) or getattr(getattr(value, "dtype", None), "kind", "") == "f":
        signs = random.choice([-1.0, 1.0], size=np.shape(value))
        if alike:
            signs = signs[[list(value).index(entry) for entry in value]]
        return value * (1 + 1e-14 * signs)
    return value


@each_drawn
def test_no_verdict_on_a_drawn_case_rests_on_the_last_digit(task: Task) -> None:
    random = np.random.RandomState(0)
    known, alike = task.drawn, task.key in ALIKE
    for _ in range(3):
        cases = [tuple(nudged(v, random, alike=alike) for v in case) for case in known.cases]
        for case, value, right in zip(
            known.cases, outputs(task.reference, cases), known.expected, strict=True
        ):
            assert known.same(value, right), case


def test_draws_are_those_that_they_always_were() -> None:
    draw = Draw("a seed")
    assert [draw.whole(0, 9) for _ in range(8)] == [8, 0, 9, 1, 0, 7, 5, 8]
    assert {Draw(f"{k}").index(4) for k in range(40)} == {0, 1, 2, 3}
    labels = [Draw(f"{k}").labels(2) for k in range(20)]
    assert all(sorted(y) == [-1.0, 1.0] for y in labels)
    assert sorted(Draw("x").order(7)) == list(range(7))
    x = Draw("x").repeated(np.arange(5.0))
    assert len(set(x)) == 4


def test_a_draw_that_is_never_accepted_is_said() -> None:
    with pytest.raises(ValueError, match="too strict"):
        drawn(lambda draw: None, 3, "nothing")


def test_mutants_of_a_function_that_is_known() -> None:
    found = mutants("def f(x, n):\n    for k in range(n):\n        x = x - k\n    return x\n")
    assert {"return -x", "return n", "for k in range(n + 1):", "x = x + k"} <= set(found)
    assert all(isinstance(tree, ast.Module) for trees in found.values() for tree in trees)


def wrong_at_the_first_place(task: Task, name: str) -> str:
    """What is said of an answer that is wrong only where the hand-made cases do not look."""
    names: dict[str, Any] = {"np": np}
    exec(task.reference_source, names)
    right = names[name]
    return repr(task.check(lambda x, i: right(x, i) + (i == 0)))


def test_an_answer_that_only_a_drawn_case_refuses_is_shown_the_smallest() -> None:
    (task,) = [task for task in TASKS if task.key == "start_here.mean_without"]
    said = " ".join(wrong_at_the_first_place(task, "mean_without").split())
    assert "not yet." in said
    assert "Right on the 4 cases that come first, and not on all others." in said
    assert "i = 0: yours is" in said
    assert "mean_without(*result.case)" in said
