"""Products with X' diag(d) X, block by block: the Hessian of a linear model, never formed."""

from __future__ import annotations

from dataclasses import dataclass

from teachkit.arrays import Array, array_namespace, quiet
from teachkit.memory import blocks
from teachkit.risks.checks import check_vectors


@dataclass(frozen=True, eq=False)
class Gram:
    """v -> X' (d (X v)) + l2 v, for v (p,) or (p, k); X (n, p), d (n,), l2 (p,) or none.

    Each block of rows is used for X_b v and X_b' (...) while it is in cache.
    """

    X: Array
    d: Array
    l2: Array | None = None

    @quiet()
    def __call__(self, v: Array) -> Array:
        v = check_vectors(v, self.X.shape[1], self.X)
        as_column = (slice(None), None) if v.ndim == 2 else (slice(None),)
        Hv = array_namespace(v).zeros_like(v) if self.l2 is None else self.l2[as_column] * v
        d = self.d[as_column]
        vectors = v.shape[1] if v.ndim == 2 else 1
        for rows in blocks(self.X, vectors, 3 * vectors):
            X_b = self.X[rows, :]
            Hv += X_b.T @ (d[rows, ...] * (X_b @ v))  # in place: nothing new per block
        return Hv
