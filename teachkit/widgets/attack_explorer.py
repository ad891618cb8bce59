"""An attack on training images, step by step, beside random signs of the same size."""

from __future__ import annotations

from typing import Any

from teachkit.scenes.attack import BUDGETS, COUNTS, begin, offered, step_to
from teachkit.scenes.attack_drawing import draw, draw_images
from teachkit.widgets.controls import choice, menu
from teachkit.widgets.parts import stepper
from teachkit.widgets.plane_explorer import Beside, PlaneExplorer


class AttackExplorer(PlaneExplorer):
    """How little training images have to change to flip a test image: what a data owner may check.

    Logistic regression, R(theta) = (1/n) sum_i L(z_i, theta) + 1/2 l2 |theta|^2. In each step every
    pixel of the chosen training images moves along the sign of I_pert,loss, within the budget, and
    the model is trained again. The margin y theta'x of the test image stands over the steps, beside
    what one draw of random signs by the whole budget does to it, trained again too. From 1/255 on
    images stay 8-bit images; at 0.5/255, where there is no other, pixels may be any numbers.

    Parameters
    ----------
    split : Split, optional
        Square 8-bit images, k/255, row by row, a last column of ones; labels -1 and +1. Unless
        told, MNIST's 4 and 9 with every 2 x 2 pixels as one and 300 to train on: with
        ``datasets.mnist(4, 9)`` each step trains 785 parameters, and takes longer.
    l2 : float
        The penalty, on all columns.
    names : (str, str), optional
        What the classes -1 and +1 are called.
    budget : 0.5, 1, 2, 4, 8, 16 or 32
        How far a pixel may move at first, in levels of 255.
    count : 1, 2, 5 or 10
        How many training images may be changed at first: those that can do most.

    Raises
    ------
    ValueError
        If the images are not such, no test image is right, or the controls have no such value.

    Notes
    -----
    Source: Koh & Liang (2017), section 5.2.
    Lesson: 13_training_set_attacks
    """

    label_width = "6.5em"

    def __init__(
        self, split: Any = None, *, l2: float = 1e-3, names: tuple[str, str] | None = None,
        budget: float = 8, count: int = 2,
    ) -> None:  # fmt: skip
        start = begin(split, l2=l2, names=names, budget=budget, count=count)
        super().__init__(
            start,
            draw,
            [
                menu("test", "Test image", offered(start)),
                choice("budget", "Budget ε", BUDGETS),
                choice("count", "Images", [(str(count), count) for count in COUNTS]),
            ],
            beside={"images": Beside(draw_images, waits=True)},
            above=[stepper(step_to)],
        )
