"""Lines where a function has a value: boundaries and level sets, as pieces for a `Line`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from teachkit.scenes.scene import Axes

Pieces = tuple[tuple[tuple[float, float], ...], ...]


def zero_line(a: float, b: float, c: float, axes: Axes) -> Pieces:
    """The straight line a x + b y + c = 0 within the axes: one exact piece, or none.

    Parameters
    ----------
    a, b, c : float
        The boundary of a linear classifier with theta = (a, b, c); for y = s x + t: (s, -1, t).

    Returns
    -------
    pieces : ((point, point),) or () where the line misses the axes or a = b = 0.
    """
    if not np.isfinite([a, b, c]).all():
        raise ValueError(
            f"The line {a} x + {b} y + {c} = 0 has a coefficient that is not finite, so it has no "
            "place. Most likely a fit diverged: leave the line out of the scene."
        )
    if a == 0 and b == 0:
        return ()
    # In the unit square of the axes the direction (b, -a) is scaled with them, so that axes of
    # very different lengths lose no digits. Liang & Barsky (1984): clip t in p + t d.
    (x0, x1), (y0, y1) = axes.xlim, axes.ylim
    normal = np.array([a * (x1 - x0), b * (y1 - y0)])
    size = float(np.hypot(*normal))
    normal, offset = normal / size, (a * x0 + b * y0 + c) / size
    foot, direction = -offset * normal, np.array([normal[1], -normal[0]])
    low, high = -np.inf, np.inf
    for start, slope in zip(foot, direction, strict=True):
        if slope == 0:
            if not 0 <= start <= 1:
                return ()
            continue
        first, last = sorted((-start / slope, (1 - start) / slope))
        low, high = max(low, first), min(high, last)
    if low >= high:
        return ()
    ends = np.clip(foot + np.outer([low, high], direction), 0, 1)
    ends = np.array([x0, y0]) + ends * [x1 - x0, y1 - y0]
    return (tuple((float(x), float(y)) for x, y in ends),)


def contour(
    f: Callable[[Any, Any], Any] | Any, axes: Axes, level: float = 0.0, *, resolution: int = 101
) -> Pieces:
    """The set f(x, y) = level within the axes, by contourpy's marching squares.

    Parameters
    ----------
    f : callable or array_like
        Either f(X, Y) -> values for X, Y of shape (resolution, resolution), or the values
        themselves, (rows, columns), on a regular grid over the axes, the lowest y first.

    Returns
    -------
    pieces : one tuple of (x, y) for each connected part; () where the level is not reached.
        Values that are not finite leave a gap.
    """
    from contourpy import contour_generator

    if callable(f):
        x = np.linspace(*axes.xlim, resolution)
        y = np.linspace(*axes.ylim, resolution)
        values = np.asarray(f(*np.meshgrid(x, y)), dtype=float)
        shape: tuple[int, ...] = (resolution, resolution)
    else:
        values = np.asarray(f, dtype=float)
        shape = values.shape
    if values.ndim != 2 or values.shape != shape or min(values.shape) < 2:
        raise ValueError(
            f"A contour needs one value for each point of a grid, but got the shape "
            f"{values.shape}. f(X, Y) must work elementwise and return the shape of X, "
            f"here {shape}."
        )
    x = np.linspace(*axes.xlim, values.shape[1])
    y = np.linspace(*axes.ylim, values.shape[0])
    lines: Any = contour_generator(x, y, np.ma.masked_invalid(values)).lines(level)
    return tuple(tuple((float(a), float(b)) for a, b in line) for line in lines)


def thinned(pieces: Pieces, tolerance: float) -> Pieces:
    """The same lines with as few points as stay within ``tolerance`` of them.

    Source: Ramer (1972), Douglas and Peucker (1973).
    """
    kept = []
    for piece in pieces:
        points = np.asarray(piece, dtype=float)
        keep = np.zeros(len(points), dtype=bool)
        keep[[0, -1]] = True
        open_ranges = [(0, len(points) - 1)]
        while open_ranges:
            first, last = open_ranges.pop()
            if last - first < 2:
                continue
            off = _distances(points[first + 1 : last], points[first], points[last])
            worst = int(off.argmax())
            if off[worst] > tolerance:
                middle = first + 1 + worst
                keep[middle] = True
                open_ranges += [(first, middle), (middle, last)]
        kept.append(tuple((float(a), float(b)) for a, b in points[keep]))
    return tuple(kept)


def _distances(points: Any, a: Any, b: Any) -> Any:
    """How far the points are from the segment between a and b."""
    along = b - a
    length = float(along @ along)
    part = np.clip((points - a) @ along / length, 0, 1) if length else np.zeros(len(points))
    return np.hypot(*(points - a - part[:, None] * along).T)
