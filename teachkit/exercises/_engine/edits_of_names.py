"""Edits of names and numbers that undo a slip: another one in its place, or one that is missing.

A rule edits a node in place, yields the slip's name and what to say of it, and takes the edit back.
"""

from __future__ import annotations

import ast
import contextlib
import itertools
from collections.abc import Iterator
from typing import Any

from .edit import Rule, Slip, expression, nothing_left, put, shown


def a_small_number(node: Any, arguments: set[str]) -> Iterator[Slip]:
    small: Any = node.comparators[0] if isinstance(node, ast.Compare) else ast.Constant(0)
    value, written = getattr(small, "value", None), ast.unparse(small)
    if (isinstance(value, float) and 0 < value < 0.01) or written.endswith(".eps"):
        with put(node, comparators=[ast.Constant(0), *node.comparators[1:]]):
            yield "a small number", f"""In line {small.lineno} you compare with `{written}`. What is
                small depends on the units; here numbers as small as that count. With 0 in its place
                all comes out right."""


def column_for_row(node: Any, arguments: set[str]) -> Iterator[Slip]:
    columns: list[Any] = []
    for entry in ast.walk(node) if isinstance(node, ast.FunctionDef) else ():
        index = getattr(entry, "slice", None)
        if isinstance(index, ast.Tuple) and ast.unparse(index).startswith((":, ", "(:, ")):
            columns.append(entry)
    if columns:
        said = f"`{ast.unparse(columns[0])}` in line {columns[0].lineno} is a column"
        with contextlib.ExitStack() as turned:
            for entry in columns:
                turned.enter_context(put(entry, slice=entry.slice.elts[1]))
            yield "column for row", f"{said}. With the row in its place all comes out right."


def another_number(node: Any, arguments: set[str]) -> Iterator[Slip]:
    for child in ast.iter_child_nodes(node):
        number: Any = child.operand if isinstance(child, ast.UnaryOp) else child
        if not isinstance(number, ast.Constant) or isinstance(node, (ast.Expr, ast.UnaryOp)):
            continue
        value = number.value
        if type(value) is int:
            others: set[Any] = {-2, -1, 0, 1, 2, value + 1, value - 1, 2 * value}
        else:
            others = {value / 2, 2 * value, 1 / value} if type(value) is float and value else set()
        said = f"Look at `{ast.unparse(child)}` in `{shown(node)}`, line {number.lineno}:"
        for other in sorted(others - {value}):
            with put(number, value=other):
                yield "another number", f"{said} with another number there all comes out right."


_PAIRS = {"max": "min", "argmax": "argmin", "maximum": "minimum", "sum": "mean", "any": "all",
          "ones": "zeros", "log": "exp"}  # fmt: skip
_PARTNERS = {**_PAIRS, **{other: one for one, other in _PAIRS.items()}}


def another_function(node: Any, arguments: set[str]) -> Iterator[Slip]:
    for field in ("attr", "id"):
        name = getattr(node, field, "")
        if other := _PARTNERS.get(name):
            with put(node, **{field: other}):
                yield "another function", f"""Look at `{name}` in line {node.lineno}: with
                    `{other}` in its place all comes out right."""


def entry_by_entry(node: Any, arguments: set[str]) -> Iterator[Slip]:
    written = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
    if written in ("max", "min", "np.max", "np.min", "np.amax", "np.amin") and len(node.args) == 2:
        word = f"np.{written[-3:]}imum"
        said = f"Look at `{shown(node)}` in line {node.lineno}: `{written}` does not compare"
        with put(node, func=expression(f"_{word}")):
            yield "entry by entry", f"""{said} two arrays, or an array and a number, entry by entry.
                `{word}` does."""


def another_name(node: Any, arguments: set[str]) -> Iterator[Slip]:
    if not isinstance(node, ast.FunctionDef):
        return
    names = [name for name in ast.walk(node) if isinstance(name, ast.Name)]
    others = arguments | {name.id for name in names if isinstance(name.ctx, ast.Store)}
    lines: dict[tuple[str, int], list[ast.Name]] = {}
    for name in sorted(names, key=lambda name: name.col_offset):
        if name.id in others and isinstance(name.ctx, ast.Load):
            lines.setdefault((name.id, name.lineno), []).append(name)
    several = [(f"every `{of}`", line) for (of, _), line in lines.items() if len(line) > 1]
    alone = [(_counted(k, line), [line[k]]) for line in lines.values() for k in range(len(line))]
    empty = nothing_left(node)
    for which, same in (*alone, *several):
        said = f"Look at {which} in line {same[0].lineno}: with"
        for other in sorted(others - {same[0].id}):
            with contextlib.ExitStack() as renamed:
                for name in same:
                    renamed.enter_context(put(name, id=other))
                if empty or not nothing_left(node):  # x - x for x - y would be no repair
                    yield "another name", f"{said} `{other}` in its place all comes out right."


def _counted(place: int, line: list[ast.Name]) -> str:
    """Which of the names alike in a line it is."""
    word = ("first", "second", "third", f"{place + 1}th")[min(place, 3)]
    return f"the {word} `{line[place].id}`" if len(line) > 1 else f"`{line[place].id}`"


def _masks(node: ast.AST) -> set[str]:
    """The names of what a comparison has given."""
    lines = (line for line in ast.walk(node) if isinstance(line, ast.Assign))
    compared = (line for line in lines if isinstance(line.value, (ast.Compare, ast.BoolOp)))
    return {name.id for line in compared for name in line.targets if isinstance(name, ast.Name)}


_BETWEEN = (ast.Mult, ast.MatMult, ast.Add, ast.Sub, ast.Div)


def something_missing(node: Any, arguments: set[str]) -> Iterator[Slip]:
    if not isinstance(node, ast.FunctionDef):
        return
    names = [name for name in ast.walk(node) if isinstance(name, ast.Name)]
    stored = {name.id for name in names if isinstance(name.ctx, ast.Store)}
    masks = _masks(node)
    for parent in list(ast.walk(node)):
        for field in ("left", "right", "value", "elt"):
            part = getattr(parent, field, None)
            if not isinstance(part, (ast.BinOp, ast.Call, ast.Name, ast.Subscript)):
                continue
            said = f"Something is missing at `{shown(part)}` in line {part.lineno}: with"
            for other, op in itertools.product(sorted(arguments | stored), _BETWEEN):
                # t + t and r + good may come out right; nobody meant them
                here = getattr(part, "id", "")
                if other == here or (masks & {other, here} and op is not ast.Mult):
                    continue
                name = ast.Name(other, ast.Load())
                for left, right in ((name, part), (part, name)):
                    whole = ast.BinOp(left, op(), right)
                    if not nothing_left(whole):
                        with put(parent, **{field: whole}):
                            yield "something missing", f"""{said} `{shown(whole)}` in its place
                                all comes out right."""


RULES: tuple[Rule, ...] = (  # the most telling first
    a_small_number,
    column_for_row,
    entry_by_entry,
    another_number,
    another_function,
    another_name,
    something_missing,
)
