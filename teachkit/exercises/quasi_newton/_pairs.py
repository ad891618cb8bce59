"""Matrices and pairs for the cases, made up; every s'y is positive. What stands for s'y."""

from __future__ import annotations

import numpy as np

from .. import rule

CURVATURE = rule(
    lambda s, y: s @ y,
    ("not divided", lambda s, y: 1.0,
     """A 1/(s'y) is missing. It stands in two places: without it the units do not fit, and B+ y is
     not s."""),
    ("s's for s'y", lambda s, y: s @ s,
     """You divided by s's. The divisor is s'y, the curvature along the step: that is where the pair
     speaks of the function."""),
    ("y'y for s'y", lambda s, y: y @ y,
     """You divided by y'y. That stands in gamma, the size of the first B; the divisor is s'y in
     both places."""),
    ("times s'y", lambda s, y: 1 / (s @ y),
     """You multiplied by s'y where you should divide. Where a formula has a rho, it stands for
     1/(s'y)."""),
)


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


def updates() -> list[tuple]:
    """B, s and y, twice."""
    cases = []
    for p, seed in ((4, 3), (3, 7)):
        S, Y = pairs(p, 1, seed)
        cases.append((positive(p, seed + 9), S[0], Y[0]))
    return cases


def any_update(draw):
    p = draw.whole(1, 5)
    S, Y = any_pairs(draw, p, 1)
    return None if Y is None else (any_positive(draw, p), S[0], Y[0])
