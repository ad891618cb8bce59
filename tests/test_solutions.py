"""Solved lessons: every stub gone, every picture kept, and nothing written where learners work."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from teachkit.course import copy_lessons
from teachkit.solutions import checks, code, main, solve, write_solutions
from tests.notebooks.lessons import LESSONS, NOTEBOOKS

LEARNERS = """
from teachkit.exercises import start_here as lesson


def mean_without(x, i):
    return x.mean()  # mine


lesson.mean_without.check(mean_without)
"""


def read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("teaching") / "solutions"
    assert len(write_solutions(NOTEBOOKS, target)) == len(LESSONS)
    return target


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_only_the_exercises_are_other_than_in_the_lesson(path: Path, written: Path) -> None:
    lesson, found = read(path), read(written / path.name)
    nbformat.validate(nbformat.read(written / path.name, as_version=4))
    asked = 0
    for was, now in zip(lesson["cells"], found["cells"], strict=True):
        if was["cell_type"] == "code" and checks(code(was)):
            asked += 1
            assert "# your code" not in code(now)
            assert now["source"] != was["source"] and now["outputs"] == []
            assert checks(code(now)) == checks(code(was))
        else:
            assert now == was
    assert asked >= 1


def test_a_bug_hunt_is_mended(written: Path) -> None:
    """Its stub has no gap to be filled: all of it is exchanged."""
    cells = read(written / "16_scaling_up.ipynb")["cells"]
    (cell,) = [c for c in cells if "lesson.leave_one_out_together" in code(c)]
    from teachkit.exercises import scaling_up

    assert scaling_up.leave_one_out_together.reference_source.strip() in code(cell)
    assert scaling_up.leave_one_out_together.stub.strip() not in code(cell)


def test_a_lesson_is_not_changed_by_solving_it() -> None:
    lesson = read(LESSONS[0])
    solve(lesson)
    assert lesson == read(LESSONS[0])


@pytest.mark.parametrize("place", ["my_course", "copies", "copies/solutions", "notebooks"])
def test_a_learners_folder_and_the_lessons_own_are_refused(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "notebooks"
    source.mkdir()
    (source / LESSONS[0].name).write_bytes(LESSONS[0].read_bytes())
    copy_lessons(source, tmp_path / "copies")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert main([str(source), str(tmp_path / place)]) == 1
    assert "teaching/solutions" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_what_somebody_has_worked_in_is_left(tmp_path: Path) -> None:
    target = tmp_path / "solutions"
    write_solutions(NOTEBOOKS, target)
    opened = target / LESSONS[0].name
    notebook = nbformat.read(opened, as_version=4)
    nbformat.write(notebook, opened)  # saved as it is: it may be written anew
    assert all(said.endswith(": solved.") for said in write_solutions(NOTEBOOKS, target))
    notebook.cells.append(nbformat.v4.new_code_cell("print('mine')"))
    nbformat.write(notebook, opened)
    mine = opened.read_bytes()
    said = write_solutions(NOTEBOOKS, target)
    assert [line for line in said if "left as it is" in line] == [said[0]]
    assert opened.read_bytes() == mine


def test_a_learners_notebook_is_no_solution(tmp_path: Path) -> None:
    """In a folder that says nothing of whose it is."""
    learner = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(LEARNERS.strip())])
    path = tmp_path / LESSONS[0].name
    nbformat.write(learner, path)
    before = path.read_bytes()
    write_solutions(NOTEBOOKS, tmp_path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["a", "b", "c"], "Two folders at most"), (["--help"], "Two folders"), (["nowhere"], "There")],
)
def test_what_is_asked_wrongly_is_told(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 1
    assert said in capsys.readouterr().err
