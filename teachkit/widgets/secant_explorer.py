"""BFGS step by step: how the ellipse that it believes in turns into the true one."""

from __future__ import annotations

from typing import Any

import ipywidgets as w

from teachkit.scenes import secant as gesture
from teachkit.scenes.scene import Scene
from teachkit.scenes.secant import ROSENBROCK, SEARCHES, VIEWS, SecantState
from teachkit.scenes.secant_drawing import START, draw, draw_close_up, draw_errors
from teachkit.widgets.explorer import Explorer
from teachkit.widgets.form import Form
from teachkit.widgets.plane import Plane
from teachkit.widgets.stepper import Stepper


class SecantExplorer(Explorer):
    """A run of BFGS in the plane: its approximate inverse Hessian B beside the true one.

    At each step two ellipses are drawn around x: d' H d = r^2, which BFGS never sees, and
    d' B^-1 d = r^2. Here B begins as I and is updated with every pair, also one with s'y <= 0.

    Parameters
    ----------
    function : str
        "Rosenbrock's valley", "a long bowl", "Himmelblau's four minima" or "two valleys and a
        saddle".
    search : "Armijo" or "Wolfe"
        How far to go along -B grad f.
    start : (x, y), optional
        Where the run begins; the customary start of the function unless told.
    steps : int
        How many steps are shown at first.

    Raises
    ------
    ValueError
        If there is no such function or search, or the start is stationary or not in the picture.

    Notes
    -----
    Lesson: 04_quasi_newton
    """

    def __init__(
        self,
        function: str = ROSENBROCK,
        search: str = "Wolfe",
        start: tuple[float, float] | None = None,
        steps: int = 0,
    ) -> None:
        names = {name.split(":")[0]: name for name in SEARCHES}
        begun = gesture.begin(function, names.get(search, search), start, steps)
        self.plane = Plane(draw(begun))
        self._begin(begun, self.plane.guard)
        self.close_up = Plane(draw_close_up(begun))
        self.errors = Plane(draw_errors(begun))
        self.plane.on_move(self._moved)
        self._make_controls()
        super().__init__([self.plane, self.steps, self._lay_out()])
        self._follow()

    def picture(self) -> Scene:
        """The scene of the static picture in a saved notebook."""
        return draw(self.state)

    def _make_controls(self) -> None:
        state: SecantState = self.state
        look: dict[str, Any] = {
            "layout": w.Layout(width="auto"),
            "style": {"description_width": "5.5em"},
        }
        self.steps = Stepper(self._walk, self.guard)
        self.function = w.Dropdown(
            options=list(VIEWS), value=state.view_name, description="Function", **look
        )
        self.search = w.Dropdown(
            options=list(SEARCHES), value=state.search, description="Search", **look
        )
        self.form = Form(self.plane)
        self._listen(self.function, gesture.choose)
        self._listen(self.search, gesture.seek)

    def _lay_out(self) -> w.Widget:
        undo = w.HBox([self.undo_button, self.reset_button])
        controls = w.VBox(
            [self.function, self.search, undo, self.form],
            layout=w.Layout(flex="1 1 280px", max_width="28em"),
        )
        beside = w.Layout(flex="1 1 300px", min_width="0", max_width="36em")
        panels = [w.VBox([panel], layout=beside) for panel in (self.close_up, self.errors)]
        wrap = w.Layout(flex_flow="row wrap", align_items="flex-start")
        return w.HBox([controls, *panels], layout=wrap)

    def _moved(self, table: dict[str, tuple[float, float]]) -> None:
        place = table[START]
        self._go(lambda state: gesture.move(state, *place), self._ongoing("start"))

    def _walk(self, k: int) -> None:
        self._go(lambda state: gesture.walk(state, k), self._ongoing("steps"), replace=True)

    def _draw(self, *, replace: bool) -> None:
        self.plane.show(draw(self.state), replace=replace)
        self.close_up.show(draw_close_up(self.state))
        self.errors.show(draw_errors(self.state))

    def _read(self) -> None:
        state: SecantState = self.state
        self.function.value = state.view_name
        self.search.value = state.search
        self.steps.read(state.k, state.last)
