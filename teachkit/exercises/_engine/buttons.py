"""A panel with buttons under it, and the one place where answers appear; imported in a notebook."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import anywidget
import traitlets as t

from .display import Panel, Shown, as_html, inline

HERE = Path(__file__).parent
RIGHT, WRONG = "✓ right", "✗ not it"


class Buttons(anywidget.AnyWidget):
    """`rows` are [letter, text] pairs, one button as wide as the panel for each; where no letter
    stands, the buttons stand side by side. `marks` are words on those that were pressed.
    """

    _esm = HERE / "buttons.js"
    _css = HERE / "buttons.css"

    panel = t.Unicode().tag(sync=True)
    rows: t.List[Any] = t.List().tag(sync=True)
    marks = t.Dict().tag(sync=True)
    said = t.Unicode().tag(sync=True)
    answered = t.Int(0).tag(sync=True)

    def __init__(
        self, panel: Panel, rows: Sequence[tuple[str, str]], press: Callable[[int], Shown]
    ) -> None:
        super().__init__(panel=as_html(panel), rows=[[a, inline(b)] for a, b in rows])
        self._press = press
        self.on_msg(lambda widget, content, buffers: self.press(content["press"]))

    def press(self, number: int) -> None:
        """Do as if this button were pressed, and say what came of it."""
        marks = dict(self.marks)
        try:
            shown = self._press(number)
            said, right = _inner(shown._panel()), getattr(shown, "right", None)
            if right is not None:
                marks[str(number)] = RIGHT if right else WRONG
        except Exception as error:  # an exception in a callback would show nowhere
            said = _inner(Panel("stop", f"{type(error).__name__}: {error}"))
        with self.hold_sync():
            self.marks, self.said, self.answered = marks, said, self.answered + 1


def _inner(panel: Panel) -> str:
    return as_html(replace(panel, announced=False))  # it stands in what announces


def buttons(panel: Panel, rows: Sequence[tuple[str, str]], press: Callable[[int], Any]) -> Buttons:
    """The panel, its buttons, and below them what ``press(number)`` said last."""
    return Buttons(panel, rows, press)
