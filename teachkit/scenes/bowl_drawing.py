"""A quadratic form as scenes: its level lines from above, and its two slices from the side."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache

import numpy as np

from teachkit.scenes.bowl import BowlState
from teachkit.scenes.contours import contour
from teachkit.scenes.drawing import rounded, table
from teachkit.scenes.meanings import SHARED, Meaning
from teachkit.scenes.scene import Arrow, Axes, Label, Line, Point, Scene
from teachkit.scenes.words import digits, number, writer

REACH = 3.0
AXES = Axes((-REACH, REACH), (-REACH, REACH), "x₁", "x₂", equal=True)
SLICE_NAMES = "distance from the middle", "height ½ λ t²"
LOWEST, HIGHEST = -6.0, 12.0  # of the slices, in the size of the form
SHOWN = 0.2  # the part of the gradient's length that is drawn
POINT = "x"
SLICES = {"q₁": Meaning("solid ink"), "q₂": Meaning("ink dash")}
LEGEND = {
    "start": SHARED["start"].called("point x"),
    "level": Meaning("thin grey", "level lines"),
    "below": Meaning("thin orange dash", "level lines below 0"),
    "gradient": Meaning("solid green"),
}


def draw(state: BowlState) -> Scene:
    """Level lines, the two eigenvectors' directions, and the gradient at the point."""
    return Scene(
        axes=AXES,
        points=(Point(POINT, *state.x, "start", label="Point x", toggleable=False),),
        lines=(*_levels(replace(state, x=(0.0, 0.0))), *_directions(state)),
        arrows=_gradient(state),
        labels=_names(state),
        sentence=describe(state),
        alt=f"{_table_in_words(state)} {describe(state)}",
        table=_table(state),
        legend={**LEGEND, "gradient": LEGEND["gradient"].called(_arrow_in_words(state))},
    )


def draw_slices(state: BowlState) -> Scene:
    """The parabolas over the two eigenvectors' directions."""
    lines = []
    size = state.size
    for name, value in zip(SLICES, state.sized, strict=True):
        t = np.linspace(-REACH, REACH, 61)
        curve = zip(t, 0.5 * value * t**2, strict=True)
        path = tuple((float(a), size * float(b)) for a, b in curve if LOWEST - 1 < b < HIGHEST + 1)
        lines.append(Line(name, (path,), name, f"along {name}", end=name))
    first, second = map(writer(*state.eigenvalues, decimals=2), state.eigenvalues)
    return Scene(
        Axes((-REACH, REACH), (size * LOWEST, size * HIGHEST), *SLICE_NAMES),
        lines=tuple(lines),
        sentence="From the side: along q₁ and along q₂.",
        alt=f"Two parabolas: along q₁ it bends with {first}, along q₂ with {second}.",
        legend=SLICES,
    )


def describe(state: BowlState) -> str:
    """The eigenvalues, what they make of the form, and the condition number, in a sentence."""
    first, second = map(writer(*state.eigenvalues, decimals=2), state.eigenvalues)
    return f"Eigenvalues {first} and {second}: {_verdict(state)}"


def _verdict(state: BowlState) -> str:
    kappa = number(state.condition, 1)
    low = "₁" if state.first < state.second else "₂"
    flat = "₁" if state.first == 0 else "₂"
    times = number(math.sqrt(state.condition), 1) if math.isfinite(state.condition) else ""
    return {
        "a bowl": (
            f"a bowl, positive definite. Condition number {kappa}: its ellipses are {times} times "
            "as long as wide."
        ),
        "a trough": (
            f"a trough, positive semidefinite only: nothing holds x along q{flat}. The condition "
            "number is infinite."
        ),
        "a saddle": f"a saddle, indefinite: it falls along q{low}. Condition number {kappa}.",
        "a ridge": (
            f"a ridge, negative semidefinite: level along q{flat}. The condition number is "
            "infinite."
        ),
        "a hill": f"a hill, negative definite. Condition number {kappa}.",
        "flat": "flat, H is 0 and has no condition number.",
    }[state.kind]


@lru_cache(maxsize=4)  # while the point is dragged, they stay
def _levels(state: BowlState) -> list[Line]:
    """Where f is 0 and ±1/4, ±1, ±9/4, ...: for a round bowl these are evenly spaced circles."""
    highest = REACH**2 * max(map(abs, state.sized))
    steps = [(0.5 * k) ** 2 for k in range(1, 2 + int(2 * math.sqrt(highest)))]
    h = state.H / state.size

    def f(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return (h[0, 0] * x * x + 2 * h[0, 1] * x * y + h[1, 1] * y * y) / 2

    x = np.linspace(-REACH, REACH, 61)
    values = f(*np.meshgrid(x, x))
    above = [piece for level in steps for piece in rounded(contour(values, AXES, level), 3)]
    below = [piece for level in steps for piece in rounded(contour(values, AXES, -level), 3)]
    both = [Line("above", tuple(above), "level"), Line("below", tuple(below), "below")]
    return [line for line in both if line.pieces]


def _names(state: BowlState) -> tuple[Label, ...]:
    """q₁ and q₂ at their dashed lines, moved a little along the other one to stand clear."""
    labels = []
    for q, along, name in zip(state.Q.T, state.Q.T[::-1], ("q₁", "q₂"), strict=True):
        x, y = REACH * (0.82 * q + 0.07 * along)
        labels.append(Label(name, float(x), float(y), name))
    return tuple(labels)


def _directions(state: BowlState) -> list[Line]:
    lines = []
    for k, q in enumerate(state.Q.T, start=1):
        (x, y) = map(float, 2 * REACH * q)
        lines.append(Line(f"direction-{k}", (((-x, -y), (x, y)),), "guide"))
    return lines


def _gradient(state: BowlState) -> tuple[Arrow, ...]:
    (x, y), (gx, gy) = state.x, map(float, state.gradient / state.size)
    share = _share(state)
    dx, dy = share * gx, share * gy
    if math.hypot(dx, dy) < 1e-9:
        return ()
    return (Arrow("gradient", (x, y), (x + dx, y + dy), "gradient", label="gradient Hx"),)


def _share(state: BowlState) -> float:
    """The part of the gradient that is drawn: it ends at the edge of the picture at the latest."""
    (x, y), (gx, gy) = state.x, map(float, state.gradient / state.size)
    return min(SHOWN, _room(x, gx), _room(y, gy))


def _room(at: float, by: float) -> float:
    """How often ``by`` fits between a coordinate and the edge of the picture it points to."""
    return (math.copysign(REACH, by) - at) / by if by else math.inf


def _arrow_in_words(state: BowlState) -> str:
    if _share(state) < SHOWN:
        return "gradient Hx, as far as the edge"
    return f"gradient Hx at {digits(SHOWN / state.size)} of its length"


def _table(state: BowlState) -> tuple[tuple[str, ...], ...]:
    def row(name: str, *values: float) -> tuple[str, ...]:
        return (name, *map(writer(*values, decimals=2), values))

    h = state.H
    return table(
        ("", "1", "2"),
        row("H, row 1", *h[0]),
        row("H, row 2", *h[1]),
        row("eigenvalues", *state.eigenvalues),
        row("determinant", state.first * state.second),
        row("point x", *state.x),
        row("gradient Hx", *state.gradient),
        row("height ½ x′Hx", state.value),
    )


def _table_in_words(state: BowlState) -> str:
    h = state.H
    write = writer(*h.flat, decimals=2)
    rows = (f"({write(a)}, {write(b)})" for a, b in h)
    return f"Level lines of the quadratic form with the matrix {' and '.join(rows)}."
