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

    `example_hvp` of the risk gives the products where it adds up to H with the penalty; a risk
    without it, or with a further term in H, is asked by `reweighted`.
    """

    def __init__(self, asked: Watched, theta: Array, damping: float, batch: int) -> None:
        self.asked, self.theta, self.damping, self.batch = asked, theta, damping, batch
        self.H = asked.linearize(theta)
        self.by_examples = batch < asked.n and self._adds_up()
        self._kept: dict[int, LinearMap] = {}
        if batch < asked.n and not (self.by_examples or hasattr(asked.risk, "reweighted")):
            raise TypeError(
                f"LiSSA asks a few examples at a time, by example_hvp or reweighted, and "
                f"{type(asked.risk).__name__} has neither. Take batch={asked.n}, all of them in "
                "each step, or another method."
            )

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
        return (
            float(np.mean(np.sort(of_each)[n - self.batch :])) + self._most_penalty + self.damping
        )

    @property
    def _most_penalty(self) -> float:
        if not self.by_examples:
            return 0.0  # it is in of_each
        if self._further_penalty is not None:
            return largest_eigenvalue(self._further_penalty, self.theta)
        return float(np.max(to_numpy(self.asked.risk.l2)))

    @property
    def _further_penalty(self) -> LinearMap | None:
        """v -> the penalty's part of H v, of a risk of ours that has more than l2."""
        return getattr(self.asked.risk, "penalty", None) if self.asked.ours else None

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
        if self._further_penalty is not None:
            return self._further_penalty(x) + self.damping * x
        l2 = self.asked.risk.l2 + self.damping
        return (l2 if x.ndim == 1 else l2[:, None]) * x

    def _weighted(self, weights: np.ndarray) -> LinearMap:
        xp, like = array_namespace(self.theta), self.asked.weights
        weights = xp.asarray(weights, dtype=like.dtype, device=device(like))
        return Watched(self.asked.reweighted(weights)).linearize(self.theta)

    def _penalty(self, x: Array) -> Array:
        """H without any example, of which there is no risk: H is a + b w, so 2 H(w/2) - H(w)."""
        return 2.0 * self._half(x) - self.H(x)

    def _adds_up(self) -> bool:
        """Whether the risk has an `example_hvp`, whose mean over all examples is H without penalty.

        Of a subclass it may be inherited, beside an H that is not.
        """
        asked, xp = self.asked, array_namespace(self.theta)
        if not callable(getattr(asked.risk, "example_hvp", None)):
            return False
        u = _random(self.theta)
        self.by_examples = True
        mean = asked.example_hvp(self.theta, list(range(asked.n)))(u)
        Hu, norm = self.H(u), xp.linalg.vector_norm
        apart = mean + self._beside(u) - self.damping * u - Hu
        return bool(scalar(norm(apart)) <= _eps(u) ** 0.5 * scalar(norm(Hu)))

    @cached_property
    def _half(self) -> LinearMap:
        return self._weighted(0.5 * to_numpy(self.asked.weights))


def largest_eigenvalue(A: LinearMap, like: Array) -> float:
    """The largest eigenvalue of a symmetric A, by its size, to a part in 100 and rather above it.

    By the power method: some eigenvalue is within ||A z - mu z|| of mu = z' A z, ||z|| = 1 (Golub &
    Van Loan 2013, sections 8.1 and 8.2).
    """
    xp = array_namespace(like)
    z = _random(like)
    for _ in range(50):
        z = z / xp.linalg.vector_norm(z)
        Az = A(z)
        mu = scalar(z @ Az)
        off = scalar(xp.linalg.vector_norm(Az - mu * z))
        if off <= 0.01 * abs(mu):
            break
        z = Az
    return abs(mu) + off


def _random(like: Array) -> Array:
    u = np.random.default_rng(0).standard_normal(like.shape[0])
    return array_namespace(like).asarray(u, dtype=like.dtype, device=device(like))


def _eps(x: Array) -> float:
    return float(array_namespace(x).finfo(x.dtype).eps)
