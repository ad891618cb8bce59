"""Points that take their own curvature along: the factor 1 / (1 - h_i), and its repair near 0."""

from __future__ import annotations

from typing import Any, NamedTuple

from teachkit.arrays import Array, array_namespace, device, to_numpy
from teachkit.influence._curvature import Curvature
from teachkit.risks._removal import without
from teachkit.risks.consistency import check_leverages


class Removals(NamedTuple):
    """What removing single examples does: theta changes by factors[k] H^-1 g_i.

    For those whose 1 - h_i is lost in rounding the change itself, by their position k.
    """

    factors: Array
    repaired: dict[int, Array]


def with_leverage(curvature: Curvature, gradients: Any, rows: tuple[int, ...]) -> Removals:
    """The factors w_i / (n (1 - h_i)) of the examples i in `rows`, h_i = w_i c_i x_i' H^-1 x_i / n.

    Where example i's Hessian is c_i x_i x_i', Sherman & Morrison (1950) give for H without it::

        (H - (w_i c_i / n) x_i x_i')^-1 g_i  =  H^-1 g_i / (1 - h_i),        g_i a multiple of x_i
    """
    risk, n = curvature.risk, curvature.risk.n
    if not callable(getattr(risk.risk, "leverages", None)):
        raise ValueError(
            f"leverage=True divides by 1 - h_i, and this risk ({type(risk.risk).__name__}) has no "
            "leverages. Take removal(i, leverage=True) for single points, or leave_one_out for the "
            "truth."
        )
    h = risk.leverages(curvature.theta, curvature.to_the_last_digits)
    check_leverages(risk, curvature.theta, gradients, curvature.solve, h)
    xp = array_namespace(h)
    i = xp.asarray(rows, dtype=xp.int64, device=device(h))
    left = 1.0 - xp.take(h, i)
    share = xp.take(risk.risk.weights, i) / n
    # A 1 - h near its own rounding error has few digits; H without the point has them all, or is
    # not positive definite.
    few_digits = to_numpy(left) <= float(xp.finfo(left.dtype).eps) ** (1 / 3)
    repaired = {}
    for k in map(int, few_digits.nonzero()[0]):
        others, g = without(risk.risk, (rows[k],)), gradients[rows[k], :]
        repaired[k] = share[k] * curvature.solve_on(others, g, named(rows[k : k + 1]))
        left[k] = 1.0
    return Removals(share / left, repaired)


def named(S: tuple[int, ...]) -> str:
    """'Without example 4', 'Without the examples 4, 2': how a sentence about them begins."""
    numbers = ", ".join(map(str, S[:10])) + (", ..." if len(S) > 10 else "")
    return f"Without example {numbers}" if len(S) == 1 else f"Without the examples {numbers}"
