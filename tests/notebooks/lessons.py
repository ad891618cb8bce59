"""Where the lessons are, and how they are read."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
LESSONS = sorted(NOTEBOOKS.glob("*.ipynb"))


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def number(path: Path) -> str:
    """What a lesson is called in tables and links: "07"; the appendix is "A"."""
    return path.stem.split("_")[0]


def tags(cell: nbformat.NotebookNode) -> set[str]:
    return set(cell.metadata.get("tags", []))


def parts(cells: list[nbformat.NotebookNode]) -> list[list[nbformat.NotebookNode]]:
    """The cells up to each marked stop, which is a text with the id `stop`, `stop-2`, ..."""
    found: list[list[nbformat.NotebookNode]] = [[]]
    for cell in cells:
        if cell.cell_type == "markdown" and re.fullmatch(r"stop(-\d+)?", cell.id):
            found.append([])
        found[-1].append(cell)
    return found
