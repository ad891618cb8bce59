"""The descent explorer as scenes: two paths over the level lines, and both gradient norms."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from teachkit.functions import Landscape
from teachkit.scenes.descent import ARRIVED, DescentState
from teachkit.scenes.drawing import pair, seen
from teachkit.scenes.landscape import LEVELS, MINIMUM, level_lines, minima
from teachkit.scenes.meanings import SHARED, Meaning, look
from teachkit.scenes.methods import Descent
from teachkit.scenes.paths import path, within
from teachkit.scenes.scene import Axes, Line, Point, Scene
from teachkit.scenes.words import counted, digits, writer

START = "start"
STYLES = ("first", "second")
DOT = {"first": "first step", "second": "second step"}
OTHER = Meaning("violet dash")  # B, where A is the same method with another search
DOTS = 30  # iterates drawn as points
FLOOR = 1e-12  # gradient norms below it, in their unit, are drawn as if they were it
CEILING = 1e300  # and so is what is not finite


def draw(state: DescentState) -> Scene:
    """The level lines from above, the start, and both methods' first k steps."""
    axes = _axes(state.landscape)
    pairs = list(zip(STYLES, state.descents, state.methods, strict=True))
    dots = [
        point
        for style, descent, method in reversed(pairs)  # the first lies on top
        for point in _dots(descent, state.k, style, method.name, axes)
    ]
    start = Point(START, *state.start, "start", label="Start", toggleable=False)
    return Scene(
        axes=axes,
        points=(*dots, *minima(state.landscape, axes), start),  # a star lies over who arrives there
        lines=(
            *level_lines(state.landscape, axes),
            *(
                _path(style, descent, state.k, axes, letter, method.name)
                for letter, (style, descent, method) in zip("AB", pairs, strict=True)
            ),
        ),
        sentence=describe(state),
        alt=_alt(state),
        table=_table(state),
        legend=_legend(state),
    )


def draw_norms(state: DescentState) -> Scene:
    """The gradient's norm at every step, of both methods, on a logarithmic axis."""
    norms = [_norms(state, descent, state.k) for descent in state.descents]
    every = np.concatenate([_norms(state, descent, descent.last) for descent in state.descents])
    start = float(norms[0][0])
    top = min(float(every.max()), start + 6) + 0.5
    axes = Axes(
        (0.0, float(max(12, math.ceil(1.1 * state.k)))),
        (min(float(every.min()), start - 1) - 0.5, top),
        "step k",
        "norm of the gradient",
        ylog=True,
    )
    return Scene(
        axes=axes,
        points=tuple(
            seen(
                f"{style}-{k}", k, v, DOT[style], f"{method.name}, step {k}",
                f"gradient norm {digits(10**v, 2)}",
            )
            for style, method, values in zip(STYLES, state.methods, norms, strict=True)
            for k, v in enumerate(values if len(values) <= DOTS else ())
            if within((float(k), float(v)), axes)
        ),
        lines=tuple(
            Line(
                style, path(((float(k), float(v)) for k, v in enumerate(values)), axes), style,
                end=letter if state.k else "",
            )
            for letter, style, values in zip("AB", STYLES, norms, strict=True)
        ),
        sentence=f"The norm of the gradient. {_last_factors(state) or 'Take a step, or run.'}",
        alt=(
            f"The gradient norm of both methods after each of {state.k} steps, on a logarithmic "
            f"scale. {_last_factors(state)}".strip()
        ),
        legend={name: meaning.called("") for name, meaning in _legend(state).items()},
    )  # fmt: skip


def describe(state: DescentState) -> str:
    """Where both methods stand after k steps, and where they ended."""
    told = [
        f"{letter}: {_standing(state, descent)}"
        for letter, descent in zip("AB", state.descents, strict=True)
    ]
    return f"After {counted(state.k, 'step')}. {'; '.join(told)}."


def _standing(state: DescentState, descent: Descent) -> str:
    here = descent.upto(state.k)[-1]
    value = f"f = {digits(here.value, 4)}"
    if here.gradient_norm <= ARRIVED * state.unit:
        kind = state.kind_of_end(here.x)
        where = f"a {kind}" if kind else "a stationary point"
        small = ARRIVED * state.unit
        arrived = next(it.k for it in descent.upto(state.k) if it.gradient_norm <= small)
        return f"{value}, at {where} {f'since step {arrived}' if arrived else 'from the start'}"
    if descent.over(state.k) and (state.k > descent.last or descent.ending):
        return f"{value}, and no further step ({_first_sentence(descent.ending)})"
    return value


def _first_sentence(text: str) -> str:
    return text.split(". ")[0].split(": ")[0].rstrip(".") or "stopped"


def _last_factors(state: DescentState) -> str:
    """What the last step left of each gradient norm; nothing before the first."""
    told = []
    for letter, descent in zip("AB", state.descents, strict=True):
        shown = descent.upto(state.k)
        if len(shown) > 1:
            before, after = (it.gradient_norm for it in shown[-2:])
            left = "left nothing of it"
            if after > FLOOR * state.unit:
                left = f"multiplied it by {digits(after / before, 2)}"
            told.append(f"{letter}'s step {shown[-1].k} {left}")
    return f"{'; '.join(told)}." if told else ""


def _axes(landscape: Landscape) -> Axes:
    (x0, x1), (y0, y1) = landscape.box
    return Axes((x0, x1), (y0, y1), "x", "y", equal=True)


def _places(descent: Descent, k: int) -> list[tuple[float, float]]:
    return [pair(it.x) for it in descent.upto(k)]


def _path(style: str, descent: Descent, k: int, axes: Axes, letter: str, name: str) -> Line:
    places = _places(descent, k)
    gone = not within(places[-1], axes)
    return Line(style, path(places, axes), style, name, end=letter if gone else "", leaves=gone)


def _dots(descent: Descent, k: int, style: str, name: str, axes: Axes) -> list[Point]:
    shown = zip(descent.upto(k), _places(descent, k), strict=True)
    return [
        seen(
            f"{style}-{it.k}", *place, DOT[style], f"{name}, step {it.k}",
            f"f = {digits(it.value, 4)}, gradient norm {digits(it.gradient_norm, 2)}",
        )
        for it, place in [*shown][1:][-DOTS:]
        if within(place, axes)
    ]  # fmt: skip


def _norms(state: DescentState, descent: Descent, k: int) -> np.ndarray:
    norms = [it.gradient_norm for it in descent.upto(k)]
    return np.log10(np.clip(np.nan_to_num(norms, nan=CEILING), FLOOR * state.unit, CEILING))


def _legend(state: DescentState) -> dict[str, Meaning]:
    first, second = state.methods
    drawn = [SHARED[method.direction] for method in state.methods]
    if first.direction == second.direction:  # with another search, or twice the same
        drawn[1] = OTHER
    colours = [look(meaning)["colour"] for meaning in drawn]
    return {
        **MINIMUM,
        "start": SHARED["start"],
        "first": drawn[0].called(f"A: {first.name}"),
        "second": drawn[1].called(f"B: {second.name}"),
        "first step": Meaning(f"tiny {colours[0]} circle"),
        "second step": Meaning(f"tiny {colours[1]} square"),
        **LEVELS,
    }


def _written(state: DescentState, decimals: int) -> Callable[[float], str]:
    """How coordinates are written, as the picture is large."""
    return writer(*(end for ends in state.landscape.box for end in ends), decimals=decimals)


def _table(state: DescentState) -> tuple[tuple[str, ...], ...]:
    heads, place = [descent.upto(state.k)[-1] for descent in state.descents], _written(state, 4)
    return (
        ("", *(f"{x}: {m.direction}" for x, m in zip("AB", state.methods, strict=True))),
        ("step", *(str(it.k) for it in heads)),
        ("x", *(place(float(it.x[0])) for it in heads)),
        ("y", *(place(float(it.x[1])) for it in heads)),
        ("f", *(digits(it.value, 4) for it in heads)),
        ("gradient norm", *(digits(it.gradient_norm, 2) for it in heads)),
        ("step length t", *(digits(it.step) if it.k else "–" for it in heads)),
        ("evaluations", *(str(it.evaluations) for it in heads)),
        ("note", *(_note(it.note) or "–" for it in heads)),
    )


def _note(text: str) -> str:
    """The gist of a note: "1.1 I added", "no update"."""
    before, _, after = text.partition(": ")
    return after if after.endswith("added") else before


def _alt(state: DescentState) -> str:
    first, second = (method.name for method in state.methods)
    return (
        f"The level lines of {state.landscape.name} from above, and two paths from "
        f"({', '.join(map(_written(state, 2), state.start))}): A is {first}; B is {second}. "
        f"{describe(state)}"
    )
