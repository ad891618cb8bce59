"""How fast errors fall, measured and said in a sentence: for exercises whose answer is a method."""

from __future__ import annotations

import math
from collections.abc import Sequence

ROUNDING = 1e-13  # smaller errors say more about floating-point numbers than about the method


def order(errors: Sequence[float]) -> float | None:
    """log(e2/e1) / log(e1/e0) of the last errors above rounding; None where they do not fall.

    Slow errors may fall by turns more and less, which would mislead: of these every second one
    is taken, and the order is the root of what comes out.
    """
    kept = _above_rounding(errors)
    apart = 2 if len(kept) >= 5 and kept[-1] > 0.05 * kept[-2] else 1
    last = kept[::-apart][:3]
    if len(last) < 3 or not last[0] < last[1] < last[2]:
        return None
    return (math.log(last[0] / last[1]) / math.log(last[1] / last[2])) ** (1 / apart)


def convergence(errors: Sequence[float]) -> str:
    """Say "converges with order 2.0 (errors ...)", or what it does instead."""
    errors = [float(e) for e in errors]
    finite = [e for e in errors if math.isfinite(e)]
    if len(finite) < len(errors) or errors[-1] > 0.5 * errors[0]:
        return f"does not converge (errors {_listed(finite[:4])}, ...)"
    kept = _above_rounding(errors)
    if len(kept) < 3:
        return f"arrives in {len(kept)} step{'s' if len(kept) > 1 else ''}"
    p = order(errors)
    if p is None:
        return f"comes nearer without a clear order (errors {_listed(kept[-4:])})"
    if p < 1.3:
        rate = (kept[-1] / kept[-3]) ** 0.5
        return f"converges with order {p:.1f}: each step multiplies the error by about {rate:.2g}"
    return f"converges with order {p:.1f} (errors {_listed(kept[-4:])})"


def _above_rounding(errors: Sequence[float]) -> list[float]:
    """The errors up to where they reach rounding, or come to rest a little above it."""
    kept: list[float] = []
    for e in errors:
        if e <= ROUNDING or (kept and kept[-1] < 1e-8 and e > kept[-1] / 2):
            break
        kept.append(e)
    return kept


def _listed(errors: Sequence[float]) -> str:
    return ", ".join(f"{e:.0e}" if e < 0.01 or e >= 100 else f"{e:.2g}" for e in errors)
