"""The mismatch explorer's scenes: influences as sorted bars, and a probability that moves."""

from __future__ import annotations

from teachkit.scenes.contours import Pieces
from teachkit.scenes.drawing import curve, table
from teachkit.scenes.marks import Bar
from teachkit.scenes.meanings import SHARED, Meaning
from teachkit.scenes.mismatch import CHILDREN, MismatchState
from teachkit.scenes.scene import Axes, Line, Scene, padded_limits
from teachkit.scenes.words import counted, number, signed

WIDTH = 0.8  # of a bar
LEGEND = {
    "child": Meaning("orange square", "child"),
    "older": Meaning("small blue circle", "older patient"),
    "removed": SHARED["removed"],
    "retrained": SHARED["retrained"].called("true rise, retrained"),
}
CHANCES = {
    "predicted": SHARED["predicted"],
    "retrained": SHARED["retrained"],
    "before": Meaning("grey dash", "with all 24 children"),
    "half": Meaning("thin grey", "1/2"),
}


def draw(state: MismatchState) -> Scene:
    """The strongest training rows, from those that help the test child to those that harm it."""
    rows, truths = state.shown, state.truths
    heights = [float(state.influences[i]) for i in rows]
    limits = padded_limits([0.0, *heights, *truths.values()], 0.1)
    said = describe(state)
    return Scene(
        Axes(
            (-0.7, len(rows) - 0.3),
            limits,
            "training row",
            "n × rise of the loss",
            xnames=tuple(map(str, rows)),
        ),
        tuple(_bar(state, i, x, heights[x]) for x, i in enumerate(rows)),
        (
            Line("zero", curve((-0.7, len(rows) - 0.3), (0.0, 0.0)), "zero"),
            Line(
                "truths",
                tuple(
                    ((x - WIDTH / 2, truths[i]), (x + WIDTH / 2, truths[i]))
                    for x, i in enumerate(rows)
                ),
                "retrained",
                "n × true rise",
            ),
        ),
        sentence=said,
        alt=f"Sorted bars of the influences of {len(rows)} training rows. {said}",
        table=_table(state),
        legend={**LEGEND, "zero": Meaning("thin grey")},
    )


def _bar(state: MismatchState, i: int, x: int, height: float) -> Bar:
    return Bar(
        str(i), float(x), height, "child" if i < CHILDREN else "older",
        float(i not in state.removed), label=called(state, i), width=WIDTH,
        note=f"without it n × loss {signed(height, 0)} predicted, {signed(state.truths[i], 0)} "
        "retrained",
    )  # fmt: skip


def called(state: MismatchState, i: int) -> str:
    """A training row in words."""
    stay = "in hospital" if state.patients.y[i] > 0 else "healthy"
    return f"{'Child' if i < CHILDREN else 'Older patient'} {i}, {stay}"


def draw_chance(state: MismatchState) -> Scene:
    """P(in hospital) of the test child over the rows that are out."""
    predicted, retrained = state.predicted, state.retrained
    right = float(max(4, len(state.removed)))
    out = range(len(predicted))
    said = (
        f"P(in hospital) {number(predicted[-1], 2)} predicted, {number(retrained[-1], 2)} "
        f"retrained, with {counted(len(state.removed), 'row')} out."
    )
    return Scene(
        Axes((0.0, right), (0.0, 1.0), "rows out", "P(in hospital), test child"),
        lines=(
            Line("half", _level(0.5, right), "half", "1/2"),
            Line("before", _level(state.before, right), "before", "with all 24 children"),
            Line("predicted", curve(out, predicted), "predicted", "predicted"),
            Line("retrained", curve(out, retrained), "retrained", "retrained"),
        ),
        sentence=said,
        alt=f"The probability of the test child over the rows out. {said}",
        legend=CHANCES,
    )


def _level(height: float, right: float) -> Pieces:
    return curve((0.0, right), (height, height))


def describe(state: MismatchState) -> str:
    """Who is on top, and what the removals do to the test child."""
    now = number(state.probability, 2)
    wrong = "wrong" if state.probability > 0.5 else "right"
    if not state.removed:
        top = sum(i < CHILDREN for i in state.strongest[:CHILDREN])
        return (
            f"Test child {state.number} is healthy. P(in hospital) is {now}, {wrong}; with all 24 "
            f"children {number(state.before, 2)}. Of the four largest influences among "
            f"{state.patients.n}, {top} are children's."
        )
    last = state.removed[-1]
    return (
        f"{called(state, last)}, is out; {counted(len(state.removed), 'row')} in all. "
        f"P(in hospital) {now} → {number(state.predicted[-1], 2)} predicted, "
        f"{number(state.retrained[-1], 2)} retrained."
    )


def _table(state: MismatchState) -> tuple[tuple[str, ...], ...]:
    coefficient, rank = state.coefficient
    return table(
        ("retrained", ""),
        ("P(in hospital), test child", number(state.retrained[-1], 2)),
        ("healthy test children right", f"{state.healthy_right:.0%}"),
        ("coefficient of “age 0-9”", signed(coefficient, 2)),
        ("its rank by size", f"{rank} of {state.patients.X.shape[1] - 1}"),
    )
