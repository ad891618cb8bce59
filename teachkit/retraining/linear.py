"""All leave-one-out retrainings of a linear risk at once: one factorisation, a column a point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from teachkit.arrays import (
    Array,
    array_namespace,
    device,
    is_gpu,
    row_blocks,
    scalar,
    to_numpy,
)
from teachkit.retraining.any import SHORT, factored, moved
from teachkit.retraining.joint import retrains
from teachkit.risks._loss import Elementwise
from teachkit.risks.linear import LinearRisk
from teachkit.risks.watched import Watched

MAX_ROUNDS = 20
COLUMNS = 512  # with blocks of 100 rows, what is computed at once is 400 KB and stays in cache
GPU_BYTES = 2**29
CARE = 0.1  # of the tolerance: the next rho may be somewhat larger than the last


@retrains(LinearRisk)
class LinearLeaveOneOut:
    """Delta_i = theta_{-i} - theta of a linear risk, for many points i at once.

    With s = X theta, phi' the slope and phi'' the curvature of the loss as a function of the
    score, Delta = Delta_i solves grad R_{-i}(theta + Delta) = 0, that is G(Delta) = 0 for::

        G(Delta) = grad R(theta) - (w_i/n) phi'(s_i) x_i + l2 Delta
                   + (1/n) sum_{j != i} w_j [phi'(s_j + x_j . Delta) - phi'(s_j)] x_j

    The bracket is computed without cancellation, so that a point of tiny gradient keeps its
    digits; grad R(theta) is part of it, so that the answer is the minimum even where theta is not
    quite one. All columns take, at once and with one Cholesky factor of H, the step::

        Delta  <-  Delta - (H - a_i x_i x_i')^-1 G(Delta),        a_i = w_i phi''(s_i) / n

    where (H - a x x')^-1 G = P + u a (x . P) / (1 - a x . u), P = H^-1 G, u = H^-1 x (Sherman &
    Morrison 1950). A column is done when ||G||_2 <= tol w_i ||grad L_i||_2 / n, when the rate
    of its last two steps says that one more will make it so, or when G is as small as rounding
    errors and falls no more; it still takes the step that this G gives, and has to find it short.

    Notes
    -----
    Source: Sherman & Morrison (1950); Dennis & Schnabel (1983).
    Lesson: 10_agreement_with_truth
    """

    def __init__(self, risk: Any, theta: Array, tol: float) -> None:
        xp = self.xp = array_namespace(theta)
        self.X, self.y, self.l2, self.tol = risk.X, risk.y, risk.l2, tol
        self.theta, self.number = theta, xp.arange(risk.n, device=device(risk.X))
        self.loss = Elementwise(risk.loss)
        self.unpenalised = scalar(xp.any(risk.l2 == 0.0)) > 0.0
        self.s = risk.X @ theta
        self.weight = risk.weights / risk.n
        self.slope = self.weight * self.loss.slope(self.s, risk.y)
        self.a = self.weight * self.loss.curvature(self.s, risk.y)
        self.gradient = risk.gradient(theta)
        H = risk.hessian(theta)
        self.H = factored(Watched(risk), theta, H)
        self.p, self.eps = risk.p, float(xp.finfo(H.dtype).eps)
        self.moved = partial(moved, H)

    def solve(self, indices: Sequence[int]) -> Iterator[tuple[np.ndarray, Array]]:
        """Positions in `indices` with their rows Delta_i, (k, p), as they get done.

        A position that never comes did not converge in `MAX_ROUNDS`, or its point alone determines
        a parameter: then H - a_i x_i x_i' is singular, and there is no step to take.
        """
        n, _ = self.X.shape
        width = max(1, GPU_BYTES // (8 * n)) if is_gpu(self.X) else COLUMNS
        for start in range(0, len(indices), width):
            c = self._columns(indices[start : start + width])
            position = np.arange(start, start + c.i.shape[0])
            leave = to_numpy(c.left <= self.eps**0.5)
            position, c = position[~leave], c.keep(~leave)
            done = np.zeros(position.shape, dtype=bool)
            for _ in range(MAX_ROUNDS):
                before, c = c, c._replace(D=self._step(c))
                done = done & self._settled(c, before)
                if done.any() and self.unpenalised:
                    done[done] = self._curved(c.keep(done))
                if done.any():
                    yield position[done], c.keep(done).D.T
                    position, c = position[~done], c.keep(~done)
                if not position.size:
                    break
                before, c = c, c._replace(G=self._G(c))
                done = self._done(c, before)

    def _columns(self, indices: Sequence[int]) -> _Columns:
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
            D=xp.zeros_like(x),
            G=self.gradient[:, None] - slope * x,
        )

    def _step(self, c: _Columns) -> Array:
        P = self.H.solve(c.G)
        return c.D - P - c.u * (c.a * self.xp.sum(c.x * P, axis=0) / c.left)

    def _G(self, c: _Columns) -> Array:
        G = self.gradient[:, None] - c.slope * c.x + self.l2[:, None] * c.D
        for b in row_blocks(self.X, vectors=c.D.shape[1]):
            X = self.X[b, :]
            change = self.loss.slope_change(self.s[b, None], X @ c.D, self.y[b, None])
            G = G + (self.weight[b, None] * X).T @ self._others(change, c, b)
        return G

    def _others(self, of_rows: Array, c: _Columns, b: slice) -> Array:
        """Numbers of the rows b, (rows, k), with 0 where a column is the row's own point.

        Its own row may change by far more than all others: left out, not taken off again.
        """
        i = to_numpy(c.i)
        if not np.any((b.start <= i) & (i < b.stop)):
            return of_rows
        own = self.number[b, None] == c.i[None, :]
        return self.xp.where(own, self.xp.zeros_like(of_rows), of_rows)

    def _done(self, c: _Columns, before: _Columns) -> np.ndarray:
        """Whether the step that this G gives is the last: G is as small as asked, or as rounding
        allows, or will be after the step.

        Each step shrinks G by about the same rho (H stays that of theta), so that after it
        rho / (1 - rho) ||G|| bounds what is left (Dennis & Schnabel 1983).
        """
        share = self.xp.abs(c.slope) * self._norm(c.x)
        noise = self.eps * (self.p**0.5 * self.moved(c.D) + share)
        size, was = self._norm(c.G), self._norm(before.G)
        stalled = (size <= noise) & (size >= 0.5 * was)
        # rho / (1 - rho) = size / (was - size), without a division by 0
        will_be = (size < 0.1 * was) & (size * size <= CARE * self.tol * share * (was - size))
        return to_numpy((size <= self.tol * share) | stalled | will_be)

    def _settled(self, c: _Columns, before: _Columns) -> np.ndarray:
        """Whether the last step was short, as where classes can be separated it never is."""
        xp = self.xp
        step, rounding = xp.abs(c.D - before.D), self.eps**0.5 * xp.abs(self.theta)[:, None]
        return to_numpy(xp.all((step <= SHORT * xp.abs(c.D)) | (step <= rounding), axis=0))

    def _curved(self, c: _Columns) -> np.ndarray:
        """Whether R_{-i} still curves at theta + D as the steps, with H of theta, took it to.

        One step may lead to where a loss is flat for ever, and a zero gradient means nothing.
        """
        xp, penalty = self.xp, self.l2 @ c.D**2
        before, now = penalty, penalty
        for b in row_blocks(self.X, vectors=c.D.shape[1]):
            moved = self.X[b, :] @ c.D
            squares = self._others(moved**2, c, b)
            curvature = self.loss.curvature(self.s[b, None] + moved, self.y[b, None])
            before = before + self.a[b] @ squares
            now = now + self.weight[b] @ (curvature * squares)
        return to_numpy(xp.asarray(now >= 1e-3 * before))

    def _norm(self, v: Array) -> Array:
        return self.xp.linalg.vector_norm(v, axis=0)


class _Columns(NamedTuple):
    """What belongs to k left-out points, one column each: the last axis is theirs."""

    i: Array  # (k,), which point
    x: Array  # (p, k)
    u: Array  # (p, k), H^-1 x
    a: Array  # (k,), the curvature that leaves with the point
    left: Array  # (k,), 1 - a x . u: what is left of 1 without it, the leverage taken off
    slope: Array  # (k,), (w / n) phi'(s)
    D: Array  # (p, k), theta_{-i} - theta so far
    G: Array  # (p, k), G(D)

    def keep(self, which: np.ndarray) -> _Columns:
        """The columns that the mask `which` picks."""
        xp = array_namespace(self.x)
        kept = xp.asarray(np.flatnonzero(which), device=device(self.x))
        return _Columns(*(xp.take(v, kept, axis=-1) for v in self))
