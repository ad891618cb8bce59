"""How benchmarks measure: all sides take turns in one run on one thread, and the median counts.

It is the median of processor time, which other programs on the machine disturb less.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from threadpoolctl import threadpool_limits

from benchmarks._measured import against, measured, ratio


def medians(rounds: int, *sides: Callable[[], object]) -> list[float]:
    """The median processor time of each side in seconds, after one round that is not counted."""
    times: list[list[float]] = [[] for _ in sides]
    with threadpool_limits(limits=1):
        for _ in range(rounds + 1):
            for side, taken in zip(sides, times, strict=True):
                start = time.process_time()
                side()
                taken.append(time.process_time() - start)
    return [
        statistics.median(measured(f"The processor time of side {k}", taken[1:]))
        for k, taken in enumerate(times)
    ]


def report(name: str, ours: float, theirs: float, other: str, most: float) -> None:
    """Both times, and ours over theirs beside the most that it ought to be."""
    print(f"{name}: teachkit {1e3 * ours:.2f} ms, {other} {1e3 * theirs:.2f} ms")
    what = f"{name}, time of {other}'s"
    print(against(what, ratio(what, ours, theirs), most))
