"""H^-1 v with the Hessian formed and factored once: exact, and the fastest up to p of 1000."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from teachkit.arrays import Array, LinearMap, quiet
from teachkit.inverse_hvp._definite import Factor, definite
from teachkit.linear import CholeskyFactor
from teachkit.places import crosses
from teachkit.risks.checks import check_vectors
from teachkit.risks.watched import Watched


@dataclass(frozen=True)
class Cholesky:
    """Solve (H + damping I) x = v by a Cholesky factorisation of the (p, p) Hessian.

    The only method that computes eigenvalues: an H that is not positive definite is refused with
    its smallest eigenvalue and a damping to try.

    Lesson: 09_inverse_hvp
    """

    @crosses
    def bind(self, risk: Any, theta: Array, damping: float = 0.0) -> LinearMap:
        """The callable v -> (H + damping I)^-1 v at this theta, for v (p,) or (p, k)."""
        return _Factored(definite(Watched(risk), theta, damping), theta)


@dataclass(frozen=True, eq=False)
class _Factored:
    factor: Factor | CholeskyFactor
    like: Array  # (p,)

    @property
    def of_root(self) -> bool:
        """Whether the factor has digits that H itself has not."""
        return getattr(self.factor, "of_root", False)

    @quiet()
    def __call__(self, v: Array) -> Array:
        return self.factor.solve(check_vectors(v, self.like.shape[0], self.like))
