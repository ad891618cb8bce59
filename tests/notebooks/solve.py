"""Cells of a lesson, run in one process."""

from __future__ import annotations

import ast
from typing import Any

from nbformat import NotebookNode


def run(cell: NotebookNode, source: str, names: dict[str, Any]) -> Any:
    """Run a cell; the value of its last line, as a front end would show it."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, cell.id, "exec"), names)
    if last is None:
        return None
    return eval(compile(ast.Expression(last.value), cell.id, "eval"), names)
