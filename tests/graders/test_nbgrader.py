"""Lesson 07 through nbgrader: released, answered, marked, fed back."""

from __future__ import annotations

from pathlib import Path

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
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with lesson 07 released, handed in by one learner, marked and fed back."""
    folder = tmp_path_factory.mktemp("course")
    for name in (LESSON, "15_mislabeled_examples"):
        written("nbgrader", name[:2], folder)
        command(folder, "nbgrader", "generate_assignment", name)
    place = folder / "submitted" / "ada" / LESSON
    place.mkdir(parents=True)
    fill_in(folder / "release" / LESSON / f"{LESSON}.ipynb", place / f"{LESSON}.ipynb")
    command(folder, "nbgrader", "autograde", LESSON)
    command(folder, "nbgrader", "generate_feedback", LESSON)
    return folder


@pytest.fixture(scope="module")
def marks(course: Path) -> dict[str, tuple[float, float]]:
    """Score and points of each exercise."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        (notebook,) = book.find_submission(LESSON, "ada").notebooks
        return {g.name.removesuffix("-test"): (g.score, g.max_score) for g in notebook.grades}


def test_learners_get_the_stubs_and_no_answer(course: Path) -> None:
    path = course / "release" / LESSON / f"{LESSON}.ipynb"
    for name in (*RIGHT, UNTOUCHED, "removal"):
        assert getattr(lesson, name).stub.strip() in stub_in(path, name)
    answer = lesson.up_params.reference_source.splitlines()[-1].strip()
    assert answer not in path.read_text(encoding="utf-8")


def test_a_bug_hunt_is_handed_out_as_it_is_in_the_lesson(course: Path) -> None:
    name = "15_mislabeled_examples"
    given = stub_in(NOTEBOOKS / f"{name}.ipynb", "retrained_rises")
    assert stub_in(course / "release" / name / f"{name}.ipynb", "retrained_rises") == given


def test_right_answers_have_their_points(marks: dict[str, tuple[float, float]]) -> None:
    for name in RIGHT:
        assert marks[name] == (getattr(lesson, name).difficulty,) * 2


def test_what_is_wrong_or_untouched_has_none(marks: dict[str, tuple[float, float]]) -> None:
    assert marks["removal"] == (0, lesson.removal.difficulty)
    assert marks[UNTOUCHED] == (0, getattr(lesson, UNTOUCHED).difficulty)


def test_the_feedback_names_the_mistake_and_shows_no_test(course: Path) -> None:
    page = course / "feedback" / "ada" / LESSON / f"{LESSON}.html"
    text = page.read_text(encoding="utf-8")
    assert named("sign").split(".")[0] in words(text)
    assert "not attempted" in text
    assert "_engine" not in text
