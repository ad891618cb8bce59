"""Two methods down the same slope, step by step: any direction with any search."""

from __future__ import annotations

from dataclasses import replace

from teachkit.functions import Landscape
from teachkit.scenes import descent as gesture
from teachkit.scenes.descent_drawing import draw, draw_norms
from teachkit.scenes.methods import MOST, PARTS
from teachkit.widgets.controls import Control, counter, menu, pair
from teachkit.widgets.parts import row, stepper, typed
from teachkit.widgets.plane_explorer import Beside, PlaneExplorer

WIDTHS = {"direction": "17.2em", "search": "15em"}  # beside each other, where there is room


class DescentExplorer(PlaneExplorer):
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

    label_width = "5em"

    def __init__(
        self, landscape: str | Landscape = "Rosenbrock", start: tuple[float, float] | None = None,
        methods: tuple[tuple[str, str], tuple[str, str]] | None = None, k: int = 0,
    ) -> None:  # fmt: skip
        state = gesture.begin(landscape, start, methods, k)
        super().__init__(
            state,
            draw,
            [
                counter("k", "Step k", MOST, changes=gesture.walk, waits=True,
                        max=lambda s: max(s.last, 1)),
                menu("landscape", "Function", gesture.offered(state), changes=gesture.choose),
                *(row(*(_menu(place, part) for part in PARTS)) for place in (0, 1)),
                typed(row(*pair(("x", "Start x"), ("y", "Start y"), of="start",
                                changes=gesture.move, digits=5, width="12em"))),
            ],
            beside={"norms": Beside(draw_norms, waits=True)},
            moves=lambda state, _, x, y: gesture.move(state, x, y),
            above=[stepper(gesture.walk)],
        )  # fmt: skip
        self.directions = [self.controls[f"direction {place}"] for place in (0, 1)]
        self.searches = [self.controls[f"search {place}"] for place in (0, 1)]


def _menu(place: int, part: str) -> Control:
    """The direction or the search of the first (0) or the second method (1)."""
    label, options = PARTS[part]
    return menu(
        f"{part} {place}", f"{label} {'AB'[place]}", options, width=WIDTHS[part],
        shows=lambda s: getattr(s.methods[place], part),
        changes=lambda s, name: gesture.take(s, place, replace(s.methods[place], **{part: name})),
    )  # fmt: skip
