"""Systems A x = b made by hand and drawn ones, and how a method on them comes to its end."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def system(n: int, kappa: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A symmetric positive definite A (n, n) of this condition number, rotated, and b (n,)."""
    rng = np.random.default_rng(seed)
    Q, _ = np.linalg.qr(rng.standard_normal((n, n)))
    A = (Q * np.linspace(1.0, kappa, n)) @ Q.T
    return (A + A.T) / 2, rng.standard_normal(n)


def any_bowl(draw, p):
    """A symmetric positive definite A (p, p), some large or small.

    Some eigenvalues occur several times, or nearly: then little is left for the last step.
    """
    M = draw.numbers(p, draw.whole(1, p), low=-2.0, high=2.0, digits=0)
    A = M @ M.T + draw.pick(0.5, 1.0, 3.0) * np.eye(p)
    A[-1, -1] += draw.pick(0.0, 0.0, 0.02, 2e-4)
    return draw.pick(1e-3, 1.0, 1.0, 1e3) * A


def any_vector(draw, p):
    """One that is not 0; some are large or small, some have zeros, one unit vectors."""
    v = draw.numbers(p) * draw.pick(1.0, 1.0, 1e-4, 1e3)
    v[: draw.pick(0, 0, p // 2, p - 1)] = 0.0
    return v[draw.order(p)] if v.any() else any_vector(draw, p)


def unfinished(A, b, x) -> bool:
    """Is more left of b than rounding leaves? A step of a method that has ended is 0/0."""
    return bool(np.linalg.norm(b - A @ x) > 1e-6 * np.linalg.norm(b))


def ending(iterate: Callable[[int], np.ndarray], A: np.ndarray, b: np.ndarray) -> str:
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
