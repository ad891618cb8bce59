"""Retraining any risk: full Newton steps that start at the parameters at hand."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from teachkit.arrays import (
    Array,
    NotPositiveDefiniteError,
    array_namespace,
    scalar,
    to_numpy,
)
from teachkit.linear import CholeskyFactor
from teachkit.optimize import minimize

MAX_STEPS = 50
MANY_STEPS = 8


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
    rounding, a line search (`minimize`) finds the way down, and full steps finish.

    Raises
    ------
    NoMinimumError
        The risk has no unique minimum: H is singular there, or theta grows without bound.
    """
    try:
        found, lengths = _full_steps(risk, theta, target)
    except NoMinimumError:
        found, lengths = Refit(theta, math.inf, finished=False), []
    if not found.finished:
        way = minimize(risk, theta, tol=target, max_iter=200).iterates
        found, lengths = _full_steps(risk, way[-1].x, target)
        lengths = [_norm(b.x - a.x) for a, b in pairwise(way)] + lengths
    size = _norm(found.theta) + _norm(found.theta - theta)
    if found.finished and _running_away(lengths, size, _eps(theta)):
        raise NoMinimumError(
            f"The risk has no minimum: ||theta|| is {_norm(found.theta):.3g} after {len(lengths)} "
            f"Newton steps, and each still adds {lengths[-1]:.2g}. Without a penalty this happens "
            "when the two classes that are left can be separated. Give the risk l2 > 0."
        )
    return found


def _running_away(lengths: list[float], size: float, eps: float) -> bool:
    """Whether the steps stay long: near a minimum, each is far shorter than the one before."""
    if len(lengths) < MANY_STEPS:
        return False
    before, last = lengths[-2:]
    return last > 0.3 * before and last > 1e-3 * size + eps**0.5


def factored(H: Array) -> CholeskyFactor:
    """H = L L'; NoMinimumError where H is not positive definite."""
    try:
        return CholeskyFactor(H, name="H")
    except NotPositiveDefiniteError:
        raise NoMinimumError(
            "The risk has no unique minimum: H is not positive definite, so in some direction "
            "theta can move without changing anything. Without a penalty this happens when the "
            "points that were removed alone determine a parameter, or when columns of X repeat "
            "one another. Give the risk l2 > 0."
        ) from None


def shares(risk: Any, theta: Array) -> np.ndarray:
    """w_i ||grad L(z_i, theta)||_2 / n, (n,), what tolerances are relative to."""
    norms = array_namespace(theta).linalg.vector_norm(risk.example_gradients(theta), axis=1)
    return to_numpy(risk.weights * norms) / risk.n


def _full_steps(risk: Any, theta: Array, target: float) -> tuple[Refit, list[float]]:
    """Newton while the gradient falls, and the lengths of the steps."""
    gradient = risk.gradient(theta)
    norm = _norm(gradient)
    lengths = []
    for _ in range(MAX_STEPS):
        reached = norm <= target
        H = risk.hessian(theta)
        step = factored(H).solve(gradient)
        lengths.append(_norm(step))
        trial = risk.gradient(theta - step)
        falls = _norm(trial) < norm
        if falls:
            theta, gradient, norm = theta - step, trial, _norm(trial)
        if reached or not falls:
            break
    finished = bool(norm <= target or norm <= _rounding(risk, theta, H))
    return Refit(theta, norm, finished), lengths


def _rounding(risk: Any, theta: Array, H: Array) -> float:
    """The norm that rounding alone gives the gradient: of theta's digits, and of the sum's."""
    terms = _norm(H) * _norm(theta) + float(np.sum(shares(risk, theta)))
    return 4 * math.sqrt(risk.n + risk.p) * _eps(theta) * terms


def _norm(v: Array) -> float:
    return scalar(array_namespace(v).linalg.vector_norm(v))


def _eps(x: Array) -> float:
    return float(array_namespace(x).finfo(x.dtype).eps)
