"""H^-1 b of a linear model, exactly and by LiSSA: the filter in closed form, runs with samples.

LiSSA starts at x_0 = b and takes steps x_{t+1} = b + x_t - A_t x_t / s with a random sample A_t of
H; x_t / s is its answer. With H itself in each step the answer is known in closed form along every
eigenvector of H: of what an eigenvalue mu asks for, the share 1 - (1 - mu/s)^(t+1) is found.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from teachkit.arrays import quiet

Array = np.ndarray
DEPTHS = (1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300, 500, 1000, 2000)
SCALES = (  # of every decade, even steps on a slider: the series E24 of IEC 60063
    10, 11, 12, 13, 15, 16, 18, 20, 22, 24, 27, 30, 33, 36, 39, 43, 47, 51, 56, 62, 68, 75, 82, 91,
)  # fmt: skip
RUNS = 20  # at most
WORK = 13_000  # numbers that one step of all runs may read: with large samples there are fewer runs
LARGEST_LOG = 300.0  # of what is left or found, so that its square is a number
LOST = 1e100  # times the length of b: so long an iterate is given up


@dataclass(frozen=True, eq=False)
class Problem:
    """H = (1/n) sum_i c_i x_i x_i' + diag(l2) of a linear model, and the b that is asked for.

    Attributes
    ----------
    X, c : arrays (n, p) and (n,)
        The examples, and w_i times the curvature of their loss.
    l2 : array (p,)
    gradients : array (n, p)
        Of the examples' losses: the influences of all of them are -gradients @ H^-1 b.
    b : array (p,)
        Its largest entry is 1 or -1: all that is shown is relative to the size of H^-1 b.
    told : tuple of floats
        Scales that are on offer because somebody asked for them.
    """

    X: Array
    c: Array
    l2: Array
    gradients: Array
    b: Array
    told: tuple[float, ...] = ()

    @property
    def n(self) -> int:
        return len(self.X)

    @property
    def batches(self) -> tuple[int, ...]:
        """How many examples a sample may have; the last is all of them."""
        return (*(b for b in (1, 10) if b < self.n), self.n)

    @cached_property
    def H(self) -> Array:
        """(p, p)."""
        return self.X.T @ (self.X * (self.c / self.n)[:, None]) + np.diag(self.l2)

    @cached_property
    def _eigen(self) -> tuple[Array, Array]:
        return np.linalg.eigh(self.H)

    @property
    def eigenvalues(self) -> Array:
        """Of H, the smallest first, (p,)."""
        return self._eigen[0]

    @cached_property
    @quiet()
    def parts(self) -> Array:
        """The parts of H^-1 b along the eigenvectors, (p,)."""
        mu, Q = self._eigen
        return (Q.T @ self.b) / mu

    @cached_property
    @quiet()
    def exact(self) -> Array:
        """H^-1 b, (p,)."""
        return self._eigen[1] @ self.parts

    @quiet()
    def along(self, parts: Array) -> Array:
        """What has these parts along the eigenvectors, (p,) or (k, p)."""
        return parts @ self._eigen[1].T

    def largest(self, batch: int) -> float:
        """What no eigenvalue of a sample exceeds: H's largest if it is of all examples.

        Of fewer, the mean of so many largest c_i |x_i|^2, and the largest penalty.
        """
        if batch == self.n:
            return float(self.eigenvalues[-1])
        of_each = np.sort(np.abs(self.c) * np.sum(self.X**2, axis=1))
        return float(of_each[self.n - batch :].mean() + self.l2.max())

    @cached_property
    def scales(self) -> tuple[float, ...]:
        """Those on offer: from a quarter of H's largest eigenvalue to 20 times the safe one.

        Round numbers, and the smallest that is safe for each size of sample.
        """
        safe = [self.largest(batch) for batch in self.batches]
        low, high = safe[-1] / 4, 20 * max(safe)
        decades = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
        grid = [float(f"{k}e{decade - 1}") for decade in decades for k in SCALES]
        return _with([*self.told, *safe], [scale for scale in grid if low <= scale <= high])

    @quiet()
    def r_with_exact(self, x: Array) -> Array:
        """Correlation of the influences by each row of x (k, p) with the exact ones, (k,).

        NaN where it has no meaning: the row is not finite, or one of the two does not vary.
        """
        truth = _centred(-self.gradients @ self.exact)
        rows = x / np.maximum(np.abs(x).max(axis=1, keepdims=True), np.finfo(float).tiny)
        found = _centred(-(rows @ self.gradients.T))
        return (found @ truth) / np.sqrt(np.sum(found**2, axis=1) * (truth @ truth))

    @quiet()
    def error(self, x: Array) -> Array:
        """|x - H^-1 b| / |H^-1 b| of each row of x (..., p); infinite where x is not finite."""
        off = np.linalg.norm(x - self.exact, axis=-1) / np.linalg.norm(self.exact)
        return np.where(np.isfinite(off), off, np.inf)


def _with(values: list[float], grid: list[float]) -> tuple[float, ...]:
    """The values among a grid; of those that could not be told apart, the one that comes first."""
    rest = [g for g in grid if all(abs(g / value - 1) > 0.005 for value in values)]
    return tuple(sorted({*values, *rest}))


def _centred(values: Array) -> Array:
    """Minus the mean; 0 where that is all that rounding leaves."""
    off = values - values.mean(axis=-1, keepdims=True)
    nothing = np.abs(off).max(axis=-1) <= 1e-12 * np.abs(values).max(axis=-1)
    return np.where(nothing[..., None], 0.0, off)


def left(mu: Array, scale: float, depth: Any) -> Array:
    """(1 - mu / scale)^(depth + 1): the share of an eigenvalue's part that is not found yet.

    Beyond e^300 it is e^300. With depths (k, 1) it is (k, p).
    """
    factor = 1 - np.asarray(mu) / scale
    steps = np.asarray(depth) + 1
    with np.errstate(divide="ignore", under="ignore"):
        size = np.exp(np.minimum(steps * np.log(np.abs(factor)), LARGEST_LOG))
    return np.where((factor < 0) & (steps % 2 == 1), -size, size)


def recorded(depth: int) -> Array:
    """The depths at which runs are looked at, 0 and this one among them: some 60."""
    return np.unique(np.rint(np.linspace(0, depth, 61)).astype(int))


@lru_cache(maxsize=4)
def draws(n: int, batch: int, runs: int, seed: int) -> Array:
    """Which examples each step of each run takes, none twice in one: (2000, runs, batch).

    By Floyd's algorithm (Bentley & Floyd 1987), for all steps at once.
    """
    u = np.random.default_rng([seed, batch]).random((DEPTHS[-1], runs, batch))
    chosen = np.empty(u.shape, dtype=np.intp)
    for k, last in enumerate(range(n - batch, n)):
        taken = (u[..., k] * (last + 1)).astype(np.intp)
        again = (chosen[..., :k] == taken[..., None]).any(axis=-1)
        chosen[..., k] = np.where(again, last, taken)
    return chosen


def count_runs(problem: Problem, batch: int) -> int:
    """How many runs there are: 20, and fewer where a step would read very much."""
    return int(np.clip(WORK // (batch * problem.X.shape[1]), 3, RUNS))


@lru_cache(maxsize=8)
@quiet()
def sample_runs(problem: Problem, scale: float, batch: int, seed: int, depth: int) -> Array:
    """x_t / scale of every run at each recorded depth, (depths, runs, p); NaN once it is lost."""
    X, b, n = problem.X, problem.b, problem.n
    runs = count_runs(problem, batch)
    chosen, at = draws(n, batch, runs, seed), recorded(depth)
    weights, keep = problem.c / (scale * batch), 1 - problem.l2 / scale
    found = np.full((len(at), runs, len(b)), np.nan)
    x, too_long = np.tile(b, (runs, 1)), LOST * np.linalg.norm(b)
    alive = np.ones(runs, dtype=bool)
    found[0] = x
    for k, (before, until) in enumerate(pairwise(at), start=1):
        for step in range(before, until):
            rows = X[chosen[step]]  # (runs, batch, p)
            along = (rows @ x[:, :, None])[..., 0] * weights[chosen[step]]
            x = b + keep * x - (along[:, None, :] @ rows)[:, 0]
        alive &= np.linalg.norm(x, axis=1) < too_long  # not of NaN
        x[~alive] = 0.0
        found[k, alive] = x[alive]
    return found / scale
