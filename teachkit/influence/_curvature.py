"""H at theta and what is solved with it: vectors, many rows at once, and the H of another risk."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from teachkit.arrays import Array, LinearMap, NotPositiveDefiniteError, array_namespace, device
from teachkit.inverse_hvp import NotConvergedError, bind
from teachkit.linear import conjugate_gradient
from teachkit.memory import in_tiles
from teachkit.risks._questions import Matrix
from teachkit.risks.watched import Watched


class Curvature:
    """H = grad^2 R(theta), with damping I added, and a method that computes H^-1 v."""

    def __init__(self, risk: Watched, theta: Array, method: Any, damping: float) -> None:
        self.risk, self.theta, self.method, self.damping = risk, theta, method, damping
        self.solve = bind(method, risk.risk, theta, damping)

    @property
    def by_callable(self) -> bool:
        """Whether H^-1 v is a function of the user's, which may be any approximation."""
        return not isinstance(self.method, str) and not hasattr(self.method, "bind")

    @property
    def known(self) -> bool:
        """Whether `solve` gives H^-1 v itself, and neither noise nor what a user takes for it."""
        return not (self.by_callable or getattr(self.solve, "approximate", False))

    def solve_rows(self, V: Array, of: int = 0) -> Array:
        """H^-1 applied to each row of V (k, p); more than p rows share the p columns of H^-1.

        `of` says of how many rows these are some.
        """
        k, p = V.shape
        if max(k, of) > p and not self.beyond_H:
            return V @ self.inverse.T
        return in_tiles(lambda rows: self.solve(V[rows, :].T).T, k, (p,), 3 * p, V)

    @cached_property
    def inverse(self) -> Array:
        """H^-1, (p, p), for products with more than p vectors."""
        return self.solve(self._eye)

    @property
    def to_send(self) -> LinearMap:
        """V -> H^-1 V that knows of no risk: H^-1, (p, p), or the factor that has more digits."""
        return self.solve if self.beyond_H else Matrix(self.inverse)

    @property
    def to_the_last_digits(self) -> LinearMap:
        """V -> H^-1 V for the n columns of X', of which h_i = w_i c_i x_i' H^-1 x_i / n are made.

        One point far out spoils the condition of H, and with it just the h that is nearest to 1. So
        where no factor is asked the residual is solved for once more; of more than p columns with
        H and H^-1 themselves, which p products and p solves form.
        """
        if self.beyond_H or (self.risk.ours and hasattr(self.solve, "quadratic")):
            return self.solve
        if self.risk.n > self.risk.p:
            return Refined(self.inverse, self._matrix)
        return lambda V: _once_more(self.solve, self.product, V)

    def product(self, v: Array) -> Array:
        """(H + damping I) v for v (p,) or (p, k), from the products of the risk."""
        return self._linearized(v) + self.damping * v

    def solve_on(self, changed: Any, v: Array, where: str) -> Array:
        """H'^-1 v with the H' of a changed risk, by the method that solves with H.

        `where` begins the sentence that says that too little curvature is left there.
        """
        try:
            if not self.by_callable:
                return bind(self.method, changed, self.theta, self.damping)(v)
        except (NotPositiveDefiniteError, NotConvergedError) as error:
            raise ValueError(_too_flat(where, str(error))) from None
        # A callable knows H^-1 alone; as preconditioner it leaves a few directions to find.
        of_changed = Watched(changed).linearize(self.theta)
        trace = conjugate_gradient(of_changed, v, rtol=1e-10, preconditioner=self.solve)
        if not trace.converged:
            raise ValueError(_too_flat(where, trace.message))
        return trace.x

    @property
    def beyond_H(self) -> bool:
        """Whether solving has more digits than H, so that neither H nor H^-1 may stand for it."""
        return getattr(self.solve, "of_root", False)

    @cached_property
    def _linearized(self) -> LinearMap:
        # A method may solve with another matrix than H, and then that one is multiplied with.
        seen = self.method.sees(self.risk.risk) if hasattr(self.method, "sees") else None
        return (self.risk if seen is None else Watched(seen)).linearize(self.theta)

    @cached_property
    def _matrix(self) -> Array:
        return self.product(self._eye)

    @property
    def _eye(self) -> Array:
        theta = self.theta
        return array_namespace(theta).eye(self.risk.p, dtype=theta.dtype, device=device(theta))


@dataclass(frozen=True, eq=False)
class Refined:
    """V -> A V for A = H^-1, with the residual of H multiplied by A once more."""

    moves: ClassVar[bool] = True
    A: Array
    H: Array

    def __call__(self, V: Array) -> Array:
        return _once_more(self.A.__matmul__, self.H.__matmul__, V)

    def quadratic(self, V: Array) -> Array:
        """v' A v for each column of V (p, k), (k,)."""
        return array_namespace(V).sum(V * self(V), axis=0)


def _once_more(solve: LinearMap, product: LinearMap, V: Array) -> Array:
    U = solve(V)
    return U + solve(V - product(U))


def _too_flat(where: str, reason: str) -> str:
    return (
        f"{where} too little curvature is left: {reason} A parameter that the examples which left "
        "alone determine is the usual cause. leverage=False always has an answer (not a good one "
        "here); l2 > 0 makes the minimum unique."
    )
