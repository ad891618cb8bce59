"""Do the parts of a risk written by hand belong together? A mean, its weights, its penalty, its H.

A risk that sums where the design has a mean has the same minimum, and every removal is predicted n
times too small; nothing else would notice. Each part is asked once, beside others that know it. A
risk of the library's own is not asked.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import getattr_static
from typing import Any, NoReturn

import numpy as np

from teachkit.arrays import Array, LinearMap, array_namespace, device, quiet, to_numpy
from teachkit.risks.watched import Watched

GROSS = 1e-2  # more than rounding makes, in float32 too, and more than difference formulas do
STEP = 1e-3
ORACLES = ("gradient", "hessian", "linearize", "example_gradients", "reweighted", "leverages")


@quiet()
def check_gradients(asked: Watched, theta: Array, gradients: Array) -> None:
    """Raise ValueError where grad R is not the mean of the example gradients g_i and the penalty.

    Asked with weights w' that differ, since at a minimum every multiple of grad R is 0 alike::

        grad R_w' - grad R  =  (1/n) sum_i (w'_i - w_i) g_i

    A further term that the weights do not change, such as a penalty of one's own, is let pass.
    """
    if not _speaks_for_itself(asked):
        return
    n, w, xp = asked.n, asked.weights, array_namespace(theta)
    unit = _units(asked, gradients)
    on_one_side = gradients @ _put(_signs(unit) / unit, theta) > 0.0  # so that nothing cancels
    changed = xp.where(on_one_side, 0.25 * w, 1.5 * w)
    other = Watched(asked.reweighted(changed))
    if np.any(to_numpy(other.weights) != to_numpy(changed)):
        _refuse(asked, "reweighted(weights) has other weights than it was given")
    if _other(to_numpy(other.example_gradients(theta)) / unit, to_numpy(gradients) / unit):
        _refuse(asked, "example_gradients change with the weights; they have none, and no penalty")
    now, then = (to_numpy(r.gradient(theta)) / unit for r in (asked, other))
    mean, mean_then = (to_numpy(r.weights @ gradients) / n / unit for r in (asked, other))
    penalty = to_numpy(getattr(asked.risk, "l2", 0.0) * theta) / unit
    change, expected = then - now, mean_then - mean
    total, total_then = (float(np.sum(to_numpy(r.weights))) for r in (asked, other))
    if _other(change, expected):
        c = float(change @ expected / (expected @ expected))
        if abs(c) < GROSS and not _other(change + expected, expected):
            _refuse(asked, "the gradient does not change with the weights")
        if not _other(change, c * expected):
            sums = " (it is their sum)" if abs(c / n - 1.0) < GROSS else ""
            _refuse(
                asked,
                f"the gradient is {c:.4g} times the mean of the example gradients plus the "
                f"penalty{sums}",
            )
        if not _other(then - penalty, mean_then * n / total_then):
            _refuse(asked, "the gradient is divided by the sum of the weights, and n stays n")
        if not _other(change, expected - penalty * (total_then - total) / n):
            _refuse(asked, "example_gradients contain the penalty")
        _refuse(asked, "the gradient follows the weights in another way than its examples do")
    counts = np.abs(penalty) > 1e-6
    times = 1.0 + (now - mean - penalty)[counts] / penalty[counts]
    for wrong, said in ((0.0, "leaves the penalty out"), (2.0, "has the penalty twice"), (n, "")):
        if times.size and n > 1 and np.all(np.abs(times - wrong) < GROSS * max(wrong, 1.0)):
            _refuse(asked, f"the gradient {said or f'has the penalty {n} times'}")


@quiet()
def check_curvature(asked: Watched, theta: Array, gradients: Array) -> None:
    """Raise ValueError where H v is not the derivative of grad R along v, a central difference."""
    if not _speaks_for_itself(asked):
        return
    unit = _units(asked, gradients)
    v = _signs(unit) / unit / np.sqrt(unit.size)  # theta_j has the inverse units of g_j

    def difference(t: float) -> np.ndarray:
        ahead, behind = (asked.gradient(theta + _put(s * t * v, theta)) for s in (1.0, -1.0))
        return to_numpy(ahead - behind) / (2.0 * t) / unit

    derivative = where_two_steps_agree(difference)
    if derivative is None:
        return
    for name, product in _products(asked, theta):
        Hv = to_numpy(product(_put(v, theta))) / unit
        if not _other(Hv, derivative):
            continue
        penalty = to_numpy(getattr(asked.risk, "l2", 0.0) * _put(v, theta)) / unit
        c = float(Hv @ derivative / (derivative @ derivative))
        if not _other(Hv, derivative - penalty):
            _refuse(asked, f"{name} leaves the penalty out of H")
        if not _other(Hv, c * derivative):
            _refuse(asked, f"{name} gives {c:.4g} times the derivative of the gradient")
        _refuse(asked, f"{name} does not give the derivative of the gradient")


@quiet()
def check_input_gradient(asked: Watched, theta: Array, i: int, s: Array, found: Array) -> None:
    """Raise ValueError where input_gradient is no derivative of s . grad_theta L(z_i) in x_i."""
    if not _speaks_for_itself(asked):
        return
    x, y = asked.risk.X[i : i + 1, :], asked.risk.y[i : i + 1]
    v = _signs(np.empty(x.shape[1])) * np.maximum(np.abs(to_numpy(x[0, :])), 1.0)

    def difference(t: float) -> np.ndarray:
        moved = (x + _put(sign * t * v, x)[None, :] for sign in (1.0, -1.0))
        ahead, behind = (asked.gradient_at(theta, X, y)[0, :] @ s for X in moved)
        return np.atleast_1d(to_numpy(ahead - behind) / (2.0 * t))

    derivative = where_two_steps_agree(difference)
    along = np.atleast_1d(to_numpy(found) @ v)
    if derivative is not None and _other(along, derivative):
        _refuse(
            asked,
            f"input_gradient gives {along[0]:.4g} along a move of x where differences of "
            f"s . gradient_at give {derivative[0]:.4g}",
        )


@quiet()
def check_leverages(asked: Watched, theta: Array, g: Array, solve: LinearMap, h: Array) -> None:
    """Raise ValueError where the largest h_i is not what example i's own curvature says.

    With u = H^-1 g_i and H - H_i the H without example i, whose g_i is a multiple of x_i::

        h_i  =  u' H_i u / (g_i' u)
    """
    if not _speaks_for_itself(asked):
        return
    i = int(np.argmax(np.abs(to_numpy(h))))
    xp = array_namespace(theta)
    at_i = xp.arange(asked.n, device=device(theta)) == i
    without = Watched(asked.reweighted(xp.where(at_i, 0.0 * asked.weights, asked.weights)))
    u = solve(g[i, :])
    H_i = asked.linearize(theta)(u) - without.linearize(theta)(u)
    below = float(to_numpy(g[i, :] @ u))
    expected = float(to_numpy(u @ H_i)) / below if below > 0.0 else 0.0
    given = float(to_numpy(h)[i])
    if below > 0.0 and abs(given - expected) > GROSS * max(abs(given), abs(expected)) + 1e-6:
        _refuse(
            asked,
            f"leverages gives {given:.4g} for example {i}, and its own curvature "
            f"{expected:.4g}: h_i = w_i c_i x_i' H^-1 x_i / n, where its Hessian is c_i x_i x_i'",
        )


def _speaks_for_itself(asked: Watched) -> bool:
    """Whether the risk is the user's, and some oracle its own."""
    own = (getattr_static(asked.risk, oracle, None) for oracle in ORACLES)
    return not asked.ours and any(own)


def _products(asked: Watched, theta: Array) -> list[tuple[str, LinearMap]]:
    """What gives H v here."""
    found: list[tuple[str, LinearMap]] = []
    if callable(getattr(asked.risk, "linearize", None)):
        found.append(("linearize(theta)(v)", asked.linearize(theta)))
    if callable(getattr(asked.risk, "hessian", None)):
        found.append(("hessian(theta) @ v", asked.hessian(theta).__matmul__))
    return found


def where_two_steps_agree(difference: Callable[[float], np.ndarray]) -> np.ndarray | None:
    """The narrower of two central differences; None where they disagree, and nothing is told."""
    wide, narrow = difference(STEP), difference(STEP / 2.0)
    agree = np.all(np.isfinite(narrow)) and not _other(wide, narrow, GROSS / 10.0)
    return narrow if agree and np.any(narrow) else None


def _other(a: Any, b: Any, tol: float = GROSS) -> bool:
    """Whether a and b, both in units of their own, differ by more than a part of the larger."""
    return bool(np.max(np.abs(a - b)) > tol * max(np.max(np.abs(a)), np.max(np.abs(b))) + 1e-12)


def _units(asked: Watched, gradients: Array) -> np.ndarray:
    """(1/n) sum_i abs(w_i g_ij) of each parameter j, (p,): the terms of the gradient."""
    unit = to_numpy(asked.weights @ array_namespace(gradients).abs(gradients)) / asked.n
    return np.where(unit > 0.0, unit, 1.0)


def _signs(like: np.ndarray) -> np.ndarray:
    return np.random.default_rng(0).choice([-1.0, 1.0], size=like.shape)


def _put(v: np.ndarray, like: Array) -> Array:
    return array_namespace(like).asarray(v, dtype=like.dtype, device=device(like))


def _refuse(asked: Watched, what: str) -> NoReturn:
    raise ValueError(
        f"The parts of {type(asked.risk).__name__} do not belong together: {what}. A risk is R = "
        "(1/n) sum_i w_i L(z_i, theta) + 1/2 sum_j l2_j theta_j^2, n the number of all examples; "
        "its gradient and H contain weights, 1/n and penalty, and example_gradients none of them."
    )
