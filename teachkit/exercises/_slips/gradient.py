"""The gradient of one point's logistic loss, -y sigma(-m) x with the margin m = y x'theta.

POINT is that of any point, whose features are called x_i and whose label y_i: `POINT.at(...)` says
what these are. TRAINING is that of training point i of X (n, p) and y (n,), without penalty.
"""

from __future__ import annotations

import numpy as np

from .._engine.mistake import Function
from .._engine.parts import call, part
from .logistic import gradient, sigma


def rows(function: Function) -> Function:
    """A formula for one point's gradient, as one for those of the points S: a row each."""

    def of(X, y, theta, S):
        here = ({"x_i": X[i], "y_i": y[i], "theta": theta} for i in S)
        return np.array([call(function, names) for names in here])

    return of


def _sum(X, y, theta):
    return sum(gradient(X, y, theta, k) for k in range(len(y)))


POINT = part(
    lambda x_i, y_i, theta: -y_i * sigma(-y_i * (x_i @ theta)) * x_i,
    ("no label", lambda x_i, y_i, theta: -sigma(-y_i * (x_i @ theta)) * x_i,
     """The label is missing in the gradient (or stands there twice, and y^2 = 1): right for points
     with y = +1, turned round for those with y = -1. grad L = -y sigma(-m) x."""),
    ("label nowhere", lambda x_i, theta: -sigma(-(x_i @ theta)) * x_i,
     """The label is missing twice, before the sigma and inside it: right for points with y = +1
     only. grad L = -y sigma(-m) x with the margin m = y x'theta."""),
    ("sigma of +m", lambda x_i, y_i, theta: -y_i * sigma(y_i * (x_i @ theta)) * x_i,
     """The gradient is too long for points that are classified well and too short for the others:
     you have sigma(+m), the probability of being right. A point pulls by how wrong the model is
     about it: sigma(-m), m = y x'theta."""),
    ("sigma without its label",
     lambda x_i, y_i, theta: -y_i * sigma(x_i @ theta) * x_i,
     lambda x_i, y_i, theta: -y_i * sigma(-(x_i @ theta)) * x_i,
     """The label stands before the sigma and not inside it: in sigma(-m) the margin is
     m = y x'theta, so sigma of x'theta alone, of either sign, is right for one class only."""),
    ("label of the other point", lambda x_i, y_i, theta, y_other: (
        -y_i * sigma(-y_other * (x_i @ theta)) * x_i),
     """The label inside the sigma is that of the other point. Each margin has the label of its own
     point: y_test x_test'theta, and y_i x_i'theta."""),
    ("x of the other point", lambda x_i, y_i, theta, x_other: (
        -y_i * sigma(-y_i * (x_i @ theta)) * x_other),
     """One x stands on both sides of H^-1, for two points: x_test'H^-1 x_i has that of each."""),
    ("curvature for slope", lambda x_i, y_i, theta: (
        -y_i * sigma(x_i @ theta) * sigma(-(x_i @ theta)) * x_i),
     """The gradient has sigma(m) sigma(-m), as the Hessian has. The slope of the loss is
     -sigma(-m), how wrong the model is; its own derivative is that product."""),
    ("odds for sigma", lambda x_i, y_i, theta: -y_i * np.exp(-y_i * (x_i @ theta)) * x_i,
     """e^(-m) stands where sigma(-m) belongs. The derivative of log(1 + e^(-m)) is that of the
     inside over the inside: -e^(-m) / (1 + e^(-m)) = -sigma(-m)."""),
    ("loss for its slope", lambda x_i, y_i, theta: (
        -y_i * np.log1p(np.exp(-y_i * (x_i @ theta))) * x_i),
     """The loss itself, log(1 + e^(-m)), stands where its slope belongs: the derivative in m is
     -sigma(-m), and with m = y x'theta the gradient is -y sigma(-m) x."""),
    ("square loss",
     *(lambda x_i, y_i, theta, c=c: c * (x_i @ theta - y_i) * x_i for c in (1, 2)),
     """(x'theta - y) x is the gradient of a square loss. Here the loss is log(1 + e^(-m)) with the
     margin m = y x'theta: -y sigma(-m) x."""),
    ("labels 0 and 1", lambda x_i, y_i, theta: (sigma(x_i @ theta) - y_i) * x_i,
     """(sigma(x'theta) - y) x is the gradient for labels 0 and 1. Here they are -1 and +1, for
     which it is -y sigma(-y x'theta) x."""),
    ("no loss factor", lambda x_i, y_i: -y_i * x_i,
     """The gradient is -y x in yours, equally long for a point that is fitted well and for one on
     the wrong side. The factor sigma(-m) is missing: how wrong the model is about it."""),
    ("the point for its gradient", lambda x_i: x_i, lambda x_i: -x_i,
     """x_i stands where its gradient belongs. The loss pulls along x_i; how hard, and to which
     side, the label and the fit say: grad L = -y sigma(-m) x."""),
)

TRAINING = POINT.at(x_i=lambda X, i: X[i], y_i=lambda y, i: y[i]).more(
    ("gradient of all points", lambda X, y, theta: _sum(X, y, theta) / len(y), _sum,
     """Yours is the same for every i: the gradient is that of all losses, as a mean or a sum. The
     weight of one point is turned, so it is grad L(z_i), of that point alone."""),
    ("gradient of R", lambda X, y, theta, l2: _sum(X, y, theta) / len(y) + l2 * theta,
     """Yours is 0 but for rounding: you took the gradient of the whole R, and theta is where that
     vanishes. What pushes is the loss of one point, grad L(z_i)."""),
    ("penalised gradient", lambda X, y, theta, l2, i: gradient(X, y, theta, i) + l2 * theta,
     """You put l2 theta into the gradient of the point. That is another convention, not nonsense:
     there the point takes its share of the penalty along, and after a removal the mean runs over
     n - 1. In this course n stays, and L(z_i) has no penalty."""),
    ("column for row",
     lambda X, y, theta, i: y[i] * (X[:, i] @ theta), lambda X, y, theta, i: theta @ X[:, i],
     """`X[:, i]` is column i, one feature of all points. Point i is row i of X, `X[i]`."""),
    ("another point",
     lambda X, y, theta, i: gradient(X, y, theta, i + 1),
     lambda X, y, theta, i: gradient(X, y, theta, i - 1),
     lambda X, y, theta, i: gradient(X, y, theta, (i + 1) % len(y)),
     """This is the answer for the next point or for the one before. Indices count from 0: `X[i]`
     and `y[i]` are those of point i."""),
)
