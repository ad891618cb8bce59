"""What an iterative method hands back: its answer, and how it got there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from teachkit.arrays import Array


@dataclass(frozen=True)
class Ending:
    """Why a method could not go on: what its generator returns (``StopIteration.value``).

    ``str(ending)`` is the sentence, and ``"rounding" in ending`` asks whether it says so.

    Attributes
    ----------
    message : str
        The sentence.
    step : array (p,), optional
        A step that was at hand and not taken, such as the one along negative curvature.
    """

    message: str
    step: Array = None

    def __str__(self) -> str:
        return self.message

    def __contains__(self, words: str) -> bool:
        return words in self.message


@dataclass(frozen=True, repr=False)
class Trace:
    """The record of a run of an iterative method.

    Attributes
    ----------
    x : array
        The answer: the last finite iterate, the same as ``iterates[-1].x``.
    converged : bool
        Whether the tolerance that was asked for was reached.
    message : str
        A sentence that says why the run ended and, if it did not converge, what to try.
    iterates : tuple
        Every record of the run, the start (k = 0) included.
    """

    x: Array
    converged: bool
    message: str
    iterates: tuple[Any, ...]

    def __repr__(self) -> str:
        state = "converged" if self.converged else "not converged"
        return f"Trace({state} after {len(self.iterates) - 1} steps: {self.message})"


ROUNDING = 1e-13  # smaller errors say more about floating-point numbers than about the method


def above_rounding(errors: Sequence[float]) -> list[float]:
    """The errors up to where they reach rounding, or come to rest a little above it.

    Lesson: 03_newton
    """
    kept: list[float] = []
    for e in errors:
        if not e > ROUNDING or (kept and kept[-1] < 1e-8 and e > kept[-1] / 2):
            break
        kept.append(float(e))
    return kept


def convergence_order(errors: Sequence[float]) -> float | None:
    """The order p of ``e_{k+1} = C e_k^p``, ``log(e2/e1) / log(e1/e0)`` of the last errors.

    What rounding has touched is left out. Slow errors may fall by turns more and less, which would
    mislead: of these every second one is taken, and the order is the root of what comes out.

    Parameters
    ----------
    errors : sequence of float
        Errors of successive iterates, or the sizes of their steps.

    Returns
    -------
    float, or None where there are not three, or they do not fall.

    Notes
    -----
    Lesson: 03_newton
    """
    kept = above_rounding(errors)
    apart = 2 if len(kept) >= 5 and kept[-1] > 0.05 * kept[-2] else 1
    last = kept[::-apart][:3]
    if len(last) < 3 or not last[0] < last[1] < last[2]:
        return None
    return (math.log(last[0] / last[1]) / math.log(last[1] / last[2])) ** (1 / apart)
