"""The penalty of a model with a score for each class, and the direction that only it sees."""

from __future__ import annotations

from dataclasses import dataclass, replace

from teachkit.arrays import Array, array_namespace, scalar


@dataclass(frozen=True, eq=False)
class Penalty:
    """v -> l2 v for v (p,) or (p, k); W has a row for each feature and a column for each class.

    With `tie` (d,), also 1/2 sum_j tie_j (sum_k W_jk)^2 is penalised.
    """

    l2: Array  # (p,)
    classes: int
    tie: Array | None = None

    def __call__(self, v: Array) -> Array:
        Dv = self.l2 * v if v.ndim == 1 else self.l2[:, None] * v
        if self.tie is None:
            return Dv
        xp, d = array_namespace(v), self.tie.shape[0]
        V = xp.reshape(v, (d, self.classes, v.shape[1] if v.ndim == 2 else 1))
        shift = self.tie[:, None, None] * xp.sum(V, axis=1, keepdims=True)
        return Dv + xp.reshape(shift + xp.zeros_like(V), v.shape)

    @property
    def diagonal(self) -> Array:
        """The second derivatives in each parameter, (p,)."""
        if self.tie is None:
            return self.l2
        xp = array_namespace(self.l2)
        l2 = xp.reshape(self.l2, (-1, self.classes))
        return xp.reshape(l2 + self.tie[:, None], (-1,))

    def centred(self, X: Array, weights: Array) -> Penalty:
        """With the rows of W that have no penalty tied to the sum 0, as strongly as data would."""
        squares = weights @ X**2 / (X.shape[0] * self.classes**2)
        return replace(self, tie=array_namespace(X).where(self._free, squares, 0.0 * squares))

    @property
    def why_singular(self) -> str:
        """Why H is singular whatever the data, or nothing."""
        xp = array_namespace(self.l2)
        free = int(scalar(xp.sum(xp.astype(self._free, self.l2.dtype))))
        if self.tie is not None or not free:
            return ""
        return (
            "The same number added to the weights of all classes changes no probability, and "
            f"{free} of the {self._free.shape[0]} rows of W have no penalty that would choose "
            "among such weights. Give the risk l2 > 0, or take risk.centred(), where these rows "
            "sum to 0."
        )

    @property
    def _free(self) -> Array:
        """Which rows of W have no penalty at all, (d,)."""
        xp = array_namespace(self.l2)
        return xp.all(xp.reshape(self.l2, (-1, self.classes)) == 0.0, axis=1)
