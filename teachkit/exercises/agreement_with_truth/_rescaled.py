"""10.6: the rescaled influence function: each point takes its own curvature along."""

from __future__ import annotations

import numpy as np

from .. import better, exercise, formula, part
from .._slips import hessian
from .._slips.logistic import curvature
from ._cases import GRADIENTS, any_group, groups, kept, truth


def _h(X, y, theta, l2, S, c=None, H=None):
    H = hessian.hessian(X, y, theta, l2) if H is None else H
    c = curvature(X, y, theta) if c is None else c
    return c[S] * (X[S] * np.linalg.solve(H, X[S].T).T).sum(axis=1) / len(y)


def _without(X, y, theta, l2, S):
    c = kept(y, S) * curvature(X, y, theta)
    return (X.T * c) @ X / len(y) + l2 * np.eye(len(theta))


def _group_step(X, y, theta, l2, S, G):
    return np.linalg.solve(_without(X, y, theta, l2, S), G.sum(axis=0)) / len(y)


LEVERAGES = part(
    _h,
    ("leverage without 1/n", lambda X, y, theta, l2, S: len(y) * _h(X, y, theta, l2, S),
     "The leverages lack their 1/n: h_i = c_i x_i'H^-1 x_i / n, between 0 and 1."),
    ("no curvature in the leverage", lambda X, y, theta, l2, S: (
        _h(X, y, theta, l2, S, c=np.ones(len(y)))),
     "In the leverages the curvature c_i = s(1 - s) is missing."),
    ("residuals in the leverage", lambda X, y, theta, l2, S: (
        _h(X, y, theta, l2, S, c=(1 / (1 + np.exp(y * (X @ theta)))) ** 2)),
     """In the leverages stands sigma(-m)^2, the square of the slope. What a point puts into H is
     its curvature, s(1 - s)."""),
    ("leverage of the first", lambda X, y, theta, l2, S: (
        np.full(len(S), _h(X, y, theta, l2, S)[0])),
     "All points are divided by the 1 - h of the first. Each has its own."),
    ("largest leverage", lambda X, y, theta, l2, S: (
        np.full(len(S), _h(X, y, theta, l2, S).max())),
     "All points are divided by the same 1 - h, the smallest. Each has its own."),
    ("mean leverage", lambda X, y, theta, l2, S: np.full(len(S), _h(X, y, theta, l2, S).mean()),
     "All points are divided by the same 1 - h, with the mean of h. Each has its own."),
    ("first leverages of all", lambda X, y, theta, l2, S: (
        _h(X, y, theta, l2, list(range(len(S))))),
     """The leverages are those of the first points of all, `h[:len(S)]`. S is a list of indices:
     `h[S]`."""),
    ("leverages added", lambda X, y, theta, l2, S: (
        np.full(len(S), _h(X, y, theta, l2, S).sum())),
     """You divided by 1 minus the sum of all leverages. In the rescaled sum each point is divided
     by its own 1 - h_i."""),
    ("leverage without the penalty", lambda X, y, theta, l2, S: (
        _h(X, y, theta, l2, S, H=hessian.hessian(X, y, theta, 1e-9))),
     "In the leverages H lacks its penalty: the same H, with l2 I, stands in both places."),
    ("leverage beside the others", lambda X, y, theta, l2, S: (
        _h(X, y, theta, l2, S, H=_without(X, y, theta, l2, S))),
     "The leverages are taken with an H that lacks the group. Here H is that of all points."),
)


@exercise(
    "10.6",
    "A rescaled sum",
    prompt="""The same group `S`. Add up the single removals, each divided by its own 1 - h_i:
    the sum over S of H^-1 grad L(z_i) / (n (1 - h_i)), with h_i = c_i x_i'H^-1 x_i / n. H is that
    of all points.""",
    minutes=5,
    difficulty=2,
    cases=groups,
    draw=any_group,
    hints=(
        "One point of it: the plain removal, (1/n) H^-1 grad L(z_i). By what is it divided?",
        """H is the same for all, so one `np.linalg.solve(H, ...)` will do: of the sum of the
        gradients, each with its factor.""",
    ),
    explanation="""Each point takes its own curvature along, as if it left alone. It is still a sum
    over points, so a thousand groups cost one factorisation; and it is the truth for one point and
    the square loss. What it leaves out is that without the others a point's leverage is larger.""",
    answer=formula(
        lambda H_inv, G, h, n: H_inv @ (G.T @ (1 / (1 - h))) / n,
        H_inv=hessian.INVERSE.at(without=("leverage counted", "H of the others",
                                          "H of the point alone", "one point alone")),
        G=GRADIENTS,
        h=LEVERAGES,
        n=lambda y: len(y),
    ),
    mistakes=(
        ("plain sum", lambda H_inv, G, n: H_inv @ G.sum(axis=0) / n,
         "This is the plain sum of the removals. Divide each by its own 1 - h_i before adding."),
        ("counted twice",
         lambda X, y, theta, l2, S, G, h, n: np.linalg.solve(
             _without(X, y, theta, l2, S), G.T @ (1 / (1 - h))) / n,
         """The curvature of the group leaves twice in yours: your H lacks the points of S, and each
         is divided by its 1 - h_i as well. Here H is that of all points."""),
        ("product of all", lambda H_inv, G, h, n: H_inv @ G.sum(axis=0) / n / np.prod(1 - h),
         """You divided by the product of all the 1 - h_i. Each point is divided by its own, before
         the sum."""),
        ("multiplied", lambda H_inv, G, h, n: H_inv @ (G.T @ (1 - h)) / n,
         """You multiplied by 1 - h_i, so the points go less far. Without its own curvature H is
         softer: divide."""),
        ("1 + h", lambda H_inv, G, h, n: H_inv @ (G.T @ (1 / (1 + h))) / n,
         """You divided by 1 + h_i. The curvature of the point leaves, so it is 1 - h_i, and the
         point goes farther."""),
        ("first order of it", lambda H_inv, G, h, n: H_inv @ (G.T @ (1 + h)) / n,
         """You multiplied by 1 + h_i, the first two terms of 1/(1 - h_i). For a small h they are
         alike; where it matters they are not."""),
        ("squared", lambda H_inv, G, h, n: H_inv @ (G.T @ (1 / (1 - h) ** 2)) / n,
         "You divided by 1 - h_i twice. Sherman and Morrison's formula has it once."),
        ("divided by h", lambda H_inv, G, h, n: H_inv @ (G.T @ (1 / h)) / n,
         "You divided by h_i. What holds theta after the point has left is 1 - h_i."),
        ("factors alone", lambda H_inv, G, h, n: H_inv @ (G.T @ (h / (1 - h))) / n,
         "These are what the rescaling adds, h_i/(1 - h_i) of each. The plain removal is missing."),
        ("mean for the sum", lambda H_inv, G, h, n: H_inv @ (G.T @ (1 / (1 - h))) / n / len(h),
         """You took the mean over the group. All of its points leave: their steps are added."""),
        ("1/|S|", lambda H_inv, G, h: H_inv @ (G.T @ (1 / (1 - h))) / len(h),
         "The sum is divided by |S|. Each point has the weight 1/n in R: divide by n."),
        ("n - |S|", lambda H_inv, G, h, y: H_inv @ (G.T @ (1 / (1 - h))) / (len(y) - len(h)),
         "The sum is divided by n - |S|. n stays what it was."),
        better("group step", _group_step,
               """This is the group's own Newton step, exercise 10.5. It is nearer to the truth; the
               rescaled sum is what can be had without a solve for each group."""),
        better("truth", truth,
               "This is the truth: you retrained without the group. Asked is a prediction."),
        ("sign", "-1", "theta moves along the gradients of those who leave."),
        ("no 1/n", "n", "A point has the weight 1/n in R: the sum is divided by n."),
        ("1/n twice", "1/n",
         "1/n stands there twice, or H is the sum with n l2, which brings its 1/n along."),
        ("a row for each", lambda H_inv, G, h, n: (H_inv @ (G.T / (1 - h))).T / n,
         "You return a row for each point of S. Asked is their sum, (p,)."),
        ("new theta", lambda theta, H_inv, G, h, n: theta + H_inv @ (G.T @ (1 / (1 - h))) / n,
         "This is where theta goes. Asked is the change."),
    ),
)
def rescaled(X, y, theta, l2, S):
    """Sum over S of H^-1 g_i / (n (1 - h_i)), (p,); X is (n, p), y is (n,), S a list."""
    n, p = X.shape
    m = y * (X @ theta)
    c = 1 / (1 + np.exp(-m)) / (1 + np.exp(m))
    H = (X.T * c) @ X / n + l2 * np.eye(p)
    total = np.zeros(p)
    for i in S:
        h = c[i] * (X[i] @ np.linalg.solve(H, X[i])) / n
        total = total - y[i] / (1 + np.exp(m[i])) * X[i] / (1 - h)
    return np.linalg.solve(H, total) / n
