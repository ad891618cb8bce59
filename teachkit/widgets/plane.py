"""The plane: a Scene to look at and to touch, by mouse, finger, pen and keyboard."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anywidget
import traitlets as t

from teachkit.scenes.meanings import style
from teachkit.scenes.scene import Scene
from teachkit.widgets.guard import TURN, Guard
from teachkit.widgets.picture import Pictured
from teachkit.widgets.wire import Wire

HERE = Path(__file__).parent
MODULE = (
    "focus.js",
    "plane_look.js",
    "plane_wire.js",
    "plane_watch.js",
    "plane_marks.js",
    "plane_tip.js",
    "plane_glide.js",
    "plane_names.js",
    "plane_paint.js",
    "plane.js",
)
STYLES = ("plane.css", "explorer.css")


class Plane(Pictured, anywidget.AnyWidget):
    """One scene in SVG, whose points can be dragged, greyed and selected.

    The traits hold state, never events. Python alone writes ``scene``, which goes out as a
    ``whole`` scene and what differs ``since``; the front end alone writes ``positions`` and
    ``weights``, tables ``{"revision", "serial", "table"}`` of all that is not answered yet. A scene
    names the revision it belongs to and the serials it ``answers``: until its own serial is
    answered the front end draws what the hand did, so a late answer never moves a point back; a
    table made on an older revision (before undo, reset, a form edit) is dropped. In a drag the
    table goes ahead of ipywidgets' queue, which waits until the kernel is idle: it is the same
    state, and the front end has few of them on their way. While the hand
    holds a point, ``held`` is its id, and "slider" while it holds a slider of the explorer.
    ``looked`` is the point that was hovered or focused last, told where Python ``hovers``.
    Whatever else was done is counted in ``asked``, and what Python was told of in ``heard``: so the
    front end knows how long it has waited, and says so.

    Callbacks are registered by `on_move`, `on_toggle`, `on_select`, `on_brush` and `on_look` and
    are guarded: what they raise is shown in the widget. Each gets only what changed, and answers
    with `show`.
    Without callbacks the plane keeps the moved and greyed points itself.
    """

    _esm = "\n".join((HERE / name).read_text(encoding="utf-8") for name in MODULE)
    _css = "\n".join((HERE / name).read_text(encoding="utf-8") for name in STYLES)

    styles = t.Dict().tag(sync=True)
    scene = t.Dict()
    whole = t.Dict().tag(sync=True)
    since = t.Dict().tag(sync=True)
    positions = t.Dict().tag(sync=True, echo_update=False)
    weights = t.Dict().tag(sync=True, echo_update=False)
    selected = t.Unicode("").tag(sync=True)
    brushed = t.List(t.Unicode()).tag(sync=True)
    hovers = t.Bool(False).tag(sync=True)
    looked = t.Unicode("").tag(sync=True)
    held = t.Unicode("").tag(sync=True, echo_update=False)
    error = t.Unicode("").tag(sync=True)
    asked = t.Int(0).tag(sync=True, echo_update=False)
    heard = t.Int(0).tag(sync=True)

    def __init__(self, scene: Scene, **kwargs: Any) -> None:
        self.guard = Guard(self._show_error)
        self.current = scene
        self._callbacks: dict[str, Callable[[Any], Any]] = {}
        self._revision = 0
        self._replacing = False
        self._answers = {"positions": 0, "weights": 0}
        self._wire = Wire()
        super().__init__(styles=style(), **self._sent(scene.as_dict()), **kwargs)
        for name in ("positions", "weights", "selected", "brushed", "looked"):
            self.observe(self.guard(getattr(self, f"_on_{name}")), name)
        self.observe(lambda change: setattr(self, "heard", change["new"]), "asked")
        self.on_msg(self._sent_ahead)

    def show(self, scene: Scene, *, replace: bool = False) -> None:
        """Draw this scene; ``replace`` where Python, not the hand, moved or greyed points."""
        message = scene.as_dict()
        self.current = scene
        if replace or self._replacing:
            self._revision += 1
            self._answers = {"positions": 0, "weights": 0}
            self._replacing = False
        known = {point.id for point in scene.points}
        with self._put(message):
            if self.selected not in known:
                self.selected = ""
            if self.looked not in known:
                self.looked = ""
            if not known.issuperset(self.brushed):
                self.brushed = [name for name in self.brushed if name in known]

    def on_move(self, callback: Callable[[dict[str, tuple[float, float]]], Any]) -> Callable:
        """Call ``callback({id: (x, y)})`` with the points that were moved."""
        return self._register("positions", callback)

    def on_toggle(self, callback: Callable[[dict[str, float]], Any]) -> Callable:
        """Call ``callback({id: weight})`` with the points that were greyed or put back."""
        return self._register("weights", callback)

    def on_select(self, callback: Callable[[str], Any]) -> Callable:
        """Call ``callback(id)`` when another point is selected; "" is none."""
        return self._register("selected", callback)

    def on_brush(self, callback: Callable[[list[str]], Any]) -> Callable:
        """Call ``callback(ids)`` when a rectangle selects several points, or none again."""
        return self._register("brushed", callback)

    def on_look(self, callback: Callable[[str], Any]) -> Callable:
        """Call ``callback(id)`` when another point is hovered or focused."""
        self.hovers = True
        return self._register("looked", callback)

    def move(self, table: Mapping[str, tuple[float, float]]) -> None:
        """Move points as a drag would, from Python (a form, a button): a new revision."""
        with self._as_replacement():
            self._dispatch("positions", self._changed_positions(table))

    def toggle(self, table: Mapping[str, float]) -> None:
        """Give points other weights as a double click would, from Python: a new revision."""
        with self._as_replacement():
            self._dispatch("weights", self._changed_weights(table))

    def picture(self) -> Scene:
        """The scene as it stands, for the static picture in a saved notebook."""
        return self.current

    def _register(self, name: str, callback: Callable[[Any], Any]) -> Callable:
        self._callbacks[name] = callback
        return callback

    def _sent(self, message: dict[str, Any]) -> dict[str, Any]:
        stamp = {"revision": self._revision, "answers": dict(self._answers)}
        since = {**self._wire.since(message), **stamp}
        return {"scene": {**message, **stamp}, "whole": self._wire.whole, "since": since}

    @contextmanager
    def _put(self, message: dict[str, Any]) -> Iterator[None]:
        """Send it with what else is set meanwhile: a mix of two scenes is never seen."""
        sent = self._sent(message)
        with self.hold_sync():
            self.whole, self.since = sent["whole"], sent["since"]
            yield
        self.scene = sent["scene"]  # what else follows the scene comes after it on the wire

    @contextmanager
    def _as_replacement(self) -> Iterator[None]:
        self._replacing = True
        try:
            yield
        finally:
            self._replacing = False

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """What the front end says: each message whole before the next, whatever its thread."""
        with TURN:
            super().set_state(sync_data)

    def _sent_ahead(self, _: Any, content: Any, __: Any) -> None:
        if isinstance(content, dict) and "positions" in content:
            self.set_state({"positions": content["positions"]})

    def _on_positions(self, change: Any) -> None:
        self._receive("positions", change["new"], self._changed_positions)

    def _on_weights(self, change: Any) -> None:
        self._receive("weights", change["new"], self._changed_weights)

    def _on_selected(self, change: Any) -> None:
        if change["new"]:
            self.current.point(change["new"])
        if "selected" in self._callbacks:
            self._callbacks["selected"](change["new"])

    def _on_brushed(self, change: Any) -> None:
        if "brushed" in self._callbacks:
            self._callbacks["brushed"](list(change["new"]))

    def _on_looked(self, change: Any) -> None:
        if "looked" in self._callbacks and change["new"]:
            self.current.point(change["new"])
            self._callbacks["looked"](change["new"])

    def _receive(self, name: str, message: dict[str, Any], changed: Callable[..., dict]) -> None:
        serial = message.get("serial", self._answers[name] + 1)
        # One that was sent later may have come first (TURN): it holds all that this one does.
        if message.get("revision") != self._revision or serial < self._answers[name]:
            return
        self._answers[name] = serial
        try:
            self._dispatch(name, changed(message["table"]))
        finally:
            # Also when nothing was shown or the callback failed: the front end waits for it.
            if self.scene["answers"] != self._answers:
                with self._put(self.current.as_dict()):
                    pass

    def _dispatch(self, name: str, changed: dict[str, Any]) -> None:
        if not changed:
            return
        if name in self._callbacks:
            self._callbacks[name](changed)
        elif name == "positions":
            self.show(self.current.with_positions(changed))
        else:
            self.show(self.current.with_weights(changed))

    def _changed_positions(self, table: Mapping[str, Any]) -> dict[str, tuple[float, float]]:
        changed = {}
        for name, (x, y) in table.items():
            point = self.current.point(name)
            if not (math.isfinite(x) and math.isfinite(y)):
                raise ValueError(
                    f"{point.label or name} cannot move to ({x}, {y}): a place has two finite "
                    "numbers. Give it two such numbers."
                )
            if point.draggable and (x, y) != (point.x, point.y):
                changed[name] = (float(x), float(y))
        return changed

    def _changed_weights(self, table: Mapping[str, Any]) -> dict[str, float]:
        changed = {}
        for name, weight in table.items():
            point = self.current.point(name)
            if not (math.isfinite(weight) and weight >= 0):
                raise ValueError(
                    f"{point.label or name} cannot have the weight {weight}: a weight is finite "
                    "and at least 0. Give 1 for a point that is in, 0 for one that is out."
                )
            if point.toggleable and weight != point.weight:
                changed[name] = float(weight)
        return changed

    def _show_error(self, text: str) -> None:
        self.error = text
