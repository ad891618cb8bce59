"""L-BFGS: what BFGS would know from the last few steps, without a matrix."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from teachkit import require
from teachkit.arrays import Array, as_float, quiet, scalar
from teachkit.optimize._learning import curvature_length, dot, first, learning
from teachkit.optimize.directions import Propose


@dataclass(frozen=True)
class LBFGS:
    """The direction ``d = -B grad R(x)``, with B from the last few pairs (s, y) by `two_loop`.

    Needs only the gradient, keeps 2 memory vectors and costs about 5 memory p multiplications a
    step, so it suits many parameters. In each step B begins as ``s'y / y'y I`` with the newest
    pair. The first direction, and pairs with s'y <= 0, are treated as in `BFGS`.

    Parameters
    ----------
    memory : int
        Pairs to keep, at least 1.

    Notes
    -----
    Source: Liu and Nocedal (1989); Nocedal and Wright (2006), Numerical Optimization, algorithm
    7.5.
    Lesson: 04_quasi_newton
    """

    needs = ("gradient",)

    memory: int = 10

    def __post_init__(self) -> None:
        pairs = "It counts the pairs (s, y) to keep; with none this would be SteepestDescent()."
        require.whole(self.memory, "memory", 1, why=pairs)

    def begin(self, objective: Any) -> Propose:
        return learning(lambda: _Pairs(self.memory))


@quiet()
def two_loop(g: Array, S: Sequence[Array], Y: Sequence[Array], gamma: float | None = None) -> Array:
    """B g by the two-loop recursion, with B from the pairs in S and Y; B itself is never formed.

    B is gamma I, updated by `bfgs_update` with one pair after the other, oldest first. For m pairs
    this costs 5 m p multiplications, of which m p are for the s'y.

    Parameters
    ----------
    g : array (p,)
    S, Y : sequences of m arrays (p,)
        The pairs, oldest first, each with s'y > 0.
    gamma : float, optional
        By default ``s'y / y'y`` of the newest pair; 1 without any pair.

    Returns
    -------
    array (p,)

    Raises
    ------
    ValueError
        If S and Y differ in length, an s'y or gamma is not positive, for NaN or infinity, and for
        shapes that do not fit.

    Notes
    -----
    Source: Nocedal (1980); Nocedal and Wright (2006), Numerical Optimization, algorithm 7.4 and
    equation (7.20).
    Lesson: 04_quasi_newton
    """
    if len(S) != len(Y):
        raise ValueError(f"S holds {len(S)} steps and Y {len(Y)}: each s belongs to one y.")
    g = as_float(g, "g")
    S, Y = [as_float(s, "s", like=g) for s in S], [as_float(y, "y", like=g) for y in Y]
    for s, y in zip(S, Y, strict=True):
        if g.ndim != 1 or s.shape != g.shape or y.shape != g.shape:
            raise ValueError(
                f"g has shape {tuple(g.shape)} and a pair {tuple(s.shape)} and {tuple(y.shape)}; "
                "for p parameters each of them is (p,)."
            )
        if not dot(s, y) > 0:
            raise ValueError(
                f"A pair has s'y = {dot(s, y):.3g}; each has to be positive, or B is not positive "
                "definite. Leave such pairs out."
            )
    if gamma is not None and not 0 < scalar(gamma) < math.inf:
        raise ValueError(f"gamma is {gamma}; it has to be finite and positive, as H^-1 is.")
    return _product(g, S, Y, gamma)


def _product(g: Array, S: Sequence[Array], Y: Sequence[Array], gamma: float | None = None) -> Array:
    """`two_loop` without the checks of its arguments."""
    sy = [s @ y for s, y in zip(S, Y, strict=True)]  # none of these numbers leaves a GPU
    if gamma is None:
        gamma = curvature_length(S[-1], Y[-1]) if sy else 1.0
    q, alphas = g, []
    for i in reversed(range(len(S))):
        alphas.append(S[i] @ q / sy[i])
        q = q - alphas[-1] * Y[i]
    r = gamma * q
    for i in range(len(S)):
        beta = Y[i] @ r / sy[i]
        r = r + (alphas.pop() - beta) * S[i]
    return r


class _Pairs:
    """B as the pairs it comes from, oldest first."""

    def __init__(self, memory: int) -> None:
        self.S: deque[Array] = deque(maxlen=memory)
        self.Y: deque[Array] = deque(maxlen=memory)

    def learn(self, s: Array, y: Array) -> None:
        self.S.append(s)
        self.Y.append(y)

    def times(self, g: Array) -> Array:
        return _product(g, self.S, self.Y) if self.S else first(g)
