"""The images of the image explorer in HTML with their words, and the button under each."""

from __future__ import annotations

import html

import ipywidgets as w
import numpy as np

from teachkit.figures.pixels import data_uri
from teachkit.scenes.image_influence import ImageInfluenceState, describe, scales, theta_images
from teachkit.scenes.words import number, signed
from teachkit.widgets.controls import Writing, control
from teachkit.widgets.explorer import Explorer
from teachkit.widgets.parts import Made, Part, note


def _figure(image: str, words: str, caption: str, classes: str) -> str:
    return (
        f'<figure class="{classes}"><img src="{image}" alt="{html.escape(words)}">'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def _side(label: float) -> str:
    return "teachkit-plus" if label > 0 else "teachkit-minus"


def menu(state: ImageInfluenceState) -> list[tuple[str, int]]:
    """The test images by their loss, the largest first."""
    losses, names = state.model.test_losses, map(state.model.name_of, state.model.y_test)
    said = [f"{i}: {name}, loss {number(losses[i], 2)}" for i, name in enumerate(names)]
    return [(said[i], int(i)) for i in np.argsort(-losses, kind="stable")]


def of_test(state: ImageInfluenceState) -> str:
    """The test image, framed in the colour of its class."""
    model, i = state.model, state.test
    name = html.escape(model.name_of(model.y_test[i]))
    image = data_uri(model.image(model.X_test[i]), "grey", 0.0, 1.0)
    caption = f"test image {i}<br>{name}"
    return _figure(
        image, f"Test image {i}, {name}", caption, f"teachkit-large {_side(model.y_test[i])}"
    )


def of_training(state: ImageInfluenceState, i: int) -> str:
    """Training image i with its predicted effect, pale where it is out."""
    model = state.model
    name, effect = html.escape(model.name_of(model.y[i])), signed(state.effects[i], 4)
    image = data_uri(model.image(model.X[i]), "grey", 0.0, 1.0)
    gone = " teachkit-gone" if i in state.removed else ""
    words = f"Training image {i}, {name}; without it the test loss changes by {effect}"
    return _figure(image, words, f"{name}<br>{effect}", f"{_side(model.y[i])}{gone}")


def of_theta(state: ImageInfluenceState) -> str:
    """Theta now, and its change: predicted and true."""
    figures = []
    for (title, values), scale in zip(theta_images(state), scales(state), strict=True):
        image = data_uri(values, "signed", -scale, scale)
        words = f"{title}, pixel by pixel, from {number(values.min())} to {number(values.max())}"
        figures.append(_figure(image, words, f"{title}<br>±{number(scale)}", "teachkit-large"))
    return f'<div class="teachkit-row">{"".join(figures)}</div>'


def alt(state: ImageInfluenceState) -> str:
    """What the picture of a saved notebook shows."""
    return (
        f"{describe(state)} Most helpful training images: {', '.join(map(str, state.helpful))}; "
        f"most harmful: {', '.join(map(str, state.harmful))}."
    )


def card(wall: str, k: int, toggle: Writing) -> Part:
    """Image k of a wall, and the button that takes it out: ``toggle(state, i)``."""

    def image(state: ImageInfluenceState) -> int:
        return getattr(state, wall)[k]

    def offer(state: ImageInfluenceState) -> str:
        return f"{'Put back' if image(state) in state.removed else 'Take out'} {image(state)}"

    button = control(
        w.ToggleButton, f"{wall} {k}", "", {}, width="86px",
        shows=lambda state: image(state) in state.removed,
        changes=lambda state, _: toggle(state, image(state)),
        description=offer, tooltip=offer,  # else the front end shows "null"
    )  # fmt: skip

    def build(explorer: Explorer) -> w.Widget:
        parts = [note(lambda state: of_training(state, image(state))), button]
        box = w.VBox(explorer.build(parts), layout={"width": "90px", "align_items": "center"})
        box.add_class("teachkit-card")
        return box

    return Made(build)
