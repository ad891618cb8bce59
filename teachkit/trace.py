"""What an iterative method hands back: its answer, and how it got there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from teachkit.arrays import Array


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
