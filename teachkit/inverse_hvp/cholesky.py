"""H^-1 v with the Hessian formed and factored once: exact, and the fastest up to p of 1000."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from teachkit.arrays import Array, LinearMap
from teachkit.linear.cholesky import CholeskyFactor
from teachkit.risks.checks import check_answer, check_vectors


@dataclass(frozen=True)
class Cholesky:
    """Solve (H + damping I) x = v by a Cholesky factorisation of the (p, p) Hessian.

    The only method that computes eigenvalues: an H that is not positive definite is refused with
    its smallest eigenvalue and a damping to try.

    Lesson: 09_inverse_hvp
    """

    def bind(self, risk: Any, theta: Array, damping: float = 0.0) -> LinearMap:
        """The callable v -> (H + damping I)^-1 v at this theta, for v (p,) or (p, k)."""
        H = check_answer(risk.hessian(theta), "The Hessian of the risk", (risk.p, risk.p), theta)
        factor = CholeskyFactor(H, damping=damping, name="H")
        return lambda v: factor.solve(check_vectors(v, risk.p, factor.L))
