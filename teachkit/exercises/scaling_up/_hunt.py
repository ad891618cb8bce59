"""16.3: a bug hunt: all retrainings at once, with one line that is not what it should be."""

from __future__ import annotations

import numpy as np

from teachkit.derivatives.products import operations

from .. import better, exercise
from .._engine.mistake import Aside, Clue
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
    one, other = risks()
    units = [_in_unit(1e-9, one), _in_unit(1e-5, other)]
    return [one, other, *units, _fit(*one[:2], 25.0), _fit(*_unlike())]


def _in_unit(unit, risk):
    """The same risk with X in another unit: all is as before, times a power of the unit."""
    X, y, _, l2 = risk
    return _fit(unit * X, y, unit**2 * l2)


def _fit(X, y, l2):
    return X, y, fit(X, y, l2), l2


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
    X, y, theta, l2 = _in_unit(draw.pick(1.0, 1.0, 1e-9), risk)
    rounds = [ready for _, ready, *_ in _rounds(X, y, theta, l2) if len(ready)]
    # So that no verdict is by luck: all are done early, and in more than one round.
    if not 2 <= len(rounds) <= 30 or not _bug_shows(X, y, theta, l2):
        return None
    return X, y, theta, l2


def _own(G, g, at):
    return np.linalg.norm(G, axis=0) <= 1e-9 * np.linalg.norm(g[at], axis=1)


def _points(at):
    return at


def _places(at):
    return np.arange(len(at))


def _rounds(X, y, theta, l2, test=_own, out=_points):
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


def _leaving(test, out=_points):
    """The mended function with another test for what is done, or with other rows out."""

    def changes(X, y, theta, l2):
        found = np.zeros(X.shape)
        for at, ready, rows, _ in _rounds(X, y, theta, l2, test, out):
            found[at[ready]] = rows
        return found

    return changes


def _looser(by):
    return lambda G, g, at: _own(G / by, g, at)


def _as_given(test, out=_points):
    """The function as it was given with another test, or with other rows out."""

    def changes(X, y, theta, l2):
        found = np.zeros(X.shape)
        for _, ready, rows, _ in _rounds(X, y, theta, l2, test, out):
            found[ready] = rows
        return found

    return changes


def _below(tolerance):
    """One tolerance for all columns, a function of the sizes of all gradients."""
    return _leaving(
        lambda G, g, at: np.linalg.norm(G, axis=0) <= tolerance(np.linalg.norm(g, axis=1))
    )


def _beside(whose):
    """The gradients of other points, a function of who is still there."""
    return _leaving(
        lambda G, g, at: np.linalg.norm(G, axis=0) <= 1e-9 * np.linalg.norm(g[whose(at)], axis=1)
    )


def _written_to(whose):
    """Rows written to places that do not fit: what NumPy says of it is what the learner is told."""

    def changes(X, y, theta, l2):
        found = np.zeros(X.shape)
        for at, ready, rows, _ in _rounds(X, y, theta, l2):
            found[whose(at, ready)] = rows
        return found

    return changes


def _added_up(X, y, theta, l2):
    found = np.zeros(X.shape)
    for _, ready, rows, _ in _rounds(X, y, theta, l2):
        found[ready] += rows
    return found


def _mask(at, ready):
    return np.isin(np.arange(len(at)), ready)


def _columns_of_points(X, y, theta, l2):
    for at, ready, *_ in _rounds(X, y, theta, l2):
        np.zeros((len(theta), len(at)))[:, at[ready]]


def _round_before(X, y, theta, l2):
    found = np.zeros(X.shape)
    for at, ready, _, before in _rounds(X, y, theta, l2):
        found[at[ready]] = before
    return found


def _columns(function) -> str:
    """How many columns of X D are computed in all."""
    n, p = 40, 3
    random = np.random.default_rng(0)
    X = random.standard_normal((n, p))
    y = np.where(X[:, 0] + 0.7 * random.standard_normal(n) > 0, 1.0, -1.0)
    X[7] *= 2.5
    case = _fit(X, y, 0.02)
    off = np.abs(function(*case) - _exact(*case)).max()
    off /= np.abs(_exact(*case)).max()
    if 1e-6 < off < 1e-2:
        return Clue(
            f"Measured for {n} points: the largest error is about {off:.0e} of the largest change. "
            "So the columns leave too early: is the test with its 1e-9 as it was given?"
        )
    if not off <= 1e-6:
        return ""
    open_at_once = _open(function, case)
    total, needed = sum(open_at_once), sum(len(at) for at, *_ in _rounds(*case))
    if not total:
        alone = _with_one_vector(function, case)
        if alone < n:  # done in a way that is not followed
            return ""
        return Aside(
            f"Counted for {n} points: {alone:,} products with X or parts of it, each with one "
            "vector. These are retrainings one after the other; asked are all at once, as columns "
            "of one product.",
            "one by one",
        )
    counted = (
        f"Counted for {n} points: {total:,} columns of X D in all rounds together, where "
        f"{needed:,} will do."
    )
    if total <= 1.25 * needed:
        return f"Counted for {n} points: {total:,} columns of X D in all rounds together."
    if {*open_at_once} <= {0, n}:
        return Aside(
            f"{counted} Nobody leaves before the last one is done: then places and points are the "
            "same, and the bug does not show. A column that is done is to leave.",
            "nobody leaves",
        )
    return Aside(
        f"{counted} The columns leave later than they could. Are the start, `left`, the step and "
        "the test those of the code as it was given?",
        "more rounds than needed",
    )


def _with_one_vector(function, case) -> int:
    X, *rest = case
    found = operations(lambda X: function(X, *rest), X)
    return sum(o.taken > 0 and len(o.shape) == 1 for o in found)


def _open(function, case) -> list[int]:
    X, *rest = case
    found = operations(lambda X: function(X, *rest), X)
    return [k for _, (n, k) in (o for o in found if o.taken and len(o.shape) == 2) if n == len(X)]


def _bug_shows(X, y, theta, l2):
    right = _exact(X, y, theta, l2)
    return np.abs(_as_given(_own)(X, y, theta, l2) - right).max() > 0.01 * np.abs(right).max()


def _exact(X, y, theta, l2):
    return np.array([fit(X, y, l2, 1.0 - row) - theta for row in np.eye(len(y))])


def _as_they_get_done(X, y, theta, l2):
    return np.concatenate([rows for _, _, rows, _ in _rounds(X, y, theta, l2)])


def _first_round_alone(X, y, theta, l2):
    changes = np.zeros(X.shape)
    _, ready, rows, _ = next(found for found in _rounds(X, y, theta, l2) if len(found[1]))
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
    remark=_columns,
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
        ("still in it", _as_given(_own),
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
        ("one tolerance for all",
         *(_below(lambda size, tol=tol: tol) for tol in (1e-8, 1e-9)),
         *(_below(lambda size, of=of: 1e-9 * of(size)) for of in (np.max, np.mean, np.linalg.norm)),
         """A column leaves in yours when |G| is below one number, the same for all. What is small
         beside the gradient of one point is all there is for another, and 1e-9 alone is not small
         where X is in another unit. 1e-9 times the gradient of its *own* point, `g[at]`, was
         right."""),
        ("a mask of places", _written_to(_mask),
         """`done` has an entry for each column that is still there, and `changes` a row for each
         point. The two fit in the first round only."""),
        ("points where places belong", _columns_of_points,
         """The columns of D are places among those that are still there, and you look there for the
         numbers of points. Only the rows of `changes` belong to points."""),
        ("left before it was written", _written_to(lambda at, ready: at[~_mask(at, ready)][ready]),
         """`at` holds only those who stay by then, and `ready` are places among all that were
         there. Write first, and let them leave afterwards."""),
        ("another point's tolerance",
         *map(_beside, (lambda at: at - 1, lambda at: np.roll(at, 1), lambda at: np.roll(at, -1),
                        _places)),
         """Each column is compared with the gradient of another point. Once columns have left,
         place k is no longer point k: whose gradient it is, too, is said by `at`."""),
        ("divided by its gradient", _leaving(
            lambda G, g, at: np.linalg.norm(G, axis=0) <= 1e-9 / np.linalg.norm(g[at], axis=1)),
         """The tolerance is divided by the gradient of the point in yours: it is the larger the
         less there is. |G| is to be small *beside* it, 1e-9 times."""),
        ("looser tolerance", _leaving(_looser(1e8)), _as_given(_looser(1e8)),
         """The rows have fewer digits than a tolerance of 1e-9 gives: columns leave too early. With
         a looser one more of them leave at once, and that hides the bug; it does not mend it."""),
        ("the round before", _round_before,
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
        ("another row out", _as_given(_own, _places), _leaving(_own, _places),
         """The change of slope of another point is put to 0 in yours. A row of `moved` is a point,
         all n of them, and a column is a place: `moved[at, ...]` was right."""),
        ("added to it", _added_up,
         """What was written over before is added up with `+=`: some rows are sums of the changes of
         two points. Rows of which points does `ready` stand for, from the second round on?"""),
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
