"""The minutes that the course states are those of the rule, wherever they stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.notebooks import minutes
from tests.notebooks.lessons import LESSONS, NOTEBOOKS, read

README = NOTEBOOKS.parent / "README.md"
START = NOTEBOOKS / "00_start_here.ipynb"
PLACES = ("head", "map", "README")


def head(path: Path) -> int:
    """The first number of minutes in the row *About*."""
    found = re.search(r"\*\*About\*\* \| (\d+) minutes", read(path).cells[0].source)
    assert found, f"{path.stem} does not say how long it takes"
    return int(found[1])


def row(text: str, path: Path) -> int:
    """The minutes in a lesson's row of a table: | number | title | 50 + 50 | ..."""
    number = path.stem[:2]
    found = re.search(rf"^\| \**{number}\** \|.*?\| ([\d+ ]+) \|", text, re.MULTILINE)
    assert found, f"no row for {path.stem}"
    return sum(int(part) for part in found[1].split("+"))


def stated(place: str, path: Path) -> int:
    if place == "head":
        return head(path)
    if place == "README":
        return row(README.read_text(encoding="utf-8"), path)
    return row("\n".join(cell.source for cell in read(START).cells), path)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
@pytest.mark.parametrize("place", PLACES)
def test_the_minutes_are_those_of_the_rule(place: str, path: Path) -> None:
    assert stated(place, path) == sum(minutes.lesson(path)), minutes.lesson(path)
