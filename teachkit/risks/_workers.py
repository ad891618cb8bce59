"""What the workers of an executor answer, and in which sentence they fail."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from typing import Any


def submitted(executor: Any, task: Callable[..., Any], *arguments: Any) -> Any:
    """The future of task(*arguments); RuntimeError where the executor takes no more."""
    try:
        return executor.submit(task, *arguments)
    except RuntimeError as error:
        if not isinstance(error, BrokenExecutor) and "shutdown" not in str(error):
            raise
        raise RuntimeError(
            f"The executor takes no more work ({error}). Its `with` block has ended, or a worker "
            "of it has died. Make another, and the risk again with that one."
        ) from error


def answer(result: Callable[[], Any], kind: str) -> Any:
    """The result of a future that was sent a risk of this `kind`, the name of its class.

    Raises RuntimeError where a worker died, TypeError where the risk cannot be sent to one.
    """
    try:
        return result()
    except BrokenExecutor as error:
        raise RuntimeError(
            f"A worker of the executor ended without an answer ({error}). One reason is memory; "
            f"another, that a process which starts afresh does not find the class {kind}: define "
            "it in a module, not in a notebook, or take a ThreadPoolExecutor."
        ) from error
    except Exception as error:
        if isinstance(error, pickle.PicklingError) or _of_pickling(str(error)):
            raise TypeError(
                f"{kind} cannot be sent to another process ({error}). Functions and classes that "
                "it holds have to stand in a module, by a name of their own; or take a "
                "ThreadPoolExecutor."
            ) from error
        if type(error).__name__ == "KilledWorker":  # Dask's, after several of them
            raise RuntimeError(
                f"Several workers died one after the other over the same piece of work ({error}). "
                "It may need more memory than a worker has: take smaller shards, fewer workers, or "
                "a larger memory_limit."
            ) from error
        raise


def _of_pickling(words: str) -> bool:
    """Whether an error is pickle's, which Pythons word differently."""
    return "pickle" in words or "local object" in words
