"""A risk with every answer looked at: one written by hand is believed in the right shape only."""

from __future__ import annotations

from typing import Any

from teachkit import require
from teachkit.arrays import Array, LinearMap, own, quiet, to_numpy
from teachkit.boundary import ours
from teachkit.risks import checks


class Watched:
    """The oracles of a risk, with answers that are finite and have the shape that they must have.

    A risk of the user's gets copies, and what it gives is copied: it may work in place, and may
    return one buffer each time.

    `finite=False` lets NaN and infinity pass, where a search may look too far.

    Raises ValueError or TypeError, a sentence, for an answer that is none.
    """

    def __init__(self, risk: Any, *, finite: bool = True) -> None:
        self.risk, self.n, self.p, self.weights = risk, risk.n, risk.p, risk.weights
        self.ours, self.finite = ours(type(risk)), finite

    def gradient(self, theta: Array) -> Array:
        return self._ask("gradient", "The gradient of the risk", (self.p,), theta)

    def hessian(self, theta: Array) -> Array:
        return self._ask("hessian", "The Hessian of the risk", (self.p, self.p), theta)

    def example_gradients(self, theta: Array) -> Array:
        return self._ask("example_gradients", OF_THE_LOSS, (self.n, self.p), theta)

    def gradient_at(self, theta: Array, X: Array, y: Array) -> Array:
        return self._ask("gradient_at", OF_THE_LOSS, (X.shape[0], self.p), theta, X, y)

    def input_gradient(self, theta: Array, i: int, s: Array) -> Array:
        shape = (self.risk.X.shape[1],)
        return self._ask("input_gradient", "The input gradient", shape, theta, i, s)

    def leverages(self, theta: Array, solve: LinearMap) -> Array:
        name = "The array of the risk's leverages"
        return self._ask("leverages", name, (self.n,), theta, solve)

    def hessian_root(self, theta: Array) -> Array | None:
        """A with A' A = H, (m, p), where the risk knows one."""
        if not callable(getattr(self.risk, "hessian_root", None)):
            return None
        A = self.given(self.risk.hessian_root, theta)
        if A is None:
            return None
        m = A.shape[0] if getattr(A, "ndim", 0) == 2 else 0
        return self.taken(checks.check_answer(A, "The root of the Hessian", (m, self.p), theta))

    @property
    def why_singular(self) -> str:
        """Why H is singular whatever the data, if the risk knows that it is."""
        return getattr(self.risk, "why_singular", "")

    def hessian_diagonal(self, theta: Array) -> Array:
        return self._ask("hessian_diagonal", "The diagonal of the Hessian", (self.p,), theta)

    def example_curvatures(self, theta: Array) -> Array:
        return self._ask("example_curvatures", "The array of curvatures", (self.n,), theta)

    def example_hvp(self, theta: Array, indices: list[int]) -> LinearMap:
        """Return v -> the mean over these examples of w_i H_i v, without the penalty."""
        if self.ours:  # asked for one example, thousands of times
            return self.risk.example_hvp(theta, indices)
        return Products(self, theta, "example_hvp", indices)

    def linearize(self, theta: Array, oracle: str = "linearize") -> LinearMap:
        """Return v -> H v, for v (p,) or (p, k); or what another oracle of this kind gives."""
        return Products(self, theta, oracle)

    def reweighted(self, weights: Array) -> Any:
        """The same risk with these weights: itself, not watched."""
        before = self.taken(self.risk.weights)
        changed = self.given(self.risk.reweighted, weights)
        self._is_another(changed, "reweighted(weights)", before)
        return checks.check_changed(changed, self.risk, "reweighted(weights) of the risk")

    def replaced(self, i: int, x: Array, y: Any) -> Any:
        """The same risk with example i exchanged for (x, y): itself, not watched."""
        changed = self.given(self.risk.replaced, i, x, y)
        self._is_another(changed, "replaced(i, x, y)", self.risk.weights)
        return checks.check_changed(changed, self.risk, "replaced(i, x, y) of the risk")

    def _is_another(self, changed: Any, call: str, before: Array) -> None:
        if self.ours:
            return
        same = changed is self.risk and call.startswith("replaced")
        if same or (to_numpy(self.risk.weights) != to_numpy(before)).any():
            raise ValueError(
                f"{call} of {type(self.risk).__name__} changes the risk itself; it has to return "
                "another one, beside which this one stays as it is."
            )

    def _ask(self, oracle: str, name: str, shape: tuple[int, ...], theta: Array, *args: Any) -> Any:
        if self.ours and not self.finite:  # nothing to look at, thousands of times
            return getattr(self.risk, oracle)(theta, *args)
        found = self.given(getattr(self.risk, oracle), theta, *args)
        return self.taken(checks.check_answer(found, name, shape, theta, finite=self.finite))

    def given(self, oracle: Any, *arguments: Any) -> Any:
        """What an oracle says to these arguments, which it gets as copies if it is the user's."""
        with quiet():
            return oracle(*map(self.taken, arguments))

    def taken(self, x: Any) -> Any:
        """A copy for or from a risk of the user's."""
        return x if self.ours else own(x)


class Products:
    """v -> H v of a risk at theta, linearized once, and once more after it was pickled."""

    def __init__(self, asked: Watched, theta: Array, oracle: str, *arguments: Any) -> None:
        self.asked, self.theta, self.oracle, self.arguments = asked, theta, oracle, arguments
        self._product = self._linearized()

    def __call__(self, v: Array) -> Array:
        found = self.asked.given(self._product, v)
        if self.asked.ours:
            return found
        name = f"The product of v with {self.oracle}(theta) of the risk"
        return own(checks.check_answer(found, name, tuple(v.shape), v, finite=self.asked.finite))

    def _linearized(self) -> LinearMap:
        linearize = getattr(self.asked.risk, self.oracle, None)
        if linearize is None:
            return self.asked.hessian(self.theta).__matmul__
        product = self.asked.given(linearize, self.theta, *self.arguments)
        return require.function(product, f"{self.oracle}(theta)", "v -> H v")

    def __getstate__(self) -> dict[str, Any]:
        return {name: kept for name, kept in self.__dict__.items() if name != "_product"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._product = self._linearized()


OF_THE_LOSS = "The gradient of the loss"
