"""No exception of a callback may vanish: it is shown where the hand was. And one at a time."""

from __future__ import annotations

import functools
import threading
import traceback
from collections.abc import Callable
from typing import Any

# A kernel with subshells (ipykernel 7) handles messages of one widget in two threads.
TURN = threading.RLock()


class Guard:
    """A decorator for callbacks of widgets: what they raise is handed to ``show`` as a sentence.

    Jupyter prints the traceback of an observer nowhere a learner looks. A guarded callback never
    raises; ``show(text)`` gets a short text when it fails, and ``show("")`` when the next event
    succeeds. Callbacks set off inside a callback belong to the same event; one that is guarded with
    ``clears=False`` belongs to the event before, and leaves what that one was told. A callback
    waits until the one that runs in another thread is done: both change the same state.

    Use: ``slider.observe(plane.guard(self._l2_changed), "value")``.
    """

    def __init__(self, show: Callable[[str], None]) -> None:
        self._show = show
        self._depth = 0
        self._failed = False
        self.exception: Exception | None = None

    def __call__(self, callback: Callable[..., Any], *, clears: bool = True) -> Callable[..., Any]:
        @functools.wraps(callback)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            with TURN:
                return self._run(functools.partial(callback, *args, **kwargs), clears)

        return guarded

    def _run(self, callback: Callable[[], Any], clears: bool) -> Any:
        if self._depth == 0:
            self._failed = False
        self._depth += 1
        try:
            return callback()
        except Exception as exception:
            self._failed = True
            self.exception = exception
            self._show(_sentence(exception))
        finally:
            self._depth -= 1
            if self._depth == 0 and not self._failed and clears:
                self.exception = None
                self._show("")


def _sentence(exception: Exception) -> str:
    if isinstance(exception, ValueError):  # a refusal, told in a sentence: its type says no more
        return f"Nothing was changed. {exception}"
    reason = "".join(traceback.format_exception_only(exception)).strip()
    return f"That step did not work, so the picture may be the one before it. {reason}"
