"""The risk explorer's state: a polynomial fitted to a sample, where the distribution is known.

x is uniform on [-1, 1] and y = sin(pi x) + 0.3 e with e standard normal. So the expected risk is an
integral over x alone, and quadrature gives it without a test set.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.polynomial import legendre
from scipy.special import ndtr

from teachkit import require
from teachkit.arrays import quiet
from teachkit.losses import Square
from teachkit.risks import LinearRisk

Array = np.ndarray
NOISE = 0.3  # standard deviation of y around the curve
HIGHEST = 15  # degree
SIZES = (10, 20, 50, 100, 200, 500)
PENALTIES = (0.0, *(float(f"{f}e{k}") for k in range(-8, 2) for f in (1, 3)), 100.0)
NEW = 1000  # examples that come after f is fixed
DELTA = 0.05  # how often Hoeffding's bound may fail
VIEWS = {
    "penalty": "risks over the penalty",
    "degree": "risks over the degree",
    "fixed": "new examples, f fixed",
}


def truth(x: Array) -> Array:
    """The curve E[y | x] = sin(pi x)."""
    return np.sin(np.pi * x)


def features(x: Array, degree: int) -> Array:
    """sqrt(2k + 1) P_k(x) for k = 0 ... degree, (n, degree + 1); P_k is Legendre's polynomial.

    They are orthonormal under the distribution of x, so that |theta|^2 = E f(x)^2.
    """
    return legendre.legvander(x, degree) * np.sqrt(2 * np.arange(degree + 1) + 1)


def sample(seed: int, n: int, *, new: bool = False) -> tuple[Array, Array]:
    """The first n examples of the seed, for training; or those that come afterwards."""
    random = np.random.default_rng([seed, int(new)])
    x, e = random.uniform(-1, 1, NEW), random.standard_normal(NEW)
    return x[:n], (truth(x) + NOISE * e)[:n]


@cache
def _nodes() -> tuple[Array, Array]:
    """Gauss-Legendre on 256 pieces of [-1, 1], with weights that add up to 1: a mean over x."""
    u, w = legendre.leggauss(8)
    ends = np.linspace(-1, 1, 257)
    x = (ends[:-1] + ends[1:])[:, None] / 2 + u / 256
    return x.ravel(), np.tile(w / 512, 256)


@dataclass(frozen=True, eq=False)
class Fit:
    """The minimiser theta of R(theta) = (1/n) sum_i (f(x_i) - y_i)^2 + l2/2 |theta|^2.

    f(x) = sum_k theta_k sqrt(2k + 1) P_k(x). Where several minimise, the one of least norm.
    """

    x: Array
    y: Array
    theta: Array
    training: float
    expected: float
    clipped_training: float
    clipped_expected: float

    def f(self, x: Array) -> Array:
        """The polynomial."""
        return features(x, len(self.theta) - 1) @ self.theta


def clipped(residual: Array) -> Array:
    """The loss min(1, r^2): bounded by 0 and 1, as Hoeffding's inequality asks."""
    return np.minimum(1.0, residual**2)


def expected_clipped(bias: Array) -> Array:
    """E min(1, (bias + 0.3 e)^2) over the noise e, by the moments of a truncated normal."""
    a, b = (-1 - bias) / NOISE, (1 - bias) / NOISE
    inside = ndtr(b) - ndtr(a)
    at_a, at_b = (np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi) for z in (a, b))
    first = at_a - at_b  # E e, E e^2 where a < e < b
    second = inside + a * at_a - b * at_b
    return 1 - inside + bias**2 * inside + 2 * bias * NOISE * first + NOISE**2 * second


@lru_cache(maxsize=256)
@quiet()
def fit(degree: int, n: int, l2: float, seed: int) -> Fit:
    """Least squares on the rows of a root of H: its condition number is the root of H's own."""
    x, y = sample(seed, n)
    risk = LinearRisk(features(x, degree), y, Square(), l2=l2)
    zero = np.zeros(risk.p)
    rows = np.asarray(risk.hessian_root(zero))  # sqrt(2/n) x_i' and sqrt(l2) e_j'
    wanted = np.concatenate([np.sqrt(2 / n) * y, zero])
    theta = np.linalg.lstsq(rows, wanted, rcond=None)[0]
    nodes, weights = _nodes()
    bias = features(nodes, degree) @ theta - truth(nodes)
    return Fit(
        x, y, theta,
        training=float(risk.example_losses(theta).mean()),
        expected=float(weights @ bias**2) + NOISE**2,
        clipped_training=float(clipped(risk.X @ theta - y).mean()),
        clipped_expected=float(weights @ expected_clipped(bias)),
    )  # fmt: skip


def hoeffding(m: Any) -> Any:
    """sqrt(log(2 / delta) / 2m): P(|I_m[f] - I[f]| > this) <= delta, for an f fixed before.

    The loss is between 0 and 1 (Hoeffding 1963, theorem 2).
    """
    return np.sqrt(np.log(2 / DELTA) / (2 * m))


@dataclass(frozen=True)
class RiskState:
    """Everything the learner can change."""

    degree: int = HIGHEST
    n: int = 20
    l2: float = 0.0
    seed: int = 1
    view: str = "penalty"

    @property
    def fit(self) -> Fit:
        """The polynomial on this sample."""
        return self.other()

    def other(self, **changes: Any) -> Fit:
        """The fit of the same sample with another degree or penalty."""
        told = {"degree": self.degree, "n": self.n, "l2": self.l2, "seed": self.seed, **changes}
        return fit(**told)

    @quiet()
    def run(self) -> Array:
        """I_m[f] for m = 1 ... 1000: the mean clipped loss of this f on examples that are new."""
        x, y = sample(self.seed, NEW, new=True)
        return np.cumsum(clipped(self.fit.f(x) - y)) / np.arange(1, NEW + 1)


def redraw(state: RiskState) -> RiskState:
    """New data, all else as it is."""
    return replace(state, seed=state.seed + 1)


def begin(
    degree: int = HIGHEST, n: int = 20, l2: float = 0.0, seed: int = 1, view: str = "penalty"
) -> RiskState:
    """The state to start with; raises ValueError, a sentence, where there is none."""
    known = (("degree", degree, range(HIGHEST + 1)), ("n", n, SIZES), ("l2", l2, PENALTIES),
             ("view", view, VIEWS))  # fmt: skip
    for name, value, options in known:
        if value not in options:
            there = ", ".join(f"{v:g}" if isinstance(v, float) else str(v) for v in options)
            raise ValueError(f"{name} is {value}; the explorer has {there}.")
    return RiskState(int(degree), int(n), float(l2), require.whole(seed, "seed", 0), view)
