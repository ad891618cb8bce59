"""A learner's answers, some right and some not, put into what a grader hands out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import nbformat
import pytest

from teachkit.exercises import influence_upweighting as lesson
from teachkit.export import export
from teachkit.solutions import checks, solved, stub
from tests.notebooks.lessons import NOTEBOOKS

LESSON = "07_influence_upweighting"
UNTOUCHED = "proof_order"
SIGN = """def removal(X, y, theta, l2, i):
    return -up_params(X, y, theta, l2, i) / -len(y)
"""
RIGHT = {"up_params", "sensitivity", "up_loss", "what_is_missing"}

needs_graders = [
    pytest.mark.graders,
    pytest.mark.skipif(
        any(find_spec(name) is None for name in ("otter", "nbgrader")),
        reason="otter-grader and nbgrader are an extra: `make graders` has them",
    ),
]


def written(form: str, number: str, folder: Path) -> None:
    """A lesson as `export` writes it, from wherever the tests run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(NOTEBOOKS.parent)
        export(form, number, folder)


def fill_in(given: Path, handed: Path) -> None:
    """What is handed out, answered and handed in."""
    nbformat.write(answered(nbformat.read(given, as_version=4)), handed)


def answered(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """One exercise untouched, one with its sign turned, and all others right."""
    room = vars(lesson)
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        for _, function in checks(cell.source):
            if function in RIGHT:
                cell.source = solved(cell.source, room)
            elif function == "removal":
                node = stub(cell.source, function)
                lines = cell.source.splitlines()
                lines[node.lineno - 1 : node.end_lineno] = SIGN.splitlines()
                cell.source = "\n".join(lines)
    return notebook


def command(folder: Path, module: str, *arguments: str) -> None:
    """Run `python -m module` in a folder; what the environment brings is found on the path."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def words(text: str) -> str:
    """The text on one line."""
    return re.sub(r"\s+", " ", text)


def named(mistake: str) -> str:
    """What the check says of a mistake of exercise 7.4."""
    (found,) = [m for m in lesson.removal.mistakes if m.name == mistake]
    return words(found.message)


def stub_in(path: Path, name: str) -> str:
    """The source of the cell that asks an exercise."""
    notebook = nbformat.read(path, as_version=4)
    (cell,) = [
        c
        for c in notebook.cells
        if c.cell_type == "code" and f"lesson.{name}.check({name})" in c.source
    ]
    return cell.source
