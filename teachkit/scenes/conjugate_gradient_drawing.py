"""The conjugate gradient explorer as scenes: the bowl, the errors, and the polynomial of step k."""

from __future__ import annotations

import numpy as np

from teachkit.scenes.conjugate_gradient import (
    MANY,
    PICTURE,
    ROUNDING,
    STEPS,
    ConjugateGradientState,
    Run,
)
from teachkit.scenes.contours import Pieces
from teachkit.scenes.drawing import curve, log_curve, seen, table, upright
from teachkit.scenes.meanings import SHARED, Meaning
from teachkit.scenes.scene import Axes, Label, Line, Point, Scene
from teachkit.scenes.words import counted, number, round_up, scientific

Array = np.ndarray
START = "start"
BOWL = Axes(*PICTURE, "x₁, flat", "x₂, steep", equal=True)
FEW = 20  # eigenvalues that have room for a dot each
LOWEST, HIGHEST = -12.0, 1.0  # of the errors' picture, powers of ten
BELOW = 2.0  # powers of ten below, for the names of the curves
ERRORS = Axes(
    (0.0, float(STEPS)), (LOWEST - BELOW, HIGHEST), "step k", "share of the error left", ylog=True
)
METHODS = {"conjugate": SHARED["conjugate gradients"], "steepest": SHARED["steepest descent"]}
LEGEND = {
    "bottom": Meaning("violet star", "the bottom: the solution"),
    "start": SHARED["start"],
    **METHODS,
    "conjugate now": Meaning("small violet circle"),
    "steepest now": Meaning("small orange square"),
    "level": Meaning("thin grey", "level lines"),
}
LEVELS = (1.0, 0.7, 0.45, 0.22)  # of the A-norm at the start


def draw(state: ConjugateGradientState) -> Scene:
    """The bowl from above, and the two paths down it."""
    steepest, conjugate = state.bowl
    return Scene(
        axes=BOWL,
        points=(
            _here(steepest, state.k, "steepest", "Steepest descent"),
            _here(conjugate, state.k, "conjugate", "Conjugate gradients"),
            seen("bottom", 0.0, 0.0, "bottom", "Bottom"),
            Point(START, *state.start, "start", label="Start", toggleable=False),
        ),
        lines=(
            *_levels(state),
            _named("steepest", _path(steepest, state.k), "steepest descent"),
            _named("conjugate", _path(conjugate, state.k), "conjugate gradients"),
        ),
        sentence=describe(state),
        alt=_alt(state),
        table=_table(state),
        legend=LEGEND,
    )


def draw_errors(state: ConjugateGradientState) -> Scene:
    """The A-norm of the error of the large system at every step, and the bound above it."""
    steepest, conjugate = state.system
    k = conjugate.at(state.k)
    return Scene(
        axes=ERRORS,
        lines=(
            upright("k", float(state.k), ERRORS, "step k"),
            _named("bound", _curve(state.bound), "bound 2ρᵏ"),
            _named("steepest", _curve(steepest.errors), "steepest descent"),
            _named("conjugate", _curve(conjugate.errors), "conjugate gradients"),
        ),
        sentence=f"With 100 unknowns: {_spectrum_in_words(state)}.",
        alt=(
            f"The error of both methods with 100 unknowns, on a logarithmic scale. After {k} steps "
            f"conjugate gradients have {left(conjugate.errors[k])} of it left; the bound lies "
            "above their curve everywhere."
        ),
        legend={**METHODS, "bound": Meaning("violet dots", "bound 2ρᵏ")},
    )


def draw_polynomial(state: ConjugateGradientState) -> Scene:
    """What k steps leave of the error along each eigenvector: a polynomial, at its eigenvalue."""
    _, conjugate = state.system
    k = conjugate.at(state.k)
    values, counts = np.unique(conjugate.eigenvalues, return_counts=True)
    heights = state.polynomial(values)
    reach = max(1.2, round_up(1.05 * float(np.abs(heights).max())))
    end = 1.04 * state.kappa
    grid = np.unique(np.concatenate([np.linspace(0.0, end, 400), values]))
    shown = np.clip(state.polynomial(grid), -3 * reach, 3 * reach)
    return Scene(
        axes=Axes((0.0, end), (-reach, reach), "eigenvalue", f"left of its part at step {k}"),
        points=tuple(
            seen(
                str(i), value, height, "dot", f"Eigenvalue {number(value, 2)}",
                f"{'once' if count == 1 else f'{count} times'}; {left(abs(height))} left",
                size=0.7 + 0.05 * min(int(count), 20),
            )
            for i, (value, height, count) in enumerate(zip(values, heights, counts, strict=True))
            if len(values) <= FEW
        ),
        lines=(
            Line("eigenvalues", _ticks(values, 0.06 * reach), "eigenvalue", "eigenvalues of A"),
            Line("polynomial", curve(grid, shown), "polynomial", f"a polynomial of degree {k}"),
        ),
        labels=(Label("one", 0.01 * end, 1.04 if reach > 1.25 else 1.05, "1"),),
        sentence=f"Step {k} is a polynomial of degree {k}, with {_roots(k)}.",
        alt=(
            f"A polynomial of degree {k} with value 1 at 0, and a dot at each eigenvalue; the "
            f"largest of their heights is {left(float(np.abs(heights).max()))}."
        ),
        legend={
            "dot": Meaning("small ink circle"),
            "polynomial": Meaning("solid ink", "the polynomial"),
            "eigenvalue": Meaning("hair blue", "eigenvalues of A"),
        },
    )  # fmt: skip


def describe(state: ConjugateGradientState) -> str:
    """Where both methods stand after k steps, in the plane and with 100 unknowns."""
    plane, system = (
        f"conjugate gradients {_stand(fast, state.k, 'have')}, "
        f"steepest descent {_stand(slow, state.k, 'has')}"
        for slow, fast in (state.bowl, state.system)
    )
    return (
        f"After {counted(state.k, 'step')}. In the plane: {plane}. With 100 unknowns: {system}; "
        f"bound: {left(state.bound[state.k])}."
    )


def _stand(run: Run, k: int, have: str) -> str:
    """'have 0.45 left', or at which step the method was done."""
    end = len(run.x) - 1
    if k < end:
        return f"{have} {left(run.errors[k])} left"
    return f"{'arrived' if run.errors[end] <= ROUNDING else 'got below 10⁻⁶'} at step {end}"


def left(share: float) -> str:
    """A share of the first error: 0.45, 3·10⁻⁶, or that it is below what is shown."""
    share = float(share)
    if share <= ROUNDING:
        return "below 10⁻¹²"
    if share >= 0.01:
        return number(share, 2 if share < 10 else 0)
    return scientific(share, 0)


def _named(name: str, pieces: Pieces, words: str) -> Line:
    return Line(name, pieces, name, words, end=words)


def _cell(share: float) -> str:
    return left(share).replace("below", "<")


def _here(run: Run, k: int, kind: str, label: str) -> Point:
    x, y = map(float, run.x[run.at(k)])
    note = f"after {counted(run.at(k), 'step')}"
    return seen(kind, x, y, f"{kind} now", label, note)


def _path(run: Run, k: int) -> Pieces:
    return curve(*run.x[: run.at(k) + 1].T)


def _levels(state: ConjugateGradientState) -> list[Line]:
    """Ellipses x' A x = constant; the outermost goes through the start."""
    turn = np.linspace(0, 2 * np.pi, 121)
    x, y = state.start
    size = np.sqrt(x**2 + state.kappa * y**2)
    lines = []
    for level in LEVELS:
        a, b = level * size, level * size / np.sqrt(state.kappa)
        lines.append(Line(f"level-{level}", curve(a * np.cos(turn), b * np.sin(turn)), "level"))
    return lines


def _curve(errors: Array) -> Pieces:
    """The errors up to STEPS; a method that has arrived drops to the floor."""
    return log_curve(errors[: STEPS + 1], LOWEST, HIGHEST)


def _ticks(values: Array, half: float) -> Pieces:
    """A short upright piece at each value."""
    return tuple(((float(v), -half), (float(v), half)) for v in values)


def _table(state: ConjugateGradientState) -> tuple[tuple[str, ...], ...]:
    rows: list[tuple[str, ...]] = [("", "steepest", "conjugate")]
    for where, runs in (("in the plane", state.bowl), ("100 unknowns", state.system)):
        rows += [
            (where,),
            (f"left at step {state.k}", *(_cell(run.errors[run.at(state.k)]) for run in runs)),
            ("factor of this step", *(_last_ratio(run, state.k) for run in runs)),
            ("steps to 10⁻⁶", *(_count(run) for run in runs)),
        ]
    return table(*rows)


def _last_ratio(run: Run, k: int) -> str:
    """The factor by which step k changed the error."""
    at = run.at(k)
    if at == 0 or at < k:
        return "–"
    return number(run.errors[at] / run.errors[at - 1], 3)


def _count(run: Run) -> str:
    count = run.steps_to_goal
    return f"over {MANY}" if count is None else str(count)


def _spectrum_in_words(state: ConjugateGradientState) -> str:
    values = state.system[0].eigenvalues
    different = len(np.unique(values))
    where = counted(different, "different eigenvalue")
    if state.kappa == 1:
        return f"{where}, 1"
    if different == state.clusters:
        return f"{where} from 1 to {state.kappa:g}"
    return f"{where} in {state.clusters} clusters from 1 to {state.kappa:g}"


def _roots(k: int) -> str:
    return "no root" if k == 0 else "1 root" if k == 1 else f"{k} roots"


def _alt(state: ConjugateGradientState) -> str:
    steepest, conjugate = state.bowl
    x, y = state.start
    count = steepest.steps_to_goal
    in_words = f"over {MANY} steps" if count is None else counted(count, "step")
    return (
        f"The ellipses of a bowl with condition number {state.kappa:g}, seen from above. From the "
        f"start ({number(x, 1)}, {number(y, 1)}) steepest descent needs "
        f"{in_words} to a millionth of its error; conjugate gradients arrive in "
        f"{len(conjugate.x) - 1}."
    )
