"""What a look at the code of a wrong answer tells, where no edit puts it right."""

from __future__ import annotations

import ast
import copy
import dis
import inspect
import textwrap
from collections.abc import Iterator
from types import CodeType
from typing import Any

import numpy as np

from .known import Known, outputs
from .mistake import Mistake, slips


def seen(known: Known, failing: int, function: Any) -> Mistake | None:
    """Random numbers, an unused argument, an array from outside, or a line that does nothing."""
    code = getattr(function, "__code__", None)
    if not isinstance(code, CodeType):
        return None
    if any("random" in name or "rng" in name for part in _codes(code) for name in part.co_names):
        return _said("random numbers", """Your function draws random numbers. That those which it
            happened to draw come out well proves nothing of all the others: what is asked for can
            be computed without chance.""")
    for place, name in enumerate(code.co_varnames[: code.co_argcount]):
        if not _uses(code, name) and _depends(known, failing, place):
            return _said("an argument left out", f"""`{name}` does not occur in your function, and
                the answer depends on it.""")
    for name in _from_outside(function, code):
        return _said("a name from outside", f"""`{name}` comes from outside your function. It is the
            same in every call, with all that an earlier one has left in it, while each call has
            arguments of its own.""")
    line = _does_nothing(function)
    if line is None:
        return None
    number = line.lineno + code.co_firstlineno - 1
    return _said("result thrown away", f"""What line {number}, `{ast.unparse(line)}`, computes is
        kept nowhere.""")


def _said(name: str, message: str) -> Mistake:
    return slips((name, message))[0]


def _codes(code: CodeType) -> Iterator[CodeType]:
    """The code of a function, and that of those inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _uses(code: CodeType, name: str) -> bool:
    steps = (step for part in _codes(code) for step in dis.get_instructions(part))
    loads = (step.argval for step in steps if step.opname.startswith("LOAD_"))
    return any(name in (value if isinstance(value, tuple) else (value,)) for value in loads)


def _from_outside(function: Any, code: CodeType) -> Iterator[str]:
    """Names that the function reads and that hold an array or a collection of the notebook."""
    around = getattr(function, "__globals__", {})
    for step in (step for part in _codes(code) for step in dis.get_instructions(part)):
        held = around.get(step.argval) if step.opname in ("LOAD_GLOBAL", "LOAD_NAME") else None
        if isinstance(held, (np.ndarray, list, dict, set)):
            yield str(step.argval)


def _depends(known: Known, failing: int, place: int) -> bool:
    """Is the right answer another one where this argument is?"""
    case = list(copy.deepcopy(known.cases[failing]))
    if place >= len(case):
        return False
    if callable(value := case[place]):
        return True
    if isinstance(value, str):  # a choice: that of another case
        case[place] = next((c[place] for c in known.cases if c[place] != value), value)
    elif isinstance(value, int):
        case[place] = 1 - min(value, 1)
    else:
        case[place] = 1.1 * np.asarray(value) + 0.1
    (other,) = outputs(known.exercise.reference, [tuple(case)])
    return not known.same(other, known.expected[failing])


def _does_nothing(function: Any) -> ast.Expr | None:
    """A line that computes something and keeps it nowhere: `s - x[i]`, `np.append(x, z)`."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return None
    makes = ("append", "concatenate", "delete", "insert", "sort", "outer", "dot", "abs", "sum")
    for line in ast.walk(tree):
        if isinstance(line, ast.Expr):
            called = ast.unparse(getattr(line.value, "func", ast.Constant(0)))
            if isinstance(line.value, ast.BinOp) or called in [f"np.{name}" for name in makes]:
                return line
    return None
