"""A domain mismatch: who among the training rows makes the model wrong about a healthy child?"""

from __future__ import annotations

from teachkit.scenes.mismatch import (
    PENALTIES,
    RIGHT,
    SEEDS,
    WRONG,
    begin,
    draw_anew,
    take_strongest,
    weigh,
)
from teachkit.scenes.mismatch_drawing import draw, draw_chance
from teachkit.widgets.controls import choice, counter, menu
from teachkit.widgets.parts import button
from teachkit.widgets.plane_explorer import Beside, PlaneExplorer

TESTS = [
    *((f"wrong at l2 = 0.001, {k + 1}", k) for k in range(WRONG)),
    *((f"right at l2 = 0.001, {k + 1}", WRONG + k) for k in range(RIGHT)),
]


class MismatchExplorer(PlaneExplorer):
    """Influences on a healthy test child, sorted: take rows out, and see its probability move.

    Logistic regression on `rand_children`, R(theta) = (1/n) sum_i w_i L(z_i, theta) +
    1/2 l2 |theta|^2, trained on older patients and four of 24 children, three of whom were in
    hospital. A bar is -I_up,loss(z_i, z_test), n times the predicted rise of the test child's loss
    without row i; a mark across it is n times the true one, by exact retraining. A bar that is
    clicked goes out, with weight 0, or comes back. Beside it stands P(in hospital) of the test
    child: at the theta that influence predicts for all that are out, and at the retrained one.

    Parameters
    ----------
    seed : int
        0 to 19: which patients.
    l2 : float
        The penalty at first, on all columns: 0.0003, 0.001, 0.003 or 0.01.
    test : int
        The test child at first: 0 to 5 are wrong at l2 = 0.001, 6 and 7 are right.

    Raises
    ------
    TypeError, ValueError
        If the controls have no such value.

    Notes
    -----
    Source: Koh & Liang (2017), section 5.3.
    Lesson: 14_domain_mismatch
    """

    label_width = "5.5em"

    def __init__(self, *, seed: int = 0, l2: float = 1e-3, test: int = 0) -> None:
        super().__init__(
            begin(seed=seed, l2=l2, test=test),
            draw,
            [
                menu("test", "Test child", TESTS),
                choice("l2", "Penalty l2", [(f"{value:g}", value) for value in PENALTIES]),
                counter("seed", "Seed", SEEDS, shows="patients.seed", changes=draw_anew),
                button("strongest", "Take the strongest out", take_strongest),
            ],
            beside={"chance": Beside(draw_chance)},
            toggles=lambda state, name, weight: weigh(state, int(name), weight),
        )
