"""What people write for the gradient of a training point, and what to tell them: 7.3 and 7.4."""

from __future__ import annotations

from collections.abc import Callable

from .. import Mistake
from .._slips.logistic import gradient, sigma
from ._formulas import Part


def _unlabelled(X, y, theta, l2, i):
    return -sigma(-y[i] * (X[i] @ theta)) * X[i]


def _label_nowhere(X, y, theta, l2, i):
    return -sigma(-(X[i] @ theta)) * X[i]


def _wrong_margin(X, y, theta, l2, i):
    return -y[i] * sigma(y[i] * (X[i] @ theta)) * X[i]


def _zero_one(X, y, theta, l2, i):
    return (sigma(X[i] @ theta) - y[i]) * X[i]


def _bare(X, y, theta, l2, i):
    return -y[i] * X[i]


def _sigma_without_label(sign):
    return lambda X, y, theta, l2, i: -y[i] * sigma(sign * (X[i] @ theta)) * X[i]


def _point_itself(sign):
    return lambda X, y, theta, l2, i: sign * X[i]


def _sum(X, y, theta, l2, i):
    return sum(gradient(X, y, theta, k) for k in range(len(y)))


def _mean(X, y, theta, l2, i):
    return _sum(X, y, theta, l2, i) / len(y)


def _of_the_risk(X, y, theta, l2, i):
    return _mean(X, y, theta, l2, i) + l2 * theta


def _neighbour(step):
    return lambda X, y, theta, l2, i: gradient(X, y, theta, i + step)


def _neighbour_around(X, y, theta, l2, i):
    return gradient(X, y, theta, (i + 1) % len(y))


_SLOPES: tuple[tuple[str, tuple[Part, ...], str], ...] = (
    (
        "no label",
        (_unlabelled,),
        "The label is missing in the gradient: right for points with y = +1, turned round for "
        "those with y = -1. grad L = -y sigma(-m) x.",
    ),
    (
        "label nowhere",
        (_label_nowhere,),
        "The label is missing twice, before the sigma and inside it: right for points with y = +1 "
        "only. grad L = -y sigma(-m) x with the margin m = y x'theta.",
    ),
    (
        "sigma of +m",
        (_wrong_margin,),
        "The gradient is too long for points that are classified well and too short for the "
        "others: you have sigma(+m), the probability of being right. A point pulls by how wrong "
        "the model is about it: sigma(-m), m = y x'theta.",
    ),
    (
        "sigma without its label",
        (_sigma_without_label(1.0), _sigma_without_label(-1.0)),
        "The label stands before the sigma and not inside it: in sigma(-m) the margin is "
        "m = y x'theta, so sigma of x'theta alone, of either sign, is right for one class only.",
    ),
    (
        "labels 0 and 1",
        (_zero_one,),
        "(sigma(x'theta) - y) x is the gradient for labels 0 and 1. Here they are -1 and +1, for "
        "which it is -y sigma(-y x'theta) x.",
    ),
    (
        "no loss factor",
        (_bare,),
        "The gradient is -y x in yours, equally long for a point that is fitted well and for one "
        "on the wrong side. The factor sigma(-m) is missing: how wrong the model is about it.",
    ),
    (
        "the point for its gradient",
        (_point_itself(1.0), _point_itself(-1.0)),
        "x_i stands where its gradient belongs. The loss pulls along x_i; how hard, and to which "
        "side, the label and the fit say: grad L = -y sigma(-m) x.",
    ),
    (
        "gradient of all points",
        (_mean, _sum),
        "Yours is the same for every i: the gradient is that of all losses, as a mean or a sum. "
        "The weight of one point is turned, so it is grad L(z_i), of that point alone.",
    ),
    (
        "gradient of R",
        (_of_the_risk,),
        "Yours is 0 but for rounding: you took the gradient of the whole R, and theta is where "
        "that vanishes. What pushes is the loss of one point, grad L(z_i).",
    ),
    (
        "another point",
        (_neighbour(1), _neighbour(-1), _neighbour_around),
        "This is the answer for the next point or for the one before. Indices count from 0: "
        "`X[i]` and `y[i]` are those of point i.",
    ),
)


def wrong_slopes(
    answer: Callable[[Part], Callable[..., object]], only: tuple[str, ...] = ()
) -> tuple[Mistake, ...]:
    """The mistakes in the gradient of point i, in the same way; ``only`` picks some of them."""
    return tuple(
        Mistake(name, tuple(answer(part) for part in parts), message)
        for name, parts, message in _SLOPES
        if not only or name in only
    )
