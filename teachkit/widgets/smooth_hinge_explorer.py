"""The smooth hinge beside the hinge: what its curvature predicts, and what the truth is."""

from __future__ import annotations

from typing import Any

from teachkit.scenes.smooth_hinge import (
    PENALTIES,
    TRUTHS,
    WIDTHS,
    begin,
    move,
    offered,
    set_penalty,
)
from teachkit.scenes.smooth_hinge_drawing import draw, draw_agreement, draw_losses
from teachkit.widgets.controls import choice, switch, tick
from teachkit.widgets.parts import form, more
from teachkit.widgets.plane_explorer import Beside, PlaneExplorer


class SmoothHingeExplorer(PlaneExplorer):
    """A support vector machine whose points are dragged, and each point's removal, predicted.

    R(theta) = (1/n) sum_i loss(y_i f(x_i)) + 1/2 l2 |theta|^2, f(x) = theta . (x, 1), n fixed. The
    smooth hinge t log(1 + e^((1 - m) / t)) at the margin m = y f(x) has the curvature that the
    prediction needs, a bump of height 1/(4t) and width 4t at margin 1; as t -> 0 it shrinks onto
    the points that the hinge has on its kink.

    Beside the points stand both losses over the margin, with a dot for every training point; and,
    for each of these, the predicted change of the test loss without it against the true one. The
    prediction is influence at the smooth hinge's minimum. The truth is the hinge's machine, or the
    smooth hinge's at the same t, trained again without the point, and the change of that loss: the
    hinge by an interior-point method, exact to rounding, the smooth hinge by Newton's.

    Parameters
    ----------
    X : array (n, 2), optional
        3 to 200 points; 60 of two clouds that overlap unless told.
    y : array (n,), optional
        Labels -1 and +1.
    l2 : float
        The penalty, on the intercept as well.
    t : float
        Width of the smooth hinge's corner at first.
    test_point : (x, y), optional
        The point whose loss is watched: x two numbers, y a label. One that is on the wrong side of
        the middle unless told.
    truth : "hinge" or "smooth"
        Which machine is trained again.
    leverage : bool
        Whether a prediction is divided by 1 - h, h the leverage of the point that goes.

    Raises
    ------
    ValueError
        If X has not two columns or too many rows, labels are not -1 and +1, or l2 or t is not > 0.

    Notes
    -----
    Source: Koh & Liang (2017), section 4.3 and figure 3.
    Lesson: 11_when_assumptions_break
    """

    label_width = "6em"

    def __init__(
        self, X: Any = None, y: Any = None, *, l2: float = 0.1, t: float = 0.1,
        test_point: tuple[Any, Any] | None = None, truth: str = "hinge", leverage: bool = False,
    ) -> None:  # fmt: skip
        start = begin(X, y, l2=l2, t=t, test_point=test_point, truth=truth, leverage=leverage)
        super().__init__(
            start,
            draw,
            [
                choice("t", "Corner t", offered(WIDTHS, start.t)),
                switch("truth", "Truth", TRUTHS),
                tick("leverage", "Divide by 1 − h (leverage)"),
                more(
                    choice("l2", "Penalty l2", offered(PENALTIES, start.machine.l2),
                           shows="machine.l2", changes=set_penalty),
                    form(),
                ),
            ],
            beside={
                "losses": Beside(lambda s: draw_losses(s, self.chosen), below=True),
                "agreement": Beside(lambda s: draw_agreement(s, self.chosen), waits=True),
            },
            moves=move,
        )  # fmt: skip

    @property
    def chosen(self) -> str:
        """The point that is selected, to be found again beside."""
        return self.plane.selected
