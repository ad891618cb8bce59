"""A quadratic form under the hand: its eigenvalues and its rotation on sliders."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import ipywidgets as w

from teachkit.scenes.bowl import EXAMPLES, BowlState, begin, example
from teachkit.scenes.bowl_drawing import POINT, draw, draw_slices
from teachkit.scenes.scene import Scene
from teachkit.widgets.explorer import Explorer
from teachkit.widgets.form import Form
from teachkit.widgets.plane import Plane

LOW, HIGH = -3.0, 6.0  # of the eigenvalue sliders, unless H asks for more


class BowlExplorer(Explorer):
    """The quadratic form 1/2 x'Hx: ellipses, parallel lines or a saddle.

    H = Q diag(lambda_1, lambda_2) Q', with both eigenvalues and the angle of Q on sliders; the
    gradient Hx is drawn at a point that can be dragged.

    Parameters
    ----------
    H : array (2, 2), optional
        Symmetric; where to begin.

    Raises
    ------
    ValueError
        If H is not 2 x 2 or not symmetric.

    Notes
    -----
    Lesson: 01_toolbox
    """

    def __init__(self, H: Any = ((2.0, 1.0), (1.0, 2.0))) -> None:
        start = begin(H)
        self.plane, self.slices = Plane(draw(start)), Plane(draw_slices(start))
        self._begin(start, self.plane.guard)
        self.plane.on_move(self._moved)
        self.plane.selected = POINT
        self._make_controls()
        super().__init__([self.plane, self._lay_out()])
        self._follow()

    def picture(self) -> Scene:
        """The scene of the static picture in a saved notebook."""
        return draw(self.state)

    def _make_controls(self) -> None:
        state: BowlState = self.state
        look = {"layout": w.Layout(width="auto"), "style": {"description_width": "8em"}}
        low, high = min(LOW, *state.eigenvalues), max(HIGH, *state.eigenvalues)
        self.example = w.Dropdown(
            options=[("choose one", ""), *((name, name) for name in EXAMPLES)],
            description="Example", **look,
        )  # fmt: skip
        self.first, self.second = (
            w.FloatSlider(
                value, min=low, max=high, step=0.1, description=name, readout_format=".2f", **look
            )
            for value, name in zip(
                state.eigenvalues, ("Eigenvalue λ₁", "Eigenvalue λ₂"), strict=True
            )
        )
        self.angle = w.FloatSlider(
            state.angle, min=0, max=180, step=1, description="Angle of q₁", readout_format=".0f",
            **look,
        )  # fmt: skip
        self.form = Form(self.plane)
        self._listen(self.example, _shown)
        # The slider counts in tenths, and a tenth is no binary number: 0 has to be 0.
        self._listen(self.first, lambda s, v: replace(s, first=round(v, 6)), glides="first")
        self._listen(self.second, lambda s, v: replace(s, second=round(v, 6)), glides="second")
        self._listen(self.angle, lambda s, v: replace(s, angle=round(v, 6)), glides="angle")

    def _lay_out(self) -> w.Widget:
        wrap = w.Layout(flex_flow="row wrap", align_items="flex-start")
        sliders = [self.example, self.first, self.second, self.angle]
        left = w.VBox(
            [*sliders, w.HBox([self.undo_button, self.reset_button]), self.form],
            layout=w.Layout(flex="1 1 300px", max_width="28em"),
        )
        right = w.VBox(
            [self.slices], layout=w.Layout(flex="1 1 300px", min_width="0", max_width="36em")
        )
        return w.HBox([left, right], layout=wrap)

    def _moved(self, table: dict[str, tuple[float, float]]) -> None:
        self._go(lambda state: replace(state, x=table[POINT]), self._ongoing("move"))

    def _draw(self, *, replace: bool) -> None:
        self.plane.show(draw(self.state), replace=replace)
        self.slices.show(draw_slices(self.state))

    def _read(self) -> None:
        state: BowlState = self.state
        self._put(self.first, state.first)
        self._put(self.second, state.second)
        self._put(self.angle, state.angle)
        self.example.value = example(state)


def _shown(state: BowlState, name: str) -> BowlState:
    """The example of this name; none chosen changes nothing."""
    if not name:
        return state
    first, second, angle = EXAMPLES[name]
    return replace(state, first=first, second=second, angle=angle)
