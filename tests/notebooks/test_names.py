"""A name means one thing throughout a lesson, so that a cell run again does what it did before."""

from __future__ import annotations

import ast
import re
import symtable
from collections.abc import Iterator
from numbers import Number
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from nbformat import NotebookNode

from tests.notebooks import solve
from tests.notebooks.lessons import LESSONS, read

# By lesson, names that a function reads and a later cell binds again. This one is bound to the same
# function by the setup of part 2.
BOUND_AGAIN = {("06_conjugate_gradient", "cg_history")}

each_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def code(path: Path) -> list[NotebookNode]:
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def at_top(node: ast.AST) -> Iterator[ast.AST]:
    """A node and what is in it, but for what has names of its own."""
    yield node
    inside = (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.ListComp, ast.SetComp)
    if not isinstance(node, (*inside, ast.DictComp, ast.GeneratorExp)):
        for child in ast.iter_child_nodes(node):
            yield from at_top(child)


def stored(node: ast.AST) -> set[str]:
    nodes = [n for n in at_top(node) if isinstance(n, ast.Name)]
    return {n.id for n in nodes if isinstance(n.ctx, ast.Store)}


def bound(source: str) -> set[str]:
    """The names that a cell binds, but for `_` and the letters of its loops."""
    names, letters = set(), set()
    for node in at_top(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.alias):
            names.add(node.asname or node.name.split(".")[0])
        elif isinstance(node, ast.For):
            letters |= {name for name in stored(node.target) if len(name) == 1}
    return (names | stored(ast.parse(source))) - letters - {"_"}


def kind(value: Any) -> str:
    if isinstance(value, ModuleType):
        return "module"
    if isinstance(value, type):
        return "class"
    if isinstance(value, np.ndarray) and value.ndim:
        return "array"
    if isinstance(value, Number | np.ndarray):
        return "number"
    if isinstance(value, str):
        return "string"
    if isinstance(value, list | tuple | dict | set):
        return "collection"
    return "function" if callable(value) and hasattr(value, "__name__") else "object"


def kinds(cells: list[NotebookNode]) -> dict[str, set[str]]:
    """Every name that the cells bind, with the kinds of what it was bound to."""
    names: dict[str, Any] = {"__name__": "__main__"}
    found: dict[str, set[str]] = {}
    for cell in cells:
        solve.run(cell, cell.source, names)
        for name in bound(cell.source):
            found.setdefault(name, set()).add(kind(names[name]))
    return found


def read_globals(function: ast.FunctionDef) -> set[str]:
    """The names that a function takes from outside, nested functions included."""
    tables = symtable.symtable(ast.unparse(function), function.name, "exec").get_children()
    names = set()
    while tables:
        table = tables.pop()
        names |= {s.get_name() for s in table.get_symbols() if s.is_global() and s.is_referenced()}
        tables += table.get_children()
    return names


def bound_again(cells: list[NotebookNode]) -> set[str]:
    """Names that a function reads and a later cell binds once more."""
    found, seen, taken = set(), set(), set()
    for cell in cells:
        here = bound(cell.source)
        found |= here & taken
        seen |= here
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.FunctionDef):
                taken |= read_globals(node) & seen
    return found


@each_lesson
def test_a_name_is_one_kind_of_thing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    two = {name: sorted(is_) for name, is_ in kinds(code(path)).items() if len(is_) > 1}
    assert two == {}


@each_lesson
def test_what_a_function_reads_stays_what_it_was(path: Path) -> None:
    assert {(path.stem, name) for name in bound_again(code(path))} <= BOUND_AGAIN


@each_lesson
def test_no_cell_takes_a_solution(path: Path) -> None:
    """What a lesson shows must not say where the answers lie."""
    told = {cell.id for cell in code(path) if re.search(r"\.reference\b", cell.source)}
    assert not told


# ---- the test itself, on cells with one fault each ----


def cells(*sources: str) -> list[NotebookNode]:
    return [NotebookNode(id=f"cell-{i}", source=source) for i, source in enumerate(sources)]


def test_a_function_that_becomes_a_number_is_found() -> None:
    found = kinds(cells("def tiny(x):\n    return x", "tiny = 1e-3", "for k in 'ab':\n    k"))
    assert found == {"tiny": {"function", "number"}}


def test_a_name_that_is_bound_again_under_a_function_is_found() -> None:
    reads = "def f(x):\n    return [h * t for t in x]"
    sources = ("h = 1", reads, "def g(h):\n    return h", "h = 2")
    assert bound_again(cells(*sources)) == {"h"}
    assert bound_again(cells(*sources[:-1])) == set()
