"""The risk explorer's scenes: the fit on its sample, and training and expected risk beside it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from teachkit.scenes.drawing import curve, rounded, seen, table, upright
from teachkit.scenes.meanings import SHARED, Meaning
from teachkit.scenes.risk import (
    DELTA,
    HIGHEST,
    NEW,
    NOISE,
    PENALTIES,
    Fit,
    RiskState,
    expected_clipped,
    hoeffding,
    truth,
)
from teachkit.scenes.scene import Axes, Line, Scene
from teachkit.scenes.words import number, scientific

DATA = Axes((-1.0, 1.0), (-2.2, 2.2), "x", "y")
BOTTOM, TOP = -3.0, 3.0  # of log10 of a risk
ZERO = -9.0  # where l2 = 0 stands on the logarithmic axis: at its left edge
OVER_PENALTY = Axes(
    (ZERO, 2.0), (BOTTOM, TOP), "penalty l2; 0 at the left edge", "risk", False, True, True
)
OVER_DEGREE = Axes((0.0, float(HIGHEST)), (BOTTOM, TOP), "degree", "risk", ylog=True)
OVER_NEW = Axes((0.0, 3.0), (-0.03, 1.03), "new examples m", "mean clipped loss", xlog=True)
EXAMPLE = Meaning("tiny blue circle", "training example")
EXPECTED = Meaning("orange dash", "expected risk")
LEGEND = {
    "example": EXAMPLE,
    "truth": EXPECTED.called("sin(πx), the mean of y"),
    "now": SHARED["now"].called("f, fitted to them"),
}
RISKS = {
    "training": Meaning("solid blue", "training risk"),
    "expected": EXPECTED,
    "noise": SHARED["guide"].called("noise alone"),
    "met": Meaning("small ink circle"),
}


def draw(state: RiskState) -> Scene:
    """The sample, the curve that it comes from, and the polynomial fitted to it."""
    x = np.linspace(-1, 1, 601)
    low, high = DATA.ylim
    fitted = np.clip(state.fit.f(x), 2 * low, 2 * high)  # what is outside the picture, near to it
    examples = tuple(
        seen(f"{i}", a, b, "example", f"Example {i}")
        for i, (a, b) in enumerate(zip(state.fit.x, state.fit.y, strict=True))
        if low <= b <= high
    )
    said = describe(state)
    return Scene(
        DATA,
        examples,
        (
            Line("truth", rounded(curve(x, truth(x)), 4), "truth", "the mean of y at x"),
            Line("f", rounded(curve(x, fitted), 4), "now", "f"),
        ),
        sentence=said,
        alt=f"{state.n} noisy examples of sin(πx) and a polynomial fitted to them. {said}",
        table=_table(state.fit),
        legend=LEGEND,
    )


def draw_beside(state: RiskState) -> Scene:
    """What is asked for: risks over the penalty or the degree, or new examples for this f."""
    if state.view == "fixed":
        return draw_fixed(state)
    if state.view == "degree":
        degrees = range(HIGHEST + 1)
        fits = [state.other(degree=degree) for degree in degrees]
        return _risks(state, OVER_DEGREE, degrees, fits, float(state.degree), "degree")
    some = [l2 for l2 in PENALTIES if l2]
    fits = [state.other(l2=l2) for l2 in some]
    here = math.log10(state.l2) if state.l2 else ZERO
    return _risks(state, OVER_PENALTY, np.log10(some), fits, here, "penalty")


def _risks(
    state: RiskState, axes: Axes, places: Any, fits: list[Fit], here: float, over: str
) -> Scene:
    now = {"training": state.fit.training, "expected": state.fit.expected}
    heights = {name: [_height(getattr(fit, name)) for fit in fits] for name in now}
    names = {"training": "training risk", "expected": "expected risk"}
    least = min(fits, key=lambda fit: fit.expected)
    fixed = f"degree {state.degree}" if over == "penalty" else f"l2 = {state.l2:g}"
    said = f"This sample at {fixed}: the expected risk is {_number(least.expected)} at its best."
    return Scene(
        axes,
        tuple(
            seen(f"now-{name}", here, height, "met", names[name], _number(value))
            for name, value in now.items()
            if BOTTOM < (height := _height(value)) < TOP
        ),
        (
            upright("here", here, axes),
            Line(
                "noise", (tuple((x, _height(NOISE**2)) for x in axes.xlim),), "noise", "noise alone"
            ),
            *(Line(name, rounded(curve(places, heights[name]), 3), name) for name in now),
        ),
        sentence=said,
        alt=f"Training risk and expected risk over the {over}, on a logarithmic scale. {said}",
        legend=RISKS,
    )


def draw_fixed(state: RiskState) -> Scene:
    """I_m[f] of an f that no longer changes goes to I[f], within Hoeffding's band."""
    fit, run = state.fit, state.run()
    m = np.unique(np.rint(np.geomspace(1, NEW, 160)).astype(int))
    x, inside = np.log10(m), fit.clipped_expected
    band = [np.clip(inside + sign * hoeffding(m), 0, 1) for sign in (-1, 1)]
    n, own = state.n, fit.clipped_training
    where = "inside" if abs(own - inside) <= hoeffding(n) else "outside"
    said = (
        f"f stays as it is, and new examples come. After {NEW:,} their mean loss is "
        f"{number(run[-1])}; expected is {number(inside)}. On the {n} that f was fitted to it is "
        f"{number(own)}, {where} the band."
    )
    return Scene(
        OVER_NEW,
        (seen("own", math.log10(n), own, "own", f"On the {n} examples f was fitted to"),),
        (
            Line("expected", (tuple((x, inside) for x in OVER_NEW.xlim),), "expected"),
            *(
                Line(name, rounded(curve(x, edge), 4), "guide", "Hoeffding's bound")
                for name, edge in zip(("low", "high"), band, strict=True)
            ),
            Line("run", rounded(curve(x, run[m - 1]), 4), "now"),
        ),
        sentence=said,
        alt=f"The mean of the loss min(1, (f − y)²) over new examples. {said}",
        legend={
            "now": SHARED["now"].called("mean over new ones"),
            "expected": EXPECTED,
            "guide": SHARED["guide"].called(f"Hoeffding, {1 - DELTA:.0%}"),
            "own": EXAMPLE.called("on its own examples"),
        },
    )


def describe(state: RiskState) -> str:
    """Both risks, and what the best f of all would still cost."""
    fit = state.fit
    return (
        f"Degree {state.degree}, l2 = {state.l2:g}, n = {state.n}: training risk "
        f"{_number(fit.training)}, expected risk {_number(fit.expected)}. The noise alone costs "
        f"{_number(NOISE**2)}."
    )


def _table(fit: Fit) -> tuple[tuple[str, ...], ...]:
    noise = float(expected_clipped(np.zeros(1))[0])
    return table(
        ("loss", "(f − y)²", "min(1, (f − y)²)"),
        ("training risk", _number(fit.training), number(fit.clipped_training)),
        ("expected risk", _number(fit.expected), number(fit.clipped_expected)),
        (
            "gap",
            _number(fit.expected - fit.training),
            number(fit.clipped_expected - fit.clipped_training),
        ),
        ("noise alone", _number(NOISE**2), number(noise)),
        ("mean of f², |θ|²", _number(float(fit.theta @ fit.theta)), ""),
    )


def _number(risk: float) -> str:
    return number(risk) if abs(risk) < 1000 else scientific(risk)


def _height(risk: float) -> float:
    return math.log10(min(max(risk, 10.0 ** (BOTTOM - 1)), 10.0 ** (TOP + 1)))
