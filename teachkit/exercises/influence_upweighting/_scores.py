"""7.6: which factor a score lacks, told by correlation and rank correlation."""

from __future__ import annotations

import numpy as np

from .. import exercise
from .._slips.logistic import fit, gradient, hessian, sigma

# The seeds are those on which the four cases can be told apart as the task says, with room to
# spare; RandomState keeps its stream for ever.
_NAMES = ("nothing", "loss factor", "inverse Hessian", "labels")
_SEEDS = (7, 10, 19, 21, 39, 96)
_ODD = (156, 502, 630, 838, 1186, 1400)  # some rank r lies below that of the score nearest to 0


def _four_scores() -> list[tuple]:
    return [_one(seed)[:2] for seed in _SEEDS]


def _any_scores(draw):
    scores, truth, names = _one(draw.pick(*_ODD) if draw.chance() else draw.whole(0, 10**6))
    r, rank = _read(scores, truth)
    place = {name: row for row, name in enumerate(names)}
    others = [row for name, row in place.items() if name != "nothing"]
    apart = (
        r[place["nothing"]] - r[others].max(),
        np.abs(rank[[row for name, row in place.items() if name != "labels"]]).min()
        - np.abs(rank[place["labels"]]),
        (rank - r)[place["loss factor"]] - (rank - r)[place["inverse Hessian"]],
    )
    return (scores, truth) if min(apart) > 0.05 else None


def _one(seed: int) -> tuple:
    """(scores, truth, names): four scores of 40 points, shuffled, each in a unit of its own."""
    random = np.random.RandomState(seed)
    n, p, l2 = 40, 6, 0.05
    spread = np.diag(np.linspace(0.3, 2.0, p)) @ random.normal(size=(p, p))
    X = random.normal(size=(n, p)) @ spread
    direction = random.normal(size=p)
    y = np.where(X @ direction + random.normal(size=n) > 0, 1.0, -1.0)
    if seed % 2:
        y[:3] *= -1
    theta = fit(X, y, l2)
    x_test = random.normal(size=p) @ spread
    y_test = -np.sign(x_test @ theta)
    g_test = -y_test * sigma(-y_test * (x_test @ theta)) * x_test
    s_test = np.linalg.solve(hessian(X, y, theta, l2), g_test)
    gradients = np.array([gradient(X, y, theta, i) for i in range(n)])
    wrong = sigma(-y * (X @ theta))
    scores = np.array([
        gradients @ s_test,
        gradients @ g_test,
        -(X.T * y).T @ s_test,
        -(X.T * wrong).T @ s_test,
    ])
    kept = [fit(X, y, l2, np.where(np.arange(n) == i, 0.0, 1.0)) for i in range(n)]
    truth = np.logaddexp(0, -y_test * (np.array(kept) @ x_test))
    truth -= np.logaddexp(0, -y_test * (x_test @ theta))
    order = random.permutation(4)
    units = 10.0 ** random.uniform(-1, 1, size=(4, 1))
    names = ("nothing", "inverse Hessian", "loss factor", "labels")
    return (scores * units)[order], truth, [names[k] for k in order]


def _read(scores, truth):
    """r and rank r of each row with the truth."""

    def r(a, b):
        return np.corrcoef(a, b)[0, 1]

    ranks = np.argsort(np.argsort(truth))
    return (
        np.array([r(row, truth) for row in scores]),
        np.array([r(np.argsort(np.argsort(row)), ranks) for row in scores]),
    )


def _named(nothing, loss, hessian_, labels):
    names = [""] * 4
    rows = (nothing, loss, hessian_, labels)
    for row, name in zip(rows, _NAMES, strict=True):
        names[int(row)] = name
    return tuple(names)


def _by(pick):
    """An answer that sorts the rows by one number each, best first."""

    def answer(scores, truth):
        return _named(*np.argsort(-pick(scores, truth)))

    return answer


def _order(answer):
    """The names in the order of the rows that the answer ranks, which is not that of the rows."""

    def names(scores, truth):
        given = answer(scores, truth)
        return tuple(_NAMES[row] for row in map(given.index, _NAMES))

    return names


def _in_order(scores, truth):
    return _order(what_is_missing.reference)(scores, truth)


def _lowest_rank(scores, truth):
    r, rank = _read(scores, truth)
    nothing, labels = np.argmax(r), np.argmin(rank)
    hessian_, loss = sorted({*range(4)} - {nothing, labels}, key=lambda k: rank[k] - r[k])
    return _named(nothing, loss, hessian_, labels)


def _exchanged(scores, truth):
    swap = {"loss factor": "inverse Hessian", "inverse Hessian": "loss factor"}
    return tuple(swap.get(name, name) for name in what_is_missing.reference(scores, truth))


def _by_scale(scores, truth):
    r, rank = _read(scores, truth)
    nothing = np.argmin(np.abs(scores - truth).max(axis=1))
    others = [k for k in range(4) if k != nothing]
    labels = min(others, key=lambda k: abs(rank[k]))
    hessian_, loss = sorted((k for k in others if k != labels), key=lambda k: rank[k] - r[k])
    return _named(nothing, loss, hessian_, labels)


@exercise(
    "7.6",
    "What is missing?",
    prompt="""Four scores for the same 40 training points, one in each row of `scores`, (4, n), and
    the `truth`, (n,): how the test loss really changed when each point was left out. One score is
    the influence and lacks nothing; the others each lack one factor. Return four names in the order
    of the rows, each of "nothing", "loss factor", "inverse Hessian", "labels" once, judged by r and
    rank r alone: no row has a unit, each may stand there times any positive number.""",
    minutes=10,
    difficulty=3,
    cases=_four_scores,
    draw=_any_scores,
    draws=8,  # each takes forty retrainings
    hints=(
        """Each row needs two numbers. `np.corrcoef(a, b)[0, 1]` is r, and rank r is r of the ranks;
        `np.argsort(np.argsort(a))` are the ranks of a.""",
        "With nothing missing r and rank r are both near 1: look for the row with the largest r.",
        """Without the labels the signs are gone, so a row knows nothing of who helps and who harms.
        Which rank r is nearest to 0?""",
        """Two rows are left. Without the loss factor every point is stretched by a positive number
        of its own, and ranks mind stretching less than r does: compare rank r - r of the two.""",
    ),
    explanation="""r sees values, rank r sees the order only. A missing positive factor per point
    (the loss factor) spoils values first; a missing H^-1 changes directions, and then both go down
    together. Neither sees the unit of a score. How much each factor matters depends on the data,
    and so does which of the two r is higher; the difference rank r - r is what tells here.""",
    mistakes=(
        ("exchanged", _exchanged,
         """Two names are right, and "loss factor" and "inverse Hessian" have changed places. The
         missing loss factor is a stretching, a positive number for each point: it spares the ranks
         more than the values, so rank r - r is larger there."""),
        ("names in order of rank",
         _in_order,
         _order(_by(lambda s, t: _read(s, t)[0])), _order(_by(lambda s, t: _read(s, t)[1])),
         _order(_by(lambda s, t: np.abs(_read(s, t)[0]))),
         """You ranked the rows and put the names through `argsort` the wrong way. Its first number
         is the row that is best, so that row gets the first name: `names[order[0]] = "nothing"`,
         and so on, and back come the names in the order of the rows."""),
        ("lowest rank r", _lowest_rank,
         """You took the lowest rank r for the missing labels. Without labels a row knows nothing of
         who helps: rank r is near 0. Far below 0 it would know much, with the sign turned."""),
        ("by scale", _by_scale,
         """You looked for the score whose values are nearest to the truth. None of the scores has
         units, each row may be multiplied by any positive number: r and rank r count."""),
        ("r alone",
         _by(lambda s, t: _read(s, t)[0]),
         lambda s, t: _named(*np.argsort(-_read(s, t)[0])[[0, 2, 1, 3]]),
         _by(lambda s, t: np.abs(_read(s, t)[0])),
         lambda s, t: _named(*np.argsort(-np.abs(_read(s, t)[0]))[[0, 2, 1, 3]]),
         """You sorted the rows by r. A score without labels can have a large r by the grace of a
         few points, of either sign: there rank r tells. For the last two, rank r - r does."""),
        ("rank r alone",
         _by(lambda s, t: _read(s, t)[1]),
         lambda s, t: _named(*np.argsort(-_read(s, t)[1])[[0, 2, 1, 3]]),
         """You sorted the rows by rank r. That names two of them; for the other two it depends on
         the data which rank r is higher. What tells is how far rank r lies above r."""),
    ),
    reveal=False,
)
def what_is_missing(scores, truth):
    """The name of what each row of scores, (4, n), lacks, judged against truth, (n,)."""
    ranks = np.argsort(np.argsort(scores, axis=1), axis=1)
    truth_ranks = np.argsort(np.argsort(truth))
    r = np.array([np.corrcoef(row, truth)[0, 1] for row in scores])
    rank_r = np.array([np.corrcoef(row, truth_ranks)[0, 1] for row in ranks])
    names = ["inverse Hessian"] * 4
    nothing, labels = np.argmax(r), np.argmin(np.abs(rank_r))
    lift = rank_r - r
    lift[[nothing, labels]] = -np.inf
    names[nothing], names[labels], names[np.argmax(lift)] = "nothing", "labels", "loss factor"
    return tuple(names)
