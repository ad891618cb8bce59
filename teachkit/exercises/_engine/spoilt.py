"""Of a bug hunt: a line that was right as it was given, and is another one now.

What is said has been run: with this line as it was every case is right, so the bug itself is mended
elsewhere, and nothing of it is told. Or the bug is where it was, and one right line was changed.
"""

from __future__ import annotations

import ast
import difflib
import inspect
import textwrap
import time
from collections.abc import Iterator
from typing import Any

from .known import Known
from .mistake import Mistake
from .run import run

LIMIT = 2.0  # seconds for all lines of one answer
NAME = "a right line changed"


def spoilt(drawn: Known, function: Any) -> Mistake | None:
    """The change that makes it wrong, if taking back this one alone makes it right."""
    until = time.monotonic() + LIMIT
    for message, answer in _taken_back(drawn.exercise.stub, function):
        left = until - time.monotonic()
        values = run(answer, drawn.cases, left).values if left > 0 else ()
        if len(values) == len(drawn.cases) and drawn.agree(values, drawn.expected):
            return Mistake(NAME, (), message)
    message = _elsewhere(drawn.exercise.stub, drawn.exercise.reference_source, function)
    return Mistake(NAME, (), message) if message else None


def _elsewhere(stub: str, mended: str, function: Any) -> str:
    """What is said where one line is another now, and it is none of those with the bug."""
    try:
        given, right, theirs = map(_lines, (stub, mended, inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError, ValueError):
        return ""
    changed = list(_changes(given, theirs))
    if len(changed) != 1:
        return ""
    (((a, b), (c, d)),) = changed
    wrong = [(start, end) for (start, end), _ in _changes(given, right)]
    if not wrong or b - a != 1 or d - c != 1 or any(s <= a < e for s, e in wrong):
        return ""
    return (
        f"{_code(given[a:b])} was right as it was given, and is another line now. The bug is still "
        "there, in a line that you have not changed."
    )


def _taken_back(stub: str, function: Any) -> Iterator[tuple[str, Any]]:
    """The answer with one change of the given code after the other taken back."""
    try:
        given, theirs = _lines(stub), _lines(inspect.getsource(function))
        names = {**function.__globals__, **inspect.getclosurevars(function).nonlocals}
    except (OSError, TypeError, SyntaxError, ValueError, AttributeError):
        return
    for (a, b), (c, d) in _changes(given, theirs):
        source = "\n".join([*theirs[:c], *given[a:b], *theirs[d:]])
        here = {**names}
        try:
            exec(compile(source, "your code, with lines as they were", "exec"), here)
        except (SyntaxError, ValueError):
            continue
        answer = here.get(function.__name__)
        if callable(answer):
            yield _said(given[a:b], theirs[c:d]), answer


def _lines(source: str) -> list[str]:
    """Line by line, without comments and in one way of writing."""
    (tree,) = ast.parse(textwrap.dedent(source)).body
    return ast.unparse(tree).splitlines()


def _changes(given: list[str], theirs: list[str]) -> Iterator[tuple[tuple[int, int], ...]]:
    """Which lines stand in the place of which, one by one where they are as many."""
    codes = difflib.SequenceMatcher(None, given, theirs, autojunk=False).get_opcodes()
    for tag, a, b, c, d in codes:
        if tag == "replace" and b - a == d - c:
            yield from (((a + k, a + k + 1), (c + k, c + k + 1)) for k in range(b - a))
        elif tag != "equal":
            yield (a, b), (c, d)


def _said(given: list[str], theirs: list[str]) -> str:
    mended = "The bug is mended."
    if not given:
        return f"{mended} But {_code(theirs)} is new, and without it all comes out right."
    if not theirs:
        return f"{mended} But {_code(given)} is gone, which was right as it was given."
    return f"{mended} But {_code(given)} was right as it was given, and is another line now."


def _code(lines: list[str]) -> str:
    return " and ".join(f"`{textwrap.shorten(line, 70, placeholder=' ...')}`" for line in lines)
