"""The cases of 7.3 and 7.4, and the formulas and words that their mistakes share."""

from __future__ import annotations

import numpy as np

from .._logistic import gradient, hessian, risks, sigma


def every_point() -> list[tuple]:
    return [(X, y, theta, l2, i) for X, y, theta, l2 in risks() for i in range(len(y))]


def solve(H, g):
    return np.linalg.solve(H, g)


def response(X, y, theta, l2, i):
    """H^-1 g_i, from which most answers to both exercises are made."""
    return solve(hessian(X, y, theta, l2), gradient(X, y, theta, i))


def sum_hessian(X, y, theta):
    return len(y) * hessian(X, y, theta, 0.0)


def eye(theta):
    return np.eye(len(theta))


def penalised(X, y, theta, l2, i):
    return solve(hessian(X, y, theta, l2), gradient(X, y, theta, i) + l2 * theta)


def unlabelled(X, y, theta, l2, i):
    g = -sigma(-y[i] * (X[i] @ theta)) * X[i]
    return solve(hessian(X, y, theta, l2), g)


def wrong_margin(X, y, theta, l2, i):
    g = -y[i] * sigma(y[i] * (X[i] @ theta)) * X[i]
    return solve(hessian(X, y, theta, l2), g)


def no_curvature(X, y, theta, l2, i):
    return solve(X.T @ X / len(y) + l2 * eye(theta), gradient(X, y, theta, i))


NO_RIDGE = (
    "The penalty is missing in H. The answer is far too long in the directions of which the data "
    "say little: on real data r with the true retrainings falls far below 1, and nothing warns "
    "you. H belongs to the risk that was minimised, so l2 I is in it."
)
LABEL = (
    "The label is missing in the gradient: right for points with y = +1, turned round for "
    "those with y = -1. grad L = -y sigma(-m) x."
)
WRONG_MARGIN = (
    "The gradient is too long for points that are classified well and too short for the others: "
    "you have sigma(+m), the probability of being right. A point pulls by how wrong the model is "
    "about it: sigma(-m), m = y x'theta."
)
