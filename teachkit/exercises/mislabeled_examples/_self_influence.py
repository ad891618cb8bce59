"""15.1: the influence of each point on its own loss."""

from __future__ import annotations

import numpy as np

from .. import better, exercise, formula, part
from .._slips import gradient, hessian, scale
from .._slips.logistic import curvature, sigma
from ._cases import any_fit, changes, fits, loss, rises


def _wrong_by(X, y, theta):
    """sigma(-m), how wrong the model is about each point."""
    return sigma(-y * (X @ theta))


def _lengths(X, y, theta, l2):
    """x_i'H^-1 x_i of every point."""
    return ((X @ np.linalg.inv(hessian.hessian(X, y, theta, l2))) * X).sum(axis=1)


def _leverages(X, y, theta, l2):
    return curvature(X, y, theta) * _lengths(X, y, theta, l2) / len(y)


# The gradients of all points, a row each. In a square a sign that is wrong does not show.
EACH = part(
    gradient.rows(gradient.POINT.right),
    *(
        (slip.name, *map(gradient.rows, slip.functions), slip.message)
        for slip in gradient.POINT.slips
        if slip.name not in ("no label", "label nowhere", "the point for its gradient",
                             "label of the other point", "x of the other point")
    ),
    ("penalised gradient", lambda X, y, theta, l2, S: np.array(
        [gradient.gradient(X, y, theta, i) + l2 * theta for i in S]),
     """You put l2 theta into each gradient, as if every point took a share of the penalty along.
     In this course the penalty stays whole, and L(z_i) has none."""),
    ("gradient of all points",
     lambda X, y, theta, S: np.array(
         [np.mean([gradient.gradient(X, y, theta, i) for i in S], axis=0)] * len(y)),
     """Yours is the same for every point: the gradient is that of all losses. On both sides of
     H^-1 stands grad L(z_i), of that point alone."""),
).at(S=lambda y: range(len(y)))


@exercise(
    "15.1",
    "The influence on oneself",
    prompt="""A logistic regression with labels -1 and +1: R(theta) is the mean of
    log(1 + e^(-y_i x_i'theta)) over the n points plus l2/2 times the squared length of theta, and
    `theta` minimises it. Return I_up,loss(z_i, z_i) for every point: how its own loss moves, per
    unit of eps, when eps L(z_i, theta) is added to R.""",
    minutes=7,
    difficulty=2,
    cases=fits,
    draw=any_fit,
    hints=(
        """The influence of z_i on the loss at z_test is -g_test'H^-1 g_i. Who is the test point
        here, and which sign can the result have?""",
        """g_i = -y_i sigma(-m_i) x_i stands on both sides, and y_i^2 = 1. What is left of the
        labels?""",
        """All x_i'H^-1 x_i at once: solve with H for the columns of X', multiply entry by entry
        with X', and add up the columns.""",
    ),
    explanation="""-g_i'H^-1 g_i = -sigma(-m_i)^2 x_i'H^-1 x_i: how wrong the model is about the
    point, squared, times how far theta gives way along its features. It is never positive, since
    H^-1 is positive definite: more weight on a point makes the point itself fit better. One
    factorisation of H serves all n.""",
    answer=formula(
        lambda H_inv, G: -((G @ H_inv) * G).sum(axis=1), H_inv=hessian.INVERSE, G=EACH
    ),
    mistakes=(
        ("sign", "-1",
         """A point with more weight is fitted better, so its own loss falls: the influence on
         oneself is never positive. The order is turned round with the sign, too."""),
        ("rise of its own loss", "-1/n",
         """That is by how much the point's own loss is predicted to rise when the point leaves, a
         step of eps = -1/n. Asked is the change per unit of eps."""),
        scale.PER_EPS[1],
        ("how wrong only once", lambda X, y, theta, l2: (
            -_wrong_by(X, y, theta) * _lengths(X, y, theta, l2)),
         """sigma(-m_i) stands there once. It is in both gradients, that of the point that is
         weighted and that of the point whose loss is watched: squared."""),
        ("curvature for the square",
         *(lambda X, y, theta, l2, c=c: c * len(y) * _leverages(X, y, theta, l2)
           for c in (-1, 1)),
         *(lambda X, y, theta, l2, c=c: c * _leverages(X, y, theta, l2) for c in (-1, 1)),
         """In yours stands s(1 - s) where sigma(-m)^2 belongs: that is leverage, how much of H a
         point makes. It is largest where the model wavers. Self-influence asks how wrong the model
         is about the point."""),
        better("leverage counted", lambda X, y, theta, l2, H_inv, G: (
            -((G @ H_inv) * G).sum(axis=1) / (1 - _leverages(X, y, theta, l2))),
               """Yours is divided by 1 - h_i, which counts that the point takes its own curvature
               along when it leaves. As a prediction of the removal that is better; the task asks
               for the derivative at eps = 0."""),
        ("leverage the wrong way", lambda X, y, theta, l2, H_inv, G: (
            -((G @ H_inv) * G).sum(axis=1) * (1 - _leverages(X, y, theta, l2))),
         """Yours is multiplied by 1 - h_i. A removal would be divided by it, and the derivative at
         eps = 0 has no such factor."""),
        ("all pairs", lambda H_inv, G: -G @ H_inv @ G.T,
         """This is the influence of each point on each other, (n, n). Of a point on itself are the
         entries on the diagonal."""),
        ("on all points together", lambda H_inv, G: -(G @ H_inv @ G.T).sum(axis=1),
         lambda H_inv, G: -(G @ H_inv @ G.T).mean(axis=1),
         """You added up the influences of each point on all of them. On itself it has one: the
         entry on the diagonal of that matrix."""),
        ("added up", lambda H_inv, G: -((G @ H_inv) * G).sum(), lambda H_inv, G: -((G @ H_inv) * G),
         """The sum runs over the wrong axis, over both, or is missing. Every point has its own
         number: for each row of X the sum over the p columns, (n,)."""),
        ("a label left over", lambda H_inv, G, y: -y * ((G @ H_inv) * G).sum(axis=1),
         """A label is left over: it stands in both gradients, and y_i^2 = 1. So influences of
         points with y = -1 have the wrong sign."""),
        ("its root", lambda H_inv, G: np.sqrt(((G @ H_inv) * G).sum(axis=1)),
         lambda H_inv, G: -np.sqrt(((G @ H_inv) * G).sum(axis=1)),
         "You took the square root, which makes it a length. The influence is the square."),
        ("change of theta", lambda H_inv, G: -G @ H_inv,
         """These are d theta / d eps, a row for each point. Its own loss moves by the product of
         each row with the point's own gradient."""),
        ("the losses", lambda X, y, theta: loss(y * (X @ theta)),
         lambda X, y, theta: -loss(y * (X @ theta)),
         """These are the losses of the points. They are the simple rival of this lesson;
         self-influence also asks how far theta gives way."""),
        ("the order", lambda H_inv, G: np.argsort(-((G @ H_inv) * G).sum(axis=1)),
         lambda H_inv, G: np.argsort(((G @ H_inv) * G).sum(axis=1)),
         "This is an order of the points, from `argsort`. Asked are the values."),
        better("retrained", lambda X, y, theta, l2: rises(X, y, theta, changes(X, y, theta, l2)),
               lambda X, y, theta, l2: -len(y) * rises(X, y, theta, changes(X, y, theta, l2)),
               """You retrained without each point and looked at its own loss. That is the truth,
               and exercise 15.2; asked is the influence, which does without retraining."""),
    ),
)
def self_influence(X, y, theta, l2):
    """I_up,loss(z_i, z_i) of every point, (n,); X is (n, p), y is (n,), theta is (p,)."""
    n, p = X.shape
    wrong = 1 / (1 + np.exp(y * (X @ theta)))
    H = (X.T * (wrong * (1 - wrong))) @ X / n + l2 * np.eye(p)
    return -(wrong**2) * (X.T * np.linalg.solve(H, X.T)).sum(axis=0)
