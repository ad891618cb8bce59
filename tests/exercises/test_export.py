"""The export holds what it says it holds, and no code unless it is asked for."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from teachkit import _files as files
from teachkit.exercises import export, start_here
from teachkit.exercises._engine.guesses import keep

TASK = start_here.mean_without


def odd(x, i):
    secret_word = 0.123
    return x[0] + secret_word * x[i] ** 2


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


def words(shown: Any) -> str:
    return " ".join(repr(shown).split())


def test_the_export_of_nothing_done_is_small_and_in_the_working_folder(here: Path) -> None:
    written = export()
    assert list(here.iterdir()) == [written.path]
    data = json.loads(written.path.read_text(encoding="utf-8"))
    assert data["learner"].keys() == {"id", "number"}
    assert written.path.name == f"teachkit-{data['learner']['id'][:6]}.json"
    assert {s: data[s] for s in ("exercises", "quizzes", "guesses")} == {
        "exercises": {}, "quizzes": {}, "guesses": {}
    }  # fmt: skip
    assert f"Written: {written.path}" in words(written).replace("- ", "-")
    assert "0 exercises" in words(written)
    assert f"It has no name: {data['learner']['id'][:6]} stands for you" in words(written)


def test_it_holds_what_was_done_and_says_so(here: Path) -> None:
    TASK.check(lambda x, i: x.mean())
    TASK.check(odd)
    TASK.hint()
    start_here.ratio.answer("c")
    keep("00.x.y", guess=1.0, truth=2.0)
    keep("00.x.y", guess=3.0, truth=2.0)
    written = export("Ada Lovelace")
    data = json.loads(written.path.read_text(encoding="utf-8"))
    assert written.path.name == f"teachkit-ada-lovelace-{data['learner']['id'][:6]}.json"
    assert data["exercises"] == {
        TASK.key: {"attempts": 2, "found": ["old mean", "not yet"], "hints": 1}
    }
    assert data["quizzes"] == {
        start_here.ratio.key: {"answers": 1, "chosen": ["c"], "right": False}
    }
    assert data["guesses"] == {
        "00.x.y": {"made": [{"guess": 1.0, "truth": 2.0}, {"guess": 3.0, "truth": 2.0}]}
    }
    assert "1 exercise (" in words(written)
    assert "1 quiz (your choices) and 2 guesses" in words(written)
    assert "under the name Ada Lovelace" in words(written)
    assert "None of your code is in it. Nothing has been sent." in words(written)


def test_no_code_and_no_time_of_day_leaves_unless_asked(here: Path, progress_file: Path) -> None:
    TASK.check(odd)
    text = export("Ada").path.read_text(encoding="utf-8")
    assert "secret_word" not in text
    for private in ("last", "began", "answers", "mark"):
        assert f'"{private}"' not in text
    assert "began" in progress_file.read_text()
    with_code = export("Ada", answers=True)
    assert "secret_word" in with_code.path.read_text(encoding="utf-8")
    assert "As you asked, 1 answer of yours is in it, code and all." in words(with_code)


def test_asked_for_answers_where_there_are_none(here: Path) -> None:
    assert "so none of your code is in it." in words(export(answers=True))


def test_one_learner_keeps_one_number_and_counts_exports(here: Path) -> None:
    first, second = (json.loads(export().path.read_text())["learner"] for _ in range(2))
    assert first["id"] == second["id"]
    assert (first["number"], second["number"]) == (1, 2)


@pytest.mark.parametrize(
    ("name", "file"),
    [("../../etc/passwd", "etc-passwd-"), ("李雷", ""), ("CON", "con-"), ("a\nb\u202e", "a-b-"),
     ("<b>", "b-"), ("  ", "")],
)  # fmt: skip
def test_no_name_leads_out_of_the_folder(here: Path, name: str, file: str) -> None:
    written = export(name)
    assert list(here.iterdir()) == [written.path]
    me = json.loads(written.path.read_text(encoding="utf-8"))["learner"]
    assert written.path.name == f"teachkit-{file}{me['id'][:6]}.json"
    assert "\n" not in me.get("name", "") and "\u202e" not in me.get("name", "")


def test_what_is_no_name_is_said() -> None:
    with pytest.raises(TypeError, match='a name in quotes, export."Ada"., or nothing; yours is 3'):
        export(3)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="has 81 characters; 80 are the most"):
        export("a" * 81)


def test_a_folder_that_is_not_there_is_said_and_nothing_is_lost(here: Path) -> None:
    TASK.check(odd)
    refused = export(folder=here / "nowhere")
    assert refused.path is None
    assert "No export was written: No such file or directory" in words(refused)
    assert export().path is not None


@pytest.mark.parametrize("folder", ["~nobody-of-this-name/room", "a\0b"])
def test_what_is_no_folder_s_name_is_said(here: Path, folder: str) -> None:
    refused = export(folder=folder)
    assert refused.path is None
    assert "No export was written: " in words(refused)


def test_a_disk_that_is_full_leaves_the_earlier_export(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = export("Ada").path.read_bytes()
    plain = os.replace

    def full(source: Any, target: Any) -> None:
        if Path(target).parent == here:
            raise OSError(28, "No space left on device")
        plain(source, target)

    monkeypatch.setattr(files.os, "replace", full)
    assert "No space left on device" in words(export("Ada"))
    assert [path.read_bytes() for path in here.iterdir()] == [before]


def test_progress_of_a_newer_version_is_not_exported_as_nothing(
    here: Path, progress_file: Path
) -> None:
    progress_file.write_text('{"version": 2, "exercises": []}')
    refused = export("Ada")
    assert refused.path is None
    assert "newer teachkit" in words(refused)
    assert not list(here.iterdir())


def test_a_damaged_progress_file_is_not_exported_as_nothing(
    here: Path, progress_file: Path
) -> None:
    progress_file.write_text("{")
    refused = export("Ada")
    assert refused.path is None
    assert "could not be read. It is kept as progress.damaged-1.json" in words(refused)


def test_progress_that_cannot_be_saved_is_exported_all_the_same(
    here: Path, progress_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    TASK.check(lambda x, i: np.delete(x, i).mean())
    plain = os.replace

    def refuse(source: Any, target: Any) -> None:
        if Path(target) == progress_file:
            raise PermissionError(13, "Permission denied")
        plain(source, target)

    monkeypatch.setattr(files.os, "replace", refuse)
    monkeypatch.setattr(files.time, "sleep", lambda seconds: None)
    written = export("Ada")
    assert json.loads(written.path.read_text())["exercises"][TASK.key]["solved"] is True
    assert "could not be saved" in words(written)


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_a_class_may_read_what_the_umask_lets_it(here: Path) -> None:
    before = os.umask(0o022)
    try:
        assert export().path.stat().st_mode & 0o777 == 0o644
    finally:
        os.umask(before)


def test_what_only_a_hand_can_have_put_there_is_left_out(here: Path, progress_file: Path) -> None:
    progress_file.write_text(
        f'{{"version": 1, "quizzes": {{}}, "guesses": {{"a.b": {{"made": [{{"guess": NaN}}]}}}}, '
        f'"exercises": {{"{TASK.key}": {{"attempts": 1, "minutes": NaN, "mine": "x"}}}}}}'
    )
    text = export().path.read_text()
    assert "NaN" not in text
    assert json.loads(text)["exercises"] == {TASK.key: {"attempts": 1}}
