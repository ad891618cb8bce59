"""The pixel explorer's scenes: the image to paint beside its I_pert, the loss, the test image."""

from __future__ import annotations

import numpy as np

from teachkit.scenes.drawing import curve, table, upright
from teachkit.scenes.image_influence_drawing import colours
from teachkit.scenes.marks import Label, Picture
from teachkit.scenes.meanings import SHARED, Meaning
from teachkit.scenes.pixels import INKS, PixelState
from teachkit.scenes.scene import Axes, Line, Scene
from teachkit.scenes.words import counted, round_up, signed_writer, writer

FACE = 0.9  # of a pixel's room: between pixels the frames of the painted ones are seen
LEGEND = {
    "darker": Meaning("solid blue", "painted darker"),
    "lighter": Meaning("orange dash", "painted lighter"),
    "frame": Meaning("thin grey"),
}
CURVES = {
    "retrained": SHARED["retrained"].called(""),
    "predicted": SHARED["predicted"].called(""),
    "guide": SHARED["guide"],
}


def draw(state: PixelState) -> Scene:
    """Left the training image, pixel by pixel, right I_pert,loss at the same size."""
    side = state.model.side
    said = describe(state)
    return Scene(
        axes_of(side),
        (*_pixels(state), _pert_loss(state)),
        labels=(caption(state),),
        sentence=said,
        alt=(
            f"Training image {state.i} of {state.model.name_of(state.label)}, {side} by {side} "
            f"pixels, and beside it the picture of its I_pert,loss. {said}"
        ),
        table=_table(state),
        legend=LEGEND,
    )


def draw_ink(state: PixelState) -> Scene:
    """The change of the test loss as the ink grows, predicted and true."""
    most = next((ink for _, ink in INKS if ink > state.ink), 1.0)
    if not state.paint.any():
        axes = Axes((0.0, most), (-1.0, 1.0), "ink", "change of test loss")
        said = "Paint a pixel to see the loss follow its ink."
        return Scene(axes, sentence=said, alt="Nothing is painted, so no curve is drawn.")
    inks = np.linspace(0.0, most, 13)
    predicted, true = state.with_ink(inks)
    reach = round_up(1.1 * float(max(np.abs(predicted).max(), np.abs(true).max())))
    axes = Axes((0.0, 1.3 * most), (-reach, reach), "ink", "change of test loss")
    lines = (
        Line("retrained", curve(inks, true), "retrained", end="true"),
        Line("predicted", curve(inks, predicted), "predicted", end="predicted"),
        upright("now", state.ink, axes, "ink now"),
    )
    say = signed_writer(predicted[-1], true[-1], of=state.watched.loss_now)
    return Scene(
        axes,
        lines=lines,
        sentence="The same pixels with less and with more ink.",
        alt=(
            f"The change of the test loss as the ink of the same pixels grows from 0 to {most:g}, "
            f"where it is {say(predicted[-1])} predicted and {say(true[-1])} true."
        ),
        legend=CURVES,
    )


def draw_test(state: PixelState) -> Scene:
    """The test image whose loss is watched."""
    model, side = state.model, state.model.side
    low, high = model.shades
    name = model.name_of(state.watched.label)
    caption = f"test image {state.test}: {name}"
    picture = Picture(
        "test", side / 2, side / 2, "frame", label=f"Test image {state.test}", toggleable=False,
        values=_rows(model.image(model.X_test[state.test])), vmin=low, vmax=high,
        width=float(side), caption=caption,
    )  # fmt: skip
    return Scene(
        Axes((-0.2, side + 0.2), (-0.25 * side, side + 0.2), equal=True, bare=True),
        (picture,),
        sentence="The image whose loss is watched.",
        alt=f"The test image whose loss is watched, number {state.test}, of {name}.",
        legend={"frame": LEGEND["frame"]},
    )


def describe(state: PixelState) -> str:
    """How it is painted, and what that does to the test loss."""
    now = state.watched.loss_now
    if not state.paint.any():
        return (
            f"Nothing is painted: test image {state.test} has the loss {writer(now)(now)}. Where "
            "I_pert is blue, darker raises it; where it is orange, lighter does."
        )
    count, delta = int(np.count_nonzero(state.paint)), state.delta / state.shade
    say = signed_writer(state.predicted, state.true, of=now)
    two, largest = float(np.linalg.norm(delta)), float(np.abs(delta).max())
    return (
        f"{counted(count, 'pixel')} painted, |δ|₂ = {writer(two)(two)}, largest "
        f"{writer(largest)(largest)}: test loss {say(state.predicted)} predicted by "
        f"I_pert,loss'δ/n, {say(state.true)} true."
    )


def _rows(values: np.ndarray) -> tuple[tuple[float, ...], ...]:
    return tuple(map(tuple, values.tolist()))


def _pixels(state: PixelState) -> list[Picture]:
    model, side = state.model, state.model.side
    low, high = model.shades
    there = state.pixels + state.delta
    rates = state.shade * state.pert_loss / len(model.y)  # of the test loss, for a full ink
    write = signed_writer(*map(float, rates), of=state.watched.loss_now)
    pixels = []
    for k, (value, painted) in enumerate(zip(there, state.paint, strict=True)):
        row, column = divmod(k, side)
        kind = "frame" if painted == 0 else "darker" if painted > 0 else "lighter"
        pixels.append(
            Picture(
                str(k), column + 0.5, side - row - 0.5, kind, float(painted == 0), paint=True,
                label=f"Pixel in {pixel_name(state, k)}",
                note=f"a full ink changes the test loss by {write(float(rates[k]))}, "
                "to first order",
                values=((float(value),),), vmin=low, vmax=high, width=FACE,
            )
        )  # fmt: skip
    return pixels


def axes_of(side: int) -> Axes:
    """Room for two pictures of so many pixels, side by side."""
    return Axes((-0.2, 2.15 * side + 0.2), (-0.3 * side, side + 0.2), equal=True, bare=True)


def pixel_name(state: PixelState, k: int) -> str:
    """Where pixel k is."""
    row, column = divmod(k, state.model.side)
    return f"row {row + 1}, column {column + 1}"


def caption(state: PixelState) -> Label:
    """Which training image it is."""
    side = state.model.side
    text = f"training image {state.i}: {state.model.name_of(state.label)}"
    return Label("caption", 0.0, -0.085 * side, text)


def _pert_loss(state: PixelState) -> Picture:
    _model, side = state.model, state.model.side
    values = state.pert_loss * state.shade
    scale = float(np.abs(values).max()) or 1.0
    ends = float(values.min()), float(values.max())
    write = writer(*ends)
    return Picture(
        "pert", 1.65 * side, side / 2, "frame", label="I_pert,loss", toggleable=False,
        values=_rows(values.reshape(side, side)), palette="signed", vmin=-scale, vmax=scale,
        width=float(side), caption=f"I_pert,loss\n{colours(scale)}",
        note="pixel by pixel, from {} to {}".format(*map(write, ends)),
    )  # fmt: skip


def _table(state: PixelState) -> tuple[tuple[str, ...], ...]:
    now = state.watched.loss_now
    say = signed_writer(state.predicted, state.true, of=now)
    write = writer(now)
    return table(
        ("test loss", "predicted", "true"),
        ("change", say(state.predicted), say(state.true)),
        ("then", write(now + state.predicted), write(now + state.true)),
    )
