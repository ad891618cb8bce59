"""Is theta the minimum? Judged by what finishing the fit would do, beside what one point does."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from teachkit.arrays import Array, array_namespace, device, quiet, scalar
from teachkit.influence._curvature import Curvature
from teachkit.inverse_hvp import NotConvergedError
from teachkit.risks.gradient_matrix import combined, row_norms
from teachkit.risks.shares import NOT_FITTED, root_mean_square

IN_THE_NORM_OF_H = 0.05
PROBES = 20


def warn_if_unfinished(H: Curvature, gradients: Any, stacklevel: int) -> None:
    """Warn where grad R(theta) counts beside one point's share, w_i grad L_i / n.

    Both are measured twice, the share as root mean square over i: by their 2-norm, which a column
    in large units can hide from; and by what they do to theta, ||H^-1 v||_H = sqrt(v' H^-1 v),
    which knows no units. A callable may be any approximation of H^-1, and LiSSA is one: these are
    not asked.
    """
    with quiet():
        gradient = H.risk.gradient(H.theta)
        w = H.risk.weights / H.risk.n  # the shares w_i grad L_i themselves would be n x p once more
        norm, share = _norm(gradient), root_mean_square(w * row_norms(gradients))
        finished = norm <= NOT_FITTED * share and _little_is_left(H, gradient, w, gradients)
        if finished or _is_rounding(H, gradient):
            return
    hidden = (
        " That is small only in the units of some parameter: the step of theta that is left counts "
        "beside the removal of one point."
        if norm <= NOT_FITTED * share
        else ""
    )
    warnings.warn(
        f"The fit is not finished: ||grad R(theta)|| is {norm:.3g}, and one point's share of it is "
        f"about {share:.3g}.{hidden} Influence takes the gradient to be 0, and retraining will "
        "finish the fit too, so the two will differ by that. Finish it first, for instance with "
        "theta = retrain(risk, theta); a scikit-learn model with a smaller tol and more max_iter.",
        RuntimeWarning,
        stacklevel=stacklevel,
    )


def _little_is_left(H: Curvature, gradient: Array, w: Array, gradients: Any) -> bool:
    """Whether the Newton step from theta is short beside what removing one point does."""
    if (step := _step(H, gradient)) is None:
        return True
    squared = scalar(gradient @ step)
    # |v' s| <= ||H^-1 v||_H ||s||_H for every share v: nearly always this is enough.
    if squared <= IN_THE_NORM_OF_H * root_mean_square(w * (gradients @ step)):
        return True
    xp, probes = array_namespace(gradient), _probes(w, gradients)
    one = scalar(xp.mean(xp.sum(probes * H.solve_rows(probes), axis=1)))
    return squared <= IN_THE_NORM_OF_H**2 * one


def _is_rounding(H: Curvature, gradient: Array) -> bool:
    """Whether the digits of theta explain the gradient: where data interpolate, no point pulls."""
    rounding = max(1e-12, 10.0 * float(array_namespace(gradient).finfo(gradient.dtype).eps))
    of_theta = H.product(H.theta)
    if (step := _step(H, gradient)) is None:
        return _norm(gradient) <= rounding * _norm(of_theta)
    return scalar(gradient @ step) <= rounding**2 * scalar(H.theta @ of_theta)


def _step(H: Curvature, gradient: Array) -> Array | None:
    """H^-1 grad R, by a method that is known to give it."""
    try:
        return H.solve(gradient) if H.known else None
    except NotConvergedError:  # along a direction that no question may ask for
        return None


def _probes(w: Array, gradients: Any) -> Array:
    """Rows z whose mean of z' A z is, or is expected to be, that of the w_i grad L_i, for any A.

    All of them where they are few; else sums of all with random signs (Hutchinson 1990).
    """
    n = gradients.shape[0]
    if n <= PROBES:
        return w[:, None] * gradients[:, :]
    xp, rng = array_namespace(w), np.random.default_rng(0)
    signs = rng.choice([-1.0, 1.0], size=(PROBES, n)) / math.sqrt(n)
    signs = xp.asarray(signs, dtype=w.dtype, device=device(w))
    return combined(signs * w[None, :], gradients)


def _norm(v: Array) -> float:
    return scalar(array_namespace(v).linalg.vector_norm(v))
