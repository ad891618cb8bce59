"""H^-1 v from Hessian-vector products alone: H is never formed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from teachkit import require
from teachkit._drive import check_limits
from teachkit.arrays import (
    Array,
    LinearMap,
    NotPositiveDefiniteError,
    array_namespace,
    device,
    quiet,
    scalar,
)
from teachkit.linear import cg
from teachkit.linear._checks import check_preconditioner, check_symmetric_map
from teachkit.places import crosses
from teachkit.risks.checks import check_theta, check_vectors
from teachkit.risks.watched import Watched

COLUMNS = 64  # of unit vectors at once, where the risk does not know its diagonal


class NotConvergedError(ValueError):
    """A column of H^-1 v was not found to the tolerance."""


@dataclass(frozen=True)
class ConjugateGradient:
    """Solve (H + damping I) x = v by conjugate gradients, one column of v after the other.

    Parameters
    ----------
    rtol : float
        Until ||v - (H + damping I) x||_2 <= rtol ||v||_2.
    preconditioner : "diagonal" or callable, optional
        r -> M^-1 r with M close to H + damping I; "diagonal" takes its diagonal, as is right for
        columns of X in very different units. The risk gives it (`hessian_diagonal`), or else p
        products with H do, once, in blocks: a random estimate costs fewer, and is lost where it
        would help, since what lies beside a small entry of the diagonal may be larger by far.

    Raises
    ------
    NotPositiveDefiniteError
        (A ValueError.) From `bind`: an entry of that diagonal is not positive.
    NotConvergedError
        (A ValueError.) From the bound callable: a column did not converge, or negative curvature
        was met.

    Notes
    -----
    Source: Koh & Liang (2017), section 3; Jacobi's preconditioner: Saad (2003), section 10.2;
    `teachkit.conjugate_gradient` has the algorithm.
    Lesson: 09_inverse_hvp
    """

    rtol: float = 1e-10
    preconditioner: LinearMap | Literal["diagonal"] | None = None

    def __post_init__(self) -> None:
        check_limits(self.rtol, 0, "rtol")
        if not isinstance(self.preconditioner, str):
            check_preconditioner(self.preconditioner)
        elif self.preconditioner != "diagonal":
            raise ValueError(
                f"preconditioner is {self.preconditioner!r}; the one known by a name is 'diagonal'."
                " Another is a callable r -> M^-1 r."
            )

    @crosses
    def bind(self, risk: Any, theta: Array, damping: float = 0.0) -> LinearMap:
        """The callable v -> (H + damping I)^-1 v at this theta, for v (p,) or (p, k)."""
        theta, damping = check_theta(theta, risk.p, risk.weights), require.damping(damping)
        asked = Watched(risk)
        H = asked.linearize(theta)
        check_symmetric_map(H, theta)
        if isinstance(self.preconditioner, str):
            M: Any = Jacobi(_diagonal(asked, theta, H) + damping)
        else:
            M = self.preconditioner
            check_preconditioner(M, theta)
        return _Columns(H, damping, self.rtol, M, theta)


@dataclass(frozen=True, eq=False)
class _Columns:
    """One column of v after the other."""

    H: LinearMap
    damping: float
    rtol: float
    preconditioner: LinearMap | None
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
        zeros = array_namespace(v).zeros_like(v)
        trace = cg.run(self._A, v, zeros, self.rtol, 10 * v.shape[0], self.preconditioner)
        if not trace.converged:
            raise NotConvergedError(
                f"Conjugate gradients, with A = H + damping I: {which}{trace.message}"
            )
        return trace.x

    def _A(self, x: Array) -> Array:
        return self.H(x) + self.damping * x if self.damping else self.H(x)


class Jacobi:
    """r -> r / d: the inverse of a positive diagonal (p,)."""

    def __init__(self, d: Array) -> None:
        xp = array_namespace(d)
        if not scalar(xp.min(d)) > 0.0:
            j = int(scalar(xp.argmin(d)))
            raise NotPositiveDefiniteError(
                f"H + damping I is not positive definite: entry {j} of its diagonal is "
                f"{scalar(d[j]):.3g}. A column of X that is 0 throughout without a penalty, or a "
                "point that is no minimum, are the usual causes. Add damping, or give the risk l2."
            )
        self.d = d

    def __call__(self, r: Array) -> Array:
        return r / self.d


def _diagonal(asked: Watched, theta: Array, H: LinearMap) -> Array:
    """The diagonal of H, (p,): known, or from products with all unit vectors, some at a time."""
    if callable(getattr(asked.risk, "hessian_diagonal", None)):
        return asked.hessian_diagonal(theta)
    xp, p = array_namespace(theta), theta.shape[0]
    entries = []
    for start in range(0, p, COLUMNS):
        k = min(COLUMNS, p - start)
        # The rows start, ..., start + k - 1 of e hold an identity: H_jj = e_j' H e_j.
        e = xp.eye(p, k, k=-start, dtype=theta.dtype, device=device(theta))
        entries.append(xp.sum(e * H(e), axis=0))
    return xp.concat(entries)
