"""Wrong answers made by one small edit of a right one: an operator, index, bound, name, line."""

from __future__ import annotations

import ast
import copy
import pickle
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from teachkit.exercises._engine.known import Known
from teachkit.exercises._engine.mistake import Aside

STEPS = 2_000  # rounds of a mutant's loops on one case

_OTHER = {
    ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult, ast.FloorDiv), ast.FloorDiv: (ast.Div,), ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,), ast.MatMult: (ast.Mult,),
    ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.GtE), ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE), ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
    ast.And: (ast.Or,), ast.Or: (ast.And,),
}  # fmt: skip
_PARTNERS = (
    ("max", "min"), ("argmax", "argmin"), ("sum", "mean"), ("any", "all"), ("ones", "zeros"),
    ("ones_like", "zeros_like"), ("maximum", "minimum"), ("floor", "ceil"), ("eigvalsh", "eigvals"),
    ("triu", "tril"),
)  # fmt: skip
_PARTNER = {a: b for pair in _PARTNERS for a, b in (pair, pair[::-1])}


def mutants(source: str) -> dict[str, list[ast.Module]]:
    """Every function that is one small edit away, by the changed statement."""
    tree = ast.parse(source)
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    arguments = [argument.arg for argument in function.args.args]
    if ast.get_docstring(function) is not None:
        del function.body[0]
    found: dict[str, list[ast.Module]] = {}
    frozen, dumped = pickle.dumps(tree), ast.dump(tree)
    for place, node in enumerate(ast.walk(function)):
        for edit in _edits(node, arguments):
            changed = pickle.loads(frozen)  # a copy, in a fraction of deepcopy's time
            home = list(ast.walk(changed.body[0]))[place]
            try:
                statement = _replace(changed, home, edit(copy.deepcopy(home)))
                text = ast.unparse(ast.fix_missing_locations(statement)).splitlines()[0]
            except _NoPlace:
                continue
            if ast.dump(changed) != dumped:
                found.setdefault(text, []).append(changed)
    return found


class _NoPlace(Exception):
    """Here the edit makes no function."""


Edit = Callable[[Any], ast.AST | None]


def _edits(node: ast.AST, arguments: list[str]) -> Iterator[Edit]:
    """Functions from a copy of the node to what stands in its place; None takes a line out."""
    if isinstance(node, (ast.BinOp, ast.AugAssign, ast.BoolOp)):
        for other in _OTHER.get(type(node.op), ()):
            yield lambda n, other=other: _set(n, op=other())
    if isinstance(node, ast.BinOp):
        yield lambda n: n.left
        yield lambda n: n.right
        if not isinstance(node.op, (ast.Add, ast.Mult)):
            yield lambda n: ast.BinOp(n.right, n.op, n.left)
    if isinstance(node, ast.BoolOp):
        for k in range(len(node.values)):
            yield lambda n, k=k: n.values[k]
    if isinstance(node, ast.UnaryOp):
        yield lambda n: n.operand
    if isinstance(node, ast.Compare):
        for other in _OTHER.get(type(node.ops[0]), ()):
            yield lambda n, other=other: _set(n, ops=[other(), *n.ops[1:]])
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield lambda n: ast.Constant(not n.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        for value in _near(node.value):
            yield lambda n, value=value: ast.Constant(value)
    if isinstance(node, ast.Subscript):
        yield from _edits_of_an_index(node)
    if isinstance(node, ast.Call):
        yield from _edits_of_a_call(node)
    if isinstance(node, ast.Attribute):
        if node.attr == "T":
            yield lambda n: n.value
        if node.attr in _PARTNER:
            yield lambda n: _set(n, attr=_PARTNER[n.attr])
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        if node.id in _PARTNER:
            yield lambda n: _set(n, id=_PARTNER[n.id])
        if node.id in arguments:
            for other_name in arguments:
                yield lambda n, other_name=other_name: _set(n, id=other_name)
    if isinstance(node, ast.Return) and node.value is not None:
        yield lambda n: _set(n, value=ast.UnaryOp(ast.USub(), n.value))
    if isinstance(node, (ast.If, ast.While, ast.IfExp)):
        yield lambda n: _set(n, test=ast.UnaryOp(ast.Not(), n.test))
        yield lambda n: _set(n, test=ast.Constant(True))
        yield lambda n: _set(n, test=ast.Constant(False))
    if isinstance(node, ast.While):
        yield lambda n: ast.If(n.test, n.body, n.orelse)
    if isinstance(node, ast.AugAssign):
        yield lambda n: ast.Assign([n.target], n.value)
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.Expr, ast.For)):
        yield lambda n: None


def _edits_of_an_index(node: ast.Subscript) -> Iterator[Edit]:
    def moved(step: int) -> Edit:
        return lambda n: _set(n, slice=_plus(n.slice, step))

    if isinstance(node.slice, ast.Slice):
        for name in ("lower", "upper", "step"):
            if getattr(node.slice, name) is not None:
                yield lambda n, name=name: _set(n, slice=_set(n.slice, **{name: None}))
                for step in (1, -1):
                    yield lambda n, name=name, step=step: _set(
                        n, slice=_set(n.slice, **{name: _plus(getattr(n.slice, name), step)})
                    )
    elif isinstance(node.slice, (ast.Name, ast.BinOp)):
        yield moved(1)
        yield moved(-1)


def _edits_of_a_call(node: ast.Call) -> Iterator[Edit]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if len(node.args) == 1 and not node.keywords:
        yield lambda n: n.args[0]
    elif not node.args and isinstance(node.func, ast.Attribute):
        yield lambda n: n.func.value
    if len(node.args) == 2:
        yield lambda n: _set(n, args=n.args[::-1])
    for k in range(len(node.keywords)):
        yield lambda n, k=k: _set(n, keywords=n.keywords[:k] + n.keywords[k + 1 :])
    if name == "range":
        yield lambda n: _set(n, args=[*n.args[:-1], _plus(n.args[-1], 1)])
        yield lambda n: _set(n, args=[*n.args[:-1], _plus(n.args[-1], -1)])
        if len(node.args) == 1:
            yield lambda n: _set(n, args=[ast.Constant(1), *n.args])
    if name == "len":
        yield lambda n: _plus(n, 1)
        yield lambda n: _plus(n, -1)


def _near(value: float) -> list[float]:
    if isinstance(value, int):
        return sorted({value + 1, value - 1, -value, 2 * value, 0} - {value})
    return sorted({2 * value, value / 2, -value, 0.0, 1.0} - {value})


def _plus(node: Any, step: int) -> ast.BinOp:
    return ast.BinOp(node, ast.Add() if step > 0 else ast.Sub(), ast.Constant(abs(step)))


def _set(node: Any, **fields: Any) -> Any:
    for name, value in fields.items():
        setattr(node, name, value)
    return node


def _replace(tree: ast.Module, old: ast.AST, new: ast.AST | None) -> ast.AST:
    """Put new in the place of old; the statement that holds it, its header alone if it is long."""
    holder: Any = None
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if value is old:
                if new is None:
                    raise _NoPlace
                setattr(parent, field, new)
                holder = parent
            elif isinstance(value, list) and any(entry is old for entry in value):
                place = next(k for k, entry in enumerate(value) if entry is old)
                value[place] = ast.Pass() if new is None else new
                holder = parent if isinstance(new, ast.expr) else value[place]
                if new is None:
                    return ast.Expr(ast.Constant(f"without {ast.unparse(old).splitlines()[0]}"))
    while holder is not None and not isinstance(holder, ast.stmt):
        holder = next(p for p in ast.walk(tree) if holder in ast.iter_child_nodes(p))
    if holder is None:
        raise _NoPlace
    return holder


def _counted(tree: ast.Module) -> ast.Module:
    """The same with a call at the beginning of each round of each loop."""
    tree = pickle.loads(pickle.dumps(tree))
    for node in ast.walk(tree):
        if isinstance(node, (ast.For, ast.While)):
            node.body.insert(0, ast.Expr(ast.Call(ast.Name("_tick", ast.Load()), [], [])))
    return ast.fix_missing_locations(tree)


class _Endless(Exception):
    """More rounds than any right answer needs."""


def passes(tree: ast.Module, known: Known) -> bool:
    """Is it right on every case, and come about as the task asks?"""
    rounds = 0

    def tick() -> None:
        nonlocal rounds
        rounds += 1
        if rounds > STEPS:
            raise _Endless

    names: dict[str, Any] = {"np": np, "_tick": tick}
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            exec(compile(_counted(tree), "a mutant", "exec"), names)
            function = names[known.exercise.name]
            for case, expected in zip(known.cases, known.expected, strict=True):
                rounds = 0
                if not known.same(function(*copy.deepcopy(case)), expected):
                    return False
        except Exception:
            return False
        return not _otherwise(function, known)


def _otherwise(function: Callable[..., Any], known: Known) -> bool:
    """Does the exercise see that it is right in another way than asked?"""
    try:
        return isinstance((known.exercise.remark or str)(function), Aside)
    except Exception:
        return False
