"""A risk with every answer looked at: one written by hand is believed in the right shape only."""

from __future__ import annotations

from typing import Any

from teachkit import require
from teachkit.arrays import Array, LinearMap, own, quiet
from teachkit.boundary import ours
from teachkit.risks import checks


class Watched:
    """The oracles of a risk, with answers that are finite and have the shape that they must have.

    A risk of the user's gets copies, and what it gives is copied: it may work in place, and may
    return one buffer each time.

    Raises ValueError or TypeError, a sentence, for an answer that is none.
    """

    def __init__(self, risk: Any) -> None:
        self.risk, self.n, self.p = risk, risk.n, risk.p
        self.ours = ours(risk)

    def gradient(self, theta: Array) -> Array:
        return self._ask("gradient", "The gradient of the risk", (self.p,), theta)

    def hessian(self, theta: Array) -> Array:
        return self._ask("hessian", "The Hessian of the risk", (self.p, self.p), theta)

    def example_gradients(self, theta: Array) -> Array:
        return self._ask("example_gradients", OF_THE_LOSS, (self.n, self.p), theta)

    def gradient_at(self, theta: Array, X: Array, y: Array) -> Array:
        return self._ask("gradient_at", OF_THE_LOSS, (X.shape[0], self.p), theta, X, y)

    def input_gradient(self, theta: Array, i: int, s: Array) -> Array:
        shape = tuple(self.risk.X[i, :].shape)
        return self._ask("input_gradient", "The input gradient", shape, theta, i, s)

    def leverages(self, theta: Array, solve: LinearMap) -> Array:
        name = "The array of the risk's leverages"
        return self._ask("leverages", name, (self.n,), theta, solve)

    def linearize(self, theta: Array) -> LinearMap:
        """Return v -> H v, for v (p,) or (p, k)."""
        if not hasattr(self.risk, "linearize"):
            return self.hessian(theta).__matmul__
        with quiet():
            product = self.risk.linearize(self._own(theta))
        require.function(product, "linearize(theta)", "v -> H v")

        def watched(v: Array) -> Array:
            with quiet():
                found = product(self._own(v))
            return self._answer(found, "The product of the risk's H and v", tuple(v.shape), v)

        return watched

    def reweighted(self, weights: Array) -> Any:
        """The same risk with these weights: itself, not watched."""
        changed = self.risk.reweighted(self._own(weights))
        return checks.check_changed(changed, self.risk, "reweighted(weights) of the risk")

    def replaced(self, i: int, x: Array, y: Any) -> Any:
        """The same risk with example i exchanged for (x, y): itself, not watched."""
        changed = self.risk.replaced(i, self._own(x), y)
        return checks.check_changed(changed, self.risk, "replaced(i, x, y) of the risk")

    def _ask(self, oracle: str, name: str, shape: tuple[int, ...], theta: Array, *args: Any) -> Any:
        with quiet():
            found = getattr(self.risk, oracle)(self._own(theta), *map(self._own, args))
        return self._answer(found, name, shape, theta)

    def _answer(self, found: Any, name: str, shape: tuple[int, ...], like: Array) -> Array:
        return self._own(checks.check_answer(found, name, shape, like))

    def _own(self, x: Any) -> Any:
        return x if self.ours else own(x)


OF_THE_LOSS = "The gradient of the loss"
