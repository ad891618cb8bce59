"""15.5: labels put right, and the model trained again."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part
from .._slips.logistic import fit, risks


def weak(X, y):
    """The minimum with l2 = .3."""
    return fit(X, y, 0.3)


def strong(X, y):
    """The minimum with l2 = .5."""
    return fit(X, y, 0.5)


def _audits() -> list[tuple]:
    # Among those looked at and among those not are right labels and wrong ones.
    (X, truth, *_), (Z, others, *_) = risks()
    return [
        (X, _turned(truth, 1, 4, 5), truth, np.array([5, 2, 0, 4, 1, 3]), 2, strong),
        (X, _turned(truth, 0, 3), truth, np.array([3, 5, 1, 0, 2, 4]), 3, weak),
        (Z, _turned(others, 2, 4, 6), others, np.array([1, 6, 3, 0, 4, 2, 5]), 3, strong),
        (Z, _turned(others, 0, 5), others, np.array([4, 3, 2, 5, 6, 0, 1]), 4, weak),
    ]


def _turned(y, *places):
    return np.where(np.isin(np.arange(len(y)), places), -y, y)


def _any_audit(draw):
    n = draw.whole(2, 9)
    X, truth = draw.numbers(n, draw.whole(1, 4), low=-3.0, high=3.0), draw.labels(n)
    y = _turned(truth, *draw.order(n)[: draw.whole(0, n - 1)])
    return X, y, truth, np.array(draw.order(n)), draw.index(n + 1), draw.pick(weak, strong)


def _put(y, places, labels):
    y = y.copy()
    y[places] = labels
    return y


def _first_wrong(y, truth, order, k):
    """The first k of the order whose label is wrong."""
    return order[y[order] != truth[order]][:k]


LOOKED = part(
    lambda order, k: order[:k],
    ("first rows", lambda k: np.arange(k),
     """You look at rows 0, 1, 2, ... The order says at which: its first k entries,
     `order[:k]`."""),
    ("from the end", lambda order, k: order[len(order) - k :],
     "You look at the end of the order. It begins with the most suspicious: `order[:k]`."),
    ("order as ranks", lambda order, k: np.flatnonzero(order < k),
     """You read entry i of `order` as the rank of point i. Its first entry is the point that is
     looked at first, so the points are `order[:k]`."""),
    ("only one", lambda order, k: order[k - 1 : k], lambda order, k: order[k : k + 1],
     "One label alone is looked at in yours. The first k are `order[:k]`."),
    ("one more", lambda order, k: order[: k + 1],
     "You look at one label more than k: `order[:k]` are the first k."),
    ("one fewer", lambda order, k: order[: max(k - 1, 0)],
     "You look at one label fewer than k: `order[:k]` are the first k."),
    ("the others", lambda order, k: order[k:],
     """You put the labels right at which nobody has looked, and leave those of the first k."""),
    ("right ones cost nothing", _first_wrong,
     """In yours k labels are put right. k is the number of looks: a label that turns out right
     has cost one as well."""),
    ("all of them", lambda order: order,
     """All labels are right in yours. Nobody knows them: known are those of the first k, at
     which somebody has looked."""),
)


@exercise(
    "15.5",
    "Put right, and train again",
    prompt="""Some of the labels `y` are wrong; `truth` are the right ones, which one learns by
    looking. There is time for the first `k` points of `order`: give those the labels that they
    should have and leave the others. `train(X, y)` returns the theta that minimises the risk.
    Return it for the labels after the audit.""",
    minutes=4,
    difficulty=1,
    cases=_audits,
    draw=_any_audit,
    hints=(
        """What happens to a label that was looked at and turns out to be right? And to one that
        nobody looked at?""",
        """Put the labels right in a copy, `y.copy()`: the audit must not change the data of whoever
        called.""",
        "`order[:k]` are the points; at these places of the copy belong the entries of `truth`.",
    ),
    explanation="""Only what has been looked at is known, and a look at a right label costs as much
    as one at a wrong label. That is why one strategy may find more wrong labels and another make
    the better model: accuracy on fresh data is the second yardstick, and never a thing to choose
    the order by.""",
    answer=formula(
        lambda X, y, truth, looked, train: train(X, _put(y, looked, truth[looked])), looked=LOOKED
    ),
    mistakes=(
        ("turned round", lambda X, y, looked, train: train(X, _put(y, looked, -y[looked])),
         """You turn every label that was looked at. Those that were right are wrong now: give them
         the label in `truth`."""),
        ("left out", lambda X, y, looked, train: (
            train(np.delete(X, looked, axis=0), np.delete(y, looked))),
         """You take the points out that were looked at. One has looked at them and knows their
         labels: put these right and keep the points."""),
        ("wrong ones left out", lambda X, y, truth, looked, train: (
            train(np.delete(X, looked[y[looked] != truth[looked]], axis=0),
                  np.delete(y, looked[y[looked] != truth[looked]]))),
         """You take out the points whose label was wrong. Their right label is known now, and it
         helps more than none."""),
        ("only those looked at", lambda X, truth, looked, train: train(X[looked], truth[looked]),
         """You train on the points that were looked at alone. The others stay, with the labels
         they have."""),
        ("not put right", lambda X, y, train: train(X, y),
         """This is theta for the labels as they were. Perhaps the new labels were written into a
         copy and `y` was used; or `y[order][:k] = ...`, which writes into a copy, too."""),
        ("labels in the order", lambda X, y, truth, order, k, train: train(
            X, _put(y, order[:k], truth[:k])),
         """The labels at `order[:k]` become `truth[:k]`, those of other points. Both sides need the
         same places."""),
        ("written to the first places", lambda X, y, truth, order, k, train: train(
            X, _put(y, np.arange(k), truth[order[:k]])),
         """The right labels are read at `order[:k]` and written to the places 0, 1, ..., k - 1,
         which belong to other points. Both sides need the same places."""),
        ("no copy of y", lambda X, y, truth, looked, train: (
            train(X, _put(np.zeros(len(y)), looked, truth[looked]))),
         """Labels at which nobody has looked are 0 in yours, so their points pull at nothing. They
         keep the labels that they have: begin with `y.copy()`."""),
        ("accuracy", lambda X, y, truth, looked, train: (
            np.mean(truth * (X @ train(X, _put(y, looked, truth[looked]))) > 0)),
         "This is an accuracy. Asked is theta, by which it is computed."),
        ("change of theta", lambda X, y, truth, looked, train: (
            train(X, _put(y, looked, truth[looked])) - train(X, y)),
         "This is by how much theta changes. Asked is theta."),
        ("the labels", lambda y, truth, looked: _put(y, looked, truth[looked]),
         "These are the labels after the audit. Train with them, and return theta."),
        ("rows in the order", lambda X, y, truth, order, k, train: train(
            X, _put(y[order], np.arange(k), truth[order][:k])),
         """The labels are sorted by the order and the rows of X are not, so each row has another
         one's label."""),
    ),
)
def fix_and_retrain(X, y, truth, order, k, train):
    """theta, (p,), with the labels of the first k of order put right; train(X, y) gives theta."""
    looked = order[:k]
    mended = y.copy()
    mended[looked] = truth[looked]
    return train(X, mended)
