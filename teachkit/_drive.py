"""What all iterative methods share: generators of records, and the driver that runs one."""

from __future__ import annotations

import functools
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any

from teachkit import require
from teachkit._optional import optional
from teachkit.arrays import Array, quiet
from teachkit.boundary import UndefinedError
from teachkit.trace import Ending, Trace

Steps = Generator[Any, None, Ending]


class Breakdown(Exception):  # an ending, not an error: its text becomes the message
    """Raised inside a method that cannot go on, with a step at hand that was not taken, if any."""

    def __init__(self, message: str, step: Array = None) -> None:
        super().__init__(message)
        self.step = step


def iterative(method: Callable[..., Generator[Any, None, str]]) -> Callable[..., Steps]:
    """Make a generator of records a method.

    Each step runs in the library's error state (between steps the caller's holds), and the
    sentence that the method returns, or breaks down with, becomes an `Ending`.
    """

    @functools.wraps(method)
    def steps(*arguments: Any, **options: Any) -> Steps:
        records = method(*arguments, **options)
        while True:
            with quiet():
                try:
                    record = next(records)
                except StopIteration as end:
                    return Ending(end.value)
                except (Breakdown, UndefinedError) as end:
                    return Ending(str(end), getattr(end, "step", None))
            yield record

    return steps


def walk(steps: Steps, enough: Callable[[Any], bool]) -> tuple[tuple[Any, ...], Ending | None]:
    """The records up to the first that is enough, or all and the ending of the method."""
    records: list[Any] = []
    while True:
        try:
            records.append(next(steps))
        except StopIteration as end:
            return tuple(records), end.value
        if enough(records[-1]):
            return tuple(records), None


@quiet()
def drive(
    steps: Steps,
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
        Yields records with ``k`` and ``x``, the start (k = 0) first, and returns the `Ending` that
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
    message = ""

    def enough(iterate: Any) -> bool:
        nonlocal message
        if iterate.k > 0:
            advance(1)
        message = reached(iterate)
        return bool(message) or iterate.k >= max_iter

    try:
        with bar(max_iter, progress, unit="step", leave=False) as advance:
            iterates, ending = walk(steps, enough)
    finally:
        steps.close()
    if not iterates:
        raise ValueError(str(ending))  # not even the start could be judged
    converged = bool(message)
    if not converged:
        message = out_of_steps(iterates) if ending is None else str(ending)
    return Trace(iterates[-1].x, converged, message, iterates)


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


@contextmanager
def bar(total: int | None, progress: bool, **look: Any) -> Iterator[Callable[[int], Any]]:
    """A function that moves a progress bar (tqdm) on; the bar is closed however the work ends."""
    if not progress:
        yield lambda count: None
        return
    tqdm = optional("tqdm", "tqdm", "progress=True").tqdm
    with tqdm(total=total, **look) as shown:
        yield shown.update
