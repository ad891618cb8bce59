"""All leave-one-out retrainings of a softmax risk at once: one factorisation, tiles of points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from teachkit.arrays import BLOCK_ROWS, Array, device, is_gpu, row_blocks
from teachkit.retraining.joint import retrains
from teachkit.retraining.together import SCORES, Together
from teachkit.risks._classes import Softmax, own_class
from teachkit.risks.softmax import SoftmaxRisk

COLUMNS = 512  # of scores, a point has K: 100 rows of them are 400 KB and stay in cache


@retrains(SoftmaxRisk)
class SoftmaxLeaveOneOut(Together):
    """Delta_i = theta_{-i} - theta of a softmax risk, for many points i at once.

    With the scores S = X W and P(S_j) the probabilities of the classes for example j, Delta solves
    grad R_{-i}(theta + Delta) = 0, that is G(Delta) = 0 for::

        G(Delta) = grad R(theta) - (w_i/n) x_i (P(S_i) - Y_i)' + l2 Delta
                   + (1/n) sum_{j != i} w_j x_j [P(S_j + x_j' Delta) - P(S_j)]'

    The bracket is computed without cancellation, so that a point of tiny gradient keeps its
    digits. The curvature that leaves has rank K - 1: it is Q Q' with Q = x_i B, p rows and K
    columns, B B' = (w_i/n) (diag(P) - P P') and B_lm = sqrt(w_i P_m / n) (1_lm - P_l). With
    U = H^-1 Q the step is (Woodbury 1950)::

        (H - Q Q')^-1 G = H^-1 G + U (I - Q' U)^-1 U' G

    Notes
    -----
    Source: Woodbury (1950); Dennis & Schnabel (1983).
    Lesson: 10_agreement_with_truth
    """

    def __init__(self, risk: Any, theta: Array, tol: float) -> None:
        super().__init__(risk, theta, tol)
        xp = self.xp
        (_, self.d), self.K = risk.X.shape, risk.classes
        self.penalty = risk.penalty
        self.softmax = Softmax.of(risk.X @ xp.reshape(theta, (self.d, self.K)))
        self.B = xp.sqrt(self.weight)[:, None, None] * self.softmax.root()
        self.slope = self.weight[:, None] * self.softmax.slopes(own_class(risk.y, self.K))

    def width(self) -> int:
        if is_gpu(self.X):
            return SCORES // (self.K * (self.n + self.p))
        return COLUMNS // self.K

    def numbers(self) -> int:
        of_scores = self.n if is_gpu(self.X) else BLOCK_ROWS
        return 4 * self.p * self.K + 12 * self.p + 6 * self.K * of_scores  # U, and what makes it

    def columns(self, indices: Sequence[int]) -> _Columns:
        xp, K, k = self.xp, self.K, len(indices)
        i = xp.asarray(list(indices), device=device(self.X))
        x, slope = (xp.take(v, i, axis=0).T for v in (self.X, self.slope))
        B = xp.permute_dims(xp.take(self.B, i, axis=0), (1, 2, 0))
        Q = x[:, None, None, :] * B
        U = xp.reshape(self.H.solve(xp.reshape(Q, (self.p, K * k))), (self.d, K, K, k))
        # Q'U, a (K, K) block for each point, axes (m, m', k); it is symmetric
        QU = xp.sum(
            B[:, :, None, :] * xp.sum(x[:, None, None, :] * U, axis=0)[:, None, :, :], axis=0
        )
        eye = xp.eye(K, dtype=x.dtype, device=device(x))
        left, V = xp.linalg.eigh(eye - xp.permute_dims(QU, (2, 0, 1)))
        safe = xp.where(left > 0.0, left, xp.ones_like(left))
        inverse = (V / safe[:, None, :]) @ xp.permute_dims(V, (0, 2, 1))
        norms = xp.linalg.vector_norm(x, axis=0) * xp.linalg.vector_norm(slope, axis=0)
        return _Columns(
            i=i,
            x=x,
            slope=slope,
            U=xp.reshape(U, (self.p, K, k)),
            inverse=xp.permute_dims(inverse, (1, 2, 0)),
            left=left[:, 0],
            share=norms,
            D=xp.zeros((self.p, k), dtype=x.dtype, device=device(x)),
            G=self.gradient[:, None] - self._outer(x, slope),
        )

    def step(self, c: _Columns) -> Array:
        xp = self.xp
        UG = xp.sum(c.U * c.G[:, None, :], axis=0)
        own = xp.sum(c.inverse * UG[None, :, :], axis=1)
        return c.D - self.H.solve(c.G) - xp.sum(c.U * own, axis=1)

    def G(self, c: _Columns) -> Array:
        xp, k = self.xp, c.D.shape[1]
        G = self.gradient[:, None] - self._outer(c.x, c.slope) + self.penalty(c.D)
        for b, moved in self._moved(c):
            change = xp.reshape(self.softmax.rows(b).change(moved), (-1, self.K * k))
            G += xp.reshape(self.pull(b, change), (self.p, k))
        return G

    def curvatures(self, c: _Columns) -> tuple[Array, Array]:
        xp = self.xp
        penalty = xp.sum(c.D * self.penalty(c.D), axis=0)
        before, now = penalty, penalty
        for b, a in self._moved(c):
            here = self.softmax.rows(b)
            there = Softmax.of(here.S + a)
            before = before + self.weight[b] @ xp.sum(a * here.curved(a), axis=1)
            now = now + self.weight[b] @ xp.sum(a * there.curved(a), axis=1)
        return before, now

    def _moved(self, c: _Columns) -> Iterator[tuple[slice, Array]]:
        """Blocks of rows, and how far the scores of others than the column's own move."""
        xp, k = self.xp, c.D.shape[1]
        D = xp.reshape(c.D, (self.d, self.K * k))
        for b in row_blocks(self.X, vectors=self.K * k):
            yield b, self.of_others(xp.reshape(self.X[b, :] @ D, (-1, self.K, k)), c, b)

    def _outer(self, x: Array, slope: Array) -> Array:
        """x slope' for each point, in the order of theta, (p, k)."""
        return self.xp.reshape(x[:, None, :] * slope[None, :, :], (self.p, x.shape[1]))


class _Columns(NamedTuple):
    """What belongs to k left-out points, one column each: the last axis is theirs."""

    i: Array  # (k,), which point
    x: Array  # (d, k)
    slope: Array  # (K, k), (w / n) (P - Y)
    U: Array  # (p, K, k), H^-1 Q
    inverse: Array  # (K, K, k), (I - Q'U)^-1
    left: Array  # (k,), the smallest eigenvalue of I - Q'U
    share: Array  # (k,), (w / n) ||P - Y|| ||x||
    D: Array  # (p, k), theta_{-i} - theta so far
    G: Array  # (p, k), G(D)
