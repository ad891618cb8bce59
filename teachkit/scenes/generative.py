"""The generative explorer's state: two classes, and three ways to learn a boundary from them.

Class y = -1 or +1 has probability 1/2; x given y is Gaussian around y mu, with variances 1 and a
correlation. A fifth of class +1 may be pushed out on its own side: then no Gaussian has that class.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from scipy.special import ndtr

from teachkit import require
from teachkit.arrays import quiet
from teachkit.datasets import add_ones
from teachkit.losses import Logistic
from teachkit.optimize import Backtracking, Newton, minimize
from teachkit.risks import LinearRisk

Array = np.ndarray
MU = np.array([1.2, 0.7])
AWAY = MU / np.linalg.norm(MU)  # from the other class
SIZES = (10, 20, 40, 80, 160)
FARTHEST, STEEPEST = 10.0, 0.9  # push, correlation
L2 = 0.01  # on w alone, in the logistic regression
RULES = {"lda": "LDA", "naive": "naive Bayes", "logistic": "logistic"}


@dataclass(frozen=True)
class Gaussians:
    """Two Gaussian classes with one covariance, as they were estimated: a model of P(X, Y)."""

    means: dict[float, Array]
    covariance: Array
    share: float  # P(y = +1)

    def rule(self) -> Array:
        """(w, b) of the log odds w'x + b, by Bayes.

        w = Sigma^-1 (mu_1 - mu_0), b = -w'(mu_1 + mu_0) / 2 + log p / (1 - p).
        """
        plus, minus = self.means[1.0], self.means[-1.0]
        w = np.linalg.solve(self.covariance, plus - minus)
        return np.append(w, -w @ (plus + minus) / 2 + np.log(self.share / (1 - self.share)))


@dataclass(frozen=True)
class GenerativeState:
    """Everything the learner can change: the distribution, the sample, and points of it by hand."""

    n: int = 20
    correlation: float = 0.3
    push: float = 0.0
    seed: int = 0
    moved: tuple[tuple[int, tuple[float, float]], ...] = ()
    out: frozenset[int] = frozenset()

    @property
    def sigma(self) -> Array:
        """The covariance within a class."""
        return np.array([[1.0, self.correlation], [self.correlation, 1.0]])

    @property
    def y(self) -> Array:
        """Labels, +1 and -1 in turn, (n,)."""
        return np.where(np.arange(self.n) % 2 == 0, 1.0, -1.0)

    @cached_property
    def X(self) -> Array:
        """Where the points are, (n, 2); the first of n are the same for every n."""
        e = np.random.default_rng(self.seed).standard_normal((max(SIZES), 2))[: self.n]
        X = self.y[:, None] * MU + e @ np.linalg.cholesky(self.sigma).T
        X[::10] += self.push * AWAY  # a fifth of class +1
        for i, place in self.moved:
            X[i] = place
        return X

    @property
    def inside(self) -> Array:
        """Which points are trained on, (n,)."""
        return np.array([i not in self.out for i in range(self.n)])

    @cached_property
    def model(self) -> Gaussians:
        """Means, shares and pooled covariance (1/n) sum_i (x_i - m_y_i)(x_i - m_y_i)'."""
        X, y = self.X[self.inside], self.y[self.inside]
        means = {label: X[y == label].mean(axis=0) for label in (1.0, -1.0)}
        centred = X - np.array([means[label] for label in y])
        return Gaussians(means, centred.T @ centred / len(y), float((y > 0).mean()))

    @cached_property
    @quiet()
    def rules(self) -> dict[str, Array]:
        """(w, b) of each rule: the predicted class is the sign of w'x + b."""
        X, y = self.X[self.inside], self.y[self.inside]
        risk = LinearRisk(add_ones(X), y, Logistic(), l2=[L2, L2, 0.0])
        run = minimize(risk, np.zeros(3), Newton(), Backtracking(), tol=1e-10)
        naive = replace(self.model, covariance=np.diag(np.diag(self.model.covariance)))
        return {"lda": self.model.rule(), "naive": naive.rule(), "logistic": run.x}

    def mistakes(self, rule: str) -> float:
        """The training risk by the zero-one loss."""
        X, y = self.X[self.inside], self.y[self.inside]
        return float(np.mean(y * (add_ones(X) @ self.rules[rule]) <= 0))

    @quiet()
    def expected(self, rule: str) -> float:
        """The expected risk by the zero-one loss, exact: w'x + b is normal in each class."""
        *w, b = self.rules[rule]
        spread = float(np.sqrt(w @ self.sigma @ w))

        def wrong(label: float, middle: Array) -> float:
            return float(ndtr(-label * (middle @ w + b) / spread))

        plus = 0.8 * wrong(1.0, MU) + 0.2 * wrong(1.0, MU + self.push * AWAY)
        return 0.5 * plus + 0.5 * wrong(-1.0, -MU)


def place(state: GenerativeState, i: int, x: float, y: float) -> GenerativeState:
    """Point i dragged to (x, y)."""
    moved = {**dict(state.moved), i: (float(x), float(y))}
    return _trainable(replace(state, moved=tuple(sorted(moved.items()))))


def weigh(state: GenerativeState, i: int, weight: float) -> GenerativeState:
    """Point i taken out (0) or in (1)."""
    return _trainable(replace(state, out=state.out - {i} if weight else state.out | {i}))


def resize(state: GenerativeState, n: int) -> GenerativeState:
    """More or fewer points; those changed by hand are as they were drawn."""
    return replace(state, n=n, moved=(), out=frozenset())


def redraw(state: GenerativeState) -> GenerativeState:
    """New points of the same distribution."""
    return replace(state, seed=state.seed + 1, moved=(), out=frozenset())


def _trainable(state: GenerativeState) -> GenerativeState:
    for label in (1.0, -1.0):
        left = int((state.inside & (state.y == label)).sum())
        if left < 2:
            raise ValueError(
                f"Of class {label:+g} {left} point is left: a Gaussian takes two at least. Take "
                "another one in first."
            )
    covariance = state.model.covariance
    if np.linalg.det(covariance) <= 1e-9 * np.trace(covariance) ** 2:
        raise ValueError(
            "Within their classes all points lie on parallel lines: no Gaussian has such a "
            "covariance. Move one of them aside."
        )
    return state


def begin(
    n: int = 20, *, correlation: Any = 0.3, push: Any = 0.0, seed: int = 0
) -> GenerativeState:
    """The state to start with; raises ValueError, a sentence, where there is none."""
    if n not in SIZES:
        raise ValueError(f"n is {n}; the explorer has {', '.join(map(str, SIZES))}.")
    return GenerativeState(
        int(n),
        require.real(correlation, "correlation", f"[{-STEEPEST}, {STEEPEST}]"),
        require.real(push, "push", f"[0, {FARTHEST}]"),
        require.whole(seed, "seed"),
    )
