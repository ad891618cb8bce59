"""The Hessian of a penalised logistic risk, its weights, its inverse: what people write there.

The names are X (n, p), y (n,), theta (p,), l2, and i where one point is meant.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from .._engine.mistake import Mistake
from .._engine.parts import part
from .logistic import curvature, hessian, sigma


def _ridged(ridge: Callable[..., np.ndarray | float]) -> Callable[..., np.ndarray]:
    """H with another term, a function of l2 and p, in place of l2 I."""
    return lambda X, y, theta, l2: hessian(X, y, theta, 0.0) + ridge(l2, len(theta))


def _weights(weights):
    """Other weights of the points, a function of t = X theta and y, in place of s(1 - s)."""
    return lambda X, y, theta: weights(X @ theta, y)


def _power(of, power):
    return _weights(lambda t, y: sigma(of(t, y)) ** power)


def _weighted(slip: Mistake) -> Mistake:
    """The slip in the weights, as it shows in H."""

    def in_H(weights):
        return lambda X, y, theta, l2: (
            (X.T * weights(X, y, theta)) @ X / len(y) + l2 * np.eye(len(theta))
        )

    return replace(slip, wrong=tuple(map(in_H, slip.functions)))


def sum_and_ridge(X, y, theta, l2):
    return len(y) * hessian(X, y, theta, 0.0) + l2 * np.eye(len(theta))


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
     _weights(lambda t, y: np.ones(len(y))), _weights(lambda t, y: np.full(len(y), 0.25)),
     """Your H does not depend on the parameters: it is X'X/n + l2 I, which is too stiff, or has 1/4
     of X'X, which is right at 0 only. Each point counts in H with the curvature of its own loss,
     sigma(m) sigma(-m), which is at most 1/4."""),
    ("scores for sigma", _weights(lambda t, y: t * (1 - t)),
     """You put the scores t = x'theta themselves into s(1 - s). It is sigma of the score that
     stands there: s = 1 / (1 + e^(-t))."""),
)

HESSIAN = part(
    hessian,
    ("no ridge", _ridged(lambda l2, p: 0.0),
     """The penalty is missing in H. The answer is far too long in the directions of which the data
     say little: on real data r with the true retrainings falls far below 1, and nothing warns you.
     H belongs to the risk that was minimised, so l2 I is in it."""),
    ("2 l2", _ridged(lambda l2, p: 2 * l2 * np.eye(p)),
     """The ridge in H is twice too strong. The penalty is l2/2 |theta|^2; its second derivative is
     l2 I."""),
    ("l2/2", _ridged(lambda l2, p: l2 / 2 * np.eye(p)),
     """The ridge in H is half of what it should be. The penalty is l2/2 |theta|^2, and deriving
     twice brings the factor 2: its second derivative is l2 I."""),
    ("l2 on every entry", _ridged(lambda l2, p: l2),
     """`H + l2` adds l2 to every entry of H. The penalty stands on the diagonal alone:
     `H + l2 * np.eye(p)`."""),
    ("last parameter unpenalised", _ridged(lambda l2, p: l2 * np.diag(np.arange(p) < p - 1)),
     """You left the last parameter without l2, as one does with an intercept that is not penalised.
     The R of this task penalises all of theta, so l2 is on the whole diagonal."""),
    *map(_weighted, CURVATURE.slips),
    ("H of the sum", sum_and_ridge,
     """H is the sum over the points with l2 added once. Take the mean: in R the losses are divided
     by n and the penalty is not."""),
    ("p for n", mean_over_p,
     """H is a mean over the n points, and yours divides by p, the number of parameters: X has the
     shape (n, p), so n is `len(X)` and p is `len(theta)`."""),
    ("leverage counted", without_the_point,
     """Yours counts that H loses the curvature of the point itself: divided by 1 - h, or solved
     with an H that lacks the point, which is the same. That is a good thought, and it is the
     correction for a removal, where the point is gone at the end. This is the derivative at
     eps = 0, where it is still there: H is that of all points, z_i included."""),
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
    ("no H", lambda theta: np.eye(len(theta)),
     """H is not in it. The gradient is the push alone; how far theta yields to it, stiff in some
     directions and soft in others, says the H of all points: H^-1 times the gradient."""),
)
