"""How fast errors fall, measured and said in a sentence: for exercises whose answer is a method."""

from __future__ import annotations

import math
from collections.abc import Sequence

from teachkit.trace import above_rounding, convergence_order


def convergence(errors: Sequence[float]) -> str:
    """Say "converges with order 2.0 (errors ...)", or what it does instead."""
    errors = [float(e) for e in errors]
    if 0.0 in errors:  # arrived: what comes after is no part of the way
        errors = errors[: errors.index(0.0) + 1]
    finite = [e for e in errors if math.isfinite(e)]
    if len(finite) < len(errors) or errors[-1] > 0.5 * errors[0]:
        return f"does not converge (errors {_listed(finite[:4])}, ...)"
    kept = above_rounding(errors)
    if len(kept) < 3:
        return f"arrives in {len(kept)} step{'s' if len(kept) > 1 else ''}"
    if kept[-1] > 0.99 * kept[-2]:
        return f"comes to rest at an error of {_listed(kept[-1:])} and no nearer"
    p = convergence_order(errors)
    if p is None or p > 4:  # no method of the course is that fast: an odd step by chance
        return f"comes nearer without a clear order (errors {_listed(kept[-4:])})"
    if p < 1.3:
        rate = (kept[-1] / kept[-3]) ** 0.5
        return f"converges with order {p:.1f}: each step multiplies the error by about {rate:.2g}"
    return f"converges with order {p:.1f} (errors {_listed(kept[-4:])})"


def _listed(errors: Sequence[float]) -> str:
    return ", ".join(f"{e:.0e}" if e < 0.01 or e >= 100 else f"{e:.2g}" for e in errors)
