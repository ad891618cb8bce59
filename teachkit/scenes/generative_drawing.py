"""The generative explorer's scene: two classes, the Gaussians fitted to them, three boundaries."""

from __future__ import annotations

from teachkit.scenes.conics import conic
from teachkit.scenes.contours import zero_line
from teachkit.scenes.drawing import rounded, table
from teachkit.scenes.generative import RULES, GenerativeState
from teachkit.scenes.meanings import SHARED, Meaning
from teachkit.scenes.scene import Axes, Line, Point, Scene
from teachkit.scenes.words import number

AXES = Axes((-5.0, 13.4), (-4.8, 9.0), "x₁", "x₂", equal=True)
KINDS = {1.0: "positive", -1.0: "negative"}
LEGEND = {
    "positive": SHARED["positive"],
    "negative": SHARED["negative"],
    "lda": Meaning("solid green", RULES["lda"]),
    "naive": Meaning("violet dash", RULES["naive"]),
    "logistic": Meaning("solid ink", RULES["logistic"]),
    "class": SHARED["guide"].called("Gaussians of LDA"),
}


def draw(state: GenerativeState) -> Scene:
    """The points, where each rule changes its mind, and what LDA believes of the classes."""
    points = tuple(
        Point(
            str(i), float(x), float(y), KINDS[label], float(i not in state.out), label=f"Point {i}"
        )
        for i, ((x, y), label) in enumerate(zip(state.X, state.y, strict=True))
    )
    model = state.model
    ellipses = tuple(
        Line(
            f"class {label:+g}",
            rounded(conic(model.covariance, 2.0, (float(mean[0]), float(mean[1]))), 3),
            "class", f"class {label:+g} as LDA sees it",
        )
        for label, mean in model.means.items()
    )  # fmt: skip
    boundaries = tuple(
        Line(name, zero_line(float(w1), float(w2), float(b), AXES), name, RULES[name])
        for name, (w1, w2, b) in state.rules.items()
    )
    said = describe(state)
    return Scene(
        AXES,
        points,
        (*ellipses, *boundaries),
        sentence=said,
        alt=f"Two classes of points and three straight boundaries between them. {said}",
        table=_table(state),
        legend=LEGEND,
    )


def describe(state: GenerativeState) -> str:
    """Which rule errs least on all that may come, and how often the others do."""
    errors = sorted((round(state.expected(rule), 3), name) for rule, name in RULES.items())
    told = ", ".join(f"{name} {number(error)}" for error, name in errors)
    count = int(state.inside.sum())
    return f"Trained on {count} points, the rules are expected to be wrong this often: {told}."


def _table(state: GenerativeState) -> tuple[tuple[str, ...], ...]:
    return table(
        ("share of mistakes", *RULES.values()),
        ("in training", *(number(state.mistakes(rule)) for rule in RULES)),
        ("expected", *(number(state.expected(rule)) for rule in RULES)),
    )
