"""The perturbation explorer's scenes: the plane with its ring, and the test loss along the move."""

from __future__ import annotations

import math

import numpy as np

from teachkit.scenes.contours import Pieces, zero_line
from teachkit.scenes.drawing import curve, pair, table, upright
from teachkit.scenes.influence_drawing import KINDS, further
from teachkit.scenes.meanings import SHARED, Meaning
from teachkit.scenes.perturbation import TEST, PerturbationState
from teachkit.scenes.scene import Arrow, Axes, Line, Point, Scene
from teachkit.scenes.words import plus, round_up, signed_writer, writer

Array = np.ndarray
STYLES = ("now", "retrained", "predicted", "tangent")
NAMES = {"predicted": "finite", "tangent": "infinitesimal"}
CALLED = {style: SHARED[style].called(NAMES.get(style, style)) for style in STYLES}
ARROW = 1 / 6  # of the picture's width: how long I_pert is drawn
LEGEND = {
    "positive": SHARED["positive"],
    "negative": SHARED["negative"],
    "test": SHARED["test"],
    **CALLED,
    "steepest": Meaning("thin blue", "I_pert,loss of the chosen point"),
    "guide": SHARED["guide"].called("|δ|"),
}


def draw(state: PerturbationState) -> Scene:
    """The points, the chosen one with I_pert and the ring of |delta|, and the boundaries."""
    watching, answer = state.watching, state.answer
    thetas = (watching.now, answer.retrained, answer.finite, answer.infinitesimal)
    drawn = STYLES if state.radius else STYLES[:1]  # else all lie on one another
    boundaries = tuple(
        Line(style, boundary(state, theta), style, end=CALLED[style].name)
        for style, theta in zip(drawn, thetas, strict=False)
    )
    said = describe(state)
    return Scene(
        state.axes,
        (*_training_points(state), test_point(state)),
        (*boundaries, *_ring(state)),
        _arrows(state),
        sentence=said,
        alt=(
            f"{len(state.y)} training points of two classes, a test point, and the boundary; "
            f"point {state.i} with the direction of its I_pert. {said}"
        ),
        table=_table(state),
        legend=LEGEND,
    )


def draw_along(state: PerturbationState) -> Scene:
    """The change of the test loss as the chosen point goes this way: true, and both predictions."""
    lengths, moves = state.along()
    now = state.watching.loss_now
    changes = {
        "retrained": [move.loss_retrained - now for move in moves],
        "predicted": [move.loss_finite - now for move in moves],
        "tangent": [move.loss_infinitesimal - now for move in moves],
    }
    largest = max(abs(value) for values in changes.values() for value in values)
    reach = round_up(1.1 * largest)
    axes = Axes((0.0, 1.3 * state.shown_to), (-reach, reach), "|δ|", "change of test loss")
    lines = [
        Line(name, curve(lengths, values), name, end=CALLED[name].name)
        for name, values in changes.items()
    ]
    if state.radius:
        lines.append(upright("now", state.radius, axes, "|δ| now"))
    ends = {name: values[-1] for name, values in changes.items()}
    say = signed_writer(*ends.values(), of=now)
    told = ", ".join(f"{say(value)} {CALLED[name].name}" for name, value in ends.items())
    return Scene(
        axes,
        lines=tuple(lines),
        sentence="The change of the test loss on the way, for this direction.",
        alt=(
            f"The change of the test loss as point {state.i} goes on in this direction; at "
            f"|δ| = {_length(state.shown_to)} it is {told}."
        ),
        legend={**{name: CALLED[name].called("") for name in changes}, "guide": SHARED["guide"]},
    )


def describe(state: PerturbationState) -> str:
    """The move, and what it does to the test loss, true and predicted."""
    now, steepest = state.watching.loss_now, float(np.linalg.norm(state.pert_loss))
    if not state.radius:
        rate = steepest / len(state.y)
        return (
            f"Point {state.i} is chosen: moved along its arrow, it raises the test loss by "
            f"{writer(rate)(rate)} per unit of |δ|, to first order. Drag it, or another one."
        )
    answer = state.answer
    changes = (
        answer.loss_retrained - now, answer.loss_finite - now, answer.loss_infinitesimal - now
    )  # fmt: skip
    true, finite, tangent = map(signed_writer(*changes, of=now), changes)
    return (
        f"Point {state.i} moved by |δ| = {_length(state.radius)}, {_way(state.angle)}: test loss "
        f"{tangent} by I_pert,loss'δ/n, {finite} by the finite formula, {true} true."
    )


def _way(angle: float) -> str:
    degrees = round(angle) % 360
    known = {0: "along I_pert", 180: "against I_pert", 90: "across I_pert", 270: "across I_pert"}
    return known.get(degrees, f"{min(degrees, 360 - degrees)}° from I_pert")


def _length(value: float) -> str:
    return writer(value, decimals=2)(value)


def _training_points(state: PerturbationState) -> list[Point]:
    """The larger a point, the more a move of it changes the test loss."""
    rates = np.linalg.norm(state.watching.pert_losses, axis=1)
    places = state.X.copy()
    places[state.i] = state.there
    largest = float(rates.max()) or 1.0
    write = writer(largest / len(rates))
    return [
        Point(
            str(i), float(x), float(y), KINDS[float(state.y[i])], toggleable=False,
            size=round(0.7 + 1.1 * float(np.sqrt(rates[i] / largest)), 2), label=f"Point {i}",
            note=f"a move changes the test loss by up to {write(rates[i] / len(rates))} per unit",
        )
        for i, (x, y) in enumerate(places)
    ]  # fmt: skip


def test_point(state: PerturbationState) -> Point:
    """The star."""
    x, y = pair(state.watching.x_test)
    which = "class +1" if state.watching.y_test > 0 else "class −1"
    return Point(TEST, x, y, "test", label="Test point", note=which, toggleable=False)


def _arrows(state: PerturbationState) -> tuple[Arrow, ...]:
    """The move, and I_pert: its direction, all the same length."""
    home, arrows = state.X[state.i], []
    steepest = float(np.linalg.norm(state.pert_loss))
    if steepest:
        across = state.axes.xlim[1] - state.axes.xlim[0]
        end = home + ARROW * across * state.pert_loss / steepest
        arrows.append(Arrow("steepest", pair(home), pair(end), "steepest", "I_pert,loss"))
    if state.radius:
        arrows.append(Arrow("move", pair(home), pair(state.there), "guide", "δ"))
    return tuple(arrows)


def _ring(state: PerturbationState) -> tuple[Line, ...]:
    """All moves as long as this one."""
    if not state.radius:
        return ()
    return (ring(state, state.radius),)


def ring(state: PerturbationState, radius: float) -> Line:
    """All moves of this length."""
    t = np.linspace(0.0, 2 * math.pi, 73)
    x, y = state.X[state.i]
    around = curve(x + radius * np.cos(t), y + radius * np.sin(t))
    return Line("ring", around, "guide", "moves as long as this one")


def boundary(state: PerturbationState, theta: Array) -> Pieces:
    """Where the score is 0."""
    first, second, intercept = map(float, theta)
    return zero_line(first, second, intercept, further(state.axes))


def _table(state: PerturbationState) -> tuple[tuple[str, ...], ...]:
    watching, answer = state.watching, state.answer
    now = (*watching.now, watching.loss_now)
    columns = (
        (*answer.retrained, answer.loss_retrained),
        (*answer.finite, answer.loss_finite),
        (*answer.infinitesimal, answer.loss_infinitesimal),
    )
    names = ("θ₁", "θ₂", "intercept", "test loss")
    head = ("change of", "retrained", "finite", "infini\N{SOFT HYPHEN}tesimal")
    rows: list[tuple[str, ...]] = [head]
    for k, name in enumerate(names):
        values = [float(column[k]) - float(now[k]) for column in columns]
        write = writer(*values)
        rows.append((name, *(plus(write(value)) for value in values)))
    rows.append(("error, of θ", "", *(f"{100 * error:.1f} %" for error in errors(state))))
    return table(*rows)


def errors(state: PerturbationState) -> tuple[float, float]:
    """||predicted - true change of theta|| / ||true change||, finite and infinitesimal."""
    answer, now = state.answer, state.watching.now
    true = float(np.linalg.norm(answer.retrained - now))
    if true <= 1e-12 * float(np.linalg.norm(now)):
        return 0.0, 0.0
    predicted = (answer.finite, answer.infinitesimal)
    first, second = (float(np.linalg.norm(theta - answer.retrained)) / true for theta in predicted)
    return first, second
