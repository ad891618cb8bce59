"""The LiSSA explorer's scenes: the filter over the eigenvalues, and the runs beside it."""

from __future__ import annotations

import math

import numpy as np

from teachkit.scenes.contours import Pieces
from teachkit.scenes.drawing import curve, rounded, table, upright
from teachkit.scenes.lissa import LissaState
from teachkit.scenes.lissa_problem import recorded
from teachkit.scenes.meanings import SHARED, Meaning
from teachkit.scenes.scene import Axes, Label, Line, Scene
from teachkit.scenes.words import counted, digits, number, scientific

Array = np.ndarray
SHARE = (-0.06, 1.3)  # of what an eigenvalue asks for; above, too much is found
THIN = 0.002  # of the longest stick: shorter ones are not seen
NAMED = 1.12  # from here to the top a mark has its name
OUTSIDE = 3.0  # where curves that leave the picture are drawn
BOTTOM, TOP = -2.5, 1.0  # of log10 of an error
FAR = 1e4  # errors above are said in words
LEGEND = {
    "found": Meaning("solid blue", "found of H⁻¹b"),
    "missing": Meaning("thin orange dash", "missing"),
    "filter": SHARED["now"].called("share found"),
    "ridge": Meaning("violet dots", "a ridge of scale/(depth + 1)"),
    "scale": Meaning("ink dash", "scale"),
}
RUNS = {
    "run": Meaning("hair blue", "runs with samples"),
    "full": SHARED["now"].called("full batch: no noise"),
}


def draw(state: LissaState) -> Scene:
    """What the depth finds of H^-1 b along each eigenvector, and the filter that says so."""
    problem = state.problem
    mu = problem.eigenvalues
    low = math.log10(mu[0]) - 0.15
    high = math.log10(max(problem.largest(batch) for batch in problem.batches)) + 0.25
    axes = Axes((low, high), SHARE, "eigenvalue μ of H", "part of H⁻¹b; share found", xlog=True)
    grid = np.linspace(low, high, 500)
    said, verdict = describe(state), judge(state)
    return Scene(
        axes,
        lines=(
            *_sticks(state),
            Line("ridge", rounded(curve(grid, _ridge(state, 10**grid)), 4), "ridge"),
            Line("filter", _filter(state, grid), "filter", leaves=state.scale < state.half),
            *_marks(state, axes),
        ),
        sentence=f"{said} {verdict}",
        alt=(
            f"The {len(mu)} eigenvalues of H from {digits(mu[0])} to {digits(mu[-1])}, with the "
            f"part of the solution that belongs to each, and the share of it that is found. {said}"
        ),
        table=_table(state),
        legend=LEGEND,
    )


def describe(state: LissaState) -> str:
    """Scale, depth, and the bias that they leave."""
    share = float(state.found(state.problem.eigenvalues[:1])[0])
    return (
        f"Scale {_own(state)}, depth {state.depth}: {_percent(share)} of the smallest "
        f"eigenvalue's part is found; the bias is {size(state.bias)}."
    )


def judge(state: LissaState) -> str:
    """Whether the scale is large enough, and for what."""
    half, safe = digits(state.half), digits(state.safe)
    if state.scale < state.half:
        return f"Below {half}, half of H's largest eigenvalue, even the full batch diverges."
    if state.full:
        return f"From {half} on, half of H's largest eigenvalue, the full batch converges."
    if state.scale < state.safe:
        return (
            f"Silent danger: below {safe}, the largest eigenvalue of {_sample(state)}, answers "
            "may be wrong by any amount and look like others."
        )
    return f"Safe: no sample has an eigenvalue above {safe}."


def draw_runs(state: LissaState) -> Scene:
    """The relative error, or r, at every depth up to this one: of the runs, and without noise."""
    is_error, at = state.view == "error", recorded(state.depth)
    heights = ((BOTTOM, TOP), "relative error") if is_error else ((-1.05, 1.05), "r of influences")
    axes = Axes((0.0, float(state.depth)), heights[0], "depth", heights[1], ylog=is_error)
    if is_error:
        smooth, runs = state.biases(at[:, None]), state.problem.error(state.runs)
    else:
        smooth = state.problem.r_with_exact(state.noiseless(at))
        flat = state.runs.reshape(-1, state.runs.shape[-1])
        runs = state.problem.r_with_exact(flat).reshape(len(at), -1)
    paths = tuple(piece for run in runs.T for piece in _path(at, run, is_error))
    lines = [Line("zero", curve(axes.xlim, (0.0, 0.0)), "guide")]  # an error of 1, or no r at all
    if paths and not state.full:
        gone = is_error and bool(np.all(state.errors > 10**TOP))
        lines.append(Line("runs", paths, "run", end="runs" if gone else "", leaves=gone))
    for piece in _path(at, smooth, is_error):
        out = is_error and not BOTTOM <= piece[-1][1] <= TOP
        lines.append(Line("full", (piece,), "full", end="full batch" if out else "", leaves=out))
    nothing = not paths and not is_error
    said = describe_runs(state)
    return Scene(
        axes,
        lines=tuple(lines),
        labels=(Label("none", 0.4 * state.depth, 0.3, "no r"),) if nothing else (),
        sentence=said,
        alt=f"{'The relative error' if is_error else 'r'} over the depth. {said}",
        legend=RUNS,
    )


def describe_runs(state: LissaState) -> str:
    """Noise, and r of the runs: at worst, in the middle, and of their mean."""
    if state.full:
        r = float(state.r[0])
        told = f"r with the exact influences is {number(r)}" if math.isfinite(r) else _no_r(state)
        return f"All examples in each step: no noise; {told}."
    count, far = len(state.errors), int(np.sum(state.errors > FAR))
    of_all = f"{counted(count, 'run')} with {_sample(state)} a step"
    gone = f" {'All' if far == count else far} of them blew up." if far else ""
    r = state.r[np.isfinite(state.r)]
    noise = f"{of_all}: noise {size(float(np.median(state.noise)))}"
    if not r.size:
        return f"{noise}; {_no_r(state)}.{gone}"
    (of_mean,) = state.problem.r_with_exact(state.mean)
    mean = f"; of their mean {number(float(of_mean))}" if math.isfinite(of_mean) else ""
    return (
        f"{noise}; r with the exact influences is "
        f"{number(float(r.min()))} at worst, {number(float(np.median(r)))} in the middle"
        f"{mean}.{gone}"
    )


def size(error: float) -> str:
    """A relative error: 0.064, 3·10⁻⁶, or that there is no end to it."""
    if not error < 1e100:
        return "beyond 10¹⁰⁰"
    if error < 1e-12:
        return "below 10⁻¹²"
    return number(error) if 0.001 <= error < FAR else scientific(error)


def _no_r(state: LissaState) -> str:
    if np.isfinite(state.errors).any():
        return "r has no meaning, since the influences do not vary"
    return "no answer is left that has an r"


def _sample(state: LissaState) -> str:
    return "one example" if state.batch == 1 else f"{state.batch} examples"


def _own(state: LissaState) -> str:
    return digits(state.scale)


def _percent(share: float) -> str:
    if not abs(share) < 100:
        return f"{scientific(share)} times what is there"
    if 0.9995 <= share < 1:
        return "over 99.9%"
    return f"{number(100 * share, 1 if 0.995 <= share < 1 else 0)}%"


def _ridge(state: LissaState, mu: Array) -> Array:
    """mu / (mu + scale / (depth + 1)): the share that H + lambda I leaves."""
    return mu / (mu + state.scale / (state.depth + 1))


def _sticks(state: LissaState) -> list[Line]:
    """One for each eigenvalue, as high as its part of H^-1 b; the largest is 1."""
    mu, parts = state.problem.eigenvalues, np.abs(state.problem.parts)
    heights = parts / parts.max()
    tops = np.clip(heights * state.found(mu), -OUTSIDE, OUTSIDE)
    places = zip(np.log10(mu), tops, heights, strict=True)
    seen = [(float(x), float(top), float(h)) for x, top, h in places if h > THIN]
    lines = {
        "missing": tuple(((x, top), (x, h)) for x, top, h in seen if abs(h - top) > THIN),
        "found": tuple(((x, 0.0), (x, top)) for x, top, h in seen),
    }
    return [Line(name, rounded(pieces, 4), name) for name, pieces in lines.items() if pieces]


def _marks(state: LissaState, axes: Axes) -> list[Line]:
    """Where the scale is, and what it has to reach: named where they end."""
    largest = [("H", 2 * state.half, "largest of H", "H's largest")]
    if not state.full:
        whose = f"{_sample(state)}'" if state.batch > 1 else "one example's"
        largest.append(("sample", state.safe, f"largest of {_sample(state)}", whose))
    bottom, top = axes.ylim
    lines = []
    for name, value, words, end in largest:
        x = math.log10(value)
        lines += [  # two, so that the name stands at the top and not where the sticks are
            Line(name, (((x, bottom), (x, NAMED)),), "guide", words),
            Line(f"{name} top", (((x, NAMED), (x, top)),), "guide", words, end=end),
        ]
    if axes.xlim[0] < (x := math.log10(state.scale)) < axes.xlim[1]:
        lines.append(Line("scale", upright("", x, axes).pieces, "scale", f"scale {_own(state)}"))
    return lines


def _filter(state: LissaState, grid: Array) -> Pieces:
    return rounded(curve(grid, np.clip(state.found(10**grid), -OUTSIDE, OUTSIDE)), 4)


def _path(depths: Array, values: Array, is_error: bool) -> Pieces:
    """Its finite places, as long as there are any."""
    if is_error:
        high = np.log10(np.clip(values, 10.0 ** (BOTTOM - 1), 10.0 ** (TOP + 1)))
    else:
        high = values
    fine = np.isfinite(high)
    if fine.sum() < 2:
        return ()
    return rounded(curve(depths[fine], high[fine]), 3)


def _table(state: LissaState) -> tuple[tuple[str, ...], ...]:
    problem = state.problem
    (r,) = problem.r_with_exact(state.noiseless([state.depth]))
    rows = [
        ("smallest eigenvalue of H", digits(problem.eigenvalues[0])),
        ("largest eigenvalue of H", digits(2 * state.half)),
    ]
    if not state.full:
        rows.append((f"largest of {_sample(state)}", digits(state.safe)))
    return table(
        ("H and the full batch", ""),
        *rows,
        ("scale/(depth + 1)", digits(state.scale / (state.depth + 1))),
        ("bias", size(state.bias)),
        ("r without noise", number(float(r)) if math.isfinite(r) else "–"),
    )
