"""A lesson run part by part: each starts on its own, and a name is one kind of thing throughout."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from nbformat import NotebookNode

from tests.notebooks import solve
from tests.notebooks.lessons import LESSONS, NOTEBOOKS, parts, read, tags
from tests.notebooks.names import bound, cells, kind

each_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


class Seen(NamedTuple):
    """Cells that ran in names of their own: what failed, and what every name was bound to."""

    failed: dict[str, str]
    kinds: dict[str, set[str]]


def run(given: list[NotebookNode]) -> Seen:
    """Run all cells; an error stops nothing."""
    names: dict[str, Any] = {"__name__": "__main__"}
    seen = Seen({}, {})
    for cell in given:
        try:
            solve.run(cell, cell.source, names)
        except Exception as error:
            seen.failed[cell.id] = repr(error)
        for name in bound(cell.source) & names.keys():
            seen.kinds.setdefault(name, set()).add(kind(names[name]))
    return seen


@functools.cache
def by_parts(path: Path) -> list[Seen]:
    """Each part as it is run by who comes back to it: the cells tagged `setup` before, its cells.

    The last part is the first to run: no earlier one has left anything in a library for it.
    """
    found, pieces = [], parts(read(path).cells)
    while pieces:
        part = pieces.pop()
        before = [cell for piece in pieces for cell in piece if "setup" in tags(cell)]
        found.append(run([cell for cell in [*before, *part] if cell.cell_type == "code"]))
    return found[::-1]


@pytest.fixture(autouse=True)
def where_lessons_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEACHKIT_PROGRESS", str(tmp_path / "progress.json"))
    monkeypatch.chdir(NOTEBOOKS)


@each_lesson
def test_a_part_starts_on_its_own(path: Path) -> None:
    assert [seen.failed for seen in by_parts(path) if seen.failed] == []


@each_lesson
def test_a_name_is_one_kind_of_thing(path: Path) -> None:
    kinds: dict[str, set[str]] = {}
    for seen in by_parts(path):
        for name, found in seen.kinds.items():
            kinds[name] = kinds.get(name, set()) | found
    assert {name: sorted(found) for name, found in kinds.items() if len(found) > 1} == {}


# ---- the tests themselves, on cells with one fault each ----


def test_a_function_that_becomes_a_number_is_found() -> None:
    seen = run(cells("def tiny(x):\n    return x", "tiny = 1e-3", "for k in 'ab':\n    k"))
    assert seen == ({}, {"tiny": {"function", "number"}})


def test_all_that_fails_is_found() -> None:
    seen = run(cells("a = 1 / 0", "b = missing", "c = 3"))
    assert [*seen.failed] == ["cell-0", "cell-1"]
    assert seen.kinds == {"c": {"number"}}
