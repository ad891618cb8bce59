"""The label audit's state: mails, some labels of which are wrong, a queue, and what was said.

A learner's own table can stand in the place of the mails. The model is logistic regression. Each
look at a mail costs one of a budget; the queue shows the mails in the order of a score of the model
as it was at first, those not looked at yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from teachkit import require
from teachkit.arrays import as_float, to_numpy
from teachkit.datasets import Split, spam
from teachkit.influence import Influence
from teachkit.losses import Logistic
from teachkit.retraining import retrain
from teachkit.risks import LinearRisk

Array = np.ndarray
PENALTIES = (1e-3, 1e-2, 1e-1)
ORDERS = {"loss": "loss", "self": "self-influence", "random": "random"}
MAILS = 600  # unless told
LEAST = 20
LOOKS = 0.15  # of all, unless told
EVERY = 10  # looks between two models of a curve that is drawn beside the learner's
RANDOM = 4  # random orders of which the mean is drawn
WORDS = 10  # of a mail that are shown
SIGNS = {
    "charSemicolon": ";", "charRoundbracket": "(", "charSquarebracket": "[",
    "charExclamation": "!", "charDollar": "$", "charHash": "#",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Mails:
    """Mails, the labels that the model is given and the true ones; shared by all states."""

    X: Array
    y: Array
    truth: Array
    X_test: Array
    y_test: Array
    features: tuple[str, ...]
    seed: int
    own: bool = False  # a learner's table, which is told by its columns

    @property
    def noun(self) -> str:
        return "example" if self.own else "mail"

    @cached_property
    def wrong(self) -> Array:
        return self.y != self.truth

    def shuffled(self, k: int) -> Array:
        """Mails in a random order, the k-th."""
        return np.argsort(np.random.default_rng((self.seed, 1 + k)).random(len(self.y)))

    def words(self, i: int) -> list[tuple[str, float]]:
        """What is most unusual in mail i for its frequency, with the share in per cent."""
        usual = self.X[:, :-4]
        beyond = (usual[i] - usual.mean(axis=0)) / usual.std(axis=0).clip(1e-12)
        most = [int(j) for j in np.argsort(-beyond, kind="stable") if usual[i, j] > 0]
        return [(called(self.features[j]), float(np.expm1(usual[i, j]))) for j in most[:WORDS]]

    def columns(self, i: int) -> list[tuple[str, float]]:
        """Where example i is farthest from the mean, in standard deviations."""
        usual = self.X[:, self.X.std(axis=0) > 0]
        names = [f for f, spread in zip(self.features, self.X.std(axis=0), strict=True) if spread]
        beyond = (usual[i] - usual.mean(axis=0)) / usual.std(axis=0)
        most = np.argsort(-np.abs(beyond), kind="stable")[:WORDS]
        return [(names[j], float(beyond[j])) for j in most]

    def capitals(self, i: int) -> tuple[int, int]:
        """The longest run of capital letters in mail i, and how many there are."""
        longest, every = np.rint(np.expm1(self.X[i, -3:-1]))
        return int(longest), int(every)


def called(feature: str) -> str:
    """A word or sign as it stands in a mail: "3d" for num3d."""
    return SIGNS.get(feature, feature.removeprefix("num"))


@dataclass(frozen=True)
class AuditState:
    """What was said of which mail, in turn; by which order the next one comes; the penalty.

    Each of ``said`` is a mail and whether its label was called wrong, and so turned.
    """

    mails: Mails
    budget: int
    order: str = "loss"
    l2: float = 1e-3
    said: tuple[tuple[int, bool], ...] = ()

    @property
    def queue(self) -> Array:
        """The mails not looked at, the next one first."""
        order = order_of(self.mails, self.l2, self.order)
        return order[~np.isin(order, [i for i, _ in self.said])]

    @property
    def left(self) -> int:
        """Looks that are left."""
        return self.budget - len(self.said)

    @property
    def accuracies(self) -> tuple[float, ...]:
        """On mails held back, before any look and after each."""
        turned: tuple[int, ...] = ()
        found = [accuracy(self.mails, self.l2, turned)]
        for i, wrong in self.said:
            turned = (*turned, i) if wrong else turned
            found.append(accuracy(self.mails, self.l2, tuple(sorted(turned))))
        return tuple(found)

    @property
    def found(self) -> tuple[int, ...]:
        """How many wrong labels are put right, before any look and after each."""
        hits = [self.mails.wrong[i] and wrong for i, wrong in self.said]
        return (0, *(int(total) for total in np.cumsum(hits)))

    @property
    def missed(self) -> int:
        """Wrong labels that were called right."""
        return sum(bool(self.mails.wrong[i]) and not wrong for i, wrong in self.said)

    @property
    def spoiled(self) -> int:
        """Right labels that were called wrong."""
        return sum(not self.mails.wrong[i] and wrong for i, wrong in self.said)

    @property
    def clean(self) -> float:
        """The accuracy with all labels right."""
        return accuracy(self.mails, self.l2, tuple(map(int, np.flatnonzero(self.mails.wrong))))


def begin(
    data: Any = None,
    *,
    mails: int | None = None,
    share: float = 0.1,
    budget: int | None = None,
    order: str = "loss",
    l2: float = 1e-3,
    seed: int = 1,
) -> AuditState:
    """Mails of Spambase without duplicates, or a learner's table; a share of labels is turned."""
    split = spam() if data is None else _own(data)
    there = len(split.y_train)
    count = min(MAILS, there) if mails is None else require.whole(mails, "mails", least=LEAST)
    looks = round(LOOKS * count) if budget is None else require.whole(budget, "budget", least=1)
    part = require.real(share, "share", "(0, 0.5)")
    random = np.random.default_rng(require.whole(seed, "seed"))
    if count > there:
        raise ValueError(f"mails is {count}; there are {there} to train on.")
    if looks > count:
        raise ValueError(f"budget is {looks}; there are {count} mails to look at.")
    if order not in ORDERS:
        raise ValueError(f"order is {order!r}; the explorer has {', '.join(ORDERS)}.")
    if l2 not in PENALTIES:
        raise ValueError(f"l2 is {l2}; the explorer has {', '.join(map(str, PENALTIES))}.")
    rows = np.argsort(random.random(there))[:count]
    arrays = (split.X_train, split.y_train, split.X_test, split.y_test)
    X, truth, *held = (as_float(to_numpy(values), "data") for values in arrays)
    X, truth = X[rows], truth[rows]
    if abs(truth.sum()) == count:
        raise ValueError(f"All {count} labels are the same; an audit needs both. Take more rows.")
    turned = np.argsort(random.random(count))[: max(1, round(part * count))]
    y = np.where(np.isin(np.arange(count), turned), -truth, truth)
    X_test, y_test = held
    made = Mails(X, y, truth, X_test, y_test, split.feature_names, seed, data is not None)
    return AuditState(made, looks, order, l2)


def _own(data: Any) -> Split:
    if not isinstance(data, Split):
        raise TypeError(
            f"data is a {type(data).__name__}; the audit takes a Split. "
            'teachkit.datasets.read_table("table.csv", "label") makes one of a file or a DataFrame.'
        )
    labels = np.unique(to_numpy(data.y_train))
    if not set(labels.tolist()) <= {-1.0, 1.0}:
        raise ValueError(
            f"The labels are {', '.join(f'{v:g}' for v in labels[:6])}; the audit takes two "
            "classes, -1 and +1. read_table(..., positive=) takes one class against the others."
        )
    if len(data.y_train) < LEAST:
        raise ValueError(
            f"There are {len(data.y_train)} examples to train on; an audit needs {LEAST} or more."
        )
    return data


def say(state: AuditState, wrong: bool) -> AuditState:
    """The label of the next mail is called wrong, or right."""
    if state.left < 1:
        raise ValueError(
            f"All {state.budget} looks are spent. Undo takes the last one back, Reset all of them."
        )
    return replace(state, said=(*state.said, (int(state.queue[0]), wrong)))


def let_truth_say(state: AuditState, looks: int = 10) -> AuditState:
    """The next looks as somebody makes them who sees every wrong label."""
    for _ in range(max(1, min(looks, state.left))):
        state = say(state, bool(state.left > 0 and state.mails.wrong[state.queue[0]]))
    return state


@lru_cache(maxsize=64)
def first_model(mails: Mails, l2: float) -> tuple[LinearRisk, Array]:
    """The risk with the labels as they were given, and its minimum."""
    risk = LinearRisk(mails.X, mails.y, Logistic(), l2=l2)
    return risk, retrain(risk, np.zeros(mails.X.shape[1]))


@lru_cache(maxsize=64)
def order_of(mails: Mails, l2: float, order: str) -> Array:
    """All mails, the most suspicious first."""
    if order == "random":
        return mails.shuffled(0)
    risk, theta = first_model(mails, l2)
    if order == "loss":
        return np.argsort(mails.y * (mails.X @ theta), kind="stable")
    return np.argsort(Influence(risk, theta).self_influence(), kind="stable")


@lru_cache(maxsize=4096)
def accuracy(mails: Mails, l2: float, turned: tuple[int, ...]) -> float:
    """On mails held back, once the labels of these mails are turned."""
    _, theta = first_model(mails, l2)
    if turned:
        y = mails.y.copy()
        y[list(turned)] *= -1
        theta = retrain(LinearRisk(mails.X, y, Logistic(), l2=l2), theta)
    return float(np.mean(mails.y_test * (mails.X_test @ theta) > 0))


@dataclass(frozen=True)
class Ghost:
    """What an order gives to somebody who sees every wrong label, after so many looks."""

    looks: tuple[int, ...]
    found: tuple[float, ...]
    accuracies: tuple[float, ...]


@lru_cache(maxsize=64)
def ghost(mails: Mails, l2: float, order: str, budget: int) -> Ghost:
    """For a random order the mean of several."""
    looks = (*range(0, budget, EVERY), budget)
    orders: Sequence[Any] = [order_of(mails, l2, order)]
    if order == "random":
        orders = [mails.shuffled(k) for k in range(RANDOM)]
    found = np.array([[mails.wrong[o[:k]].sum() for k in looks] for o in orders])
    right = np.array([[accuracy(mails, l2, _put_right(mails, o[:k])) for k in looks]
                      for o in orders])  # fmt: skip
    return Ghost(looks, tuple(found.mean(axis=0).tolist()), tuple(right.mean(axis=0).tolist()))


def _put_right(mails: Mails, looked: Array) -> tuple[int, ...]:
    return tuple(sorted(int(i) for i in looked if mails.wrong[i]))
