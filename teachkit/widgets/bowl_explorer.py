"""A quadratic form under the hand: its eigenvalues and its rotation on sliders."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from teachkit.scenes.bowl import EXAMPLES, BowlState, begin, example
from teachkit.scenes.bowl_drawing import POINT, draw, draw_slices
from teachkit.widgets.controls import menu, slider
from teachkit.widgets.parts import back, form
from teachkit.widgets.plane_explorer import Beside, PlaneExplorer

LOW, HIGH = -3.0, 6.0  # of the eigenvalue sliders, unless H asks for more


class BowlExplorer(PlaneExplorer):
    """The quadratic form 1/2 x'Hx: ellipses, parallel lines or a saddle.

    H = Q diag(lambda_1, lambda_2) Q', with both eigenvalues and the angle of Q on sliders; the
    gradient Hx is drawn at a point that can be dragged.

    Parameters
    ----------
    H : array (2, 2), optional
        Symmetric; where to begin.

    Raises
    ------
    ValueError
        If H is not 2 x 2 or not symmetric.

    Notes
    -----
    Lesson: 01_toolbox
    """

    label_width = "8em"

    def __init__(self, H: Any = ((2.0, 1.0), (1.0, 2.0))) -> None:
        start = begin(H)
        reach = min(LOW, *start.eigenvalues), max(HIGH, *start.eigenvalues)
        examples = [("choose one", ""), *((name, name) for name in EXAMPLES)]
        super().__init__(
            start,
            draw,
            [
                menu("example", "Example", examples, shows=example, changes=_shown),
                slider("first", "Eigenvalue λ₁", reach, 0.1),
                slider("second", "Eigenvalue λ₂", reach, 0.1),
                slider("angle", "Angle of q₁", (0, 180), 1, readout=".0f"),
                back(),
                form(),
            ],
            beside={"slices": Beside(draw_slices, of=("first", "second"))},
            moves=lambda state, _, x, y: replace(state, x=(x, y)),
        )
        self.plane.selected = POINT


def _shown(state: BowlState, name: str) -> BowlState:
    """The example of this name; none chosen changes nothing."""
    if not name:
        return state
    first, second, angle = EXAMPLES[name]
    return replace(state, first=first, second=second, angle=angle)
