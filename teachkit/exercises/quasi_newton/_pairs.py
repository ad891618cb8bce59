"""Matrices and pairs for the cases, made up and fixed; every s'y is positive."""

from __future__ import annotations

import numpy as np


def positive(p: int, seed: int) -> np.ndarray:
    """A symmetric positive definite matrix (p, p), far from the identity."""
    factor = np.random.default_rng(seed).standard_normal((p, p))
    return factor @ factor.T / p + np.diag(np.linspace(0.3, 1.5, p))


def any_pairs(draw, p: int, m: int) -> tuple[np.ndarray, np.ndarray | None]:
    """As `pairs`, of drawn numbers; None in the place of Y where an s is next to 0."""
    S, M = draw.numbers(m, p), draw.numbers(p, p, low=-1.0, high=1.0)
    H = M @ M.T + np.diag(draw.numbers(p, low=0.3, high=2.0))
    Y = np.array([(1 + 0.3 * k) * (H @ s) for k, s in enumerate(S)])
    return S, Y if all(np.abs(S).max(axis=1) > 0.3) else None


def any_positive(draw, p: int) -> np.ndarray:
    """A symmetric positive definite matrix (p, p)."""
    M = draw.numbers(p, p, low=-1.5, high=1.5)
    return M @ M.T + np.diag(draw.numbers(p, low=0.3, high=2.0))


def pairs(p: int, m: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """S and Y, (m, p) each: steps, and the changes of a gradient whose Hessian drifts."""
    rng = np.random.default_rng(seed)
    S = rng.standard_normal((m, p))
    base, drift = positive(p, seed + 1), positive(p, seed + 2)
    Y = np.array([(base + 0.3 * k * drift) @ s for k, s in enumerate(S)])
    return S, Y
