"""One small edit of the learner's own code that makes it right: tried before it is spoken of.

What is said has been run: with this edit alone every case is right.
"""

from __future__ import annotations

import ast
import copy
import inspect
import textwrap
import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from . import edits_in_expressions, edits_in_lines, edits_of_names
from .edit import Slip
from .known import Known
from .mistake import Mistake
from .run import run

LIMIT = 2.0  # seconds for all edits of one answer
DIGITS = 10_000  # binary ones, of a power of whole numbers
RULES = (*edits_in_lines.RULES, *edits_in_expressions.RULES, *edits_of_names.RULES)


def repaired(
    known: Known, drawn: Known, failing: int, function: Any, took: float
) -> Mistake | None:
    """The slip that is in one place of the code, if putting it right is all that is missing.

    An edit that takes much longer than the answer took on all cases goes on for ever.
    """
    until = time.monotonic() + LIMIT

    def right(answer: Any) -> bool:
        for every in ([failing], range(len(drawn.cases))):
            longest = LIMIT / 10 if len(every) > 1 else min(LIMIT / 10, 0.03 + took)
            left = min(until - time.monotonic(), longest)
            cases = [drawn.cases[place] for place in every]
            values = run(answer, cases, left).values if left > 0 else ()
            if len(values) < len(cases) or not known.agree(
                values, [drawn.expected[place] for place in every]
            ):
                return False
        return True

    given = zip(known.exercise.argument_names, drawn.cases[failing], strict=True)
    whole = next((name for name, value in given if _is_whole(value)), None)
    if whole is not None and right(lambda *case: function(*map(_with_a_point, case))):
        return _cut(whole)
    for (name, message), answer in _edited(function):
        if right(answer):
            return Mistake(name, (), " ".join(message.split()))
        if time.monotonic() > until:
            return None
    return None


def _is_whole(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind == "i"


def _with_a_point(value: Any) -> Any:
    return value.astype(float) if _is_whole(value) else value


def _cut(name: str) -> Mistake:
    message = f"""Right where `{name}` holds numbers with a point, and not where it holds whole
        ones: an array made like it, as by `np.zeros_like({name})` or `{name}.copy()`, holds whole
        numbers, too, and what is written into it loses all behind the point. Make it of
        `{name}.astype(float)`, or by `np.zeros`."""
    return Mistake("whole numbers", (), " ".join(message.split()))


def _edited(function: Any) -> Iterator[tuple[Slip, Any]]:
    """The answer with one edit after the other, where its source can be had."""
    try:
        (tree,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
        names = {**function.__globals__, **inspect.getclosurevars(function).nonlocals}
    except (OSError, TypeError, SyntaxError, ValueError, AttributeError):
        return
    if not isinstance(tree, ast.FunctionDef):
        return
    tree.decorator_list, tree.returns = [], None
    for argument in (given := tree.args).args:
        argument.annotation = None
    given.defaults, given.kw_defaults = [], [None for _ in given.kwonlyargs]
    ast.increment_lineno(tree, function.__code__.co_firstlineno - 1)
    names |= {"_np": np, "_power": _power, "_copy": copy.deepcopy}
    names |= {"_same": lambda value, *digits: value}
    arguments = {argument.arg for argument in given.args}
    for rule in RULES:
        for node in list(ast.walk(tree)):
            for slip in rule(node, arguments):
                try:
                    edited = _Guarded().visit(copy.deepcopy(tree))
                    whole = ast.fix_missing_locations(ast.Module([edited], []))
                    exec(compile(whole, "your code, edited", "exec"), names)
                except SyntaxError:  # such as a break without its loop
                    continue
                answer = names[tree.name]
                answer.__defaults__ = function.__defaults__
                answer.__kwdefaults__ = function.__kwdefaults__
                yield slip, answer


class _Guarded(ast.NodeTransformer):
    """`a ** b` by `_power`: an edit may make it 55000 ** 7850, which no clock can stop."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        if not isinstance(node.op, ast.Pow):
            return node
        call = ast.Call(ast.Name("_power", ast.Load()), [node.left, node.right], [])
        return ast.copy_location(call, node)


def _power(base: Any, exponent: Any) -> Any:
    whole = isinstance(base, int) and isinstance(exponent, int)
    if whole and base.bit_length() * exponent > DIGITS:
        raise OverflowError("Such a power has more digits than any answer.")
    return base**exponent
