"""Take training images out: theta and the loss at a test image, predicted beside true."""

from __future__ import annotations

from typing import Any

import ipywidgets as w

from teachkit.figures._png import png_of
from teachkit.figures.walls import WALLS, draw_walls
from teachkit.scenes import image_influence as gesture
from teachkit.scenes.image_influence import ImageInfluenceState, describe
from teachkit.widgets import image_figures as figure
from teachkit.widgets.controls import menu
from teachkit.widgets.explorer import Explorer
from teachkit.widgets.guard import Guard
from teachkit.widgets.parts import back, note
from teachkit.widgets.status import Status

WRAP = {"flex_flow": "row wrap", "align_items": "flex-start"}
TOLD = {"flex": "1 1 280px", "min_width": "0"}


class ImageInfluenceExplorer(Explorer):
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

    Raises
    ------
    ValueError
        If the images are no squares with a last column of ones, or a wall would be too long.

    Notes
    -----
    Lesson: 07_influence_upweighting
    """

    def __init__(
        self, split: Any, *, l2: float = 0.01, walls: int = 8, names: tuple[str, str] | None = None
    ) -> None:
        start = gesture.begin(split, l2=l2, walls=walls, names=names)
        self.status = Status()
        super().__init__(start, Guard(lambda text: setattr(self.status, "error", text)))
        self.reads(lambda state: setattr(self.status, "text", describe(state)))
        tests, look = figure.menu(start), {"shows": "test", "width": "22em"}
        chooser, undo, test, theta = self.build([
            menu("chooser", "Test image", tests, changes=gesture.choose, **look),
            back(), note(figure.of_test, "test_image"), note(figure.of_theta, "theta"),
        ])  # fmt: skip
        told = w.VBox([chooser, self.status, undo], layout=TOLD)
        told.add_class("teachkit-told")
        rows = [w.HBox([test, told, theta], layout=WRAP)]
        self.pictures, self.buttons = {}, {}
        for wall, title in WALLS:
            cards = self.build(figure.card(wall, k, gesture.toggle) for k in range(walls))
            self.pictures[wall] = [card.children[0] for card in cards]
            self.buttons[wall] = [card.children[1] for card in cards]
            rows += [w.HTML(f"<h4>{title}</h4>"), w.HBox(cards, layout=WRAP)]
        self.children = rows
        self.add_class("teachkit-images")
        self.follow()

    def _prepare(self, state: ImageInfluenceState) -> None:
        _ = state.loss_retrained

    def static_alt(self) -> str:
        """What the picture of a saved notebook shows."""
        return figure.alt(self.state)

    def static_png(self) -> bytes:
        """The picture of a saved notebook."""
        return png_of(draw_walls(self.state), dpi=90)
