"""What joint retrainings share: columns that take Newton steps at once and leave when done."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from teachkit.arrays import (
    Array,
    array_namespace,
    device,
    fused,
    is_gpu,
    scalar,
    to_numpy,
    zero_at,
)
from teachkit.memory import tiles
from teachkit.retraining.any import SHORT, factored, moved
from teachkit.risks.watched import Watched

MAX_ROUNDS = 20
SCORES = 2**26  # numbers at once on a GPU: more are no faster
CARE = 0.1  # of the tolerance: the next rho may be somewhat larger than the last


Columns = Any
"""A NamedTuple with what belongs to k left-out points, the last axis of each array theirs:
i (k,), which points; left (k,), what is left of 1 without it; share (k,), w_i ||grad L_i|| / n;
D (p, k), theta_{-i} - theta so far; G (p, k), G(D); and what a kind of risk needs besides.
"""


def keep(c: Columns, which: np.ndarray) -> Columns:
    """The columns that the mask `which` picks."""
    xp = array_namespace(c.D)
    kept = xp.asarray(np.flatnonzero(which), device=device(c.D))
    return type(c)(*(xp.take(v, kept, axis=-1) for v in c))


@fused
def _last(
    xp: Any, size: Array, was: Array, share: Array, terms: Array, tol: float, eps: float
) -> Array:
    """Whether the step that G gives is the last, with size = ||G||_2 and its size a step before:
    G is as small as asked, or as rounding allows, or will be after the step.

    Each step shrinks G by about the same rho (H stays that of theta), so that after it
    rho / (1 - rho) ||G|| bounds what is left (Dennis & Schnabel 1983).
    """
    stalled = (size <= eps * (terms + share)) & (size >= 0.5 * was)
    # rho / (1 - rho) = size / (was - size), without a division by 0
    will_be = (size < 0.1 * was) & (size * size <= tol * (CARE * share * (was - size)))
    return (size <= tol * share) | stalled | will_be


@fused
def _short(xp: Any, D: Array, before: Array, theta: Array, rounding: float) -> Array:
    step = xp.abs(D - before)
    return (step <= SHORT * xp.abs(D)) | (step <= rounding * xp.abs(theta))


class Together(ABC):
    """Delta_i = theta_{-i} - theta for many points i at once, the zero of::

        G(Delta) = grad R_{-i}(theta + Delta)

    grad R(theta) is part of it, so that the answer is the minimum even where theta is not quite
    one. All columns take, at once and with one Cholesky factor of H, the step::

        Delta  <-  Delta - (H - H_i)^-1 G(Delta)

    with the curvature H_i that leaves with the point. A column is done when
    ||G||_2 <= tol w_i ||grad L_i||_2 / n, when the rate of its last two steps says that one more
    will make it so, or when G is as small as rounding errors and falls no more; it still takes the
    step that this G gives, and has to find it short.

    Of one kind of risk say the methods without a body what G and the step are.

    Notes
    -----
    Source: Dennis & Schnabel (1983).
    Lesson: 10_agreement_with_truth
    """

    def __init__(self, risk: Any, theta: Array, tol: float) -> None:
        xp = self.xp = array_namespace(theta)
        self.X, self.theta, self.tol = risk.X, theta, tol
        self.n, self.p, self.weight = risk.n, risk.p, risk.weights / risk.n
        self.number = xp.arange(risk.n, device=device(risk.X))
        self.even = scalar(xp.all(self.weight == self.weight[0])) > 0.0
        self.gradient = risk.gradient(theta)
        self.unpenalised = scalar(xp.any(risk.l2 == 0.0)) > 0.0
        H = risk.hessian(theta)
        self.H = factored(Watched(risk), theta, H)
        self.eps, self.moved = float(xp.finfo(H.dtype).eps), partial(moved, H)

    @abstractmethod
    def width(self) -> int:
        """How many columns to take at once where memory allows any number."""

    @abstractmethod
    def numbers(self) -> int:
        """How many numbers are held at once for a column."""

    @abstractmethod
    def columns(self, indices: Sequence[int]) -> Any:
        """The columns of these points at Delta = 0."""

    @abstractmethod
    def step(self, c: Any) -> Array:
        """Delta - (H - H_i)^-1 G, (p, k)."""

    @abstractmethod
    def G(self, c: Any) -> Array:
        """grad R_{-i}(theta + Delta), (p, k)."""

    @abstractmethod
    def curvatures(self, c: Any) -> tuple[Array, Array]:
        """Delta' H_{-i} Delta at theta and at theta + Delta, the penalty in both, (k,) each."""

    def solve(self, indices: Sequence[int]) -> Iterator[tuple[np.ndarray, Array]]:
        """Positions in `indices` with their rows Delta_i, (k, p), as they get done.

        A position that never comes did not converge in `MAX_ROUNDS`, or its point alone determines
        a parameter: then H - H_i is singular, and there is no step to take.
        """
        for tile in tiles(len(indices), self.numbers(), self.theta, most=max(1, self.width())):
            c = self.columns(indices[tile])
            position = np.arange(tile.start, tile.stop)
            leave = to_numpy(c.left <= self.eps**0.5)
            position, c = position[~leave], keep(c, ~leave)
            done = c.left < c.left  # none yet
            for _ in range(MAX_ROUNDS):
                before, c = c, c._replace(D=self.step(c))
                leave = np.array(to_numpy(done & self._settled(c, before)))  # the one look a round
                if leave.any() and self.unpenalised:
                    leave[leave] = self._curved(keep(c, leave))
                if leave.any():
                    yield position[leave], keep(c, leave).D.T
                    position, c = position[~leave], keep(c, ~leave)
                if not position.size:
                    break
                before, c = c, c._replace(G=self.G(c))
                done = self._done(c, before)

    def _done(self, c: Columns, before: Columns) -> Array:
        size, was = self._norm(c.G), self._norm(before.G)
        terms = self.p**0.5 * self.moved(c.D)
        return _last(self.xp, size, was, c.share, terms, self.tol, self.eps)

    def _settled(self, c: Columns, before: Columns) -> Array:
        """Whether the last step was short, as where classes can be separated it never is."""
        short = _short(self.xp, c.D, before.D, self.theta[:, None], self.eps**0.5)
        return self.xp.all(short, axis=0)

    def _curved(self, c: Columns) -> np.ndarray:
        """Whether R_{-i} still curves at theta + D as the steps, with H of theta, took it to.

        One step may lead to where a loss is flat for ever, and a zero gradient means nothing.
        """
        before, now = self.curvatures(c)
        return to_numpy(self.xp.asarray(now >= 1e-3 * before))

    def of_others(self, moved: Array, c: Columns, b: slice) -> Array:
        """How far the scores of the rows b move, (rows, ..., k): here 0 for a column's own row.

        That row may move by far more than all others: it is left out, not taken off again.
        """
        if is_gpu(moved):
            zero_at(moved, c.i, self.number[: moved.shape[-1]])
        else:
            i = to_numpy(c.i)
            k = np.flatnonzero((b.start <= i) & (i < b.stop))
            zero_at(moved, i[k] - b.start, k)
        return moved

    def pull(self, b: slice, change: Array) -> Array:
        """(1/n) sum_j w_j x_j change_j' over the rows b, (d, k) for a change (rows, k)."""
        X = self.X[b, :]
        if self.even:
            return self.weight[0] * (X.T @ change)
        return X.T @ (self.weight[b, None] * change)

    def _norm(self, v: Array) -> Array:
        return self.xp.linalg.vector_norm(v, axis=0)
