"""Every lesson solved: with the references in place of the stubs, every check says correct.

Only the cells tagged `setup` and `exercise` run, so this also shows that an exercise needs nothing
of the cells between.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from nbformat import NotebookNode

from teachkit.exercises import Exercise
from teachkit.solutions import checks, exercises_of, solved
from tests.notebooks import solve
from tests.notebooks.lessons import LESSONS, number, read, tags

pytestmark = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def exercises(path: Path) -> list[NotebookNode]:
    return [cell for cell in read(path).cells if "exercise" in tags(cell)]


@cache
def _set_up(path: Path) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in read(path).cells:
        if "setup" in tags(cell):
            solve.run(cell, cell.source, names)
    return names


def set_up(path: Path) -> dict[str, Any]:
    """What the cells tagged `setup` bind; to run them once is enough."""
    return dict(_set_up(path))


def test_every_check_says_correct(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TEACHKIT_PROGRESS", str(tmp_path / "progress.json"))
    names, room = set_up(path), exercises_of(read(path))
    said = {}
    for cell in exercises(path):
        result = solve.run(cell, solved(cell.source, room), names)
        said[cell.id] = result.state
    assert set(said.values()) == {"correct"}, said


def test_every_stub_is_not_attempted(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The stub in the notebook is the one that the exercise knows, and nothing is recorded."""
    progress = tmp_path / "progress.json"
    monkeypatch.setenv("TEACHKIT_PROGRESS", str(progress))
    names = set_up(path)
    said = {cell.id: solve.run(cell, cell.source, names).state for cell in exercises(path)}
    assert set(said.values()) == {"not attempted"}, said
    assert not progress.exists()


def test_every_exercise_is_in_the_lesson_once(path: Path):
    """An exercise that no lesson asks can neither be solved nor counted."""
    names = set_up(path)
    asked = [
        eval(exercise, names).key for cell in exercises(path) for exercise, _ in checks(cell.source)
    ]
    assert len(asked) == len(set(asked))
    assert len(asked) >= (3 if number(path).isdigit() else 1)  # the appendix is to be looked up
    known = {value.key for value in vars(names["lesson"]).values() if isinstance(value, Exercise)}
    assert set(asked) == known


def test_a_cell_that_checks_is_tagged(path: Path):
    untagged = [
        cell.id
        for cell in read(path).cells
        if cell.cell_type == "code" and checks(cell.source) and "exercise" not in tags(cell)
    ]
    assert untagged == []


def test_asks_two_quiz_questions(path: Path):
    asked = [cell.id for cell in read(path).cells if cell.source.rstrip().endswith(".ask()")]
    assert len(asked) >= 2
