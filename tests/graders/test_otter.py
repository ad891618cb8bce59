"""Lesson 07 through otter-grader: assigned, answered, marked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from teachkit.exercises import influence_upweighting as lesson
from tests.graders.conftest import (
    LESSON,
    RIGHT,
    UNTOUCHED,
    command,
    fill_in,
    named,
    needs_graders,
    stub_in,
    words,
    written,
)
from tests.notebooks.lessons import NOTEBOOKS

pytestmark = needs_graders


@pytest.fixture(scope="module")
def assigned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `otter assign` makes; it has run the solutions against the tests."""
    folder = tmp_path_factory.mktemp("otter")
    written("otter", "07", folder)
    command(folder, "otter", "assign", f"{LESSON}.ipynb", "dist")
    return folder / "dist"


@pytest.fixture(scope="module")
def marked(assigned: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The results of a learner, by question."""
    folder = tmp_path_factory.mktemp("submitted")
    fill_in(assigned / "student" / f"{LESSON}.ipynb", folder / f"{LESSON}.ipynb")
    (archive,) = (assigned / "autograder").glob("*.zip")
    command(folder, "otter", "run", f"{LESSON}.ipynb", "-a", str(archive), "-o", str(folder))
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return {test["name"].split(" ")[0]: test for test in results["tests"]}


def test_learners_get_the_stubs_and_no_answer(assigned: Path) -> None:
    path = assigned / "student" / f"{LESSON}.ipynb"
    text = path.read_text(encoding="utf-8")
    for name in (*RIGHT, UNTOUCHED, "removal"):
        assert getattr(lesson, name).stub.strip() in stub_in(path, name)
        assert f'grader.check(\\"{name}\\")' in text
    assert lesson.up_params.reference_source.splitlines()[-1].strip() not in text


def test_right_answers_have_their_points(marked: dict[str, Any]) -> None:
    for name in RIGHT:
        assert (
            marked[name]["score"] == marked[name]["max_score"] == getattr(lesson, name).difficulty
        )


def test_a_wrong_answer_is_told_its_mistake_and_no_test(marked: dict[str, Any]) -> None:
    result = marked["removal"]
    assert result["score"] == 0
    assert named("sign") in words(result["output"])
    assert "_cases" not in result["output"] and "examine" not in result["output"]


def test_an_untouched_stub_has_no_points(marked: dict[str, Any]) -> None:
    assert marked[UNTOUCHED]["score"] == 0
    assert "not attempted" in marked[UNTOUCHED]["output"]


def test_a_bug_hunt_is_handed_out_as_it_is_in_the_lesson(tmp_path: Path) -> None:
    written("otter", "15", tmp_path)
    name = "15_mislabeled_examples.ipynb"
    command(tmp_path, "otter", "assign", name, "dist", "--no-run-tests")
    given = stub_in(NOTEBOOKS / name, "retrained_rises")
    assert stub_in(tmp_path / "dist" / "student" / name, "retrained_rises").split() == given.split()
