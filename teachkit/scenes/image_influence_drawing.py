"""The image explorer's state as a scene: the test image, theta and its changes, and two walls."""

from __future__ import annotations

import numpy as np

from teachkit.scenes.image_influence import ImageInfluenceState
from teachkit.scenes.marks import Label, Picture, wall_of
from teachkit.scenes.meanings import Meaning
from teachkit.scenes.pictures import asked_picture, frames, training_picture, values_of
from teachkit.scenes.scene import Scene
from teachkit.scenes.words import listed, number, plus, signed, signed_writer, writer

Array = np.ndarray
WALLS = (
    ("helpful", "Most helpful: predicted change of loss without each"),
    ("harmful", "Most harmful: predicted change of loss without each"),
)
LARGE = 1.3  # a picture, in columns


def draw(state: ImageInfluenceState) -> Scene:
    """In the first row the test image and theta, then the images that help and those that harm."""
    pictures = [asked_picture(state.model, state.test, (0.5, 0), LARGE), *theta_pictures(state)]
    for row, (wall, _) in enumerate(WALLS, start=1):
        images = enumerate(getattr(state, wall))
        pictures += [_training_image(state, i, column, row) for column, i in images]
    return Scene(
        wall_of(max(state.walls, 8), 1 + len(WALLS)),
        points=tuple(pictures),
        labels=tuple(Label(name, 0, -row, title) for row, (name, title) in enumerate(WALLS, 1)),
        sentence=describe(state),
        alt=_alt(state),
        legend=legend(state),
    )


def legend(state: ImageInfluenceState) -> dict[str, Meaning]:
    """What the frames mean."""
    return {**frames(*state.model.names), "theta": Meaning("thin grey")}


def theta_pictures(state: ImageInfluenceState) -> list[Picture]:
    """Theta now, and its change, predicted and true, or what is to be done to see it."""
    pictures: list[Picture] = []
    known = zip(theta_images(state), scales(state), strict=True)
    for k, ((title, values), scale) in enumerate(known, start=1):
        seen = k == 1 or bool(state.removed)
        pictures.append(
            Picture(
                f"theta-{k}", 0.5 + 2 * k, 0, "theta", label=title, toggleable=False, width=LARGE,
                values=values_of(values), palette="signed", vmin=-scale, vmax=scale,
                caption=f"{title}\n{colours(scale)}" if seen else title,
                note=_range(values) if seen else "no image is out yet",
                inside="" if seen else "take an\nimage out",
            )
        )  # fmt: skip
    return pictures


def colours(scale: float) -> str:
    """What the full colours of the signed palette stand for."""
    full = writer(scale)(scale)
    return f"blue {plus(full)}\norange −{full}"


def _range(values: Array) -> str:
    ends = float(values.min()), float(values.max())
    return "pixel by pixel, from {} to {}".format(*map(writer(*ends), ends))


def _training_image(state: ImageInfluenceState, i: int, column: int, row: int) -> Picture:
    effect = signed(float(state.effects[i]), 4)
    note = f"without it the test loss changes by {effect}"
    weight = float(i not in state.removed)
    return training_picture(state.model, i, (column, -row), str(i), weight, effect, note)


def theta_images(state: ImageInfluenceState) -> tuple[tuple[str, Array], ...]:
    """Theta with all images in, and its change, predicted and true, as squares with titles."""
    image = state.model.image
    return (
        ("θ now", image(state.now)),
        ("predicted change", image(state.predicted_change)),
        ("true change", image(state.true_change)),
    )


def scales(state: ImageInfluenceState) -> tuple[float, float, float]:
    """The largest absolute value each picture of theta shows: both changes share theirs."""
    now, *changes = (float(np.abs(values).max()) for _, values in theta_images(state))
    change = max(changes) or now
    return now, change, change


def describe(state: ImageInfluenceState) -> str:
    """What is out and what it does to the loss of the test image, in a sentence."""
    before = f"Test image {state.test}: loss {number(state.loss_now)}"
    if not state.removed:
        return f"{before} with all {len(state.model.y)} training images in. Take some out."
    predicted = state.loss_predicted - state.loss_now
    true = state.loss_retrained - state.loss_now
    say = signed_writer(predicted, true, of=state.loss_now)
    count = len(state.removed)
    out = "1 image out" if count == 1 else f"{count} images out"
    how = "" if count == 1 else " (at θ plus the sum of the single predictions)"
    return (
        f"{before}; {out}: {say(predicted)} predicted{how}, {say(true)} true.{_out_of_sight(state)}"
    )


def _out_of_sight(state: ImageInfluenceState) -> str:
    """Images taken out for another test image may stand in neither wall of this one."""
    hidden = sorted(state.removed.difference(state.helpful, state.harmful))
    return f" In neither wall: {listed([str(i) for i in hidden])}." if hidden else ""


def _alt(state: ImageInfluenceState) -> str:
    return (
        f"{describe(state)} Most helpful training images: {', '.join(map(str, state.helpful))}; "
        f"most harmful: {', '.join(map(str, state.harmful))}."
    )
