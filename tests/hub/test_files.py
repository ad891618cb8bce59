"""A class's server is told what `make lab` tells its own, and what the files name is there."""

from __future__ import annotations

import json
import os
import re
import socket
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks._kept import with_table
from teaching.hub import learner, measure
from teaching.hub.ports import free, ports

ROOT = Path(__file__).resolve().parents[2]
HUB = ROOT / "teaching" / "hub"
README = (HUB / "README.md").read_text(encoding="utf-8")
DOCKER = (HUB / "Dockerfile").read_text(encoding="utf-8")


def test_the_settings_are_those_of_make_lab() -> None:
    (lab,) = re.findall(r"^lab: .*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    asked = set(re.findall(r"--(?:LabApp|ContentsManager|ServerApp)\.\S+", lab))
    own = {"--ServerApp.root_dir=$(COURSE)", f"--LabApp.default_url={learner.FIRST}"}
    assert len(asked) >= 5
    assert asked - own <= set(learner.SETTINGS)


def test_the_table_is_made_from_what_was_measured() -> None:
    held = json.loads(measure.RESULTS.read_text(encoding="utf-8"))
    assert with_table(README, measure.table(held)) == README
    assert held["learners"] == held["kept"] == held["right"] == 30


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A learner's home, where the server would be started."""
    monkeypatch.setattr(learner.tempfile, "tempdir", str(tmp_path))
    for name in (
        "TEACHKIT_MEMORY",
        "OPENBLAS_NUM_THREADS",
        "TEACHKIT_PROGRESS",
        "JUPYTER_RUNTIME_DIR",
    ):
        monkeypatch.setenv(name, "put back in the end, or taken away")
        os.environ.pop(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    before = os.umask(0)
    os.umask(before)
    yield tmp_path
    os.umask(before)


def start(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The command that learner.py becomes."""
    became: list[list[str]] = []
    monkeypatch.setattr(learner.os, "execv", lambda path, command: became.append(command))
    learner.main(["--one-more"])
    (command,) = became
    return command


def test_a_full_disk_keeps_nobody_from_their_lessons(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> list[str]:
        raise OSError(28, "No space left on device")

    start(monkeypatch)
    assert len(list(home.glob("my_course/*.ipynb"))) > 10
    monkeypatch.setattr(learner, "copy_lessons", full)
    command = start(monkeypatch)
    assert "No space left" in (home / learner.NEWS).read_text(encoding="utf-8")
    assert "--ServerApp.default_url=/lab/tree/newer_lessons.txt" in command
    assert command[-1] == "--one-more"


def test_news_go_when_there_are_none(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start(monkeypatch)
    assert not (home / learner.NEWS).exists()
    (home / "my_course" / "00_start_here.ipynb").write_text("broken")
    start(monkeypatch)
    assert "cannot be opened" in (home / learner.NEWS).read_text(encoding="utf-8")
    (home / "my_course" / "00_start_here.ipynb").unlink()
    assert f"--ServerApp.default_url={learner.FIRST}" in start(monkeypatch)
    assert not (home / learner.NEWS).exists()


def test_a_learners_own_folder_of_that_name_stays(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEACHKIT_EXPORTS", str(home / "exports"))
    (home / learner.HAND_IN).mkdir(parents=True)
    start(monkeypatch)
    assert not (home / learner.HAND_IN).is_symlink()
    (home / learner.HAND_IN).rmdir()
    start(monkeypatch)
    assert (home / learner.HAND_IN).readlink() == home / "exports"


def test_each_start_has_sockets_of_its_own_and_leaves_none(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(monkeypatch)
    first = Path(os.environ["JUPYTER_RUNTIME_DIR"])
    assert first.stat().st_mode & 0o077 == 0
    start(monkeypatch)
    assert not first.exists()
    (home / ".sockets").unlink()
    (home / ".sockets").symlink_to(home / "my_course")  # never what is not ours
    start(monkeypatch)
    assert (home / "my_course").is_dir()


def test_kernels_know_where_and_how_much(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEM_LIMIT", str(2**30))
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "4")  # told by the hub
    start(monkeypatch)
    assert os.environ["TEACHKIT_PROGRESS"] == str(home / "progress.json")
    assert os.environ["TEACHKIT_MEMORY"] == str(2**28)
    assert os.environ["OPENBLAS_NUM_THREADS"] == "4"


def test_ports_are_kept_while_they_are_free(tmp_path: Path) -> None:
    first = ports(tmp_path)
    assert len(set(first)) == 3
    assert ports(tmp_path) == first
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", first[0]))
        other.listen()
        assert not free(first[0])
        assert first[0] not in ports(tmp_path)
        (tmp_path / "ports.json").write_text(json.dumps(first))
        (tmp_path / "proxy.pid").write_text(str(os.getpid()))  # the proxy of the hub that died
        assert ports(tmp_path) == first


def test_the_image_has_the_user_the_course_and_the_command() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (version,) = re.findall(r"^FROM python:(3\.\d+)-slim$", DOCKER, re.MULTILINE)
    assert tuple(map(int, version.split("."))) >= (3, 11)
    assert project["requires-python"] == ">=3.11"
    assert "ARG NB_UID=1000" in DOCKER and "USER ${NB_USER}" in DOCKER
    (command,) = re.findall(r"^CMD (.+)$", DOCKER, re.MULTILINE)
    paths = re.findall(
        r"/srv/teachkit/(\S+?\.(?:py|lock))\b", " ".join([*json.loads(command), README])
    )
    assert len(paths) >= 4
    for path in paths:
        assert (ROOT / path).is_file(), path
    copied = re.findall(r"^COPY (.+) /srv/teachkit/", DOCKER, re.MULTILINE)
    sources = [source for line in copied for source in line.split()]
    assert {"teachkit", "notebooks", "teaching/hub"} < set(sources)
    for source in sources:
        assert list(ROOT.glob(source)), source
