"""The attack explorer's scenes: the margin over the steps, and the images before and after."""

from __future__ import annotations

import numpy as np

from teachkit.scenes.attack import LEVELS, AttackState
from teachkit.scenes.drawing import curve, seen, table
from teachkit.scenes.marks import Label, Line, Picture
from teachkit.scenes.meanings import SHARED, Meaning
from teachkit.scenes.scene import Axes, Scene
from teachkit.scenes.words import counted, number, round_up

LEGEND = {
    "attack": SHARED["retrained"].called("attacked, retrained"),
    "random": Meaning("ink dash", "random signs, retrained"),
    "border": SHARED["guide"],
    "iterate": SHARED["iterate"].called("after each step"),
}
FACTOR = 10  # by which the difference is enlarged
PITCH = 1.5  # from one picture to the next, in pictures: their captions have room


def draw(state: AttackState) -> Scene:
    """The margin of the test image after each step, beside that after random signs."""
    margins, control = state.margins, state.random
    start = float(margins[0])
    top = round_up(1.2 * max(start, control, 0.1))
    bottom = -round_up(1.1 * max(-float(margins.min()), -control, 0.5 * top))
    axes = Axes((-0.3, state.last + 0.3), (bottom, top), "step", "margin y θ'x of the test image")
    points = [
        seen(f"step-{k}", k, value, "iterate", f"Step {k}", f"margin {number(value)}")
        for k, value in enumerate(map(float, margins))
    ]
    said = describe(state)
    return Scene(
        axes,
        tuple(points),
        lines=(
            Line("border", curve(axes.xlim, (0.0, 0.0)), "border"),
            Line("random", curve((0.0, 1.0, state.last), (start, control, control)), "random"),
            Line("attack", curve(range(len(margins)), margins), "attack"),
        ),
        labels=(Label("wrong", 0.0, 0.6 * bottom, "wrong below 0"),),
        sentence=said,
        alt=f"The margin of test image {state.test} over the steps of the attack. {said}",
        table=table(
            ("margin", "before", "now"),
            ("attacked", number(start), number(float(margins[-1]))),
            ("random signs", number(start), number(control)),
        ),
        legend=LEGEND,
    )


def describe(state: AttackState) -> str:
    """What is changed, by how much, and what became of the test image."""
    margins, names = state.margins, state.victim.images.name_of
    label = state.victim.images.y_test[state.test]
    count = counted(state.count, "training image")
    if state.k == 0:
        return (
            f"Test image {state.test}, {names(label)}, has the margin {number(margins[0])}. "
            f"{count} may be changed, each pixel by at most {state.budget:g}/255."
        )
    now = f"now called {names(-label)}" if state.flipped else "still right"
    control = "right" if state.random > 0 else "wrong"
    return (
        f"After {counted(state.k, 'step')} on {count} within {state.budget:g}/255 the margin is "
        f"{number(margins[-1])}: {now}. After random signs it is {number(state.random)}: {control}."
    )


def draw_images(state: AttackState) -> Scene:
    """The test image, and the strongest attacked one: before, after, and ten times the change."""
    model, side = state.victim.images, state.victim.images.side
    steps, i = state.steps, state.chosen[0]
    before, after = steps[0].X[0], steps[-1].X[0]
    label, digit = model.y[i], model.name_of(model.y_test[state.test])
    change = FACTOR * (after - before)
    largest = LEVELS * float(np.abs(after - before).max())
    shown = (
        ("test", model.X_test[state.test], f"test image\n{state.test}: {digit}"),
        ("before", before, f"before\n{i}: {model.name_of(label)}"),
        ("after", after, f"after\n{counted(state.k, 'step')}"),
        ("change", change, f"change × {FACTOR}\nblue darker"),
    )  # fmt: skip
    pictures = [
        Picture(
            name, PITCH * side * k + side / 2, side / 2, "frame",
            label=caption.replace("\n", " ").capitalize(), toggleable=False, width=float(side),
            values=tuple(map(tuple, model.image(row).tolist())), caption=caption,
            palette="signed" if name == "change" else "grey",
            vmin=-1.0 if name == "change" else 0.0, vmax=1.0,
        )
        for k, (name, row, caption) in enumerate(shown)
    ]  # fmt: skip
    said = (
        f"Of the {counted(state.count, 'image')} that may be changed, this can do most: no pixel "
        f"differs by more than {largest:.3g}/255."
    )
    return Scene(
        Axes(
            (-0.25 * side, (3 * PITCH + 1.25) * side),
            (-0.6 * side, 1.05 * side),
            equal=True,
            bare=True,
        ),
        tuple(pictures),
        sentence=said,
        alt=(
            f"Test image {state.test}; training image {i} before and after the steps, and ten "
            f"times their difference. {said}"
        ),
        legend={"frame": Meaning("thin grey")},
    )  # fmt: skip
