"""Copying the lessons: once, never over a learner's work, and honest about what changed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from jupyter_server.services.contents.largefilemanager import LargeFileManager
from nbformat import read, v4, write

from teachkit.course import RECORD, VIEW, changes, copy_lessons, drop_views, fingerprint, main


def lesson(path: Path, *sources: str) -> None:
    path.parent.mkdir(exist_ok=True)
    write(v4.new_notebook(cells=[v4.new_code_cell(source) for source in sources]), path)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    lesson(tmp_path / "notebooks" / "00_first.ipynb", "1 + 1")
    lesson(tmp_path / "notebooks" / "01_second.ipynb", "2 + 2")
    return tmp_path / "notebooks", tmp_path / "my_course"


def test_copies_every_lesson_once(folders: tuple[Path, Path]) -> None:
    source, target = folders
    assert len(copy_lessons(source, target)) == 2
    for name in ("00_first.ipynb", "01_second.ipynb"):
        assert (target / name).read_bytes() == (source / name).read_bytes()
    assert copy_lessons(source, target) == []


def test_never_writes_over_an_answer(folders: tuple[Path, Path]) -> None:
    source, target = folders
    copy_lessons(source, target)
    lesson(target / "00_first.ipynb", "my answer")
    mine = (target / "00_first.ipynb").read_bytes()
    assert copy_lessons(source, target) == []
    lesson(source / "00_first.ipynb", "1 + 1", "something new")
    (said,) = copy_lessons(source, target)
    assert "00_first.ipynb" in said
    assert "yours is kept" in said
    assert (target / "00_first.ipynb").read_bytes() == mine
    assert len(copy_lessons(source, target)) == 1, "said again until the learner acts"


def test_a_renamed_copy_makes_room_for_the_new_lesson(folders: tuple[Path, Path]) -> None:
    source, target = folders
    copy_lessons(source, target)
    lesson(source / "00_first.ipynb", "something new")
    os.rename(target / "00_first.ipynb", target / "mine.ipynb")
    (said,) = copy_lessons(source, target)
    assert "copied" in said
    assert copy_lessons(source, target) == []
    assert (target / "mine.ipynb").exists()


def test_refreshed_outputs_are_no_change(folders: tuple[Path, Path]) -> None:
    source, target = folders
    copy_lessons(source, target)
    path = source / "00_first.ipynb"
    notebook = json.loads(path.read_text())
    notebook["cells"][0]["execution_count"] = 7
    path.write_text(json.dumps(notebook))
    assert copy_lessons(source, target) == []


CHANGELOG = """# Changelog

## 0.2.0

- The library has become faster.
- **00** It asks
  before it answers.
- **01, 00** Both have longer lines.
"""


def test_the_changelog_is_read_by_lesson(tmp_path: Path) -> None:
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG)
    assert changes(tmp_path / "CHANGELOG.md") == {
        "00": ("It asks before it answers.", "Both have longer lines."),
        "01": ("Both have longer lines.",),
    }
    assert changes(tmp_path / "none.md") == {}


def test_says_what_changed_since_the_copy_and_no_more(folders: tuple[Path, Path]) -> None:
    source, target = folders
    changelog = source.parent / "CHANGELOG.md"
    changelog.write_text("# Changelog\n\n- **00** Known when it was copied.\n")
    copy_lessons(source, target)
    new = "- **00** A new end.\n- **01** Another lesson.\n- **00** A new\n  beginning.\n"
    changelog.write_text(changelog.read_text().replace("- **00**", new + "- **00**", 1))
    assert copy_lessons(source, target) == [], "the lessons themselves are what they were"
    lesson(source / "00_first.ipynb", "something new")
    newest = "- **00** A hint more.\n- **00** A new end.\n"
    changelog.write_text(changelog.read_text().replace("- **00** A new end.\n", newest, 1))
    (said,) = copy_lessons(source, target)
    assert said.splitlines()[1:] == ["  - A hint more."]
    assert copy_lessons(source, target) == [said], "said again until the learner acts"


def test_a_record_from_before_the_changelog_is_told_all_of_it(folders: tuple[Path, Path]) -> None:
    source, target = folders
    copy_lessons(source, target)
    names = ("00_first.ipynb", "01_second.ipynb")
    old = {name: fingerprint(source / name) for name in names}
    (target / RECORD).write_text(json.dumps(old))
    (source.parent / "CHANGELOG.md").write_text(CHANGELOG)
    lesson(source / "00_first.ipynb", "something new")
    (said,) = copy_lessons(source, target)
    assert said.splitlines()[1:] == [
        "  - It asks before it answers.",
        "  - Both have longer lines.",
    ]
    kept = json.loads((target / RECORD).read_text())
    assert kept["01_second.ipynb"]["changes"] == ["Both have longer lines."]
    assert kept["00_first.ipynb"] == {"said": old["00_first.ipynb"], "changes": []}


@pytest.mark.parametrize("record", ["", "not JSON", "[1, 2]", "null", '{"00_first.ipynb": {}}'])
def test_a_broken_record_costs_nothing(folders: tuple[Path, Path], record: str) -> None:
    source, target = folders
    copy_lessons(source, target)
    (target / RECORD).write_text(record)
    lesson(target / "00_first.ipynb", "my answer")
    mine = (target / "00_first.ipynb").read_bytes()
    assert copy_lessons(source, target) == []
    assert (target / "00_first.ipynb").read_bytes() == mine


def test_no_lessons_is_said_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ValueError, match="no notebook"):
        copy_lessons(tmp_path, tmp_path / "my_course")
    assert main([str(tmp_path), str(tmp_path / "my_course")]) == 1
    assert "no notebook" in capsys.readouterr().err
    assert not (tmp_path / "my_course").exists()


@pytest.mark.parametrize("arguments", [["a", "b", "c"], ["--help"]])
def test_other_arguments_are_answered_in_a_sentence(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 1
    assert "python -m teachkit.course notebooks my_course" in capsys.readouterr().err


def test_a_file_in_the_way_is_named(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = folders
    target.write_text("mine")
    assert main([str(source), str(target)]) == 1
    assert "my_course" in capsys.readouterr().err
    assert target.read_text() == "mine"


def test_the_command(folders: tuple[Path, Path]) -> None:
    command = [sys.executable, "-m", "teachkit.course", *map(str, folders)]
    first = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert first.count("copied") == 2
    second = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert second.strip().endswith("has every lesson.")


def test_what_fails_half_way_leaves_no_half_lesson(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = folders
    replace = os.replace

    def full(name: str, path: Path) -> None:
        if path.name == "01_second.ipynb":
            raise OSError(28, "No space left on device")
        replace(name, path)

    with monkeypatch.context() as context:
        context.setattr(os, "replace", full)
        with pytest.raises(OSError, match="No space left"):
            copy_lessons(source, target)
    assert sorted(path.name for path in target.iterdir()) == [RECORD, "00_first.ipynb"]
    (said,) = copy_lessons(source, target)
    assert said.endswith("01_second.ipynb: copied, yours to change.")
    lesson(source / "00_first.ipynb", "something new")
    assert "yours is kept" in copy_lessons(source, target)[0], "the first one was remembered"


def test_a_broken_copy_is_named_and_left(folders: tuple[Path, Path]) -> None:
    source, target = folders
    copy_lessons(source, target)
    half = (target / "00_first.ipynb").read_bytes()[:40]
    (target / "00_first.ipynb").write_bytes(half)
    (said,) = copy_lessons(source, target)
    assert "00_first.ipynb cannot be opened" in said
    assert (target / "00_first.ipynb").read_bytes() == half


@pytest.mark.skipif(os.name != "posix", reason="POSIX rights")
def test_a_copy_has_the_rights_of_any_new_file(folders: tuple[Path, Path]) -> None:
    source, target = folders
    copy_lessons(source, target)
    (target / "new").touch()
    assert (target / "00_first.ipynb").stat().st_mode == (target / "new").stat().st_mode


@pytest.mark.parametrize("text", ['{"cells": [', "", "[]", "null"])
def test_a_broken_lesson_is_named_and_the_others_are_copied(
    folders: tuple[Path, Path], text: str
) -> None:
    source, target = folders
    (source / "00_first.ipynb").write_text(text)
    first, second = copy_lessons(source, target)
    assert first.startswith(f"{source / '00_first.ipynb'} cannot be opened")
    assert second.startswith(f"{target / '01_second.ipynb'}: copied")
    assert not (target / "00_first.ipynb").exists()


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[LargeFileManager]:
    """The server's own, as `make lab` asks for it; its database of signatures is closed."""
    manager = LargeFileManager(root_dir=str(tmp_path), pre_save_hook="teachkit.course.drop_views")
    with closing(manager.notary.store):
        yield manager


def test_a_live_view_is_not_saved_where_something_stands_beside_it(
    manager: LargeFileManager, tmp_path: Path
) -> None:
    """Through the server's own saving: all else stays as it was."""
    view = {VIEW: {"model_id": "a", "version_major": 2}, "text/plain": "<Plane>"}
    twin = {"text/html": "<img>", "text/plain": "<Plane>"}
    outputs = [
        v4.new_output("display_data", view | twin, metadata={"a": 1}),
        v4.new_output("display_data", view | {"image/png": "AAAA"}),
        v4.new_output("display_data", view),  # nothing beside it: it is better than nothing
        v4.new_output("stream", text="said"),
    ]
    cells = [v4.new_markdown_cell("my notes"), v4.new_code_cell("mine", outputs=outputs)]
    written = v4.new_notebook(cells=cells, metadata={"mine": True})
    manager.save({"type": "notebook", "format": "json", "content": written}, "lesson.ipynb")
    saved = read(tmp_path / "lesson.ipynb", as_version=4)
    kept = [output.get("data") for output in saved.cells[1].outputs]
    assert kept == [twin, {"image/png": "AAAA", "text/plain": "<Plane>"}, view, None]
    for output in (*saved.cells[1].outputs, *written.cells[1].outputs):
        output.pop("data", None)
    assert saved == written


@pytest.mark.parametrize(
    "model",
    [
        {"type": "file", "content": "text"},
        {"type": "directory", "content": None},
        {"type": "notebook", "content": {"cells": [{"cell_type": "markdown", "source": ""}]}},
    ],
)
def test_what_is_no_output_is_left_as_it_is(model: dict[str, object]) -> None:
    before = json.dumps(model)
    drop_views(model, path="lesson", contents_manager=None)
    assert json.dumps(model) == before


def test_what_fails_on_the_way_does_not_stop_the_saving(manager: LargeFileManager) -> None:
    odd = {"type": "notebook", "format": "json", "content": v4.new_notebook(cells=[])}
    del odd["content"]["cells"]
    with pytest.raises(KeyError):
        drop_views(odd)
    manager.run_pre_save_hooks(odd, "lesson.ipynb")
