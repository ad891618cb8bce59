"""Retraining any risk: full Newton steps that start at the parameters at hand."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any, NamedTuple

from teachkit.arrays import Array, NotPositiveDefiniteError, array_namespace, quiet, scalar
from teachkit.inverse_hvp import definite
from teachkit.optimize import minimize
from teachkit.risks.shares import share_norms
from teachkit.risks.watched import Watched

MAX_STEPS = 50
SHORT = 1e-6  # of what a parameter has come to: so short a last step leaves nothing to go
PASSES = 3  # of some 23 steps each, for a minimum so far away that a tolerance is met on the way


class NoMinimumError(ValueError):
    """A risk has no minimum, or more than one."""


class Refit(NamedTuple):
    """Where Newton's method ended, and whether the gradient is as small there as it can be."""

    theta: Array
    gradient_norm: float
    finished: bool


def refit(risk: Any, theta: Array, target: float) -> Refit:
    """The minimum of a risk by Newton's method, started at theta::

        theta  <-  theta - H(theta)^-1 grad R(theta)

    Full steps until ||grad R||_2 <= target, then one more (it squares the error that is left); or
    until the gradient falls no longer. If that happens before the target and not because of
    rounding, a line search (`minimize`) finds the way down, and full steps finish. A target met
    while the steps are still long is followed by smaller ones.

    Raises
    ------
    NoMinimumError
        The risk has no unique minimum: H is singular there, or theta grows without bound.
    """
    asked = Watched(risk, finite=False)
    found, steps = _descended(asked, theta, target)
    # Where classes can be separated, gradients shrink for ever: a tolerance is met on the way out,
    # to a minimum that a tiny penalty puts far away or to none.
    for _ in range(PASSES):
        if not (found.finished and _still_moving(asked, found, steps[-1], theta)):
            return found
        try:
            further, more = _descended(asked, found.theta, 1e-10 * found.gradient_norm)
        except NoMinimumError:  # H is lost in rounding out there
            break
        if not further.finished:
            return further._replace(finished=True)  # it was before; here it came to a rest
        found, steps = further, steps + more
    if not _still_moving(asked, found, steps[-1], theta):
        return found
    raise NoMinimumError(
        f"The risk has no minimum: ||theta|| is {_norm(found.theta):.3g} after {len(steps)} Newton "
        f"steps, and each still adds {_norm(steps[-1]):.2g}. Without a penalty this happens when "
        "the two classes that are left can be separated. Give the risk l2 > 0, and more than next "
        "to nothing."
    )


def _descended(asked: Watched, theta: Array, target: float) -> tuple[Refit, list[Array]]:
    """By full steps, with a line search where they do not lead down; and the steps."""
    try:
        found, steps = _full_steps(asked, theta, target)
    except NoMinimumError:
        if asked.why_singular:
            raise
        found, steps = Refit(theta, math.inf, finished=False), []
    if not found.finished:
        way = minimize(asked.risk, theta, tol=target, max_iter=200).iterates
        found, steps = _full_steps(asked, way[-1].x, target)
        steps = [b.x - a.x for a, b in pairwise(way)] + steps
    return found, steps


def _still_moving(asked: Watched, found: Refit, step: Array, start: Array) -> bool:
    """Whether the last step was long, and not because of rounding: near a minimum it is short."""
    if _short(step, found.theta, start):
        return False
    H = asked.hessian(found.theta)
    if found.gradient_norm > _rounding(asked, found.theta, H):
        return True
    # The gradient is as small as rounding may leave it, but perhaps in a large unit alone.
    try:
        factor = factored(asked, found.theta, H)
    except NoMinimumError:
        return False
    gradient = asked.gradient(found.theta)
    step = factor.solve(gradient)
    trial = asked.gradient(found.theta - step)
    if _short(step, found.theta, start):
        return False
    return _leads_down(factor, gradient, step, trial) or _goes_on(asked, found.theta, step)


def _goes_on(asked: Watched, theta: Array, step: Array) -> bool:
    """Whether some parameter takes one long step after the other, all alike.

    Where a part of the data can be separated, its gradient, ever smaller, drowns in the rounding
    of the others' sum. Steps that are rounding themselves go to and fro about the minimum.
    """
    xp = array_namespace(step)
    long = xp.abs(step) > SHORT * xp.abs(theta)
    for _ in range(3):
        theta = theta - step
        try:
            further = factored(asked, theta, asked.hessian(theta)).solve(asked.gradient(theta))
        except NoMinimumError:
            return False
        alike = (further * step > 0.0) & (xp.abs(further) > 0.5 * xp.abs(step))
        long, step = long & alike, further
    return bool(scalar(xp.any(long)))


def _short(step: Array, theta: Array, start: Array) -> bool:
    """Whether no parameter moves by more than a small part of what it is, or has come from."""
    xp = array_namespace(step)
    reach = xp.abs(theta) + xp.abs(theta - start)  # a parameter each: units differ
    return bool(scalar(xp.all(xp.abs(step) <= SHORT * reach)))


def _leads_down(factor: Any, gradient: Array, step: Array, trial: Array) -> bool:
    """Whether the step, H^-1 gradient, leads to where the next one is less than half as long.

    In the norm of H, with the H of the step for both: a test that no units of the parameters
    change (Deuflhard 2004, section 2.1.3, the natural monotonicity test).
    """
    before, after = scalar(gradient @ step), scalar(trial @ factor.solve(trial))
    return bool(after < 0.25 * before)


def factored(asked: Watched, theta: Array, H: Array) -> Any:
    """The factor of H = grad^2 R(theta); NoMinimumError where H is not positive definite."""
    try:
        return definite(asked, theta, H=H)
    except NotPositiveDefiniteError:
        why = asked.why_singular
        raise NoMinimumError(f"{_FLAT} {why}" if why else _NOT_UNIQUE) from None


_FLAT = "The risk has no unique minimum."
_NOT_UNIQUE = (
    "The risk has no unique minimum that could be found: to rounding, H is not positive definite, "
    "so in some direction theta can move without changing anything. Without a penalty this happens "
    "when the points that were removed alone determine a parameter, when columns of X repeat one "
    "another, or when the two classes that are left can be separated: give the risk l2 > 0. A "
    "column that lies far from 0 beside its spread, such as a date, nearly repeats the column of "
    "ones: subtract its mean. Columns in very different units: scale them."
)


def _full_steps(asked: Watched, theta: Array, target: float) -> tuple[Refit, list[Array]]:
    """Newton while the gradient falls, in the units of theta or in the norm of H; and the steps."""
    gradient = asked.gradient(theta)
    norm = _norm(gradient)
    steps = []
    for _ in range(MAX_STEPS):
        reached = norm <= target
        H = asked.hessian(theta)
        factor = factored(asked, theta, H)
        step = factor.solve(gradient)
        if not math.isfinite(_norm(step)):
            raise NoMinimumError(_NOT_UNIQUE)
        steps.append(step)
        trial = asked.gradient(theta - step)
        falls = _norm(trial) < norm or (
            not _short(step, theta, theta - step) and _leads_down(factor, gradient, step, trial)
        )
        if falls:
            theta, gradient, norm = theta - step, trial, _norm(trial)
        if reached or not falls:
            break
    finished = bool(norm <= target or norm <= _rounding(asked, theta, H))
    return Refit(theta, norm, finished), steps


def moved(H: Array, theta: Array) -> Array:
    """A bound on the sizes of the terms in H theta, theta (p,) or (p, k), summed to a norm.

    The sum (1/n) sum_i c_i abs(x_ij) abs(x_ik) is at most sqrt(H_jj H_kk), so that no column of X
    in small units hides behind the rounding of one in large units.
    """
    xp = array_namespace(H)
    d = xp.sqrt(xp.abs(xp.linalg.diagonal(H)))
    return xp.linalg.vector_norm(d) * (d @ xp.abs(theta))


def _rounding(asked: Watched, theta: Array, H: Array) -> float:
    """The norm that rounding alone gives the gradient: of theta's digits, and of the sum's."""
    terms = scalar(moved(H, theta)) + float(share_norms(asked, theta).sum())
    return 4 * math.sqrt(asked.n + asked.p) * _eps(theta) * terms


def _norm(v: Array) -> float:
    with quiet():
        return scalar(array_namespace(v).linalg.vector_norm(v))


def _eps(x: Array) -> float:
    return float(array_namespace(x).finfo(x.dtype).eps)
