"""The agreement explorer's scenes: truth over prediction, a growing group, and one point's face."""

from __future__ import annotations

import html

import numpy as np

from teachkit.scenes.agreement import WAYS, AgreementState
from teachkit.scenes.drawing import curve, table
from teachkit.scenes.marks import Picture, Point, wall_of
from teachkit.scenes.meanings import SHARED, Meaning
from teachkit.scenes.scene import Axes, Line, Scene, padded_limits
from teachkit.scenes.words import counted, digits, number, signed_writer

Array = np.ndarray
APART = 4.0  # truth and prediction of sizes that differ by more than this get scales of their own
NAMES = {
    "sum": "sum of influences",
    "rescaled": "rescaled sum",
    "step": "own Newton step",
    "true": "retrained",
}
LEGEND = {
    "sum": SHARED["tangent"].called("sum"),
    "rescaled": SHARED["predicted"].called("rescaled sum"),
    "step": SHARED["Newton"].called("Newton step"),
    "true": SHARED["retrained"],
}
TOGETHER = 0.08  # of the height: names of lines that end so near each other are one name
FINISHED = 1e-10  # a norm of the gradient that leaves nothing to finish
FEATURES = 6  # of a row that are told


def draw(state: AgreementState) -> Scene:
    """Every training point: the predicted change of the test loss, and the true one."""
    data, predicted, true = state.data, state.predicted, state.true
    axes = _axes(predicted, true)
    points = tuple(
        Point(
            str(i),
            float(predicted[i]),
            float(true[i]),
            "positive" if data.y[i] > 0 else "negative",
            float(i not in state.removed),
            label=f"Training {thing(state)} {i}",
            draggable=False,
        )
        for i in range(state.n)
    )
    said = describe(state)
    return Scene(
        axes,
        points,
        _lines(state, axes),
        sentence=said,
        alt=f"The true change of the test loss without each point over the predicted one. {said}",
        table=_table(state),
        legend={
            "negative": Meaning("tiny orange square", data.names[0]),
            "positive": Meaning("tiny blue circle", data.names[1]),
            "removed": SHARED["removed"],
            "regression": Meaning("solid ink", "regression line"),
            "diagonal": Meaning("grey dash", "truth = prediction"),
        },
    )


def _axes(predicted: Array, true: Array) -> Axes:
    """One scale for both, unless one of them would be lost in it."""
    xlim, ylim = padded_limits(predicted, 0.08), padded_limits(true, 0.08)
    both = min(xlim[0], ylim[0]), max(xlim[1], ylim[1])
    least = min(xlim[1] - xlim[0], ylim[1] - ylim[0])
    if both[1] - both[0] <= APART * least:
        xlim = ylim = both
    return Axes(xlim, ylim, "predicted change of the test loss", "true change")


def _lines(state: AgreementState, axes: Axes) -> tuple[Line, ...]:
    lines = [("diagonal", 1.0, 0.0, "truth = prediction")]
    found = state.agreement(leverage=state.leverage)
    if found:
        lines.append(
            ("regression", found.slope, found.intercept, f"slope {number(found.slope, 2)}")
        )
    drawn = ((name, across(slope, at, axes), name, end) for name, slope, at, end in lines)
    return tuple(Line(name, piece, style, end=end) for name, piece, style, end in drawn if piece)


def across(slope: float, intercept: float, axes: Axes) -> tuple:
    """y = intercept + slope x, as far as it is in the picture."""
    (left, right), (bottom, top) = axes.xlim, axes.ylim
    if slope:
        ends = sorted(((bottom - intercept) / slope, (top - intercept) / slope))
        left, right = max(left, ends[0]), min(right, ends[1])
    elif not bottom <= intercept <= top:
        return ()
    return curve((left, right), (intercept + slope * left, intercept + slope * right)) * (
        left < right
    )


def draw_group(state: AgreementState) -> Scene:
    """The change of the test loss as more and more of the group are out, by each of four ways."""
    if not state.removed:
        return Scene(
            Axes((0.0, 1.0), (-1.0, 1.0), "points out", "change of the test loss"),
            alt="No point is out.",
            legend=LEGEND,
        )
    sizes, ways = state.growth
    ends = np.concatenate([*ways.values()])
    limits, names = padded_limits(ends), {way: LEGEND[way].name for way in WAYS}
    if abs(ways["step"][-1] - ways["true"][-1]) < TOGETHER * (limits[1] - limits[0]):
        names |= {"step": "", "true": "Newton step, retrained"}
    say = signed_writer(*(ways[way][-1] for way in WAYS), of=state.loss_now)
    numbers = ", ".join(f"{NAMES[way]} {say(ways[way][-1])}" for way in WAYS)
    said = "The loss at θ plus each change, as the group leaves, the largest effects first."
    return Scene(
        Axes((0.0, float(sizes[-1])), limits, "points out", "change of the test loss"),
        lines=tuple(Line(way, curve(sizes, ways[way]), way, end=names[way]) for way in WAYS),
        sentence=said,
        alt=f"The change of the test loss over the points out. {said} All out: {numbers}.",
        legend=LEGEND,
    )


def draw_looked(state: AgreementState, i: int) -> Scene:
    """The training image that is looked at, beside the test image."""
    data = state.data
    pairs = (
        ("looked", f"training image {i}", data.X[i], data.y[i]),
        ("test", f"test image {state.test}", data.X_test[state.test], data.y_test[state.test]),
    )
    pixels = int(np.prod(data.shape or (0,)))
    low, high = min(0.0, float(data.X[:, :pixels].min())), float(data.X[:, :pixels].max())
    pictures = tuple(
        Picture(
            name, column, 0, "positive" if label > 0 else "negative", label=title.capitalize(),
            toggleable=False, values=tuple(map(tuple, data.image(row).tolist())), vmin=low,
            vmax=high, caption=f"{title}\n{data.name_of(label)}",
        )
        for column, (name, title, row, label) in enumerate(pairs)
    )  # fmt: skip
    said = what_it_does(state, i)
    return Scene(
        wall_of(2, 1),
        pictures,
        sentence=said,
        alt=f"Training image {i} beside test image {state.test}. {said}",
        legend={
            "negative": Meaning("orange dash"),
            "positive": Meaning("solid blue"),
        },
    )


def what_it_does(state: AgreementState, i: int) -> str:
    """One point, what is predicted of its removal and what is true."""
    predicted, true = float(state.predicted[i]), float(state.true[i])
    say = signed_writer(predicted, true, of=state.loss_now)
    return f"Without training {thing(state)} {i}: {say(predicted)} predicted, {say(true)} true."


def row_in_words(state: AgreementState, i: int) -> str:
    """A row that is no image: its label and the features that are farthest from their mean."""
    data = state.data
    spread = data.X.std(axis=0)
    away = np.abs(data.X[i] - data.X.mean(axis=0)) / np.where(spread > 0, spread, np.inf)
    most = [int(j) for j in np.argsort(-away, kind="stable")[:FEATURES] if away[j] > 0]
    values = ", ".join(f"{data.features[j]} {digits(float(data.X[i, j]))}" for j in most)
    words = f"{what_it_does(state, i)} Its label is {data.name_of(data.y[i])}"
    return html.escape(f"{words}; {values}." if values else f"{words}.")


def describe(state: AgreementState) -> str:
    """How prediction and truth agree, and what the group that is out does."""
    data = state.data
    about = (
        f"Test {thing(state)} {state.test} ({data.name_of(state.y_test)}), loss "
        f"{_loss(state.loss_now)}"
    )
    found = state.agreement(leverage=state.leverage)
    if found is None:
        said = f"{about}: no training point changes it more than another, as far as digits go."
    elif found.verdict:
        said = (
            f"{about}: r {number(found.pearson, 2)}, so the predictions of {state.n} points and "
            f"the truth are not related, as far as so many can tell{_unfinished(state)}."
        )
    else:
        told = f"r {number(found.pearson, 3)}, slope {number(found.slope, 2)}"
        said = f"{about}, without each of {state.n} points: {told}{_unfinished(state)}."
    return f"{said}{_group(state)}"


def _unfinished(state: AgreementState) -> str:
    if not state.stop or state.fit.gradient_norm < FINISHED:
        return ""
    return (
        f", intercept {_intercept(state, leverage=state.leverage)}, for retraining also finishes "
        f"the fit: it stopped at |∇R| = {digits(state.fit.gradient_norm, 2)}"
    )


def _intercept(state: AgreementState, *, leverage: bool) -> str:
    """In standard deviations of the true changes."""
    found = state.agreement(leverage=leverage)
    assert found is not None
    sd = found.intercept / float(np.std(state.true))
    return f"{number(sd, 2 if abs(sd) < 10 else 0)} sd"


def _group(state: AgreementState) -> str:
    if not state.removed:
        return " Take some out."
    effect = state.effect
    sums, step, true = effect["sum"].tangent, effect["step"].loss, effect["true"].loss
    say = signed_writer(sums, step, true, of=state.loss_now)
    return (
        f" {counted(len(state.removed), 'point')} out: influences add up to {say(sums)}, their "
        f"own Newton step {say(step)}, true {say(true)}."
    )


def _table(state: AgreementState) -> tuple[tuple[str, ...], ...]:
    if state.removed:
        effect = state.effect
        say = signed_writer(*(v for pair in effect.values() for v in pair), of=state.loss_now)
        rows = ((NAMES[way], say(effect[way].tangent), say(effect[way].loss)) for way in WAYS)
        return table((f"{len(state.removed)} out", "on the tangent", "loss there"), *rows)
    both = [state.agreement(leverage=leverage) for leverage in (False, True)]
    if None in both:
        return ()
    figures = (
        ("r", "pearson", 3),
        ("rank r", "spearman", 3),
        ("slope", "slope", 2),
    )
    return table(
        ("each alone", "influence", "with leverage"),
        *((name, *(number(getattr(f, key), d) for f in both)) for name, key, d in figures),
        ("intercept", *(_intercept(state, leverage=leverage) for leverage in (False, True))),
    )


def thing(state: AgreementState) -> str:
    """What a training point is."""
    return "image" if state.data.shape else "row"


def _loss(value: float) -> str:
    return number(value) if value >= 5e-4 else digits(value, 2)
