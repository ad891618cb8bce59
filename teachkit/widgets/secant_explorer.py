"""BFGS step by step: how the ellipse that it believes in turns into the true one."""

from __future__ import annotations

from teachkit.scenes import secant as gesture
from teachkit.scenes.secant import ROSENBROCK, SEARCHES, VIEWS
from teachkit.scenes.secant_drawing import draw, draw_close_up, draw_errors
from teachkit.widgets.controls import menu
from teachkit.widgets.parts import form, stepper
from teachkit.widgets.plane_explorer import Beside, PlaneExplorer


class SecantExplorer(PlaneExplorer):
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

    label_width = "5.5em"

    def __init__(
        self, function: str = ROSENBROCK, search: str = "Wolfe",
        start: tuple[float, float] | None = None, steps: int = 0,
    ) -> None:  # fmt: skip
        names = {name.split(":")[0]: name for name in SEARCHES}
        super().__init__(
            gesture.begin(function, names.get(search, search), start, steps),
            draw,
            [
                menu("function", "Function", [*VIEWS], shows="view_name", changes=gesture.choose),
                menu("search", "Search", [*SEARCHES], changes=gesture.seek),
                form(),
            ],
            beside={"close_up": Beside(draw_close_up), "errors": Beside(draw_errors, below=True)},
            moves=lambda state, _, x, y: gesture.move(state, x, y),
            above=[stepper(gesture.walk)],
            large="close_up",
        )
