"""The LiSSA explorer's state: H^-1 b for a linear model, by samples and by the filter they have.

LiSSA starts at x_0 = b and takes steps x_{t+1} = b + x_t - A_t x_t / s with a random sample A_t of
H; x_t / s is its answer. With H itself in each step the answer is known in closed form along every
eigenvector of H: of what an eigenvalue mu asks for, the share 1 - (1 - mu/s)^(t+1) is found.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from teachkit import require
from teachkit.arrays import as_float, quiet, to_numpy
from teachkit.losses import Logistic
from teachkit.optimize import minimize
from teachkit.risks import LinearRisk
from teachkit.risks.checks import check_theta, check_vectors

Array = np.ndarray
DEPTHS = (1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300, 500, 1000, 2000)
SCALES = (  # of every decade, even steps on a slider: the series E24 of IEC 60063
    10, 11, 12, 13, 15, 16, 18, 20, 22, 24, 27, 30, 33, 36, 39, 43, 47, 51, 56, 62, 68, 75, 82, 91,
)  # fmt: skip
RUNS = 20  # at most
WORK = 13_000  # numbers that one step of all runs may read: with large samples there are fewer runs
LARGEST_LOG = 300.0  # of what is left or found, so that its square is a number
LOST = 1e100  # times the length of b: so long an iterate is given up
VIEWS = {"error": "error", "r": "r"}


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


@dataclass(frozen=True)
class LissaState:
    """Everything the learner can change."""

    problem: Problem
    scale: float
    depth: int = 1000
    batch: int = 1
    seed: int = 0
    view: str = "error"

    @property
    def full(self) -> bool:
        """Whether each step takes all examples, and nothing is left to chance."""
        return self.batch == self.problem.n

    @property
    def safe(self) -> float:
        """The smallest scale with which no sample lengthens a vector."""
        return self.problem.largest(self.batch)

    @property
    def half(self) -> float:
        """Half the largest eigenvalue of H: below, the full batch diverges, and every mean."""
        return self.problem.largest(self.problem.n) / 2

    def found(self, mu: Array) -> Array:
        """The filter 1 - (1 - mu / scale)^(depth + 1)."""
        return 1 - left(mu, self.scale, self.depth)

    @cached_property
    def bias(self) -> float:
        """|x - H^-1 b| / |H^-1 b| of the x that the full batch finds, and samples in the mean."""
        return float(self.biases(self.depth))

    @quiet()
    def biases(self, depths: Any) -> Array:
        """The same at other depths: one, or (k, 1) of them."""
        off = left(self.problem.eigenvalues, self.scale, depths) * self.problem.parts
        return np.linalg.norm(off, axis=-1) / np.linalg.norm(self.problem.parts)

    @quiet()
    def noiseless(self, depths: Any) -> Array:
        """What the full batch finds at these depths (k,): (k, p)."""
        steps = np.asarray(depths)[:, None]
        share = 1 - left(self.problem.eigenvalues, self.scale, steps)
        return self.problem.along(share * self.problem.parts)

    @cached_property
    def runs(self) -> Array:
        """The runs' answers at the recorded depths, (depths, runs, p); without chance, one run."""
        if self.full:
            return self.noiseless(recorded(self.depth))[:, None]
        return sample_runs(self.problem, self.scale, self.batch, self.seed, self.depth)

    @cached_property
    @quiet()
    def noise(self) -> Array:
        """|x - what the full batch finds| / |H^-1 b| of each run's answer, (runs,)."""
        off = np.linalg.norm(self.runs[-1] - self.noiseless([self.depth]), axis=-1)
        off = off / np.linalg.norm(self.problem.exact)
        return np.where(np.isfinite(off), off, np.inf)

    @cached_property
    def errors(self) -> Array:
        """Of each run's answer, (runs,)."""
        return self.problem.error(self.runs[-1])

    @cached_property
    def r(self) -> Array:
        """Of each run's influences with the exact ones, (runs,)."""
        return self.problem.r_with_exact(self.runs[-1])

    @cached_property
    @quiet()
    def mean(self) -> Array:
        """The mean of the runs' answers, (1, p)."""
        return self.runs[-1].mean(axis=0, keepdims=True)


def redraw(state: LissaState) -> LissaState:
    """Other samples, all else as it is."""
    return replace(state, seed=state.seed + 1)


def make_safe(state: LissaState) -> LissaState:
    """The smallest scale that is safe for samples of this size."""
    return replace(state, scale=state.safe)


def begin(
    risk: Any = None, theta: Any = None, b: Any = None, *, scale: float | None = None,
    depth: int = 1000, batch: int | str = 1, seed: int = 0, view: str = "error",
) -> LissaState:  # fmt: skip
    """The state to start with; raises ValueError, a sentence, where there is none.

    Without a risk it is logistic regression on the digits 3 and 8, and b the gradient of the loss
    at the test image that it gets most wrong; with one, at its training example of largest loss.
    """
    tested: tuple[Any, Any] | None = None
    if risk is None:
        from teachkit.datasets import digits

        data = digits()
        tested = to_numpy(data.X_test), to_numpy(data.y_test)
        risk = LinearRisk(to_numpy(data.X_train), to_numpy(data.y_train), Logistic(), l2=0.01)
    if type(risk) is not LinearRisk:  # a subclass may have another H
        raise TypeError(
            f"risk is {type(risk).__name__}; the explorer samples the examples of a LinearRisk, "
            "many thousand times. Give one, or use teachkit.Lissa with yours."
        )
    risk = _of_numpy(risk)
    if theta is None:
        theta = minimize(risk, np.zeros(risk.p), tol=1e-10).x
    else:
        theta = check_theta(as_float(to_numpy(theta), "theta"), risk.p, risk.X)
    if b is None:
        X, y = tested or (risk.X, risk.y)
        worst = int(np.argmax(risk.loss_at(theta, X, y)))
        b = risk.gradient_at(theta, X[worst], y[worst])
    else:
        b = check_vectors(as_float(to_numpy(b), "b"), risk.p, risk.X, "b", columns=False)
    problem = Problem(
        np.asarray(risk.X),
        np.asarray(risk.weights * risk.loss.curvature(risk.X @ theta, risk.y)),
        np.asarray(risk.l2),
        np.asarray(risk.example_gradients(theta)),
        _of_size_1(np.asarray(b)),
    )
    _check(problem)
    size = problem.n if batch == "all" else batch
    for name, value, known in (("depth", depth, DEPTHS), ("batch", size, problem.batches),
                               ("view", view, VIEWS)):  # fmt: skip
        if value not in tuple(known):
            raise ValueError(f"{name} is {value}; the explorer has {', '.join(map(str, known))}.")
    if scale is None:
        scale = problem.largest(int(size))
    else:
        problem = replace(problem, told=(_told(problem, scale),))
        (scale,) = problem.told
    return LissaState(problem, scale, int(depth), int(size), require.whole(seed, "seed", 0), view)


def _of_numpy(risk: LinearRisk) -> LinearRisk:
    """The same risk in float64, whatever library its arrays are of."""
    parts = (np.asarray(to_numpy(part), dtype=float) for part in (risk.X, risk.y, risk.l2))
    X, y, l2 = parts
    return LinearRisk(X, y, risk.loss, l2=l2, weights=np.asarray(to_numpy(risk.weights), float))


def _of_size_1(b: Array) -> Array:
    """Its largest entry is 1 or -1. Raises ValueError, a sentence, where all are 0."""
    if not b.any():
        raise ValueError(
            "b is 0, and so is H^-1 b, at any scale and depth. Take the gradient of the loss at a "
            "point whose loss is not at its minimum."
        )
    return b / np.abs(b).max()


def _told(problem: Problem, scale: Any) -> float:
    """The scale, if the slider has room for it."""
    low, high = problem.scales[0], problem.scales[-1]
    why = f"The slider goes from {low:.3g} to {high:.3g}, around the largest eigenvalues."
    scale = require.real(scale, "scale", "(0, inf)", why)
    if not low <= scale <= high:
        raise ValueError(f"scale is {scale:g}. {why}")
    return scale


@quiet()
def _check(problem: Problem) -> None:
    """Refuse an H without an inverse, or with none that floats can hold."""
    if not np.isfinite(problem.H).all():
        raise ValueError(
            "H has numbers that are not finite: the curvatures overflow at this theta. Scale the "
            "columns of X, or take a smaller theta."
        )
    low, high = problem.eigenvalues[[0, -1]]
    if low <= len(problem.b) * np.finfo(float).eps * high:
        raise ValueError(
            f"H is not positive definite: its smallest eigenvalue is {low:.3g}, its largest "
            f"{high:.3g}, and along the smallest no scale leads to H^-1 b. Take a larger l2, or "
            "theta at the minimum."
        )
    if not 1e-100 < low <= high < 1e100:
        raise ValueError(
            f"H has eigenvalues from {low:.3g} to {high:.3g}, whose squares are no numbers of "
            "float64 any more. Scale the columns of X."
        )
