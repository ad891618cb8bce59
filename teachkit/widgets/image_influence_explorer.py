"""Take training images out: theta and the loss at a test image, predicted beside true."""

from __future__ import annotations

from typing import Any

from teachkit.scenes.image_influence import begin, offered
from teachkit.scenes.image_influence_drawing import draw
from teachkit.scenes.image_influence_guess import WhichImage
from teachkit.scenes.removal import choose, toggle
from teachkit.widgets.controls import menu
from teachkit.widgets.plane_explorer import PlaneExplorer


class ImageInfluenceExplorer(PlaneExplorer):
    """The training images that help and harm a test image most, to be taken out by a click.

    Logistic regression, R(theta) = (1/n) sum_i w_i L(z_i, theta) + 1/2 l2 |theta|^2, n fixed. Under
    each image stands the predicted change of the test loss without it; above, the sum of these
    predictions for all that are out, and the truth by exact retraining.

    Parameters
    ----------
    split : Split
        Square images, row by row, a last column of ones; labels -1 and +1:
        ``teachkit.datasets.digits()``.
    l2 : float
        The penalty, on all columns.
    walls : int
        Images in each wall.
    names : (str, str), optional
        What the classes -1 and +1 are called, such as ``("digit 3", "digit 8")``.
    guess : bool
        Whether truth and prediction wait for a guess: which image helps most.

    Raises
    ------
    ValueError
        If the images are no squares with a last column of ones, or a wall would be too long.

    Notes
    -----
    Lesson: 07_influence_upweighting
    """

    def __init__(
        self, split: Any, *, l2: float = 0.01, walls: int = 8, names: tuple[str, str] | None = None,
        guess: bool = False,
    ) -> None:  # fmt: skip
        start = begin(split, l2=l2, walls=walls, names=names)
        look = {"shows": "test", "changes": choose, "width": "22em"}
        super().__init__(
            start,
            draw,
            [],
            above=[menu("chooser", "Test image", offered(start), **look)],
            toggles=lambda state, name, _: toggle(state, int(name)),
            wide=True,
            questions=[WhichImage("07.images", start)] if guess else (),
        )
