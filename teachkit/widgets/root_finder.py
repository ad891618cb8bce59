"""Newton's method for f(x) = 0, under the hand: the tangent, the steps, and how they can fail."""

from __future__ import annotations

from teachkit.scenes import root_finding as gesture
from teachkit.scenes.root_drawing import draw
from teachkit.scenes.root_finding import PRESETS
from teachkit.widgets.controls import entry, field, menu, pair
from teachkit.widgets.parts import row, stepper
from teachkit.widgets.plane_explorer import PlaneExplorer

MENU = [(f"{preset.name}: {preset.text}", preset.text) for preset in PRESETS]


class RootFinder(PlaneExplorer):
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
        self, text: str | None = None, x0: float | None = None,
        view: tuple[float, float] | None = None,
    ) -> None:  # fmt: skip
        near = gesture.preset(PRESETS[0].text if text is None else text)
        super().__init__(
            gesture.begin(near.text, near.x0 if x0 is None else x0, view or near.view),
            draw,
            [
                menu("preset", "Function", [*MENU, ("one of your own", "")],
                     changes=gesture.choose),
                entry("text", "f(x) =", shows="formula.text", changes=gesture.retype),
                field("x0", "Start x₀", changes=gesture.move, width="16em"),
                row(*pair(("low", "Picture"), ("high", "to", "1.6em"), of="view",
                          changes=gesture.look, width="11em")),
            ],
            moves=lambda state, _, x, y: gesture.move(state, x),
            above=[stepper(gesture.walk)],
        )  # fmt: skip
