"""L-BFGS with its memory on a slider, beside BFGS and steepest descent."""

from __future__ import annotations

from typing import Any

from teachkit.scenes import memory as gesture
from teachkit.scenes.memory import MEMORIES, PENALTIES, draw
from teachkit.widgets.controls import choice
from teachkit.widgets.parts import row
from teachkit.widgets.plane_explorer import PlaneExplorer


class MemoryExplorer(PlaneExplorer):
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

    label_width = "5.5em"

    def __init__(self, X: Any, y: Any, *, memory: int = 10, l2: float = 0.01) -> None:
        penalties = [(f"{l2:g}", l2) for l2 in PENALTIES]
        controls = row(
            choice("memory", "Memory m", MEMORIES, width="22em"),
            choice("l2", "Penalty l2", penalties, width="22em"),
        )
        super().__init__(gesture.begin(X, y, memory, l2), draw, [controls], wide=True)
