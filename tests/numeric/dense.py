"""Influence written out with NumPy and SciPy alone, and small data: what the tests compare with."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy.linalg
import scipy.optimize
from scipy.special import expit

from teachkit.losses import Logistic, SmoothHinge, Square
from teachkit.risks import LinearRisk

# name: (our loss, slope and curvature in the score, written here a second time)
LOSSES = {
    "square": (Square(), lambda s, y: 2 * (s - y), lambda s, y: 2 + 0 * s),
    "logistic": (
        Logistic(),
        lambda s, y: -y * expit(-y * s),
        lambda s, y: expit(s) * (1 - expit(s)),
    ),
    "smooth hinge": (
        SmoothHinge(0.5),
        lambda s, y: -y * expit((1 - y * s) / 0.5),
        lambda s, y: expit((1 - y * s) / 0.5) * expit((y * s - 1) / 0.5) / 0.5,
    ),
}


@dataclass(frozen=True)
class Dense:
    """R(theta) = (1/n) sum w_i L_i + 1/2 sum l2_j theta_j^2, its minimum, and matrices in full."""

    name: str
    X: np.ndarray
    y: np.ndarray
    w: np.ndarray
    l2: np.ndarray

    @property
    def n(self) -> int:
        return self.X.shape[0]

    def risk(self, place=None, dtype="float64"):
        """The library's risk on these data, its arrays where `place` says."""
        put = (lambda v: np.asarray(v, dtype=dtype)) if place is None else _at(place, dtype)
        loss = LOSSES[self.name][0]
        return LinearRisk(put(self.X), put(self.y), loss, l2=put(self.l2), weights=put(self.w))

    def example_gradients(self, theta, X=None, y=None):
        X, y = (self.X, self.y) if X is None else (X, y)
        return LOSSES[self.name][1](X @ theta, y)[:, None] * X

    def gradient(self, theta):
        return self.w @ self.example_gradients(theta) / self.n + self.l2 * theta

    def example_hessians(self, theta):
        c = LOSSES[self.name][2](self.X @ theta, self.y)
        return c[:, None, None] * self.X[:, :, None] * self.X[:, None, :]

    def hessian(self, theta):
        weighted = np.tensordot(self.w, self.example_hessians(theta), axes=1)
        return weighted / self.n + np.diag(self.l2)

    def minimum(self):
        """The minimum by SciPy's solver of systems of equations."""
        start = scipy.optimize.root(self.gradient, np.zeros(self.X.shape[1]), jac=self.hessian)
        found = scipy.optimize.root(self.gradient, start.x, jac=self.hessian, tol=1e-15)
        theta = found.x
        assert np.linalg.norm(self.gradient(theta)) < 1e-14, found.message
        return theta

    def without(self, indices):
        w = self.w.copy()
        w[list(indices)] = 0.0
        return replace(self, w=w)

    def with_example(self, i, x, y):
        X, labels = self.X.copy(), self.y.copy()
        X[i], labels[i] = x, y
        return replace(self, X=X, y=labels)

    def loss(self, theta, x, y):
        """L at one point."""
        s = x @ theta
        if self.name == "square":
            return (s - y) ** 2
        if self.name == "logistic":
            return np.logaddexp(0.0, -y * s)
        return 0.5 * np.logaddexp(0.0, (1 - y * s) / 0.5)


def small(name: str, *, n: int = 12, p: int = 3, seed: int = 0, l2: float = 0.2) -> Dense:
    """Mixed labels in unequal numbers, an intercept with a small penalty, weights that differ."""
    rng = np.random.default_rng(seed)
    X = np.column_stack([rng.normal(size=(n, p - 1)), np.ones(n)])
    score = X @ rng.normal(size=p) + rng.normal(size=n)
    y = score + 0.3 if name == "square" else np.where(score > -0.4, 1.0, -1.0)
    if name != "square":
        y[:2] = -1.0, 1.0
    w = rng.uniform(0.3, 2.0, size=n)
    w[3] = 0.0  # an example that is there and does not count
    penalty = np.full(p, l2)
    penalty[-1] = 0.1 * l2
    return Dense(name, X, y, w, penalty)


def small_tests(name: str, m: int, p: int = 3, seed: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Test points, some of them misclassified by any line."""
    rng = np.random.default_rng(seed)
    X = np.column_stack([rng.normal(size=(m, p - 1)), np.ones(m)])
    y = rng.normal(size=m) if name == "square" else rng.choice([-1.0, 1.0], size=m)
    return X, y


def with_a_safe_point(problem: Dense, i: int, margin: float) -> Dense:
    """The same, unweighted, with example i far on its right side: a gradient near e^-margin."""
    X, y = problem.X.copy(), problem.y.copy()
    theta = problem.minimum()
    X[i] = [*theta[:-1] * (margin - theta[-1]) / (theta[:-1] @ theta[:-1]), 1.0]
    y[i] = 1.0
    return replace(problem, X=X, y=y, w=np.ones(problem.n))


def _at(place, dtype):
    return lambda v: place.array(np.asarray(v), dtype=dtype)
