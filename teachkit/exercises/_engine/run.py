"""Calls the learner's function on every case, safely, and reports what happened as plain data."""

from __future__ import annotations

import copy
import linecache
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .blame import blame
from .clock import TimeUp, UserInterrupt, limited
from .heard import Heard, listening


@dataclass(frozen=True)
class Failure:
    """An exception of the learner's code: its name, its message, and the line that raised.

    `blamed` speaks of a name that the code has overwritten, if one is behind it; `shapes` are those
    of the arrays that have a name in the line.
    """

    kind: str
    message: str
    line_number: int | None
    line: str
    blamed: str = ""
    shapes: str = ""


@dataclass(frozen=True)
class Run:
    """What came of the calls: the values, up to the case at which something ended them.

    Of calls that were stopped, `failure` says where they were. `unlimited` says why there was no
    time limit, if there was none.
    """

    values: tuple[Any, ...]
    failure: Failure | None
    stopped: bool
    printed: str
    mutated: tuple[int, ...]
    warnings: tuple[str, ...]
    took: float = 0.0
    lines: int = 0
    unlimited: str = ""

    def after(self, first: Run) -> Run:
        """The continuation of another run, all of whose calls came to an end."""
        return replace(
            self,
            values=(*first.values, *self.values),
            printed=first.printed,
            lines=first.lines,
            took=first.took + self.took,
            mutated=tuple(sorted({*first.mutated, *self.mutated})),
            warnings=tuple(dict.fromkeys((*first.warnings, *self.warnings))),
        )


def run(
    function: Callable[..., Any],
    cases: Sequence[tuple[Any, ...]],
    seconds: float,
    *,
    locked: bool = False,
) -> Run:
    """Call function on a copy of each case, all of them within the time limit.

    If locked, whoever writes into an array of these copies fails at that line.
    """
    values: list[Any] = []
    mutated: set[int] = set()
    failure: Failure | None = None
    heard = Heard()

    def work() -> None:
        nonlocal failure
        for case in cases:
            arguments = copy.deepcopy(case)
            for array in (a for a in arguments if locked and isinstance(a, np.ndarray)):
                array.flags.writeable = False
            try:
                value = function(*arguments)
            except TimeUp as error:
                failure = _failure(error, function)
                raise
            except UserInterrupt:
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

    began = time.monotonic()
    with listening(heard):  # outside the limit: an interrupt cannot leave it half open
        stopped, unlimited = limited(work, seconds)
    return Run(
        tuple(values),
        failure,
        stopped,
        heard.text(),
        tuple(sorted(mutated)),
        tuple(heard.warnings),
        time.monotonic() - began,
        heard.lines,
        unlimited,
    )


def _unchanged(before: Any, after: Any) -> bool:
    """Is it what it was? What was changed and put back may differ by rounding."""
    if not isinstance(before, np.ndarray):
        return not isinstance(before, (list, dict, set)) or bool(before == after)
    if (before.shape, before.dtype) != (after.shape, after.dtype):
        return False
    if before.dtype.kind != "f":
        return before.tobytes() == after.tobytes()
    rounding = 1e-7 * (1 + np.abs(before).max(initial=0.0))
    return np.allclose(after, before, rtol=0, atol=rounding, equal_nan=True)


def _failure(error: BaseException, function: Callable[..., Any]) -> Failure:
    """The deepest line of the learner's own source, not of the library that it called."""
    try:
        message = str(error)
    except Exception:
        message = ""
    if isinstance(error, SystemExit):
        message = "the function asked Python to exit"
    code = getattr(function, "__code__", None)
    own, trace = None, error.__traceback__ and error.__traceback__.tb_next
    while trace is not None:
        if code is None or trace.tb_frame.f_code.co_filename == code.co_filename:
            own = trace
        trace = trace.tb_next
    if own is None:
        return Failure(type(error).__name__, message, None, "")
    frame, number = own.tb_frame, own.tb_lineno
    if number is None:  # stopped at an instruction that belongs to no line
        return Failure(type(error).__name__, message, None, "")
    line = linecache.getline(frame.f_code.co_filename, number, frame.f_globals).strip()
    # A name is to blame only where the line itself raised, and not what it called.
    blamed = blame(error, own) if own.tb_next is None else ""
    names = sorted({*re.findall(r"[A-Za-z_]\w*", line)} & {*frame.f_locals})
    arrays = [(name, frame.f_locals[name]) for name in names]
    shapes = ", ".join(f"`{n}` is {a.shape}" for n, a in arrays if isinstance(a, np.ndarray))
    return Failure(type(error).__name__, message, number, line, blamed, shapes)
