"""One retraining after the other, here or by the workers of an executor."""

from __future__ import annotations

import math
import pickle
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, as_completed
from typing import Any

from teachkit.arrays import Array, quiet
from teachkit.retraining.any import NoMinimumError, Refit, refit
from teachkit.risks._removal import without

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
            futures[executor.submit(refits, risk, minimum, sent)] = start
        for future in as_completed(futures):
            for k, found in enumerate(_answer(future, risk)):
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


def _answer(future: Any, risk: Any) -> list[Refit]:
    kind = type(risk).__name__
    try:
        return future.result()
    except BrokenExecutor as error:
        raise RuntimeError(
            f"A worker of the executor ended without an answer ({error}). One reason is memory; "
            f"another, that a process which starts afresh does not find the class {kind}: define "
            "it in a module, not in a notebook, or take a ThreadPoolExecutor."
        ) from error
    except Exception as error:
        if isinstance(error, pickle.PicklingError) or "pickle" in str(error):
            raise TypeError(
                f"{kind} cannot be sent to another process ({error}). Functions and classes that "
                "it holds have to stand in a module, by a name of their own; or take a "
                "ThreadPoolExecutor."
            ) from error
        raise
