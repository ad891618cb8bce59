"""What can be read off a function without calling it: is it empty, whose is it, is it the same."""

from __future__ import annotations

import ast
import dis
import functools
import hashlib
import inspect
import textwrap
from collections.abc import Callable
from types import CodeType
from typing import Any


def untouched(function: Any, stub: tuple[Any, ...]) -> bool:
    """Is this the stub, or a function whose body holds nothing?"""
    code = getattr(function, "__code__", None)
    if not isinstance(code, CodeType):
        return False
    return _is_empty(code) or _mark(code, function.__doc__) == stub


def _is_empty(code: CodeType) -> bool:
    """Does it do nothing but return None or `...`?"""
    return all(
        step.opname in _NOTHING and ("CONST" not in step.opname or step.argval in (None, ...))
        for step in dis.get_instructions(code)
    )


_NOTHING = {"RESUME", "NOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST"}


@functools.cache
def stub_mark(stub: str, name: str) -> tuple[Any, ...]:
    names: dict[str, Any] = {}
    exec(stub, names)  # our own text
    return _mark(names[name].__code__, names[name].__doc__)


def _mark(code: CodeType, doc: str | None) -> tuple[Any, ...]:
    """What a function does, without its name, its place and its docstring."""
    constants = tuple(
        _mark(constant, None) if isinstance(constant, CodeType) else repr(constant)
        for constant in code.co_consts
        if constant is not None and not (isinstance(constant, str) and constant == doc)
    )
    return code.co_code, code.co_names, constants


def fingerprint(function: Callable[..., Any]) -> str:
    """The same as a short text, which tells whether two answers are the same answer."""
    code = getattr(function, "__code__", None)
    if not isinstance(code, CodeType):
        return ""
    return hashlib.sha256(repr(_mark(code, function.__doc__)).encode()).hexdigest()[:12]


def comes_to_an_end(function: Any) -> bool:
    """Are all its loops over a range or an array, so that none goes on for ever?"""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return False
    parts = list(ast.walk(tree))
    loops = [part for part in parts if isinstance(part, (ast.For, ast.comprehension))]
    names = {part.id for part in parts if isinstance(part, ast.Name)}
    names |= {part.attr for part in parts if isinstance(part, ast.Attribute)}
    endless = {"count", "cycle", "repeat", "iter", getattr(function, "__name__", "")}
    return bool(loops) and not any(isinstance(p, ast.While) for p in parts) and not names & endless


def is_ours(function: Any, reference: Callable[..., Any]) -> bool:
    """Is it the reference, or any other function or method of this library?"""
    while isinstance(function, functools.partial):
        function = function.func
    owner = getattr(function, "__self__", None)
    homes = (
        getattr(function, "__module__", None),
        *(type(o).__module__ for o in (owner, function)),
    )
    return function is reference or any(
        isinstance(name, str) and name.split(".")[0] == "teachkit" for name in homes
    )


def unfinished(function: Any) -> str | None:
    """The name of a function that this one uses and that still holds nothing."""
    code, names = getattr(function, "__code__", None), getattr(function, "__globals__", {})
    for step in dis.get_instructions(code) if isinstance(code, CodeType) else ():
        if step.opname == "LOAD_GLOBAL":
            other = getattr(names.get(step.argval), "__code__", None)
            if isinstance(other, CodeType) and _is_empty(other):
                return str(step.argval)
    return None
