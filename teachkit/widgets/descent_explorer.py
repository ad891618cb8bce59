"""Two methods down the same slope, step by step: any direction with any search."""

from __future__ import annotations

from typing import Any

import ipywidgets as w

from teachkit.functions import Landscape
from teachkit.scenes import descent as gesture
from teachkit.scenes.descent import LANDSCAPES, DescentState
from teachkit.scenes.descent_drawing import START, draw, draw_norms
from teachkit.scenes.methods import DIRECTIONS, MOST, SEARCHES, Method
from teachkit.scenes.scene import Scene
from teachkit.widgets.explorer import Explorer
from teachkit.widgets.plane import Plane
from teachkit.widgets.stepper import Stepper


class DescentExplorer(Explorer):
    """A function of two coordinates from above, a start to drag, and two methods side by side.

    x_{k+1} = x_k + t d with the direction d and the step length t of either method. Beside the
    paths stands the norm of the gradient at each step.

    Parameters
    ----------
    landscape : str or Landscape
        "Rosenbrock", "Himmelblau", "a long bowl", "a saddle", or a function of two coordinates
        of `teachkit.functions`.
    start : (x, y), optional
        Where both methods begin; the function's usual start unless told.
    methods : ((direction, search), (direction, search)), optional
        By the names in the menus, such as ``(("BFGS", "Wolfe"), ("BFGS", "backtracking"))``.
    k : int
        The steps shown to begin with.

    Raises
    ------
    ValueError
        If there is no such function or method, or the function is not defined at the start.

    Notes
    -----
    Lesson: 03_newton
    """

    def __init__(
        self,
        landscape: str | Landscape = "Rosenbrock",
        start: tuple[float, float] | None = None,
        methods: tuple[tuple[str, str], tuple[str, str]] | None = None,
        k: int = 0,
    ) -> None:
        state = gesture.begin(landscape, start, methods, k)
        self.plane = Plane(draw(state))
        self._begin(state, self.plane.guard)
        self.norms = Plane(draw_norms(state))
        self.plane.on_move(self._moved)
        self._make_controls()
        super().__init__([self._lay_out()])
        self._follow()

    def picture(self) -> Scene:
        """The scene of the static picture in a saved notebook."""
        return draw(self.state)

    def _make_controls(self) -> None:
        state: DescentState = self.state
        look: dict[str, Any] = {
            "layout": w.Layout(width="auto"),
            "style": {"description_width": "5.5em"},
        }
        short: dict[str, Any] = {
            "layout": w.Layout(width="10em"),
            "style": {"description_width": "5.5em"},
        }
        known = {**LANDSCAPES, state.landscape.name: state.landscape}
        options = {landscape: name for name, landscape in known.items()}
        options |= {landscape: name for name, landscape in LANDSCAPES.items()}
        self.landscape = w.Dropdown(
            options=[(name, landscape) for landscape, name in options.items()],
            value=state.landscape, description="Function", **look,
        )  # fmt: skip
        self.directions = [
            w.Dropdown(options=list(DIRECTIONS), description=f"Method {place}", **look)
            for place in ("A", "B")
        ]
        self.searches = [
            w.Dropdown(options=list(SEARCHES), description=f"Search {place}", **look)
            for place in ("A", "B")
        ]
        self.x = w.FloatText(description="Start x", **short)
        self.y = w.FloatText(description="Start y", **short)
        self.k = w.IntSlider(0, min=0, max=MOST, description="Step k", **look)
        self.steps = Stepper(self._walk, self.guard)
        self._listen(self.landscape, gesture.choose)
        self._listen(self.x, lambda state, x: gesture.move(state, x, state.start[1]))
        self._listen(self.y, lambda state, y: gesture.move(state, state.start[0], y))
        self._listen(self.k, gesture.walk, glides="steps")
        for place in (0, 1):
            self._listen(self.directions[place], _taking(place, "direction"))
            self._listen(self.searches[place], _taking(place, "search"))

    def _lay_out(self) -> w.Widget:
        half = w.Layout(flex="1 1 430px", min_width="0", max_width="40em")
        undo = w.HBox([self.undo_button, self.reset_button])
        place = w.HBox([self.x, self.y], layout=w.Layout(flex_flow="row wrap"))
        methods = [
            control for pair in zip(self.directions, self.searches, strict=True) for control in pair
        ]
        controls = w.VBox(
            [self.steps, self.k, self.landscape, *methods, place, undo],
            layout=w.Layout(max_width="26em"),
        )
        return w.HBox(
            [w.VBox([self.plane], layout=half), w.VBox([self.norms, controls], layout=half)],
            layout=w.Layout(flex_flow="row wrap", align_items="flex-start"),
        )

    def _moved(self, table: dict[str, tuple[float, float]]) -> None:
        place = table[START]
        self._go(lambda state: gesture.move(state, *place), self._ongoing("start"))

    def _walk(self, k: int) -> None:
        self._go(lambda state: gesture.walk(state, k), self._ongoing("steps"), replace=True)

    def _draw(self, *, replace: bool) -> None:
        self.plane.show(draw(self.state), replace=replace)
        self.norms.show(draw_norms(self.state))

    def _read(self) -> None:
        state: DescentState = self.state
        self.landscape.value = state.landscape
        for place, method in enumerate(state.methods):
            self.directions[place].value = method.direction
            self.searches[place].value = method.search
        for control, value in zip((self.x, self.y), state.start, strict=True):
            control.value = float(f"{value:.5g}")  # the other digits stay in the state
        self.k.max = max(state.last, 1)
        self.k.value = state.k
        self.steps.read(state.k, state.last)


def _taking(place: int, part: str) -> Any:
    def change(state: DescentState, name: str) -> DescentState:
        now = state.methods[place]
        named = {"direction": now.direction, "search": now.search, part: name}
        return gesture.take(state, place, Method(**named))

    return change
