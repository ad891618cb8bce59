"""The marks of a scene: points, bars and pictures, lines, arrows and labels, and the axes.

``plain()`` of each is its JSON-ready form; every number in it is finite.
"""

from __future__ import annotations

import base64
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

CLOSE = 1e-12  # of their size: numbers that are nearer to each other cannot be drawn apart


@dataclass(frozen=True)
class Axes:
    """Limits and names of the two axes; ``equal`` asks for one scale on both.

    With ``xlog`` or ``ylog`` a coordinate is the log10 of what it stands for, and ticks say so.
    With ``xnames`` the places 0, 1, 2, ... have these names, and they stand there in the place of
    numbers. On a ``wall`` (`wall_of`) points stand in columns x and rows -y, with no axes to be
    seen. Those that are ``bare`` are not seen either.
    """

    xlim: tuple[float, float]
    ylim: tuple[float, float]
    xlabel: str = ""
    ylabel: str = ""
    equal: bool = False
    xlog: bool = False
    ylog: bool = False
    wall: bool = False
    bare: bool = False
    xnames: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for low, high in (self.xlim, self.ylim):
            if not CLOSE * max(abs(low), abs(high)) < high - low < math.inf:
                raise ValueError(
                    f"An axis cannot run from {low} to {high}: its ends have to be finite, rise, "
                    "and lie so far apart that what is between them can be told apart."
                )

    def plain(self) -> dict[str, Any]:
        return {**_plain(self, "xlim", "ylim"), "xnames": [*self.xnames]}


def wall_of(columns: int, rows: int) -> Axes:
    """Axes of a wall: row k, from the top, is at y = -k, and its title is a label at x = 0.

    Renderers lay the rows out one below the other, and break those that are too long for the page.
    """
    return Axes((-0.5, columns - 0.5), (0.5 - rows, 0.5), wall=True)


@dataclass(frozen=True)
class Point:
    """A point that can be looked at, dragged or greyed.

    ``kind`` is a meaning of the scene; ``weight`` 0 draws the point greyed; ``size`` multiplies the
    radius of its look. ``label`` is its name, such as "Point 17": renderers add the kind, the
    place, whether it is in or out, and then ``note``, when it is hovered or focused.
    """

    id: str
    x: float
    y: float
    kind: str
    weight: float = 1.0
    size: float = 1.0
    label: str = ""
    draggable: bool = True
    toggleable: bool = True
    note: str = ""

    def plain(self) -> dict[str, Any]:
        return _plain(self, "x", "y", "weight", "size")


@dataclass(frozen=True)
class Bar(Point):
    """A bar from ``base`` to the height y at x, ``width`` wide, with its point at the end.

    Its look is that of a point, whose shape tells kinds apart without colour.
    """

    draggable: bool = False
    base: float = 0.0
    width: float = 0.8

    def plain(self) -> dict[str, Any]:
        return _plain(self, "x", "y", "weight", "size", "base", "width")


@dataclass(frozen=True)
class Picture(Point):
    """A small picture with its middle at (x, y), ``width`` wide: a point with a face.

    ``values`` row by row, the top row first, are shaded linearly from ``vmin`` to ``vmax`` in a
    ``palette`` of ``style.json``. Its look is that of a line, its frame; ``caption`` stands below,
    and ``inside`` in it, where it has nothing to show yet, both line by line. On a wall ``width``
    is a part of a column. One to ``paint`` is a pixel: a click or a stroke gives it the weight 0,
    painted, or 1, as it was, and neither is greyed.
    """

    draggable: bool = False
    values: tuple[tuple[float, ...], ...] = ((0.0,),)
    palette: str = "grey"
    vmin: float = 0.0
    vmax: float = 1.0
    width: float = 0.8
    caption: str = ""
    inside: str = ""
    paint: bool = False

    def plain(self) -> dict[str, Any]:
        """The values as bytes from 0 to 255, in base64: a wall of pictures is a long message."""
        values = np.array(_numbers(self, self.values))
        low, high = _numbers(self, self.vmin), _numbers(self, self.vmax)
        shades = np.clip((values - low) / ((high - low) or 1.0), 0.0, 1.0)
        pixels = base64.b64encode(np.rint(255 * shades).astype(np.uint8).tobytes())
        known = {**vars(self), "pixels": pixels.decode("ascii"), "columns": values.shape[1]}
        for name in ("x", "y", "weight", "size", "width"):
            known[name] = _numbers(self, known[name])
        for name in ("values", "vmin", "vmax"):
            del known[name]
        return known


@dataclass(frozen=True)
class Line:
    """A polyline; its pieces may be several, and ``style`` is a meaning of the scene.

    ``pieces`` is a tuple of pieces, each a tuple of (x, y), so that one contour that falls
    apart is still one line with one name. ``label`` is shown on hovering; the legend has one
    entry a style. ``end`` stands at the line's end, where there is room for it, or in any case if
    the legend does not name its style; where the line is outside the picture, it is said at the
    edge which way. One that ``leaves`` ends out there: this is said where it was seen last.
    """

    id: str
    pieces: tuple[tuple[tuple[float, float], ...], ...]
    style: str
    label: str = ""
    end: str = ""
    leaves: bool = False

    def plain(self) -> dict[str, Any]:
        return {**vars(self), "pieces": [_numbers(self, piece) for piece in self.pieces]}


@dataclass(frozen=True)
class Arrow:
    """An arrow from ``start`` to ``end``; ``style`` and ``label`` as for a line."""

    id: str
    start: tuple[float, float]
    end: tuple[float, float]
    style: str
    label: str = ""

    def plain(self) -> dict[str, Any]:
        return _plain(self, "start", "end")


@dataclass(frozen=True)
class Label:
    """A short text at (x, y)."""

    id: str
    x: float
    y: float
    text: str

    def plain(self) -> dict[str, Any]:
        return _plain(self, "x", "y")


def _plain(item: Any, *numeric: str) -> dict[str, Any]:
    """The fields of one item, those named in ``numeric`` as floats or lists of floats."""
    return {**vars(item), **{name: _numbers(item, getattr(item, name)) for name in numeric}}


def _numbers(item: Any, values: Any) -> Any:
    if isinstance(values, float | int):
        finite, numbers = math.isfinite(values), float(values)
    else:
        array = np.asarray(values, dtype=float)
        finite, numbers = bool(np.isfinite(array).all()), array.tolist()
    if not finite:
        raise ValueError(
            f"{type(item).__name__} {getattr(item, 'id', '')!r} of the scene holds a number that "
            "is not finite, so it cannot be drawn. Most likely an iteration diverged: leave that "
            "piece out, or stop before it."
        )
    return numbers
