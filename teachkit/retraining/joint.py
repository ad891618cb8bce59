"""Risks that can have all their leave-one-out retrainings computed together, and by what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from teachkit.arrays import Array


class Joint(Protocol):
    """All Delta_i = theta_{-i} - theta of one risk; made with the risk, theta and a tolerance."""

    def __init__(self, risk: Any, theta: Array, tol: float) -> None: ...

    def solve(self, indices: Sequence[int]) -> Iterator[tuple[Array, Array]]:
        """Positions in `indices`, in main memory, with their rows (k, p), as they get done.

        Some may never come.
        """


_JOINT: dict[type, type[Joint]] = {}


def retrains(kind: type) -> Callable[[type[Joint]], type[Joint]]:
    """Enter a class as the joint retraining of the risks of this very type.

    A subclass of the risk may have changed what the formulas hold, and is entered by itself.
    """

    def enter(joint: type[Joint]) -> type[Joint]:
        _JOINT[kind] = joint
        return joint

    return enter


def joint_retraining(risk: Any) -> type[Joint] | None:
    """What retrains this risk with each point left out at once, if anything does."""
    return _JOINT.get(type(risk))
