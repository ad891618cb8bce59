"""Edits of expressions that undo a slip: a sign, brackets, the order of two.

A rule edits a node in place, yields the slip's name and what to say of it, and takes the edit back.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from .edit import Rule, Slip, expression, nothing_left, put, shown


def whole_numbers(node: Any, arguments: set[str]) -> Iterator[Slip]:
    if isinstance(getattr(node, "op", None), ast.FloorDiv):
        with put(node, op=ast.Div()):
            yield "integer division", f"""`//` in line {node.lineno} drops what stands behind the
                point: 7 // 2 is 3. The division of numbers is `/`."""


def rounded(node: Any, arguments: set[str]) -> Iterator[Slip]:
    if not isinstance(node, ast.Call):
        return
    written, given = ast.unparse(node.func), node.args
    if written not in ("round", "int", "np.round", "np.around", "np.rint"):
        if getattr(node.func, "attr", "") not in ("round", "astype"):
            return
        given = [node.func.value]  # type: ignore[attr-defined]
    with put(node, func=expression("_same"), args=given):
        yield "rounded", f"`{written}` in line {node.lineno} drops digits. Leave the rounding out."


def division_by_a_matrix(node: Any, arguments: set[str]) -> Iterator[Slip]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        inverse = expression("_np.linalg.inv(H)", H=node.right)
        with put(node, left=inverse, op=ast.MatMult(), right=node.left):
            yield "division by a matrix", f"""`/` in line {node.lineno} divides by a matrix entry by
                entry. What undoes a matrix is the solution of a system, `np.linalg.solve`."""


def _is_sum(node: Any) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub))


def plus_or_minus(node: Any, arguments: set[str]) -> Iterator[Slip]:
    """Before brackets: `a - b + c` is `a - (b + c)` with one sign put right, too."""
    if _is_sum(node) and not isinstance(node.right, ast.Constant):
        minus = isinstance(node.op, ast.Sub)
        between = f"between `{shown(node.left)}` and `{shown(node.right)}`"
        with put(node, op=ast.Add() if minus else ast.Sub()):
            yield "one operator", f"""Look at the `{"-" if minus else "+"}` {between} in line
                {node.lineno}: with another sign in its place all comes out right."""


def fraction_of_a_power(node: Any, arguments: set[str]) -> Iterator[Slip]:
    """`a**1/2`, which is the half of a."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        power = node.left
        if isinstance(power, ast.BinOp) and isinstance(power.op, ast.Pow):
            one, two = ast.unparse(power.right), ast.unparse(node.right)
            said = f"""Look at `{shown(node)}` in line {node.lineno}. `**` binds before `/`, so that
                `a**{one}/{two}` is `(a**{one})/{two}`. A fraction as a power stands in brackets:
                `a**({one}/{two})`."""
            within = ast.BinOp(power.right, ast.Div(), node.right)
            with put(node, left=power.left, op=ast.Pow(), right=within):
                yield "fraction of a power", said


def brackets(node: Any, arguments: set[str]) -> Iterator[Slip]:
    if not isinstance(node, ast.BinOp):
        return
    with_others = "With other brackets it comes out right."
    products = (ast.Mult, ast.Div, ast.MatMult, ast.Pow)
    mixed = any(isinstance(getattr(n, "op", None), products) for n in ast.walk(node))
    if mixed and (_is_sum(node) or not (_is_sum(node.left) or _is_sum(node.right))):  # none written
        with_others = f"""Python multiplies and divides, from the left to the right, before it adds
            and subtracts. {with_others}"""
    said = f"Look at `{ast.unparse(node)}` in line {node.lineno}. {with_others}"
    others: list[tuple[ast.expr, ast.operator, ast.expr]] = []
    chain, first = [(node.op, node.right)], node.left
    while isinstance(first, (ast.BinOp, ast.UnaryOp)):
        whole = first.right if isinstance(first, ast.BinOp) else first.operand
        for op, operand in chain:
            whole = ast.BinOp(whole, op, operand)
        if isinstance(first, ast.UnaryOp):  # -a - b as -(a - b)
            others.append((ast.Constant(0), ast.Sub(), whole))
            break
        others.append((first.left, first.op, whole))  # a / b @ c as a / (b @ c)
        chain, first = [(first.op, first.right), *chain], first.left
    if isinstance(node.right, ast.BinOp):  # a + b / c as (a + b) / c
        within = node.right
        others.append((ast.BinOp(node.left, node.op, within.left), within.op, within.right))
        if isinstance(node.left, ast.BinOp):  # a + b - c * d as a + (b - c) * d
            sum_ = ast.BinOp(node.left.right, node.op, within.left)
            others.append((node.left.left, node.left.op, ast.BinOp(sum_, within.op, within.right)))
    if isinstance(node.left, ast.BinOp):
        inner = node.left.right
        if isinstance(inner, ast.BinOp):  # a - b / c - d as (a - b) / (c - d)
            over: ast.expr = ast.BinOp(node.left.left, node.left.op, inner.left)
            others.append((over, inner.op, ast.BinOp(inner.right, node.op, node.right)))
    for left, op, right in others:
        with put(node, left=left, op=op, right=right):
            yield "brackets", said


def rounds(node: Any, arguments: set[str]) -> Iterator[Slip]:
    if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "range" and node.args):
        return
    said = f"Look where `{ast.unparse(node)}` in line {node.lineno}"
    end = min(len(node.args), 2) - 1
    for start in (0, 1):
        with put(node, args=[ast.Constant(start), *node.args[end:]]):
            yield "rounds", f"{said} begins."
    for text in ("n + 1", "n - 1"):
        stop = expression(text, n=node.args[end])
        with put(node, args=[*node.args[:end], stop, *node.args[end + 1 :]]):
            yield "rounds", f"{said} ends."


def too_much(node: Any, arguments: set[str]) -> Iterator[Slip]:
    if isinstance(node, ast.BinOp):
        said = f"Look at `{ast.unparse(node)}` in line {node.lineno}:"
        for side in ("right", "left"):
            part = ast.unparse(getattr(node, side))
            with put(node, op=ast.Add(), **{side: ast.Constant(0)}):
                yield "too much", f"{said} `{part}` on the {side} is too much."
    elif isinstance(node, ast.Call) and len(node.args) == 1:
        said = f"Look at `{shown(node)}` in line {node.lineno}: without"
        written = ast.unparse(node.func)
        with put(node, func=expression("_same"), keywords=[]):
            yield "too much", f"{said} `{written}` all comes out right."


def power(node: Any, arguments: set[str]) -> Iterator[Slip]:
    xors: list[Any] = [n for n in ast.walk(node) if isinstance(getattr(n, "op", 0), ast.BitXor)]
    if isinstance(node, ast.FunctionDef) and xors:
        (whole,) = ast.parse(ast.unparse(node).replace("^", "**")).body  # `**` binds otherwise
        with put(node, body=vars(whole)["body"]):
            yield "power", f"`^` in line {xors[0].lineno} is no power in Python: that is `**`."


def the_other_way_round(node: Any, arguments: set[str]) -> Iterator[Slip]:
    said = f"Look at `{shown(node)}` in line {getattr(node, 'lineno', 0)}:"
    if isinstance(node, ast.BinOp) and isinstance(
        node.op, (ast.Sub, ast.Div, ast.MatMult, ast.Pow)
    ):
        with put(node, left=node.right, right=node.left):
            yield "the other way round", f"{said} the other way round all comes out right."
    elif isinstance(node, ast.Call) and len(node.args) > 1:
        first, second, *others = node.args
        with put(node, args=[second, first, *others]):
            yield "arguments exchanged", f"""{said} its arguments are exchanged. In the other order
                all comes out right."""


def transposed(node: Any, arguments: set[str]) -> Iterator[Slip]:
    if isinstance(getattr(node, "op", None), ast.MatMult) and isinstance(node, ast.BinOp):
        for side in ("left", "right"):
            factor: Any = getattr(node, side)
            turned = getattr(factor, "attr", "") == "T"
            other = factor.value if turned else ast.Attribute(factor, "T", ast.Load())
            with put(node, **{side: other}):
                yield "transposed", f"""Look at `{ast.unparse(factor)}` in line {node.lineno}:
                    {"without" if turned else "with"} `.T` all comes out right."""


_SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.MatMult: "@", ast.Pow: "**"}
_ORDER = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_EQUAL = {ast.Eq: "==", ast.NotEq: "!="}
_BOTH = {ast.And: "and", ast.Or: "or"}
_MASKS = {ast.BitAnd: "&", ast.BitOr: "|"}
_ENTRIES = """it goes entry by entry, and a sum of products is asked for, as in a product of
    matrices or vectors: `@`."""


def one_operator(node: Any, arguments: set[str]) -> Iterator[Slip]:
    another = "with another sign in its place all comes out right."
    exchanged = "with another operator in its place all comes out right."
    if isinstance(node, (ast.BinOp, ast.AugAssign)) and type(node.op) in {**_SIGNS, **_MASKS}:
        signs: dict[Any, str] = dict(_MASKS if type(node.op) in _MASKS else _SIGNS)
        fields = ("left", "right") if isinstance(node, ast.BinOp) else ("target", "value")
        between = " and ".join(f"`{shown(getattr(node, field))}`" for field in fields)
        sign = signs[type(node.op)]
        for other in signs:
            said = another if {sign, signs[other]} <= {"+", "-"} else exchanged
            if sign == "*" and other is ast.MatMult:
                said = _ENTRIES
            with put(node, op=other()):
                if not nothing_left(node):
                    yield "one operator", f"""Look at the `{sign}` between {between} in line
                        {node.lineno}: {said}"""
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        with put(node, op=ast.UAdd()):
            yield "one operator", f"""Look at the minus before `{shown(node.operand)}` in line
                {node.lineno}: it is one too many."""
    elif isinstance(node, ast.BoolOp):
        sign, written = _BOTH[type(node.op)], shown(node)
        with put(node, op=ast.And() if sign == "or" else ast.Or()):
            yield "one operator", f"""Look at the `{sign}` in `{written}`, line {node.lineno}:
                {another}"""
    elif isinstance(node, ast.Compare):
        signs = dict(_EQUAL if type(node.ops[0]) in _EQUAL else _ORDER)
        sign, written = signs.get(type(node.ops[0]), ""), shown(node)
        for turned in signs if sign else ():
            with put(node, ops=[turned(), *node.ops[1:]]):
                yield "one operator", f"""Look at the `{sign}` in `{written}`, line
                    {node.lineno}: {another}"""


RULES: tuple[Rule, ...] = (  # the most telling first
    whole_numbers,
    rounded,
    power,
    division_by_a_matrix,
    fraction_of_a_power,
    plus_or_minus,
    brackets,
    rounds,
    transposed,
    too_much,
    one_operator,
    the_other_way_round,
)
