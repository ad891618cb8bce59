"""The step-size explorer's scenes: errors against r on log-log axes, and the gradient near w."""

from __future__ import annotations

import math

import numpy as np

from teachkit.scenes.contours import Pieces
from teachkit.scenes.drawing import curve, rounded, seen, upright
from teachkit.scenes.meanings import SHARED, Meaning
from teachkit.scenes.scene import Axes, Line, Point, Scene
from teachkit.scenes.step_size import FORMULAS, HIGHEST, LOWEST, StepSizeState
from teachkit.scenes.words import listed, number, scientific

R = "r"  # the point under the hand
BOTTOM, TOP = -12.5, 1.5  # of log10 of the error
ERRORS = Axes(
    (LOWEST, HIGHEST), (BOTTOM, TOP), "step r", "relative error of H v", False, True, True
)
PROFILE = Axes((-1.5, 1.5), (-1.8, 1.8), "t / r", "gradient's change / (r |Hv|)")
NEAR = 4.0  # a step within this factor of the best is as good as the best


def draw(state: StepSizeState) -> Scene:
    """Both V's, and the step on the one of the formula that is looked at."""
    setting, error = state.setting, math.log10(max(state.error, 1e-16))
    rule = math.log10(setting.rule(state.formula))
    return Scene(
        axes=ERRORS,
        points=(
            Point(
                R, state.log_r, min(max(error, BOTTOM), TOP), "start",
                label="Step r", toggleable=False, note=f"error {scientific(state.error)}",
            ),
        ),
        lines=(
            *(Line(name, _curve(state, name), name, end=name) for name in FORMULAS),
            upright("rule", rule, ERRORS, "the rule of thumb"),
        ),
        sentence=describe(state),
        alt=_alt(state),
        table=_table(state),
        legend={
            "start": SHARED["start"].called("step r"),
            "forward": SHARED["forward"].called(""),
            "central": SHARED["central"].called(""),
            "guide": SHARED["guide"].called(f"rule of thumb, {state.formula}"),
        },
    )  # fmt: skip


def draw_profile(state: StepSizeState) -> Scene:
    """The gradient along v between the ends of the difference, with the secant through them."""
    ts, rise = state.setting.profile(state.r)
    low, high = PROFILE.ylim
    start = -1.0 if state.formula == "central" else 0.0
    ends = {t: float(np.interp(t, ts, rise)) for t in (start, 1.0)}
    slope = (ends[1.0] - ends[start]) / (1.0 - start)
    secant = tuple((t, ends[start] + slope * (t - start)) for t in PROFILE.xlim)
    points = tuple(
        seen(f"end-{k}", t, height, "end", f"gradient at t = {number(t, 0)} r")
        for k, (t, height) in enumerate(ends.items())
        if low <= height <= high
    )
    return Scene(
        PROFILE,
        points=points,
        lines=(
            Line("curve", curve(ts, rise), "curve"),
            Line("exact", (tuple((t, t) for t in PROFILE.xlim),), "exact"),
            Line("secant", (secant,), "secant"),
        ),
        sentence=f"Between −r and r, seen with a magnifying glass: {_seen(state)}",
        alt=(
            "The gradient's change along v, in units in which the exact slope is 1; the difference "
            f"quotient's slope is {number(slope, 2)}. {_seen(state)}"
        ),
        legend={
            "curve": Meaning("solid ink", "gradient, along Hv"),
            "exact": Meaning("green dash", "exact slope"),
            "secant": Meaning("violet dots", "difference quotient"),
            "end": Meaning("small blue circle"),
        },
    )


def describe(state: StepSizeState) -> str:
    """Which formula, which step, which error, and what rules it."""
    name, dtype = state.formula.capitalize(), state.setting.dtype
    what = f"{name} difference in {dtype}, r = {scientific(state.r)}"
    if state.lost:
        return f"{what}: w + r v is w, nothing changes, and the quotient is 0: all of it is wrong."
    return f"{what}: relative error {scientific(state.error)}. {_verdict(state)}"


def _verdict(state: StepSizeState) -> str:
    best, least = state.setting.best(state.formula)
    if state.error <= NEAR * least:
        return "About as good as it gets."
    if state.r > best:
        return "The bend of the gradient rules: a smaller r is better."
    return "Rounding rules: a larger r is better."


def _seen(state: StepSizeState) -> str:
    if state.lost:
        return "nothing moves."
    best, _ = state.setting.best(state.formula)
    if state.error <= 0.01:
        return "a straight line, as far as the eye can tell."
    return "it bends." if state.r > best else "steps of rounding."


def _curve(state: StepSizeState, formula: str) -> Pieces:
    """Both sides of the V, which meet at its bottom: there stands its name.

    An error of exactly 0 would have no logarithm.
    """
    heights = np.log10(np.maximum(state.setting.errors[formula], 1e-16))
    (places,) = rounded(curve(state.setting.log_steps, heights), 3)
    bottom = int(np.argmin(heights))
    return places[: bottom + 1][::-1], places[bottom:][::-1]


def _table(state: StepSizeState) -> tuple[tuple[str, ...], ...]:
    setting = state.setting
    here = {name: setting.error(name, state.r) for name in FORMULAS}
    best = {name: setting.best(name) for name in FORMULAS}
    return (
        ("", *FORMULAS),
        ("error at this r", *(scientific(here[name]) for name in FORMULAS)),
        ("best r, measured", *(scientific(best[name][0], 0) for name in FORMULAS)),
        ("its error", *(scientific(best[name][1], 0) for name in FORMULAS)),
        ("rule of thumb", *(scientific(setting.rule(name), 0) for name in FORMULAS)),
        ("new gradients", "1", "2"),
        ("distance r |v|", *(scientific(state.distance) for _ in FORMULAS)),
    )


def _alt(state: StepSizeState) -> str:
    """Without the measured best: at the bottom of a V the last digits are the machine's own."""
    setting = state.setting
    rules = [f"{scientific(setting.rule(name), 0)} for the {name} difference" for name in FORMULAS]
    return (
        f"Two V-shaped curves of the error against r, in {setting.dtype} with |v| = "
        f"{scientific(10.0**setting.length, 0)}. The rule of thumb puts the bottom at "
        f"{listed(rules)}. {describe(state)}"
    )
