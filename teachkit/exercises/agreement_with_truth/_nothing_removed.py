"""10.2: the check before every comparison: train again with nothing removed."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part
from .._slips.logistic import fit, hessian, sigma
from ._cases import any_unfinished_fit, kept, unfinished_fits


def _losses(X, y, theta):
    return -(y * sigma(-y * (X @ theta))) @ X


def _gradient(X, y, theta, l2):
    return _losses(X, y, theta) / len(y) + l2 * theta


def _step(X, y, theta, l2):
    return np.linalg.solve(hessian(X, y, theta, l2), -_gradient(X, y, theta, l2))


@exercise(
    "10.2",
    "Nothing removed",
    prompt="""The same logistic regression, but nobody knows whether its training was finished at
    `theta`. Return two numbers: the length of the gradient of R at `theta`, and how far theta moves
    (the length of its change) when you train to the end with *nothing* removed.""",
    minutes=5,
    difficulty=1,
    cases=unfinished_fits,
    draw=any_unfinished_fit,
    hints=(
        "The gradient of R is the mean of the losses' gradients, and that of the penalty.",
        """Train to the end from `theta` with Newton steps, all weights 1. How far is it from where
        you began?""",
    ),
    explanation="""Both are 0 for a finished fit. If they are not, every retraining also finishes
    the fit, and that part of its change is the same for all points: it shows as an intercept, and
    has nothing to do with any of them.""",
    answer=formula(
        lambda g, change: (np.linalg.norm(g), np.linalg.norm(change)),
        g=part(
            _gradient,
            ("no penalty in the gradient", lambda X, y, theta: _losses(X, y, theta) / len(y),
             """In the gradient the penalty is missing. At the minimum of R the losses pull one way
             and l2 theta the other; the losses alone never vanish there."""),
            ("sum of the losses", lambda X, y, theta, l2: _losses(X, y, theta) + l2 * theta,
             lambda X, y, theta, l2: _losses(X, y, theta) + len(y) * l2 * theta,
             "In the gradient the losses are added up. R is their mean: 1/n before the sum."),
            ("2 l2 theta", lambda X, y, theta, l2: _losses(X, y, theta) / len(y) + 2 * l2 * theta,
             """In the gradient the penalty counts twice. l2/2 times the squared length has the
             gradient l2 theta."""),
            ("sigma of +m", lambda X, y, theta, l2: (
                -(y * sigma(y * (X @ theta))) @ X / len(y) + l2 * theta),
             """In the gradient stands sigma(+m), the probability of being right. The loss
             log(1 + e^(-m)) has the slope -sigma(-m) in the margin m = y x'theta."""),
            ("label missing", lambda X, y, theta, l2: (
                -sigma(-y * (X @ theta)) @ X / len(y) + l2 * theta),
             "In the gradient the label before the sigma is missing: grad L = -y sigma(-m) x."),
            ("penalty turned", lambda X, y, theta, l2: (
                _losses(X, y, theta) / len(y) - l2 * theta),
             "In the gradient the penalty has the wrong sign: it is added, + l2 theta."),
        ),
        change=part(
            lambda X, y, theta, l2: fit(X, y, l2) - theta,
            ("one Newton step", _step,
             """Your change is that of one Newton step. From a theta that is not close by, one is
             not enough: go on until the gradient is 0 to rounding."""),
            ("gradient for change", _gradient,
             """Your second number is the gradient once more. How far theta moves is another thing:
             along a flat direction of R a tiny gradient means a long way."""),
            ("from 0", lambda X, y, theta, l2: fit(X, y, l2),
             """Your second number is the length of the trained parameters, or of the way from 0.
             Asked is the way from `theta`, which is short for a fit that is nearly finished."""),
            ("without the penalty", lambda X, y, theta, l2: fit(X, y, l2 / len(y)) - theta,
             """You trained on the sum of the losses with l2: beside the data the penalty is n times
             too weak. R is a mean."""),
            ("one removed",
             *(lambda X, y, theta, l2, i=i: fit(X, y, l2, kept(y, [i % len(y)])) - theta
               for i in (0, -1)),
             "You trained without a point, the first or the last. Nothing is to be removed."),
            ("mean over n - 1", lambda X, y, theta, l2: fit(X, y, l2, _upweighted(y)) - theta,
             """You removed nothing, and still divided by n - 1: all points count n/(n - 1) times
             against the penalty, and theta moves although no point has left."""),
        ),
    ),
    mistakes=(
        ("exchanged", lambda g, change: (np.linalg.norm(change), np.linalg.norm(g)),
         "The two numbers stand in the wrong order: first the gradient, then the change."),
        ("squares", lambda g, change: (g @ g, change @ change),
         lambda g, change: (np.linalg.norm(g), change @ change),
         lambda g, change: (g @ g, np.linalg.norm(change)),
         "A square is not yet a root: a length is `np.linalg.norm(v)`, or sqrt(v'v)."),
        ("largest entries", lambda g, change: (np.abs(g).max(), np.abs(change).max()),
         "You took the largest entry. Asked is the length, the root of the sum of squares."),
        ("sum of the entries", lambda g, change: (np.abs(g).sum(), np.abs(change).sum()),
         "You added up the sizes of the entries. A length is the root of the sum of squares."),
        ("vectors", lambda g, change: (g, change),
         "These are the two vectors. Asked are their lengths: `np.linalg.norm(v)`."),
        ("relative change", lambda g, change, theta: (
            np.linalg.norm(g), np.linalg.norm(change) / np.linalg.norm(theta)),
         "You divided the change by the length of theta. Asked is the length of the change alone."),
        ("difference of the lengths", lambda g, change, theta: (
            np.linalg.norm(g), abs(np.linalg.norm(theta + change) - np.linalg.norm(theta))),
         """You subtracted two lengths. theta may turn and keep its length: take the length of the
         difference."""),
    ),
)
def nothing_removed(X, y, theta, l2):
    """(length of grad R at theta, length of the change when trained to the end)."""
    n, p = X.shape
    new = theta.copy()
    for k in range(20):
        s = 1 / (1 + np.exp(y * (X @ new)))
        slope = -(y * s) @ X / n + l2 * new
        if k == 0:
            first = np.linalg.norm(slope)
        new = new - np.linalg.solve((X.T * (s * (1 - s))) @ X / n + l2 * np.eye(p), slope)
    return first, np.linalg.norm(new - theta)


def _upweighted(y):
    return np.full(len(y), len(y) / (len(y) - 1))
