"""How many columns of X D a function for 16.3 computes, and what that says of it."""

from __future__ import annotations

import numpy as np

from teachkit.derivatives.products import operations

from .._engine.mistake import Aside, Clue
from ._rounds import case, exact, rounds


def counted(function) -> str:
    """How many columns of X D are computed in all."""
    n, p = 40, 3
    random = np.random.default_rng(0)
    X = random.standard_normal((n, p))
    y = np.where(X[:, 0] + 0.7 * random.standard_normal(n) > 0, 1.0, -1.0)
    X[7] *= 2.5
    fitted = case(X, y, 0.02)
    off = np.abs(function(*fitted) - exact(*fitted)).max()
    off /= np.abs(exact(*fitted)).max()
    if 1e-6 < off < 1e-2:
        return Clue(
            f"Measured for {n} points: the largest error is about {off:.0e} of the largest change. "
            "So the columns leave too early: is the test with its 1e-9 as it was given?"
        )
    if not off <= 1e-6:
        return ""
    open_at_once = _open(function, fitted)
    total, needed = sum(open_at_once), sum(len(at) for at, *_ in rounds(*fitted))
    if not total:
        alone = _with_one_vector(function, fitted)
        if alone < n:  # done in a way that is not followed
            return ""
        return Aside(
            f"Counted for {n} points: {alone:,} products with X or parts of it, each with one "
            "vector. These are retrainings one after the other; asked are all at once, as columns "
            "of one product.",
            "one by one",
        )
    counted = (
        f"Counted for {n} points: {total:,} columns of X D in all rounds together, where "
        f"{needed:,} will do."
    )
    if total <= 1.25 * needed:
        return f"Counted for {n} points: {total:,} columns of X D in all rounds together."
    if {*open_at_once} <= {0, n}:
        return Aside(
            f"{counted} Nobody leaves before the last one is done: then places and points are the "
            "same, and the bug does not show. A column that is done is to leave.",
            "nobody leaves",
        )
    return Aside(
        f"{counted} The columns leave later than they could. Are the start, `left`, the step and "
        "the test those of the code as it was given?",
        "more rounds than needed",
    )


def _with_one_vector(function, case) -> int:
    X, *rest = case
    found = operations(lambda X: function(X, *rest), X)
    return sum(o.taken > 0 and len(o.shape) == 1 for o in found)


def _open(function, case) -> list[int]:
    X, *rest = case
    found = operations(lambda X: function(X, *rest), X)
    return [k for _, (n, k) in (o for o in found if o.taken and len(o.shape) == 2) if n == len(X)]
