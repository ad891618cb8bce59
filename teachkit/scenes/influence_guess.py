"""What the influence explorer asks: which point matters most, and where the line will go."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from teachkit.datasets import add_ones
from teachkit.retraining import leave_one_out
from teachkit.scenes.contours import Pieces, zero_line
from teachkit.scenes.drawing import curve, pair
from teachkit.scenes.guess import HANDLE, Outcome, Pick, Question, Three, Values, handle
from teachkit.scenes.influence import InfluenceState
from teachkit.scenes.influence_drawing import (
    bare_points,
    boundary,
    changes,
    further,
    legend,
    moves,
    test_point,
)
from teachkit.scenes.meanings import SHARED
from teachkit.scenes.scene import Axes, Line, Point, Scene
from teachkit.scenes.words import number, signed_writer

Array = np.ndarray
INSET = 0.15  # of a line in the picture: so far from its ends are the handles at first
RING = 0.035  # of the picture's width


class WhichPoint(Pick):
    """Without which point does the test loss change most?"""

    name = "which point matters most"
    what = "matters most"
    hides = ("epsilon", "epsilon_text")

    def opens(self, state: InfluenceState, number: int) -> InfluenceState:
        """All points in and where they were; from the second round on the star is elsewhere."""
        start = self.start
        x_test, y_test = start.x_test, start.y_test
        if number > 1:
            rng = np.random.default_rng(number)
            x, y = (
                low + (high - low) * rng.uniform(0.2, 0.8)
                for low, high in (state.axes.xlim, state.axes.ylim)
            )
            x_test = np.array([x] if state.is_line else [x, y])
            y_test = float(y) if state.is_line else y_test
        return replace(_unchanged(state, start), x_test=x_test, y_test=y_test)

    def options(self, state: InfluenceState) -> list[tuple[str, int]]:
        return [(f"point {i}", i) for i in range(state.n)]

    def asks(self, state: InfluenceState) -> str:
        moved = np.any(state.x_test != self.start.x_test) or state.y_test != self.start.y_test
        return ("The star is elsewhere now. " if moved else "") + (
            "Without which training point would the loss at the star change most? Select it, "
            "then commit your guess."
        )

    def draw(self, state: InfluenceState, values: Values) -> Scene:
        guess = self.picked(state, values)
        points = [replace(p, draggable=False, toggleable=False) for p in bare_points(state)]
        rings = () if guess is None else (_ring(state, "guess", guess, 1.0),)
        told = "" if guess is None else f" Your guess is point {guess}."
        return _before(state, points, rings, f"{self.asks(state)}{told}")

    def compare(self, state: InfluenceState, values: Values) -> Outcome:
        predicted, true = state.answer.influences, effects(state)
        say = signed_writer(float(np.abs(true).max()), of=state.answer.loss_now)
        outcome = self.rank(state, values, predicted, true, say)
        return replace(outcome, drawn=outcome.numbers)

    def mark(self, state: InfluenceState, scene: Scene, outcome: Outcome) -> Scene:
        rings = tuple(
            _ring(state, style, i, factor)
            for style, i, factor in zip(
                ("guess", "predicted", "retrained"), outcome.drawn, (1.0, 1.35, 1.7), strict=True
            )
        )
        return replace(scene, lines=(*scene.lines, *rings), legend=_with_guess(scene.legend))


class WhereLine(Question):
    """Where does the line (the boundary) go, when points are taken out or moved?

    Lines are compared as they are drawn: apart by the root mean square of their distance along the
    true one, in percent of the picture's height (of a boundary: its width).
    """

    name = "where the line will go"
    what = "tilt"

    def opens(self, state: InfluenceState, number: int) -> InfluenceState:
        """As it is; from the second round on, with all points in and where they were."""
        return state if number == 1 else _unchanged(state, self.start)

    def first(self, state: InfluenceState) -> Values:
        """On the line that is now."""
        pieces = boundary(state, state.answer.now, state.axes)
        (x0, x1), (y0, y1) = state.axes.xlim, state.axes.ylim
        a, b = pieces[0] if pieces else ((x0, (y0 + y1) / 2), (x1, (y0 + y1) / 2))
        ends = [
            np.array(one) + INSET * (np.array(other) - np.array(one))
            for one, other in ((a, b), (b, a))
        ]
        return tuple(float(value) for end in sorted(ends, key=lambda end: end[0]) for value in end)

    def place(self, state: InfluenceState, values: Values, name: str, x: float, y: float) -> Values:
        return (x, y, *values[2:]) if name == f"{HANDLE}-0" else (*values[:2], x, y)

    def asks(self, state: InfluenceState) -> str:
        line = "line" if state.is_line else "boundary"
        what = changes(state)
        if not what:
            return f"Take a point out, or move one: where will the {line} go?"
        return (
            f"{what}: where does the {line} go? Drag both ends of your guess there, then commit it."
        )

    def draw(self, state: InfluenceState, values: Values) -> Scene:
        ends = [
            handle(
                values[k], values[k + 1], f"End {1 + k // 2} of your guess", f"{HANDLE}-{k // 2}"
            )
            for k in (0, 2)
        ]
        points, lines = [*bare_points(state), *ends], (_through(state, values),)
        return _before(state, points, lines, self.asks(state))

    def compare(self, state: InfluenceState, values: Values) -> Outcome:
        if not changes(state):
            raise ValueError(
                "No point is taken out or moved yet, so the line stays where it is. Change a point "
                "first."
            )
        a, b = np.array(values[:2]), np.array(values[2:])
        if np.allclose(a, b, rtol=0, atol=1e-3 * _spans(state.axes).min()):
            raise ValueError("Both ends of your guess are at one place. Drag one of them away.")
        if state.is_line and a[0] == b[0]:
            raise ValueError(
                f"Both ends of your guess are at x = {number(a[0], 2)}: a line that stands upright "
                "predicts no y. Drag one of them aside."
            )
        lines = Three(_coefficients(a, b), _of(state, "predicted"), _of(state, "retrained"))
        along = boundary(state, state.answer.retrained, state.axes) or boundary(
            state, state.answer.retrained, further(state.axes)
        )
        if not along:
            raise ValueError("Without these points there is no line. Take one of them in again.")
        guess, predicted = (
            apart(line, along[0], state.axes, state.is_line)
            for line in (lines.guess, lines.prediction)
        )
        tilts = Three(*(_tilt(line, state.is_line) for line in lines))
        of = "height" if state.is_line else "width" if state.axes.equal else "picture"
        write = (lambda v: f"slope {number(v, 2)}") if state.is_line else (lambda v: f"{v:.0f}°")
        return Outcome(
            numbers=tilts,
            words=Three(*map(write, tilts)),
            error=guess,
            predicted_error=predicted,
            off=lambda percent: f"{number(percent, 1)}\u00a0% of the {of}",
            drawn=values,
        )

    def mark(self, state: InfluenceState, scene: Scene, outcome: Outcome) -> Scene:
        line = _through(state, outcome.drawn)
        return replace(scene, lines=(*scene.lines, line), legend=_with_guess(scene.legend))


def effects(state: InfluenceState) -> Array:
    """The true change of the test loss without each point, by retraining, (n,)."""
    units, influence = state.fit.units, state.fit.influence
    risk, theta = influence.risk, influence.theta
    x = add_ones(units.inside(state.x_test)[None, :])[0]
    y = units.target(state.y_test)
    now = risk.loss_at(theta, x, y)
    without = [risk.loss_at(theta + change, x, y) for change in leave_one_out(risk, theta)]
    return units.height**2 * (np.array(without, dtype=float) - float(now))


def apart(line: tuple[float, float, float], along: Any, axes: Axes, upright: bool) -> float:
    """How far a x + b y + c = 0 is from this piece of a line, root mean square, in percent.

    Of a regression line it is the vertical distance, in heights of the picture; else the shortest
    one, in its widths if one scale is on both axes, and in widths and heights if not.
    """
    spans = _spans(axes)
    a, b = line[0] * spans[0], line[1] * spans[1]
    size = b if upright else math.hypot(a, b)
    first, second = ((line[0] * x + line[1] * y + line[2]) / size for x, y in (along[0], along[-1]))
    return 100 * math.sqrt((first**2 + first * second + second**2) / 3)


def _unchanged(state: InfluenceState, start: InfluenceState) -> InfluenceState:
    return replace(state, X=start.X, y=start.y, weights=start.weights, warm=None)


def _spans(axes: Axes) -> Array:
    spans = np.array([axes.xlim[1] - axes.xlim[0], axes.ylim[1] - axes.ylim[0]])
    return np.full(2, spans.max()) if axes.equal else spans


def _coefficients(a: Array, b: Array) -> tuple[float, float, float]:
    """(n1, n2, c) of the line through two places."""
    n1, n2 = float(b[1] - a[1]), float(a[0] - b[0])
    return n1, n2, -float(n1 * a[0] + n2 * a[1])


def _of(state: InfluenceState, style: str) -> tuple[float, float, float]:
    first, *rest = map(float, getattr(state.answer, style))
    return (first, -1.0, rest[0]) if state.is_line else (first, rest[0], rest[1])


def _tilt(line: tuple[float, float, float], is_line: bool) -> float:
    """The slope; of a boundary degrees from the x axis, in [0, 180)."""
    if is_line:
        return -line[0] / line[1]
    return math.degrees(math.atan2(-line[0], line[1])) % 180.0


def _through(state: InfluenceState, values: Values) -> Line:
    coefficients = _coefficients(np.array(values[:2]), np.array(values[2:]))
    pieces: Pieces = zero_line(*coefficients, further(state.axes))
    return Line("guess", pieces, "guess", "your guess", end="your guess")


def _ring(state: InfluenceState, style: str, i: int, factor: float) -> Line:
    """A ring around point i, round where one scale is on both axes."""
    x, y = pair(state.places[i])
    wide, high = factor * RING * _spans(state.axes)
    if not state.axes.equal:
        high *= 1.5  # the picture is wider than high
    t = np.linspace(0.0, 2 * math.pi, 49)
    return Line(f"ring-{style}", curve(x + wide * np.cos(t), y + high * np.sin(t)), style)


def _with_guess(legend: Any) -> Any:
    return {**legend, "guess": SHARED["guess"]}


def _before(state: InfluenceState, points: list[Point], lines: Any, said: str) -> Scene:
    """What may be known: the points, the star, and the line now."""
    now = Line("now", boundary(state, state.answer.now, further(state.axes)), "now", "now", "now")
    return Scene(
        state.axes,
        (*points, test_point(state)),
        (now, *lines),
        moves(state),
        sentence=said,
        alt=f"{state.n} training points, a test point, and the line now. {said}",
        legend=_with_guess(legend(state)),
    )
