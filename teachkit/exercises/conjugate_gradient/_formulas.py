"""Systems for the cases, and the method with every formula in it exchangeable, for the mistakes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Formula = Callable[..., Any]


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
    length: Formula = lambda r, z, p, Ap: (r @ z) / (p @ Ap),
    beta: Formula = lambda rz, new, r, r_new: new / rz,
    turn: Formula = lambda z, beta, p: z + beta * p,
    first: Formula = lambda r, z: z,
    renew: bool = True,
) -> np.ndarray:
    """k steps of preconditioned conjugate gradients from 0; each argument is one of its formulas.

    ``solve`` is r -> M^-1 r, ``length`` gives alpha, ``beta`` and ``turn`` make the next direction
    out of r'z before and after, ``first`` the first one; without ``renew`` z stays what it was.
    """
    x, r = np.zeros_like(b), b.copy()
    z = solve(r)
    p = first(r, z)
    for _ in range(k):
        Ap = A @ p
        alpha = length(r, z, p, Ap)
        x = x + alpha * p
        r_new = r - alpha * Ap
        z_new = solve(r_new) if renew else z
        p = turn(z_new, beta(r @ z, r_new @ z_new, r, r_new), p)
        r, z = r_new, z_new
    return x
