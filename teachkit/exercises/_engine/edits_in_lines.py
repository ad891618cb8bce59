"""Edits of lines that undo a slip: results thrown away, lines inside or behind a loop, their order.

A rule edits a node in place, yields the slip's name and what to say of it, and takes the edit back.
"""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterator
from typing import Any

from .edit import Rule, Slip, expression, put, shown

_LOOPS = (ast.For, ast.While)


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


def a_line_too_much(node: Any, arguments: set[str]) -> Iterator[Slip]:
    for name, block in _blocks(node):
        for place, line in enumerate(block if len(block) > 1 else ()):
            if isinstance(line, (ast.Assign, ast.AugAssign)):
                with put(node, **{name: [*block[:place], *block[place + 1 :]]}):
                    yield "a line too much", f"""Look at {_line(line)} which is too much: without it
                        all comes out right."""


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
            with put(loop, body=[*inside, ast.Break()]):
                yield "a whole iteration", f"""Your loop in line {loop.lineno} goes on. One round of
                    it is the answer: one step is asked for."""
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


def early_break(node: Any, arguments: set[str]) -> Iterator[Slip]:
    """Before all others: where a loop ends too early, an edit of its test is an accident."""
    if not isinstance(node, ast.If):
        return
    for name, block in _blocks(node):
        if block and isinstance(block[-1], ast.Break):
            with put(node, **{name: [*block[:-1], ast.Pass()]}):
                yield "early break", f"""Look at the `break` in line {block[-1].lineno}, under
                    `if {shown(node.test)}`: it ends the loop too early. Without it all comes
                    out right."""


def steps_add_up(node: Any, arguments: set[str]) -> Iterator[Slip]:
    for place, line in enumerate(node.body if isinstance(node, _LOOPS) else ()):
        if not (isinstance(line, (ast.Assign, ast.AugAssign)) and _goes_on(line)):
            continue
        name: Any = line.targets[0] if isinstance(line, ast.Assign) else line.target
        if not isinstance(name, ast.Name):
            continue
        above, later, value = node.body[:place], node.body[place + 1 :], line.value
        if isinstance(line, ast.AugAssign):
            value = ast.BinOp(ast.Name(name.id, ast.Load()), line.op, value)
        own = ast.Assign([ast.Name(f"_{name.id}", ast.Store())], value)
        with contextlib.ExitStack() as renamed:
            for other in (other for line in later for other in ast.walk(line)):
                if isinstance(other, ast.Name) and other.id == name.id:
                    renamed.enter_context(put(other, id=f"_{name.id}"))
            with put(node, body=[*above, own, *later]):
                yield "steps add up", f"""Look at {_line(line)} inside the loop: each round goes on
                    from where the one before had left `{name.id}`, and the steps add up. Give the
                    new value a name of its own, so that `{name.id}` stays where it was."""


def sign_behind(node: Any, arguments: set[str]) -> Iterator[Slip]:
    """`k =+ 1` for `k += 1`."""
    for name, block in _blocks(node):
        for place, line in enumerate(block):
            value: Any = line.value if isinstance(line, ast.Assign) else None
            signs: dict[Any, ast.operator] = {ast.UAdd: ast.Add(), ast.USub: ast.Sub()}
            if isinstance(value, ast.UnaryOp) and type(value.op) in signs:
                target = line.targets[0]
                adds = ast.AugAssign(target, signs[type(value.op)], value.operand)
                ast.copy_location(adds, line)
                with put(node, **{name: [*block[:place], adds, *block[place + 1 :]]}):
                    yield "sign behind the equals", f"""Look at {_line(line)} which gives
                        `{ast.unparse(target)}` this one value each time. What counts on is
                        `{ast.unparse(adds)}`, with the sign before the `=`."""


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


def another_order(node: Any, arguments: set[str]) -> Iterator[Slip]:
    for name, block in _blocks(node):
        for late, line in enumerate(block):
            for early in range(late):
                rest = [*block[early:late], *block[late + 1 :]]
                with put(node, **{name: [*block[:early], line, *rest]}):
                    yield "another order", f"""Look at {_line(line)} which comes too late: it
                        belongs before {_line(block[early])[:-1]}."""


RULES: tuple[Rule, ...] = (  # the most telling first
    early_break,
    thrown_away,
    a_line_too_much,
    second_name,
    loop_variable,
    in_or_out_of_a_loop,
    steps_add_up,
    sign_behind,
    last_term_alone,
    record_not_kept,
    another_order,
)
