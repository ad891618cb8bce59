"""10.3: how much of H is a point's own."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part
from .._slips import hessian
from .._slips.logistic import any_point, sigma
from .._slips.logistic import hessian as plain_hessian
from ._cases import every_point, wrong_by

OWN = part(
    lambda X, theta, i: sigma(X[i] @ theta) * sigma(-(X[i] @ theta)),
    ("no curvature of its own", lambda: 1.0,
     """The point's own curvature s(1 - s) is missing before x_i'H^-1 x_i. What the point puts into
     H is c_i x_i x_i'/n, so c_i is in h_i, too."""),
    ("residual squared", lambda X, y, theta, i: wrong_by(X, y, theta, i) ** 2,
     """Before x_i'H^-1 x_i stands sigma(-m)^2, so that yours is g_i'H^-1 g_i / n, the point's
     influence on its own loss. How much of H is its own says the curvature, s(1 - s)."""),
    ("slope for curvature", wrong_by,
     """Before x_i'H^-1 x_i stands sigma(-m), the slope of the loss. The Hessian is made of second
     derivatives: sigma(m) sigma(-m)."""),
    ("sigma without 1 - sigma",
     lambda X, y, theta, i: 1.0 - wrong_by(X, y, theta, i),
     lambda X, theta, i: sigma(X[i] @ theta), lambda X, theta, i: sigma(-(X[i] @ theta)),
     """Before x_i'H^-1 x_i stands one sigma alone. The curvature is the product s(1 - s)."""),
    ("square of s", lambda X, y, theta, i: (1.0 - wrong_by(X, y, theta, i)) ** 2,
     lambda X, theta, i: sigma(X[i] @ theta) ** 2, lambda X, theta, i: sigma(-(X[i] @ theta)) ** 2,
     "Before x_i'H^-1 x_i stands a square of sigma. The curvature is the product s(1 - s)."),
    ("square of the curvature", lambda X, theta, i: (
        (sigma(X[i] @ theta) * sigma(-(X[i] @ theta))) ** 2),
     "c_i stands before x_i'H^-1 x_i twice. It comes once, from c_i x_i x_i'/n."),
    ("root of the curvature", lambda X, theta, i: (
        (sigma(X[i] @ theta) * sigma(-(X[i] @ theta))) ** 0.5),
     """The square root of c_i stands before x_i'H^-1 x_i. If you scale rows by sqrt(c_i), both
     sides of H^-1 have that factor."""),
    ("a quarter", lambda: 0.25,
     "Before x_i'H^-1 x_i stands 1/4, the curvature at margin 0. Here it is s(1 - s)."),
    ("label in its own curvature", lambda X, y, theta, i: (
        y[i] * sigma(X[i] @ theta) * sigma(-(X[i] @ theta))),
     "A leverage is never negative; yours has the label in it. The curvature has y^2 = 1."),
)

_LEFT_OUT = ("leverage counted", "H of the others", "H of the point alone")
_OWN_WORDS = (
    "no ridge",
    "H instead of its inverse",
    "elementwise inverse",
    "diagonal only",
    "no H",
)

H_INVERSE = hessian.INVERSE.at(
    without=(*_LEFT_OUT, *_OWN_WORDS), called={"l2/n": "H of the sum + l2"}
).more(
    ("no ridge", lambda X, y, theta: np.linalg.pinv(plain_hessian(X, y, theta, 0.0)),
     """The penalty is missing in H. It holds theta as well, so a point has less of H than without
     it: l2 I is in H, and a leverage is smaller."""),
    ("H instead of its inverse", plain_hessian,
     """You multiplied X[i] by H. How much of H is the point's own is a quotient: its curvature
     divided by the whole, x_i'H^-1 x_i. `np.linalg.solve(H, X[i])`."""),
    ("elementwise inverse", lambda X, y, theta, l2: 1 / plain_hessian(X, y, theta, l2),
     """1/H turns over every entry of H. The inverse of a matrix is something else;
     `np.linalg.solve(H, X[i])` uses it without forming it."""),
    ("diagonal only", lambda X, y, theta, l2: np.diag(1 / np.diag(plain_hessian(X, y, theta, l2))),
     """You divided X[i] by the diagonal of H. The parameters hold each other: solve with the whole
     of H."""),
    ("no H", lambda theta: np.eye(len(theta)),
     """H is not in it: c_i x_i'x_i is what the point puts in. How much of the whole that is, says
     H^-1 between the two x_i."""),
)


@exercise(
    "10.3",
    "Leverage",
    prompt="""The Hessian of point `i` is c_i x_i x_i', with the curvature c_i of its loss at
    `theta` (labels are -1 and +1). Return its leverage h_i = c_i x_i'H^-1 x_i / n. H is the
    Hessian of R, mean of the losses plus l2/2 times the squared length of theta.""",
    minutes=4,
    difficulty=1,
    cases=every_point,
    draw=any_point,
    hints=(
        "The loss log(1 + e^(-m)): what is its second derivative in the score x'theta?",
        """c_i = s(1 - s) with s = sigma(x_i'theta). H is the mean of c_k x_k x_k' over all points,
        plus l2 I.""",
        """In that mean point i has the summand c_i x_i x_i'/n: so c_i/n stands before
        x_i'H^-1 x_i, and `np.linalg.solve(H, X[i])` is H^-1 x_i.""",
        "`X[i] @ np.linalg.solve(H, X[i])` is x_i'H^-1 x_i.",
    ),
    explanation="""c_i x_i x_i'/n is what the point puts into H. h_i is the share of the stiffness,
    along H^-1 x_i, that is its own: between 0 and 1, and with the penalty below 1. Without the
    point H is softer by that share, and theta goes 1/(1 - h_i) times as far.""",
    answer=formula(
        lambda X, i, c, H_inv, n: c * (X[i] @ H_inv @ X[i]) / n,
        c=OWN,
        H_inv=H_INVERSE,
        n=lambda y: len(y),
    ),
    mistakes=(
        ("no 1/n", "n",
         """The point's share of H is c_i x_i x_i'/n: R is a mean. (Or H is the sum of the losses
         without n l2.) A leverage is at most 1."""),
        ("1/n twice", "1/n",
         """Either 1/n stands there twice, or your H is that of the sum with n l2, which brings its
         1/n along: equal by algebra."""),
        ("1/(n - 1)", "n/(n - 1)", "One point's share in a mean over n is 1/n, not 1/(n - 1)."),
        ("p for n", lambda X, i, c, H_inv, theta: c * (X[i] @ H_inv @ X[i]) / len(theta),
         "You divided by p, the number of parameters. n is the number of points, `len(X)`."),
        ("what is left", lambda X, i, c, H_inv, n: 1 - c * (X[i] @ H_inv @ X[i]) / n,
         """This is 1 - h_i, what the others hold: the number that a removal is divided by. Asked is
         h_i itself."""),
        ("the factor", lambda X, i, c, H_inv, n: 1 / (1 - c * (X[i] @ H_inv @ X[i]) / n),
         "This is 1/(1 - h_i), by which a removal grows. Asked is h_i itself."),
        ("leverage without the point", lambda X, y, theta, l2, i, c, n: (
            c * (X[i] @ np.linalg.solve(hessian.without_the_point(X, y, theta, l2, i), X[i])) / n),
         """Your H lacks the point, so yours is h/(1 - h), the leverage it would have if it came in
         anew. H is that of all n points."""),
        ("H of the others", lambda X, y, theta, l2, i, c, n: (
            c * (X[i] @ np.linalg.solve(hessian.of_the_others(X, y, theta, l2, i), X[i])) / n),
         "Your H is the mean over the n - 1 other points. H is that of R, over all n."),
        ("H of the sum + l2",
         """The ridge in your H is n times too weak: the sum over the points with l2 added once (the
         sum would need n l2), or their mean with l2/n, equal by algebra."""),
        ("least squares", lambda X, i: X[i] @ np.linalg.pinv(X.T @ X) @ X[i],
         """This is the leverage of a line by least squares, x_i'(X'X)^-1 x_i: every point with the
         curvature 1, and no penalty. Here each has c = s(1 - s), and H has l2 I."""),
        ("all of them", lambda X, c, H_inv, n: c * ((X @ H_inv) * X).sum(axis=1) / n,
         "You return a number for every point. Asked is that of point i."),
    ),
)
def leverage(X, y, theta, l2, i):
    """h_i, the share of training point i in H, a number; X is (n, p), y is (n,)."""
    m = X @ theta
    c = 1 / (1 + np.exp(-m)) / (1 + np.exp(m))
    H = (X.T * c) @ X / len(y) + l2 * np.eye(len(theta))
    return c[i] * (X[i] @ np.linalg.solve(H, X[i])) / len(y)
