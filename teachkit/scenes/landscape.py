"""What stands below every path: level lines of a test function, and its minima."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from teachkit.functions import Landscape
from teachkit.scenes.contours import contour, thinned
from teachkit.scenes.meanings import Meaning
from teachkit.scenes.paths import within
from teachkit.scenes.scene import Axes, Line, Point
from teachkit.scenes.words import digits

GRID = 241  # points a side
SHARES = (0.015, 0.04, 0.08, 0.13, 0.2, 0.3, 0.42, 0.55, 0.7, 0.85)  # of the area, below a level
MINIMUM = {"minimum": Meaning("violet star", "minimum")}
LEVELS = {"contour": Meaning("thin grey", "level lines")}


@lru_cache(maxsize=16)
def level_lines(landscape: Landscape, axes: Axes) -> tuple[Line, ...]:
    """Level lines, each around a given share of the picture's area."""
    x, y = np.linspace(*axes.xlim, GRID), np.linspace(*axes.ylim, GRID)
    values = np.asarray(landscape.value(np.stack(np.meshgrid(x, y))))
    size = axes.xlim[1] - axes.xlim[0]
    places = max(0, 4 - math.floor(math.log10(size)))
    lines = []
    for share in SHARES:
        level = float(np.quantile(values, share))
        pieces = thinned(contour(values, axes, level), 1e-3 * size)
        pieces = tuple(tuple((round(a, places), round(b, places)) for a, b in p) for p in pieces)
        lines.append(Line(f"level-{share}", pieces, "contour", f"f = {digits(level)}"))
    return tuple(lines)


def minima(landscape: Landscape, axes: Axes) -> list[Point]:
    """The minima that lie in the picture."""
    fixed = {"label": "Minimum", "draggable": False, "toggleable": False}
    return [
        Point(f"minimum{i}", x, y, "minimum", **fixed)  # type: ignore[arg-type]
        for i, (x, y) in enumerate(landscape.minimisers)
        if within((x, y), axes)
    ]
