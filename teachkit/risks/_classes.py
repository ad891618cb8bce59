"""The loss of several scores at once: -log of the probability of the own class, by softmax.

The classes are axis 1 everywhere; further axes, such as many vectors at once, go along. Tiny
probabilities keep their digits: what is 1 minus a sum of them is never computed that way.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from teachkit.arrays import Array, array_namespace, device, fused, quiet, scalar
from teachkit.memory import blocks
from teachkit.risks._penalty import Penalty
from teachkit.risks.checks import check_vectors


def own_class(y: Array, classes: int) -> Array:
    """Whether a class is the example's own, (m, K) for labels (m,)."""
    xp = array_namespace(y)
    return xp.arange(classes, dtype=y.dtype, device=device(y))[None, :] == y[:, None]


def losses(S: Array, own: Array) -> Array:
    """-log P of the own class, log sum_k e^(S_k - S_own), (m,) for scores S (m, K)."""
    xp = array_namespace(S)
    D = S - _picked(S, own)
    top = xp.max(D, axis=1)
    others = xp.where(own, xp.zeros_like(D), xp.exp(D - top[:, None]))
    return top + xp.log1p(xp.sum(others, axis=1) + xp.expm1(-top))


@dataclass(frozen=True, eq=False)
class Softmax:
    """P_k = e^S_k / sum_l e^S_l for scores S (m, K, ...), and what follows from them."""

    S: Array
    P: Array
    top: Array  # the class of the largest score: the others are measured from there

    @classmethod
    def of(cls, S: Array) -> Softmax:
        """The probabilities of these scores, for scores of any size."""
        xp, K = array_namespace(S), S.shape[1]
        E = xp.exp(S - xp.max(S, axis=1, keepdims=True))
        first = xp.argmax(S, axis=1, keepdims=True)
        number = xp.arange(K, dtype=first.dtype, device=device(S))
        top = xp.reshape(number, (1, K) + (1,) * (S.ndim - 2)) == first
        return cls(S, E / xp.sum(E, axis=1, keepdims=True), top)

    def rows(self, b: slice) -> Softmax:
        """These of the examples, with an axis for several vectors."""
        return Softmax(*(v[b, :][:, :, None] for v in (self.S, self.P, self.top)))

    def slopes(self, own: Array) -> Array:
        """The gradient of the loss in the scores, P - 1 for the own class and P for others."""
        xp = array_namespace(self.P)
        others = xp.where(own, xp.zeros_like(self.P), self.P)
        return xp.where(own, -xp.sum(others, axis=1, keepdims=True), others)

    def curved(self, A: Array) -> Array:
        """(diag(P) - P P') A for each example, A (m, K, ...): the curvature of the loss, times A.

        It does not see a shift of all scores together.
        """
        xp = array_namespace(A)
        A = A - _picked(A, self.top)
        return self.P * (A - xp.sum(self.P * A, axis=1, keepdims=True))

    def curvature(self, j: int, k: int) -> Array:
        """The entry j, k of diag(P) - P P', (m,)."""
        if j != k:
            return -self.P[:, j] * self.P[:, k]
        others = [self.P[:, i] for i in range(self.P.shape[1]) if i != k]
        return self.P[:, k] * sum(others[1:], others[0])

    def root(self) -> Array:
        """B_i with B_i B_i' = diag(P_i) - P_i P_i', as (m, K, K): B_lk = sqrt(P_k) (1_lk - P_l)."""
        xp, K = array_namespace(self.P), self.P.shape[1]
        one = xp.eye(K, dtype=self.P.dtype, device=device(self.P)) > 0.0
        other = xp.where(one[None, :, :], xp.zeros_like(self.P[:, None, :]), self.P[:, None, :])
        rest = xp.sum(other, axis=2)[:, :, None]  # 1 - P_l, without losing digits
        return xp.sqrt(self.P)[:, None, :] * xp.where(one[None, :, :], rest, -self.P[:, :, None])

    def change(self, a: Array) -> Array:
        """P(S + a) - P(S) to full relative accuracy however small a is, (m, K, ...).

        With the largest P as origin, a = 0 there, nothing cancels in::

            P_k (E_k - z) / (1 + z),        E_k = e^a_k - 1,        z = sum_k P_k E_k
        """
        xp = array_namespace(a)
        a = a - _picked(a, self.top)
        overflows = 0.9 * math.log(float(xp.finfo(a.dtype).max))
        E = _growth(xp, a, overflows)
        z = xp.sum(self.P * E, axis=1, keepdims=True)
        change = _change(xp, self.P, E, z)
        far = a > overflows
        if not scalar(xp.any(far)):
            return change
        there = Softmax.of(self.S + a).P - self.P
        return xp.where(xp.any(far, axis=1, keepdims=True), there, change)


@fused
def _growth(xp: Any, a: Array, overflows: float) -> Array:
    """e^a - 1, and 0 where it overflows."""
    return xp.expm1(xp.where(a > overflows, 0.0 * a, a))


@fused
def _change(xp: Any, P: Array, E: Array, z: Array) -> Array:
    return P * (E - z) / (1.0 + z)


def _picked(A: Array, one: Array) -> Array:
    """Of each example's classes that which the mask picks, (m, 1, ...)."""
    xp = array_namespace(A)
    return xp.sum(xp.where(one, A, xp.zeros_like(A)), axis=1, keepdims=True)


@dataclass(frozen=True, eq=False)
class Curvature:
    """v -> sum_i c_i x_i (diag(P_i) - P_i P_i') (x_i' V) for v (p,) or (p, k), and a penalty's.

    X (m, d), P (m, K), c (m,). Each block of rows is used for X_b V and X_b' (...) in the cache.
    """

    X: Array
    softmax: Softmax
    c: Array
    penalty: Penalty | None = None

    @quiet()
    def __call__(self, v: Array) -> Array:
        d, K = self.X.shape[1], self.softmax.P.shape[1]
        v = check_vectors(v, d * K, self.X)
        xp, columns = array_namespace(v), v.shape[1] if v.ndim == 2 else 1
        V = xp.reshape(v, (d, K * columns))
        Hv = xp.zeros_like(V)
        for b in blocks(self.X, K * columns, 5 * K * columns):
            X_b = self.X[b, :]
            A = xp.reshape(X_b @ V, (X_b.shape[0], K, columns))
            curved = self.c[b][:, None, None] * self.softmax.rows(b).curved(A)
            Hv += X_b.T @ xp.reshape(curved, (X_b.shape[0], K * columns))
        Hv = xp.reshape(Hv, v.shape)
        return Hv if self.penalty is None else Hv + self.penalty(v)
