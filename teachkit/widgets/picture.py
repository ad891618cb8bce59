"""The static twin of a widget: what GitHub, nbviewer and a saved notebook show of it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from teachkit.arrays import quiet
from teachkit.figures import picture_html
from teachkit.figures.draw import SHARPNESS, png
from teachkit.scenes.marks import Picture
from teachkit.scenes.scene import Scene

# "Drag a point": what a picture cannot do before its cell has run.
INVITATION = re.compile(r"\b(Drag|Take)\b")


def _later(invitation: re.Match[str]) -> str:
    return f"Run this cell, then {invitation[0].lower()}"


class Pictured:
    """Mixed in before an ipywidget: its output holds the live view and a picture of ``picture()``.

    The picture is HTML, as figures are, and its words are the scene's ``alt``: so is the text twin,
    and a saved output holds no address of this machine.
    """

    def picture(self) -> Scene:
        """The scene that the static picture shows."""
        raise NotImplementedError

    def static_alt(self) -> str:
        """What the static picture shows, in words."""
        scene = self.picture()
        return scene.alt or f"{len(scene.points)} points"

    def static_html(self) -> str:
        """The static picture, with its words."""
        scene = self.picture()
        scene = replace(scene, sentence=INVITATION.sub(_later, scene.sentence))
        images = any(isinstance(point, Picture) for point in scene.points)
        return picture_html(png(scene), self.static_alt(), sharpness=SHARPNESS, photograph=images)

    @quiet()
    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.static_alt()}>"

    @quiet()
    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        bundle = super()._repr_mimebundle_(**kwargs) or {}  # type: ignore[misc]
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        return {**data, "text/plain": repr(self), "text/html": self.static_html()}, metadata
