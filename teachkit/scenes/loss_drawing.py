"""The loss explorer's scenes: the losses over margin or residual, and a derivative of each."""

from __future__ import annotations

import numpy as np

from teachkit.scenes.contours import Pieces
from teachkit.scenes.drawing import curve, rounded, seen, table, upright
from teachkit.scenes.loss import DERIVATIVES, LOSSES, LossState
from teachkit.scenes.meanings import Meaning
from teachkit.scenes.scene import Axes, Line, Point, Scene
from teachkit.scenes.words import listed, number

AT = "at"  # the point under the hand
HEIGHTS = {"value": (-0.3, 4.0), "slope": (-2.6, 2.6), "curvature": (-0.2, 2.6)}
LOOKS = {
    "zero_one": "solid ink",
    "hinge": "solid blue",
    "smooth_hinge": "orange dash",
    "logistic": "solid green",
    "square": "violet dash",
    "absolute": "blue dash dot",
    "insensitive": "green dash dot",
}


def draw(state: LossState) -> Scene:
    """The losses, and what each of them says of the place that is looked at."""
    scale, axes = state.scale, _axes(state, "value")
    hand = Point(
        AT, state.at, 0.0, "at", toggleable=False,
        label=f"{scale.name.capitalize()} {scale.symbol}",
    )  # fmt: skip
    return Scene(
        axes,
        (*_dots(state, "value"), hand),
        (upright("here", state.at, axes), *_curves(state, "value")),
        sentence=describe(state),
        alt=_alt(state),
        table=_table(state),
        legend={**_legend(state), "at": Meaning("green diamond", scale.symbol)},
    )


def draw_derivative(state: LossState) -> Scene:
    """Slope or curvature of each, as far as it has one; nothing if neither is asked for."""
    what = state.derivative
    if what not in DERIVATIVES:
        return Scene(_axes(state, "slope"))
    axes = _axes(state, what)
    said = describe_derivative(state)
    return Scene(
        axes,
        _dots(state, what),
        (upright("here", state.at, axes), *_curves(state, what)),
        sentence=said,
        alt=f"The {what} of each of these losses over the {state.scale.name}. {said}",
        legend={key: Meaning(meaning.look) for key, meaning in _legend(state).items()},
    )


def describe(state: LossState) -> str:
    """Where one looks, what that means, and what the losses say."""
    here = f"{state.scale.name.capitalize()} {state.scale.symbol} = {number(state.at, 2)}"
    if not state.shown:
        return f"{here}. No loss is chosen."
    costs = [
        f"{LOSSES[key].name} {number(state.here(key, 'value') or 0.0, 2)}" for key in state.shown
    ]
    verdict = _of_margin(state.at) if state.over == "margin" else _of_residual(state)
    return f"{here}: {verdict}. Loss: {listed(costs)}."


def _of_margin(at: float) -> str:
    if at < 0:
        return "the sign is wrong"
    if at == 0:
        return "no sign at all, which counts as wrong"
    return "the sign is right, but by less than 1" if at < 1 else "right by 1 or more"


def _of_residual(state: LossState) -> str:
    size, end = abs(state.at), number(state.epsilon, 2)
    if size <= state.epsilon:
        return f"within ε = {end}"
    return f"{number(size - state.epsilon, 2)} beyond ε = {end}"


def describe_derivative(state: LossState) -> str:
    """The slopes or curvatures here, and for those that are missing the loss's own reason."""
    what = state.derivative
    there = [(key, state.here(key, what)) for key in state.shown]
    told = [f"{LOSSES[key].name} {number(value, 2)}" for key, value in there if value is not None]
    said = f"{what.capitalize()} here: {listed(told)}." if told else f"No {what} here."
    return " ".join([said, *(state.why_not(key, what) for key, value in there if value is None)])


def _axes(state: LossState, what: str) -> Axes:
    scale = state.scale
    low, high = HEIGHTS[what]
    if state.over == "margin" and what == "slope":
        high = 1.2  # only the square rises again, beyond margin 1
    name = "loss" if what == "value" else f"{what} of the loss"
    return Axes(scale.ends, (low, high), f"{scale.name} {scale.symbol}", name)


def _curves(state: LossState, what: str) -> tuple[Line, ...]:
    return tuple(
        Line(key, pieces, key, LOSSES[key].name)
        for key in state.shown
        if (pieces := _pieces(state, key, what))
    )


def _pieces(state: LossState, key: str, what: str) -> Pieces:
    """One piece a branch; what is outside the picture is brought near to it."""
    low, high = HEIGHTS[what]
    return tuple(
        rounded(curve(x, np.clip(heights, low - 1, high + 1)), 4)[0]
        for x, heights in state.branches(key, what)
    )


def _dots(state: LossState, what: str) -> tuple[Point, ...]:
    """Where the curves are met, as far as that is in the picture."""
    low, high = _axes(state, what).ylim
    dots = ((key, state.here(key, what)) for key in state.shown)
    return tuple(
        seen(f"on-{key}", state.at, value, "met", LOSSES[key].name, f"{what} {number(value)}")
        for key, value in dots
        if value is not None and low <= value <= high
    )


def _legend(state: LossState) -> dict[str, Meaning]:
    """All losses of this scale; those not drawn have their room kept."""
    names = {
        key: Meaning(LOOKS[key], _name(state, key))
        for key, loss in LOSSES.items()
        if state.over in loss.scales
    }
    return {**names, "met": Meaning("small ink circle")}


def _name(state: LossState, key: str) -> str:
    name = LOSSES[key].name
    if key == "square":
        return f"square ({'1 − y f' if state.over == 'margin' else 'f − y'})²"
    return name


def _table(state: LossState) -> tuple[tuple[str, ...], ...]:
    def cell(key: str, what: str) -> str:
        value = state.here(key, what)
        return "none" if value is None else number(value)

    columns = ("value", *DERIVATIVES)
    rows = [(LOSSES[key].name, *(cell(key, what) for what in columns)) for key in state.shown]
    return table(("", "loss", *DERIVATIVES), *rows)


def _alt(state: LossState) -> str:
    names = listed([LOSSES[key].name for key in state.shown]) if state.shown else "No loss"
    over = f"{state.scale.name} {state.scale.symbol}"
    return f"Losses as curves over the {over}: {names}. {describe(state)}"
