"""14.4: influences by group: in which of them does a row weigh most?"""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part


def _groups() -> list[tuple]:
    return [
        (np.array([188.0, 3.0, -202.0, -4.0, 5.0, -2.0, 278.0, -6.0, 1.0, -190.0, 2.5, 7.0]),
         np.array([2, 0, 2, 0, 1, 0, 2, 1, 0, 2, 1, 0])),
        # Two rows or more in each, so that a count less one is no 0.
        (np.array([-9.0, 4.0, 2.0, -5.0, 30.0, 1.0, -8.0, 11.0]),
         np.array([1, 1, 0, 1, 2, 0, 1, 2])),
        (np.array([0.4, -0.6, 1.3, -0.2, 0.9, -1.1, 0.7, 0.5]), np.array([3, 0, 1, 2, 0, 2, 3, 1])),
    ]  # fmt: skip


def _any_groups(draw):
    count, more = draw.whole(1, 4), draw.whole(0, 6)
    groups = np.array([*range(count), *(draw.index(count) for _ in range(more))])
    return draw.numbers(len(groups)) * draw.pick(1.0, 40.0), groups[draw.order(len(groups))]


def _ones(groups):
    return np.ones(groups.max() + 1)


def _last(groups, values):
    """What `total[groups] += values` makes of zeros: the last of each group."""
    total = np.zeros(groups.max() + 1)
    total[groups] += values
    return total


@exercise(
    "14.4",
    "Which group weighs most?",
    prompt="""`influences`, (n,), are the influences of the training rows on one test child, and
    `groups`, (n,), says by a whole number to which age group each row belongs: 0 is the youngest,
    then 1, 2, ..., each of which occurs.
    Return, for each group, the mean *size* |I| of the influences of its rows.""",
    minutes=4,
    difficulty=1,
    cases=_groups,
    draw=_any_groups,
    hints=(
        """Some rows push the loss up, others down. What happens to a group of both if you add them
        up as they are?""",
        "`np.bincount(groups, numbers)` adds up the numbers of each group.",
        "How many rows a group has says `np.bincount(groups)`.",
    ),
    explanation="""With signs the four children cancel in part, three against one. Without the
    division hundreds of rows with hardly any influence each weigh more together than four with
    much. And one mean over all rows hides four of thousands. Each is a sensible question;
    "where does a *row* weigh most?" is answered by the mean size alone.""",
    answer=formula(
        lambda groups, values, count: np.bincount(groups, values) / count,
        values=part(
            lambda influences: np.abs(influences),
            ("with signs", lambda influences: influences,
             """Influences of both signs cancel in yours: a group of a strong helper and a strong
             culprit looks like one of no influence. Take the sizes."""),
            ("squares", lambda influences: influences**2,
             "You add up squares. The mean of the sizes |I| is asked for."),
            ("one side", lambda influences: np.maximum(influences, 0),
             lambda influences: np.maximum(-influences, 0),
             """You count influences of one sign alone. Whoever pushes to the other side weighs as
             much."""),
            ("rows counted", lambda influences: np.ones(len(influences)),
             "You count rows. What is asked for is the mean of |I| over them."),
        ),
        count=part(
            lambda groups: np.bincount(groups),
            ("sums", _ones,
             """These are sums. A group of many rows with hardly any influence each has a large sum:
             divide by the number of rows of the group."""),
            ("over all rows", lambda groups: len(groups) * _ones(groups),
             """You divide by n, the number of all rows. Each group is divided by the number of its
             own."""),
            ("over the groups", lambda groups: (groups.max() + 1) * _ones(groups),
             """You divide by the number of groups. Each group is divided by the number of its
             own rows."""),
            ("one fewer", lambda groups: np.bincount(groups) - 1,
             """You divide by the number of rows less one. That is for a variance; a mean divides by
             the number itself."""),
            ("root of the count", lambda groups: np.sqrt(np.bincount(groups)),
             "You divide by the root of the number of rows: by the number itself, for a mean."),
        ),
    ),
    mistakes=(
        ("size of the mean", lambda influences, groups: (
            np.abs(np.bincount(groups, influences)) / np.bincount(groups)),
         """You took the mean first and then its size. In the mean the signs have cancelled: sizes
         come first."""),
        ("indices count once",
         lambda influences, groups: _last(groups, np.abs(influences)) / np.bincount(groups),
         lambda influences, groups: _last(groups, np.abs(influences)),
         """`total[groups] += numbers` adds once for each group, however often it occurs: only its
         last row remains. `np.bincount(groups, numbers)` adds up all, and so does
         `np.add.at(total, groups, numbers)`."""),
        ("largest", lambda influences, groups: np.array(
            [np.abs(influences[groups == g]).max() for g in range(groups.max() + 1)]),
         """This is the largest size in each group. One row may be large by chance: the mean of the
         group is asked for."""),
        ("median", lambda influences, groups: np.array(
            [np.median(np.abs(influences[groups == g])) for g in range(groups.max() + 1)]),
         "This is the median of each group. The mean is asked for."),
        ("root of the mean square", lambda influences, groups: (
            np.sqrt(np.bincount(groups, influences**2) / np.bincount(groups))),
         """This is the root of the mean square, in which large influences count for more. The mean
         of the sizes |I| is asked for."""),
        ("spread", lambda influences, groups: np.array(
            [influences[groups == g].std() for g in range(groups.max() + 1)]),
         """This is the standard deviation in each group: how far influences lie from their mean. A
         group whose rows push equally has none. The mean of |I| is asked for."""),
        ("one a row", lambda influences, groups: (
            np.bincount(groups, np.abs(influences)) / np.bincount(groups))[groups],
         "You give each row the mean of its group. Asked is one number for each group."),
        ("shares", lambda influences, groups: (
            np.bincount(groups, np.abs(influences)) / np.abs(influences).sum()),
         """These are shares of the whole sum. A large group has a large share with little influence
         a row: divide by its number of rows."""),
        ("one mean", lambda influences: np.abs(influences).mean(),
         """This is one number for all rows, in which four of thousands are lost. Each group has its
         own."""),
        ("the top group", lambda influences, groups: int(np.argmax(
            np.bincount(groups, np.abs(influences)) / np.bincount(groups))),
         "This is the group on top. Asked is the mean size of each."),
    ),
)
def by_group(influences, groups):
    """The mean of |influence| in each group 0, 1, ..., one number each."""
    return np.bincount(groups, np.abs(influences)) / np.bincount(groups)
