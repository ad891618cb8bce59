"""What the drawings of explorers have in common: marks that are only seen, curves, and tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from teachkit.scenes.contours import Pieces
from teachkit.scenes.marks import Axes, Line, Point


def seen(
    name: str, x: float, y: float, kind: str, label: str, note: str = "", size: float = 1.0
) -> Point:
    """A point to look at, that can neither be dragged nor taken out."""
    fixed = {"draggable": False, "toggleable": False}
    return Point(name, float(x), float(y), kind, label=label, note=note, size=size, **fixed)


def upright(name: str, x: float, axes: Axes, label: str = "") -> Line:
    """A guide from the bottom to the top of the picture."""
    bottom, top = axes.ylim
    return Line(name, (((x, bottom), (x, top)),), "guide", label)


def pair(values: Any) -> tuple[float, float]:
    """Two numbers of an array as a place."""
    return float(values[0]), float(values[1])


def curve(x: Any, y: Any) -> Pieces:
    """One piece through these places."""
    return (tuple((float(a), float(b)) for a, b in zip(x, y, strict=True)),)


def log_curve(values: Any, low: float, high: float) -> Pieces:
    """log10 of the values of steps 0, 1, ..., as if none were below or above 10^low and 10^high."""
    heights = np.log10(np.clip(values, 10.0**low, 10.0**high))
    return curve(range(len(heights)), heights)


def rounded(pieces: Pieces, places: int) -> Pieces:
    """Coordinates as fine as can be seen: a curve is a message of many numbers."""
    return tuple(tuple((round(x, places), round(y, places)) for x, y in piece) for piece in pieces)


def table(*rows: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """A header and rows, all filled up to the length of the header."""
    width = len(rows[0])
    return tuple((*row, *[""] * (width - len(row))) for row in rows)
