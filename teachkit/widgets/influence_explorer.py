"""Change a training set by hand: retrained and predicted parameters appear side by side."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import Any

import ipywidgets as w

from teachkit.scenes import influence as gesture
from teachkit.scenes.history import History
from teachkit.scenes.influence import LOSSES, TEST, InfluenceState
from teachkit.scenes.influence_drawing import draw, draw_path
from teachkit.scenes.influence_start import begin
from teachkit.scenes.scene import Scene
from teachkit.scenes.words import number
from teachkit.widgets.form import Form
from teachkit.widgets.picture import Pictured
from teachkit.widgets.plane import Plane

PAUSE = 1.0  # seconds of rest that end a gesture, so that undo stops there
PENALTIES = (1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0)

Change = Callable[[InfluenceState], InfluenceState]


class InfluenceExplorer(Pictured, w.VBox):
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
        self.history: History[InfluenceState] = History.begin(start)
        self._rested, self._last = 0, 0.0
        self._following = False
        self.plane = Plane(draw(start))
        self.path = Plane(draw_path(start, None))
        self.plane.on_move(self._moved)
        self.plane.on_toggle(self._toggled)
        self.plane.on_select(self._selected)
        self._make_controls()
        super().__init__([self.plane, self._lay_out()])
        self._follow()

    @property
    def state(self) -> InfluenceState:
        """What is shown now."""
        return self.history.present

    @property
    def chosen(self) -> int | None:
        """The selected training point, the one that epsilon acts on."""
        return int(self.plane.selected) if self.plane.selected not in ("", TEST) else None

    def picture(self) -> Scene:
        """The scene of the static picture in a saved notebook."""
        return draw(self.state)

    def undo(self, _: Any = None) -> None:
        """Take the last gesture back."""
        self.history = self.history.undo()
        self._show(replace=True)

    def reset(self, _: Any = None) -> None:
        """Back to the start; this too can be undone."""
        self.history = self.history.reset()
        self._show(replace=True)

    # ---- controls

    def _make_controls(self) -> None:
        state, wide = self.state, w.Layout(width="auto")
        named = {"description_width": "5.5em"}
        end = 1 / state.n
        self.form = Form(self.plane)
        self.undo_button = w.Button(description="Undo")
        self.reset_button = w.Button(description="Reset")
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
        guard = self.plane.guard
        self.undo_button.on_click(guard(self.undo))
        self.reset_button.on_click(guard(self.reset))
        for control, callback in (
            (self.epsilon, self._upweighed),
            (self.leverage, self._leverage_set),
            (self.l2, self._l2_set),
            (self.loss, self._loss_set),
        ):
            control.observe(guard(callback), "value")

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
        if i is not None:
            self._set(lambda s: gesture.upweigh(s, i, change["new"]), self._ongoing("epsilon", i))

    def _leverage_set(self, change: Any) -> None:
        self._set(lambda state: gesture.set_leverage(state, change["new"]))

    def _l2_set(self, change: Any) -> None:
        self._set(lambda state: gesture.set_fit(state, l2=change["new"]), self._ongoing("l2"))

    def _loss_set(self, change: Any) -> None:
        self._set(lambda state: gesture.set_fit(state, loss=change["new"]))

    def _ongoing(self, *name: Hashable) -> Hashable:
        """A name that stays the same from one move of a gesture to the next."""
        now = time.monotonic()
        self._rested += now - self._last > PAUSE
        self._last = now
        return (*name, self._rested)

    def _set(self, change: Change, name: Hashable = None) -> None:
        """What a control asks for; nothing while the controls only follow the state."""
        if not self._following:
            self._go(change, name, replace=True)

    def _go(self, change: Change, name: Hashable = None, *, replace: bool = False) -> None:
        """On to the changed state; where there is none, or no theta fits it, all stays as it is."""
        try:
            state = change(self.state)
            _ = state.answer
        except ValueError:
            self._follow()
            raise
        self.history = self.history.push(state, name)
        self._show(replace=replace)

    # ---- showing

    def _show(self, *, replace: bool = False) -> None:
        self.plane.show(draw(self.state), replace=replace)
        self.path.show(draw_path(self.state, self.chosen))
        self._follow()

    def _follow(self) -> None:
        """The controls as the state has them."""
        state, i = self.state, self.chosen
        epsilon = 0.0 if i is None else state.epsilon(i)
        self._following = True
        try:
            if abs(self.epsilon.value - epsilon) > 1e-9:  # rounding must not push the hand back
                self.epsilon.value = epsilon
            self.epsilon.disabled = i is None
            self.epsilon_text.value = _epsilon_text(state, i)
            self.leverage.value = state.leverage
            self.l2.value = state.fit.l2
            self.loss.value = state.fit.loss
            self.undo_button.disabled = not self.history.can_undo
            self.reset_button.disabled = state is self.history.start
        finally:
            self._following = False


def _epsilon_text(state: InfluenceState, i: int | None) -> str:
    if i is None:
        return "Select a training point to change its weight."
    return f"Point {i}: weight 1 + n ε = {number(state.weights[i], 2)}"
