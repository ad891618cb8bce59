"""The losses of the learning problem as curves, and what each says of one margin or residual."""

from __future__ import annotations

from teachkit.scenes.loss import DERIVATIVES, LOSSES, NEITHER, SCALES, begin, choose, look, turn_to
from teachkit.scenes.loss_drawing import AT, draw, draw_derivative
from teachkit.widgets.controls import Control, field, menu, slider, switch, tick
from teachkit.widgets.parts import more, row
from teachkit.widgets.plane_explorer import Beside, PlaneExplorer


class LossExplorer(PlaneExplorer):
    """Losses over the margin y f(x), or over the residual f(x) - y, and a place to look at.

    Zero-one, hinge, smooth hinge t log(1 + e^((1 - y f) / t)), logistic and square (1 - y f)^2 by
    the margin, for labels -1 and +1; square, absolute and epsilon-insensitive by the residual. The
    table reads value, slope and curvature of each in the score f, from `teachkit.losses`; where a
    loss has no derivative, the plane of the derivative says why.

    Parameters
    ----------
    over : "margin" or "residual"
    at : float
        The margin or residual that is looked at first, rounded to 0.05.
    t : float
        Width of the smooth hinge's corner, > 0.
    epsilon : float
        Half the width of what is free for the epsilon-insensitive loss, >= 0.
    derivative : "neither", "slope" or "curvature"
        Which of them is drawn beside the losses.

    Raises
    ------
    ValueError
        If there is no such scale or derivative, or no loss with such a t or epsilon.

    Notes
    -----
    Lesson: 02_learning_problem
    """

    label_width = "6em"

    def __init__(
        self, over: str = "margin", at: float = 0.5, *, t: float = 0.5, epsilon: float = 0.5,
        derivative: str = NEITHER,
    ) -> None:  # fmt: skip
        start = begin(over, at, t=t, epsilon=epsilon, derivative=derivative)
        reach = (min(0.05, start.t), max(2.0, start.t)), (0.0, max(2.0, start.epsilon))
        super().__init__(
            start,
            draw,
            [
                switch("over", "Over the", list(SCALES), changes=turn_to),
                slider("t", "Corner t", reach[0], 0.05, disabled=lambda s: s.over != "margin"),
                slider("epsilon", "ε", reach[1], 0.05, disabled=lambda s: s.over == "margin"),
                menu("derivative", "Derivative", [NEITHER, *DERIVATIVES]),
                more(row(*map(_shows, LOSSES)), field("at", "Look at", changes=look)),
            ],
            beside={"derivatives": Beside(draw_derivative)},
            moves=lambda state, _, at, height: look(state, at),  # the point stays on the axis
        )
        self.plane.selected = AT


def _shows(key: str) -> Control:
    """Whether a loss is drawn."""
    return tick(
        key, LOSSES[key].name,
        shows=lambda s: key in s.chosen,
        changes=lambda s, shown: choose(s, key, shown),
        disabled=lambda s: s.over not in LOSSES[key].scales,
    )  # fmt: skip
