"""The README keeps its word."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from teachkit.exercises import Exercise
from teachkit.exercises._engine.course import lessons, tasks
from tests import environments

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def test_its_python_runs(capsys: pytest.CaptureFixture[str]) -> None:
    blocks = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {})
    assert "Agreement" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_its_links_and_pictures_are_there(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", text)
    assert [target for target in targets if not (ROOT / target).exists()] == []


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_its_commands_are_there(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    commands = set(re.findall(r"\bmake ([a-z]+)\b(?=`|  )", text))
    assert commands
    assert [c for c in commands if not re.search(rf"^{c}:", MAKEFILE, re.MULTILINE)] == []


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_its_blocks_can_be_pasted_into_a_shell() -> None:
    blocks = re.findall(r"^```\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
    assert len(blocks) == 3
    for block in blocks:
        read = subprocess.run(["bash", "-n"], input=block, capture_output=True, text=True)
        assert read.returncode == 0, read.stderr


def test_exercises_take_as_long_as_it_says() -> None:
    named = {3: "three", 4: "four", 5: "five", 10: "ten", 12: "twelve", 15: "fifteen"}
    every = [task for lesson in lessons() for task in tasks(lesson)]
    minutes = [task.minutes for task in every if isinstance(task, Exercise)]
    said = f"take {named[min(minutes)]} to {named[max(minutes)]} minutes each"
    assert said in README


def test_it_names_the_pythons_and_numpys_that_are_tested() -> None:
    """The NumPys are those of the lock and the oldest allowed, which CI's three runs install."""
    said = r"^Tested with Python (.*?) and with NumPy (.*?):"
    pythons, numpys = re.findall(said, README, re.M)[0]
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    oldest = re.findall(r'"numpy>=(2\.\d+),', project)
    locked = re.findall(r"^numpy==(2\.\d+)", lock, re.M)
    assert sorted({*oldest, *locked}) == re.findall(r"2\.\d+", numpys)
    (required,) = re.findall(r'^requires-python = ">=(.*)"', project, re.M)
    named = re.findall(r"3\.\d+", pythons)
    assert named[0] == required
    assert ".".join(map(str, environments.OLDEST)) == required
    for command in ("newest", "oldest"):
        recipe = re.search(rf"^{command}: .*\n\t(.*)", MAKEFILE, re.M)
        assert recipe and f"tests.environments {command}" in recipe[1] and "UNIT" in recipe[1]
    run = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert {"make test", "make newest", "make oldest", "make vision", "make standin"} <= set(run)
    assert "make site-test" in run
