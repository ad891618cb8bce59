"""What the image explorer asks: which of these training images helps the test image most?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from teachkit.retraining import leave_one_out
from teachkit.scenes.guess import Outcome, Pick, Three, Values
from teachkit.scenes.image_influence import ImageInfluenceState, offered
from teachkit.scenes.image_influence_drawing import legend, theta_pictures
from teachkit.scenes.marks import Label, wall_of
from teachkit.scenes.meanings import SHARED, Meaning
from teachkit.scenes.pictures import asked_picture, training_picture
from teachkit.scenes.scene import Scene
from teachkit.scenes.words import signed

TITLE = "Which of these helps the test image most? In the order of their numbers"


class WhichImage(Pick):
    """Without which of the images in both walls does the test loss rise most?"""

    name = "which image helps most"
    what = "helps most"

    def opens(self, state: ImageInfluenceState, number: int) -> ImageInfluenceState:
        """All images in; from the second round on, another test image."""
        test = state.test
        if number > 1:
            tests = [i for _, i in offered(self.start)]
            test = tests[(number - 1) % len(tests)]
        return replace(state, test=test, removed=frozenset(), warm=None)

    def options(self, state: ImageInfluenceState) -> list[tuple[str, int]]:
        """The images of both walls, in the order of their numbers, which tells nothing."""
        return [(f"image {i}", i) for i in sorted([*state.helpful, *state.harmful])]

    def asks(self, state: ImageInfluenceState) -> str:
        return (
            f"Without which of these {2 * state.walls} training images would the loss of test "
            f"image {state.test} rise most? Select it, then commit your guess."
        )

    def draw(self, state: ImageInfluenceState, values: Values) -> Scene:
        guess, offers = self.picked(state, values), [i for _, i in self.options(state)]
        pictures = [asked_picture(state.model, state.test, (0.5, 0), 1.3), *theta_pictures(state)]
        for k, i in enumerate(offers):
            place = k % state.walls, -1 - k // state.walls
            picture = training_picture(state.model, i, place, str(i), 1.0, "", "")
            caption = picture.caption + ("your guess" if i == guess else "")
            kind = "guess" if i == guess else picture.kind
            pictures.append(replace(picture, toggleable=False, caption=caption, kind=kind))
        picked = "" if guess is None else f" Your guess is image {guess}."
        said = f"{self.asks(state)}{picked}"
        return Scene(
            wall_of(max(state.walls, 8), 3),
            tuple(pictures),
            labels=(Label("asked", 0, -1, TITLE),),
            sentence=said,
            alt=f"{said} They are {', '.join(map(str, offers))}.",
            legend=_legend(state),
        )

    def compare(self, state: ImageInfluenceState, values: Values) -> Outcome:
        offers = [i for _, i in self.options(state)]
        true = effects(state, offers)
        outcome = self.rank(
            state, values, state.effects[offers], true, lambda v: signed(v, 4), np.positive
        )
        return replace(outcome, drawn=outcome.numbers)

    def mark(self, state: ImageInfluenceState, scene: Scene, outcome: Outcome) -> Scene:
        """Frames: where two are one image's, the guess is seen first, then the truth."""
        roles = {i: _roles(outcome.numbers, i) for i in outcome.numbers}
        kinds = {
            outcome.numbers.prediction: "predicted",
            outcome.numbers.truth: "retrained",
            outcome.numbers.guess: "guess",
        }
        points = tuple(
            replace(p, kind=kinds[int(p.id)], note=f"{roles[int(p.id)]}; {p.note}")
            if p.id.isdecimal() and int(p.id) in kinds
            else p
            for p in scene.points
        )
        return replace(scene, points=points, legend=_legend(state))


def effects(state: ImageInfluenceState, images: list[int]) -> np.ndarray:
    """The true change of the test loss without each of these, by retraining, (k,)."""
    influence = state.influence
    risk, theta = influence.risk, influence.theta
    changes = leave_one_out(risk, theta, images)
    losses = [risk.loss_at(theta + change, state.x_test, state.y_test) for change in changes]
    return np.array(losses, dtype=float) - state.loss_now


def _roles(images: Three, i: int) -> str:
    names = zip(("your guess", "predicted", "true"), images, strict=True)
    return " and ".join(name for name, one in names if one == i)


def _legend(state: ImageInfluenceState) -> dict[str, Meaning]:
    marked = {"guess": SHARED["guess"], "predicted": SHARED["predicted"]}
    return {**legend(state), **marked, "retrained": SHARED["retrained"].called("true")}
