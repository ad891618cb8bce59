"""The driver that all iterative methods share: it runs a generator of records into a Trace."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from teachkit import require
from teachkit._optional import optional
from teachkit.trace import Trace


def drive(
    steps: Generator[Any, None, str],
    reached: Callable[[Any], str],
    out_of_steps: Callable[[tuple[Any, ...]], str],
    *,
    max_iter: int,
    progress: bool = False,
) -> Trace:
    """Run `steps` until an iterate is good enough, the method cannot go on, or steps run out.

    Parameters
    ----------
    steps : generator
        Yields records with ``k`` and ``x``, the start (k = 0) first, and returns the sentence that
        says why it cannot go on.
    reached : callable
        Takes a record; returns the sentence that says that the tolerance is met, or "".
    out_of_steps : callable
        Takes all records after `max_iter` steps; returns the sentence for the message.
    max_iter : int
        Steps at most, >= 0.
    progress : bool
        Show a bar (tqdm).
    """
    iterates: list[Any] = []
    bar = _bar(max_iter) if progress else None
    try:
        while True:
            try:
                iterate = next(steps)
            except StopIteration as end:
                return Trace(iterates[-1].x, False, end.value, tuple(iterates))
            iterates.append(iterate)
            if bar is not None and iterate.k > 0:
                bar.update()
            if message := reached(iterate):
                return Trace(iterate.x, True, message, tuple(iterates))
            if iterate.k >= max_iter:
                return Trace(iterate.x, False, out_of_steps(tuple(iterates)), tuple(iterates))
    finally:
        steps.close()
        if bar is not None:
            bar.close()


def check_limits(tol: float, max_iter: int, name: str = "tol") -> None:
    """Raise unless `tol` is a finite number >= 0 and `max_iter` a whole number >= 0."""
    require.real(
        tol,
        name,
        "[0, inf)",
        f"With {name}=0 a method runs until it cannot go on or max_iter is reached.",
        example="1e-8",
    )
    require.whole(max_iter, "max_iter", why="It counts steps; with 0 the start is judged.")


def _bar(total: int) -> Any:
    tqdm = optional("tqdm", "tqdm", "progress=True").tqdm
    return tqdm(total=total, unit="step", leave=False)
