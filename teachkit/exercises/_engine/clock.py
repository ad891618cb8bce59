"""A time limit for a call in the main thread, told apart from the user's own interrupt."""

from __future__ import annotations

import _thread
import contextlib
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any


class TimeUp(BaseException):
    """The limit is over. No `Exception`, so that `except Exception` does not swallow it."""


class UserInterrupt(KeyboardInterrupt):
    """The user's own interrupt, as against a KeyboardInterrupt that the learner's code raises."""


OTHER_THREAD = (
    "There was no time limit: a call can be stopped in the main thread only, and this is another."
)
NO_THREADS = "There was no time limit: threads cannot start here, and it takes one to stop a call."


def limited(work: Callable[[], None], seconds: float) -> tuple[bool, str]:
    """Call work(); whether it had to be stopped, and why there was no limit if there was none.

    An interrupt by the user goes through as UserInterrupt.
    """
    if threading.current_thread() is not threading.main_thread():
        with _watched(seconds):
            work()
        return False, OTHER_THREAD
    clock = _Clock(seconds, sys._getframe())
    try:
        if not clock.start():
            work()
            return False, NO_THREADS
        clock.running = True
        work()
        return False, ""
    except TimeUp:
        if not clock.expired:  # the limit of a check around this one
            raise
        return True, ""
    finally:
        # First and as a plain assignment: from here on `on_signal` ignores what comes late.
        clock.running = False
        clock.close()


@contextlib.contextmanager
def _watched(seconds: float) -> Iterator[None]:
    """Where nothing can be stopped: say so, once the limit is over, while it still runs."""
    timer = threading.Timer(seconds, print, [f"A check runs for {seconds:g} s now. {_STUCK}"])
    timer.daemon = True
    with contextlib.suppress(RuntimeError):  # threads cannot start
        timer.start()
    try:
        yield
    finally:
        timer.cancel()


_STUCK = (
    "It is not in the main thread, where alone it could be stopped: if it never ends, restart "
    "Python (the kernel)."
)


class _Clock:
    def __init__(self, seconds: float, outside: FrameType) -> None:
        self.seconds = seconds
        self.outside = outside
        self.running = False
        self.expired = False
        self.raised = False
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._trace = sys.gettrace()
        self._previous = signal.getsignal(signal.SIGINT)

    def start(self) -> bool:
        """Whether the clock runs: not where threads cannot start, as in a browser."""
        # Our own handler, because SIGINT may be ignored (a background job) or not Python's.
        signal.signal(signal.SIGINT, self.on_signal)
        try:
            self._thread.start()
        except RuntimeError:
            self.close()
            return False
        return True

    def close(self) -> None:
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()
        if self.expired:
            sys.settrace(self._trace)
        # This call first delivers what is still pending, and `on_signal` drops it.
        previous = signal.SIG_DFL if self._previous is None else self._previous
        signal.signal(signal.SIGINT, previous)

    def _watch(self) -> None:
        if self._over.wait(self.seconds):
            return
        self.expired = True
        blocked = False
        while not self._over.is_set():
            if blocked and hasattr(signal, "pthread_kill"):
                # A real signal also ends a blocking system call, such as a long sleep.
                signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
            else:
                _thread.interrupt_main()
            blocked = True
            self._over.wait(0.2)

    def on_signal(self, signum: int, frame: FrameType | None) -> None:
        if not self.running:
            return
        if not self.expired:
            around = getattr(self._previous, "__self__", None)
            if isinstance(around, _Clock) and around.expired:
                around.on_signal(signum, frame)
                return
            raise UserInterrupt
        if self.raised:
            self._insist(frame)
        self.raised = True
        raise TimeUp

    def _insist(self, frame: FrameType | None) -> None:
        """A bare `except:` has swallowed TimeUp: raise it on each further line as well."""

        def on_line(frame: FrameType, event: str, argument: Any) -> Any:
            if not self.running:
                return None
            if event == "line":
                raise TimeUp
            return on_line

        while frame is not None and frame is not self.outside:
            frame.f_trace = on_line
            frame = frame.f_back
        sys.settrace(on_line)
