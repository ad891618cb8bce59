"""`python -m teachkit.classroom FOLDER`, once and while files come in."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from teachkit.classroom import __main__ as room
from tests.classroom.made_up import hand_in, the_class


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


def test_both_files_are_in_the_working_folder_and_what_was_left_out_is_said(
    here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = hand_in(tmp_path / "room", the_class())
    (folder / "broken.json").write_text("{")
    assert room.main([str(folder)]) == 0
    assert sorted(path.name for path in here.iterdir()) == ["classroom.csv", "classroom.html"]
    assert capsys.readouterr().out == (
        "classroom.html and classroom.csv: 24 learners.\n"
        "broken.json is no whole JSON file. Perhaps it was cut off on the way.\n"
    )
    assert (here / "classroom.csv").read_bytes().startswith(b"\xef\xbb\xbflearner,lesson,")
    assert b"\r\n" in (here / "classroom.csv").read_bytes()
    assert b"\r\r" not in (here / "classroom.csv").read_bytes()
    assert "location.reload" not in (here / "classroom.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["nowhere", "file"])
def test_what_is_no_folder_is_said(
    here: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (here / "file").touch()
    assert room.main([name]) == 1
    assert capsys.readouterr().err == f"{name} is no folder. Name the one with the exports.\n"
    assert [path.name for path in here.iterdir()] == ["file"]


def test_a_page_that_cannot_be_written_is_said(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "classroom.html").mkdir()
    assert room.main(["."]) == 1
    assert "The page could not be written: " in capsys.readouterr().err


def test_watching_follows_the_folder_until_control_c(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The folder is the working folder, so that what is written must not count as news."""
    exports = hand_in(tmp_path / "room", the_class()[:3])
    steps = [
        lambda: None,
        lambda: shutil.copy(exports / "export-00.json", here),
        lambda: None,
        lambda: (here / "export-01.json").write_text("{"),
        lambda: shutil.copy(exports / "export-01.json", here),
        lambda: (here / "export-00.json").unlink(),
    ]
    pages = []

    def sleep(seconds: float) -> None:
        pages.append((here / "classroom.html").read_text(encoding="utf-8"))
        if not steps:
            raise KeyboardInterrupt
        steps.pop(0)()

    monkeypatch.setattr(room.time, "sleep", sleep)
    assert room.main([".", "--watch"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "Open classroom.html; it follows what comes into .. Control-C ends this."
    assert [line.split(": ")[1] for line in said if line.startswith("classroom.html and")] == [
        "0 learners.", "1 learner.", "1 learner.", "2 learners.", "1 learner.",
    ]  # fmt: skip
    assert said[-1].startswith("No longer watching.")
    assert all("location.reload" in page for page in pages)
    assert "location.reload" not in (here / "classroom.html").read_text(encoding="utf-8")


def test_a_folder_that_goes_away_is_said_once_and_may_come_back(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = hand_in(tmp_path / "room", the_class()[:2])
    steps = [
        lambda: folder.rename(tmp_path / "away"),
        lambda: None,
        lambda: (tmp_path / "away").rename(folder),
        lambda: None,
    ]

    def sleep(seconds: float) -> None:
        if not steps:
            raise KeyboardInterrupt
        steps.pop(0)()

    monkeypatch.setattr(room.time, "sleep", sleep)
    assert room.main([str(folder), "--watch"]) == 0
    said = capsys.readouterr()
    assert said.err.count("could not be written") == 1
    assert "2 learners" in (here / "classroom.html").read_text(encoding="utf-8")


def test_a_name_that_the_terminal_cannot_write_ends_nothing(here: Path, tmp_path: Path) -> None:
    twins = the_class()[9:10] + the_class()[10:11]
    twins[1]["learner"]["name"] = twins[0]["learner"]["name"]
    folder = hand_in(tmp_path / "\u6559\u5ba4", twins)
    command = [sys.executable, "-m", "teachkit.classroom", str(folder)]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONIOENCODING": "ascii"}, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 learners are called \\u674e" in done.stdout
    assert "\u6559\u5ba4" in (here / "classroom.html").read_text(encoding="utf-8")


@pytest.mark.skipif(os.name != "posix", reason="Control-C is sent as POSIX does")
def test_the_command_itself_ends_with_a_sentence(here: Path, tmp_path: Path) -> None:
    folder = hand_in(tmp_path / "room", the_class()[:2])
    command = [sys.executable, "-u", "-m", "teachkit.classroom", str(folder), "--watch"]
    watching = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # In the background a shell has it ignored, and so would the child.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    until = time.monotonic() + 60
    while not (here / "classroom.csv").exists():
        assert watching.poll() is None and time.monotonic() < until
        time.sleep(0.05)
    watching.send_signal(signal.SIGINT)
    out, err = watching.communicate(timeout=60)
    assert (watching.returncode, err) == (0, "")
    assert out.rstrip().endswith("stays as it is and does not reload any more.")
