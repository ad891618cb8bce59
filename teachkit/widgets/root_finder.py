"""Newton's method for f(x) = 0, under the hand: the tangent, the steps, and how they can fail."""

from __future__ import annotations

from typing import Any

import ipywidgets as w

from teachkit.scenes import root_finding as gesture
from teachkit.scenes.root_drawing import START, draw
from teachkit.scenes.root_finding import PRESETS, Preset, RootState
from teachkit.scenes.scene import Scene
from teachkit.widgets.explorer import Explorer
from teachkit.widgets.plane import Plane
from teachkit.widgets.stepper import Stepper

OWN = "one of your own"


class RootFinder(Explorer):
    """A function, a start to drag along the axis, and Newton's method from there, step by step.

    The next x is where the tangent meets the axis, x_{k+1} = x_k - f(x_k)/f'(x_k).

    Parameters
    ----------
    text : str, optional
        A function of x such as ``"x^3 - 2x - 5"``: x, numbers, pi, e, + - * / ^, brackets and
        functions such as sin, exp, log, sqrt. It is read, never run. The first preset unless told.
    x0 : float, optional
        The start.
    view : (low, high), optional
        The part of the x axis that is drawn.

    Raises
    ------
    ValueError
        If the text is no such function, or x0 and view are no numbers to draw.

    Notes
    -----
    Lesson: 03_newton
    """

    def __init__(
        self,
        text: str | None = None,
        x0: float | None = None,
        view: tuple[float, float] | None = None,
    ) -> None:
        preset = _preset(text) or PRESETS[0]
        near = preset if text is None or _preset(text) else Preset(OWN, text, 1.0, (-4.0, 4.0))
        start = gesture.begin(near.text, near.x0 if x0 is None else x0, view or near.view)
        self.plane = Plane(draw(start))
        self._begin(start, self.plane.guard)
        self.plane.on_move(self._moved)
        self._make_controls()
        super().__init__([self.plane, self._lay_out()])
        self._follow()

    def picture(self) -> Scene:
        """The scene of the static picture in a saved notebook."""
        return draw(self.state)

    def _make_controls(self) -> None:
        look: dict[str, Any] = {
            "layout": w.Layout(width="auto"),
            "style": {"description_width": "6em"},
        }
        end: dict[str, Any] = {"layout": w.Layout(width="10.5em"), "style": look["style"]}
        short: dict[str, Any] = {
            "layout": w.Layout(width="6.5em"),
            "style": {"description_width": "1.6em"},
        }
        options = [(f"{preset.name}: {preset.text}", preset.text) for preset in PRESETS]
        self.preset = w.Dropdown(options=[*options, (OWN, "")], description="Function", **look)
        self.text = w.Text(description="f(x) =", continuous_update=False, **look)
        self.x0 = w.FloatText(description="Start x₀", **end)
        self.low = w.FloatText(description="Picture", **end)
        self.high = w.FloatText(description="to", **short)
        self.steps = Stepper(self._walk, self.guard)
        self._listen(self.preset, _chosen)
        self._listen(self.text, gesture.retype)
        self._listen(self.x0, gesture.move)
        self._listen(self.low, lambda state, low: gesture.look(state, low, state.view[1]))
        self._listen(self.high, lambda state, high: gesture.look(state, state.view[0], high))

    def _lay_out(self) -> w.Widget:
        wrap = w.Layout(flex_flow="row wrap", align_items="flex-start")
        half = w.Layout(flex="1 1 300px", max_width="30em")
        undo = w.HBox([self.undo_button, self.reset_button])
        view = w.HBox([self.low, self.high])
        left = w.VBox([self.steps, undo], layout=half)
        right = w.VBox([self.preset, self.text, self.x0, view], layout=half)
        return w.HBox([left, right], layout=wrap)

    def _moved(self, table: dict[str, tuple[float, float]]) -> None:
        x, _ = table[START]
        self._go(lambda state: gesture.move(state, x), self._ongoing("start"))

    def _walk(self, k: int) -> None:
        self._go(lambda state: gesture.walk(state, k), self._ongoing("steps"), replace=True)

    def _compute(self, state: RootState) -> None:
        _ = state.iterates

    def _draw(self, *, replace: bool) -> None:
        self.plane.show(draw(self.state), replace=replace)

    def _read(self) -> None:
        state: RootState = self.state
        self.preset.value = state.formula.text if _preset(state.formula.text) else ""
        self.text.value = state.formula.text
        self.x0.value = float(f"{state.x0:.6g}")  # the other digits stay in the state
        self.low.value, self.high.value = (float(f"{end:.6g}") for end in state.view)
        self.steps.read(state.k, state.last)


def _preset(text: str | None) -> Preset | None:
    return next((preset for preset in PRESETS if preset.text == text), None)


def _chosen(state: RootState, text: str) -> RootState:
    preset = _preset(text)
    return state if preset is None else gesture.choose(state, preset)
