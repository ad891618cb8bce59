"""Which other Pythons are found, and what their environments hold."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests import environments

ROOT = Path(__file__).resolve().parents[1]


def stand_in(path: Path, version: str, release: str = "final") -> str:
    """A file that answers as a Python of this version would."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fails = "" if release == "final" else "exit 1\n"
    path.write_text(f"#!/bin/sh\n{fails}echo {version}\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with a 3.12 on its PATH, and more in pyenv's folder."""
    stand_in(tmp_path / "bin" / "python3.12", "3 12 4")
    stand_in(tmp_path / "bin" / "python3.10", "3 10 9")
    stand_in(tmp_path / "bin" / "python3", "3 13 9")
    stand_in(tmp_path / "pyenv" / "versions" / "3.12.1" / "bin" / "python", "3 12 1")
    stand_in(tmp_path / "pyenv" / "versions" / "3.19.2" / "bin" / "python", "3 19 2")
    stand_in(tmp_path / "pyenv" / "versions" / "3.20.0rc1" / "bin" / "python", "3 20 0", "rc")
    broken = tmp_path / "pyenv" / "versions" / "3.18.0" / "bin" / "python"
    broken.parent.mkdir(parents=True)
    broken.symlink_to(tmp_path / "gone")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    return tmp_path


def test_one_of_each_minor_version_the_path_first(machine: Path) -> None:
    inside = [p for p in environments.pythons(environments.candidates()) if str(machine) in p.path]
    assert [p.version for p in inside] == [(3, 12, 4), (3, 19, 2)]
    assert inside[0].path == str(machine / "bin" / "python3.12")


def test_the_newest_other_comes_last_and_this_one_is_no_other(machine: Path) -> None:
    others = environments.others()
    assert others[-1].version == (3, 19, 2)
    assert sys.version_info[:2] not in {p.minor for p in others}


def test_one_that_is_named_is_taken_alone(machine: Path) -> None:
    (only,) = environments.others("python3.12")
    assert only.version == (3, 12, 4)
    for name in ("python3.10", "no-such-python"):
        with pytest.raises(SystemExit, match=f"{name}' is no Python of 3.11 or newer"):
            environments.others(name)


def test_nothing_found_is_said_and_is_no_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(environments, "candidates", lambda: iter(()))
    monkeypatch.setattr(sys, "version_info", (3, 99, 0, "final", 0))
    for which in ("newest", "oldest"):
        monkeypatch.setattr(environments, "asked", lambda path: None)
        assert environments.main(which) == 0
        said = capsys.readouterr()
        assert said.out == ""
        assert re.search("No other Python|no Python 3.11", said.err)


def test_pytorch_is_installed_by_pip_into_an_environment_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(environments, "ROOT", tmp_path)
    for name in ("pyproject.toml", "requirements.lock"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())

    def run(command: list[str], **options: object) -> None:
        commands.append(command)
        (tmp_path / "build" / "vision").mkdir(parents=True, exist_ok=True)

    monkeypatch.setattr(environments.subprocess, "run", run)
    here = environments.Python((3, 11, 0), "python3.11")
    monkeypatch.setattr(environments, "asked", lambda path: here)
    inside = environments.with_torch()
    assert inside == tmp_path / "build" / "vision" / "bin" / "python"
    assert commands[1][:4] == [str(inside), "-m", "pip", "install"]
    assert commands[1][-1] == ".[lab,test,vision]"
    assert environments.with_torch() == inside
    assert len(commands) == 2  # it is there


@pytest.mark.parametrize(
    ("version", "names", "said"),
    [
        ("v18.19.0", ("node", "npm"), "here is v18.19.0. On Debian 13"),
        ("v22.1.0", ("node",), "here is v22.1.0 without npm. On Debian 13"),
        ("", (), "here is none. On Debian 13"),
        ("v20.20.2", ("node", "npm"), ""),
    ],
)
def test_a_hub_is_told_which_node_it_needs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, version: str, names: tuple[str], said: str
) -> None:
    for name in names:
        stand_in(tmp_path / "path" / name, version)
    inside = tmp_path / "bin" / "python"
    proxy = tmp_path / "proxy" / "node_modules" / ".bin" / "configurable-http-proxy"
    proxy.parent.mkdir(parents=True)
    proxy.touch()
    here = environments.Python((3, 11, 0), "python3.11")
    monkeypatch.setattr(environments, "asked", lambda path: here)
    monkeypatch.setattr(environments, "_made", lambda *_: inside)
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    if not said:
        assert environments.with_hub() == inside
        return
    with pytest.raises(SystemExit, match=f"needs Node 20 or newer with its npm; {said}"):
        environments.with_hub()


def test_what_is_not_ours_to_bound_stays_as_locked() -> None:
    lines = environments.indirect()
    names = {re.split(r"[\[=]", line)[0] for line in lines}
    assert {"traitlets", "pyparsing"} <= names
    assert not {"numpy", "matplotlib", "pytest", "jupyterlab", "pandas"} & names
    assert set(lines) <= set((ROOT / "requirements.lock").read_text().splitlines())
