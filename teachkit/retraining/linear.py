"""All leave-one-out retrainings of a linear risk at once: one factorisation, a column a point."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from teachkit.arrays import BLOCK_ROWS, Array, device, fused, is_gpu, row_blocks
from teachkit.retraining.joint import retrains
from teachkit.retraining.together import SCORES, Together
from teachkit.risks._loss import Elementwise
from teachkit.risks.linear import LinearRisk

COLUMNS = 512  # with blocks of 100 rows, what is computed at once is 400 KB and stays in cache


@retrains(LinearRisk)
class LinearLeaveOneOut(Together):
    """Delta_i = theta_{-i} - theta of a linear risk, for many points i at once.

    With s = X theta, phi' the slope and phi'' the curvature of the loss as a function of the
    score, Delta = Delta_i solves grad R_{-i}(theta + Delta) = 0, that is G(Delta) = 0 for::

        G(Delta) = grad R(theta) - (w_i/n) phi'(s_i) x_i + l2 Delta
                   + (1/n) sum_{j != i} w_j [phi'(s_j + x_j . Delta) - phi'(s_j)] x_j

    The bracket is computed without cancellation, so that a point of tiny gradient keeps its
    digits. The curvature that leaves is a_i x_i x_i', a_i = w_i phi''(s_i) / n, and with
    P = H^-1 G and u = H^-1 x the step is (Sherman & Morrison 1950)::

        (H - a x x')^-1 G = P + u a (x . P) / (1 - a x . u)

    Notes
    -----
    Source: Sherman & Morrison (1950); Dennis & Schnabel (1983).
    Lesson: 10_agreement_with_truth
    """

    def __init__(self, risk: Any, theta: Array, tol: float) -> None:
        super().__init__(risk, theta, tol)
        self.y, self.l2, self.loss = risk.y, risk.l2, Elementwise(risk.loss)
        self.s = risk.X @ theta
        self.slope = self.weight * self.loss.slope(self.s, risk.y)
        self.a = self.weight * self.loss.curvature(self.s, risk.y)

    def width(self) -> int:
        return SCORES // self.n if is_gpu(self.X) else COLUMNS

    def numbers(self) -> int:
        return 12 * self.p + 6 * (self.n if is_gpu(self.X) else BLOCK_ROWS)

    def columns(self, indices: Sequence[int]) -> _Columns:
        xp = self.xp
        i = xp.asarray(list(indices), device=device(self.X))
        x = xp.take(self.X, i, axis=0).T
        u = self.H.solve(x)
        a, slope = xp.take(self.a, i), xp.take(self.slope, i)
        return _Columns(
            i=i,
            x=x,
            u=u,
            a=a,
            left=1.0 - a * xp.sum(x * u, axis=0),
            slope=slope,
            share=xp.abs(slope) * xp.linalg.vector_norm(x, axis=0),
            D=xp.zeros_like(x),
            G=self.gradient[:, None] - slope * x,
        )

    def step(self, c: _Columns) -> Array:
        P = self.H.solve(c.G)
        along = self.xp.sum(c.x * P, axis=0)
        return _stepped(self.xp, c.D, P, c.u, c.a, along, c.left)

    def G(self, c: _Columns) -> Array:
        pull = self.xp.zeros_like(c.D)
        for b in row_blocks(self.X, vectors=c.D.shape[1]):
            moved = self.of_others(self.X[b, :] @ c.D, c, b)
            pull += self.pull(b, self.loss.slope_change(self.s[b, None], moved, self.y[b, None]))
        gradient, l2 = self.gradient[:, None], self.l2[:, None]
        return _gradient(self.xp, gradient, c.slope, c.x, l2, c.D, pull)

    def curvatures(self, c: _Columns) -> tuple[Array, Array]:
        penalty = self.l2 @ c.D**2
        before, now = penalty, penalty
        for b in row_blocks(self.X, vectors=c.D.shape[1]):
            moved = self.of_others(self.X[b, :] @ c.D, c, b)
            curvature = self.loss.curvature(self.s[b, None] + moved, self.y[b, None])
            before = before + self.a[b] @ moved**2
            now = now + self.weight[b] @ (curvature * moved**2)
        return before, now


@fused
def _stepped(xp: Any, D: Array, P: Array, u: Array, a: Array, along: Array, left: Array) -> Array:
    """Delta - (H - a x x')^-1 G, with P = H^-1 G and x . P along it."""
    return D - P - u * (a * along / left)


@fused
def _gradient(
    xp: Any, gradient: Array, slope: Array, x: Array, l2: Array, D: Array, pull: Array
) -> Array:
    """G(Delta), with the pull of the other points that the change of their slopes makes."""
    return gradient - slope * x + l2 * D + pull


class _Columns(NamedTuple):
    """What belongs to k left-out points, one column each: the last axis is theirs."""

    i: Array  # (k,), which point
    x: Array  # (p, k)
    u: Array  # (p, k), H^-1 x
    a: Array  # (k,), the curvature that leaves with the point
    left: Array  # (k,), 1 - a x . u: what is left of 1 without it, the leverage taken off
    slope: Array  # (k,), (w / n) phi'(s)
    share: Array  # (k,), (w / n) abs(phi'(s)) ||x||
    D: Array  # (p, k), theta_{-i} - theta so far
    G: Array  # (p, k), G(D)
