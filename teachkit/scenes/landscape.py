"""What stands below every path: a function's level lines and minima, and how steep it is."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from teachkit.arrays import quiet
from teachkit.boundary import undefined
from teachkit.functions import Landscape
from teachkit.scenes.contours import contour, thinned
from teachkit.scenes.drawing import rounded, seen
from teachkit.scenes.meanings import Meaning
from teachkit.scenes.paths import within
from teachkit.scenes.scene import Axes, Line, Point
from teachkit.scenes.words import digits

GRID = 241  # points a side
TINY = 1e-3  # a function whose slopes are all below it is measured by them
SHARES = (0.015, 0.04, 0.08, 0.13, 0.2, 0.3, 0.42, 0.55, 0.7, 0.85)  # of the area, below a level
MINIMUM = {"minimum": Meaning("violet star", "minimum")}
LEVELS = {"contour": Meaning("thin grey", "level lines")}


@lru_cache(maxsize=16)
def level_lines(landscape: Landscape, axes: Axes) -> tuple[Line, ...]:
    """Level lines, each around a given share of the picture's area."""
    x, y = np.linspace(*axes.xlim, GRID), np.linspace(*axes.ylim, GRID)
    values = heights(landscape, x, y)
    known = values[np.isfinite(values)]
    if not known.size:
        return ()
    size = axes.xlim[1] - axes.xlim[0]
    places = max(0, 4 - math.floor(math.log10(size)))
    lines = []
    for share in SHARES:
        level = float(np.quantile(known, share))
        pieces = thinned(contour(values, axes, level), 1e-3 * size)
        lines.append(
            Line(f"level-{share}", rounded(pieces, places), "contour", f"f = {digits(level)}")
        )
    return tuple(lines)


def value_at(landscape: Landscape, x: float, y: float) -> float:
    """f(x, y); NaN where it has no finite value, as where math.exp overflows."""
    try:
        with quiet():
            value = float(landscape.value(np.array([x, y], dtype=float)))
    except (ArithmeticError, ValueError) as error:
        if not undefined(error):
            raise
        return math.nan
    return value if math.isfinite(value) else math.nan


def heights(landscape: Landscape, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """f on the grid of these coordinates, (y, x), NaN where it has no finite value.

    A formula that takes no grids, because it is written with math, is asked point by point.
    """
    try:
        with quiet():
            values = np.asarray(landscape.value(np.stack(np.meshgrid(x, y))), dtype=float)
    except (TypeError, ValueError, ArithmeticError):
        values = np.array([[value_at(landscape, a, b) for a in x] for b in y])
    return np.where(np.isfinite(values), values, np.nan)


@lru_cache(maxsize=16)
def steepness(landscape: Landscape) -> float:
    """What a gradient norm is small beside: 1, or the largest in the picture if that is tiny."""
    (x0, x1), (y0, y1) = landscape.box
    x, y = np.linspace(x0, x1, 41), np.linspace(y0, y1, 41)
    with quiet():
        values = heights(landscape, x, y)
        down, right = np.gradient(values, y, x)
        slopes = np.hypot(down, right)
    steepest = float(slopes[np.isfinite(slopes)].max(initial=0.0))
    return steepest if 0 < steepest < TINY else 1.0


def minima(landscape: Landscape, axes: Axes) -> list[Point]:
    """The minima that lie in the picture."""
    return [
        seen(f"minimum{i}", x, y, "minimum", "Minimum")
        for i, (x, y) in enumerate(landscape.minimisers)
        if within((x, y), axes)
    ]
