"""Progress: honest, never lost, never in the way."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from teachkit.exercises import _progress, progress, start_here

TASK = start_here.mean_without


def right(x, i):
    return np.delete(x, i).mean()


def wrong(x, i):
    return x.mean()


def stored(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def entry(path: Path) -> dict[str, Any]:
    return stored(path)["exercises"][TASK.key]


def row() -> tuple[str, ...]:
    return next(row for row in progress("00").rows if row[0] == "0.1 mean_without")


def test_the_table_has_a_row_for_each_lesson_before_anything_is_done(progress_file: Path) -> None:
    table = progress()
    assert table.rows[0] == ("00 Start here", "○○○○○", "0 of 5")
    assert [line[0][:2] for line in table.rows] == sorted({line[0][:2] for line in table.rows})
    assert "07 What one training point does" in {line[0] for line in table.rows}
    assert (table.solved, table.total) == (0, sum(len(line[1]) for line in table.rows))
    assert row() == ("0.1 mean_without", "not started", "0", "0 of 2")
    assert not progress_file.exists(), "looking writes nothing"


def test_a_dot_is_filled_for_each_task_that_is_done() -> None:
    TASK.check(right)
    start_here.ratio.answer("b")
    start_here.greyed.answer("a")
    assert progress().rows[0] == ("00 Start here", "●●○○○", "2 of 5")
    assert re.search(r"^00 Start here +●●○○○ +2 of 5$", repr(progress()), re.MULTILINE)
    assert repr(progress("00")).startswith("00 Start here: 2 of 5 done.")


@pytest.mark.parametrize("lesson", ["00", "0", 0, " 00 "])
def test_one_lesson_lists_its_exercises_and_quizzes(lesson: Any) -> None:
    shown = progress(lesson)
    assert [line[0] for line in shown.rows][-2:] == ["quiz ratio", "quiz greyed"]
    assert shown.total == len(shown.rows) == 5


@pytest.mark.parametrize("lesson", ["99", "start_here", -1])
def test_a_lesson_that_is_not_there_is_said(lesson: Any) -> None:
    with pytest.raises(ValueError, match="has exercises. Those that have: 00, 01"):
        progress(lesson)


def test_attempts_count_different_answers(progress_file: Path) -> None:
    TASK.check(wrong)
    TASK.check(wrong)  # the notebook run again
    TASK.check(lambda x, i: x.sum())
    assert entry(progress_file)["attempts"] == 2
    assert row()[1:3] == ("not yet", "2")
    TASK.check(right)
    assert row()[1:3] == ("solved", "3")
    TASK.check(wrong)
    assert row()[1:3] == ("solved", "3"), "solved stays solved"


def test_raising_and_stopping_are_attempts(progress_file: Path) -> None:
    TASK.check(lambda x, i: x[100])
    assert entry(progress_file)["attempts"] == 1


def test_better_than_asked_does_not_count_as_solved() -> None:
    start_here.predict_shift.check(lambda x, i: np.delete(x, i).mean() - x.mean())
    assert progress().solved == 0


def test_a_solution_seen_first_is_recorded_honestly(progress_file: Path) -> None:
    TASK.solution()
    assert row()[1] == "solution seen"
    TASK.check(right)
    assert row()[1] == "solved after seeing the solution"
    assert entry(progress_file)["solved_after_solution"] is True


def test_a_solution_looked_at_afterwards_changes_nothing() -> None:
    TASK.check(right)
    TASK.solution()
    assert row()[1] == "solved"


def test_hints_used_is_the_highest_rung_and_each_kernel_begins_at_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from teachkit.exercises._engine import task

    first, second, third = (repr(TASK.hint()) for _ in range(3))
    assert TASK.hints[0][:20] in first
    assert TASK.hints[1][:20] not in first
    assert TASK.hints[1][:20] in second
    assert "last hint" in third
    assert "solution()" in third
    assert repr(TASK.hint()) == third
    assert row()[3] == "2 of 2"
    monkeypatch.setattr(task, "_reached", {})  # a new kernel
    assert repr(TASK.hint()) == first
    assert row()[3] == "2 of 2"


def test_quizzes_are_counted() -> None:
    start_here.ratio.answer("a")
    start_here.ratio.answer("B")
    start_here.ratio.answer("a")
    line = next(row for row in progress("00").rows if row[0] == "quiz ratio")
    assert line[1:3] == ("right", "2")


def test_unknown_fields_and_other_lessons_survive(progress_file: Path) -> None:
    mine = {
        "version": 1,
        "exercises": {"a_lesson_to_come.thing": {"solved": True, "note": [1]}},
        "quizzes": {},
        "theme": "dark",
    }
    progress_file.write_text(json.dumps(mine), encoding="utf-8")
    TASK.check(right)
    assert stored(progress_file)["theme"] == "dark"
    assert stored(progress_file)["exercises"]["a_lesson_to_come.thing"]["note"] == [1]


@pytest.mark.parametrize(
    "damage",
    [
        b"{",
        b"\xff\xfe\x00",
        b"null",
        b"[]",
        b'{"version": 1}',
        b'{"version": "one", "exercises": {}, "quizzes": {}}',
        b'{"version": 1, "exercises": {"a.b": 3}, "quizzes": {}}',
        b'{"version": 1, "exercises": {"a.b": {"attempts": "x"}}, "quizzes": {}}',
        b"[" * 100_000,
    ],
    ids=lambda damage: damage[:30].decode("latin-1"),
)
def test_a_damaged_file_is_kept_aside_with_a_sentence(progress_file: Path, damage: bytes) -> None:
    progress_file.write_bytes(damage)
    result = TASK.check(right)
    assert result.solved
    assert "could not be read" in repr(result)
    assert "progress.damaged-1.json" in repr(result)
    assert (progress_file.parent / "progress.damaged-1.json").read_bytes() == damage
    assert row()[1] == "solved"
    progress_file.write_bytes(b"damaged again")
    assert "progress.damaged-2.json" in repr(progress())
    assert len(list(progress_file.parent.glob("*.damaged-*"))) == 2


def test_a_byte_order_mark_is_no_damage(progress_file: Path) -> None:
    TASK.check(right)
    progress_file.write_bytes(b"\xef\xbb\xbf" + progress_file.read_bytes())
    assert row()[1:3] == ("solved", "1")
    TASK.hint()
    assert entry(progress_file)["solved"] is True
    assert list(progress_file.parent.iterdir()) == [progress_file]


def test_an_empty_file_is_a_new_one(progress_file: Path) -> None:
    progress_file.touch()
    assert "could not be read" not in repr(TASK.check(right))
    assert row()[1] == "solved"


def test_a_file_of_a_newer_version_is_left_untouched(progress_file: Path) -> None:
    text = '{"version": 2, "exercises": [], "more": 1}'
    progress_file.write_text(text, encoding="utf-8")
    result = TASK.check(right)
    assert result.solved
    assert "newer teachkit" in " ".join(repr(result).split())
    assert progress_file.read_text(encoding="utf-8") == text
    assert row()[1] == "solved", "kept in memory"


def test_what_cannot_be_written_is_kept_and_written_later(
    progress_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    TASK.check(wrong)
    before = progress_file.read_bytes()

    def full(*arguments: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as context:
        context.setattr(os, "replace", full)
        result = TASK.check(right)
        assert result.solved
        assert "No space left on device" in repr(result)
        assert progress_file.read_bytes() == before
        assert list(progress_file.parent.iterdir()) == [progress_file], "nothing left lying about"
        assert row()[1:3] == ("solved", "2")
    start_here.greyed.answer("b")
    assert entry(progress_file)["solved"] is True


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path, monkeypatch: Any) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("TEACHKIT_PROGRESS", str(tmp_path / "file" / "progress.json"))
    result = TASK.check(right)
    assert result.solved
    assert "could not be saved" in repr(result)
    assert "could not be saved" in repr(TASK.hint()) + repr(progress())
    assert row()[1] == "solved"


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["folder", "device"])
def test_what_is_no_ordinary_file_is_said_and_stays_what_it_is(
    progress_file: Path, make: Any
) -> None:
    make(progress_file)
    kind = progress_file.stat().st_mode
    assert "ordinary file" in repr(TASK.check(right))
    assert progress().solved == 1, "kept while the notebook runs"
    assert "could not be saved" in repr(progress())
    assert progress_file.stat().st_mode == kind


def test_the_top_of_the_file_system_is_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEACHKIT_PROGRESS", "/")
    assert "could not be saved" in repr(TASK.check(right))


def test_without_platformdirs_everything_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEACHKIT_PROGRESS")
    monkeypatch.setitem(sys.modules, "platformdirs", None)
    result = TASK.check(right)
    assert result.solved
    assert "platformdirs" in repr(result)


def test_the_user_s_data_folder_is_the_place_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    import platformdirs

    monkeypatch.delenv("TEACHKIT_PROGRESS")
    assert _progress.location().parent == Path(platformdirs.user_data_dir("teachkit", False))


def test_a_link_to_the_file_stays_a_link(progress_file: Path, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere.json"
    target.write_text("")
    try:
        progress_file.symlink_to(target)
    except OSError:
        pytest.skip("no symbolic links here")
    TASK.check(right)
    assert progress_file.is_symlink()
    assert entry(target)["solved"] is True


def test_a_lock_left_by_a_dead_kernel_is_removed(progress_file: Path) -> None:
    lock = progress_file.with_name("progress.json.lock")
    lock.touch()
    os.utime(lock, (time.time() - 60, time.time() - 60))
    assert "could not be saved" not in repr(TASK.check(right))
    assert not lock.exists()


def test_a_lock_that_is_held_costs_nothing_but_a_sentence(
    progress_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = progress_file.with_name("progress.json.lock")
    lock.touch()
    monkeypatch.setattr(_progress, "PATIENCE", 0.05)
    assert "another notebook" in repr(TASK.check(right))
    lock.unlink()
    TASK.hint()
    assert entry(progress_file)["solved"] is True


def test_two_kernels_at_once_lose_nothing(progress_file: Path) -> None:
    program = (
        "import sys\n"
        "from teachkit.exercises import _progress\n"
        "def note(entry):\n"
        "    entry['attempts'] = entry.get('attempts', 0) + 1\n"
        "for k in range(40):\n"
        "    assert _progress.update('exercises', 'some.task', note) == ''\n"
        "    assert _progress.update('exercises', f'own.{sys.argv[1]}{k}', note) == ''\n"
    )
    kernels = [subprocess.Popen([sys.executable, "-c", program, name]) for name in "ab"]
    assert [kernel.wait(60) for kernel in kernels] == [0, 0]
    data = stored(progress_file)["exercises"]
    assert data["some.task"]["attempts"] == 80
    assert len(data) == 81
    assert list(progress_file.parent.iterdir()) == [progress_file]


def at(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    from teachkit.exercises._engine import task

    clock = SimpleNamespace(time=lambda: 1.8e9 + seconds)
    monkeypatch.setattr(task, "time", clock)


def test_minutes_are_those_from_the_first_attempt_to_the_solution(
    progress_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seconds, answer in ((0, wrong), (60, wrong), (90, lambda x, i: x.sum()), (425, right)):
        assert "minutes" not in (entry(progress_file) if progress_file.exists() else {})
        at(monkeypatch, seconds)
        TASK.check(answer)
    assert entry(progress_file)["minutes"] == 7.1
    at(monkeypatch, 9999)
    TASK.check(wrong)
    TASK.check(right)
    assert entry(progress_file)["minutes"] == 7.1, "the first solution counts"


def test_the_first_attempt_may_be_the_solution(progress_file: Path) -> None:
    TASK.check(right)
    assert entry(progress_file)["minutes"] == 0.0


def test_no_minutes_where_they_cannot_be_known(
    progress_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, 100)
    TASK.check(wrong)
    at(monkeypatch, 0)  # the clock was put back
    TASK.check(right)
    assert entry(progress_file)["solved"]
    assert "minutes" not in entry(progress_file)
    old = {"attempts": 1, "found": ["old mean"], "last": "0"}
    data = {"version": 1, "exercises": {TASK.key: old}, "quizzes": {}}
    progress_file.write_text(json.dumps(data), encoding="utf-8")
    TASK.check(right)
    assert entry(progress_file)["attempts"] == 2
    assert "minutes" not in entry(progress_file), "when the first attempt was is not in an old file"


def test_the_choices_of_a_quiz_are_kept_in_order(progress_file: Path) -> None:
    for letter in ("a", "C)", "z", "b", "a"):  # z is none, and after the right one nothing counts
        start_here.ratio.answer(letter)
    assert stored(progress_file)["quizzes"][start_here.ratio.key] == {
        "answers": 3, "chosen": ["a", "c", "b"], "right": True
    }  # fmt: skip
