"""How large a step? The error of a Hessian-vector product by differences, under the hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import ipywidgets as w

from teachkit.scenes.scene import Scene
from teachkit.scenes.step_size import (
    DTYPES,
    FORMULAS,
    GRID,
    HIGHEST,
    LENGTHS,
    LOWEST,
    StepSizeState,
    begin,
    change,
    stride,
)
from teachkit.scenes.step_size_drawing import R, draw, draw_profile
from teachkit.scenes.words import scientific
from teachkit.widgets.explorer import Explorer
from teachkit.widgets.plane import Plane


class StepSizeExplorer(Explorer):
    """Error of H v by a difference of gradients against the step r: a V on log-log axes.

    The function is the risk of a logistic regression on X and y,
    R(w) = (1/n) sum_i log(1 + e^(-y_i x_i'w)) + 1/2 l2 |w|^2, at a random w with |w| = 3; the exact
    product comes from its closed form, in float64.

    Parameters
    ----------
    X : array (n, p)
    y : array (n,)
        Labels -1 and +1.
    l2 : float
        The penalty.
    seed : int
        Of w and v.

    Raises
    ------
    ValueError
        For shapes that do not fit, labels other than -1 and +1, or a negative penalty.

    Notes
    -----
    Lesson: 05_hessian_vector_products
    """

    def __init__(self, X: Any, y: Any, *, l2: float = 0.01, seed: int = 0) -> None:
        start = begin(X, y, l2=l2, seed=seed)
        self.plane, self.profile = Plane(draw(start)), Plane(draw_profile(start))
        self._begin(start, self.plane.guard)
        self.plane.on_move(self._moved)
        self.plane.selected = R
        self._make_controls()
        super().__init__([self.plane, self._lay_out()])
        self._follow()

    def picture(self) -> Scene:
        """The scene of the static picture in a saved notebook."""
        return draw(self.state)

    def _make_controls(self) -> None:
        state: StepSizeState = self.state
        look = {"layout": w.Layout(width="auto"), "style": {"description_width": "6em"}}
        self.formula = w.ToggleButtons(
            options=list(FORMULAS), value=state.formula, description="Formula",
            layout=w.Layout(width="auto"),
            style={"description_width": "6em", "button_width": "7em"},
        )  # fmt: skip
        self.dtype = w.ToggleButtons(
            options=list(DTYPES), value=state.setting.dtype, description="Numbers",
            layout=w.Layout(width="auto"),
            style={"description_width": "6em", "button_width": "7em"},
        )  # fmt: skip
        self.length = w.SelectionSlider(
            options=[(scientific(10.0**k, 0), k) for k in range(LENGTHS[0], LENGTHS[1] + 1)],
            value=state.setting.length, description="Length |v|", **look,
        )  # fmt: skip
        self.log_r = w.FloatSlider(
            state.log_r, min=LOWEST, max=HIGHEST, step=GRID, description="log₁₀ r",
            readout_format=".2f", **look,
        )  # fmt: skip
        self._listen(self.formula, lambda s, name: replace(s, formula=name))
        self._listen(self.dtype, lambda s, dtype: change(s, dtype=dtype))
        self._listen(self.length, lambda s, length: change(s, length=length), glides="length")
        self._listen(self.log_r, stride, glides="r")

    def _lay_out(self) -> w.Widget:
        wrap = w.Layout(flex_flow="row wrap", align_items="flex-start")
        buttons = w.HBox([self.undo_button, self.reset_button])
        left = w.VBox(
            [self.log_r, self.formula, self.dtype, self.length, buttons],
            layout=w.Layout(flex="1 1 300px", max_width="28em"),
        )
        right = w.VBox(
            [self.profile], layout=w.Layout(flex="1 1 300px", min_width="0", max_width="36em")
        )
        return w.HBox([left, right], layout=wrap)

    def _moved(self, table: dict[str, tuple[float, float]]) -> None:
        log_r, _ = table[R]  # the height is the error's, not the hand's
        self._go(lambda state: stride(state, log_r), self._ongoing("move"))

    def _draw(self, *, replace: bool) -> None:
        self.plane.show(draw(self.state), replace=replace)
        self.profile.show(draw_profile(self.state))

    def _read(self) -> None:
        state: StepSizeState = self.state
        self._put(self.log_r, state.log_r)
        self.formula.value = state.formula
        self.dtype.value = state.setting.dtype
        self.length.value = state.setting.length
