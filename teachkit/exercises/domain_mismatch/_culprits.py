"""14.2: the strongest training rows, and what leaving each of them out is predicted to do."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part

PATIENTS = 2178  # the lesson's n, which a cell of it has as a global name


def _influences() -> list[tuple]:
    return [
        (np.array([12.0, -3.5, 188.0, 0.4, -240.0, 201.0, -18.0, 7.0]), 4),
        (np.array([-31.0, 2.0, 5.5, 44.0, -9.0, 60.0]), 3),
        (np.array([0.7, -6.2, 3.1, -2.4, -5.0]), 2),
        (np.array([-14.0, 8.0, 3.0]), 1),
    ]


def _any_influences(draw):
    n = draw.whole(1, 9)
    I = draw.pick(1.0, 50.0) * draw.numbers(n)  # noqa: E741
    gaps = np.abs(np.subtract.outer(np.abs(I), np.abs(I)))[~np.eye(n, dtype=bool)]
    return None if (gaps < 1e-6).any() or (I == 0).any() else (I, draw.whole(1, n))


def _from_both_ends(sign):
    """Half of the rows have the largest I, half the smallest; of an odd number one more."""

    def of(influences, rises, k):
        order = np.argsort(sign * influences)
        rows = np.concatenate([order[: k // 2], order[len(order) - (k - k // 2) :]])
        return np.column_stack([rows, rises[rows]])

    return of


ROWS = part(
    lambda influences: np.argsort(-np.abs(influences)),
    ("most positive", lambda influences: np.argsort(-influences),
     """You list the rows with the most positive I_up,loss: whose removal makes the child's loss
     fall. A row that holds the loss down is as strong a lead: of the four, one has the other
     sign."""),
    ("most negative", lambda influences: np.argsort(influences),
     """You list the rows with the most negative I_up,loss: whose removal makes the child's loss
     rise. Those that push it up are missing. Sort by the size."""),
    ("of the first k alone", lambda influences, k: np.argsort(-np.abs(influences[:k])),
     """You look among the first k rows of the data alone. Sort all of them, and then take the
     first k of that order."""),
    ("weakest first", lambda influences: np.argsort(np.abs(influences)),
     """These are the rows with the least influence. `np.argsort` sorts from the smallest: sort
     minus the size."""),
    ("strongest last", lambda influences, k: np.argsort(np.abs(influences))[-k:],
     "The right rows, the strongest last. It comes first: turn the order round."),
    ("in the order of the data", lambda influences, k: (
        np.sort(np.argsort(-np.abs(influences))[:k])),
     "The right rows in the order of the data. The strongest comes first."),
)


@exercise(
    "14.2",
    "The four on top",
    prompt="""`influences`, (n,), holds I_up,loss(z_i, z_test) for each training row: how the loss
    at the test child moves per unit of eps when the row is weighted *up*. Return an array (k, 2).
    Its first column names the k rows that are strongest on either side, the strongest first; its
    second is the predicted *rise* of the child's loss when that row is left out: the rise itself,
    divided by n = len(influences); the lesson's table shows n times as much.""",
    minutes=5,
    difficulty=1,
    cases=_influences,
    draw=_any_influences,
    hints=(
        """Whoever pushes the loss up and whoever holds it down: both are to be found. Which number
        is large for both?""",
        "A row has the weight 1/n in R. Leaving it out is eps = -1/n.",
        """`rows = np.argsort(-np.abs(influences))[:k]`; `np.column_stack([a, b])` puts two columns
        side by side.""",
    ),
    explanation="""-I/n: the sign turns because leaving out is less weight. A row in hospital pushed
    the healthy child's loss up, I > 0, and without it the loss falls. The healthy child in
    the training set held it down, I < 0, and without it the loss rises. Sorted by one
    sign alone you would find either three of the four or one.""",
    answer=formula(
        lambda rows, rises, k: np.column_stack([rows[:k], rises[rows[:k]]]),
        rows=ROWS,
        rises=part(
            lambda influences: -influences / len(influences),
            ("sign of the rise", lambda influences: influences / len(influences),
             """The second column has the wrong sign: I_up,loss is what *more* weight does, and
             leaving a row out is less, eps = -1/n."""),
            ("per unit of eps", lambda influences: -influences,
             """The second column is n times too large: -I is per unit of eps. The row has the
             weight 1/n, so leaving it out is eps = -1/n."""),
            ("neither", lambda influences: influences,
             """The second column is I_up,loss as it was given. Leaving out is eps = -1/n: times
             -1/n."""),
            ("another n", lambda influences: -influences / PATIENTS,
             """Your n is that of the lesson's patients, a name from outside the function. Here n is
             `len(influences)`."""),
            ("sizes", lambda influences: np.abs(influences) / len(influences),
             lambda influences: -np.abs(influences) / len(influences),
             """The second column has lost its sign. It says who holds the loss down, and who
             pushes it up."""),
            ("over k", lambda influences, k: -influences / k,
             """You divide by k, the number of rows that are listed. In R each row has 1/n, and n is
             `len(influences)`."""),
        ),
    ),
    mistakes=(
        ("cut off", lambda rows, rises, k: np.trunc(np.column_stack([rows[:k], rises[rows[:k]]])),
         """The rises have lost what stands behind the point: an array that was made for whole
         numbers (`dtype=int`, or from rows alone) keeps no others."""),
        ("some of either side", _from_both_ends(1), _from_both_ends(-1),
         """You take as many rows from one end as from the other. Who is strong is not shared out
         evenly: sort all rows by the size alone."""),
        ("rows alone", lambda rows, k: rows[:k],
         "The rows alone: the second column is missing, the predicted rise without each."),
        ("rises alone", lambda rows, rises, k: rises[rows[:k]],
         "The rises alone: the first column is missing, the row that each belongs to."),
        ("of the first rows", lambda rows, rises, k: np.column_stack([rows[:k], rises[:k]]),
         lambda rows, influences, k: np.column_stack([rows[:k], influences[:k]]),
         lambda rows, influences, k: np.column_stack([rows[:k], -influences[:k]]),
         """The second column belongs to the first k rows of the data, not to those in the first
         column: `influences[rows]`."""),
        ("columns exchanged", lambda rows, rises, k: np.column_stack([rises[rows[:k]], rows[:k]]),
         "The columns are exchanged: the rows come first, their predicted rises second."),
        ("lying", "transposed", "Rows and columns are exchanged: asked is (k, 2)."),
        ("one fewer", lambda rows, rises, k: np.column_stack([rows[: k - 1], rises[rows[: k - 1]]]),
         "One row is missing: `[:k]` are the first k."),
    ),
)
def culprits(influences, k):
    """The k strongest rows, and the predicted rise of the loss without each, (k, 2)."""
    rows = np.argsort(-np.abs(influences))[:k]
    return np.column_stack([rows, -influences[rows] / len(influences)])
