"""What a learner's function says while it runs: what it prints, its warnings, a call of quit().

All of this is the state of the whole process, so it is touched in the main thread alone; and there,
what other threads print and warn of passes through. Off the main thread nothing is redirected.
"""

from __future__ import annotations

import contextlib
import io
import sys
import threading
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

PRINTED = 10_000
LINES = 20


def in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


class Heard:
    """What was said, as far as it was kept."""

    def __init__(self) -> None:
        self.lines = 0
        self.warnings: dict[str, None] = {}
        self._parts: list[str] = []
        self._room = PRINTED
        self._cut = 0

    def write(self, text: str) -> None:
        """Keep the first 20 lines, at most 10,000 characters, and count the others."""
        left = text[: self._room].splitlines(keepends=True)
        kept = "".join(left[: max(LINES - self.lines, 0)])
        if kept:
            self._parts.append(kept)
        self._room -= len(kept)
        self._cut += len(text) - len(kept)
        self.lines += text.count("\n")

    def text(self) -> str:
        kept = "".join(self._parts)
        if not self._cut:
            return kept
        return f"{kept.rstrip()}\n... cut here: {self._cut} more characters"


@contextlib.contextmanager
def listening(heard: Heard) -> Iterator[None]:
    """Hear what the main thread says until the block ends."""
    if not in_main_thread():
        yield
        return
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.redirect_stdout(_Ear(heard, sys.stdout)))
        stack.enter_context(contextlib.redirect_stderr(_Ear(heard, sys.stderr)))
        stack.enter_context(_hearing_warnings(heard))
        stack.enter_context(_quit_raises())
        stack.enter_context(_least_squares_in_silence())
        yield


class _Ear(io.TextIOBase):
    """Stands for a stream: the main thread's text is heard, that of the others passes through."""

    def __init__(self, heard: Heard, stream: Any) -> None:
        self._heard = heard
        self._stream = stream

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not in_main_thread():
            return int(self._stream.write(text) or 0)
        self._heard.write(text)
        return len(text)

    def flush(self) -> None:
        if not in_main_thread():
            self._stream.flush()


@contextlib.contextmanager
def _hearing_warnings(heard: Heard) -> Iterator[None]:
    show = warnings.showwarning

    def shown(message: Any, *arguments: Any, **more: Any) -> None:
        if in_main_thread():
            heard.warnings[str(message)] = None
        else:
            show(message, *arguments, **more)

    with warnings.catch_warnings():
        warnings.simplefilter("default")  # once a line: a loop must not fill the memory
        warnings.showwarning = shown
        try:
            yield
        finally:
            warnings.showwarning = show


@contextlib.contextmanager
def _least_squares_in_silence() -> Iterator[None]:
    """Raise what `lstsq` raises of a NaN before LAPACK writes lines of its own past Python."""
    least_squares = np.linalg.lstsq

    def of_finite_numbers(a: Any, b: Any, *arguments: Any, **more: Any) -> Any:
        if all(map(_finite, (a, b))):
            return least_squares(a, b, *arguments, **more)
        raise np.linalg.LinAlgError("SVD did not converge in Linear Least Squares")

    setattr(np.linalg, "lstsq", of_finite_numbers)  # noqa: B010
    try:
        yield
    finally:
        setattr(np.linalg, "lstsq", least_squares)  # noqa: B010


def _finite(value: Any) -> bool:
    array = np.asarray(value)
    return array.dtype.kind not in "fc" or bool(np.isfinite(array).all())


@contextlib.contextmanager
def _quit_raises() -> Iterator[None]:
    """In a notebook quit() asks the kernel to end; for now it raises, as in Python itself."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    own = {} if shell is None else vars(shell)
    stdin, asked = sys.stdin, own.get("ask_exit")
    sys.stdin = io.StringIO()  # Python's own quit() closes what it finds there
    own["ask_exit"] = _exit
    try:
        yield
    finally:
        sys.stdin = stdin
        del own["ask_exit"]
        if asked is not None:  # a check inside a check
            own["ask_exit"] = asked


def _exit() -> None:
    raise SystemExit
