"""Small edits of a parsed answer that undo a slip, from the most telling to single operators.

A rule edits a node in place, yields the slip's name and what to say of it, and takes the edit back.
"""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Callable, Iterator
from typing import Any

Slip = tuple[str, str]
Rule = Callable[[Any, set[str]], Iterator[Slip]]  # of a node, and the names of the arguments
_LOOPS = (ast.For, ast.While)


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


def _blocks(node: Any) -> Iterator[tuple[str, list[Any]]]:
    for name in ("body", "orelse"):
        if isinstance(getattr(node, name, None), list):
            yield name, getattr(node, name)


def _line(line: Any) -> str:
    return f"line {line.lineno}, `{ast.unparse(line).splitlines()[0]}`,"


def thrown_away(node: Any, arguments: set[str]) -> Iterator[Slip]:
    for name, block in _blocks(node):
        for place, line in enumerate(block):
            value: Any = line.value if isinstance(line, ast.Expr) else None
            kept = next(iter(getattr(value, "args", ())), getattr(value, "left", None))
            if isinstance(kept, ast.Name):
                keeps = ast.Assign([ast.Name(kept.id, ast.Store())], value)
                with put(node, **{name: [*block[:place], keeps, *block[place + 1 :]]}):
                    yield "result thrown away", f"""What {_line(line)} computes is kept nowhere:
                        `{kept.id}` stays as it is. Give the result a name."""


def second_name(node: Any, arguments: set[str]) -> Iterator[Slip]:
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name):
        name = node.value.id
        with put(node, value=expression("_copy(x)", x=node.value)):
            yield "second name", f"""Line {node.lineno} gives `{name}` a second name and makes no
                copy: what is changed under one name is changed under the other. `{name}.copy()` is
                an array of its own."""


def loop_variable(node: Any, arguments: set[str]) -> Iterator[Slip]:
    if not isinstance(node, ast.For):
        return
    names = [
        name
        for part in (node.target, *node.body)
        for name in ast.walk(part)
        if isinstance(name, ast.Name)
    ]
    for taken in arguments & {name.id for name in names if isinstance(name.ctx, ast.Store)}:
        with contextlib.ExitStack() as renamed:
            for name in names:
                if name.id == taken:
                    renamed.enter_context(put(name, id=f"_{taken}"))
            yield "loop variable", f"""The loop in line {node.lineno} counts with `{taken}`, the
                name of an argument: from there on `{taken}` is what the loop made of it. Give the
                loop a name of its own."""


def _goes_on(line: ast.stmt) -> bool:
    """Whether the line changes a value that is there, as `d = d * t` and `d *= t` do."""
    names = [name for name in ast.walk(line) if isinstance(name, ast.Name)]
    stored = {name.id for name in names if isinstance(name.ctx, ast.Store)}
    read = {name.id for name in names if isinstance(name.ctx, ast.Load)}
    return isinstance(line, ast.AugAssign) or bool(stored & read)


def in_or_out_of_a_loop(node: Any, arguments: set[str]) -> Iterator[Slip]:
    for name, block in _blocks(node):
        for place, loop in enumerate(block):
            if not isinstance(loop, _LOOPS):
                continue
            above, inside, behind = block[:place], loop.body, block[place + 1 :]
            for k in range(1, len(inside)):
                ends = isinstance(inside[k], ast.Return)
                once = "ends it in the first round" if ends else "is done in each round"
                out = [*above, loop, *inside[k:], *behind]
                with put(node, **{name: out}), put(loop, body=inside[:k]):
                    yield "inside the loop", f"""Look at {_line(inside[k])} inside the loop: it
                        {once}. It belongs behind the loop."""
                out = [*above, *inside[:k], loop, *behind]
                with put(node, **{name: out}), put(loop, body=inside[k:]):
                    if _goes_on(inside[0]):
                        yield "again in each round", f"""Look at {_line(inside[0])} inside the loop:
                            each round changes once more what the one before had left. Done once,
                            above the loop, it comes out right."""
                    else:
                        yield "begins anew in the loop", f"""Look at {_line(inside[0])} inside the
                            loop: each round begins anew, and the last alone is left. It belongs
                            above the loop."""
            if len(behind) > 1:
                rest = [*above, loop, *behind[1:]]
                with put(node, **{name: rest}), put(loop, body=[*inside, behind[0]]):
                    yield "behind the loop", f"""Look at {_line(behind[0])} behind the loop: it is
                        done once. It belongs into each round."""
            first = []
            if isinstance(loop, ast.For):
                first = [ast.Assign([loop.target], expression("next(iter(x))", x=loop.iter))]
            with put(node, **{name: [*above, *first, *inside, *behind]}):
                yield "a whole iteration", f"""Your loop in line {loop.lineno} goes on. One round of
                    it is the answer: one step is asked for."""


def last_term_alone(node: Any, arguments: set[str]) -> Iterator[Slip]:
    for place, line in enumerate(node.body if isinstance(node, _LOOPS) else ()):
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
            adds = ast.AugAssign(line.targets[0], ast.Add(), line.value)
            with put(node, body=[*node.body[:place], adds, *node.body[place + 1 :]]):
                yield "last term alone", f"""In {_line(line)} each round replaces what the one
                    before had found: the last term alone is left. `+=` adds."""


def record_not_kept(node: Any, arguments: set[str]) -> Iterator[Slip]:
    if not (isinstance(node, ast.If) and isinstance(node.test, ast.Compare)):
        return
    left, right = node.test.left, node.test.comparators[0]
    for best, found in ((left, right), (right, left)):
        if isinstance(best, ast.Name) and best.id not in arguments:
            kept = ast.Assign([ast.Name(best.id, ast.Store())], found)
            with put(node, body=[*node.body, kept]):
                yield "record not kept", f"""Line {node.lineno} compares with `{best.id}`, which
                    stays what it was when a better one is found. Keep
                    `{best.id} = {ast.unparse(found)}` there, too."""


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


def brackets(node: Any, arguments: set[str]) -> Iterator[Slip]:
    if not isinstance(node, ast.BinOp):
        return
    said = f"""Look at `{ast.unparse(node)}` in line {node.lineno}. Python multiplies and divides,
        from the left to the right, before it adds and subtracts: with other brackets it comes out
        right."""
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
                yield "too much", f"{said} `{part}` is too much."


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


def one_operator(node: Any, arguments: set[str]) -> Iterator[Slip]:
    said = "Look at the `{}` in line {}: with another sign in its place all comes out right."
    if isinstance(node, (ast.BinOp, ast.AugAssign)):
        sign = _SIGNS.get(type(node.op))
        for other in _SIGNS if sign else ():
            with put(node, op=other()):
                yield "one operator", said.format(sign, node.lineno)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        with put(node, op=ast.UAdd()):
            yield "one operator", f"Look at the minus in line {node.lineno}: it is one too many."
    elif isinstance(node, ast.Compare):
        signs = _EQUAL if type(node.ops[0]) in _EQUAL else _ORDER
        sign = signs.get(type(node.ops[0]))
        for turned in signs if sign else ():
            with put(node, ops=[turned(), *node.ops[1:]]):
                yield "one operator", said.format(sign, node.lineno)


def another_order(node: Any, arguments: set[str]) -> Iterator[Slip]:
    for name, block in _blocks(node):
        for late, line in enumerate(block):
            for early in range(late):
                rest = [*block[early:late], *block[late + 1 :]]
                with put(node, **{name: [*block[:early], line, *rest]}):
                    yield "another order", f"""Look at {_line(line)} which comes too late: it
                        belongs before {_line(block[early])[:-1]}."""


def another_name(node: Any, arguments: set[str]) -> Iterator[Slip]:
    if not isinstance(node, ast.FunctionDef):
        return
    names = [name for name in ast.walk(node) if isinstance(name, ast.Name)]
    others = arguments | {name.id for name in names if isinstance(name.ctx, ast.Store)}
    for name in names:
        if name.id in others and isinstance(name.ctx, ast.Load):
            said = f"Look at `{name.id}` in line {name.lineno}: with"
            for other in sorted(others - {name.id}):
                with put(name, id=other):
                    yield "another name", f"{said} `{other}` in its place all comes out right."


RULES: tuple[Rule, ...] = (
    thrown_away,
    second_name,
    loop_variable,
    in_or_out_of_a_loop,
    last_term_alone,
    record_not_kept,
    whole_numbers,
    rounded,
    division_by_a_matrix,
    brackets,
    rounds,
    transposed,
    too_much,
    one_operator,
    another_order,
    another_name,
)
