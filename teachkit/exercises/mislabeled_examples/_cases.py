"""Fits of all points at once, and what leaving each of them out does to its own loss."""

from __future__ import annotations

import numpy as np

from .._slips.logistic import any_point, fit, risks

Fit = tuple[np.ndarray, np.ndarray, np.ndarray, float]


def fits() -> list[Fit]:
    """(X, y, theta, l2), theta at the minimum."""
    return risks()


def any_fit(draw) -> Fit:
    X, y, theta, l2, _ = any_point(draw)
    return X, y, theta, l2


def changes(X, y, theta, l2):
    """theta_{-i} - theta, a row for each i: weight 0, and n stays n."""
    return np.array([fit(X, y, l2, 1.0 - row) - theta for row in np.eye(len(y))])


def loss(margins):
    return np.logaddexp(0.0, -margins)


def margins(X, y, thetas):
    """y_i x_i'theta_i, with a theta for each point."""
    return y * (X * thetas).sum(axis=1)


def rises(X, y, theta, changes):
    """By how much each point's own loss rises when theta changes as the point's row says."""
    return loss(margins(X, y, theta + changes)) - loss(margins(X, y, theta + 0 * changes))
