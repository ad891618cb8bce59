"""A lesson as its best student leaves it: every stub replaced by the reference."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from teachkit.exercises import Exercise
from tests.notebooks.lessons import read


def checks(source: str) -> list[tuple[str, str]]:
    """The calls `lesson.name.check(function)` of a cell: (`lesson.name`, `function`)."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "check"
            and node.args
        ):
            found.append((ast.unparse(node.func.value), ast.unparse(node.args[0])))
    return found


def exercises_of(path: Path) -> dict[str, Exercise]:
    """The exercises that a notebook imports as `lesson`, by name; none if it asks nothing."""
    text = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "code")
    imported = re.search(r"^from teachkit\.exercises import (\w+) as lesson$", text, re.MULTILINE)
    if not imported:
        return {}
    module = importlib.import_module(f"teachkit.exercises.{imported[1]}")
    return {name: v for name, v in vars(module).items() if isinstance(v, Exercise)}


def stub(source: str, name: str) -> ast.FunctionDef:
    """The definition of a function in a cell."""
    (node,) = [
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and node.name == name
    ]
    return node


def solved(source: str, names: dict[str, Any]) -> str:
    """The cell with the reference in the place of each stub that it checks."""
    for path, function in checks(source):
        exercise = eval(path, names)
        assert isinstance(exercise, Exercise), f"{path} is no Exercise"
        node = stub(source, function)
        lines = source.splitlines()
        lines[node.lineno - 1 : node.end_lineno] = exercise.reference_source.splitlines()
        source = "\n".join(lines)
    return source


def run(cell: NotebookNode, source: str, names: dict[str, Any]) -> Any:
    """Run a cell; the value of its last line, as a front end would show it."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, cell.id, "exec"), names)
    if last is None:
        return None
    return eval(compile(ast.Expression(last.value), cell.id, "eval"), names)
