"""16.3: a bug hunt: all retrainings at once, with one line that is not what it should be."""

from __future__ import annotations

import numpy as np

from .. import better, exercise
from .._slips.logistic import any_point, fit, gradient, hessian, risks

WRONG = '''def leave_one_out_together(X, y, theta, l2):
    """theta_{-i} - theta of every point, (n, p): all columns at once, until each is done."""
    n, p = X.shape
    score = X @ theta
    s = 1 / (1 + np.exp(-score))
    a = s * (1 - s) / n
    H_inv = np.linalg.inv((X.T * a) @ X + l2 * np.eye(p))
    g = ((s - (y > 0)) / n)[:, None] * X
    changes, at = np.zeros((n, p)), np.arange(n)
    D, G = np.zeros((p, n)), -g.T
    for _ in range(60):
        x = X[at].T
        P, u = H_inv @ G, H_inv @ x
        left = 1 - a[at] * (x * u).sum(axis=0)
        D = D - P - u * a[at] * (x * P).sum(axis=0) / left
        moved = 1 / (1 + np.exp(-score[:, None] - X @ D)) - s[:, None]
        moved[at, np.arange(len(at))] = 0
        G = -g[at].T + l2 * D + X.T @ moved / n
        done = np.linalg.norm(G, axis=0) <= 1e-9 * np.linalg.norm(g[at], axis=1)
        ready = np.flatnonzero(done)
        changes[ready] = D[:, ready].T
        at, D, G = at[~done], D[:, ~done], G[:, ~done]
    return changes
'''


def _fits() -> list[tuple]:
    return risks()


def _any_fit(draw):
    X, y, theta, l2, _ = any_point(draw)
    rounds = list(_rounds(X, y, theta, l2))
    # So that no verdict is by luck: all are done early, and in more than one round.
    if not 2 <= len(rounds) <= 30 or _still_wrong(X, y, theta, l2) is None:
        return None
    return X, y, theta, l2


def _rounds(X, y, theta, l2):
    """In each round in which some get done: the open points, the places that are done, the rows."""
    n, p = X.shape
    score = X @ theta
    s = 1 / (1 + np.exp(-score))
    a = s * (1 - s) / n
    H_inv = np.linalg.inv(hessian(X, y, theta, l2))
    g = np.array([gradient(X, y, theta, i) for i in range(n)]) / n
    at, D, G = np.arange(n), np.zeros((p, n)), -g.T
    for _ in range(60):
        x = X[at].T
        P, u = H_inv @ G, H_inv @ x
        D = D - P - u * a[at] * (x * P).sum(axis=0) / (1 - a[at] * (x * u).sum(axis=0))
        moved = 1 / (1 + np.exp(-score[:, None] - X @ D)) - s[:, None]
        moved[at, np.arange(len(at))] = 0
        G = -g[at].T + l2 * D + X.T @ moved / n
        size, share = np.linalg.norm(G, axis=0), np.linalg.norm(g[at], axis=1)
        done = size <= 1e-9 * share
        if done.any():
            yield at, np.flatnonzero(done), D[:, done].T
        at, D, G = at[~done], D[:, ~done], G[:, ~done]
        if not len(at):
            return


def _still_wrong(X, y, theta, l2):
    changes = np.zeros(X.shape)
    for _, ready, rows in _rounds(X, y, theta, l2):
        changes[ready] = rows
    right = _exact(X, y, theta, l2)
    return changes if np.abs(changes - right).max() > 0.01 * np.abs(right).max() else None


def _exact(X, y, theta, l2):
    return np.array([fit(X, y, l2, 1.0 - row) - theta for row in np.eye(len(y))])


def _as_they_get_done(X, y, theta, l2):
    return np.concatenate([rows for _, _, rows in _rounds(X, y, theta, l2)])


def _first_round_alone(X, y, theta, l2):
    changes = np.zeros(X.shape)
    _, ready, rows = next(_rounds(X, y, theta, l2))
    changes[ready] = rows
    return changes


def _one_step(X, y, theta, l2):
    H, n, found = hessian(X, y, theta, l2), len(y), []
    for i in range(n):
        H_i = H - hessian(X[i : i + 1], y[i : i + 1], theta, 0.0) / n
        found.append(np.linalg.solve(H_i, gradient(X, y, theta, i)) / n)
    return np.array(found)


def _influence(X, y, theta, l2):
    G = np.array([gradient(X, y, theta, i) for i in range(len(y))])
    return np.linalg.solve(hessian(X, y, theta, l2), G.T).T / len(y)


def _own_row_in(X, y, theta, l2):
    """The loss of the point stays in, and only its gradient at theta leaves."""
    found = []
    for i in range(len(y)):
        D, g = np.zeros(len(theta)), gradient(X, y, theta, i) / len(y)
        for _ in range(40):
            slope = np.mean([gradient(X, y, theta + D, j) for j in range(len(y))], axis=0)
            D = D - np.linalg.solve(hessian(X, y, theta + D, l2), slope + l2 * (theta + D) - g)
        found.append(D)
    return np.array(found)


def _deleted(X, y, theta, l2):
    fits = [fit(np.delete(X, i, axis=0), np.delete(y, i), l2) for i in range(len(y))]
    return np.array(fits) - theta


@exercise(
    "16.3",
    "A bug hunt",
    prompt="""This function is to return theta_{-i} - theta for every point i, a row each: all
    columns take their steps at once, and a column leaves when it is done. It runs, and one of its
    lines is wrong. For some fits it is right. For others some rows are those of *other* points,
    and some are 0. Mend it. (`theta` is at the minimum, n stays n, the step is right, and the plain
    difference of two sigmoids has the digits that a tolerance of 1e-9 asks for.)""",
    minutes=8,
    difficulty=3,
    cases=_fits,
    draw=_any_fit,
    draws=30,
    stub=WRONG,
    hints=(
        """It is right where all columns get done in the same round. So what is different in the
        next round, when some have left?""",
        """For n = 4 let columns 0 and 2 leave in one round and the others in the next. Write down
        `at`, `done` and `ready` in both. What does place 0 of `done` stand for in the second
        round?""",
        """`ready` are places among the columns that are still there. The rows of the answer belong
        to points. Which array says whose column it is?""",
    ),
    explanation="""`changes[at[ready]]`: once columns have left, place k is no longer point k, and
    `at` remembers whose column it is. Nothing raises, since the places are too small rather
    than too large: earlier rows are written over, and later ones stay 0. To find such a thing
    compare a few rows with single retrainings, the last ones too; or look for rows of zeros.""",
    mistakes=(
        ("still in it", lambda X, y, theta, l2: _still_wrong(X, y, theta, l2),
         """These are still the rows of the function as it was given. Look at the line that writes
         into `changes`: rows of which points, from the second round on?"""),
        ("as they get done", _as_they_get_done,
         """The rows are right, and they stand in the order in which the columns got done. Row i
         belongs to point i."""),
        ("the first round alone", _first_round_alone,
         """Only what is done in the first round that finishes any is kept, all other rows are 0.
         Do the rounds end too early (`range`, a `return`, a `break`), or does `at` no longer fit to
         D and G?"""),
        ("nothing kept", lambda X, y, theta, l2: np.zeros(X.shape),
         """Nothing arrives in `changes`. Either no column was done when the rounds ended, or the
         line writes into a copy, as `changes[at][ready] = ...` does: index once, with
         `at[ready]`."""),
        ("one step", _one_step,
         """This is the first step of each column, a Newton step without the point. The later rounds
         were right: they take what is left of G."""),
        ("influence", _influence,
         """This is what influence predicts, H^-1 g. The columns go on until G is 0: that is the
         retraining."""),
        ("own row in", _own_row_in,
         """Each point's own row is among those whose slopes change. It has left: the line that puts
         0 there was right."""),
        ("sign", "-1", "Yours is minus each change. The signs of the given code were right."),
        ("transposed", "transposed", "Yours has a column for each point. Asked is a row for each."),
        ("n - 1", _deleted,
         """The mean runs over n - 1 in yours, with the same l2: the penalty then counts for less.
         A point that is left out has the weight 0, and n stays."""),
        better("theta itself", lambda X, y, theta, l2: theta + _exact(X, y, theta, l2),
               "These are theta_{-i}. Asked is by how much they differ from theta."),
        ("one point early", lambda X, y, theta, l2: np.roll(_exact(X, y, theta, l2), 1, axis=0),
         lambda X, y, theta, l2: np.roll(_exact(X, y, theta, l2), -1, axis=0),
         "Every row is that of its neighbour: the places are off by one."),
        ("backwards", lambda X, y, theta, l2: _exact(X, y, theta, l2)[::-1],
         "The rows stand from the last point to the first."),
    ),
)
def leave_one_out_together(X, y, theta, l2):
    """theta_{-i} - theta of every point, (n, p): all columns at once, until each is done."""
    n, p = X.shape
    score = X @ theta
    s = 1 / (1 + np.exp(-score))
    a = s * (1 - s) / n
    H_inv = np.linalg.inv((X.T * a) @ X + l2 * np.eye(p))
    g = ((s - (y > 0)) / n)[:, None] * X
    changes, at = np.zeros((n, p)), np.arange(n)
    D, G = np.zeros((p, n)), -g.T
    for _ in range(60):
        x = X[at].T
        P, u = H_inv @ G, H_inv @ x
        left = 1 - a[at] * (x * u).sum(axis=0)
        D = D - P - u * a[at] * (x * P).sum(axis=0) / left
        moved = 1 / (1 + np.exp(-score[:, None] - X @ D)) - s[:, None]
        moved[at, np.arange(len(at))] = 0
        G = -g[at].T + l2 * D + X.T @ moved / n
        done = np.linalg.norm(G, axis=0) <= 1e-9 * np.linalg.norm(g[at], axis=1)
        ready = np.flatnonzero(done)
        changes[at[ready]] = D[:, ready].T
        at, D, G = at[~done], D[:, ~done], G[:, ~done]
    return changes
