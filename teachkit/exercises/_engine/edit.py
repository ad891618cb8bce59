"""One edit of a parsed answer: made in place, named, and taken back."""

from __future__ import annotations

import ast
import contextlib
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

Slip = tuple[str, str]
Rule = Callable[[Any, set[str]], Iterator[Slip]]  # of a node, and the names of the arguments


@contextlib.contextmanager
def put(node: Any, **fields: Any) -> Iterator[None]:
    """The node with other fields, until the block ends."""
    before = {name: getattr(node, name) for name in fields}
    vars(node).update(fields)
    try:
        yield
    finally:
        vars(node).update(before)


def expression(text: str, **names: Any) -> Any:
    """The expression of a text, with other expressions in the place of these names."""

    class Insert(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> Any:
            return names.get(node.id, node)

    return Insert().visit(ast.parse(text, mode="eval").body)


def shown(node: ast.AST) -> str:
    """The code of a node, cut where it is long."""
    return textwrap.shorten(ast.unparse(node), 60, placeholder=" ...")


def nothing_left(node: ast.AST) -> bool:
    """Does it hold a difference or a quotient of two that are the same?"""
    return any(
        isinstance(part, ast.BinOp)
        and isinstance(part.op, (ast.Sub, ast.Div))
        and ast.dump(part.left) == ast.dump(part.right)
        for part in ast.walk(node)
    )
