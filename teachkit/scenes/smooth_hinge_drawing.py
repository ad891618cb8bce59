"""The smooth hinge explorer's scenes: the machine, the loss over the margins, and the agreement."""

from __future__ import annotations

import numpy as np

from teachkit.losses import Hinge, SmoothHinge
from teachkit.scenes.contours import Pieces, zero_line
from teachkit.scenes.drawing import curve, pair, rounded, seen, table
from teachkit.scenes.marks import Line, Point
from teachkit.scenes.meanings import SHARED, Meaning
from teachkit.scenes.scene import Axes, Scene
from teachkit.scenes.smooth_hinge import TEST, HingeState
from teachkit.scenes.words import (
    counted,
    digits,
    number,
    round_up,
    signed_writer,
    writer,
)
from teachkit.validation import Agreement, agreement

Array = np.ndarray
NAMES = {"hinge": "hinge", "smooth": "smooth hinge"}
KINDS = {1.0: "positive", -1.0: "negative"}
MARGINS = Axes((-3.0, 4.0), (-0.1, 3.1), "margin y f(x)", "loss")
BUMP = 2.0  # as high is the curvature drawn, whatever its height is
APART, HIGH = 0.12, 0.17  # dots that are nearer stand above each other, each so high
SMALL = {"positive": Meaning("tiny blue circle"), "negative": Meaning("tiny orange square")}


def draw(state: HingeState) -> Scene:
    """The points, and where the smooth hinge's machine has score 0 and margins 1; the hinge's 0."""
    machine, now = state.machine, state.theta
    points = [
        Point(
            str(i), float(x), float(y), KINDS[label], toggleable=False, label=f"Point {i}",
            size=round(0.7 + 0.9 * float(bend), 2),
            note=f"margin {number(margin)}, curvature {number(bend)} of its largest",
        )
        for i, ((x, y), label, bend, margin) in enumerate(
            zip(machine.X, machine.y, state.bends, state.margins, strict=True)
        )
    ]  # fmt: skip
    x, y = pair(state.x_test)
    points.append(Point(TEST, x, y, "test", label="Test point", toggleable=False))
    said = describe(state)
    return Scene(
        state.axes,
        tuple(points),
        (
            Line("upper", _level(state, now, 1.0), "margin", "f = 1"),
            Line("lower", _level(state, now, -1.0), "margin", "f = −1"),
            Line("hinge", _level(state, machine.theta, 0.0), "hinge", "f = 0, hinge"),
            Line("now", _level(state, now, 0.0), "now", "f = 0, smooth hinge"),
        ),
        sentence=said,
        alt=f"{state.n} training points of two classes and the line of a support vector machine "
        f"between them. {said}",
        table=_table(state),
        legend={
            **{kind: SHARED[kind] for kind in KINDS.values()},
            "test": SHARED["test"].called(f"test point, class {'+' if state.y_test > 0 else '−'}1"),
            "now": SHARED["now"].called("smooth hinge: f = 0"),
            "margin": SHARED["guide"].called("f = ±1"),
            "hinge": SHARED["retrained"].called("hinge: f = 0"),
        },
    )  # fmt: skip


def describe(state: HingeState) -> str:
    """How many points the curvature rests on, and what share those on the kink have of it."""
    on, bends = int(state.kink.sum()), state.bends
    below = int((state.margins < 1).sum())
    said = f"t = {state.t:g}: {below} of {state.n} margins are below 1. The hinge has"
    if not on:
        return f"{said} no point on its kink."
    total = float(bends.sum())
    share = f"{100 * float(bends[state.kink].sum()) / total:.0f}%" if total > 0 else "0%"
    return (
        f"{said} {counted(on, 'point')} on its kink, with {share} of the smooth hinge's curvature "
        "(larger points)."
    )


def draw_losses(state: HingeState, chosen: str = "") -> Scene:
    """Hinge, smooth hinge and its curvature over the margin; a dot for each training point."""
    loss, one, (low, high) = SmoothHinge(state.t), np.ones(1), MARGINS.xlim
    near = np.linspace(-12, 12, 97) * state.t + 1
    wide = np.linspace(low, high, 141)
    x = np.unique(np.concatenate([wide, near[(near > low) & (near < high)]]))
    kinked = np.array([low, 1.0, high])
    bump = BUMP * 4 * state.t * loss.curvature(x, one)
    dots, outside = _dots(state)
    marks = [dot for i, dot in dots.items() if str(i) != chosen]
    if chosen.isdigit() and int(chosen) in dots:
        marks.append(seen("chosen", *_place(dots[int(chosen)]), "chosen", f"Point {chosen}"))
    margin = float(state.test_margin(state.theta))
    height = float(loss.value(np.array(margin), np.array(1.0)))
    if low <= margin <= high and height <= MARGINS.ylim[1]:
        marks.append(seen("here", margin, height, "test", "Test point", f"loss {number(height)}"))
    said = f"Curvature: at most 1/(4t) = {digits(1 / (4 * state.t))}, about "
    said += f"{digits(4 * state.t)} wide." + (
        f" {counted(outside, 'point')} outside." if outside else ""
    )
    return Scene(
        MARGINS,
        tuple(marks),
        (
            Line("bump", rounded(curve(x, bump), 4), "curvature", "curvature, by its largest"),
            Line("hinge", rounded(curve(kinked, Hinge().value(kinked, one)), 4), "hinge"),
            Line("smooth", rounded(curve(x, loss.value(x, one)), 4), "smooth"),
        ),
        sentence=said,
        alt=f"Hinge and smooth hinge over the margin, and the curvature of the smooth hinge, a "
        f"bump at margin 1; below, a dot for each training point at its margin. {said}",
        legend={
            "hinge": Meaning("solid blue", "hinge"),
            "smooth": Meaning("orange dash", "smooth hinge"),
            "curvature": Meaning("green dash dot", "its curvature, scaled"),
            **SMALL,
            "test": SHARED["test"].called(""),
            "chosen": Meaning("small ink circle"),
        },
    )  # fmt: skip


def _dots(state: HingeState) -> tuple[dict[int, Point], int]:
    """A histogram of dots, each at its own margin; and how many are outside of the picture."""
    low, high = MARGINS.xlim
    last: list[float] = []  # in each row, where its last dot is
    rows: dict[int, int] = {}
    for i in np.argsort(state.margins, kind="stable").tolist():
        if low <= (margin := float(state.margins[i])) <= high:
            free = (row for row, x in enumerate(last) if margin - x >= APART)
            rows[i] = next(free, len(last))
            last[rows[i] : rows[i] + 1] = [margin]
    step = min(HIGH, 2.6 / max(1, len(last)))
    dots = {
        i: seen(
            f"dot-{i}", state.margins[i], step * row, KINDS[float(state.machine.y[i])],
            f"Point {i}", f"margin {number(float(state.margins[i]))}",
        )
        for i, row in rows.items()
    }  # fmt: skip
    return dots, state.n - len(dots)


def _place(point: Point) -> tuple[float, float]:
    return point.x, point.y


def draw_agreement(state: HingeState, chosen: str = "") -> Scene:
    """Predicted and true change of the test loss without each training point."""
    predicted, true = state.predicted, state.true
    reach = round_up(1.1 * float(max(np.abs(predicted).max(), np.abs(true).max())))
    axes = Axes((-reach, reach), (-reach, reach), "predicted change of test loss", "true change")
    write = signed_writer(*predicted, *true)
    points = []
    for i, (x, y) in enumerate(zip(predicted, true, strict=True)):
        kind = "chosen" if str(i) == chosen else KINDS[float(state.machine.y[i])]
        note = f"without it {write(x)} predicted, {write(y)} true"
        points.append(seen(f"without-{i}", x, y, kind, f"Point {i}", note))
    figures = _figures(predicted, true)
    lines = [Line("diagonal", (((-reach, -reach), (reach, reach)),), "guide", "true = predicted")]
    if figures:
        ends = np.array([predicted.min(), predicted.max()])
        lines.append(
            Line("fitted", curve(ends, figures.intercept + figures.slope * ends), "fitted")
        )
    said = describe_agreement(state, figures, chosen)
    return Scene(
        axes,
        tuple(points),
        tuple(lines),
        sentence=said,
        alt="The true change of the test loss without each training point over the predicted "
        f"one. {said}",
        legend={
            "guide": SHARED["guide"].called("true = predicted"),
            "fitted": Meaning("solid violet", "fitted line"),
            **SMALL,
            "chosen": Meaning("small ink circle"),
        },
    )  # fmt: skip


def _figures(predicted: Array, true: Array) -> Agreement | None:
    """r and slope; None where one of both is the same for every point, to rounding."""
    size = max(np.abs(predicted).max(), np.abs(true).max())
    if min(np.ptp(predicted), np.ptp(true)) <= max(1e-9 * size, 1e-12):
        return None
    return agreement(predicted, true)


def describe_agreement(state: HingeState, figures: Agreement | None, chosen: str = "") -> str:
    """r and slope, which truth it was, and the largest leverage."""
    trained = f"the {NAMES[state.truth]} retrained"
    if figures is None:
        which = "truth" if np.ptp(state.true) <= np.ptp(state.predicted) else "prediction"
        said = f"The {which} is the same for every point, so there is no r"
        said += f" ({trained})."
    else:
        said = f"{trained[0].upper()}{trained[1:]}, {state.n} times: r = "
        said += f"{number(figures.pearson, 2)}, slope {_slope(figures.slope)}."
    counts = " (counted)" if state.leverage else ""
    said += f" Leverage up to {number(float(state.leverages.max()))}{counts}."
    if chosen.isdigit() and int(chosen) < state.n:
        write = signed_writer(*state.predicted, *state.true)
        i = int(chosen)
        said += f" Point {i}: {write(state.predicted[i])} predicted, {write(state.true[i])} true."
    return said


def _slope(slope: float) -> str:
    return number(slope, 2) if 0.01 <= abs(slope) < 1000 else digits(slope, 2)


def _level(state: HingeState, theta: Array, level: float) -> Pieces:
    """Where f = theta . (x, 1) is at this level."""
    a, b, c = map(float, state.machine.units.outside(theta))
    return zero_line(a, b, c - level, state.axes)


def _table(state: HingeState) -> tuple[tuple[str, ...], ...]:
    thetas = {"smooth": state.theta, "hinge": state.machine.theta}
    outside = np.array([state.machine.units.outside(theta) for theta in thetas.values()])
    values = {
        **dict(zip(("θ₁", "θ₂", "intercept"), outside.T, strict=True)),
        "test margin": [state.test_margin(theta) for theta in thetas.values()],
        "test loss": [state.test_loss(theta, truth) for truth, theta in thetas.items()],
    }
    rows = []
    for name, found in values.items():
        both = [float(value) for value in found]
        rows.append((name, *map(writer(*both), both)))
    return table(("", *(NAMES[truth] for truth in thetas)), *rows)
