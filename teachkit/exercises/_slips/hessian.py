"""The Hessian of a penalised logistic risk, its three parts, its inverse: what people write there.

The names are X (n, p), y (n,), theta (p,), l2, and i where one point is meant.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .._engine.formula import formula
from .._engine.mistake import Mistake
from .._engine.parts import part
from .logistic import curvature, hessian, sigma


def _weights(weights):
    """Other weights of the points, a function of t = X theta and y, in place of s(1 - s)."""
    return lambda X, y, theta: weights(X @ theta, y)


def _power(of, power):
    return _weights(lambda t, y: sigma(of(t, y)) ** power)


def mean_over_p(X, y, theta, l2):
    n, p = X.shape
    return n / p * hessian(X, y, theta, 0.0) + l2 * np.eye(p)


def without_the_point(X, y, theta, l2, i):
    own = curvature(X, y, theta)[i] * np.outer(X[i], X[i])
    return hessian(X, y, theta, l2) - own / len(y)


def of_the_others(X, y, theta, l2, i):
    return hessian(np.delete(X, i, axis=0), np.delete(y, i), theta, l2)


_SCORES = (lambda t, y: t, lambda t, y: -t, lambda t, y: y * t)

CURVATURE = part(
    curvature,
    ("label in the curvature", _weights(lambda t, y: y * sigma(t) * sigma(-t)),
     """A label is left in H, so points with y = -1 count negative in it. The second derivative
     brings y once more, and y^2 = 1: s(1 - s), with no label."""),
    ("curvature not s(1 - s)",
     *(_power(of, power) for power in (1, 2) for of in _SCORES), _power(lambda t, y: -y * t, 1),
     """In your H each point counts with s alone or with s^2. That is from the *slope* of its loss;
     H needs the derivative of the sigmoid s, which is s(1 - s), at most 1/4: large where the model
     wavers, small where it is sure, on either side."""),
    ("outer products", _power(lambda t, y: -y * t, 2),
     """You used the mean of the outer products g_i g_i' of the gradients: each point counts with
     sigma(-m)^2. At 0, and on average under the model, that is the Hessian; elsewhere it is another
     matrix (Fisher's). H has sigma(m) sigma(-m), that is s(1 - s)."""),
    ("curvature lost",
     *(_weights(lambda t, y, c=c: np.full(len(y), c)) for c in (1.0, 0.25, 2.0)),
     """Your H does not depend on the parameters: it is X'X/n + l2 I, which is too stiff, or has 1/4
     of X'X, which is right at 0 only, or 2 X'X, as for squares. Each point counts in H with the
     curvature of its own loss, sigma(m) sigma(-m), which is at most 1/4."""),
    ("scores for sigma", _weights(lambda t, y: t * (1 - t)),
     """You put the scores t themselves into s(1 - s). It is sigma of the score that stands there:
     s = 1 / (1 + e^(-t))."""),
    ("1 - s^2",
     _weights(lambda t, y: 1 - sigma(t) ** 2), _weights(lambda t, y: 1 - np.tanh(t) ** 2),
     "Your points count with 1 - s^2, as for a tanh. The derivative of the sigmoid is s(1 - s)."),
    ("one curvature for all",
     lambda X, y, theta: np.full(len(y), curvature(X, y, theta).mean()),
     """All points count alike, with the mean of the curvatures. Each has its own: s(1 - s) at its
     own score multiplies its own row of X."""),
    ("one point alone",
     *(lambda X, y, theta, k=k: np.eye(len(y))[k] * curvature(X, y, theta) for k in (-1, 0)),
     """Only one point is in the sum: that of a loop whose sum begins anew in every round, or which
     returns in the first. Begin the sum before the loop, and return after it."""),
)

COUNT = part(
    lambda y: len(y),
    ("H of the sum", lambda: 1.0,
     """H is the sum over the points with l2 added once. Take the mean: in R the losses are divided
     by n and the penalty is not."""),
    ("p for n", lambda theta: len(theta), lambda X: X.size,
     """H is a mean over the n points, and yours divides by p, the number of parameters (or by n p):
     X has the shape (n, p), so n is `len(X)`."""),
)

RIDGE = part(
    lambda l2, theta: l2 * np.eye(len(theta)),
    ("no ridge", lambda theta: np.zeros((len(theta), len(theta))),
     """The penalty is missing in H. The answer is far too long in the directions of which the data
     say little: on real data r with the true retrainings falls far below 1, and nothing warns you.
     H belongs to the risk that was minimised, so l2 I is in it."""),
    ("2 l2", lambda l2, theta: 2 * l2 * np.eye(len(theta)),
     """The ridge in H is twice too strong. The penalty is l2/2 times a square; its second
     derivative is l2 I."""),
    ("l2/2", lambda l2, theta: l2 / 2 * np.eye(len(theta)),
     """The ridge in H is half of what it should be. The penalty is l2/2 times a square, and
     deriving that twice brings the factor 2: its second derivative is l2 I."""),
    ("l2 on every entry", lambda l2, theta: np.full((len(theta), len(theta)), l2),
     """`H + l2` adds l2 to every entry of H. The penalty stands on the diagonal alone:
     `H + l2 * np.eye(p)`."""),
    ("last parameter unpenalised", lambda l2, theta: l2 * np.diag(np.arange(len(theta), 0, -1) > 1),
     """You left the last parameter without l2, as one does with an intercept that is not penalised.
     The R of this task penalises all of them, so l2 is on the whole diagonal."""),
    ("n times the ridge", lambda l2, y, theta: l2 * len(y) * np.eye(len(theta)),
     """The penalty counts n times: it was added for every point, perhaps inside the loop over them.
     R has it once."""),
    ("l2/n", lambda l2, y, theta: l2 / len(y) * np.eye(len(theta)),
     """l2 is divided by n, too: perhaps the sum over the points, with l2 in it, was divided as a
     whole. In R the mean is over the losses, and the penalty stands beside it: mean + l2 I."""),
    ("I without l2", lambda theta: np.eye(len(theta)),
     "You added I without l2. The penalty is l2/2 times a square: its Hessian is l2 I."),
)

_H = formula(lambda X, c, n, ridge: (X.T * c) @ X / n + ridge, c=CURVATURE, n=COUNT, ridge=RIDGE)


def _by_name(slip: Mistake) -> Mistake:
    """The slip in one of the three parts, as it shows in H."""

    def of(wrong):
        return lambda X, y, theta, l2: wrong(X, y, theta, l2)

    return replace(slip, wrong=tuple(map(of, slip.functions)))


HESSIAN = part(
    hessian,
    *map(_by_name, _H.of(("X", "y", "theta", "l2")).mistakes()),
    ("leverage counted", without_the_point,
     """Yours counts that H loses the curvature of the point itself: divided by 1 - h, or solved
     with an H that lacks the point, which is the same. That is a good thought, and it is the
     correction for a removal, where the point is gone at the end. This is the derivative at
     eps = 0, where it is still there: H is that of all points, z_i included."""),
    ("H of the point alone", lambda X, y, theta, l2, i: (
        curvature(X, y, theta)[i] * np.outer(X[i], X[i]) + l2 * np.eye(len(theta))),
     """Your H is that of point i alone. All points hold theta, not only the one that pushes: H is
     the mean over all n of them, plus l2 I."""),
    ("H of the others", of_the_others,
     """Your H is the mean over the n - 1 other points. At eps = 0 nothing has been removed: H is
     that of R, over all n points, z_i included."""),
)

INVERSE = HESSIAN.through(
    np.linalg.inv,
    ("H instead of its inverse", hessian,
     """You multiplied by H. H is how stiffly all points together hold theta, so a push is divided
     by it: `np.linalg.solve(H, g)`."""),
    ("elementwise inverse", lambda X, y, theta, l2: 1 / hessian(X, y, theta, l2),
     """These numbers are many times too large: 1/H turns over every entry of H. The inverse of a
     matrix is something else; `np.linalg.solve(H, g)` uses it without forming it."""),
    ("diagonal only", lambda X, y, theta, l2: np.diag(1 / np.diag(hessian(X, y, theta, l2))),
     """In the right region, but each parameter moves on its own here: you divided by the diagonal
     of H. The parameters hold each other; solve with the whole of H."""),
    ("H^-1 twice", lambda X, y, theta, l2: (
        np.linalg.matrix_power(np.linalg.inv(hessian(X, y, theta, l2)), 2)),
     """H^-1 stands there twice: the solution of a system with H went through a second one."""),
    ("no H", lambda theta: np.eye(len(theta)),
     """H is not in it. The gradient is the push alone; how far theta yields to it, stiff in some
     directions and soft in others, says the H of all points: H^-1 times the gradient."""),
)
