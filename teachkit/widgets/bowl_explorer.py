"""A quadratic form under the hand: its eigenvalues and its rotation on sliders."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from teachkit.scenes.bowl import EXAMPLES, begin, choose, example, turn
from teachkit.scenes.bowl_drawing import POINT, draw, draw_slices
from teachkit.widgets.controls import menu, slider
from teachkit.widgets.parts import form
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
        reach = min(LOW, *start.sized), max(HIGH, *start.sized)
        unit = "" if start.size == 1 else f", in {start.size:g}"
        examples = [("choose one", ""), *((name, name) for name in EXAMPLES)]
        super().__init__(
            start,
            draw,
            [
                menu("example", "Example", examples, shows=example, changes=choose),
                slider("first", f"Eigenvalue λ₁{unit}", reach, 0.1,
                       shows=lambda state: state.sized[0], sets=turn),
                slider("second", f"Eigenvalue λ₂{unit}", reach, 0.1,
                       shows=lambda state: state.sized[1], sets=turn),
                slider("angle", "Angle of q₁", (0, 180), 1, readout=".0f"),
                form(),
            ],
            beside={"slices": Beside(draw_slices, of=("first", "second"))},
            moves=lambda state, _, x, y: replace(state, x=(x, y)),
        )  # fmt: skip
        self.plane.selected = POINT
