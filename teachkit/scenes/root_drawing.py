"""The root finder as a scene: the curve, the tangent, and the way from axis to curve and back."""

from __future__ import annotations

import math

import numpy as np

from teachkit.optimize import RootIterate
from teachkit.scenes.contours import Pieces, zero_line
from teachkit.scenes.drawing import seen
from teachkit.scenes.meanings import SHARED, Meaning
from teachkit.scenes.paths import Pair, path, within
from teachkit.scenes.root_finding import MOST, RootState
from teachkit.scenes.scene import Axes, Label, Line, Point, Scene, padded_limits
from teachkit.scenes.words import digits, number, subscript

START = "start"
ROWS = 9  # of the table; the last steps are the telling ones
DOTS = 30  # iterates drawn as points
LARGEST = 1e300  # what is larger is as good as infinite
NAMES = 8  # beside the axis
LETTER = 0.02  # of the picture's width: a letter of a name, about
WIDEST = 6.0  # so many times its width the view follows the iterates
LEGEND = {
    "start": SHARED["start"],
    "iterate": SHARED["iterate"].called("f at the iterates"),
    "curve": Meaning("solid ink", "f"),
    "tangent": SHARED["tangent"],
    "path": Meaning("thin blue", "steps"),
}


def draw(state: RootState) -> Scene:
    """The function, the steps shown, and the tangent that the next one follows."""
    axes = _axes(state)
    return Scene(
        axes=axes,
        points=(_start(state), *_iterates(state, axes)),
        lines=(
            Line("axis", (((axes.xlim[0], 0.0), (axes.xlim[1], 0.0)),), "guide"),
            Line("curve", _curve(state, axes), "curve", f"f(x) = {state.formula.text}"),
            Line("tangent", _tangent(state, axes), "tangent", f"tangent at x{subscript(state.k)}"),
            _path(state, axes),
        ),
        labels=_names(state, axes),
        sentence=describe(state),
        alt=_alt(state),
        table=_table(state),
        legend=LEGEND,
    )


def describe(state: RootState) -> str:
    """Where the method stands, and how fast it comes nearer or why it does not."""
    k, here = state.k, state.shown[-1]
    place = (
        f"f(x) = {state.formula.text}, step {k}: x = {digits(here.x, 8)}, f(x) = "
        f"{digits(here.value)}."
    )
    if k < state.last:
        order = state.order()
        return place if order is None else f"{place} Order so far: {number(order, 1)}."
    return f"{place} {_ending(state)}"


def _ending(state: RootState) -> str:
    if state.root is not None:
        order = state.order()
        measured = "" if order is None else f" The order measured is {number(order, 1)}."
        return f"That is a root.{measured}"
    if state.ending:
        return state.ending
    period = state.period()
    if period:
        return f"After {MOST} steps: the iterates repeat with period {period}, a cycle."
    return f"After {MOST} steps there is still no root."


def _axes(state: RootState) -> Axes:
    """The view, widened to where the iterates went, but not to where they fled."""
    low, high = state.view
    reach = WIDEST * (high - low)
    xs = [it.x for it in state.shown if low - reach <= it.x <= high + reach]
    if min(xs, default=low) < low or max(xs, default=high) > high:
        low, high = padded_limits([low, high, *xs], 0.05)
    heights = np.asarray(state.formula(np.linspace(low, high, 401)))
    heights = heights[np.abs(heights) < LARGEST]
    if heights.size:
        ends = np.quantile(heights, [0.03, 0.97])
        bottom, top = padded_limits([0.0, *ends], 0.12)
    else:
        bottom, top = -1.0, 1.0
    return Axes((low, high), (bottom, top), "x", "f(x)")


def _curve(state: RootState, axes: Axes) -> Pieces:
    """The graph, in pieces where it is not defined, leaves the picture by far, or jumps."""
    x = np.linspace(*axes.xlim, 401)
    y = np.asarray(state.formula(x))
    bottom, top = axes.ylim
    tall = top - bottom
    inside = np.isfinite(y) & (y > bottom - tall) & (y < top + tall)
    pieces: list[list[Pair]] = [[]]
    for a, b, ok in zip(x, y, inside, strict=True):
        jumps = bool(pieces[-1]) and abs(b - pieces[-1][-1][1]) > tall
        if (not ok or jumps) and pieces[-1]:
            pieces.append([])
        if ok:
            pieces[-1].append((float(a), float(b)))
    return tuple(tuple(piece) for piece in pieces if len(piece) > 1)


def _path(state: RootState, axes: Axes) -> Line:
    """From each x_k up to the curve and along the tangent down to x_{k+1}."""
    corners = (corner for it in state.shown for corner in ((it.x, 0.0), (it.x, it.value)))
    gone = not within((state.shown[-1].x, 0.0), axes)
    return Line(
        "path", path(corners, axes), "path", "up to the curve, down the tangent",
        end=f"x{subscript(state.k)}" if gone else "", leaves=gone,
    )  # fmt: skip


def _tangent(state: RootState, axes: Axes) -> Pieces:
    """The line that the next step follows, all through the picture."""
    here = state.shown[-1]
    slope = state.formula.slope(here.x)
    if not (math.isfinite(slope) and math.isfinite(here.value) and math.isfinite(slope * here.x)):
        return ()
    return zero_line(slope, -1.0, here.value - slope * here.x, axes)


def _iterates(state: RootState, axes: Axes) -> list[Point]:
    return [
        seen(
            f"x{it.k}", it.x, it.value, "iterate", f"Step {it.k}",
            f"x = {digits(it.x, 6)}, f(x) = {digits(it.value)}",
        )
        for it in state.shown[-DOTS:]
        if within((it.x, it.value), axes)
    ]  # fmt: skip


def _start(state: RootState) -> Point:
    note = "drag it along the axis"
    return Point(START, state.x0, 0.0, "start", label="Start x₀", toggleable=False, note=note)


def _names(state: RootState, axes: Axes) -> tuple[Label, ...]:
    """x₀, x₁, ... beside the axis; those that cannot stand apart have one name: "x₂…x₇"."""
    (low, high), (bottom, top) = axes.xlim, axes.ylim
    letter = LETTER * (high - low)
    groups: list[list[RootIterate]] = []
    for it in sorted(state.iterates[: state.k + 2], key=lambda it: it.x):
        if not low <= it.x <= high:
            continue
        if groups and it.x - groups[-1][0].x < letter * (len(_together(groups[-1])) + 1):
            groups[-1].append(it)
        else:
            groups.append([it])
    names = []
    for group in sorted(groups, key=lambda group: max(it.k for it in group))[-NAMES:]:
        text = _together(group)
        x = min(group[0].x, high - letter * len(text))
        beside = state.formula(x + letter * len(text) / 2)  # the curve is on the other side
        y = (0.025 if beside < 0 else -0.055) * (top - bottom)
        names.append(Label(f"name{min(it.k for it in group)}", x, y, text))
    return tuple(names)


def _together(group: list[RootIterate]) -> str:
    """'x₁', 'x₀, x₂', 'x₂…x₇' for steps in a row, 'x₀, x₂, …' for others."""
    steps = sorted(it.k for it in group)
    first, *others = (f"x{subscript(k)}" for k in steps)
    if len(steps) < 3:
        return ", ".join([first, *others])
    row = steps[-1] - steps[0] == len(steps) - 1
    return f"{first}…{others[-1]}" if row else f"{first}, {others[0]}, …"


def _table(state: RootState) -> tuple[tuple[str, ...], ...]:
    errors = state.errors()
    small = max(map(abs, state.view)) < 0.01
    rows: list[tuple[str, ...]] = [("k", "x", "f(x)", "error", "error / before")]
    for it in state.shown:
        error = digits(errors[it.k], 2) if errors else "–"
        known = errors and it.k and errors[it.k - 1] > 0
        ratio = number(errors[it.k] / errors[it.k - 1]) if known else "–"
        rows.append(
            (
                str(it.k),
                digits(it.x, 6) if small else _wide(it.x),
                digits(it.value, 2),
                error,
                ratio,
            )
        )
    return (rows[0], *rows[1:][-ROWS:])


def _wide(x: float) -> str:
    return number(x, 9) if abs(x) < 1e4 else digits(x, 6)


def _alt(state: RootState) -> str:
    places = ", ".join(digits(it.x, 4) for it in state.shown[:6])
    more = ", ..." if state.k > 5 else ""
    return (
        f"The graph of {state.formula.text} and {state.k} of {state.last} Newton steps from "
        f"x = {digits(state.x0, 4)}: {places}{more}. {describe(state)}"
    )
