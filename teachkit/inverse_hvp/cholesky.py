"""H^-1 v with the Hessian formed and factored once: exact, and the fastest up to p of 1000."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from teachkit.arrays import Array, LinearMap, quiet
from teachkit.inverse_hvp._definite import Factor, definite
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
        found = definite(Watched(risk), theta, damping)
        return _Factored(found if isinstance(found, Factor) else Factor(found.L))


@dataclass(frozen=True, eq=False)
class _Factored:
    """v -> H^-1 v; it knows no risk, and can be sent to where the data are."""

    moves: ClassVar[bool] = True
    factor: Factor

    @property
    def of_root(self) -> bool:
        """Whether the factor has digits that H itself has not."""
        return self.factor.of_root

    @quiet()
    def __call__(self, v: Array) -> Array:
        L = self.factor.L
        return self.factor.solve(check_vectors(v, L.shape[0], L[:, 0]))

    @quiet()
    def quadratic(self, V: Array) -> Array:
        """v' H^-1 v for each column of V (p, k), (k,)."""
        return self.factor.quadratic(V)
