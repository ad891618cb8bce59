"""A Scene: all there is to draw on a plane, as plain data that knows no front end.

Explorers build a scene from their state; ``Plane`` draws it in SVG, ``figures.draw`` in
matplotlib. What its kinds of points and styles of lines mean says its legend (`meanings`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from teachkit.scenes.meanings import SHARED, Meaning

CLOSE = 1e-12  # of their size: numbers that are nearer to each other cannot be drawn apart


@dataclass(frozen=True)
class Axes:
    """Limits and names of the two axes; ``equal`` asks for one scale on both.

    With ``xlog`` or ``ylog`` a coordinate is the log10 of what it stands for, and ticks say so.
    """

    xlim: tuple[float, float]
    ylim: tuple[float, float]
    xlabel: str = ""
    ylabel: str = ""
    equal: bool = False
    xlog: bool = False
    ylog: bool = False

    def __post_init__(self) -> None:
        for low, high in (self.xlim, self.ylim):
            if not CLOSE * max(abs(low), abs(high)) < high - low < math.inf:
                raise ValueError(
                    f"An axis cannot run from {low} to {high}: its ends have to be finite, rise, "
                    "and lie so far apart that what is between them can be told apart."
                )


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


@dataclass(frozen=True)
class Line:
    """A polyline; its pieces may be several, and ``style`` is a meaning of the scene.

    ``pieces`` is a tuple of pieces, each a tuple of (x, y), so that one contour that falls
    apart is still one line with one name. ``label`` is shown on hovering; the legend has one
    entry a style.
    """

    id: str
    pieces: tuple[tuple[tuple[float, float], ...], ...]
    style: str
    label: str = ""


@dataclass(frozen=True)
class Arrow:
    """An arrow from ``start`` to ``end``; ``style`` and ``label`` as for a line."""

    id: str
    start: tuple[float, float]
    end: tuple[float, float]
    style: str
    label: str = ""


@dataclass(frozen=True)
class Label:
    """A short text at (x, y)."""

    id: str
    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Raster:
    """A grey or signed picture behind everything: ``values`` row by row, the top row first.

    ``extent`` is (left, right, bottom, top) in data coordinates; ``palette`` names an entry of
    ``style.json["palettes"]``; values are mapped linearly from ``vmin`` to ``vmax``.
    """

    id: str
    values: tuple[tuple[float, ...], ...]
    extent: tuple[float, float, float, float]
    palette: str
    vmin: float
    vmax: float


@dataclass(frozen=True)
class Scene:
    """What a plane shows, with the words for those who do not see it.

    ``sentence`` says what is seen now in words and numbers (it is announced when it changes);
    ``alt`` describes the picture as a whole; ``table`` is a header and rows of texts to stand
    beside the plane; ``legend`` says, in the order of the legend, what kinds and styles mean here;
    what it does not say means what it means everywhere (`SHARED`).
    """

    axes: Axes
    points: tuple[Point, ...] = ()
    lines: tuple[Line, ...] = ()
    arrows: tuple[Arrow, ...] = ()
    labels: tuple[Label, ...] = ()
    rasters: tuple[Raster, ...] = ()
    sentence: str = ""
    alt: str = ""
    table: tuple[tuple[str, ...], ...] = ()
    legend: Mapping[str, Meaning] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ids = [point.id for point in self.points]
        if len(set(ids)) != len(ids):
            twice = sorted({name for name in ids if ids.count(name) > 1})
            raise ValueError(
                f"Two points of the scene share the id {twice[0]!r}: a drag could not tell them "
                "apart. Give each point an id of its own."
            )
        unknown = sorted(self._used() - set(self.legend) - set(SHARED))
        if unknown:
            raise ValueError(
                f"The scene draws {unknown[0]!r}, of which nobody says how it looks. Its legend "
                f"takes a Meaning for it; known everywhere are {', '.join(map(repr, SHARED))}."
            )

    @property
    def meanings(self) -> dict[str, Meaning]:
        """What the scene's kinds and styles mean, those drawn, in the order of the legend."""
        used = self._used()
        return {
            key: m for key, m in {**self.legend, **SHARED, **self.legend}.items() if key in used
        }

    def _used(self) -> set[str]:
        kinds = {point.kind for point in self.points}
        styles = {line.style for line in self.lines} | {arrow.style for arrow in self.arrows}
        out = {"removed" for point in self.points if point.toggleable or point.weight == 0}
        return kinds | styles | out

    def point(self, name: str) -> Point:
        """The point with this id."""
        for point in self.points:
            if point.id == name:
                return point
        raise KeyError(f"There is no point {name!r} in the scene.")

    def with_positions(self, table: Mapping[str, tuple[float, float]]) -> Scene:
        """The scene with some points elsewhere."""
        return self._with_points({name: {"x": x, "y": y} for name, (x, y) in table.items()})

    def with_weights(self, table: Mapping[str, float]) -> Scene:
        """The scene with other weights for some points."""
        return self._with_points({name: {"weight": weight} for name, weight in table.items()})

    def _with_points(self, changes: Mapping[str, dict[str, Any]]) -> Scene:
        for name in changes:
            self.point(name)
        points = tuple(replace(point, **changes.get(point.id, {})) for point in self.points)
        return replace(self, points=points)

    def as_dict(self) -> dict[str, Any]:
        """The scene as JSON-ready dictionaries and lists; every number must be finite."""
        return {
            "axes": _plain(self.axes, "xlim", "ylim"),
            "points": [_plain(point, "x", "y", "weight", "size") for point in self.points],
            "lines": [
                {**vars(line), "pieces": [_numbers(line, piece) for piece in line.pieces]}
                for line in self.lines
            ],
            "arrows": [_plain(arrow, "start", "end") for arrow in self.arrows],
            "labels": [_plain(label, "x", "y") for label in self.labels],
            "rasters": [_plain(r, "values", "extent", "vmin", "vmax") for r in self.rasters],
            "sentence": self.sentence,
            "alt": self.alt,
            "table": [list(row) for row in self.table],
            "legend": [{"id": key, **vars(meaning)} for key, meaning in self.meanings.items()],
        }


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


def padded_limits(values: Any, fraction: float = 0.15) -> tuple[float, float]:
    """Limits that show all values with a margin of ``fraction`` of their span on both sides.

    Around one value alone the margin is a third of it, and 1 around 0.
    """
    values = np.asarray(values, dtype=float)
    low, high = float(values.min()), float(values.max())
    alone = high - low <= CLOSE * max(abs(low), abs(high))
    pad = (abs(low) / 3 or 1.0) if alone else fraction * (high - low)
    return low - pad, high + pad
