"""A risk whose examples all have weight 0: what a shard is when all of its examples have left."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from teachkit.arrays import Array, LinearMap, array_namespace, device
from teachkit.risks.checks import check_vectors


class Unweighted:
    """The penalty alone; what is asked of single examples, without weights, the risk answers.

    No risk by itself has this, since nothing is left to learn from; among others a shard may.
    """

    def __init__(self, risk: Any) -> None:
        self.risk, self.weights = risk, 0.0 * risk.weights

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "risk":  # not yet there while it is unpickled
            raise AttributeError(name)
        return getattr(self.risk, name)

    def penalty(self, v: Array) -> Array:
        """l2 v and, of centred classes, what ties them; v (p,) or (p, k)."""
        if callable(further := getattr(self.risk, "penalty", None)):
            return further(v)
        return (self.risk.l2 if v.ndim == 1 else self.risk.l2[:, None]) * v

    def value(self, theta: Array) -> Any:
        return 0.5 * array_namespace(theta).sum(theta * self.penalty(theta))

    def gradient(self, theta: Array) -> Array:
        return self.penalty(theta)

    def value_and_gradient(self, theta: Array) -> tuple[Any, Array]:
        return self.value(theta), self.gradient(theta)

    def linearize(self, theta: Array) -> LinearMap:
        return lambda v: self.penalty(check_vectors(v, self.risk.p, self.weights))

    linearize_gauss_newton = linearize

    def hvp(self, theta: Array, v: Array) -> Array:
        return self.linearize(theta)(v)

    def hessian(self, theta: Array) -> Array:
        return self.penalty(self._eye)

    def hessian_diagonal(self, theta: Array) -> Array:
        return array_namespace(theta).linalg.diagonal(self.hessian(theta))

    def hessian_root(self, theta: Array) -> Array:
        return array_namespace(theta).sqrt(self.risk.l2)[:, None] * self._eye

    def leverages(self, theta: Array, solve: LinearMap) -> Array:
        return self.weights

    def example_curvatures(self, theta: Array) -> Array:
        return self.weights

    def example_hvp(self, theta: Array, indices: int | Iterable[int]) -> LinearMap:
        return lambda v: 0.0 * v

    def reweighted(self, weights: Array) -> Any:
        return self.risk.reweighted(weights)

    def replaced(self, i: int, x: Array, y: Any) -> Unweighted:
        return Unweighted(self.risk.replaced(i, x, y))

    @property
    def _eye(self) -> Array:
        w, p = self.weights, self.risk.p
        return array_namespace(w).eye(p, dtype=w.dtype, device=device(w))
