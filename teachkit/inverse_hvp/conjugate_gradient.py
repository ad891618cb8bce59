"""H^-1 v from Hessian-vector products alone: H is never formed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from teachkit import require
from teachkit._drive import check_limits
from teachkit.arrays import Array, LinearMap, array_namespace, quiet
from teachkit.linear import cg
from teachkit.linear._checks import check_preconditioner, check_symmetric_map
from teachkit.risks.checks import check_theta, check_vectors
from teachkit.risks.watched import Watched


class NotConvergedError(ValueError):
    """A column of H^-1 v was not found to the tolerance."""


@dataclass(frozen=True)
class ConjugateGradient:
    """Solve (H + damping I) x = v by conjugate gradients, one column of v after the other.

    Parameters
    ----------
    rtol : float
        Until ||v - (H + damping I) x||_2 <= rtol ||v||_2.
    preconditioner : callable, optional
        r -> M^-1 r with M close to H + damping I; ``lambda r: r / diagonal``, say.

    Raises
    ------
    NotConvergedError
        (A ValueError.) From the bound callable: a column did not converge, or negative curvature
        was met.

    Notes
    -----
    Source: Koh & Liang (2017), section 3; `teachkit.conjugate_gradient` has the algorithm.
    Lesson: 09_inverse_hvp
    """

    rtol: float = 1e-10
    preconditioner: LinearMap | None = None

    def __post_init__(self) -> None:
        check_limits(self.rtol, 0, "rtol")
        check_preconditioner(self.preconditioner)

    def bind(self, risk: Any, theta: Array, damping: float = 0.0) -> LinearMap:
        """The callable v -> (H + damping I)^-1 v at this theta, for v (p,) or (p, k)."""
        theta, damping = check_theta(theta, risk.p, risk.weights), require.damping(damping)
        H = Watched(risk).linearize(theta)
        check_symmetric_map(H, theta)
        check_preconditioner(self.preconditioner, theta)
        return _Columns(H, damping, self, theta)


@dataclass(frozen=True, eq=False)
class _Columns:
    """One column of v after the other."""

    H: LinearMap
    damping: float
    method: ConjugateGradient
    like: Array  # (p,)

    @quiet()
    def __call__(self, v: Array) -> Array:
        v = check_vectors(v, self.like.shape[0], self.like)
        xp = array_namespace(v)
        if v.ndim == 1:
            return self._column(v, "")
        columns = [self._column(v[:, j], f"column {j} of v: ") for j in range(v.shape[1])]
        return xp.stack(columns, axis=1) if columns else xp.zeros_like(v)

    def _column(self, v: Array, which: str) -> Array:
        zeros, method = array_namespace(v).zeros_like(v), self.method
        trace = cg.run(self._A, v, zeros, method.rtol, 10 * v.shape[0], method.preconditioner)
        if not trace.converged:
            raise NotConvergedError(
                f"Conjugate gradients, with A = H + damping I: {which}{trace.message}"
            )
        return trace.x

    def _A(self, x: Array) -> Array:
        return self.H(x) + self.damping * x if self.damping else self.H(x)
