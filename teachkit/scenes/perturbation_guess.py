"""What the perturbation explorer asks: which way must a point go to raise the test loss most?"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from scipy.optimize import minimize_scalar

from teachkit.scenes.drawing import pair
from teachkit.scenes.guess import Outcome, Question, Three, Values, changes, handle
from teachkit.scenes.influence_drawing import KINDS
from teachkit.scenes.meanings import SHARED
from teachkit.scenes.perturbation import PerturbationState, place
from teachkit.scenes.perturbation_drawing import LEGEND, boundary, ring, test_point
from teachkit.scenes.scene import Arrow, Line, Point, Scene
from teachkit.scenes.words import signed_writer

Array = np.ndarray
WAYS = 24  # directions that are retrained before the best one is refined


class WhichWay(Question):
    """The direction of a move of fixed length, in degrees from the x axis, anticlockwise."""

    name = "which way raises the loss most"
    what = "direction"
    hides = ("radius", "angle", "l2")

    def opens(self, state: PerturbationState, number: int) -> PerturbationState:
        """No point is moved; from the second round on it is another one's turn."""
        others = [i for i in range(len(state.y)) if i != self.start.i]
        i = self.start.i if number == 1 else int(np.random.default_rng(number).choice(others))
        return replace(state, i=i, radius=0.0, direction=0.0)

    def first(self, state: PerturbationState) -> Values:
        """Aside, where there is room."""
        x, y = pair(state.X[state.i])
        aside = state.reach / 4
        return (x + aside if x + aside < state.axes.xlim[1] else x - aside), y

    def place(
        self, state: PerturbationState, values: Values, name: str, x: float, y: float
    ) -> Values:
        return x, y

    def asks(self, state: PerturbationState) -> str:
        return (
            f"Which way must point {state.i} go to raise the loss at the star most? Drag the end "
            "of your arrow there, then commit your guess."
        )

    def draw(self, state: PerturbationState, values: Values) -> Scene:
        points = [
            Point(
                str(i), float(x), float(y), KINDS[float(state.y[i])], draggable=False,
                toggleable=False, label=f"Point {i}",
            )
            for i, (x, y) in enumerate(state.X)
        ]  # fmt: skip
        end = handle(values[0], values[1], "End of your arrow")
        home, said = pair(state.X[state.i]), self.asks(state)
        arrow = Arrow("guess", home, (values[0], values[1]), "guess", "your guess")
        now = Line("now", boundary(state, state.watching.now), "now", "now", end="now")
        return Scene(
            state.axes,
            (*points, end, test_point(state)),
            (now, ring(state, _radius(state, values))),
            (arrow,),
            sentence=said,
            alt=f"{len(state.y)} training points of two classes, a test point, and the boundary. "
            f"{said}",
            legend={**LEGEND, "guess": SHARED["guess"]},
        )

    def compare(self, state: PerturbationState, values: Values) -> Outcome:
        radius = _radius(state, values)
        if not radius:
            raise ValueError(
                f"Your arrow has no length: its end is where point {state.i} is. Drag it away."
            )
        gradient = state.pert_loss
        if not gradient.any():
            raise ValueError(
                f"No move of point {state.i} changes the loss to first order. Drag the star."
            )
        home = state.X[state.i]
        guess = math.atan2(values[1] - home[1], values[0] - home[0])
        predicted = math.atan2(gradient[1], gradient[0])
        angles = Three(guess, predicted, steepest(state, radius))
        degrees = Three(*(round(math.degrees(angle) % 360, 6) for angle in angles))
        effects = [_loss(state, radius, angle) - state.watching.loss_now for angle in angles]
        slopes = [float(gradient @ _unit(angle)) / len(state.y) for angle in angles]
        say = signed_writer(*effects, of=state.watching.loss_now)
        arrows = tuple(
            Arrow(f"way-{style}", pair(home), pair(home + radius * _unit(angle)), style, said)
            for style, said, angle in zip(
                ("retrained", "guess"), ("true", "your guess"), (angles.truth, angles.guess),
                strict=True,
            )
        )  # fmt: skip
        return Outcome(
            numbers=degrees,
            words=Three(*(f"{round(angle) % 360}°" for angle in degrees)),
            error=between(degrees.guess, degrees.truth),
            predicted_error=between(degrees.prediction, degrees.truth),
            off=lambda angle: f"{angle:.0f}°",
            rows=changes(*(Three(*map(say, of)) for of in ([radius * s for s in slopes], effects))),
            drawn=(state.i, arrows),
        )

    def commits(self, state: PerturbationState, values: Values) -> PerturbationState:
        """The point is where the arrow sends it."""
        return place(state, str(state.i), values[0], values[1])

    def mark(self, state: PerturbationState, scene: Scene, outcome: Outcome) -> Scene:
        """Its arrows beside I_pert, the prediction, as long as the point is the one asked about."""
        i, drawn = outcome.drawn
        arrows = (*scene.arrows, *drawn) if i == state.i else scene.arrows
        return replace(scene, arrows=arrows, legend={**scene.legend, "guess": SHARED["guess"]})


def steepest(state: PerturbationState, radius: float) -> float:
    """The direction, in radians, of the move of this length that raises the test loss most.

    By retraining: the best of `WAYS` directions, and between its neighbours by Brent's method.
    """
    angles = 2 * math.pi * np.arange(WAYS) / WAYS
    best = angles[int(np.argmax([_loss(state, radius, angle) for angle in angles]))]
    step = 2 * math.pi / WAYS
    found = minimize_scalar(
        lambda angle: -_loss(state, radius, angle), bounds=(best - step, best + step),
        method="bounded", options={"xatol": 1e-4},
    )  # fmt: skip
    return float(found.x)


def between(one: float, other: float) -> float:
    """The angle between two directions, in degrees from 0 to 180."""
    return abs((one - other + 180.0) % 360.0 - 180.0)


def _loss(state: PerturbationState, radius: float, angle: float) -> float:
    return state.watching.move(state.i, radius * _unit(angle)).loss_retrained


def _unit(angle: float) -> Array:
    return np.array([math.cos(angle), math.sin(angle)])


def _radius(state: PerturbationState, values: Values) -> float:
    x, y = pair(state.X[state.i])
    return math.hypot(values[0] - x, values[1] - y)
