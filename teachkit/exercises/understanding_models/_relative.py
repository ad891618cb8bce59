"""12.4: influence beside what a point does anyway."""

from __future__ import annotations

import numpy as np

from .. import better, exercise, formula, part
from .._slips import gradient, hessian
from .._slips.logistic import fit, risks


def _tests() -> list[tuple]:
    (X, y, theta, l2), (Z, others, at, penalty) = risks()
    return [
        (X, y, theta, l2, np.array([1.3, -0.8, 1.1]), -1.0),
        (Z, others, at, penalty, np.array([-0.4, 1.7, 0.9]), -1.0),
        (Z, others, at, penalty, np.array([1.2, 0.6, -1.5]), 1.0),
    ]


def _any_test(draw):
    n, p = draw.whole(3, 8), draw.whole(1, 3)
    X, y, l2 = draw.numbers(n, p, low=-3.0, high=3.0), draw.labels(n), draw.number(0.1, 1.5)
    if abs(X).max(axis=1).min() < 0.1:
        return None
    return X, y, fit(X, y, l2), l2, draw.numbers(p, low=-3.0, high=3.0), draw.pick(-1.0, 1.0)


# How long a training gradient is cancels; only its direction and its side can be wrong.
EACH = part(
    gradient.rows(gradient.POINT.right),
    ("no training label", gradient.rows(lambda x_i: -x_i),
     """The label is missing in the gradients of the training points: right for y = +1, turned round
     for y = -1."""),
    ("X for the gradients", gradient.rows(lambda x_i: x_i),
     """You solved with X.T. What moves theta is the gradient of each point, g_i = -y_i sigma(-m_i)
     x_i: the sigma cancels, -y_i does not."""),
    ("penalised gradient", lambda X, y, theta, l2: (
        -(y / (1 + np.exp(y * (X @ theta))))[:, None] * X + l2 * theta),
     """You put l2 theta into the gradient of each point. In this course the penalty stays whole,
     and L(z_i) has none."""),
).at(S=lambda y: range(len(y)))
_WITHOUT = ("label of the other point", "x of the other point", "labels 0 and 1", "label nowhere")
TEST = gradient.POINT.at("At the test point:", without=_WITHOUT, x_i="x_test", y_i="y_test")


def _length(rows):
    return np.sqrt((rows**2).sum(axis=1))


@exercise(
    "12.4",
    "Relative influence",
    prompt="""A logistic regression with labels -1 and +1: R(theta) is the mean of
    log(1 + e^(-y_i x_i'theta)) over the n points plus l2/2 times the squared length of theta, and
    `theta` minimises it. Return for every training point its influence relative to its overall
    effect, I_up,loss(z_i, z_test) / |H^-1 g_i|: the influence on the test point, over the length of
    what it does to theta.""",
    minutes=6,
    difficulty=2,
    cases=_tests,
    draw=_any_test,
    hints=(
        """All H^-1 g_i at once: `np.linalg.solve(H, G.T)` has a column for each point. Both the
        influence and the length are made of it.""",
        "I_up,loss = -g_test'H^-1 g_i, and the length of H^-1 g_i is the root of its squares' sum.",
        "The length of each column: `np.linalg.norm(moves, axis=0)`.",
    ),
    explanation="""It is minus the component of g_test along the direction in which the point moves
    theta. An outlier moves theta far, and so every prediction a little; in proportion to that,
    it may have little to say about this one. In a linear model how wrong the model is about the
    training point, sigma(-m_i), cancels: g_i and 7 g_i have the same relative influence. Only a
    direction and a side are left, so a point without loss can come first.""",
    answer=formula(
        lambda G, H_inv, g_test: -(G @ H_inv @ g_test) / _length(G @ H_inv),
        G=EACH,
        H_inv=hessian.INVERSE.at(without=["l2/n"]),  # times n it is H of the sum: the same here
        g_test=TEST,
    ),
    mistakes=(
        ("sign", "-1",
         """I_up,loss has a minus, -g_test'H^-1 g_i: more weight on a point makes its own loss and
         that of its like smaller."""),
        ("y_test forgotten", lambda G, H_inv, x_test, theta: (
            G @ H_inv @ x_test / (1 + np.exp(x_test @ theta)) / _length(G @ H_inv)),
         """y_test is not in yours: it takes each test point for one of label +1. The gradient there
         is -y_test sigma(-y_test x_test'theta) x_test."""),
        ("not divided", lambda G, H_inv, g_test: -(G @ H_inv @ g_test),
         """That is the influence itself. It is divided by the length of H^-1 g_i: what the point
         does to theta at all."""),
        ("times", lambda G, H_inv, g_test: -(G @ H_inv @ g_test) * _length(G @ H_inv),
         "You multiplied by the overall effect. Relative to it means divided by it."),
        ("squared length", lambda G, H_inv, g_test: -(G @ H_inv @ g_test) / _length(G @ H_inv) ** 2,
         """You divided by the squared length: the root is missing."""),
        ("length of the gradient", lambda G, H_inv, g_test: -(G @ H_inv @ g_test) / _length(G),
         """You divided by |g_i|, how hard the point pushes. Its effect on theta is |H^-1 g_i|: the
         same push moves theta far where H is soft."""),
        ("length of the point", lambda G, H_inv, g_test, X: -(G @ H_inv @ g_test) / _length(X),
         "You divided by |x_i|. The overall effect is the length of H^-1 g_i."),
        ("H of the sum",
         """In your H the penalty is too weak beside the losses: H is their sum with l2 added once,
         or their mean with l2/n. A factor of all of H cancels here, and these two are the same. In
         R the losses are divided by n and the penalty is not."""),
        better("relative to the losses", lambda G, H_inv, g_test: (
            -(G @ H_inv @ g_test) / np.sqrt(abs(((G @ H_inv) * G).sum(axis=1)))),
               """You divided by the root of g_i'H^-1 g_i. That is relative influence as well, the
               second of the paper's two: the length that H gives, not the plain one of theta."""),
        ("self-influence", lambda G, H_inv, g_test: (
            -(G @ H_inv @ g_test) / abs(((G @ H_inv) * G).sum(axis=1))),
         """You divided by g_i'H^-1 g_i, the influence of the point on its own loss. The overall
         effect that is asked for is the length of H^-1 g_i."""),
        ("cosine", lambda G, H_inv, g_test: (
            -(G @ H_inv @ g_test) / _length(G @ H_inv) / np.sqrt(g_test @ g_test)),
         """Yours is divided by |g_test| as well: minus a cosine. For one test point the order
         is the same; the values are not those of the formula."""),
        ("one length for all", lambda G, H_inv, g_test: (
            -(G @ H_inv @ g_test) / np.sqrt(((G @ H_inv) ** 2).sum())),
         """You divided by one number, the length of the whole table. Each point has its own:
         `axis=0` for columns, `axis=1` for rows."""),
        ("absolute values added up", lambda G, H_inv, g_test: (
            -(G @ H_inv @ g_test) / abs(G @ H_inv).sum(axis=1)),
         """You divided by the sum of the absolute values of H^-1 g_i. Its length is the root of the
         sum of the squares."""),
        ("the test point's effect", lambda G, H_inv, g_test: (
            -(G @ H_inv @ g_test) / np.sqrt(((H_inv @ g_test) ** 2).sum())),
         """You divided by |H^-1 g_test|, one number for all. What is asked for is the effect of
         each training point on theta, |H^-1 g_i|."""),
        ("length of theta", lambda G, H_inv, g_test, theta: (
            -(G @ H_inv @ g_test) / np.sqrt(theta @ theta)),
         """You divided by |theta|. The effect of a point is by how much it *moves* theta:
         |H^-1 g_i|."""),
        ("share", lambda G, H_inv, g_test: (
            -(G @ H_inv @ g_test) / abs(G @ H_inv @ g_test).sum()),
         """You divided by the sum of all influences on this test point. Relative is meant to what
         each point does to theta, |H^-1 g_i|."""),
        ("relative to its loss", lambda G, H_inv, g_test, X, y, theta: (
            -(G @ H_inv @ g_test) / np.log1p(np.exp(-y * (X @ theta)))),
         """You divided by the loss of each point. Its overall effect is the length of what it does
         to theta, |H^-1 g_i|."""),
        ("only lengths", lambda G, H_inv, g_test: _length(G @ H_inv),
         "This is the overall effect alone. It stands below the influence."),
        ("divided by n", "1/n",
         """You divided by n as well, in one of the two: both are per unit of eps here."""),
    ),
)
def relative_influence(X, y, theta, l2, x_test, y_test):
    """I_up,loss(z_i, z_test) / |H^-1 g_i| of every training point, (n,)."""
    n, p = X.shape
    wrong = 1 / (1 + np.exp(y * (X @ theta)))
    H = (X.T * (wrong * (1 - wrong))) @ X / n + l2 * np.eye(p)
    moves = np.linalg.solve(H, -(X.T * (y * wrong)))
    g_test = -y_test / (1 + np.exp(y_test * (x_test @ theta))) * x_test
    return -(g_test @ moves) / np.linalg.norm(moves, axis=0)
