"""The static twin of a widget: what GitHub, nbviewer and a saved notebook show of it."""

from __future__ import annotations

import base64
from typing import Any

from teachkit.arrays import quiet
from teachkit.figures.draw import png
from teachkit.scenes.scene import Scene


class Pictured:
    """Mixed in before an ipywidget: its output holds the live view and a PNG of ``picture()``.

    The text twin is the scene's ``alt``, so a saved output holds no address of this machine. What
    is not drawn from a scene has ``static_alt`` and ``static_png`` of its own.
    """

    def picture(self) -> Scene:
        """The scene that the static picture shows."""
        raise NotImplementedError

    def static_alt(self) -> str:
        """What the static picture shows, in words."""
        scene = self.picture()
        return scene.alt or f"{len(scene.points)} points"

    def static_png(self) -> bytes:
        """The static picture."""
        return png(self.picture())

    @quiet()
    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.static_alt()}>"

    @quiet()
    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        bundle = super()._repr_mimebundle_(**kwargs) or {}  # type: ignore[misc]
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        data = {
            **data,
            "text/plain": repr(self),
            "image/png": base64.b64encode(self.static_png()).decode("ascii"),
        }
        return data, {**metadata, "image/png": {"alt": self.static_alt()}}
