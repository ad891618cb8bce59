"""16.3: a bug hunt: all retrainings at once, with one line that is not what it should be."""

from __future__ import annotations

import numpy as np

from .. import better, exercise
from .._slips.logistic import any_point, fit, gradient, hessian, risks
from ._hunt_columns import counted
from ._rounds import (
    added_up,
    as_given,
    as_they_get_done,
    below,
    beside,
    case,
    columns_of_points,
    exact,
    first_round_alone,
    in_unit,
    leaving,
    looser,
    mask,
    own,
    places,
    round_before,
    rounds,
    written_to,
)

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
    one, other = risks()
    units = [in_unit(1e-9, one), in_unit(1e-5, other)]
    return [one, other, *units, case(*one[:2], 25.0), case(*_unlike())]


def _unlike():
    """Shares far apart and columns that leave early, so that a place is soon no longer a point.

    A point that has columns for itself is done after one step, and after many with another one;
    two groups have no column in common, and one of them is in another unit.
    """
    X, first, second = np.zeros((12, 6)), [1, 5, 6, 8, 10], [2, 3, 4, 7, 9, 11]
    X[0, 3:] = [230.0, -150.0, 120.0]
    X[first, 0] = [1.3e9, -0.8e9, 2.1e9, -1.7e9, 0.9e9]
    X[second, 1:3] = [
        [0.7, 2.2], [1.9, -0.6], [-0.5, 1.6], [-1.4, 0.8], [-2.3, -1.1], [1.2, -1.8],
    ]  # fmt: skip
    y = np.array([1.0, 1.0, 1.0, 1.0, -1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0, 1.0])
    return X, y, 0.1


def _any_fit(draw):
    risk = any_point(draw)[:4]
    X, y, theta, l2 = in_unit(draw.pick(1.0, 1.0, 1e-9), risk)
    done = [ready for _, ready, *_ in rounds(X, y, theta, l2) if len(ready)]
    # So that no verdict is by luck: all are done early, and in more than one round.
    if not 2 <= len(done) <= 30 or not _bug_shows(X, y, theta, l2):
        return None
    return X, y, theta, l2


def _bug_shows(X, y, theta, l2):
    right = exact(X, y, theta, l2)
    return np.abs(as_given(own)(X, y, theta, l2) - right).max() > 0.01 * np.abs(right).max()


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
    remark=counted,
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
        ("still in it", as_given(own),
         """These are still the rows of the function as it was given. Look at the line that writes
         into `changes`: rows of which points, from the second round on?"""),
        ("as they get done", as_they_get_done,
         """The rows are right, and they stand in the order in which the columns got done. Row i
         belongs to point i."""),
        ("the first round alone", first_round_alone,
         """Only what is done in the first round that finishes any is kept, all other rows are 0.
         Do the rounds end too early (`range`, a `return`, a `break`), or does `at` no longer fit to
         D and G?"""),
        ("nothing kept", lambda X, y, theta, l2: np.zeros(X.shape),
         """Nothing arrives in `changes`. Either no column was done when the rounds ended, or the
         line writes into a copy, as `changes[at][ready] = ...` does: index once, with
         `at[ready]`."""),
        ("one tolerance for all",
         *(below(lambda size, tol=tol: tol) for tol in (1e-8, 1e-9)),
         *(below(lambda size, of=of: 1e-9 * of(size)) for of in (np.max, np.mean, np.linalg.norm)),
         """A column leaves in yours when |G| is below one number, the same for all. What is small
         beside the gradient of one point is all there is for another, and 1e-9 alone is not small
         where X is in another unit. 1e-9 times the gradient of its *own* point, `g[at]`, was
         right."""),
        ("a mask of places", written_to(mask),
         """`done` has an entry for each column that is still there, and `changes` a row for each
         point. The two fit in the first round only."""),
        ("points where places belong", columns_of_points,
         """The columns of D are places among those that are still there, and you look there for the
         numbers of points. Only the rows of `changes` belong to points."""),
        ("left before it was written", written_to(lambda at, ready: at[~mask(at, ready)][ready]),
         """`at` holds only those who stay by then, and `ready` are places among all that were
         there. Write first, and let them leave afterwards."""),
        ("another point's tolerance",
         *map(beside, (lambda at: at - 1, lambda at: np.roll(at, 1), lambda at: np.roll(at, -1),
                        places)),
         """Each column is compared with the gradient of another point. Once columns have left,
         place k is no longer point k: whose gradient it is, too, is said by `at`."""),
        ("divided by its gradient", leaving(
            lambda G, g, at: np.linalg.norm(G, axis=0) <= 1e-9 / np.linalg.norm(g[at], axis=1)),
         """The tolerance is divided by the gradient of the point in yours: it is the larger the
         less there is. |G| is to be small *beside* it, 1e-9 times."""),
        ("looser tolerance", leaving(looser(1e8)), as_given(looser(1e8)),
         """The rows have fewer digits than a tolerance of 1e-9 gives: columns leave too early. With
         a looser one more of them leave at once, and that hides the bug; it does not mend it."""),
        ("the round before", round_before,
         """What is kept is what D was a round before the column got done. D of this round passed
         the test: it is the one to keep."""),
        ("one step", _one_step,
         """This is the first step of each column, a Newton step without the point. The later rounds
         were right: they take what is left of G."""),
        ("influence", _influence,
         """This is what influence predicts, H^-1 g. The columns go on until G is 0: that is the
         retraining."""),
        ("own row in", _own_row_in,
         """Each point's own row is among those whose slopes change. It has left: the line that puts
         0 there was right."""),
        ("another row out", as_given(own, places), leaving(own, places),
         """The change of slope of another point is put to 0 in yours. A row of `moved` is a point,
         all n of them, and a column is a place: `moved[at, ...]` was right."""),
        ("added to it", added_up,
         """What was written over before is added up with `+=`: some rows are sums of the changes of
         two points. Rows of which points does `ready` stand for, from the second round on?"""),
        ("sign", "-1", "Yours is minus each change. The signs of the given code were right."),
        ("transposed", "transposed", "Yours has a column for each point. Asked is a row for each."),
        ("n - 1", _deleted,
         """The mean runs over n - 1 in yours, with the same l2: the penalty then counts for less.
         A point that is left out has the weight 0, and n stays."""),
        better("theta itself", lambda X, y, theta, l2: theta + exact(X, y, theta, l2),
               "These are theta_{-i}. Asked is by how much they differ from theta."),
        ("one point early", lambda X, y, theta, l2: np.roll(exact(X, y, theta, l2), 1, axis=0),
         lambda X, y, theta, l2: np.roll(exact(X, y, theta, l2), -1, axis=0),
         "Every row is that of its neighbour: the places are off by one."),
        ("backwards", lambda X, y, theta, l2: exact(X, y, theta, l2)[::-1],
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
