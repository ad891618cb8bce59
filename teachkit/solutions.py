"""The lessons as their best student leaves them: `python -m teachkit.solutions`.

The reference takes the place of each stub. Nothing is run: what the lessons show is kept as they
show it, for no cell depends on an answer, and under a solved exercise stands nothing until the
cell is run. The copies are a teacher's, never a learner's: a folder of `make lab` is refused, and
a file that anybody has worked in is left as it is.
"""

from __future__ import annotations

import ast
import hashlib
import importlib
import json
import re
import sys
from pathlib import Path
from typing import Any

from ._files import store
from .course import RECORD, report
from .exercises import Exercise

LESSONS = Path("notebooks")
LEARNERS = "my_course"  # what `make lab` calls the folder, before anything is copied there
MARK = "teachkit_written"  # in a notebook's metadata: what it said when it was written


def read(path: Path) -> dict[str, Any]:
    """A notebook."""
    return dict(json.loads(path.read_text(encoding="utf-8")))


def code(cell: dict[str, Any]) -> str:
    """The text of a code cell, "" of any other."""
    return "".join(cell["source"]) if cell["cell_type"] == "code" else ""


def checks(source: str) -> list[tuple[str, str]]:
    """The calls `lesson.name.check(function)` of a cell: (`lesson.name`, `function`)."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "check"
            and node.args
        ):
            found.append((ast.unparse(node.func.value), ast.unparse(node.args[0])))
    return found


def exercises_of(notebook: dict[str, Any]) -> dict[str, Exercise]:
    """The exercises that a notebook imports as `lesson`, by name; none if it asks nothing."""
    text = "\n".join(code(cell) for cell in notebook["cells"])
    imported = re.search(r"^from teachkit\.exercises import (\w+) as lesson$", text, re.MULTILINE)
    if not imported:
        return {}
    module = importlib.import_module(f"teachkit.exercises.{imported[1]}")
    return {name: v for name, v in vars(module).items() if isinstance(v, Exercise)}


def stub(source: str, name: str) -> ast.FunctionDef:
    """The definition of a function in a cell."""
    (node,) = [
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and node.name == name
    ]
    return node


def solved(source: str, exercises: dict[str, Exercise]) -> str:
    """The cell with the reference in the place of each stub that it checks."""
    for path, function in checks(source):
        exercise = exercises[path.removeprefix("lesson.")]
        node = stub(source, function)
        lines = source.splitlines()
        lines[node.lineno - 1 : node.end_lineno] = exercise.reference_source.splitlines()
        source = "\n".join(lines)
    return source


def solve(notebook: dict[str, Any]) -> dict[str, Any]:
    """The notebook solved, a new one; outputs of the exercises are gone, all others stay."""
    exercises = exercises_of(notebook)
    cells = []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and checks(code(cell)):
            lines = solved(code(cell), exercises).splitlines(keepends=True)
            cell = {**cell, "source": lines, "outputs": [], "execution_count": None}
        cells.append(cell)
    return {**notebook, "cells": cells}


def write_solutions(source: Path, target: Path) -> list[str]:
    """Write every lesson of `source`, solved, into `target`; one sentence for each.

    Raises
    ------
    ValueError
        Where `source` holds no notebook, and where `target` is a learner's folder or the lessons'.
    """
    lessons = sorted(source.glob("*.ipynb"))
    if not lessons:
        raise ValueError(
            f"There is no notebook in {str(source)!r}. The lessons are in the folder `notebooks` "
            "of the repository: run this at its top."
        )
    refuse_learners(target)
    if target.resolve() == source.resolve():
        raise ValueError(
            f"{str(target)!r} holds the lessons themselves, and solved ones would take their "
            "place. Name another folder, such as teaching/solutions."
        )
    target.mkdir(parents=True, exist_ok=True)
    said = []
    for lesson in lessons:
        copy = target / lesson.name
        if not ours(copy):
            said.append(
                f"{copy}: somebody has changed it, or it was not written by this command; it is "
                "left as it is. Rename it and run this again for a new one."
            )
            continue
        write(copy, solve(read(lesson)))
        said.append(f"{copy}: solved.")
    return said


def refuse_learners(target: Path) -> None:
    """Raise where a learner works in the folder, or in one that it lies in."""
    whole = target.resolve()
    for folder in (whole, *whole.parents):
        if folder.name == LEARNERS or (folder / RECORD).exists():
            raise ValueError(
                f"{str(target)!r} is a learner's: {str(folder)!r} is where `make lab` copies the "
                "lessons to. Nothing is written there; name another folder, such as "
                "teaching/solutions."
            )


def write(path: Path, notebook: dict[str, Any]) -> None:
    """Write a notebook with the mark by which `ours` knows it."""
    marked = {**notebook, "metadata": {**notebook["metadata"], MARK: _mark(notebook)}}
    store(path, json.dumps(marked, indent=1, ensure_ascii=False) + "\n")


def ours(path: Path) -> bool:
    """Is the place free, or does what stands there say what `write` had it say?"""
    if not path.exists():
        return True
    try:
        notebook = read(path)
        return bool(notebook["metadata"][MARK] == _mark(notebook))
    except (OSError, ValueError, TypeError, KeyError):
        return False


def _mark(notebook: dict[str, Any]) -> str:
    """A hash of the cells' sources, whether they are kept as one text or as lines."""
    sources = ["".join(cell["source"]) for cell in notebook["cells"]]
    return hashlib.sha256(json.dumps(sources).encode()).hexdigest()


def main(arguments: list[str]) -> int:
    """Solve the lessons of the first folder named into the second, and say what was done."""
    if len(arguments) > 2 or any(argument.startswith("-") for argument in arguments):
        told = "Two folders at most: python -m teachkit.solutions notebooks teaching/solutions"
        print(told, file=sys.stderr)
        return 1
    source, target = [*arguments, *[str(LESSONS), "teaching/solutions"][len(arguments) :]]
    return report(write_solutions, Path(source), Path(target))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
