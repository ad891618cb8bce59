"""G (n, p), whose rows are the gradients g_i of all examples: in memory, or never formed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from teachkit.arrays import Array, array_namespace, locked
from teachkit.boundary import ours
from teachkit.memory import fits, in_tiles
from teachkit.risks._all_shards import rows_asked_for
from teachkit.risks._questions import numbers


class GradientMatrix:
    """The gradients of a risk in shards as a matrix G (n, p): its rows and products, never all.

    ``G @ S`` is (n, m) for S (p, m), ``G.T @ U`` (p, k) for U (n, k); ``G[i, :]`` and ``G[a:b, :]``
    are rows. Each asks every shard that has a part in it once, and what it gives is all that is
    held.

    Attributes
    ----------
    shape : tuple
        (n, p).
    """

    def __init__(self, risk: Any, theta: Array) -> None:
        self._risk, self._theta = risk, theta
        self.shape = (risk.n, risk.p)

    def __matmul__(self, S: Array) -> Array:
        return self._risk.example_products(self._theta, S)

    @property
    def T(self) -> _Transposed:
        """G', to be multiplied with U (n,) or (n, k)."""
        return _Transposed(self)

    def __getitem__(self, at: tuple[Any, slice]) -> Array:
        i, chosen = rows_asked_for(at, "gradients", self.shape[0])
        found = self.rows(chosen)
        return found if isinstance(i, slice) else found[0, :]

    def rows(self, indices: Sequence[int]) -> Array:
        """g_i of these examples, (k, p)."""
        return self._risk.gradients_of(self._theta, indices)

    def numbers(self, number: Callable[..., Array], *arguments: Any) -> Array:
        """What number(rows of G, ...) says of each of them, (n,), where the shards are."""
        return self._risk.example_numbers(self._theta, number, *arguments)


class _Transposed:
    def __init__(self, G: GradientMatrix) -> None:
        self.G = G

    def __matmul__(self, U: Array) -> Array:
        return self.G._risk.example_sums(self.G._theta, U)


def example_gradients(asked: Any, theta: Array) -> Any:
    """G of a risk (watched or not): an array that is locked, or a `GradientMatrix`."""
    of = getattr(getattr(asked, "risk", asked), "gradient_matrix", None)
    return locked(asked.example_gradients(theta)) if of is None else of(theta)


def combined(U: Array, G: Any) -> Array:
    """U G: sum_i U_i g_i, (p,) for U (n,), or (k, p) for U (k, n)."""
    if isinstance(G, GradientMatrix):
        return G.T @ U if U.ndim == 1 else (G.T @ U.T).T
    return U @ G


def scores(s: Array, G: Any) -> Array:
    """S G': s_j' g_i, (m, n) for s (m, p)."""
    return (G @ s.T).T if isinstance(G, GradientMatrix) else s @ G.T


def rows_of(G: Any, indices: Sequence[int], as_array: Callable[..., Array]) -> Array:
    """g_i of these examples, (k, p)."""
    if isinstance(G, GradientMatrix):
        return G.rows(indices)
    return array_namespace(G).take(G, as_array(indices), axis=0)


def row_norms(G: Any) -> Array:
    """||g_i||_2, (n,)."""
    if isinstance(G, GradientMatrix):
        return G.numbers(_norms)
    return in_tiles(lambda rows: _norms(G[rows, :]), G.shape[0], (), 2 * G.shape[1], G)


def gradient_norms(asked: Any, theta: Array) -> Array:
    """||g_i||_2 of a risk, (n,); of ours with some g_i at a time, where all are too many."""
    risk = getattr(asked, "risk", asked)
    in_parts = ours(type(risk)) and not hasattr(risk, "gradient_matrix")
    if not in_parts or fits(risk.n, 3 * risk.p, theta):
        return row_norms(example_gradients(asked, theta))
    return numbers(getattr(risk, "linear", risk), theta, _norms)


def _norms(rows: Array) -> Array:
    return array_namespace(rows).linalg.vector_norm(rows, axis=1)
