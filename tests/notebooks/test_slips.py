"""The appendix has every slip that a lesson shows, and names the place where it is met."""

from __future__ import annotations

import ast
import contextlib
import io
import re
import symtable
from collections import Counter
from functools import cache
from itertools import pairwise
from typing import Any

import matplotlib
import pytest
from nbformat import NotebookNode

from tests.notebooks.lessons import LESSONS, NOTEBOOKS, number, parts, read, tags

APPENDIX = NOTEBOOKS / "A_slips_on_the_slides.ipynb"
CELLS = read(APPENDIX).cells
ID = r"[SNHCIVA]\d+"
LINES = 10  # of a cell that shows a slip
Place = tuple[str, frozenset[int]]


def sections(text: str, here: int) -> frozenset[int]:
    """The numbers in "sections 3, 4", "this section" or "here"."""
    own = {here} if re.search(r"\bhere\b|this section", text) else set()
    return frozenset(own | {int(found) for found in re.findall(r"\d+", text)})


def in_lessons() -> dict[str, Place]:
    """Each slip in the table that closes a lesson: the lesson, and the sections that it names."""
    found = {}
    for path in LESSONS:
        if path == APPENDIX:
            continue
        here = 0
        for cell in read(path).cells:
            if cell.cell_type != "markdown":
                continue
            for line in cell.source.splitlines():
                if title := re.match(r"#+ (\d+)\b", line):
                    here = int(title[1])
                if row := re.match(rf"\| ({ID}) \|.*\| ([^|]+) \|$", line):
                    assert row[1] not in found, f"{row[1]} is in two lessons"
                    found[row[1]] = path.name, sections(row[2], here)
    return found


def in_appendix() -> dict[str, NotebookNode]:
    """Each slip's text, by its heading."""
    titles = [(cell, re.match(rf"### ({ID})\n", cell.source)) for cell in CELLS]
    return {title[1]: cell for cell, title in titles if title}


def met(cell: NotebookNode) -> Place:
    found = re.search(r"Met in \[lesson \d\d\]\((.+?)\), (.+?)\.\*$", cell.source)
    assert found, f"{cell.id} does not say where it is met"
    return found[1], sections(found[2], 0)


def test_it_has_the_slips_of_all_lessons_at_their_places() -> None:
    assert {name: met(cell) for name, cell in in_appendix().items()} == in_lessons()


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_slip_that_a_text_names_is_there(path) -> None:
    prose = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    named = re.findall(rf"\(slip ({ID})|\bslip ({ID})\b", prose)
    assert {name for pair in named for name in pair if name} <= set(in_appendix())


@pytest.mark.parametrize("name", in_appendix())
def test_a_slip_is_quoted_put_right_and_explained(name: str) -> None:
    text = in_appendix()[name].source
    order = [
        text.find(mark) for mark in ("\n> ", "*Slide: ", "**Right:** ", "**Why:** ", "Met in ")
    ]
    assert -1 not in order
    assert order == sorted(order)


def test_a_slip_is_shown_in_a_few_lines_or_says_that_there_is_nothing_to_show() -> None:
    following = {cell.id: after for cell, after in pairwise(CELLS)}
    for name, cell in in_appendix().items():
        shown = following[cell.id]
        if shown.id != f"{name.lower()}-shown":
            assert "There is nothing to compute." in cell.source, name
            continue
        assert len([line for line in shown.source.splitlines() if line.strip()]) <= LINES, name
        assert shown.outputs, name


def test_the_contents_and_the_kinds_list_each_slip_once() -> None:
    (contents,) = [cell.source for cell in CELLS if cell.id == "contents"]
    by_section, by_kind = contents.split("The same by kind:")
    by_kind = by_kind.split("| | in the paper")[0]
    once = Counter(list(in_appendix()))
    for table in (by_section, by_kind):
        assert Counter(re.findall(rf"\[({ID})\]\(#\1\)", table)) == once
    for kind in ("error", "imprecise", "notation", "no slip"):
        (row,) = [line for line in by_kind.splitlines() if line.startswith(f"| {kind} |")]
        for name in re.findall(rf"\[({ID})\]", row):
            assert f"\n\n*{kind.capitalize()}" in in_appendix()[name].source, name


def test_the_cell_that_counts_has_the_kinds_of_the_table() -> None:
    (contents,) = [cell.source for cell in CELLS if cell.id == "contents"]
    (count,) = [cell.source for cell in CELLS if cell.id == "count"]
    for kind, names in ast.literal_eval(count[count.index("{") : count.index("}") + 1]).items():
        (row,) = [line for line in contents.splitlines() if line.startswith(f"| {kind} |")]
        assert names.split() == re.findall(rf"\[({ID})\]", row), kind


LOOKED_UP = [
    (part, cell)
    for part, piece in enumerate(parts(CELLS))
    for cell in piece
    if cell.cell_type == "code" and not {"setup", "exercise"} & tags(cell)
]
each_alone = pytest.mark.parametrize(
    ("part", "cell"), LOOKED_UP, ids=[cell.id for _, cell in LOOKED_UP]
)


def executed(cell: NotebookNode, names: dict[str, Any]) -> str:
    """Run among these names, which it may add to; what it prints."""
    with contextlib.redirect_stdout(io.StringIO()) as printed, matplotlib.rc_context():
        exec(compile(cell.source, cell.id, "exec"), names)
    return printed.getvalue()


@cache
def set_up(part: int) -> dict[str, Any]:
    """The names after the setup cells of the parts up to this one, and no other cell."""
    names = dict(set_up(part - 1)) if part else {}
    for cell in parts(CELLS)[part]:
        if "setup" in tags(cell):
            executed(cell, names)
    return names


@each_alone
def test_a_cell_that_is_looked_up_runs_alone_and_prints_what_is_printed(part, cell) -> None:
    printed = executed(cell, dict(set_up(part)))
    if {out.output_type for out in cell.outputs} == {"stream"}:  # and no figure or question
        assert printed == "".join(out.text for out in cell.outputs)


@each_alone
def test_a_cell_that_is_looked_up_leaves_the_names_of_all_setups_alone(part, cell) -> None:
    """Else a later cell would find others, in whatever order they are run."""
    bound = symtable.symtable(cell.source, cell.id, "exec").get_symbols()
    assigned = {name.get_name() for name in bound if name.is_assigned()}
    assert not assigned & set(set_up(len(parts(CELLS)) - 1))


def test_the_appendix_comes_last() -> None:
    assert LESSONS[-1] == APPENDIX
    assert number(APPENDIX) == "A"
