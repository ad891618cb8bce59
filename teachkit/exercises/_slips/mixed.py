"""The mixed derivative of one point's logistic loss, J = grad_x grad_theta L, (p, d).

J[a, b] = d/dx_b of entry a of grad_theta L = -y q x, with q = sigma(-m) and m = y x'theta: x stands
there twice, so J = -y q I + q (1 - q) x theta'. s'J asks how a weighted sum of the gradient changes
with x, and J delta how the gradient changes along delta. As in `gradient.POINT`, the features are
called x_i and the label y_i.
"""

from __future__ import annotations

import numpy as np

from .._engine.parts import part
from .logistic import sigma


def _q(x_i, y_i, theta):
    return sigma(-y_i * (x_i @ theta))


def _first(x_i, y_i, theta):
    return -y_i * _q(x_i, y_i, theta) * np.eye(len(x_i))


def _second(x_i, y_i, theta):
    q = _q(x_i, y_i, theta)
    return q * (1 - q) * np.outer(x_i, theta)


def of_q(q, x_i, y_i, theta):
    """J with any number for q."""
    return -y_i * q * np.eye(len(x_i)) + q * (1 - q) * np.outer(x_i, theta)


def mixed(x_i, y_i, theta):
    return _first(x_i, y_i, theta) + _second(x_i, y_i, theta)


MIXED = part(
    mixed,
    ("second term lost", _first,
     """x stands in the gradient -y q x twice: as the factor, and inside q = sigma(-y x'theta). You
     derived the factor alone; how wrong the model is about the point changes with x, too, and
     brings q (1 - q) x theta'."""),
    ("first term lost", _second,
     """You derived q = sigma(-y x'theta) alone. In the gradient -y q x the x is also a factor, and
     that brings -y q times the identity."""),
    ("mixed derivative transposed",
     lambda x_i, y_i, theta: _first(x_i, y_i, theta) + _second(x_i, y_i, theta).T,
     """In the second term x and theta are exchanged: your mixed derivative is transposed. It is not
     symmetric: rows belong to theta, columns to x. The entry a, b has q (1 - q) x_a theta_b, so
     that s'J has (x's) theta and J delta has (theta'delta) x."""),
    ("sign of the second term",
     lambda x_i, y_i, theta: _first(x_i, y_i, theta) - _second(x_i, y_i, theta),
     """The second term has the wrong sign. Deriving q = sigma(-m) in m gives -q (1 - q), which
     meets the minus of -y q x: plus q (1 - q) x theta'."""),
    ("sign of the first term",
     lambda x_i, y_i, theta: -_first(x_i, y_i, theta) + _second(x_i, y_i, theta),
     """The first term of the mixed derivative has the wrong sign: -y q I, with the minus of the
     gradient -y q x."""),
    ("label on the second term",
     *(lambda x_i, y_i, theta, c=c: (
         _first(x_i, y_i, theta) + c * y_i * _second(x_i, y_i, theta)) for c in (1, -1)),
     """A label is left in the second term, so it has the wrong sign for one of the classes. One y
     stands before q and one comes out of the margin: y^2 = 1."""),
    ("no label in the first term",
     *(lambda x_i, y_i, theta, c=c: (
         c * y_i * _first(x_i, y_i, theta) + _second(x_i, y_i, theta)) for c in (1, -1)),
     """The label is missing in the first term: -y q I, with the y of the gradient -y q x."""),
    ("no label in q",
     *(lambda x_i, y_i, theta, c=c: of_q(sigma(c * (x_i @ theta)), x_i, y_i, theta)
       for c in (-1, 1)),
     """The label is missing inside q = sigma(-y x'theta), the probability of the other class:
     sigma of x'theta alone, of either sign, is right for one class only. (In q (1 - q) it makes no
     difference.)"""),
    ("no label in either place",
     *(lambda x_i, y_i, theta, c=c: (
         _second(x_i, y_i, theta) - c * sigma(-c * (x_i @ theta)) * np.eye(len(x_i)))
       for c in (1, -1)),
     """In the first term the label is missing twice, before q and inside it: right for one class
     only. It is -y q I with q = sigma(-y x'theta)."""),
    ("derived in theta", lambda x_i, y_i, theta: (
        sigma(x_i @ theta) * sigma(-(x_i @ theta)) * np.outer(x_i, x_i)),
     """Yours is q (1 - q) x x', the Hessian of this point: the gradient is derived in theta once
     more. It is x that moves: derive it in x, which brings -y q I + q (1 - q) x theta'."""),
    ("q not derived", lambda x_i, y_i, theta: (
        _first(x_i, y_i, theta) + _q(x_i, y_i, theta) * np.outer(x_i, theta)),
     """In the second term q stands where its derivative belongs: sigma derived is
     sigma (1 - sigma), so it has q (1 - q)."""),
    ("q of +m", lambda x_i, y_i, theta: (
        _second(x_i, y_i, theta) - y_i * sigma(y_i * (x_i @ theta)) * np.eye(len(x_i))),
     """In the first term stands sigma(+m), the probability of being right. The gradient has
     q = sigma(-m): how wrong the model is about the point."""),
)
