"""L-BFGS with its memory on a slider, beside BFGS and steepest descent."""

from __future__ import annotations

from typing import Any

import ipywidgets as w

from teachkit.scenes import memory as gesture
from teachkit.scenes.memory import MEMORIES, PENALTIES, MemoryState, draw
from teachkit.scenes.scene import Scene
from teachkit.widgets.explorer import Explorer
from teachkit.widgets.plane import Plane


class MemoryExplorer(Explorer):
    """Logistic regression by L-BFGS: the gradient norm at each step, for a memory on a slider.

    R(theta) = (1/n) sum_i log(1 + e^(-y_i x_i'theta)) + l2/2 |theta|^2, from theta = 0.

    Parameters
    ----------
    X : array (n, p)
        With its own column of ones, if there is to be an intercept.
    y : array (n,)
        Labels -1 and +1.
    memory : int
        Pairs kept at first: 1, 2, 3, 5, 10, 20, 40 or 100.
    l2 : float
        The penalty at first: 0.1, 0.01, 0.001 or 0.0001.

    Raises
    ------
    ValueError
        If X and y are no data set, or the slider has no such memory or penalty.

    Notes
    -----
    Lesson: 04_quasi_newton
    """

    def __init__(self, X: Any, y: Any, *, memory: int = 10, l2: float = 0.01) -> None:
        start = gesture.begin(X, y, memory, l2)
        self.plane = Plane(draw(start))
        self._begin(start, self.plane.guard)
        look: dict[str, Any] = {
            "layout": w.Layout(width="22em"),
            "style": {"description_width": "5.5em"},
        }
        self.memory = w.SelectionSlider(
            options=MEMORIES, value=start.memory, description="Memory m", **look
        )
        self.l2 = w.SelectionSlider(
            options=[(f"{l2:g}", l2) for l2 in PENALTIES], value=start.l2,
            description="Penalty l2", **look,
        )  # fmt: skip
        self._listen(self.memory, lambda s, m: gesture.change(s, memory=m), glides="memory")
        self._listen(self.l2, lambda s, l2: gesture.change(s, l2=l2), glides="l2")
        controls = [self.memory, self.l2, w.HBox([self.undo_button, self.reset_button])]
        wrap = w.Layout(flex_flow="row wrap", align_items="center")
        super().__init__([self.plane, w.HBox(controls, layout=wrap)])
        self._follow()

    def picture(self) -> Scene:
        """The scene of the static picture in a saved notebook."""
        return draw(self.state)

    def _compute(self, state: MemoryState) -> None:
        _ = state.runs

    def _draw(self, *, replace: bool) -> None:
        self.plane.show(draw(self.state), replace=replace)

    def _read(self) -> None:
        state: MemoryState = self.state
        self.memory.value, self.l2.value = state.memory, state.l2
