"""Lessons for graders, as far as it can be told without them; `make graders` asks them."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import nbformat
import pytest

from teachkit.course import copy_lessons
from teachkit.export import FORMS, export, main, nbgrader, otter
from teachkit.solutions import checks, code, exercises_of, read
from tests.notebooks.lessons import LESSONS, NOTEBOOKS, number

each_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
each_form = pytest.mark.parametrize("form", FORMS)


@pytest.fixture(autouse=True)
def at_the_top(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(NOTEBOOKS.parent)


def sources(notebook: dict[str, Any], kind: str = "code") -> list[str]:
    return ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == kind]


@each_form
@each_lesson
def test_one_test_a_check_which_holds_the_check_s_call_alone(path: Path, form: str) -> None:
    lesson = read(path)
    written = FORMS[form](lesson, path.stem)
    asked = [path for source in sources(lesson) for path, _ in checks(source)]
    graded = [
        ast.unparse(node.func.value)
        for source in sources(written)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "grade"
    ]
    assert graded == asked
    assert [p for source in sources(written) for p, _ in checks(source)] == asked
    assert all(not cell.get("outputs") for cell in written["cells"])
    nbformat.validate(nbformat.from_dict(written))


@each_form
@each_lesson
def test_all_that_is_no_exercise_is_as_it_was(path: Path, form: str) -> None:
    lesson = read(path)
    written = FORMS[form](lesson, path.stem)
    texts = [*sources(written), *sources(written, "markdown")]
    for cell in lesson["cells"]:
        if not (code(cell) and checks(code(cell))):
            assert "".join(cell["source"]) in texts


@each_lesson
def test_otter_finds_the_lesson_s_stub_after_the_solution(path: Path) -> None:
    lesson = read(path)
    written = sources(otter(lesson, path.stem))
    for source in sources(lesson):
        for asked, function in checks(source):
            (cell,) = [s for s in written if f"{asked}.check({function})" in s]
            _, _, rest = cell.partition("# BEGIN SOLUTION NO PROMPT\n")
            answer, _, rest = rest.partition("\n# END SOLUTION\n''' # BEGIN PROMPT\n")
            given, _, after = rest.partition("\n'''; # END PROMPT")
            exercise = exercises_of(lesson)[asked.removeprefix("lesson.")]
            assert answer == exercise.reference_source.rstrip("\n")
            assert given + after == source[source.index("def ") :]


@each_lesson
def test_nbgrader_clears_the_body_and_nothing_else(path: Path) -> None:
    lesson = read(path)
    written = sources(nbgrader(lesson, path.stem))
    for source in sources(lesson):
        for asked, function in checks(source):
            (cell,) = [s for s in written if f"{asked}.check({function})" in s]
            if exercises_of(lesson)[asked.removeprefix("lesson.")].hunt:
                assert cell == source
                continue
            before, _, rest = cell.partition("    ### BEGIN SOLUTION\n")
            _, _, after = rest.partition("    ### END SOLUTION\n")
            assert f"{before}    ...  # your code\n{after}" == source


def test_points_follow_the_difficulty() -> None:
    path = next(path for path in LESSONS if number(path) == "07")
    room = exercises_of(read(path))
    marked = {
        cell["metadata"]["nbgrader"]["grade_id"]: cell["metadata"]["nbgrader"]["points"]
        for cell in nbgrader(read(path), path.stem)["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade")
    }
    assert marked == {f"{name}-test": exercise.difficulty for name, exercise in room.items()}
    assert len(set(marked.values())) > 1


@each_form
def test_it_is_written_where_graders_look_and_again(form: str, tmp_path: Path) -> None:
    place = {"otter": "", "nbgrader": "source/00_start_here/"}[form] + "00_start_here.ipynb"
    for _ in range(2):
        assert export(form, "0", tmp_path)[0] == f"{tmp_path / place}: written."
    notebook = nbformat.read(tmp_path / place, as_version=4)
    notebook.cells.append(nbformat.v4.new_markdown_cell("Hand in by Friday."))
    nbformat.write(notebook, tmp_path / place)
    before = (tmp_path / place).read_bytes()
    (said,) = export(form, "00", tmp_path)
    assert "left as it is" in said and (tmp_path / place).read_bytes() == before


def test_settings_of_a_course_are_kept(tmp_path: Path) -> None:
    settings = tmp_path / "nbgrader_config.py"
    settings.write_text("c = get_config()\n")
    *_, said = export("nbgrader", "A", tmp_path)
    assert settings.read_text() == "c = get_config()\n"
    assert "code_stub" in said
    settings.unlink()
    assert export("nbgrader", "00", tmp_path)[-1].endswith("the settings of this folder.")
    assert export("nbgrader", "01", tmp_path)[-1].endswith(": kept.")


@each_form
def test_a_learner_s_folder_is_refused(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy_lessons(NOTEBOOKS, tmp_path / "copies")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    for place in ("copies", "copies/graded", "my_course"):
        assert main([form, "07", str(tmp_path / place)]) == 1
        assert "learner's" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_place_that_is_a_file_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert main(["otter", "07", str(tmp_path / "file")]) == 1
    assert capsys.readouterr().err == f"File exists: {tmp_path / 'file'}.\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["otter"], "A grader, a lesson"),
        (["canvas", "07"], "There is no form 'canvas'"),
        (["otter", "77"], "There is no lesson '77'"),
        (["otter", "--all"], "A grader, a lesson"),
    ],
)
def test_what_is_asked_wrongly_is_told(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 1
    assert said in capsys.readouterr().err
