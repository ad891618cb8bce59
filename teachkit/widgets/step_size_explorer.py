"""How large a step? The error of a Hessian-vector product by differences, under the hand."""

from __future__ import annotations

from typing import Any

from teachkit.scenes.step_size import (
    DTYPES,
    FORMULAS,
    GRID,
    HIGHEST,
    LENGTHS,
    LOWEST,
    begin,
    change,
    stride,
)
from teachkit.scenes.step_size_drawing import R, draw, draw_profile
from teachkit.scenes.words import scientific
from teachkit.widgets.controls import choice, slider, switch
from teachkit.widgets.plane_explorer import Beside, PlaneExplorer


class StepSizeExplorer(PlaneExplorer):
    """Error of H v by a difference of gradients against the step r: a V on log-log axes.

    The function is the risk of a logistic regression on X and y,
    R(w) = (1/n) sum_i log(1 + e^(-y_i x_i'w)) + 1/2 l2 |w|^2, at a random w with |w| = 3; the exact
    product comes from its closed form, in float64.

    Parameters
    ----------
    X : array (n, p)
    y : array (n,)
        Labels -1 and +1.
    l2 : float
        The penalty.
    seed : int
        Of w and v.

    Raises
    ------
    ValueError
        For shapes that do not fit, labels other than -1 and +1, or a negative penalty.

    Notes
    -----
    Lesson: 05_hessian_vector_products
    """

    def __init__(self, X: Any, y: Any, *, l2: float = 0.01, seed: int = 0) -> None:
        lengths = [(scientific(10.0**k, 0), k) for k in range(LENGTHS[0], LENGTHS[1] + 1)]
        super().__init__(
            begin(X, y, l2=l2, seed=seed),
            draw,
            [
                slider("log_r", "log₁₀ r", (LOWEST, HIGHEST), GRID, changes=stride, waits=True),
                switch("formula", "Formula", list(FORMULAS)),
                switch("dtype", "Numbers", list(DTYPES), shows="setting.dtype", sets=change),
                choice("length", "Length |v|", lengths, shows="setting.length", sets=change),
            ],
            beside={"profile": Beside(draw_profile, waits=True)},
            moves=lambda state, _, log_r, height: stride(state, log_r),  # the height is the error's
        )
        self.plane.selected = R
