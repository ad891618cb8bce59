"""Is this the minimum? What a small gradient, or a search that found no step, may hide."""

from __future__ import annotations

import math
from typing import Any

from teachkit.arrays import Array, array_namespace, quiet, scalar
from teachkit.boundary import UndefinedError
from teachkit.optimize._oracle import LONG, TINY, Breakdown, Oracle, Point, has
from teachkit.optimize.directions import Newton, hessian
from teachkit.optimize.newton_cg import NewtonCG
from teachkit.optimize.searches import NO_STEP, rounding_of
from teachkit.trace import Trace

CLOSE = 1e-7  # of 1 + ||x||: what the tolerance is advised for
MATRIX = 1000  # coordinates up to which a Hessian is formed once more
FLAT = 1e-10  # of the largest eigenvalue: below, a direction may be lost in rounding


@quiet()
def doubt(oracle: Oracle, trace: Trace, tol: float) -> str:
    """Why the end of a run is not the minimum although it looks like it, or ""."""
    last = trace.iterates[-1]
    if not 0.0 < last.gradient_norm < math.inf:
        return ""
    eps = float(array_namespace(last.x).finfo(last.x.dtype).eps)
    rounding = 10 * eps * max(it.gradient_norm for it in trace.iterates)
    if trace.message.startswith(NO_STEP) or last.gradient_norm <= rounding:
        fallen = trace.iterates[0].value - last.value
        if sentence := _still_falls(oracle.objective, oracle.here, fallen):
            return sentence
    return _too_flat(oracle, trace.iterates, tol) if trace.converged else ""


def _too_flat(oracle: Oracle, iterates: tuple[Any, ...], tol: float) -> str:
    """Why ||grad R(x)|| <= tol does not mean that x is near the minimum.

    The error of x is about the Newton step H^-1 grad R(x). It is computed where there is cause for
    doubt, at a start and after a long step, and where the objective knows its curvature.
    """
    last, before = iterates[-1], iterates[-2:][0]
    near = LONG * (1.0 + _norm(last.x))
    if last.k > 0 and _norm(last.x - before.x) <= near:
        return ""
    still = _newton_step(oracle.objective, oracle.here)
    if not (still > near and last.gradient_norm < TINY * still):
        return ""
    enough = last.gradient_norm * CLOSE * (1.0 + _norm(last.x)) / still
    return (
        f"The gradient norm is {last.gradient_norm:.2g}, at most tol = {tol:g}, but only because "
        f"the objective is so flat here: the Newton step is still {still:.2g} long, beside an x of "
        f"length {_norm(last.x):.2g}. Take tol={10.0 ** math.floor(math.log10(enough)):g}, or "
        "multiply the objective by a large number; weights or units that make all of it tiny are "
        "the usual cause."
    )


def _newton_step(objective: Any, here: Point) -> float:
    """||H^-1 grad R(x)||; NaN where the objective does not tell, or H is not positive definite."""
    matrix = has(objective, "hessian") and here.x.shape[0] <= MATRIX
    if not (matrix or has(objective, "linearize") or has(objective, "hvp")):
        return math.nan
    direction = Newton() if matrix else NewtonCG()
    try:
        d, note = direction.begin(objective)(here)
    except (Breakdown, UndefinedError):
        return math.nan
    return math.nan if note else _norm(d)


def _still_falls(objective: Any, here: Point, fallen: float) -> str:
    """Whether R falls along the flattest direction of H, where H itself is lost in rounding.

    By how much it has `fallen` already is the measure of what counts.

    With D = diag(H)^1/2 that is D^-1 u, u the first eigenvector of D^-1 H D^-1: in these units the
    scales of the coordinates have no say. How far to go nobody knows, so many lengths are tried.
    """
    x = here.x
    if not has(objective, "hessian") or x.shape[0] > MATRIX:
        return ""
    xp, oracle = array_namespace(x), Oracle(objective)
    try:
        H = hessian(objective, x, check_symmetry=False)
    except UndefinedError:
        return ""
    D = xp.sqrt(xp.abs(xp.linalg.diagonal(H)))
    D = xp.where(D > 0.0, D, xp.ones_like(D))
    scaled = H / D[:, None] / D[None, :]
    if not scalar(xp.all(xp.isfinite(scaled))):
        return ""
    eigenvalues, U = xp.linalg.eigh(scaled)
    if abs(scalar(eigenvalues[0])) > FLAT * scalar(eigenvalues[-1]):
        return ""
    d = U[:, 0] / D
    tried = [oracle.at(x + sign * 4.0**j * d) for j in range(-10, 21) for sign in (1, -1)]
    least = min((point.value for point in tried if point.finite), default=math.inf)
    if here.value - least <= max(1e3 * rounding_of(here), LONG * fallen):
        return ""
    return (
        f"Stopped away from the minimum, at the value {here.value:.6g}: along the direction in "
        f"which the objective is flattest it falls to {least:.6g}, but the Hessian there is lost "
        "in rounding. Coordinates that nearly repeat one another are the usual cause, such as a "
        "date beside a column of ones: take off the mean of each column and divide by its "
        "standard deviation."
    )


def _norm(x: Array) -> float:
    return scalar(array_namespace(x).linalg.vector_norm(x))
