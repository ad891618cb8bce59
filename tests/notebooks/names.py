"""What the cells of a lesson bind to a name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from numbers import Number
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from nbformat import NotebookNode

from tests.notebooks.lessons import read


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


def cells(*sources: str) -> list[NotebookNode]:
    """Made-up cells with these sources."""
    return [NotebookNode(id=f"cell-{i}", source=source) for i, source in enumerate(sources)]
