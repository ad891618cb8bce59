"""The minutes that the course states are those of the rule, wherever they stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.notebooks import minutes
from tests.notebooks.lessons import LESSONS, NOTEBOOKS, number, read

README = NOTEBOOKS.parent / "README.md"
START = NOTEBOOKS / "00_start_here.ipynb"


def head(path: Path) -> list[list[int]]:
    """The minutes in the row *About*: in all, and of the parts if it names them."""
    found = re.search(r"\*\*About\*\* \| ([^|]*)", read(path).cells[0].source)
    assert found, f"{path.stem} does not say how long it takes"
    whole, *parts = map(int, re.findall(r"\b(\d+)(?= minutes|[,.]|\) |\)\.)", found[1]))
    return [[whole], parts] if parts else [[whole]]


def row(text: str, path: Path) -> list[int]:
    """The minutes in a lesson's row of a table: | number | title | 50 + 50 | ..."""
    found = re.search(rf"^\| \**{number(path)}\** \|.*?\| ([\d+ ]+) \|", text, re.MULTILINE)
    assert found, f"no row for {path.stem}"
    return [int(part) for part in found[1].split("+")]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_the_head_states_the_minutes_of_the_rule(path: Path) -> None:
    parts = minutes.lesson(path)
    assert head(path) in ([[sum(parts)]], [[sum(parts)], parts])


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
@pytest.mark.parametrize("place", ["map", "README"])
def test_tables_state_the_minutes_of_each_part(place: str, path: Path) -> None:
    if place == "README":
        text = README.read_text(encoding="utf-8")
    else:
        text = "\n".join(cell.source for cell in read(START).cells)
    assert row(text, path) == minutes.lesson(path)
