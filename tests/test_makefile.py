"""The set-up says in a sentence what is wrong, before it has made anything."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make here")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def python(folder: Path, script: str) -> Path:
    """A stand-in for a Python."""
    path = folder / "some-python"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


def test_a_python_that_is_too_old(folder: Path) -> None:
    old = python(folder, 'if [ "$1" = --version ]; then echo Python 3.8.18; else exit 1; fi')
    done = make(folder, "lab", f"PYTHON={old}")
    assert done.returncode != 0
    assert f"teachkit needs Python 3.11 or newer; {old} is Python 3.8.18." in done.stdout
    assert "make PYTHON=" in done.stdout
    assert not (folder / ".venv").exists()


def test_a_python_that_is_not_there(folder: Path) -> None:
    done = make(folder, "lab", "PYTHON=no-such-python")
    assert done.returncode != 0
    assert "no-such-python is not there." in done.stdout


def test_debian_without_python3_venv(folder: Path) -> None:
    script = 'case "$2" in *ensurepip*) exit 1;; esac; [ "$1" != --version ] || echo Python 3.11.2'
    done = make(folder, "test", f"PYTHON={python(folder, script)}")
    assert done.returncode != 0
    assert "Python 3.11.2 cannot make a virtual environment here." in done.stdout
    assert "apt install python3-venv" in done.stdout
    assert not (folder / ".venv").exists()


def test_a_venv_whose_python_has_gone_is_made_again(folder: Path) -> None:
    stamp = make(folder, "--print-data-base", "--dry-run", "help").stdout
    (key,) = re.findall(r"^LAB := (\S+)$", stamp, re.MULTILINE)
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "python").symlink_to(folder / "gone")
    (folder / key).touch()
    done = make(folder, "doctor", "PYTHON=no-such-python")
    assert "no-such-python is not there." in done.stdout, done.stderr


def test_help_lists_every_command() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    listed = re.findall(r"^  make (\S+) +\S", make(ROOT, "help").stdout, re.MULTILINE)
    assert sorted(listed) == sorted(phony.split())
