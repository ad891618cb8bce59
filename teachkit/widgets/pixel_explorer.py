"""Paint a training image: the loss of a test image, predicted by I_pert,loss and retrained."""

from __future__ import annotations

from typing import Any

import ipywidgets as w

from teachkit.scenes import pixels as gesture
from teachkit.scenes.pixels import INKS, begin, offered
from teachkit.scenes.pixels_drawing import draw, draw_ink, draw_test
from teachkit.scenes.pixels_guess import WhichPixel
from teachkit.widgets.controls import choice, control, menu, switch
from teachkit.widgets.parts import button, row
from teachkit.widgets.plane_explorer import Beside, PlaneExplorer


class PixelExplorer(PlaneExplorer):
    """One training image to paint, beside its I_pert,loss, and the loss of one test image.

    Logistic regression, R(theta) = (1/n) sum_i L(z_i, theta) + 1/2 l2 |theta|^2. A click or a
    stroke paints pixels darker or lighter by the ink, in units of black less white; two buttons
    paint all of them, along I_pert,loss or by its signs. Predicted is I_pert,loss' delta / n, true
    the loss after retraining. Pixels may leave the range from white to black: the model takes any
    number.

    Parameters
    ----------
    split : Split
        Square images, row by row, a last column of ones; labels -1 and +1:
        ``teachkit.datasets.digits()``.
    l2 : float
        The penalty, on all columns.
    names : (str, str), optional
        What the classes -1 and +1 are called, such as ``("digit 3", "digit 8")``.
    guess : bool
        Whether truth and prediction wait for a guess: which pixel matters most.

    Raises
    ------
    ValueError
        If the images are no squares with a last column of ones, or no test image is right.

    Notes
    -----
    Lesson: 08_influence_perturbing
    """

    label_width = "6.5em"

    def __init__(
        self, split: Any, *, l2: float = 0.01, names: tuple[str, str] | None = None,
        guess: bool = False,
    ) -> None:  # fmt: skip
        start = begin(split, l2=l2, names=names)
        super().__init__(
            start,
            draw,
            [
                menu("chooser", "Test image", offered(start), shows="test", changes=gesture.watch),
                control(w.Dropdown, "image", "Training", {}, shows="i",
                        options=lambda state: state.watched.offered, changes=gesture.choose),
                choice("ink", "Ink", INKS),
                switch("brush", "Brush", [("darker", 1.0), ("lighter", -1.0)]),
                row(
                    button("along", "Along I_pert", gesture.along),
                    button("signs", "Its signs", gesture.signs),
                ),
            ],
            beside={
                "watched": Beside(draw_test, of=("test",)),
                "follows": Beside(draw_ink, waits=True),
            },
            toggles=lambda state, name, weight: gesture.paint(state, int(name), weight == 0),
            questions=[WhichPixel("08.pixels", start)] if guess else (),
        )  # fmt: skip
