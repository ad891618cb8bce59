"""The columns of 16.3 in rounds: what its function becomes with another test, row or place."""

from __future__ import annotations

import numpy as np

from .._slips.logistic import fit, gradient, hessian


def in_unit(unit, risk):
    """The same risk with X in another unit: all is as before, times a power of the unit."""
    X, y, _, l2 = risk
    return case(unit * X, y, unit**2 * l2)


def case(X, y, l2):
    return X, y, fit(X, y, l2), l2


def exact(X, y, theta, l2):
    return np.array([fit(X, y, l2, 1.0 - row) - theta for row in np.eye(len(y))])


def own(G, g, at):
    return np.linalg.norm(G, axis=0) <= 1e-9 * np.linalg.norm(g[at], axis=1)


def points(at):
    return at


def places(at):
    return np.arange(len(at))


def rounds(X, y, theta, l2, test=own, out=points):
    """Of each round: the open points, the places that get done, their rows now and before."""
    n, p = X.shape
    score = X @ theta
    s = 1 / (1 + np.exp(-score))
    a = s * (1 - s) / n
    H_inv = np.linalg.inv(hessian(X, y, theta, l2))
    g = np.array([gradient(X, y, theta, i) for i in range(n)]) / n
    at, D, G = np.arange(n), np.zeros((p, n)), -g.T
    for _ in range(60):
        x, before = X[at].T, D
        P, u = H_inv @ G, H_inv @ x
        D = D - P - u * a[at] * (x * P).sum(axis=0) / (1 - a[at] * (x * u).sum(axis=0))
        moved = 1 / (1 + np.exp(-score[:, None] - X @ D)) - s[:, None]
        moved[out(at), np.arange(len(at))] = 0
        G = -g[at].T + l2 * D + X.T @ moved / n
        done = test(G, g, at)
        yield at, np.flatnonzero(done), D[:, done].T, before[:, done].T
        at, D, G = at[~done], D[:, ~done], G[:, ~done]
        if not len(at):
            return


def leaving(test, out=points):
    """The mended function with another test for what is done, or with other rows out."""

    def changes(X, y, theta, l2):
        found = np.zeros(X.shape)
        for at, ready, rows, _ in rounds(X, y, theta, l2, test, out):
            found[at[ready]] = rows
        return found

    return changes


def looser(by):
    return lambda G, g, at: own(G / by, g, at)


def as_given(test, out=points):
    """The function as it was given with another test, or with other rows out."""

    def changes(X, y, theta, l2):
        found = np.zeros(X.shape)
        for _, ready, rows, _ in rounds(X, y, theta, l2, test, out):
            found[ready] = rows
        return found

    return changes


def below(tolerance):
    """One tolerance for all columns, a function of the sizes of all gradients."""
    return leaving(
        lambda G, g, at: np.linalg.norm(G, axis=0) <= tolerance(np.linalg.norm(g, axis=1))
    )


def beside(whose):
    """The gradients of other points, a function of who is still there."""
    return leaving(
        lambda G, g, at: np.linalg.norm(G, axis=0) <= 1e-9 * np.linalg.norm(g[whose(at)], axis=1)
    )


def written_to(whose):
    """Rows written to places that do not fit: what NumPy says of it is what the learner is told."""

    def changes(X, y, theta, l2):
        found = np.zeros(X.shape)
        for at, ready, rows, _ in rounds(X, y, theta, l2):
            found[whose(at, ready)] = rows
        return found

    return changes


def added_up(X, y, theta, l2):
    found = np.zeros(X.shape)
    for _, ready, rows, _ in rounds(X, y, theta, l2):
        found[ready] += rows
    return found


def mask(at, ready):
    return np.isin(np.arange(len(at)), ready)


def columns_of_points(X, y, theta, l2):
    for at, ready, *_ in rounds(X, y, theta, l2):
        np.zeros((len(theta), len(at)))[:, at[ready]]


def round_before(X, y, theta, l2):
    found = np.zeros(X.shape)
    for at, ready, _, before in rounds(X, y, theta, l2):
        found[at[ready]] = before
    return found


def as_they_get_done(X, y, theta, l2):
    return np.concatenate([rows for _, _, rows, _ in rounds(X, y, theta, l2)])


def first_round_alone(X, y, theta, l2):
    changes = np.zeros(X.shape)
    _, ready, rows, _ = next(found for found in rounds(X, y, theta, l2) if len(found[1]))
    changes[ready] = rows
    return changes
