"""The plane as a form, for those who would rather type, or hear, than drag."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import ipywidgets as w

from teachkit.scenes.scene import Point
from teachkit.widgets.plane import Plane


class Form(w.VBox):
    """Which point, its two numbers, in or out: the same state as the plane, in labelled controls.

    It needs no callbacks of its own: an edit is a `Plane.move` or `Plane.toggle`, so the plane's
    callbacks answer it; and it shows whatever the plane shows, whoever changed it: out of sight,
    when the hand lets go.
    """

    def __init__(self, plane: Plane, in_sight: Callable[[], bool] = lambda: True) -> None:
        self.plane, self._in_sight = plane, in_sight
        self._writing = False
        style = {"description_width": "70px"}
        wide, narrow = w.Layout(width="250px"), w.Layout(width="170px")
        self.which = w.Dropdown(description="Point", style=style, layout=wide)
        self.x = w.FloatText(style=style, layout=narrow)
        self.y = w.FloatText(style=style, layout=narrow)
        self.inside = w.Checkbox(description="in the training set", indent=False)
        row = w.Layout(flex_flow="row wrap", align_items="center")
        super().__init__([self.which, w.HBox([self.x, self.y, self.inside], layout=row)])
        for name in ("scene", "selected", "held"):
            plane.observe(lambda change: self._read(), name)
        self._read()
        self._observe(self.which, self._chosen)
        self._observe(self.x, lambda x: self._move(x, None))
        self._observe(self.y, lambda y: self._move(None, y))
        self._observe(self.inside, self._toggle)

    def _observe(self, control: w.ValueWidget, act: Callable[[Any], None]) -> None:
        @self.plane.guard
        def changed(change: Any) -> None:
            try:
                act(change["new"])
            finally:
                self._read()  # what was refused goes back to what is

        control.observe(lambda change: self._writing or changed(change), "value")

    def _chosen(self, name: str) -> None:
        self.plane.brushed = []
        self.plane.selected = name

    def _move(self, x: float | None, y: float | None) -> None:
        point = self._point()
        if point is None:
            return
        axes = self.plane.current.axes
        for value, (low, high), name in (
            (x, axes.xlim, axes.xlabel or "x"),
            (y, axes.ylim, axes.ylabel or "y"),
        ):
            if value is not None and not low <= value <= high:  # the hand cannot go there either
                raise ValueError(
                    f"{point.label or point.id} cannot move to {name} = {value:g}: the plane ends "
                    f"at {low:.3g} and {high:.3g}. Choose a number between them."
                )
        self.plane.move({point.id: (point.x if x is None else x, point.y if y is None else y)})

    def _toggle(self, inside: bool) -> None:
        point = self._point()
        if point is not None:
            self.plane.toggle({point.id: 1.0 if inside else 0.0})

    def _point(self) -> Point | None:
        names = {point.id: point for point in self.plane.current.points}
        return names.get(self.plane.selected)

    @contextmanager
    def _silently(self) -> Iterator[None]:
        self._writing = True
        try:
            yield
        finally:
            self._writing = False

    def _read(self) -> None:
        """Show the plane's state; set what differs only, each difference is a message."""
        if self.plane.held and not self._in_sight():
            return
        scene, point = self.plane.current, self._point()
        options = (("choose a point", ""), *((p.label or p.id, p.id) for p in scene.points))
        with self._silently():
            if self.which.options != options:
                self.which.options = options
            self.which.value = point.id if point else ""
            for control, name, value in (
                (self.x, scene.axes.xlabel or "x", point.x if point else 0.0),
                (self.y, scene.axes.ylabel or "y", point.y if point else 0.0),
            ):
                control.description = name
                control.value = float(f"{value:.4g}")  # the other digits stay in the scene
                control.disabled = point is None or not point.draggable
            self.inside.value = point is not None and point.weight > 0
            self.inside.disabled = point is None or not point.toggleable
            nothing = not any(p.toggleable for p in scene.points)
            self.inside.layout.display = "none" if nothing else ""
