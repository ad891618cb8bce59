"""Paths of iterates: what of them fits into a picture, when some run far out of it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise

from teachkit.scenes.contours import Pieces
from teachkit.scenes.scene import Axes

Pair = tuple[float, float]
NEAR = 10.0  # times the picture's size: what begins farther out is not drawn
FAR = 20.0  # where a line that leaves the picture is cut, so that pixels stay small numbers


def path(corners: Iterable[Pair], axes: Axes) -> Pieces:
    """The lines from corner to corner, one piece each, cut where they run far out of the axes."""
    finite = [corner for corner in corners if all(map(math.isfinite, corner))]
    return tuple((p, _cut(p, q, axes)) for p, q in pairwise(finite) if within(p, axes, NEAR))


def within(p: Pair, axes: Axes, times: float = 0.0) -> bool:
    """Whether p lies in the axes, or outside by at most so many times their size."""
    return all(
        low - times * (high - low) <= value <= high + times * (high - low)
        for value, (low, high) in zip(p, (axes.xlim, axes.ylim), strict=True)
    )


def _cut(p: Pair, q: Pair, axes: Axes) -> Pair:
    """The point q, or one on the way to it that is far enough outside of the picture."""
    part = 1.0
    for a, b, (low, high) in zip(p, q, (axes.xlim, axes.ylim), strict=True):
        if a != b:
            part = min(part, FAR * (high - low) / abs(b - a))
    return p[0] + part * (q[0] - p[0]), p[1] + part * (q[1] - p[1])
