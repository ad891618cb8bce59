"""The step of a difference formula: where its error and rounding are about equal."""

from __future__ import annotations

import math
from typing import Any

from teachkit import arrays
from teachkit.derivatives._point import as_direction, as_point, length

_ORDERS = {"forward": 1, "central": 2}


@arrays.quiet()
def best_step(x: Any, v: Any = None, *, formula: str = "central") -> float:
    """A good step r for a difference formula at x along v, with eps of the dtype of x::

        forward:  r = eps^(1/2) (1 + ||x||) / ||v||
        central:  r = eps^(1/3) (1 + ||x||) / ||v||

    A formula of order m errs by about C r^m, rounding by about eps / r; their sum is least near
    r = eps^(1/(m+1)). What stands before r^m and eps / r, the higher derivatives and how f is
    computed, is not known: expect the measured best within a factor of 30 of this r.

    Parameters
    ----------
    x : array (p,) or float
        float32 x gives the step for float32.
    v : array (p,) or float, optional
        The direction that r multiplies, as in `hvp_central`; not zero. By default of length 1, as
        in `finite_gradient`.
    formula : "central" or "forward"

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If v is zero, has another shape than x, or the formula has another name.

    Notes
    -----
    Source: Nocedal and Wright (2006), Numerical Optimization, section 8.1; the scaling with v as in
    Pearlmutter (1994), Fast exact multiplication by the Hessian.
    Lesson: 05_hessian_vector_products
    """
    if formula not in _ORDERS:
        raise ValueError(f"formula is {formula!r}; it has to be 'forward' or 'central'.")
    x = as_point(x)
    xp = arrays.array_namespace(x)
    far = 1.0 if v is None else length(as_direction(v, x))
    if not 0 < far < math.inf:
        raise ValueError("v is zero, so it names no direction, and no step along it is good.")
    eps = float(xp.finfo(x.dtype).eps)
    return eps ** (1 / (_ORDERS[formula] + 1)) * (1 + length(x)) / far
