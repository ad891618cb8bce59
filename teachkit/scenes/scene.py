"""A Scene: all there is to draw on a plane, as plain data that knows no front end.

Explorers build a scene from their state; ``Plane`` draws it in SVG, ``figures.draw`` in
matplotlib. What its kinds of points and styles of lines mean says its legend (`meanings`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from teachkit.scenes.marks import CLOSE, Arrow, Axes, Bar, Label, Line, Picture, Point
from teachkit.scenes.meanings import SHARED, Meaning

__all__ = ["Arrow", "Axes", "Bar", "Label", "Line", "Picture", "Point", "Scene", "padded_limits"]


@dataclass(frozen=True)
class Scene:
    """What a plane shows, with the words for those who do not see it.

    ``sentence`` says what is seen now in words and numbers (it is announced when it changes);
    ``alt`` describes the picture as a whole; ``table`` is a header and rows of texts to stand
    beside the plane; ``legend`` says, in the order of the legend, what kinds and styles mean here;
    what it does not say means what it means everywhere (`SHARED`), and what it says but does not
    draw has its room there kept free.
    """

    axes: Axes
    points: tuple[Point, ...] = ()
    lines: tuple[Line, ...] = ()
    arrows: tuple[Arrow, ...] = ()
    labels: tuple[Label, ...] = ()
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
        goes = [p for p in self.points if not getattr(p, "paint", False)]
        out = {"removed" for point in goes if point.toggleable or point.weight == 0}
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
            "axes": self.axes.plain(),
            "points": [point.plain() for point in self.points],
            "lines": [line.plain() for line in self.lines],
            "arrows": [arrow.plain() for arrow in self.arrows],
            "labels": [label.plain() for label in self.labels],
            "sentence": self.sentence,
            "alt": self.alt,
            "table": [list(row) for row in self.table],
            "legend": _entries(self.meanings),
            "absent": _entries({k: m for k, m in self.legend.items() if k not in self.meanings}),
        }


def _entries(meanings: Mapping[str, Meaning]) -> list[dict[str, str]]:
    return [{"id": key, **vars(meaning)} for key, meaning in meanings.items()]


def padded_limits(values: Any, fraction: float = 0.15) -> tuple[float, float]:
    """Limits that show all values with a margin of ``fraction`` of their span on both sides.

    Around one value alone the margin is a third of it, and 1 around 0.
    """
    values = np.asarray(values, dtype=float)
    low, high = float(values.min()), float(values.max())
    alone = high - low <= CLOSE * max(abs(low), abs(high))
    pad = (abs(low) / 3 or 1.0) if alone else fraction * (high - low)
    return low - pad, high + pad
