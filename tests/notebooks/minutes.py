"""How long a lesson takes: words / 150, a minute for each code cell, and the exercises.

An exercise takes half again the minutes that it names. `make minutes` prints the rule for every
lesson, and for its parts up to each marked stop; heads, README and map state it in fives.
"""

from __future__ import annotations

import sys
from pathlib import Path

from nbformat import NotebookNode

from teachkit.exercises import Exercise
from teachkit.solutions import checks, exercises_of
from tests.notebooks.lessons import LESSONS, parts, read

WORDS = 150  # read in a minute
EXERCISE = 1.5  # to what an exercise says that it takes


def of(cells: list[NotebookNode], room: dict[str, Exercise]) -> float:
    """The minutes that these cells take."""
    words = sum(len(cell.source.split()) for cell in cells if cell.cell_type == "markdown")
    code = [cell for cell in cells if cell.cell_type == "code"]
    asked = [path.split(".")[-1] for cell in code for path, _ in checks(cell.source)]
    return words / WORDS + len(code) + EXERCISE * sum(room[name].minutes for name in asked)


def rounded(minutes: float) -> int:
    return 5 * round(minutes / 5)


def lesson(path: Path) -> list[int]:
    """The minutes of every part of a lesson, in fives; a lesson without a stop is one part."""
    notebook = read(path)
    room = exercises_of(notebook)
    return [rounded(of(part, room)) for part in parts(notebook.cells)]


def main() -> int:
    for path in LESSONS:
        found = lesson(path)
        each = " + ".join(map(str, found)) + " = " if len(found) > 1 else ""
        print(f"{path.stem:32}{each}{sum(found)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
