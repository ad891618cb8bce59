"""LiSSA (Agarwal, Bullins & Hazan 2017): A^-1 v from products with random samples of A."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

import numpy as np

from teachkit import require
from teachkit._drive import Breakdown, Steps, drive, iterative
from teachkit.arrays import Array, array_namespace, as_float, is_array, own, quiet, scalar
from teachkit.boundary import apart
from teachkit.linear._checks import unit_of
from teachkit.trace import Trace

SampleHvp = Callable[[Array, "np.random.Generator"], Array]  # in quotes: NumPy loads it late
"""(x, rng) -> A_j x, with a symmetric A_j that rng draws."""


@dataclass(frozen=True, eq=False)
class LissaIterate:
    """One iterate of LiSSA, with all repeats side by side.

    Attributes
    ----------
    k : int
        How many steps were taken: how many samples each repeat has drawn.
    x : array (p,) or (p, m)
        The mean over the repeats of x_k / scale.
    change_norm : float
        ||x - the x one step before||_2; ||v|| / scale at k = 0, whose predecessor is 0.
    standard_error : array (p,) or (p, m)
        Of that mean, entry by entry: the repeats' standard deviation / sqrt(repeats). NaN for one
        repeat, which says nothing of its spread. It knows nothing of the bias.
    """

    k: int
    x: Array
    change_norm: float
    standard_error: Array


@quiet()
def lissa(
    sample_hvp: SampleHvp,
    v: Array,
    *,
    scale: float,
    depth: int,
    repeats: int = 1,
    seed: int,
    progress: bool = False,
) -> Trace:
    """A^-1 v, where A is the mean of random A_j of which one product at a time is to be had.

    Linear-time stochastic second-order algorithm: with x_0 = v and a fresh A_j in each step::

        x_{j+1}  =  v + x_j - A_j x_j / scale,        A^-1 v  ~  x_depth / scale

    averaged over `repeats` independent runs. For eigenvalues of A / scale between 0 and 1 it is the
    Neumann series A^-1 = (1/scale) sum_j (I - A / scale)^j, broken off after `depth` + 1 terms: in
    expectation, and exactly if every A_j is A, each eigenvalue mu of A is inverted through the
    filter::

        phi(mu)  =  (1 - (1 - mu / scale)^(depth + 1)) / mu

    which is 1 / mu where depth mu >> scale, and levels off at (depth + 1) / scale where mu is
    small: that is the bias. The noise is what the samples add; `repeats` divides its variance.

    Parameters
    ----------
    sample_hvp : callable
        (x, rng) -> A_j x for x in the shape of v, A_j symmetric, positive semidefinite, and drawn
        with `rng`, a ``numpy.random.Generator``. A function that takes no heed of rng has A_j = A.
    v : array (p,) or (p, m)
        Several columns go through the same samples, so that the result is linear in v.
    scale : float
        > 0, by which A is divided in the series, and the result at the end. At least the largest
        eigenvalue of **any** A_j: then no step lengthens a vector. Below, answers may be wrong by
        any amount and look like others; below half the largest eigenvalue of A the mean diverges.
        The larger the scale, the less noise and the more bias.
    depth : int
        How many steps are taken, each with one sample. One repeat costs `depth` products.
    repeats : int
        How many runs are averaged, each with random numbers of its own that `repeats` leaves alone.
    seed : int
        >= 0. The same seed draws the same samples.
    progress : bool
        Show a bar (needs tqdm).

    Returns
    -------
    Trace
        With iterates `LissaIterate`. Converged: all steps were taken. A run ends before, with a
        sentence, when ||x_k|| > (k + 1) ||v||: no scale that is large enough allows this for
        positive semidefinite A_j. Most runs with too small a scale do not get there.

    Raises
    ------
    ValueError, TypeError
        NaN or infinity in v; a scale, depth, repeats or seed that is none; a product of another
        shape than v.

    Notes
    -----
    Source: Agarwal, Bullins & Hazan (2017), Second-order stochastic optimization for machine
    learning in linear time, algorithm 1; Koh & Liang (2017), section 3.
    Lesson: 09_inverse_hvp
    """
    steps = lissa_steps(sample_hvp, v, scale=scale, repeats=repeats, seed=seed)
    require.whole(depth, "depth", why="It counts steps; with 0 the answer is v / scale.")

    def reached(it: LissaIterate) -> str:
        if it.k < depth:
            return ""
        size = scalar(array_namespace(it.x).linalg.vector_norm(it.x)) or 1.0
        return (
            f"Took {depth} steps{f' in each of {repeats} runs' if repeats > 1 else ''}; the last "
            f"changed x by {it.change_norm / size:.2g} of its norm."
        )

    return drive(steps, reached, lambda iterates: "", max_iter=depth, progress=progress)


def lissa_steps(
    sample_hvp: SampleHvp, v: Array, *, scale: float, repeats: int = 1, seed: int
) -> Steps:
    """The iterates of `lissa`, the start (k = 0) included, one at each ``next``, without end.

    Where an iterate is longer than a scale that is large enough allows, or a product is not finite,
    the generator returns an `Ending` that says so. The arguments are those of `lissa`.

    Lesson: 09_inverse_hvp
    """
    require.function(sample_hvp, "sample_hvp", "(x, rng) -> A_j x")
    v = own(as_float(v, "v"))
    if v.ndim not in (1, 2) or 0 in v.shape:
        raise ValueError(
            f"v has shape {tuple(v.shape)}; it has to be (p,), or (p, m) for several at once, with "
            "something in it."
        )
    check_options(scale, repeats, seed)
    return _records(apart(sample_hvp, "A_j x"), v, float(scale), repeats, seed)


def check_options(scale: float, repeats: int, seed: int) -> None:
    """Raise unless these are a scale, a number of repeats, and a seed."""
    require.real(scale, "scale", "(0, inf)", "At least A's largest eigenvalue.", example="10.0")
    require.whole(repeats, "repeats", least=1, why="It counts the runs that are averaged.")
    require.whole(seed, "seed", why="The same seed draws the same samples.")


@iterative
def _records(
    sample_hvp: SampleHvp, v: Array, scale: float, repeats: int, seed: int
) -> Generator[LissaIterate, None, str]:
    before = 0.0 * v
    for k, runs in enumerate(recursion(sample_hvp, v, scale, repeats, seed)):
        x, standard_error = mean_of(runs)
        yield LissaIterate(k, x, _norm(x - before), standard_error)
        before = x
    return ""


def recursion(
    sample_hvp: SampleHvp, v: Array, scale: float, repeats: int, seed: int
) -> Iterator[list[Array]]:
    """x_k / scale of each repeat, for k = 0, 1, ...: `lissa` without checks, means and records.

    Raises Breakdown where an iterate is too long.
    """
    draws = np.random.default_rng(seed).spawn(repeats)
    unit = unit_of(v)
    v = v / unit
    size, runs, k = _norm(v), [v] * repeats, 0
    overflow = float(array_namespace(v).finfo(v.dtype).max) / unit * scale
    while True:
        longest = max(map(_norm, runs))
        # Where 0 <= A_j <= scale, ||I - A_j / scale|| <= 1 and a step adds ||v|| at most.
        if not longest <= 1.01 * (k + 1) * size:  # NaN too
            raise Breakdown(_too_long(k, longest, size, scale))
        if not longest < overflow:
            raise Breakdown(f"x overflowed: ||v|| / scale is too large for {v.dtype}. Scale v.")
        yield [x * (unit / scale) for x in runs]
        runs = [
            v + x - _sampled(sample_hvp, x, rng) / scale for x, rng in zip(runs, draws, strict=True)
        ]
        k += 1


def mean_of(runs: list[Array]) -> tuple[Array, Array]:
    """The mean of the runs, and its standard error, entry by entry."""
    xp = array_namespace(runs[0])
    if len(runs) == 1:
        return runs[0], math.nan * runs[0]
    all_of_them = xp.stack(runs)
    spread = xp.std(all_of_them, axis=0, correction=1.0)
    return xp.mean(all_of_them, axis=0), spread / math.sqrt(len(runs))


def _sampled(sample_hvp: SampleHvp, x: Array, rng: np.random.Generator) -> Array:
    product = sample_hvp(x, rng)
    if not is_array(product) or product.shape != x.shape:
        shape = tuple(product.shape) if is_array(product) else type(product).__name__
        raise ValueError(
            f"sample_hvp(x, rng) gave {shape} for an x of shape {tuple(x.shape)}; it has to return "
            "A_j x, in the shape of x."
        )
    return product


def _too_long(k: int, longest: float, size: float, scale: float) -> str:
    if not math.isfinite(longest):
        return (
            f"Stopped at step {k}: a product with a sample of A gave NaN or infinity; the iterates "
            "end before it."
        )
    return (
        f"Stopped at step {k}: ||x|| is {longest / (size or 1.0):.3g} times ||v||, and a scale "
        f"that is large enough allows {k + 1} times at most. scale={scale:g} has to be at least "
        "the largest eigenvalue of any sample of A, and none may be negative: raise it, or damp A."
    )


def _norm(v: Array) -> float:
    return scalar(array_namespace(v).linalg.vector_norm(v))
