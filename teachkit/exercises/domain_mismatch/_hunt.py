"""14.3: a bug hunt: influences that are right for some rows and not for others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .. import better, exercise, formula, part
from .._slips import gradient, hessian
from .._slips.logistic import curvature, fit, risks, sigma

WRONG = '''def influences_on(X, y, theta, l2, x_test, y_test):
    """-I_up,loss(z_i, z_test) of every training row, (n,)."""
    n, p = X.shape
    s = 1 / (1 + np.exp(X @ theta))
    G = -(y * s)[:, None] * X
    H = (X.T * (s * (1 - s))) @ X / n + l2 * np.eye(p)
    s_test = 1 / (1 + np.exp(y_test * (x_test @ theta)))
    g_test = -y_test * s_test * x_test
    return G @ np.linalg.solve(H, g_test)
'''


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
    x_test = draw.numbers(p, low=-3.0, high=3.0)
    return X, y, fit(X, y, l2), l2, x_test, draw.pick(-1.0, 1.0)


# What gradients of rows get wrong; the penalised one has no test point to be compared with.
_OWN = ("no label", "label nowhere", "sigma of +m", "curvature for slope", "odds for sigma",
        "no loss factor", "loss for its slope", "labels 0 and 1", "square loss")  # fmt: skip
_POINT = gradient.POINT.at(
    without=[slip.name for slip in gradient.POINT.slips if slip.name not in _OWN]
)

EACH = part(
    gradient.rows(gradient.POINT.right),
    *((slip.name, *map(gradient.rows, slip.functions), slip.message) for slip in _POINT.slips),
    ("still in it",
     lambda X, y, theta: -(y * sigma(-(X @ theta)))[:, None] * X,
     """These are still the numbers of the function as it was given: right for rows with y = +1 and
     not for the others. In which line should a label stand, and does not?"""),
    ("the other label's", lambda X, y, theta: -(y * sigma(X @ theta))[:, None] * X,
     """Now the rows with y = -1 are right and those with y = +1 are not: the sign in the exponent
     depends on the label. The margin is y_i x_i'theta."""),
    ("the test child's label", lambda X, y, theta, y_test: (
        -(y * sigma(-y_test * (X @ theta)))[:, None] * X),
     """In the line of s stands y_test, the label of the one test child. Each row has a label of its
     own, y: rows with the other label are wrong as before."""),
    ("penalised gradient", lambda X, y, theta, l2: (
        -(y * sigma(-y * (X @ theta)))[:, None] * X + l2 * theta),
     """You put l2 theta into each gradient. In this course the penalty stays whole, and L(z_i) has
     none; the line of G was right but for its s."""),
).at("In the training rows:", S=lambda y: range(len(y)))
TEST = _POINT.at("At the test child:", x_i="x_test", y_i="y_test")

_WORDS = {
    "no ridge": """The penalty is missing in H: `+ l2 * np.eye(p)` belongs there, as it stood.""",
    "n times the ridge": """The penalty counts n times in H. It is added once, to the mean over the
    points.""",
}
H_INVERSE = replace(
    hessian.INVERSE,
    slips=tuple(replace(s, message=" ".join(_WORDS[s.name].split())) if s.name in _WORDS else s
                for s in hessian.INVERSE.slips),
)  # fmt: skip


def _with(s, X, y, l2, g_test):
    """The function of the hunt with this s, in G and in H."""
    n, p = X.shape
    H = (X.T * (s * (1 - s))) @ X / n + l2 * np.eye(p)
    return -(y * s)[:, None] * X @ np.linalg.solve(H, g_test)


def _at_test(theta, x_test, y_test):
    return -y_test * sigma(-y_test * (x_test @ theta)) * x_test


@exercise(
    "14.3",
    "A bug hunt",
    prompt="""This function runs, and it is wrong in one line. It is to return
    -I_up,loss(z_i, z_test) = g_test'H^-1 g_i for every training row. On the patients its numbers
    agree with the true retraining for rows with y = +1, within a few per cent for most. For rows
    with y = -1 most are off by far more, though the signs are right. H is right, and so is g_test.
    Mend it.""",
    minutes=6,
    difficulty=2,
    cases=_tests,
    draw=_any_test,
    stub=WRONG,
    hints=(
        """Something is right for one label and wrong for the other. In which lines does a label
        stand, and in which should one?""",
        """H is right with the s that is there, although H is made of it: s(1 - s) is the same for s
        and for 1 - s.""",
        """A training row pulls by sigma(-m_i), how wrong the model is about *it*: m_i is
        y_i x_i'theta. Compare with the line of `s_test`.""",
    ),
    explanation="""The margin had lost its label: `np.exp(y * (X @ theta))`. For y = +1 nothing
    changes; for y = -1 the factor was 1 - s instead of s. H could not notice it, for s(1 - s)
    is the same. The order on top need not notice either: a list of the strongest
    rows may look right with a wrong formula. The comparison with true retraining, row by row, sees
    it at once.""",
    answer=formula(
        lambda G, H_inv, g_test: G @ H_inv @ g_test,
        G=EACH,
        H_inv=H_INVERSE,
        g_test=TEST,
    ),
    mistakes=(
        ("sign", "-1",
         """Every number has the other sign: one sign is turned, in G, in g_test or in the last
         line. All three were right: asked is -I, g_test'H^-1 g_i."""),
        ("rise", "1/n",
         """That is the predicted rise of the loss without each row. Asked is n times as much,
         -I_up,loss: the last line was right."""),
        ("label beside the exponential",
         lambda X, y, theta, l2, x_test, y_test: _with(
             1 / (1 + y * np.exp(X @ theta)), X, y, l2, _at_test(theta, x_test, y_test)),
         lambda X, y, theta, l2, x_test, y_test: _with(
             y / (1 + np.exp(X @ theta)), X, y, l2, _at_test(theta, x_test, y_test)),
         lambda X, y, theta, l2, x_test, y_test: _with(
             y / (1 + np.exp(y * (X @ theta))), X, y, l2, _at_test(theta, x_test, y_test)),
         """The label has come to the right line and stands before the exponential or the fraction.
         It belongs into the exponent alone, beside x_i'theta: the margin is y_i x_i'theta."""),
        ("at the test child too", lambda X, y, theta, l2, x_test, y_test: _with(
            sigma(-(X @ theta)), X, y, l2, -y_test * sigma(-(x_test @ theta)) * x_test),
         """The line of s_test was right, and in yours its label is gone as well. It is the line of
         s that lacks a label: put it there, and leave y_test where it was."""),
        better("leverage counted", lambda G, H_inv, g_test, X, y, theta: (
            G @ H_inv @ g_test
            / (1 - curvature(X, y, theta) * ((X @ H_inv) * X).sum(axis=1) / len(y))),
               """Yours is divided by 1 - h_i, as for the removal of a point with its curvature. It
               is nearer to the truth; what is to be mended is the influence."""),
    ),
)
def influences_on(X, y, theta, l2, x_test, y_test):
    """-I_up,loss(z_i, z_test) of every training row, (n,)."""
    n, p = X.shape
    s = 1 / (1 + np.exp(y * (X @ theta)))
    G = -(y * s)[:, None] * X
    H = (X.T * (s * (1 - s))) @ X / n + l2 * np.eye(p)
    s_test = 1 / (1 + np.exp(y_test * (x_test @ theta)))
    g_test = -y_test * s_test * x_test
    return G @ np.linalg.solve(H, g_test)
