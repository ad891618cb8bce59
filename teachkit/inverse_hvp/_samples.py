"""Products with random samples of H + damping I, whose mean over examples is over a few of them."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from teachkit.arrays import Array, LinearMap, array_namespace, device, scalar, to_numpy
from teachkit.risks.watched import Watched

KEEP = 2**22
"""So many numbers in all examples' products are kept, rather than made anew for each draw."""


class Samples:
    """(x, rng) -> A_j x, A_j = (1/b) sum over b random examples of w_i H_i + penalty + damping I.

    The mean of the A_j is H + damping I. Penalty and damping are whole in each of them. A batch of
    all n examples is H itself.

    `example_hvp` of the risk gives the products where it adds up to H with diag(l2); a risk without
    it, or with a further term in H, is asked by `reweighted`.
    """

    def __init__(self, asked: Watched, theta: Array, damping: float, batch: int) -> None:
        self.asked, self.theta, self.damping, self.batch = asked, theta, damping, batch
        self.H = asked.linearize(theta)
        self.by_examples = _adds_up(asked, theta, self.H)
        self._kept: dict[int, LinearMap] = {}

    def __call__(self, x: Array, rng: np.random.Generator) -> Array:
        n = self.asked.n
        if self.batch == n:
            return self.whole(x)
        if self.batch == 1:
            return self._of_one(int(rng.integers(n)))(x) + self._beside(x)
        chosen = rng.choice(n, size=self.batch, replace=False, shuffle=False)
        return self._of(chosen.tolist())(x) + self._beside(x)

    def whole(self, x: Array) -> Array:
        """(H + damping I) x."""
        return self.H(x) + self.damping * x if self.damping else self.H(x)

    @cached_property
    def largest(self) -> float:
        """What no eigenvalue of a sample exceeds, negative ones by their size.

        That of a mean of b examples is at most the mean of the b largest of single examples.
        """
        n = self.asked.n
        if self.batch == n:
            return largest_eigenvalue(self.H, self.theta) + self.damping
        if self.by_examples and callable(getattr(self.asked.risk, "example_curvatures", None)):
            of_each = to_numpy(self.asked.example_curvatures(self.theta))
        else:
            of_each = np.array([largest_eigenvalue(self._of([i]), self.theta) for i in range(n)])
        penalty = float(np.max(to_numpy(self.asked.risk.l2))) if self.by_examples else 0.0
        return float(np.mean(np.sort(of_each)[n - self.batch :])) + penalty + self.damping

    def _of_one(self, i: int) -> LinearMap:
        if self.asked.n * self.asked.p > KEEP:
            return self._of([i])
        if i not in self._kept:
            self._kept[i] = self._of([i])
        return self._kept[i]

    def _of(self, chosen: list[int]) -> LinearMap:
        """The product with the mean over these examples; by weights, with the penalty."""
        if self.by_examples:
            return self.asked.example_hvp(self.theta, chosen)
        w = to_numpy(self.asked.weights)
        there = np.zeros_like(w)
        there[chosen] = w[chosen] * (self.asked.n / len(chosen))
        return self._weighted(there) if there.any() else self._penalty

    def _beside(self, x: Array) -> Array:
        """What a sample has besides its examples: damping x, and the penalty where it is not in."""
        if not self.by_examples:
            return self.damping * x
        l2 = self.asked.risk.l2 + self.damping
        return (l2 if x.ndim == 1 else l2[:, None]) * x

    def _weighted(self, weights: np.ndarray) -> LinearMap:
        xp, like = array_namespace(self.theta), self.asked.weights
        weights = xp.asarray(weights, dtype=like.dtype, device=device(like))
        return Watched(self.asked.reweighted(weights)).linearize(self.theta)

    def _penalty(self, x: Array) -> Array:
        """H without any example, of which there is no risk: H is a + b w, so 2 H(w/2) - H(w)."""
        return 2.0 * self._half(x) - self.H(x)

    @cached_property
    def _half(self) -> LinearMap:
        return self._weighted(0.5 * to_numpy(self.asked.weights))


def largest_eigenvalue(A: LinearMap, like: Array) -> float:
    """The largest eigenvalue of a symmetric A, by its size, to a part in 1000 and rather above it.

    By the power method: some eigenvalue is within ||A z - mu z|| of mu = z' A z, ||z|| = 1 (Golub &
    Van Loan 2013, sections 8.1 and 8.2).
    """
    xp = array_namespace(like)
    z = np.random.default_rng(0).standard_normal(like.shape[0])
    z = xp.asarray(z / np.linalg.norm(z), dtype=like.dtype, device=device(like))
    for _ in range(100):
        Az = A(z)
        mu, size = scalar(z @ Az), scalar(xp.linalg.vector_norm(Az))
        off = scalar(xp.linalg.vector_norm(Az - mu * z))
        if size == 0.0 or off <= 1e-3 * abs(mu):
            break
        z = Az / size
    return abs(mu) + off


def _adds_up(asked: Watched, theta: Array, H: LinearMap) -> bool:
    """Whether the risk has an `example_hvp`, whose mean over all examples is H without l2."""
    if not callable(getattr(asked.risk, "example_hvp", None)):
        return False
    if asked.ours:
        return True
    xp = array_namespace(theta)
    u = np.random.default_rng(0).standard_normal(asked.p)
    u = xp.asarray(u, dtype=theta.dtype, device=device(theta))
    Hu = H(u)
    apart = asked.example_hvp(theta, list(range(asked.n)))(u) + asked.risk.l2 * u - Hu
    rounding = float(xp.finfo(theta.dtype).eps) ** 0.5
    return bool(
        scalar(xp.linalg.vector_norm(apart)) <= rounding * scalar(xp.linalg.vector_norm(Hu))
    )
