"""What is kept of a learner's work: by several threads and kernels, wherever they stand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from teachkit import _files as files
from teachkit.exercises import progress, start_here
from teachkit.exercises._engine import progress as kept
from teachkit.exercises._engine import unknown

TASK = start_here.mean_without


def right(x, i):
    return np.delete(x, i).mean()


def in_whole_numbers(x, i):
    return (x.sum() - x[i]) // (len(x) - 1)


def odd(x, i):
    return x[0] + 0.123 * x[i] ** 2


def one_more(entry: dict[str, Any]) -> None:
    entry["attempts"] = entry.get("attempts", 0) + 1


def exercises(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))["exercises"]


def test_threads_of_one_kernel_lose_nothing(progress_file: Path) -> None:
    said: list[str] = []

    def work(key: str) -> None:
        said.extend(kept.update("exercises", key, one_more) for _ in range(25))
        kept.update("exercises", "shared", one_more)

    threads = [threading.Thread(target=work, args=(f"own.{k}",)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(said) == {""}
    counts = {key: entry["attempts"] for key, entry in exercises(progress_file).items()}
    assert counts == {"shared": 4, **{f"own.{k}": 25 for k in range(4)}}
    assert list(progress_file.parent.iterdir()) == [progress_file]


@pytest.mark.parametrize("ahead", [3600, -3600])
def test_a_clock_that_is_not_the_disk_s_makes_no_lock_stale(
    progress_file: Path, ahead: int
) -> None:
    program = (
        "import time\n"
        "now = time.time\n"
        f"time.time = lambda: now() + {ahead}\n"
        "from teachkit.exercises._engine import progress\n"
        "progress.PATIENCE = 30\n"
        "def note(entry):\n"
        "    entry['attempts'] = entry.get('attempts', 0) + 1\n"
        "for k in range(30):\n"
        "    assert progress.update('exercises', 'some.task', note) == ''\n"
    )
    kernels = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(3)]
    assert [kernel.wait(120) for kernel in kernels] == [0, 0, 0]
    assert exercises(progress_file)["some.task"]["attempts"] == 90


def left_behind(path: Path, seconds: float = 60.0) -> Path:
    lock = path.with_name(path.name + ".lock")
    lock.write_text("of a kernel that died")
    os.utime(lock, (time.time() - seconds, time.time() - seconds))
    return lock


def test_a_lock_is_broken_only_if_it_is_the_one_that_was_judged(
    progress_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = left_behind(progress_file)

    def slow(judged: Path) -> float:
        judged.write_text("of a kernel at work")  # came while the old one was looked at
        return 60.0

    monkeypatch.setattr(files, "_age", slow)
    files._break_if_left(lock)
    assert lock.read_text() == "of a kernel at work"
    assert list(lock.parent.iterdir()) == [lock]


def test_a_lock_that_was_left_is_broken_and_a_young_one_is_not(progress_file: Path) -> None:
    lock = left_behind(progress_file, 5.0)
    files._break_if_left(lock)
    assert lock.exists()
    left_behind(progress_file, 11.0)
    files._break_if_left(lock)
    assert not lock.exists()


def test_who_lost_the_lock_writes_nothing_and_leaves_the_lock_of_the_other(
    progress_file: Path,
) -> None:
    kept.update("exercises", "some.task", one_more)
    before = progress_file.read_bytes()
    lock = progress_file.with_name(progress_file.name + ".lock")

    def taken_over(entry: dict[str, Any]) -> None:
        one_more(entry)
        lock.write_text("of another kernel")

    assert "another notebook took the file over" in kept.update("exercises", "x.y", taken_over)
    assert progress_file.read_bytes() == before
    assert lock.read_text() == "of another kernel"


def test_a_relative_path_is_made_absolute_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "there").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(kept, "_absolute", {})
    monkeypatch.setenv("TEACHKIT_PROGRESS", "mine.json")
    assert TASK.check(right).solved
    monkeypatch.chdir(tmp_path / "there")
    assert progress().solved == 1
    assert f"it means {tmp_path / 'mine.json'}" in progress().notes[-1]
    TASK.hint()
    assert list((tmp_path / "there").iterdir()) == []
    monkeypatch.setenv("TEACHKIT_PROGRESS", str(tmp_path / "mine.json"))
    assert progress().solved == 1
    assert not any("TEACHKIT_PROGRESS" in note for note in progress().notes)


def test_the_mistakes_that_were_made_are_kept_with_the_attempts(progress_file: Path) -> None:
    TASK.check(lambda x, i: x.mean())
    TASK.check(lambda x, i: x[100])
    TASK.check(odd)
    TASK.check(odd)  # the notebook run again
    TASK.check(in_whole_numbers)
    TASK.check(right)
    assert exercises(progress_file)[TASK.key]["found"] == [
        "old mean", "your code raised", "not yet", "integer division", "correct",
    ]  # fmt: skip
    assert len(answers(progress_file)) == 1, "what was named is not kept as unknown"


def answers(progress_file: Path) -> list[dict[str, Any]]:
    text = (progress_file.parent / "progress.unknown.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_answers_that_nobody_knows_are_kept_beside_the_progress(progress_file: Path) -> None:
    TASK.check(lambda x, i: x.mean())
    assert not (progress_file.parent / "progress.unknown.jsonl").exists(), "that one is known"
    TASK.check(odd)
    TASK.check(odd)
    (answer,) = answers(progress_file)
    assert answer["exercise"] == "start_here.mean_without"
    assert "return x[0] + 0.123 * x[i] ** 2" in answer["answer"]
    assert "is expected" in answer["said"]
    assert "1 answer of yours the checks could not name" in " ".join(repr(progress()).split())
    start_here.predict_shift.check(odd)
    assert "2 answers of yours" in repr(progress())


def test_of_unknown_answers_the_last_hundred_are_kept(progress_file: Path) -> None:
    for k in range(unknown.KEPT + 20):
        unknown.keep("some.task", odd, str(k), "said")
    marks = [int(answer["mark"]) for answer in answers(progress_file)]
    assert marks == list(range(20, unknown.KEPT + 20))


def test_an_answer_without_source_is_kept_all_the_same(progress_file: Path) -> None:
    names: dict[str, Any] = {}
    # Not as "<string>": of that Python 3.13 knows a source, what `python -c` was given.
    typed = compile("def typed(x, i):\n    return x[0] + 0.123 * x[i] ** 2", "<nowhere>", "exec")
    exec(typed, names)
    TASK.check(names["typed"])
    assert answers(progress_file)[0]["answer"] == ""


def test_where_answers_cannot_be_kept_nothing_is_said(
    progress_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (progress_file.parent / "progress.unknown.jsonl").mkdir()
    assert "could not be" not in repr(TASK.check(odd))
    assert "of yours" not in repr(progress())


def test_after_a_restart_a_stub_is_told_that_it_was_solved_before() -> None:
    stub = "You have solved it before."
    assert stub not in repr(TASK.check(lambda x, i: ...))
    TASK.check(right)
    assert stub in repr(TASK.check(lambda x, i: ...))
    assert TASK.check(lambda x, i: ...).state == "not attempted"
