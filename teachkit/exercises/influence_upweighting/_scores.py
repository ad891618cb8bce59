"""7.6: which factor a score lacks, told by correlation and rank correlation."""

from __future__ import annotations

import itertools

import numpy as np

from .. import exercise
from .._slips.logistic import fit, gradient, hessian, sigma

# The seeds are some on which every rule that the lesson's table speaks for finds the same names,
# with room to spare; RandomState keeps its stream for ever.
_NAMES = ("nothing", "loss factor", "inverse Hessian", "labels")
_SEEDS = (10, 41, 61, 157, 377, 383)
_MORE = (8, 19, 39, 52, 57, 69, 111, 135, 149, 171, 199, 203, 229, 257, 287, 366, 373, 385, 394)


def _four_scores() -> list[tuple]:
    return [_one(seed) for seed in _SEEDS]


def _any_scores(draw):
    return _one(draw.pick(*_MORE))


def _one(seed: int) -> tuple:
    """(scores, truth): four scores of 40 points, shuffled, each in a unit of its own."""
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
    return (scores * units)[order], truth


def _ranks(a):
    return np.argsort(np.argsort(a))


def _read(scores, truth, ranks=_ranks):
    """r and rank r of each row with the truth."""

    def r(a, b):
        return np.corrcoef(a, b)[0, 1]

    return (
        np.array([r(row, truth) for row in scores]),
        np.array([r(ranks(row), ranks(truth)) for row in scores]),
    )


def _nearest_first(names):
    """These names, given to the rows from the nearest to the truth to the farthest."""

    def named(scores, truth):
        answer = dict(zip(np.argsort(np.linalg.norm(scores - truth, axis=1)), names, strict=True))
        return [answer[k] for k in range(len(names))]

    return named


def _lift(r, rank):
    return rank - r


def _rank(r, rank):
    return rank


def _near(r, rank):
    return abs(rank)


def _judged(labels=_rank, loss=_lift, ranks=_ranks, nothing=None):
    """The names by the largest r, then the smallest `labels` and the largest `loss` that are left.

    `nothing`, from scores and truth, takes the place of r.
    """

    def answer(scores, truth):
        r, rank = _read(scores, truth, ranks)
        by_labels, by_loss = labels(r, rank), loss(r, rank)
        best = np.argmax(r if nothing is None else nothing(scores, truth))
        left = [k for k in range(4) if k != best]
        left.remove(last := min(left, key=lambda k: by_labels[k]))
        other, stretched = sorted(left, key=lambda k: by_loss[k])
        place = [best, stretched, other, last]
        return tuple(_NAMES[place.index(k)] for k in range(4))

    return answer


def _order(answer, listed=_NAMES):
    """The names as they are listed, in the order of the rows that the answer finds for them."""

    def names(scores, truth):
        given = answer(scores, truth)
        return tuple(listed[row] for row in map(given.index, listed))

    return names


_R = _judged(lambda r, rank: r, lambda r, rank: r)
_RANK = _judged(_rank, _rank)


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
        Which rank r is the lowest, however large r is beside it?""",
        """Two rows are left. Without the loss factor every point is stretched by a positive number
        of its own, and ranks mind stretching less than r does: compare rank r - r of the two.""",
    ),
    explanation="""r sees values, rank r sees the order only. A missing positive factor per point
    (the loss factor) spoils values first; a missing H^-1 changes directions, and then both go down
    together. Neither sees the unit of a score. How much each factor matters depends on the data,
    and so does which of the two r is higher; the difference rank r - r is what tells here.""",
    mistakes=(
        ("exchanged", _judged(loss=lambda r, rank: r - rank),
         """Two names are right, and "loss factor" and "inverse Hessian" have changed places. The
         missing loss factor is a stretching, a positive number for each point: it spares the ranks
         more than the values, so rank r - r is larger there."""),
        ("names in order of rank",
         *(_order(_judged(), ("nothing", *rest)) for rest in itertools.permutations(_NAMES[1:])),
         *map(_order, (_R, _RANK)),
         """The right row is found for every name, or the rows are sorted, and then the names are
         put into order the wrong way. `names[order]` takes the names at these places; what has to
         be said is which name a row gets: `answer[order[0]] = "nothing"`, and so on."""),
        ("as the task lists them", lambda scores, truth: _NAMES,
         """Yours are the names as the task lists them, whatever the scores are. The rows are
         shuffled, anew in each case."""),
        ("by scale",
         _judged(nothing=lambda s, t: -np.abs(s - t).max(axis=1)),
         _judged(nothing=lambda s, t: -np.abs(s - t).mean(axis=1)),
         *(_nearest_first(("nothing", *rest)) for rest in itertools.permutations(_NAMES[1:])),
         """You looked for the score whose values are nearest to the truth. None of the scores has
         units, each row may be multiplied by any positive number: r and rank r count."""),
        ("argsort once", *(_judged(labels, ranks=np.argsort) for labels in (_rank, _near)),
         """Your ranks come from one argsort. It lists the places of the numbers, smallest first;
         the rank of each number is the argsort of that: np.argsort(np.argsort(a))."""),
        ("r alone", _R, _judged(lambda r, rank: r, lambda r, rank: -r),
         """You sorted the rows by r. A score without labels can have a large r by the grace of a
         few points: there rank r tells. For the last two, rank r - r does."""),
        ("r for the labels", _judged(lambda r, rank: r), _judged(lambda r, rank: abs(r)),
         """You judged by r which row lacks the labels. It can be large by the grace of a few
         points. Rank r looks at all of them alike: there that row is the lowest."""),
        ("r for the last two", *(_judged(loss=lambda r, rank, s=s: s * r) for s in (1, -1)),
         """Two names are right. For the other two you compared r, and it depends on the data which
         of them is higher. What tells is how far rank r lies above r, row by row."""),
        ("rank r alone", _RANK, _judged(loss=lambda r, rank: -rank),
         """You judged by rank r alone. That names two of them; for the other two it depends on
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
    names[np.argmax(r)] = "nothing"
    names[np.argmin(rank_r)] = "labels"
    names[np.argmax(rank_r - r)] = "loss factor"
    return tuple(names)
