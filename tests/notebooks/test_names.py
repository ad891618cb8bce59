"""A name means one thing throughout a lesson, so that a cell run again does what it did before."""

from __future__ import annotations

import ast
import re
import symtable
from pathlib import Path

import pytest
from nbformat import NotebookNode

from tests.notebooks.lessons import LESSONS
from tests.notebooks.names import bound, cells, code

# By lesson, names that a function reads and a later cell binds again. This one is bound to the same
# function by the setup of part 2.
BOUND_AGAIN = {("06_conjugate_gradient", "cg_history")}

each_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def read_globals(function: ast.FunctionDef) -> set[str]:
    """The names that a function takes from outside, nested functions included."""
    tables = symtable.symtable(ast.unparse(function), function.name, "exec").get_children()
    names = set()
    while tables:
        table = tables.pop()
        names |= {s.get_name() for s in table.get_symbols() if s.is_global() and s.is_referenced()}
        tables += table.get_children()
    return names


def bound_again(given: list[NotebookNode]) -> set[str]:
    """Names that a function reads and a later cell binds once more."""
    found, seen, taken = set(), set(), set()
    for cell in given:
        here = bound(cell.source)
        found |= here & taken
        seen |= here
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.FunctionDef):
                taken |= read_globals(node) & seen
    return found


@each_lesson
def test_what_a_function_reads_stays_what_it_was(path: Path) -> None:
    assert {(path.stem, name) for name in bound_again(code(path))} <= BOUND_AGAIN


@each_lesson
def test_no_cell_takes_a_solution(path: Path) -> None:
    """What a lesson shows must not say where the answers lie."""
    told = {cell.id for cell in code(path) if re.search(r"\.reference\b", cell.source)}
    assert not told


# ---- the test itself, on cells with one fault each ----


def test_a_name_that_is_bound_again_under_a_function_is_found() -> None:
    reads = "def f(x):\n    return [h * t for t in x]"
    sources = ("h = 1", reads, "def g(h):\n    return h", "h = 2")
    assert bound_again(cells(*sources)) == {"h"}
    assert bound_again(cells(*sources[:-1])) == set()
