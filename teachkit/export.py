"""A lesson for a grader: `python -m teachkit.export otter 07`, `... nbgrader 07`.

Each exercise gets one test, which says what the check says. The test is a call of `grade`: there is
no case in it and no answer, so nothing in it has to be hidden. What is written is what the grader
starts from: for otter the notebook that `otter assign` reads, for nbgrader the `source` that
`nbgrader generate_assignment` reads. The answers are in it; it is a teacher's.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from .course import report
from .exercises import Exercise
from .solutions import (
    LESSONS,
    checks,
    code,
    exercises_of,
    ours,
    read,
    refuse_learners,
    solved,
    stub,
    write,
)  # fmt: skip

Cell = dict[str, Any]
STUB = "...  # your code"
CONFIG = f'''"""nbgrader's settings for lessons of teachkit: how a gap looks."""

c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "teachkit"
c.ClearSolutions.code_stub = {{"python": "{STUB}"}}
'''


def otter(notebook: Cell, name: str) -> Cell:
    """The notebook as `otter assign` reads it: a question with its solution and test for each."""
    settings = (
        "# ASSIGNMENT CONFIG\n"
        f"name: {name}\n"
        "export_cell:\n  pdf: false\n"
        "tests:\n  ok_format: false\n"
        "generate: true\n"
    )
    cells = [_raw("assignment", settings)]
    for cell, exercise in _asked(notebook):
        if exercise is None:
            cells.append(cell)
            continue
        key = exercise.name
        question = f"# BEGIN QUESTION\nname: {key}\npoints: {exercise.difficulty}"
        test = (
            f"def test_{key}({key}):\n"
            f"    from teachkit.exercises import {exercise.lesson} as lesson\n\n"
            f"    lesson.{key}.grade({key})\n"
        )
        cells += [
            _raw(f"{key}-question", question),
            _raw(f"{key}-solution", "# BEGIN SOLUTION"),
            _code(cell, cell["id"], _with_prompt(code(cell), exercise)),
            _raw(f"{key}-solution-end", "# END SOLUTION"),
            _raw(f"{key}-tests", "# BEGIN TESTS"),
            _code({**cell, "metadata": {}}, f"{key}-test", test),
            _raw(f"{key}-tests-end", "# END TESTS"),
            _raw(f"{key}-question-end", "# END QUESTION"),
        ]
    return {**notebook, "cells": cells}


def _with_prompt(source: str, exercise: Exercise) -> str:
    """The reference, and after it, as a text that otter puts in its place, the stub."""
    lines = source.splitlines()
    node = stub(source, exercise.name)
    own = lines[node.lineno - 1 : node.end_lineno]
    answer = exercise.reference_source.splitlines()
    lines[node.lineno - 1 : node.end_lineno] = [
        "# BEGIN SOLUTION NO PROMPT",
        *answer,
        "# END SOLUTION",
        "''' # BEGIN PROMPT",
        *own,
        "'''; # END PROMPT",
    ]
    return "\n".join(lines)


def nbgrader(notebook: Cell, name: str) -> Cell:
    """The notebook as `nbgrader generate_assignment` reads it.

    Before each test, a locked cell with points, stands the cell of the answer: the reference, to be
    cleared. A bug hunt stands there as it was given, for its stub is no gap that nbgrader can make.
    """
    cells = []
    for cell, exercise in _asked(notebook):
        if exercise is None:
            cells.append(cell)
            continue
        key = exercise.name
        source = code(cell) if exercise.hunt else _with_region(code(cell), exercise)
        test = (
            f"from teachkit.exercises import {exercise.lesson} as lesson\n\n"
            f"lesson.{key}.grade({key})"
        )
        graded = {"grade": True, "points": exercise.difficulty, "locked": True, "solution": False}
        answer = {"grade": False, "locked": False, "solution": True}
        cells += [
            _code(cell, cell["id"], source, None if exercise.hunt else _marked(key, answer)),
            _code({**cell, "metadata": {}}, f"{key}-test", test, _marked(f"{key}-test", graded)),
        ]
    return {**notebook, "cells": cells}


def _with_region(source: str, exercise: Exercise) -> str:
    """The cell solved, with marks round the body that nbgrader clears."""
    lines = solved(source, {exercise.name: exercise}).splitlines()
    node = stub("\n".join(lines), exercise.name)
    first, end = node.body[0], node.end_lineno or 0
    begin = (first.end_lineno or 0) if ast.get_docstring(node) else first.lineno - 1
    body = ["    ### BEGIN SOLUTION", *lines[begin:end], "    ### END SOLUTION"]
    return "\n".join([*lines[:begin], *body, *lines[end:]])


def _marked(key: str, of: Cell) -> Cell:
    return {"nbgrader": {"grade_id": key, "schema_version": 3, "task": False, **of}}


def _asked(notebook: Cell) -> Iterator[tuple[Cell, Exercise | None]]:
    """Every cell without its outputs, and the exercise that it asks."""
    room = exercises_of(notebook)
    for cell in notebook["cells"]:
        asked = checks(code(cell)) if cell["cell_type"] == "code" else []
        if cell["cell_type"] == "code":
            cell = _code(cell, cell["id"], code(cell))
        yield cell, room[asked[0][0].removeprefix("lesson.")] if asked else None


def _raw(key: str, source: str) -> Cell:
    return {"cell_type": "raw", "id": key, "metadata": {}, "source": source}


def _code(cell: Cell, key: str, source: str, metadata: Cell | None = None) -> Cell:
    """A code cell in the place of another, with nothing run."""
    return {
        **cell,
        "id": key,
        "source": source,
        "metadata": {**cell["metadata"], **(metadata or {})},
        "outputs": [],
        "execution_count": None,
    }


FORMS: dict[str, Callable[[Cell, str], Cell]] = {"otter": otter, "nbgrader": nbgrader}


def export(form: str, number: str, target: Path | None = None) -> list[str]:
    """Write a lesson for a grader; one sentence for each file.

    Raises
    ------
    ValueError
        Where there is no such form or lesson, and where the folder is a learner's.
    """
    if form not in FORMS:
        raise ValueError(f"There is no form {form!r}. There are {' and '.join(FORMS)}.")
    wanted = number.upper() if number.isalpha() else number.zfill(2)
    found = [path for path in sorted(LESSONS.glob("*.ipynb")) if path.stem.startswith(f"{wanted}_")]
    if not found:
        there = ", ".join(path.stem.split("_")[0] for path in sorted(LESSONS.glob("*.ipynb")))
        raise ValueError(
            f"There is no lesson {number!r} in {str(LESSONS)!r}. There are: {there or 'none'}. "
            "Run this at the top of the repository."
        )
    (lesson,) = found
    target = target or Path("teaching") / form
    refuse_learners(target)
    place = target / "source" / lesson.stem if form == "nbgrader" else target
    path = place / lesson.name
    if not ours(path):
        return [
            f"{path}: somebody has changed it, or it was not written by this command; it is left "
            "as it is. Rename it and run this again for a new one."
        ]
    place.mkdir(parents=True, exist_ok=True)
    write(path, FORMS[form](read(lesson), lesson.stem))
    said = [f"{path}: written."]
    if form == "nbgrader":
        said.append(_settings(target / "nbgrader_config.py"))
    return said


def _settings(path: Path) -> str:
    if not path.exists():
        path.write_text(CONFIG, encoding="utf-8")
        return f"{path}: written, the settings of this folder."
    if re.search(r"^c\.ClearSolutions\.code_stub", path.read_text(encoding="utf-8"), re.MULTILINE):
        return f"{path}: kept."
    line = CONFIG.splitlines()[-1]
    return f"{path}: kept. For stubs as the lessons have them, put this line into it: {line}"


def main(arguments: list[str]) -> int:
    """Write the lesson for the grader that is named, and say what was done."""
    if len(arguments) not in (2, 3) or any(argument.startswith("-") for argument in arguments):
        told = "A grader, a lesson, and perhaps a folder: python -m teachkit.export otter 07"
        print(told, file=sys.stderr)
        return 1
    form, number, *target = arguments
    return report(export, form, number, Path(target[0]) if target else None)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
