"""A factor of H + damping I that the units of the parameters, or their origin, do not spoil.

A column such as a date lies far from 0 beside its spread, and the smallest eigenvalue of H below
the rounding of the largest, though its minimum is as well determined as any.
"""

from __future__ import annotations

from dataclasses import dataclass

from teachkit import arrays
from teachkit.arrays import Array, NotPositiveDefiniteError, array_namespace, device, scalar
from teachkit.linear import CholeskyFactor
from teachkit.risks.watched import Watched

MARGIN = 16.0
"""Times p eps: by so much an eigenvalue has to be more than rounding, where units are taken off."""


@dataclass(frozen=True, eq=False)
class Factor:
    """H + damping I = S^-1 L L' S^-1, with S = diag(s), or the identity without s.

    `of_root`: found without H, which in floating-point numbers has fewer digits than its factor.
    """

    L: Array
    s: Array | None = None
    of_root: bool = False

    def solve(self, b: Array) -> Array:
        """(H + damping I)^-1 b, for b (p,) or (p, k)."""
        return self._scaled(arrays.cho_solve(self.L, self._scaled(b)))

    def quadratic(self, B: Array) -> Array:
        """b' (H + damping I)^-1 b for each column of B (p, k): the squared length of L^-1 S b.

        Half of a solve, and with half of its loss of digits.
        """
        xp = array_namespace(B)
        squares = xp.empty_like(B[0, :])
        for k in arrays.row_blocks(B.T):
            Z = arrays.solve_triangular(self.L, self._scaled(B[:, k]))
            squares[k] = xp.sum(Z * Z, axis=0)
        return squares

    def _scaled(self, b: Array) -> Array:
        if self.s is None:
            return b
        return (self.s if b.ndim == 1 else self.s[:, None]) * b


def definite(
    asked: Watched, theta: Array, damping: float = 0.0, *, H: Array | None = None
) -> Factor | CholeskyFactor:
    """The factor of H(theta) + damping I, of the first of these that is positive definite:

    1. H itself;
    2. S A' A S with s_j = 1 / sqrt(H_jj), which takes the units off (van der Sluis 1969), where the
       risk gives an A with A' A = H: A = Q R, and R' is the factor, found without the product that
       squares the condition;
    3. S H S.

    Raises NotPositiveDefiniteError, in the words for H itself, if none is; and where the risk says
    that H is singular, whatever the data.

    Lesson: 09_inverse_hvp
    """
    H = asked.hessian(theta) if H is None else H
    if asked.why_singular and not damping:  # rounding may hide it from eigenvalues
        enough = 1e-6 * scalar(array_namespace(H).max(array_namespace(H).linalg.diagonal(H)))
        raise NotPositiveDefiniteError(
            f"H is not positive definite: its smallest eigenvalue is 0. {asked.why_singular} Or "
            f"try damping={enough:.0e}."
        )
    try:
        return CholeskyFactor(H, damping=damping, name="H")
    except NotPositiveDefiniteError as refused:
        xp = array_namespace(H)
        d = xp.linalg.diagonal(H) + damping
        if not scalar(xp.all(d > 0.0)):
            raise
        s = 1.0 / xp.sqrt(d)
        found = _by_root(asked.hessian_root(theta), s, damping) or _scaled(H, s, damping)
        if found is None:
            raise refused from None
        return found


def _scaled(H: Array, s: Array, damping: float) -> Factor | None:
    xp, scaled = array_namespace(H), s[:, None] * (H + damping * _eye(H)) * s[None, :]
    eigenvalues = xp.linalg.eigvalsh(scaled)
    if scalar(eigenvalues[0]) <= MARGIN * H.shape[0] * _eps(H) * scalar(eigenvalues[-1]):
        return None
    return Factor(arrays.cholesky(scaled), s)


def _by_root(A: Array | None, s: Array, damping: float) -> Factor | None:
    if A is None:
        return None
    xp = array_namespace(A)
    A = xp.concat([A, damping**0.5 * _eye(A)], axis=0) if damping else A
    R = xp.linalg.qr(A * s[None, :], mode="reduced")[1]
    values = xp.linalg.svdvals(R)
    if scalar(values[-1]) <= _eps(A) ** (2 / 3) * scalar(values[0]):
        return None
    return Factor(R.T, s, of_root=True)


def _eye(like: Array) -> Array:
    p = like.shape[-1]
    return array_namespace(like).eye(p, dtype=like.dtype, device=device(like))


def _eps(x: Array) -> float:
    return float(array_namespace(x).finfo(x.dtype).eps)
