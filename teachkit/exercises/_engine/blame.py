"""Which name an exception is to be blamed on: one that the learner's own code has overwritten."""

from __future__ import annotations

import ast
import builtins
import inspect
import linecache
import re
import textwrap
from types import CodeType, TracebackType
from typing import Any

from .words import kind


def blame(error: BaseException, trace: TracebackType | None) -> str:
    """A sentence on the name that the line calls or uses and that is not what it was, or ""."""
    if trace is None:
        return ""
    frame, code = trace.tb_frame, trace.tb_frame.f_code
    if isinstance(error, UnboundLocalError):
        name = (re.findall(r"'(\w+)'", str(error)) or [""])[0]
        line = _assigned(code, name)
        if line is None:
            return ""
        return (
            f"Line {line} gives `{name}` a value, so in all of the function `{name}` is a name of "
            "its own, which had none yet. Use another name there, or give it a value first."
        )
    node = _at(trace)
    called = isinstance(node, ast.Call) and "not callable" in str(error)
    used = node.func if isinstance(node, ast.Call) else getattr(node, "value", None)
    if called and not isinstance(used, (ast.Name, ast.Attribute)):
        return "What stands before the bracket is no function: is a `*` missing?"
    if not isinstance(used, ast.Name) or not (called or isinstance(error, AttributeError)):
        return ""
    name, names = used.id, {**frame.f_globals, **frame.f_locals}
    value = names.get(name)
    line, local = _assigned(code, name), name in frame.f_locals
    if called and name in code.co_varnames[: code.co_argcount] and line is None:
        return f"`{name}` is an argument, {kind(value)}. An index stands in square brackets: [ ]."
    if (local and line is None) or not (called or isinstance(value, (bool, int, float))):
        return ""
    if local:
        where, again = f"line {line} of the cell", ""
    else:
        where = f"`{_in_a_cell(name) or f'{name} = ...'}`, outside the function,"
        again = f" After that, `del {name}` brings Python's own back." * hasattr(builtins, name)
    what = "function" if called else "module"
    return (
        f"`{name}` is {kind(value)} here, and no {what}: {where} has given the name another "
        f"meaning. Choose another name there.{again}"
    )


def _at(trace: TracebackType) -> Any:
    """The expression that raised."""
    code = trace.tb_frame.f_code
    first, last, begin, end = list(code.co_positions())[trace.tb_lasti // 2]
    if first is None or first != last:
        return None
    line = linecache.getline(code.co_filename, first, trace.tb_frame.f_globals).encode()
    try:
        return ast.parse(line[begin:end].decode().strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return None


def _assigned(code: CodeType, name: str) -> int | None:
    """The first line of the function that assigns to this name."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(code)))
    except (OSError, TypeError, SyntaxError):
        return None
    stored = (n for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
    lines = [n.lineno for n in stored if n.id == name]
    return code.co_firstlineno + min(lines) - 1 if lines else None


def _in_a_cell(name: str) -> str:
    """The last line of the notebook's cells, as far as they are kept, that assigns to this name."""
    cells = [entry for entry in linecache.cache.values() if len(entry) == 4 and entry[1] is None]
    lines = (line.strip() for entry in cells for line in entry[2])
    return ([""] + [line for line in lines if re.match(rf"{name}\s*=[^=]", line)])[-1]
