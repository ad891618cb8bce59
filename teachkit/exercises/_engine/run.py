"""Calls the learner's function on every case, safely, and reports what happened as plain data."""

from __future__ import annotations

import contextlib
import copy
import io
import linecache
import traceback
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .clock import TimeUp, UserInterrupt, limited

PRINTED = 10_000


@dataclass(frozen=True)
class Failure:
    """An exception of the learner's code: its name, its message, and the line that raised."""

    kind: str
    message: str
    line_number: int | None
    line: str


@dataclass(frozen=True)
class Run:
    """What came of the calls: the values, up to the case at which something ended them."""

    values: tuple[Any, ...]
    failure: Failure | None
    stopped: bool
    printed: str
    mutated: tuple[int, ...]
    warnings: tuple[str, ...]

    def after(self, first: Run) -> Run:
        """The continuation of another run, all of whose calls came to an end."""
        return replace(
            self,
            values=(*first.values, *self.values),
            printed=first.printed,
            mutated=tuple(sorted({*first.mutated, *self.mutated})),
            warnings=tuple(dict.fromkeys((*first.warnings, *self.warnings))),
        )


def run(
    function: Callable[..., Any], cases: Sequence[tuple[Any, ...]], seconds: float
) -> Run:
    """Call function on a copy of each case, all of them within the time limit."""
    values: list[Any] = []
    mutated: set[int] = set()
    failure: Failure | None = None
    printed = _Printed()

    def work() -> None:
        nonlocal failure
        for case in cases:
            arguments = copy.deepcopy(case)
            try:
                value = function(*arguments)
            except (TimeUp, UserInterrupt):
                raise
            except BaseException as error:  # SystemExit and the learner's own raise included
                failure = _failure(error, function)
                return
            values.append(value)
            mutated.update(
                position
                for position, (before, after) in enumerate(zip(case, arguments, strict=True))
                if not _unchanged(before, after)
            )

    # The contexts stand outside the limit, so that an interrupt cannot leave them half open.
    with (
        warnings.catch_warnings(record=True) as heard,
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
    ):
        warnings.simplefilter("default")  # once a line: a loop must not fill the memory
        stopped = limited(work, seconds)
    said = tuple(dict.fromkeys(str(warning.message) for warning in heard))
    return Run(tuple(values), failure, stopped, printed.text(), tuple(sorted(mutated)), said)


class _Printed(io.TextIOBase):
    """Keeps the first 10,000 characters and counts the others."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._room = PRINTED
        self._cut = 0

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        kept = text[: self._room]
        if kept:
            self._parts.append(kept)
        self._room -= len(kept)
        self._cut += len(text) - len(kept)
        return len(text)

    def text(self) -> str:
        kept = "".join(self._parts)
        return kept + f"\n... cut here: {self._cut} more characters" if self._cut else kept


def _unchanged(before: Any, after: Any) -> bool:
    if isinstance(before, np.ndarray):
        return (
            before.shape == after.shape
            and before.dtype == after.dtype
            and before.tobytes() == after.tobytes()
        )
    return not isinstance(before, (list, dict, set)) or bool(before == after)


def _failure(error: BaseException, function: Callable[..., Any]) -> Failure:
    """The deepest line of the learner's own source, not of the library that it called."""
    try:
        message = str(error)
    except Exception:
        message = ""
    if isinstance(error, SystemExit):
        message = "the function asked Python to exit"
    frames = list(traceback.walk_tb(error.__traceback__))[1:]
    code = getattr(function, "__code__", None)
    own = [
        (frame, number)
        for frame, number in frames
        if code is None or frame.f_code.co_filename == code.co_filename
    ]
    if not own:
        return Failure(type(error).__name__, message, None, "")
    frame, number = own[-1]
    line = linecache.getline(frame.f_code.co_filename, number, frame.f_globals).strip()
    return Failure(type(error).__name__, message, number, line)
