"""The influence explorer's state as scenes: the plane, and theta's path as one weight changes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from teachkit.scenes.contours import Pieces, zero_line
from teachkit.scenes.drawing import curve, pair, upright
from teachkit.scenes.influence import TEST, Chosen, InfluenceState, theta_path
from teachkit.scenes.meanings import SHARED, Meaning
from teachkit.scenes.scene import Arrow, Axes, Label, Line, Point, Scene
from teachkit.scenes.words import (
    listed,
    number,
    plus,
    round_up,
    signed,
    signed_writer,
    spread,
    writer,
)

Array = np.ndarray
KINDS = {1.0: "positive", -1.0: "negative"}
STYLES = ("now", "retrained", "predicted")
APART = 50.0  # changes of parameters that differ by more are in different units


def draw(state: InfluenceState) -> Scene:
    """The training set, the test point, and the boundary (or line) now.

    Once something is changed, the retrained and the predicted one as well.
    """
    thetas = (state.answer.now, state.answer.retrained, state.answer.predicted)
    drawn = STYLES if changes(state) else STYLES[:1]  # else all three lie on one another
    return Scene(
        axes=state.axes,
        points=(*_training_points(state), test_point(state)),
        lines=tuple(
            Line(style, boundary(state, theta, further(state.axes)), style, end=style)
            for style, theta in zip(drawn, thetas, strict=False)
        ),
        arrows=moves(state),
        sentence=describe(state),
        alt=_alt(state),
        table=_table(state),
        legend=legend(state),
    )


def draw_path(state: InfluenceState, chosen: Chosen) -> Scene:
    """The change of theta, true and predicted, as the chosen points' eps runs from -1/n to +1/n."""
    end = 1 / state.n
    if not chosen:
        axes = Axes((-1.1 * end, 1.1 * end), (-1.0, 1.0), "ε, extra weight", "change of θ")
        return Scene(
            axes,
            sentence="Select a training point to see the path of θ.",
            alt="No point is selected, so no path is drawn.",
        )
    epsilons, true, predicted = theta_path(state, chosen)
    true, predicted = true - state.answer.now, predicted - state.answer.now
    what, largest = "change of θ", np.abs(true).max(axis=0)
    if largest.max() > APART * largest.min() > 0:  # on one axis the small one would be a flat line
        what, true, predicted = f"{what}, each by its largest", true / largest, predicted / largest
    reach = round_up(1.1 * max(np.abs(true).max(), np.abs(predicted).max()))
    lines = []
    names = parameter_names(state)
    for j in range(len(names)):
        for style, values in (("retrained", true), ("predicted", predicted)):
            lines.append(Line(f"{style}-{j}", curve(epsilons, values[:, j]), style))
    heights = spread([float(value) for value in true[-1]], 0.2 * reach)
    labels = [
        Label(f"name-{j}", 1.06 * end, height - 0.03 * reach, name)
        for j, (name, height) in enumerate(zip(names, heights, strict=True))
    ]
    they, go, get = _called(chosen), *(("goes", "gets") if len(chosen) == 1 else ("go", "get"))
    axes = Axes(
        (-1.1 * end, 1.6 * end), (-reach, reach), f"ε: {they} out at −1/n, twice at +1/n", what
    )
    lines.append(upright("epsilon", state.epsilon(*chosen), axes, "ε now"))
    worst = float(np.abs(true - predicted).max())
    return Scene(
        axes,
        lines=tuple(lines),
        labels=tuple(labels),
        sentence=f"The path of θ as {they} {go} from out to counting twice.",
        alt=(
            f"The change of {listed(list(names))} as {they} {get} the weight 1 + n ε, ε from "
            f"{signed(-end, 4)} to {signed(end, 4)}: true and predicted differ by at most "
            f"{writer(float(np.abs(true).max()))(worst)}."
        ),
    )


def describe(state: InfluenceState) -> str:
    """What was changed, and what it does to the test loss, in a sentence."""
    answer = state.answer
    what = changes(state)
    if not what:
        return (
            f"Nothing is changed: the test loss is {writer(answer.loss_now)(answer.loss_now)}. "
            "Drag a point or take one out: the larger ones matter more."
        )
    predicted = answer.loss_predicted - answer.loss_now
    true = answer.loss_retrained - answer.loss_now
    say = signed_writer(predicted, true, of=answer.loss_now)
    return f"{what}: test loss {say(predicted)} predicted, {say(true)} true."


def weight_in_words(state: InfluenceState, chosen: Chosen) -> str:
    """What the chosen points weigh, beside their slider."""
    if not chosen:
        return "Select a training point to change its weight."
    they, weights = _capital(_called(chosen)), state.weights[list(chosen)]
    least, most = (number(weight, 2) for weight in (weights.min(), weights.max()))
    if least != most:
        return f"{they}: weights 1 + n ε from {least} to {most}"
    return f"{they}: weight 1 + n ε = {least}{'' if len(chosen) == 1 else ' each'}"


def changes(state: InfluenceState) -> str:
    """'Point 17 out, points 3 and 5 moved'; empty where nothing is changed."""
    gone, elsewhere = state.weights == 0, _moved(state)
    out, both = np.flatnonzero(gone & ~elsewhere), np.flatnonzero(gone & elsewhere)
    other = np.flatnonzero((state.weights != 0) & (state.weights != 1))
    moved = np.flatnonzero(elsewhere & ~gone)
    parts = [_some(out, "out")] if out.size else []
    if both.size:
        parts.append(_some(both, "moved and out"))
    if other.size == 1:
        parts.append(f"point {other[0]} weighs {number(state.weights[other[0]], 2)}")
    elif other.size:
        parts.append(_some(other, "reweighted"))
    if moved.size:
        parts.append(_some(moved, "moved"))
    return _capital(", ".join(parts))


def parameter_names(state: InfluenceState) -> tuple[str, ...]:
    """What the entries of theta are called on the plane."""
    return ("slope", "intercept") if state.is_line else ("θ₁", "θ₂", "intercept")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _called(chosen: Chosen) -> str:
    """'point 3', 'points 3 and 5', '21 points'."""
    if len(chosen) > 4:
        return f"{len(chosen)} points"
    return f"point{'s' if len(chosen) > 1 else ''} {listed([str(i) for i in chosen])}"


def _some(indices: Array, what: str) -> str:
    return f"{_called(tuple(indices.tolist()))} {what}"


def _moved(state: InfluenceState) -> Array:
    return (state.X != state.fit.X).any(axis=1) | (state.y != state.fit.y)


def bare_points(state: InfluenceState) -> list[Point]:
    """The training points, with nothing of what they do."""
    return [
        Point(
            id=str(i),
            x=float(x),
            y=float(y),
            kind="response" if state.is_line else KINDS[float(state.y[i])],
            weight=float(state.weights[i]),
            label=f"Point {i}",
        )
        for i, (x, y) in enumerate(state.places)
    ]


def _training_points(state: InfluenceState) -> list[Point]:
    influences = state.answer.influences
    largest = float(np.abs(influences).max()) or 1.0
    return [
        replace(
            point,
            size=round(0.7 + 1.1 * float(np.sqrt(abs(influences[i]) / largest)), 2),
            note=f"without it: test loss {_change(state, i)}, along the tangent",
        )
        for i, point in enumerate(bare_points(state))
    ]


def _change(state: InfluenceState, i: int) -> str:
    influence = float(state.answer.influences[i])
    return signed_writer(influence, of=state.answer.loss_now)(influence)


def test_point(state: InfluenceState) -> Point:
    """The star."""
    x, y = state.test_place
    return Point(TEST, x, y, "test", label="Test point", toggleable=False)


def legend(state: InfluenceState) -> dict[str, Meaning]:
    """The test point's class is said where its star is explained."""
    shared = {key: SHARED[key] for key in ("test", "removed", *STYLES)}
    if state.is_line:
        return {"response": Meaning("blue circle", "training point"), **shared}
    classes = {kind: SHARED[kind] for kind in KINDS.values()}
    test = SHARED["test"].called(f"test point, class {signed(state.y_test, 0)}")
    return {**classes, **shared, "test": test}


def moves(state: InfluenceState) -> tuple[Arrow, ...]:
    """From where points were to where they are."""
    start = state.start_places
    return tuple(
        Arrow(f"move-{i}", pair(start[i]), pair(state.places[i]), "guide", "moved")
        for i in np.flatnonzero(_moved(state))
    )


def boundary(state: InfluenceState, theta: Array, axes: Axes) -> Pieces:
    """Where the score theta . (x1, x2, 1) is 0; or the line y = slope x + intercept."""
    if state.is_line:
        slope, intercept = map(float, theta)
        return zero_line(slope, -1.0, intercept, axes)
    first, second, intercept = map(float, theta)
    return zero_line(first, second, intercept, axes)


def further(axes: Axes) -> Axes:
    """Far enough to tell in which direction a line is that has left the picture."""
    (x0, x1), (y0, y1) = axes.xlim, axes.ylim
    across, up = 2 * (x1 - x0), 2 * (y1 - y0)
    if axes.equal:
        across = up = max(across, up)
    return Axes((x0 - across, x1 + across), (y0 - up, y1 + up))


def _table(state: InfluenceState) -> tuple[tuple[str, ...], ...]:
    a = state.answer
    rows: list[tuple[str, ...]] = [("", *STYLES, "error")]
    names = (*parameter_names(state), "test loss")
    columns = (
        (*a.now, a.loss_now),
        (*a.retrained, a.loss_retrained),
        (*a.predicted, a.loss_predicted),
    )
    for name, *values in zip(names, *columns, strict=True):
        write = writer(*values)
        rows.append((name, *map(write, values), plus(write(values[2] - values[1]))))
    rows.append(("relative error", "", "", "", f"{100 * state.computed.relative_error:.0f} %"))
    return tuple(rows)


def _alt(state: InfluenceState) -> str:
    a = state.answer
    names = parameter_names(state)

    thetas = (a.now, a.retrained, a.predicted)
    write = [writer(*map(float, values)) for values in zip(*thetas, strict=True)]

    def said(theta: Array) -> str:
        told = zip(names, write, map(float, theta), strict=True)
        return listed([f"{name} {write(value)}" for name, write, value in told])

    lines = [f"{style}: {said(theta)}" for style, theta in zip(STYLES, thetas, strict=True)]
    what = "lines" if state.is_line else "boundaries"
    return (
        f"{state.n} training points, a test point, and three {what}; {'; '.join(lines)}. "
        "The larger a point, the more the test loss changes without it."
    )
