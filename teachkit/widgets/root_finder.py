"""Newton's method for f(x) = 0, under the hand: the tangent, the steps, and how they can fail."""

from __future__ import annotations

from teachkit.scenes import root_finding as gesture
from teachkit.scenes.root_drawing import draw
from teachkit.scenes.root_finding import PRESETS, Preset, RootState
from teachkit.widgets.controls import entry, field, menu
from teachkit.widgets.parts import back, column, row, stepper
from teachkit.widgets.plane_explorer import PlaneExplorer

OWN = "one of your own"
PRESET = {preset.text: preset for preset in PRESETS}
MENU = [*((f"{preset.name}: {preset.text}", preset.text) for preset in PRESETS), (OWN, "")]


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
        text = PRESETS[0].text if text is None else text
        near = PRESET.get(text, Preset(OWN, text, 1.0, (-4.0, 4.0)))
        functions = column(
            menu("preset", "Function", MENU, shows=_preset, changes=_chosen),
            entry("text", "f(x) =", shows="formula.text", changes=gesture.retype),
        )
        numbers = column(
            field("x0", "Start x₀", changes=gesture.move, width="10.5em"),
            row(
                field("low", "Picture", width="10.5em", shows=lambda s: s.view[0],
                      changes=lambda s, low: gesture.look(s, low, s.view[1])),
                field("high", "to", width="6.5em", label_width="1.6em", shows=lambda s: s.view[1],
                      changes=lambda s, high: gesture.look(s, s.view[0], high)),
            ),
        )  # fmt: skip
        super().__init__(
            gesture.begin(near.text, near.x0 if x0 is None else x0, view or near.view),
            draw,
            [row(functions, numbers, back())],
            moves=lambda state, _, x, y: gesture.move(state, x),
            above=[stepper(gesture.walk)],
        )


def _preset(state: RootState) -> str:
    text = state.formula.text
    return text if text in PRESET else ""


def _chosen(state: RootState, text: str) -> RootState:
    return gesture.choose(state, PRESET[text]) if text else state
