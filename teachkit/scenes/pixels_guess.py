"""What the pixel explorer asks: which pixel of a training image matters most?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from teachkit.scenes.guess import Outcome, Pick, Three, Values
from teachkit.scenes.marks import Picture
from teachkit.scenes.meanings import SHARED
from teachkit.scenes.pixels import PixelState, offered
from teachkit.scenes.pixels_drawing import FACE, LEGEND, axes_of, caption, pixel_name
from teachkit.scenes.scene import Scene
from teachkit.scenes.words import signed_writer

KNOWN = {
    **LEGEND,
    "guess": SHARED["guess"],
    "predicted": SHARED["predicted"],
    "retrained": SHARED["retrained"].called("true"),
}


class WhichPixel(Pick):
    """Which pixel, painted darker by the ink, changes the test loss most?"""

    name = "which pixel matters most"
    what = "matters most"
    hides = ("along", "signs", "ink", "brush")
    keeps = ("watched",)

    def opens(self, state: PixelState, number: int) -> PixelState:
        """Nothing is painted; from the second round on, for another test image."""
        if number > 1:
            tests = [test for _, test in offered(self.start)]
            watched = replace(state.watched, test=tests[(number - 1) % len(tests)])
            state = replace(state, watched=watched, i=int(watched.order[0]))
        return replace(state, paint=np.zeros_like(state.paint))

    def options(self, state: PixelState) -> list[tuple[str, int]]:
        names = (pixel_name(state, k) for k in range(len(state.pixels)))
        return [(name, k) for k, name in enumerate(names)]

    def asks(self, state: PixelState) -> str:
        return (
            f"Which pixel, painted darker, would change the loss of test image {state.test} most? "
            "Select it, then commit your guess."
        )

    def draw(self, state: PixelState, values: Values) -> Scene:
        guess, model = self.picked(state, values), state.model
        side, (low, high) = model.side, model.shades
        pixels = []
        for k, value in enumerate(state.pixels):
            row, column = divmod(k, side)
            pixels.append(
                Picture(
                    str(k), column + 0.5, side - row - 0.5, "guess" if k == guess else "frame",
                    toggleable=False, paint=True, label=f"Pixel in {pixel_name(state, k)}",
                    values=((float(value),),), vmin=low, vmax=high, width=FACE,
                )
            )  # fmt: skip
        picked = "" if guess is None else f" Your guess is {pixel_name(state, guess)}."
        said = f"{self.asks(state)}{picked}"
        return Scene(
            axes_of(side),
            tuple(pixels),
            labels=(caption(state),),
            sentence=said,
            alt=f"Training image {state.i} of {model.name_of(state.label)}, {side} by {side} "
            f"pixels. {said}",
            legend=KNOWN,
        )

    def compare(self, state: PixelState, values: Values) -> Outcome:
        true, predicted = effects(state)
        say = signed_writer(float(np.abs(true).max()), of=state.watched.loss_now)
        outcome = self.rank(state, values, predicted, true, say)
        return replace(outcome, drawn=(state.i, outcome.numbers))

    def mark(self, state: PixelState, scene: Scene, outcome: Outcome) -> Scene:
        """Frames: where two are one pixel's, the guess is seen first, then the truth."""
        image, pixels = outcome.drawn
        if image != state.i:
            return scene
        frames = {
            pixels.prediction: "predicted", pixels.truth: "retrained", pixels.guess: "guess",
        }  # fmt: skip
        roles = {k: _roles(pixels, k) for k in pixels}
        points = tuple(
            replace(
                point, kind=frames[int(point.id)] if point.kind == "frame" else point.kind,
                note=f"{roles[int(point.id)]}; {point.note}",
            )
            if point.id.isdecimal() and int(point.id) in frames
            else point
            for point in scene.points
        )  # fmt: skip
        return replace(scene, points=points, legend=KNOWN)


def effects(state: PixelState) -> tuple[np.ndarray, np.ndarray]:
    """The change of the test loss as each pixel alone is darker: true and predicted, (d,)."""
    ink = state.shade * state.ink
    each = ink * np.eye(len(state.pixels))
    true = np.array([state.watched.true_change(state.i, delta) for delta in each])
    return true, ink * state.pert_loss / len(state.model.y)


def _roles(pixels: Three, k: int) -> str:
    names = ("your guess", "predicted to matter most", "matters most")
    return " and ".join(name for name, one in zip(names, pixels, strict=True) if one == k)
