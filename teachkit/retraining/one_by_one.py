"""One retraining after the other, here or by the workers of an executor."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from concurrent.futures import as_completed
from typing import Any

from teachkit.arrays import Array, quiet
from teachkit.retraining.any import NoMinimumError, Refit, refit
from teachkit.risks._removal import without
from teachkit.risks._workers import answer, submitted

AT_ONCE = 8
"""Points that a worker is sent at once, since the risk goes along each time."""

Point = tuple[int, float]
"""An example, and how small ||grad R|| has to be without it."""


def each(
    risk: Any, minimum: Array, points: Sequence[Point], executor: Any
) -> Iterator[tuple[int, Refit]]:
    """Positions in `points`, in any order, with the fit without that point.

    Whatever ends the work early, futures that have not begun are cancelled. The executor is left
    open.
    """
    if executor is None:
        for k, point in enumerate(points):
            yield k, refits(risk, minimum, [point])[0]
        return
    futures: dict[Any, int] = {}
    try:
        for start in range(0, len(points), AT_ONCE):
            sent = points[start : start + AT_ONCE]
            futures[submitted(executor, refits, risk, minimum, sent)] = start
        for future in as_completed(futures):
            for k, found in enumerate(answer(future.result, type(risk).__name__)):
                yield futures[future] + k, found
    finally:
        for future in futures:
            future.cancel()


@quiet()
def refits(risk: Any, minimum: Array, points: Sequence[Point]) -> list[Refit]:
    """The fits without these points, one by one; not finished, and NaN, where there is none."""
    found = []
    for i, target in points:
        try:
            found.append(refit(without(risk, [i]), minimum, target))
        except NoMinimumError:
            found.append(Refit(math.nan * minimum, math.nan, finished=False))
    return found
