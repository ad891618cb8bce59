"""Take training images out: theta and the loss at a test image, predicted beside true."""

from __future__ import annotations

import html
from typing import Any

import ipywidgets as w
import numpy as np

from teachkit.figures._png import png_of
from teachkit.figures.pixels import data_uri
from teachkit.figures.walls import WALLS, draw_walls
from teachkit.scenes import image_influence as state_of
from teachkit.scenes.image_influence import (
    ImageInfluenceState,
    describe,
    scales,
    theta_images,
)
from teachkit.scenes.words import number, signed
from teachkit.widgets.explorer import Explorer
from teachkit.widgets.guard import Guard
from teachkit.widgets.status import Status


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
        self,
        split: Any,
        *,
        l2: float = 0.01,
        walls: int = 8,
        names: tuple[str, str] | None = None,
    ) -> None:
        start = state_of.begin(split, l2=l2, walls=walls, names=names)
        self.status = Status()
        self._begin(start, Guard(self._show_error))
        self._make_controls()
        super().__init__(self._lay_out())
        self.add_class("teachkit-images")
        self._show()

    def static_alt(self) -> str:
        """What the picture of a saved notebook shows."""
        return _alt(self.state)

    def static_png(self) -> bytes:
        """The picture of a saved notebook."""
        return png_of(draw_walls(self.state), dpi=90)

    def _make_controls(self) -> None:
        state = self.state
        losses = state.model.test_losses
        options = [
            (f"{i}: {state.model.name_of(state.model.y_test[i])}, loss {number(losses[i], 2)}", i)
            for i in map(int, np.argsort(-losses, kind="stable"))
        ]
        self.chooser = w.Dropdown(
            options=options,
            value=state.test,
            description="Test image",
            layout=w.Layout(width="22em", max_width="100%"),
        )
        self._listen(self.chooser, state_of.choose)
        self.test_image, self.theta = w.HTML(), w.HTML()
        self.pictures = {name: [w.HTML() for _ in range(state.walls)] for name, _ in WALLS}
        self.buttons = {
            name: [self._button(name, k) for k in range(state.walls)] for name, _ in WALLS
        }

    def _button(self, wall: str, place: int) -> w.ToggleButton:
        button = w.ToggleButton(layout=w.Layout(width="86px"))
        self._listen(button, lambda s, _: state_of.toggle(s, getattr(s, wall)[place]))
        return button

    def _lay_out(self) -> list[w.Widget]:
        wrap = w.Layout(flex_flow="row wrap", align_items="flex-start")
        beside = w.Layout(flex="1 1 280px", min_width="0")
        buttons = w.HBox([self.undo_button, self.reset_button])
        told = w.VBox([self.chooser, self.status, buttons], layout=beside)
        told.add_class("teachkit-told")
        walls: list[w.Widget] = []
        for name, title in WALLS:
            cards = [
                w.VBox([picture, button], layout=w.Layout(width="90px", align_items="center"))
                for picture, button in zip(self.pictures[name], self.buttons[name], strict=True)
            ]
            for card in cards:
                card.add_class("teachkit-card")
            walls += [w.HTML(f"<h4>{html.escape(title)}</h4>"), w.HBox(cards, layout=wrap)]
        return [w.HBox([self.test_image, told, self.theta], layout=wrap), *walls]

    def _compute(self, state: ImageInfluenceState) -> None:
        _ = state.loss_retrained

    def _draw(self, *, replace: bool = False) -> None:
        state = self.state
        self.status.text = describe(state)
        self.test_image.value = _test_figure(state)
        self.theta.value = _theta_figures(state)
        for name, _ in WALLS:
            for i, picture in zip(getattr(state, name), self.pictures[name], strict=True):
                picture.value = _training_figure(state, i)

    def _read(self) -> None:
        state = self.state
        self.chooser.value = state.test
        for name, _ in WALLS:
            for i, button in zip(getattr(state, name), self.buttons[name], strict=True):
                button.value = i in state.removed
                button.description = f"{'Put back' if i in state.removed else 'Take out'} {i}"
                button.tooltip = button.description  # else the front end shows "null"

    def _show_error(self, text: str) -> None:
        self.status.error = text


def _figure(image: str, alt: str, caption: str, classes: str) -> str:
    return (
        f'<figure class="{classes}"><img src="{image}" alt="{html.escape(alt)}">'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def _side(label: float) -> str:
    return "teachkit-plus" if label > 0 else "teachkit-minus"


def _test_figure(state: ImageInfluenceState) -> str:
    model, i = state.model, state.test
    name = html.escape(model.name_of(model.y_test[i]))
    image = data_uri(model.image(model.X_test[i]), "grey", 0.0, 1.0)
    caption = f"test image {i}<br>{name}"
    return _figure(
        image, f"Test image {i}, {name}", caption, f"teachkit-large {_side(model.y_test[i])}"
    )


def _training_figure(state: ImageInfluenceState, i: int) -> str:
    model = state.model
    name, effect = html.escape(model.name_of(model.y[i])), signed(state.effects[i], 4)
    image = data_uri(model.image(model.X[i]), "grey", 0.0, 1.0)
    gone = " teachkit-gone" if i in state.removed else ""
    alt = f"Training image {i}, {name}; without it the test loss changes by {effect}"
    return _figure(image, alt, f"{name}<br>{effect}", f"{_side(model.y[i])}{gone}")


def _theta_figures(state: ImageInfluenceState) -> str:
    figures = []
    for (title, values), scale in zip(theta_images(state), scales(state), strict=True):
        image = data_uri(values, "signed", -scale, scale)
        alt = f"{title}, pixel by pixel, from {number(values.min())} to {number(values.max())}"
        figures.append(_figure(image, alt, f"{title}<br>±{number(scale)}", "teachkit-large"))
    return f'<div class="teachkit-row">{"".join(figures)}</div>'


def _alt(state: ImageInfluenceState) -> str:
    return (
        f"{describe(state)} Most helpful training images: {', '.join(map(str, state.helpful))}; "
        f"most harmful: {', '.join(map(str, state.harmful))}."
    )
