"""Systems for the cases, and the method with every formula in it exchangeable, for the mistakes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

Formula = Callable[..., Any]


class Pair(NamedTuple):
    """A residual and M^-1 times it, the same where there is no preconditioner."""

    r: np.ndarray
    z: np.ndarray


def system(n: int, kappa: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A symmetric positive definite A (n, n) of this condition number, rotated, and b (n,)."""
    rng = np.random.default_rng(seed)
    Q, _ = np.linalg.qr(rng.standard_normal((n, n)))
    A = (Q * np.linspace(1.0, kappa, n)) @ Q.T
    return (A + A.T) / 2, rng.standard_normal(n)


def ending(iterate: Formula, A: np.ndarray, b: np.ndarray) -> str:
    """What happens to the A-norm of the error of iterate(k), k = 0, 1, ...: does it finish?"""
    solution = np.linalg.solve(A, b)

    def error(k: int) -> float:
        e = iterate(k) - solution
        return float(np.sqrt(e @ A @ e))

    p = len(b)
    if error(p) <= 1e-9 * error(0):
        return (
            f"At work on {p} unknowns: one step before the last {error(p - 1) / error(0):.1g} of "
            f"the error is left, and after {p} steps nothing but rounding."
        )
    return (
        f"At work on {p} unknowns it is not finished after {p} steps: {error(p) / error(0):.1g} of "
        f"the error is left then, and {error(2 * p) / error(0):.1g} after twice as many."
    )


def march(
    A: np.ndarray,
    b: np.ndarray,
    k: int,
    *,
    solve: Formula = lambda r: r,
    start: Formula = lambda A, b: (np.zeros_like(b), b.copy()),
    first: Formula = lambda r, z: z,
    length: Formula = lambda r, z, p, Ap, A: (r @ z) / (p @ Ap),
    along: Formula = lambda r, z, p: p,
    residual: Formula = lambda r, z, alpha, Ap, A: r - alpha * Ap,
    beta: Formula = lambda old, new, p: (new.r @ new.z) / (old.r @ old.z),
    turn: Formula = lambda old, new, beta, p: new.z + beta * p,
    keep: Formula = lambda old, new: new,
    steps: Formula = lambda k, p: k,
) -> np.ndarray:
    """k steps of preconditioned conjugate gradients from 0; each argument is one of its formulas.

    ``solve`` is r -> M^-1 r, ``start`` gives x and r, ``first`` the first direction; ``length`` is
    alpha, ``along`` what x moves along, ``residual`` the new r; ``beta`` and ``turn`` make the next
    direction out of the old and the new r and z, and ``keep`` says which of them remain.
    """
    x, r = start(A, b)
    now = Pair(r, solve(r))
    p = first(*now)
    for _ in range(steps(k, len(b))):
        Ap = A @ p
        alpha = length(*now, p, Ap, A)
        x = x + alpha * along(*now, p)
        r = residual(*now, alpha, Ap, A)
        new = Pair(r, solve(r))
        p = turn(now, new, beta(now, new, p), p)
        now = keep(now, new)
    return x
