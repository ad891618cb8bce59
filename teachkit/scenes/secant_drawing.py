"""The secant explorer as scenes: the path with two ellipses, the close-up, and the errors."""

from __future__ import annotations

import numpy as np

from teachkit.scenes.conics import conic
from teachkit.scenes.drawing import log_curve, pair, rounded, seen, table, upright
from teachkit.scenes.landscape import LEVELS, MINIMUM, level_lines, minima
from teachkit.scenes.meanings import SHARED, Meaning
from teachkit.scenes.paths import path, within
from teachkit.scenes.scene import Arrow, Axes, Line, Point, Scene
from teachkit.scenes.secant import MOST, WOLFE, SecantState, Stop
from teachkit.scenes.words import digits, number, round_up

START = "start"
LOWEST, HIGHEST = -10.0, 5.0  # of the errors' picture, powers of ten
LONGEST = 0.25  # of the picture's width: an arrow is not drawn longer
LEGEND = {
    **MINIMUM,
    "start": SHARED["start"],
    "iterate": SHARED["iterate"].called("x now"),
    "true": Meaning("solid ink", "true ellipse, from H"),
    "B": Meaning("violet dots", "the ellipse of B"),
    "gradient": Meaning("solid green", "next direction −Bg"),
    "tangent": Meaning("short orange dash", "next direction −Bg: uphill"),
    "path": Meaning("thin blue", "steps of BFGS"),
    **LEVELS,
}


def draw(state: SecantState) -> Scene:
    """The level lines, the path so far, and both ellipses at its end."""
    view, here = state.view, state.here
    (low, high), place = view.axes.xlim, pair(here.x)
    corners = [pair(stop.x) for stop in state.run[: state.k + 1]]
    gone = not within(place, view.axes)
    true = conic(here.inverse, view.reach, place, far=high - low)
    guess = conic(here.B, view.reach, place, far=high - low)
    return Scene(
        axes=view.axes,
        points=(
            *minima(view.function, view.axes),
            *_iterate(state),
            Point(START, *state.start, "start", label="Start", toggleable=False),
        ),
        lines=(
            *level_lines(view.function, view.axes)[1::2],  # the map is small
            Line(
                "path", path(corners, view.axes), "path", "the path",
                end="BFGS" if gone else "", leaves=gone,
            ),
            Line("true", rounded(true, 4), "true", "d′Hd = r²: the true curvature"),
            Line("guess", rounded(guess, 4), "B", "d′B⁻¹d = r²: what B says"),
        ),
        arrows=_arrow(state),
        sentence=describe(state),
        alt=_alt(state),
        table=_table(state),
        legend=LEGEND,
    )  # fmt: skip


def draw_close_up(state: SecantState) -> Scene:
    """The ellipse of B in coordinates in which the true one is a circle of radius 1."""
    here, W = state.here, state.here.round
    guess = W @ here.B @ W.T
    half = np.sqrt(np.abs(np.linalg.eigvalsh(guess)))
    reach = round_up(1.15 * max(1.4, float(half.max())))
    true = conic(np.diag(np.sign(here.curvatures[0])), 1.0, far=2 * reach)
    lines = [
        Line("true", rounded(true, 4), "true", "the true curvature"),
        Line("guess", rounded(conic(guess, 1.0, far=2 * reach), 4), "B", "what B says"),
    ]
    if here.s is not None:
        u = W @ here.s
        u = u / np.linalg.norm(u)
        ends = pair(-2 * reach * u), pair(2 * reach * u)
        lines.insert(0, Line("s", (ends,), "guide", "the last step", end="last step"))
    return Scene(
        axes=Axes((-reach, reach), (-reach, reach), "u₁", "u₂", equal=True),
        lines=tuple(lines),
        sentence=f"Where the truth is round. {_half_axes(here)}",
        alt=(
            "The ellipse of B in coordinates in which the true one is a circle of radius 1, with "
            f"the line of the last step. {_half_axes(here)}"
        ),
        legend={"true": Meaning("solid ink", "true"), "B": Meaning("violet dots", "B")},
    )


def draw_errors(state: SecantState) -> Scene:
    """How far off the matrix and the step are, and the gradient, from the first step on."""
    shown = state.run[: state.k + 1]
    width = float(max(10, 5 * -(-state.last // 5)))
    axes = Axes((0.0, width), (LOWEST, HIGHEST), "step k", "error", ylog=True)
    curves = (
        ("gradient", "gradient norm", [stop.iterate.gradient_norm for stop in shown]),
        ("matrix", "B", [stop.matrix_error for stop in shown]),
        ("step", "its step", [stop.step_error for stop in shown]),
    )
    here = state.here
    lines = [
        Line(name, log_curve(values, LOWEST, HIGHEST), name, end=end)
        for name, end, values in curves
    ]
    return Scene(
        axes=axes,
        lines=(upright("k", float(state.k), axes), *lines) if state.k else (),
        sentence="How far off are B and its step?",
        alt=(
            f"Three curves over the steps so far, on a logarithmic scale. Now the gradient norm is "
            f"{digits(here.iterate.gradient_norm, 2)}, the matrix B is off by "
            f"{share(here.matrix_error)}, its step by {share(here.step_error)}."
        ),
        legend={
            "step": Meaning("solid ink"),
            "matrix": Meaning("violet dots"),
            "gradient": Meaning("thin blue"),
        },
    )


def describe(state: SecantState) -> str:
    """Where the run stands, and what B is worth there."""
    here, k = state.here, state.k
    search = "Wolfe" if state.search == WOLFE else "Armijo"
    if k == 0:
        x, y = (number(value, 2) for value in state.start)
        return (
            f"Start at ({x}, {y}), search: {search}. B is I, a circle: it knows nothing yet, and "
            "the first direction is steepest descent."
        )
    where = f"Step {k} of {state.last}"
    if np.linalg.eigvalsh(here.B)[0] <= 0:
        at = max(k for k, stop in enumerate(state.run[: k + 1]) if (stop.sy or 1.0) <= 0)
        told = (
            f"{where}. B is indefinite, a hyperbola and no ellipse, since step {at} with its s′y = "
            f"{digits(state.run[at].sy or 0.0, 2)}."
        )
    else:
        told = (
            f"{where}. B is off by {share(here.matrix_error)}, "
            f"its step by {share(here.step_error)}."
        )
    return f"{told} {_ending(state)}".strip()


def share(error: float) -> str:
    """A relative error: 36 times, 38%, 2.5%, 3e−06."""
    if error >= 9.995:
        return f"{error:.0f} times" if error < 10_000 else f"{digits(error, 1)} times"
    if error >= 0.001:
        return f"{100 * error:.{1 if error < 0.0995 else 0}f}%"
    return digits(error, 1)


def _ending(state: SecantState) -> str:
    if state.k < state.last:
        return ""
    return {
        "arrived": "The gradient is 0 to nine decimals: it has arrived.",
        "uphill": "The next direction leads uphill, and the run ends.",
        "cut": f"The picture stops after {MOST} steps.",
        "stuck": "No step lowers f any more: what is left is rounding.",
    }[state.ending]


def _half_axes(here: Stop) -> str:
    guess = here.round @ here.B @ here.round.T
    values = np.linalg.eigvalsh(guess)
    if here.curvatures[0][0] < 0:
        so = "so is B" if values[0] <= 0 else "B keeps its ellipse"
        return f"H is indefinite here, a hyperbola; {so}."
    if values[0] <= 0:
        return "B is indefinite, a hyperbola."
    small, large = (digits(float(np.sqrt(value)), 3) for value in values)
    return f"Half-axes of B: {small} and {large}."


def _iterate(state: SecantState) -> tuple[Point, ...]:
    """x now; at the start itself nothing may lie over the point to be dragged."""
    if state.k == 0:
        return ()
    x, y = pair(state.here.x)
    label = f"x after step {state.k}"
    return (seen("here", x, y, "iterate", label),)


def _arrow(state: SecantState) -> tuple[Arrow, ...]:
    here = state.here
    if here.iterate.gradient_norm <= 1e-3:  # too short to be seen, and in the way
        return ()
    low, high = state.view.axes.xlim
    d = here.direction
    d = d * min(1.0, LONGEST * (high - low) / float(np.linalg.norm(d)))
    style = "gradient" if here.slope < 0 else "tangent"
    return (Arrow("direction", pair(here.x), pair(here.x + d), style, "next direction"),)


def _table(state: SecantState) -> tuple[tuple[str, ...], ...]:
    here = state.here

    def both(values: np.ndarray) -> tuple[str, ...]:
        return tuple(digits(float(value), 3) for value in values)

    return table(
        (f"step {state.k} of {state.last}", "1", "2"),
        ("x", *(number(float(value), 3) for value in here.x)),
        ("eigenvalues of B", *both(np.linalg.eigvalsh(here.B))),
        ("eigenvalues of H⁻¹", *both(np.sort(1 / here.curvatures[0]))),
        ("s′y of the last step", "–" if here.sy is None else digits(here.sy, 2)),
        ("its length t", digits(here.iterate.step, 3) if state.k else "–"),
        ("gradient norm", digits(here.iterate.gradient_norm, 2)),
        ("B is off by", share(here.matrix_error)),
        ("its step is off by", share(here.step_error)),
    )


def _alt(state: SecantState) -> str:
    x, y = (number(value, 2) for value in state.start)
    return (
        f"Level lines of {state.view.function.name}, the path of BFGS from ({x}, {y}), and two "
        f"ellipses at its end: the true one, of the Hessian, and that of B. {describe(state)}"
    )
