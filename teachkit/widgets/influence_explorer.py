"""Change a training set by hand: retrained and predicted parameters appear side by side."""

from __future__ import annotations

from typing import Any

import ipywidgets as w

from teachkit.scenes import influence as gesture
from teachkit.scenes.influence import LOSSES, TEST, InfluenceState
from teachkit.scenes.influence_drawing import draw, draw_path
from teachkit.scenes.influence_start import begin
from teachkit.scenes.scene import Scene
from teachkit.scenes.words import number
from teachkit.widgets.explorer import Explorer, rounded
from teachkit.widgets.form import Form
from teachkit.widgets.plane import Plane

PENALTIES = (1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0)


class InfluenceExplorer(Explorer):
    """A training set to drag and to grey out: theta now, retrained and predicted by influence.

    R(theta) = (1/n) sum_i w_i L(z_i, theta) + 1/2 l2 |theta|^2 with n fixed: greying sets w_i to 0.

    Parameters
    ----------
    X : array (n, 2) or (n, 1)
        Two columns with labels: a classifier and its boundary. One column: a line. A column of
        ones is added inside, and penalised like the rest.
    y : array (n,)
        Labels -1 and +1; real numbers for a line.
    test_point : (x, y), optional
        The point whose loss is watched: x as a row of X, y as an entry of y. Left out, it stands
        between the classes as one of class +1, or on the median line in the middle of the x.
    loss : "logistic", "square" or "smooth hinge"
        Of a classifier, "logistic" unless told; a line has the square loss.
    l2 : float
        0.01 for a classifier and 0 for a line unless told.
    leverage : bool
        Whether the prediction counts the changed points' own curvature.
    t : float
        Width of the smooth hinge's bend.

    Raises
    ------
    ValueError
        If X has neither one nor two columns, the labels are not -1 and +1, or no theta fits.

    Notes
    -----
    Lesson: 07_influence_upweighting
    """

    def __init__(
        self,
        X: Any,
        y: Any,
        *,
        test_point: tuple[Any, Any] | None = None,
        loss: str | None = None,
        l2: float | None = None,
        leverage: bool = False,
        t: float = 0.1,
    ) -> None:
        start = begin(X, y, test_point=test_point, loss=loss, l2=l2, leverage=leverage, t=t)
        self.plane = Plane(draw(start))
        self._begin(start, self.plane.guard)
        self.path = Plane(draw_path(start, None))
        self.plane.on_move(self._moved)
        self.plane.on_toggle(self._toggled)
        self.plane.on_select(self._selected)
        self._make_controls()
        super().__init__([self.plane, self._lay_out()])
        self._follow()

    @property
    def chosen(self) -> int | None:
        """The selected training point, the one that epsilon acts on."""
        return int(self.plane.selected) if self.plane.selected not in ("", TEST) else None

    def picture(self) -> Scene:
        """The scene of the static picture in a saved notebook."""
        return draw(self.state)

    # ---- controls

    def _make_controls(self) -> None:
        state, wide = self.state, w.Layout(width="auto")
        named = {"description_width": "5.5em"}
        end = 1 / state.n
        self.form = Form(self.plane)
        self.epsilon = w.FloatSlider(
            0.0, min=-end, max=end, step=end / 20, description="ε", readout_format="+.4f",
            layout=wide, style=named,
        )  # fmt: skip
        self.epsilon_text = w.HTML()
        self.leverage = w.Checkbox(
            state.leverage, description="Count own curvature (leverage)",
            indent=False, layout=wide,
        )  # fmt: skip
        penalties = sorted({*PENALTIES, state.fit.l2, *((0.0,) if state.is_line else ())})
        self.l2 = w.SelectionSlider(
            options=[(f"{value:g}", value) for value in penalties], value=state.fit.l2,
            description="Penalty l2", layout=wide, style=named,
        )  # fmt: skip
        self.loss = w.Dropdown(
            options=LOSSES, value=state.fit.loss, description="Loss", layout=wide, style=named
        )
        self.epsilon.observe(self.guard(self._upweighed), "value")
        self._listen(self.leverage, gesture.set_leverage)
        self._listen(self.l2, lambda s, l2: gesture.set_fit(s, l2=l2), glides="l2")
        self._listen(self.loss, lambda s, loss: gesture.set_fit(s, loss=loss))

    def _lay_out(self) -> w.Widget:
        wrap = w.Layout(flex_flow="row wrap", align_items="flex-start")
        point = [
            w.HBox([self.undo_button, self.reset_button]),
            self.form,
            self.epsilon,
            self.epsilon_text,
        ]
        model = [self.leverage, self.l2, *(() if self.state.is_line else (self.loss,))]
        left = w.VBox([*point, *model], layout=w.Layout(flex="1 1 300px", max_width="26em"))
        right = w.VBox(
            [self.path], layout=w.Layout(flex="1 1 300px", min_width="0", max_width="36em")
        )
        return w.HBox([left, right], layout=wrap)

    # ---- gestures

    def _moved(self, table: dict[str, tuple[float, float]]) -> None:
        def change(state: InfluenceState) -> InfluenceState:
            for name, place in table.items():
                if name == TEST:
                    state = gesture.move_test(state, *place)
                else:
                    state = gesture.move(state, int(name), *place)
            return state

        self._go(change, self._ongoing("move", *table))

    def _toggled(self, table: dict[str, float]) -> None:
        def change(state: InfluenceState) -> InfluenceState:
            for name, weight in table.items():
                state = gesture.weigh(state, int(name), weight)
            return state

        self._go(change)

    def _selected(self, _: str) -> None:
        self.path.show(draw_path(self.state, self.chosen))
        self._follow()

    def _upweighed(self, change: Any) -> None:
        i = self.chosen
        if i is not None and not rounded(change):
            self._set(lambda s: gesture.upweigh(s, i, change["new"]), self._ongoing("epsilon", i))

    # ---- showing

    def _compute(self, state: InfluenceState) -> None:
        _ = state.answer

    def _draw(self, *, replace: bool) -> None:
        self.plane.show(draw(self.state), replace=replace)
        self.path.show(draw_path(self.state, self.chosen))

    def _read(self) -> None:
        state, i = self.state, self.chosen
        epsilon = 0.0 if i is None else state.epsilon(i)
        self._put(self.epsilon, epsilon)
        self.epsilon.disabled = i is None
        self.epsilon_text.value = _epsilon_text(state, i)
        self.leverage.value = state.leverage
        self.l2.value = state.fit.l2
        self.loss.value = state.fit.loss


def _epsilon_text(state: InfluenceState, i: int | None) -> str:
    if i is None:
        return "Select a training point to change its weight."
    return f"Point {i}: weight 1 + n ε = {number(state.weights[i], 2)}"
