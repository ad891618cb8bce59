"""Losses of one score: value, slope and curvature, elementwise.

A score s is what a model says of an example, a linear one s = x' theta; y is the example's target.
The losses for regression look at the residual s - y, the margin losses at the margin y s with
labels y = -1 or +1. Slope and curvature are the first and second derivative in s.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import ModuleType
from typing import Any, ClassVar, NoReturn

from teachkit import require
from teachkit.arrays import (
    Array,
    array_namespace,
    as_float,
    fused,
    is_array,
    is_gpu,
    quietly,
    scalar,
    to_numpy,
)


class Loss:
    """What all losses share; a loss of your own needs value, slope and curvature.

    Every method takes a score and a y of shapes that broadcast and works element by element,
    without sum, mean or penalty.
    """

    binary: ClassVar[bool] = False
    """Whether y is a label, -1 or +1; risks then check the labels."""

    def __init_subclass__(cls) -> None:
        quietly(cls)  # e^-800 is 0: an underflow that nobody has to hear of

    def value(self, score: Array, y: Array) -> Array:
        raise NotImplementedError

    def slope(self, score: Array, y: Array) -> Array:
        raise NotImplementedError

    def curvature(self, score: Array, y: Array) -> Array:
        raise NotImplementedError

    def slope_change(self, score: Array, change: Array, y: Array) -> Array:
        """slope(score + change) - slope(score); free of cancellation where a formula allows it."""
        _, score, change, y = _triple(score, change, y)
        return self.slope(score + change, y) - self.slope(score, y)


@dataclass(frozen=True)
class Square(Loss):
    """The square loss (s - y)^2, without a factor 1/2: slope 2 (s - y), curvature 2.

    Lesson: 02_learning_problem
    """

    def value(self, score: Array, y: Array) -> Array:
        _, score, y = _pair(score, y)
        return (score - y) ** 2

    def slope(self, score: Array, y: Array) -> Array:
        _, score, y = _pair(score, y)
        return 2.0 * (score - y)

    def curvature(self, score: Array, y: Array) -> Array:
        xp, score, y = _pair(score, y)
        return xp.full_like(score - y, 2.0)

    def slope_change(self, score: Array, change: Array, y: Array) -> Array:
        """Just 2 change: the slope is linear, so the score cancels by algebra."""
        xp, score, change, y = _triple(score, change, y)
        return 2.0 * change + xp.zeros_like(score - y)


@dataclass(frozen=True)
class Absolute(Loss):
    """The absolute loss |s - y|; at s = y it has no derivative.

    Raises ValueError from slope and curvature where a score equals its target.

    Lesson: 02_learning_problem
    """

    def value(self, score: Array, y: Array) -> Array:
        xp, score, y = _pair(score, y)
        return xp.abs(score - y)

    def slope(self, score: Array, y: Array) -> Array:
        xp, score, y = _pair(score, y)
        residual = score - y
        self._off_the_kink(xp, residual)
        return xp.sign(residual)

    def curvature(self, score: Array, y: Array) -> Array:
        xp, score, y = _pair(score, y)
        residual = score - y
        self._off_the_kink(xp, residual)
        return xp.zeros_like(residual)

    def _off_the_kink(self, xp: ModuleType, residual: Array) -> None:
        _refuse_kink(xp, residual == 0.0, "The absolute loss |s - y|", "s = y", "Square()")


@dataclass(frozen=True)
class EpsilonInsensitive(Loss):
    """The epsilon-insensitive loss max(0, |s - y| - epsilon): residuals within epsilon are free.

    Raises ValueError from slope and curvature where |s - y| equals epsilon.

    Source: Vapnik (1995), The Nature of Statistical Learning Theory, section 6.1.
    Lesson: 02_learning_problem
    """

    epsilon: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "epsilon", _parameter("epsilon", self.epsilon, zero=True))

    def value(self, score: Array, y: Array) -> Array:
        xp, score, y = _pair(score, y)
        beyond = xp.abs(score - y) - self.epsilon
        return xp.where(beyond > 0.0, beyond, xp.zeros_like(beyond))

    def slope(self, score: Array, y: Array) -> Array:
        xp, score, y = _pair(score, y)
        residual = score - y
        self._off_the_kink(xp, residual)
        outside = xp.abs(residual) > self.epsilon
        return xp.where(outside, xp.sign(residual), xp.zeros_like(residual))

    def curvature(self, score: Array, y: Array) -> Array:
        xp, score, y = _pair(score, y)
        residual = score - y
        self._off_the_kink(xp, residual)
        return xp.zeros_like(residual)

    def _off_the_kink(self, xp: ModuleType, residual: Array) -> None:
        on_it, where = xp.abs(residual) == self.epsilon, f"|s - y| = epsilon = {self.epsilon:g}"
        _refuse_kink(xp, on_it, "The epsilon-insensitive loss", where, "Square()")


@dataclass(frozen=True)
class ZeroOne(Loss):
    """The zero-one loss: 1 where y s <= 0 (a wrong sign, or none), else 0.

    It is flat wherever it is smooth, so its derivatives say nothing: slope and curvature raise
    ValueError everywhere.

    Lesson: 02_learning_problem
    """

    binary: ClassVar[bool] = True

    def value(self, score: Array, y: Array) -> Array:
        xp, score, y = _pair(score, y)
        margin = y * score
        return xp.where(margin <= 0.0, xp.ones_like(margin), xp.zeros_like(margin))

    def slope(self, score: Array, y: Array) -> Array:
        self._refuse()

    def curvature(self, score: Array, y: Array) -> Array:
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise ValueError(
            "The zero-one loss has no usable derivative: it jumps at score 0 and is flat "
            "everywhere else. Train with Logistic() or SmoothHinge(t) in its place, and keep "
            "ZeroOne() for counting mistakes."
        )


@dataclass(frozen=True)
class Hinge(Loss):
    """The hinge loss max(0, 1 - y s) of the support vector machine; a kink at margin y s = 1.

    Raises ValueError from slope and curvature where a margin is exactly 1.

    Source: Cortes & Vapnik (1995), Support-vector networks.
    Lesson: 02_learning_problem
    """

    binary: ClassVar[bool] = True

    def value(self, score: Array, y: Array) -> Array:
        xp, score, y = _pair(score, y)
        short = 1.0 - y * score
        return xp.where(short > 0.0, short, xp.zeros_like(short))

    def slope(self, score: Array, y: Array) -> Array:
        xp, score, y = _pair(score, y)
        margin = y * score
        self._off_the_kink(xp, margin)
        zeros = xp.zeros_like(margin)
        return xp.where(margin < 1.0, zeros - y, zeros)

    def curvature(self, score: Array, y: Array) -> Array:
        xp, score, y = _pair(score, y)
        margin = y * score
        self._off_the_kink(xp, margin)
        return xp.zeros_like(margin)

    def _off_the_kink(self, xp: ModuleType, margin: Array) -> None:
        _refuse_kink(xp, margin == 1.0, "The hinge loss", "y s = 1", "SmoothHinge(t)")


@dataclass(frozen=True)
class SquaredHinge(Loss):
    """The squared hinge loss max(0, 1 - y s)^2; its slope has a kink at margin y s = 1.

    Slope -2 y max(0, 1 - y s); curvature 2 below the margin 1 and 0 above. Raises ValueError from
    curvature where a margin is exactly 1.

    Source: Fan et al. (2008), LIBLINEAR: a library for large linear classification.
    Lesson: 11_when_assumptions_break
    """

    binary: ClassVar[bool] = True

    def value(self, score: Array, y: Array) -> Array:
        return self._short(score, y) ** 2

    def slope(self, score: Array, y: Array) -> Array:
        _, score, y = _pair(score, y)
        return -2.0 * y * self._short(score, y)

    def curvature(self, score: Array, y: Array) -> Array:
        xp, score, y = _pair(score, y)
        margin = y * score
        _refuse_kink(xp, margin == 1.0, "The slope of the squared hinge", "y s = 1", "Logistic()")
        return xp.where(margin < 1.0, xp.full_like(margin, 2.0), xp.zeros_like(margin))

    def _short(self, score: Array, y: Array) -> Array:
        xp, score, y = _pair(score, y)
        short = 1.0 - y * score
        return xp.where(short > 0.0, short, xp.zeros_like(short))


@dataclass(frozen=True)
class SmoothHinge(Loss):
    """The smooth hinge t log(1 + e^((1 - y s) / t)), which tends to the hinge loss as t -> 0.

    With u = (y s - 1) / t and the logistic sigmoid sigma: slope -y sigma(-u), curvature
    sigma(u) sigma(-u) / t. t > 0 is the width of the rounded corner.

    Source: Koh & Liang (2017), section 4.3.
    Lesson: 11_when_assumptions_break
    """

    t: float
    binary: ClassVar[bool] = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "t", _parameter("t", self.t, zero=False))

    def value(self, score: Array, y: Array) -> Array:
        xp, score, y = _pair(score, y)
        u = (y * score - 1.0) / self.t
        return self.t * _softplus(xp, -u)

    def slope(self, score: Array, y: Array) -> Array:
        xp, score, y = _pair(score, y)
        u = (y * score - 1.0) / self.t
        return -y * _sigmoid(xp, -u)

    def curvature(self, score: Array, y: Array) -> Array:
        xp, score, y = _pair(score, y)
        u = (y * score - 1.0) / self.t
        return _sigmoid_slope(xp, u) / self.t

    def slope_change(self, score: Array, change: Array, y: Array) -> Array:
        """The change y (sigma(u + y change / t) - sigma(u)), without cancellation."""
        xp, score, change, y = _triple(score, change, y)
        return y * _sigmoid_change(xp, (y * score - 1.0) / self.t, (y / self.t) * change)


@dataclass(frozen=True)
class Logistic(Loss):
    """The logistic loss log(1 + e^(-y s)), the negative log-likelihood of logistic regression.

    With the sigmoid sigma: slope -y sigma(-y s), curvature sigma(s) sigma(-s).

    Lesson: 02_learning_problem
    """

    binary: ClassVar[bool] = True

    def value(self, score: Array, y: Array) -> Array:
        xp, score, y = _pair(score, y)
        return _softplus(xp, -y * score)

    def slope(self, score: Array, y: Array) -> Array:
        xp, score, y = _pair(score, y)
        return -y * _sigmoid(xp, -y * score)

    def curvature(self, score: Array, y: Array) -> Array:
        xp, score, y = _pair(score, y)
        return _sigmoid_slope(xp, y * score)

    def slope_change(self, score: Array, change: Array, y: Array) -> Array:
        """The change sigma(s + change) - sigma(s), without cancellation.

        The slope is sigma(s) - (1 + y) / 2 for labels -1 and +1, so the label cancels.
        """
        xp, score, change, y = _triple(score, change, y)
        return _sigmoid_change(xp, score * y**2, change)  # y^2 = 1, in the shape of both


def _softplus(xp: ModuleType, z: Array) -> Array:
    """log(1 + e^z), where e^z alone would overflow."""
    return xp.logaddexp(z, xp.zeros_like(z))


def _sigmoid(xp: ModuleType, z: Array) -> Array:
    """1 / (1 + e^(-z)), with an exponential that never overflows."""
    e = xp.exp(-xp.abs(z))
    return xp.where(z >= 0.0, 1.0 / (1.0 + e), e / (1.0 + e))


def _sigmoid_slope(xp: ModuleType, z: Array) -> Array:
    """sigma(z) sigma(-z), the derivative of sigma: e / (1 + e)^2 with e = e^(-abs(z))."""
    e = xp.exp(-xp.abs(z))
    return e / (1.0 + e) ** 2


def _sigmoid_change(xp: ModuleType, u: Array, du: Array) -> Array:
    """sigma(u + du) - sigma(u), to full relative accuracy however small du is.

    With T = tanh(du / 2), by the addition theorem of tanh, where 1 + tanh(u / 2) T is not small::

        sigma(u + du) - sigma(u) = 2 sigma(u) sigma(-u) T / (1 + tanh(u / 2) T)

    It takes half the time of `_far_change`: of the factors only T has the shape of du, and tanh is
    faster than expm1. On a GPU looking at du takes longer than either.
    """
    if not is_gpu(du) and scalar(xp.all(xp.abs(du) <= 2.0)):
        T = xp.tanh(0.5 * du)
        return 2.0 * _sigmoid_slope(xp, u) * T / (1.0 + xp.tanh(0.5 * u) * T)
    return _far_change(xp, u, du)


@fused
def _far_change(xp: ModuleType, u: Array, du: Array) -> Array:
    """For a < b: sigma(b) - sigma(a) = sigma(b) sigma(-a) (1 - e^(a - b)), du of any size."""
    up, after, shrunk = du >= 0.0, u + du, xp.expm1(-xp.abs(du))
    of_after = _sigmoid(xp, xp.where(up, after, -after))
    of_before = xp.where(up, _sigmoid(xp, -u), _sigmoid(xp, u))
    return xp.where(up, -shrunk, shrunk) * of_after * of_before


def _pair(score: Any, y: Any) -> tuple[ModuleType, Array, Array]:
    """Score and y as floating arrays of one library (numbers and lists are welcome too)."""
    xp = array_namespace(score, y)
    if not is_array(score) or not xp.isdtype(score.dtype, "real floating"):
        score = as_float(score, "score", like=y if _is_float_array(y) else None)
    if not is_array(y) or not xp.isdtype(y.dtype, "real floating"):
        y = as_float(y, "y", like=score)
    if score.shape != y.shape:
        _check_broadcast("score", score, "y", y)
    return xp, score, y


def _triple(score: Any, change: Any, y: Any) -> tuple[ModuleType, Array, Array, Array]:
    """The same with a change of the score."""
    xp, score, y = _pair(score, y)
    if not _is_float_array(change):
        change = as_float(change, "change", like=score)
    _check_broadcast("change", change, "score", score)
    return xp, score, change, y


def _check_broadcast(name: str, a: Array, other: str, b: Array) -> None:
    for m, n in zip(reversed(a.shape), reversed(b.shape), strict=False):
        if m != n and 1 not in (m, n):
            raise ValueError(
                f"{name} has shape {tuple(a.shape)} and {other} {tuple(b.shape)}: they are taken "
                "element by element, so there has to be one for each of the other."
            )


def _is_float_array(x: Any) -> bool:
    return is_array(x) and array_namespace(x).isdtype(x.dtype, "real floating")


def _parameter(name: str, value: Any, *, zero: bool) -> float:
    """The parameter of a loss as a Python float: positive, or 0 where `zero` allows it."""
    if not require.is_real(value) or not (0.0 < value < math.inf or (zero and value == 0.0)):
        bound = ">= 0" if zero else "> 0"
        raise ValueError(f"{name} is {value!r}; it has to be a finite number {bound}.")
    return float(value)


def _refuse_kink(xp: ModuleType, on_it: Array, loss: str, where: str, smooth: str) -> None:
    if not scalar(xp.any(on_it)):
        return
    first = tuple(int(j[0]) for j in to_numpy(on_it).nonzero()) if on_it.ndim else ()
    which = "the score at index " + ", ".join(map(str, first)) if first else "this score"
    raise ValueError(
        f"{loss} has no derivative where {where}, and {which} is exactly there. Take the smooth "
        f"loss {smooth} in its place, or move off the kink."
    )
