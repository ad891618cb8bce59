"""One small edit of the learner's own code that makes it right: tried before it is spoken of.

A rule edits a node of the parsed answer in place, yields what to call the slip and what to say of
it, and takes the edit back. What is said has been run: with this edit alone every case is right.
The edits go from the most telling to single operators.
"""

from __future__ import annotations

import ast
import copy
import inspect
import textwrap
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .known import Known
from .mistake import Mistake
from .run import run

LIMIT = 1.0  # seconds for all edits of one answer
Slip = tuple[str, str]
Rule = Callable[[Any, set[str]], Iterator[Slip]]
_LOOPS = (ast.For, ast.While)


def repaired(known: Known, drawn: Known, failing: int, function: Any) -> Mistake | None:
    """The slip that is in one place of the code, if putting it right is all that is missing."""
    until = time.monotonic() + LIMIT

    def right(answer: Any) -> bool:
        for every in ([failing], range(len(drawn.cases))):
            left = min(until - time.monotonic(), LIMIT / 5)
            cases = [drawn.cases[place] for place in every]
            values = run(answer, cases, left).values if left > 0 else ()
            if len(values) < len(cases) or not known.agree(
                values, [drawn.expected[place] for place in every]
            ):
                return False
        return True

    for (name, message), answer in _edited(function):
        if right(answer):
            return Mistake(name, (), " ".join(message.split()))
        if time.monotonic() > until:
            return None
    return None


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
    names |= {"_np": np, "_copy": copy.deepcopy, "_same": lambda value, *digits: value}
    arguments = {argument.arg for argument in given.args}
    for rule in RULES:
        for node in list(ast.walk(tree)):
            for slip in rule(node, arguments):
                try:
                    whole = ast.fix_missing_locations(ast.Module([tree], []))
                    exec(compile(whole, "your code, edited", "exec"), names)
                except SyntaxError:  # such as a break without its loop
                    continue
                answer = names[tree.name]
                answer.__defaults__ = function.__defaults__
                answer.__kwdefaults__ = function.__kwdefaults__
                yield slip, answer


def _bodies(node: Any) -> Iterator[list[ast.stmt]]:
    for body in (getattr(node, "body", None), getattr(node, "orelse", None)):
        if isinstance(body, list):
            yield body


def _line(line: ast.stmt) -> str:
    return f"Line {line.lineno}, `{ast.unparse(line).splitlines()[0]}`,"


def _thrown_away(node: Any, arguments: set[str]) -> Iterator[Slip]:
    for body in _bodies(node):
        for place, line in enumerate(body):
            if not isinstance(line, ast.Expr):
                continue
            kept, value = None, line.value
            if isinstance(value, ast.Call) and value.args:
                kept = value.args[0]
            elif isinstance(value, ast.BinOp):
                kept = value.left
            if isinstance(kept, ast.Name):
                body[place] = ast.Assign([ast.Name(kept.id, ast.Store())], value)
                yield "result thrown away", f"""{_line(line)} computes something and keeps it
                    nowhere: `{kept.id}` stays as it is. Give the result a name."""
                body[place] = line


def _second_name(node: Any, arguments: set[str]) -> Iterator[Slip]:
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name):
        name = node.value
        node.value = ast.Call(ast.Name("_copy", ast.Load()), [name], [])
        yield "second name", f"""Line {node.lineno} gives `{name.id}` a second name and makes no
            copy: what is changed under one name is changed under the other. `{name.id}.copy()` is
            an array of its own."""
        node.value = name


def _name_of_an_argument(node: Any, arguments: set[str]) -> Iterator[Slip]:
    if not isinstance(node, ast.For):
        return
    inside = [n for part in (node.target, *node.body) for n in ast.walk(part)]
    for taken in arguments & {n.id for n in ast.walk(node.target) if isinstance(n, ast.Name)}:
        here = [n for n in inside if isinstance(n, ast.Name) and n.id == taken]
        for name in here:
            name.id = f"_{taken}"
        yield "loop variable", f"""The loop in line {node.lineno} counts with `{taken}`, the name of
            an argument: from there on `{taken}` is what the loop made of it. Give the loop a name
            of its own."""
        for name in here:
            name.id = taken


def _in_and_out(node: Any, arguments: set[str]) -> Iterator[Slip]:
    for body in _bodies(node):
        for place, loop in enumerate(body):
            if not isinstance(loop, _LOOPS):
                continue
            around, inside = list(body), list(loop.body)
            for k in range(1, len(inside)):
                loop.body[:], body[place:] = inside[:k], [loop, *inside[k:], *around[place + 1 :]]
                ends = isinstance(inside[k], ast.Return)
                once = "ends it in the first round" if ends else "is done in each round"
                yield "inside the loop", f"""{_line(inside[k])} stands inside the loop and {once}.
                    It belongs behind the loop."""
                loop.body[:], body[place:] = inside[k:], [*inside[:k], *around[place:]]
                yield "begins anew in the loop", f"""{_line(inside[0])} stands inside the loop, so
                    each round begins anew and the last alone is left. It belongs above the loop."""
                body[:], loop.body[:] = around, inside
            if place + 2 < len(body):
                loop.body[:], body[place + 1 :] = [*inside, body[place + 1]], body[place + 2 :]
                yield "behind the loop", f"""{_line(around[place + 1])} stands behind the loop and
                    is done once. It belongs into each round."""
                body[:], loop.body[:] = around, inside
            body[place : place + 1] = inside
            if isinstance(loop, ast.For):
                first = ast.parse("next(iter(0))", mode="eval").body
                first.args[0].args = [loop.iter]  # type: ignore[attr-defined]
                body.insert(place, ast.Assign([loop.target], first))
            yield "a whole iteration", f"""Your loop in line {loop.lineno} goes on. One round of it
                is the answer: one step is asked for."""
            body[:] = around


def _last_term_alone(node: Any, arguments: set[str]) -> Iterator[Slip]:
    if not isinstance(node, _LOOPS):
        return
    for place, line in enumerate(node.body):
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
            node.body[place] = ast.AugAssign(line.targets[0], ast.Add(), line.value)
            yield "last term alone", f"""In {_line(line)[0].lower()}{_line(line)[1:]} each round
                replaces what the one before had found: the last term alone is left. `+=` adds."""
            node.body[place] = line


def _whole_numbers(node: Any, arguments: set[str]) -> Iterator[Slip]:
    if isinstance(getattr(node, "op", None), ast.FloorDiv):
        floor, node.op = node.op, ast.Div()
        yield "integer division", f"""`//` in line {node.lineno} drops what stands behind the point:
            7 // 2 is 3. The division of numbers is `/`."""
        node.op = floor


def _rounded(node: Any, arguments: set[str]) -> Iterator[Slip]:
    if not isinstance(node, ast.Call):
        return
    written, function, given = ast.unparse(node.func), node.func, node.args
    if written in ("round", "int", "np.round", "np.around", "np.rint"):
        node.func = ast.Name("_same", ast.Load())
    elif isinstance(function, ast.Attribute) and function.attr in ("round", "astype"):
        node.func, node.args = ast.Name("_same", ast.Load()), [function.value]
    if node.func is not function:
        yield "rounded", f"`{written}` in line {node.lineno} drops digits. Leave the rounding out."
        node.func, node.args = function, given


def _division_by_a_matrix(node: Any, arguments: set[str]) -> Iterator[Slip]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        above, below, op = node.left, node.right, node.op
        inverse = ast.parse("_np.linalg.inv(0)", mode="eval").body
        inverse.args = [below]  # type: ignore[attr-defined]
        node.left, node.op, node.right = inverse, ast.MatMult(), above
        yield "division by a matrix", f"""`/` in line {node.lineno} divides by a matrix entry by
            entry. What undoes a matrix is the solution of a system, `np.linalg.solve`."""
        node.left, node.op, node.right = above, op, below


def _brackets(node: Any, arguments: set[str]) -> Iterator[Slip]:
    if not isinstance(node, ast.BinOp):
        return
    left, op, right = node.left, node.op, node.right
    written, others = ast.unparse(node), [ast.BinOp(left, op, right)]
    said = f"""Look at `{written}` in line {node.lineno}. Python multiplies and divides, from the
        left to the right, before it adds and subtracts: with other brackets it comes out right."""
    spine, chain = left, [(op, right)]
    while isinstance(spine, ast.BinOp):  # a / b @ c as a / (b @ c), -a - b as -(a - b)
        behind = spine.right
        for o, operand in chain:
            behind = ast.BinOp(behind, o, operand)
        others.append(ast.BinOp(spine.left, spine.op, behind))
        chain.insert(0, (spine.op, spine.right))
        spine = spine.left
    if isinstance(spine, ast.UnaryOp):
        behind = spine.operand
        for o, operand in chain:
            behind = ast.BinOp(behind, o, operand)
        others.append(ast.BinOp(ast.Constant(0), ast.Sub(), behind))
    if isinstance(right, ast.BinOp):  # a + b / c as (a + b) / c
        others.append(ast.BinOp(ast.BinOp(left, op, right.left), right.op, right.right))
    for other in others[1:]:
        node.left, node.op, node.right = other.left, other.op, other.right
        yield "brackets", said
    node.left, node.op, node.right = left, op, right


def _rounds(node: Any, arguments: set[str]) -> Iterator[Slip]:
    if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "range"):
        return
    written, given = ast.unparse(node), node.args
    for text in ("0", "1"):
        if len(given) < 3:
            node.args = [ast.Constant(int(text)), given[-1]]
            yield "rounds", f"Look where `{written}` in line {node.lineno} begins."
    for op in (ast.Add(), ast.Sub()):
        end = min(len(given), 2) - 1
        node.args = [*given[:end], ast.BinOp(given[end], op, ast.Constant(1)), *given[end + 1 :]]
        yield "rounds", f"Look where `{written}` in line {node.lineno} ends."
    node.args = given


_SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.MatMult: "@", ast.Pow: "**"}
_ORDER = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


def _operators(node: Any, arguments: set[str]) -> Iterator[Slip]:
    said = "Look at the `{}` in line {}: with another sign in its place, all comes out right."
    if isinstance(node, (ast.BinOp, ast.AugAssign)) and type(node.op) in _SIGNS:
        op = node.op
        for other in _SIGNS:
            if not isinstance(op, other):
                node.op = other()
                yield "one operator", said.format(_SIGNS[type(op)], node.lineno)
        node.op = op
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        minus, node.op = node.op, ast.UAdd()
        yield "one operator", f"Look at the minus in line {node.lineno}: it is one too many."
        node.op = minus
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in _ORDER:
        first = node.ops[0]
        for turned in _ORDER:
            if not isinstance(first, turned):
                node.ops[0] = turned()
                yield "one operator", said.format(_ORDER[type(first)], node.lineno)
        node.ops[0] = first


RULES: tuple[Rule, ...] = (
    _thrown_away,
    _second_name,
    _name_of_an_argument,
    _in_and_out,
    _last_term_alone,
    _whole_numbers,
    _rounded,
    _division_by_a_matrix,
    _brackets,
    _rounds,
    _operators,
)
