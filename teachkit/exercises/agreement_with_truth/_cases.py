"""Points, groups and unfinished fits, and the slips of what a group has in common."""

from __future__ import annotations

import numpy as np

from .. import part
from .._slips import gradient
from .._slips.logistic import any_point, fit, hessian, risks, sigma

_GROUPS = ((1, 4), (2, 0, 5), (3,))


def every_point() -> list[tuple]:
    return [(X, y, theta, l2, i) for X, y, theta, l2 in risks() for i in range(len(y))]


def any_point_of_many(draw):
    """A point without which both classes remain, as libraries ask for that fit deleted rows."""
    case = any_point(draw)
    return case if all(np.sum(case[1] == label) > 1 for label in (-1, 1)) else None


def unfinished_fits() -> list[tuple]:
    """(X, y, theta, l2) with theta beside the minimum, never 0 and not along a single axis."""
    moves = (np.array([0.3, -0.2, 0.4]), np.array([-0.5, 0.6, 0.1]), np.array([0.02, 0.05, -0.03]))
    return [(X, y, theta + move, l2) for X, y, theta, l2 in risks() for move in moves]


def any_unfinished_fit(draw):
    # So near the minimum that full Newton steps find it: none of them is longer than the way.
    X, y, theta, l2, _ = any_point(draw)
    away = draw.pick(0.3, 0.1, 0.01) * draw.numbers(len(theta), low=0.2)
    H = hessian(X, y, theta + away, l2)
    step = np.linalg.solve(H, -_slope(X, y, theta + away, l2))
    near = np.linalg.norm(step + away) < 0.7 * np.linalg.norm(away)
    return (X, y, theta + away, l2) if near else None


def _slope(X, y, theta, l2):
    return -(y * sigma(-y * (X @ theta))) @ X / len(y) + l2 * theta


def groups() -> list[tuple]:
    """(X, y, theta, l2, S): of one class and of two, in no order, and one point alone."""
    return [(X, y, theta, l2, list(S)) for X, y, theta, l2 in risks() for S in _GROUPS]


def any_group(draw):
    """A group without which both classes remain, as libraries ask for that fit deleted rows."""
    X, y, theta, l2, _ = any_point(draw)
    S = draw.order(len(y))[: draw.whole(1, len(y) - 1)]
    return (X, y, theta, l2, S) if len(set(np.delete(y, S))) == 2 else None


def kept(y, S):
    """1 for the points that stay, 0 for those of S."""
    return np.where(np.isin(np.arange(len(y)), S), 0.0, 1.0)


def truth(X, y, theta, l2, S):
    return fit(X, y, l2, kept(y, S)) - theta


# The gradients g_i of the points in S, (|S|, p), with the slips of one point's gradient.
GRADIENTS = part(
    gradient.rows(gradient.POINT.right),
    *(
        (slip.name, *map(gradient.rows, slip.functions), slip.message)
        for slip in gradient.POINT.slips
        if slip.name not in ("label of the other point", "x of the other point")
    ),
    ("first of the group", lambda X, y, theta, S: np.array(
        [gradient.gradient(X, y, theta, S[0])] * len(S)),
     """The gradient is that of the first point of S, once for each of them. Every point of the
     group has its own."""),
    ("gradients of the others", lambda X, y, theta, S: np.array(
        [gradient.gradient(X, y, theta, i) for i in range(len(y)) if i not in S]),
     """You added the gradients of the points that stay. It is the leaving of S that pulls: those of
     the points in S."""),
    ("penalised gradient", lambda X, y, theta, l2, S: np.array(
        [gradient.gradient(X, y, theta, i) + l2 * theta for i in S]),
     """You put l2 theta into each gradient, as if the points took a share of the penalty along.
     In this course the penalty stays whole, and n stays n."""),
)


def wrong_by(X, y, theta, i):
    """sigma(-m_i): how wrong the model is about the point."""
    return sigma(-y[i] * (X[i] @ theta))
