"""The cases of 7.3 and 7.4, and the parts from which their answers are made, right and wrong."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .._slips.logistic import curvature, gradient, hessian, risks

# (X, y, theta, l2, i) -> the matrix (p, p) in the place of H^-1, or the gradient (p,) of point i
Part = Callable[..., np.ndarray]


def every_point() -> list[tuple]:
    return [(X, y, theta, l2, i) for X, y, theta, l2 in risks() for i in range(len(y))]


def inverse(X, y, theta, l2, i):
    return np.linalg.inv(hessian(X, y, theta, l2))


def slope(X, y, theta, l2, i):
    return gradient(X, y, theta, i)


def response(X, y, theta, l2, i):
    """H^-1 g_i, from which most answers to both exercises are made."""
    return inverse(X, y, theta, l2, i) @ slope(X, y, theta, l2, i)


def leverage(X, y, theta, l2, i):
    c = curvature(X, y, theta)[i]
    return c * X[i] @ inverse(X, y, theta, l2, i) @ X[i] / len(y)


def penalised_slope(X, y, theta, l2, i):
    return gradient(X, y, theta, i) + l2 * theta


def sum_and_ridge(X, y, theta, l2, i):
    return np.linalg.inv(len(y) * hessian(X, y, theta, 0.0) + l2 * np.eye(len(theta)))


def sum_and_n_ridge(X, y, theta, l2, i):
    return np.linalg.inv(len(y) * hessian(X, y, theta, l2))


def mean_over_p(X, y, theta, l2, i):
    n, p = X.shape
    return np.linalg.inv(n / p * hessian(X, y, theta, 0.0) + l2 * np.eye(p))


def without_the_point(X, y, theta, l2, i):
    own = curvature(X, y, theta)[i] * np.outer(X[i], X[i])
    return np.linalg.inv(hessian(X, y, theta, l2) - own / len(y))


def others_over_n_less_1(X, y, theta, l2, i):
    return inverse(np.delete(X, i, axis=0), np.delete(y, i), theta, l2, i)
