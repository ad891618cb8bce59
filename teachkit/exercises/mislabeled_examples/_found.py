"""15.4: how many of the wrong labels have been found."""

from __future__ import annotations

import math

import numpy as np

from .. import exercise, formula, part


def _marks(n, *places):
    return np.isin(np.arange(n), places)


def _orders() -> list[tuple]:
    return [
        (np.array([7, 2, 11, 0, 5, 19, 3, 14, 8, 1, 10, 4, 17, 6, 12, 9, 18, 13, 15, 16]),
         _marks(20, 2, 5, 7, 9), 0.15),
        (np.array([3, 8, 0, 6, 1, 9, 4, 2, 5, 7]), _marks(10, 0, 2, 3, 6, 9), 0.4),
        (np.array([12, 4, 9, 1, 0, 7, 11, 3, 5, 2, 8, 10, 6]), _marks(13, 1, 6, 12), 0.3),
        (np.array([5, 0, 2, 6, 4, 1, 3]), _marks(7, 1, 3, 4, 5), 0.6),
        (np.array([1, 0, 3, 2, 5, 4, 8, 7, 6]), _marks(9, 0, 1, 3, 4, 5, 8), 0.55),
    ]  # fmt: skip


def _any_order(draw):
    n = draw.whole(1, 25)
    order = draw.order(n)
    flipped = _marks(n, *draw.order(n)[: draw.whole(1, n)])
    fraction = draw.pick(0.0, 1.0, *(draw.number(0.0, 1.0) for _ in range(6)))
    if abs(fraction * n % 1 - 0.5) < 0.05:
        return None
    return np.array(order), flipped, fraction


LOOKED = part(
    lambda order, k: order[:k],
    ("from the end",
     lambda order, k: order[len(order) - k :],
     lambda order, k: order[::-1][: max(k, 1)],
     """You look at the end of the order. The audit begins with its first entries: `order[:k]`."""),
    ("order not used", lambda k: np.arange(k),
     """You look at points 0, 1, 2, ... and not at those that the order names. `order[:k]` are the
     points, and with them one goes into `flipped`."""),
    ("order as ranks", lambda order, k: np.flatnonzero(order < k),
     """You read `order` as if entry i were the rank of point i. It is the other way round: its
     first entry is the point that is looked at first."""),
    ("order as scores", lambda order, k: np.argsort(-order)[:k],
     """You sort `order` once more. It is sorted already: its entries are points, and the first k
     are looked at."""),
    ("the one behind", lambda order, k: order[k : k + 1],
     "You look at a single point, `order[k]`. The first k are `order[:k]`."),
    ("the others", lambda order, k: order[k:],
     "You count what is found among those that nobody has looked at. Looked at are `order[:k]`."),
    ("without the first", lambda order, k: order[1:k],
     "The first point is left out: counting begins at 0."),
)


@exercise(
    "15.4",
    "What an audit finds",
    prompt="""`order`, (n,), names the points in the order in which an audit looks at them, and
    `flipped`, (n,), is True where a label is wrong. The audit ends after a share `fraction` of all
    points, that is after round(fraction n) of them. Return the share of the wrong labels that it
    has found.""",
    minutes=4,
    difficulty=1,
    cases=_orders,
    draw=_any_order,
    hints=(
        "How many points are looked at, and which? Then: of what are the found ones a share?",
        """`flipped[order[:k]]` says for each point that was looked at whether its label is wrong.
        Divide their number by that of all wrong labels.""",
    ),
    explanation="""This is recall. Precision, the share of the looked-at points that were wrong,
    has the same numerator: where as many points are looked at as labels are wrong, the two are
    equal, and a slip between them does not show. So compare them at another budget. A random order
    finds, on average, just the fraction that it looks at.""",
    answer=formula(
        lambda flipped, looked, total: flipped[looked].sum() / total,
        looked=LOOKED.at(k=lambda order, fraction: round(fraction * len(order))),
        total=part(
            lambda flipped: flipped.sum(),
            ("precision",
             lambda order, fraction: max(round(fraction * len(order)), 1),
             """You divide by the number of points looked at: how often a look was worth it.
             Asked is how many of all wrong labels were found."""),
            ("share of all points", lambda flipped: len(flipped),
             "You divide by n. The found ones are a share of the wrong labels."),
            ("their number", lambda: 1,
             "This is a number of labels. Asked is a share: divide by that of all wrong labels."),
            ("share of the right labels", lambda flipped: max((~flipped).sum(), 1),
             "You divide by the number of right labels. The found ones are a share of the wrong."),
        ),
    ),
    mistakes=(
        ("rounded down", lambda order, flipped, fraction: (
            flipped[order[: int(fraction * len(order))]].sum() / flipped.sum()),
         """The number of points is cut off in yours. It is round(fraction n), the nearest whole
         number."""),
        ("rounded up", lambda order, flipped, fraction: (
            flipped[order[: math.ceil(fraction * len(order))]].sum() / flipped.sum()),
         "You round up. It is round(fraction n), the nearest whole number."),
        ("one more", lambda order, flipped, fraction: (
            flipped[order[: round(fraction * len(order)) + 1]].sum() / flipped.sum()),
         "One point more is looked at in yours: the first k are `order[:k]`."),
        ("one fewer", lambda order, flipped, fraction: (
            flipped[order[: max(round(fraction * len(order)) - 1, 0)]].sum() / flipped.sum()),
         "One point fewer is looked at in yours: the first k are `order[:k]`, without -1."),
        ("share of the flips", lambda order, flipped, fraction: (
            flipped[order[: round(fraction * flipped.sum())]].sum() / flipped.sum()),
         """Your budget is a share of the wrong labels. It is a share of all points: nobody knows
         beforehand how many labels are wrong."""),
        ("right ones counted", lambda order, flipped, fraction: (
            (~flipped)[order[: round(fraction * len(order))]].sum() / flipped.sum()),
         lambda order, flipped, fraction: (
            (~flipped)[order[: round(fraction * len(order))]].sum() / max((~flipped).sum(), 1)),
         """You count the right labels that were looked at. Found are those where `flipped` is
         True."""),
        ("at random", lambda fraction: fraction,
         """This is what a random order finds on average. What this order finds is to be
         counted."""),
        ("lift", lambda order, flipped, fraction: (
            flipped[order[: round(fraction * len(order))]].sum()
            / max(round(fraction * len(order)), 1) / flipped.mean()),
         """You divide the share of wrong labels among those looked at by that among all: how many
         times better than chance it is. Asked is the share of the wrong labels that was found."""),
        ("points for marks", lambda order, flipped, fraction: (
            np.isin(order[: round(fraction * len(order))], flipped).sum() / flipped.sum()),
         """You look for the points of `order` among the entries of `flipped`. These are no points,
         but True or False, one for each: `flipped[i]` says whether label i is wrong."""),
        ("order and flipped exchanged",
         lambda order, flipped, fraction: (
            order[flipped[: round(fraction * len(order))]].sum() / flipped.sum()),
         lambda order, flipped, fraction: (
            flipped[: round(fraction * len(order))][order].sum() / flipped.sum()),
         lambda order, flipped, fraction: (
            order[flipped][: round(fraction * len(order))].sum() / order.sum()),
         """`order` and `flipped` have changed places. The first k of `order` are the points looked
         at; `flipped` is asked about them: `flipped[order[:k]]`."""),
        ("numbers of points added up", lambda order, flipped, fraction: (
            (order * flipped[order])[: round(fraction * len(order))].sum() / flipped.sum()),
         """You add up the points themselves, entries of `order`. Each one found counts 1: add up
         entries of `flipped`."""),
        ("found or not", lambda order, flipped, fraction: (
            flipped[order[: round(fraction * len(order))]].astype(float)),
         "You return a mark for each point that was looked at. Asked is one number, the share."),
    ),
)
def found(order, flipped, fraction):
    """Share of the wrong labels among the first round(fraction n) of the order, a number."""
    k = round(fraction * len(order))
    return flipped[order[:k]].sum() / flipped.sum()
