"""Two models' scenes: walls of what helps and harms each, the test image, influence by distance."""

from __future__ import annotations

import numpy as np

from teachkit.scenes.drawing import seen, table
from teachkit.scenes.marks import Label, Picture, Point, wall_of
from teachkit.scenes.meanings import Meaning
from teachkit.scenes.model_comparison import ModelComparisonState, Side
from teachkit.scenes.pictures import asked_picture, frames, training_picture
from teachkit.scenes.scene import Axes, Line, Scene, padded_limits
from teachkit.scenes.words import counted, listed, number, signed, signed_writer

WALLS = ("helpful", "harmful")
BY = {
    "": ", change of loss without each",
    "theta": " over effect on θ",
    "loss": " over effect on all losses",
}
KINDS = ("first", "second")  # models, in the scatter


def draw(state: ModelComparisonState) -> Scene:
    """For each model a row of the images that help it most here, and one of those that harm.

    The test image stands before the first.
    """
    rows = [(k, wall) for k in range(len(state.sides)) for wall in WALLS]
    pictures: list[Picture] = [asked_picture(state.model, state.test, (0.02, 0), 0.9)]
    labels: list[Label] = []
    for row, (k, wall) in enumerate(rows):
        side = state.sides[k]
        title = f"{side.name}: most {wall}{BY[state.relative]}"
        labels.append(Label(f"{wall} {k}", 0, -row, title))
        images = enumerate(getattr(side, wall), start=1)
        pictures += [_training_image(state, k, i, column, row) for column, i in images]
    said = describe(state)
    walls = "; ".join(
        f"{side.name}: {', '.join(map(str, side.helpful))} help most, "
        f"{', '.join(map(str, side.harmful))} harm most"
        for side in state.sides
    )
    return Scene(
        wall_of(1 + state.walls, len(rows)),
        points=tuple(pictures),
        labels=tuple(labels),
        sentence=said,
        alt=f"Training images for two models. {said} {walls}.",
        table=_table(state),
        legend=frames(*state.model.names),
    )


def _training_image(
    state: ModelComparisonState, k: int, i: int, column: int, row: int
) -> Picture:  # fmt: skip
    side = state.sides[k]
    effect, weight = signed(float(side.effects[i]), 4), float(i not in state.removed)
    place = f"the {_ordinal(_rank(state)[i])} nearest"
    note = f"{place}; without it the {side.name}'s test loss changes by {effect}"
    return training_picture(state.model, i, (column, -row), f"{k} {i}", weight, effect, note)


def image_of(name: str) -> int:
    """The training image that a picture of the wall shows, by the picture's id."""
    return int(name.split()[1])


def draw_distance(state: ModelComparisonState) -> Scene:
    """Every training image: how far it is from the test image, and what it does for each model."""
    distances, sides = state.distances, state.sides
    points = tuple(
        _in_distance(side, kind, i, float(distances[i]))
        for side, kind in zip(sides, KINDS, strict=True)
        for i in range(len(distances))
    )
    xlim = padded_limits(distances, 0.05)
    said = " ".join(f"{side.name}: {_nearness(state, side)}." for side in sides)
    what = "influence" if not state.relative else "relative influence"
    return Scene(
        Axes(xlim, (-1.1, 1.1), "distance from the test image", f"{what}, largest = 1"),
        points,
        (Line("zero", (((xlim[0], 0.0), (xlim[1], 0.0)),), "guide"),),
        sentence=said,
        alt=f"Influence of every training image over its distance from the test image. {said}",
        legend={
            "first": Meaning("tiny blue circle", sides[0].name),
            "second": Meaning("tiny orange square", sides[1].name),
        },
    )


def _in_distance(side: Side, kind: str, i: int, distance: float) -> Point:
    share = float(side.shares[i])
    note = f"{side.name}: {signed(float(side.effects[i]), 4)} without it"
    size = 1.0 if i not in side.removed else 1.8
    return seen(f"{kind} {i}", distance, share, kind, f"Training image {i}", note, size)


def _nearness(state: ModelComparisonState, side: Side) -> str:
    """How near the strongest images are, and what the farther half does."""
    strength = np.abs(side.scores)
    strongest = np.argsort(-strength, kind="stable")[:10]
    ranks = _rank(state)
    far = strength[ranks > len(ranks) / 2].sum() / (strength.sum() or 1.0)
    middle = _ordinal(round(float(np.median(ranks[strongest]))))
    return f"its ten strongest are the {middle} nearest by median, the farther half has {far:.0%}"


def _rank(state: ModelComparisonState) -> np.ndarray:
    """1 for the nearest training image, (n,)."""
    return np.argsort(np.argsort(state.distances, kind="stable")) + 1


def _ordinal(k: int) -> str:
    last = "th" if k % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(k % 10, "th")
    return f"{k}{last}"


def describe(state: ModelComparisonState) -> str:
    """What is out, and what that does to the loss of the test image in each model."""
    model, sides = state.model, state.sides
    losses = listed([f"{side.name} {number(side.loss_now)}" for side in sides])
    label = model.name_of(model.y_test[state.test])
    about = f"Test image {state.test}, {label}: losses {losses}"
    if not state.removed:
        right = " and ".join(f"{side.asked.accuracy:.1%}" for side in sides)
        return f"{about}. The two models get {right} of test images right. Take images out."
    changes = "; ".join(f"{side.name} {_change(side)}" for side in sides)
    return f"{about}. {counted(len(state.removed), 'image')} out: {changes}."


def _change(side: Side) -> str:
    predicted = side.loss_predicted - side.loss_now
    true = side.loss_retrained - side.loss_now
    say = signed_writer(predicted, true, of=side.loss_now)
    return f"{say(predicted)} predicted, {say(true)} true"


def _table(state: ModelComparisonState) -> tuple[tuple[str, ...], ...]:
    rows = []
    for side in state.sides:
        after = (number(side.loss_predicted), number(side.loss_retrained))
        rows.append((side.name, number(side.loss_now), *(after if state.removed else ("", ""))))
    return table(("test loss", "now", "predicted", "retrained"), *rows)
