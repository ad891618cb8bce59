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
from teachkit.losses import Loss
from teachkit.retraining.any import factored

MAX_ROUNDS = 20
COLUMNS = 512  # with blocks of 100 rows, what is computed at once is 400 KB and stays in cache
GPU_BYTES = 2**29


class LinearLeaveOneOut:
    """Delta_i = theta_{-i} - theta of a linear risk, for many points i at once.

    With s = X theta, phi' the slope and phi'' the curvature of the loss as a function of the
    score, Delta = Delta_i solves grad R_{-i}(theta + Delta) = 0, that is G(Delta) = 0 for::

        G(Delta) = grad R(theta) + l2 Delta
                   + (1/n) sum_j w_j [phi'(s_j + x_j . Delta) - phi'(s_j)] x_j
                   - (w_i/n) phi'(s_i + x_i . Delta) x_i

    The bracket is computed without cancellation, so that a point of tiny gradient keeps its
    digits; grad R(theta) is part of it, so that the answer is the minimum even where theta is not
    quite one. All columns take, at once and with one Cholesky factor of H, the step::

        Delta  <-  Delta - (H - a_i x_i x_i')^-1 G(Delta),        a_i = w_i phi''(s_i) / n

    where (H - a x x')^-1 G = P + u a (x . P) / (1 - a x . u), P = H^-1 G, u = H^-1 x (Sherman &
    Morrison 1950). A column is done when ||G||_2 <= tol w_i ||grad L_i||_2 / n, or when G is
    as small as rounding errors and falls no more; it still takes the step that this G gives.

    Lesson: 10_agreement_with_truth
    """

    def __init__(self, risk: Any, theta: Array, tol: float) -> None:
        xp = self.xp = array_namespace(theta)
        self.X, self.y, self.l2, self.tol = risk.X, risk.y, risk.l2, tol
        # A loss of the user's own need not inherit the difference of two slopes.
        plain = partial(Loss.slope_change, risk.loss)
        self.slope_change = getattr(risk.loss, "slope_change", plain)
        self.s = risk.X @ theta
        self.weight = risk.weights / risk.n
        self.slope = self.weight * risk.loss.slope(self.s, risk.y)
        self.a = self.weight * risk.loss.curvature(self.s, risk.y)
        self.gradient = risk.gradient(theta)
        H = risk.hessian(theta)
        self.H = factored(H)
        self.eps = float(xp.finfo(H.dtype).eps)
        self.rounding = risk.p * self.eps * scalar(xp.linalg.vector_norm(H))

    def solve(self, indices: Sequence[int]) -> Iterator[tuple[np.ndarray, Array]]:
        """Positions in `indices` with their rows Delta_i, (k, p), as they get done.

        A position that never comes did not converge in `MAX_ROUNDS`, or its point alone determines
        a parameter: then H - a_i x_i x_i' is singular, and there is no step to take.
        """
        n, _ = self.X.shape
        width = max(1, GPU_BYTES // (8 * n)) if is_gpu(self.X) else COLUMNS
        for start in range(0, len(indices), width):
            c = self._columns(indices[start : start + width])
            position = np.arange(start, start + c.s.shape[0])
            leave = to_numpy(c.left <= self.eps**0.5)
            position, c = position[~leave], c.keep(~leave)
            done = np.zeros(position.shape, dtype=bool)
            for _ in range(MAX_ROUNDS):
                c = c._replace(D=self._step(c))
                if done.any():
                    yield position[done], c.keep(done).D.T
                    position, c = position[~done], c.keep(~done)
                if not position.size:
                    break
                before = c
                c = c._replace(G=self._G(c))
                done = self._done(c, before)

    def _columns(self, indices: Sequence[int]) -> _Columns:
        xp = self.xp
        i = xp.asarray(list(indices), device=device(self.X))
        x = xp.take(self.X, i, axis=0).T
        u = self.H.solve(x)
        a, slope = xp.take(self.a, i), xp.take(self.slope, i)
        return _Columns(
            x=x,
            u=u,
            a=a,
            left=1.0 - a * xp.sum(x * u, axis=0),
            s=xp.take(self.s, i),
            y=xp.take(self.y, i),
            weight=xp.take(self.weight, i),
            slope=slope,
            D=xp.zeros_like(x),
            G=self.gradient[:, None] - slope * x,
        )

    def _step(self, c: _Columns) -> Array:
        P = self.H.solve(c.G)
        return c.D - P - c.u * (c.a * self.xp.sum(c.x * P, axis=0) / c.left)

    def _G(self, c: _Columns) -> Array:
        G = self.gradient[:, None] + self.l2[:, None] * c.D
        for b in row_blocks(self.X, vectors=c.D.shape[1]):
            X = self.X[b, :]
            change = self.slope_change(self.s[b, None], X @ c.D, self.y[b, None])
            G = G + (self.weight[b, None] * X).T @ change
        own_change = self.slope_change(c.s, self.xp.sum(c.x * c.D, axis=0), c.y)
        return G - c.x * (c.slope + c.weight * own_change)

    def _done(self, c: _Columns, before: _Columns) -> np.ndarray:
        def norm(v: Array) -> Array:
            return self.xp.linalg.vector_norm(v, axis=0)

        share = self.xp.abs(c.slope) * norm(c.x)
        noise = self.rounding * norm(c.D) + self.eps * share
        stalled = (norm(c.G) <= noise) & (norm(c.G) >= 0.5 * norm(before.G))
        return to_numpy((norm(c.G) <= self.tol * share) | stalled)


class _Columns(NamedTuple):
    """What belongs to k left-out points, one column each: the last axis is theirs."""

    x: Array  # (p, k)
    u: Array  # (p, k), H^-1 x
    a: Array  # (k,), the curvature that leaves with the point
    left: Array  # (k,), 1 - a x . u: what is left of 1 without it, the leverage taken off
    s: Array  # (k,), the score
    y: Array  # (k,)
    weight: Array  # (k,), w / n
    slope: Array  # (k,), (w / n) phi'(s)
    D: Array  # (p, k), theta_{-i} - theta so far
    G: Array  # (p, k), G(D)

    def keep(self, which: np.ndarray) -> _Columns:
        """The columns that the mask `which` picks."""
        xp = array_namespace(self.x)
        kept = xp.asarray(np.flatnonzero(which), device=device(self.x))
        return _Columns(*(xp.take(v, kept, axis=-1) for v in self))
