"""15.6: an open question: which mails would you look at?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from teachkit import datasets

from .. import Aim, exercise
from .._slips.logistic import curvature, fit, hessian, sigma

L2 = 1e-3
LEAST = {90: 0.8, 60: 0.6}  # of the wrong labels, with this budget
_SEEDS = ((1, 90), (11, 60), (12, 90))


@dataclass(frozen=True)
class Audit:
    """Mails of Spambase, a tenth of whose labels are wrong, and what the checker knows of them."""

    X: np.ndarray
    y: np.ndarray
    truth: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray
    budget: int

    @property
    def case(self) -> tuple:
        return self.X, self.y, fit(self.X, self.y, L2), L2, self.budget

    def accuracy(self, labels: np.ndarray) -> float:
        """On mails held back, of the model that these labels train."""
        scores = self.X_test @ fit(self.X, labels, L2)
        return float(np.mean(self.y_test * scores > 0))


@cache
def audits() -> tuple[Audit, ...]:
    """Three times 600 mails with 60 wrong labels."""
    split, made = datasets.spam(), []
    for seed, budget in _SEEDS:
        random = np.random.default_rng(seed)
        rows = np.argsort(random.random(len(split.y_train)))[:600]
        X, truth = split.X_train[rows], split.y_train[rows]
        y = truth.copy()
        y[np.argsort(random.random(600))[:60]] *= -1
        made.append(Audit(X, y, truth, split.X_test, split.y_test, budget))
    return tuple(made)


def aims(X, y, theta, l2, budget, rows):
    """Within the budget; enough of the wrong labels; enough of what they cost."""
    (audit,) = (a for a in audits() if np.array_equal(a.y, y) and np.array_equal(a.X, X))
    looked = np.unique(np.arange(len(y))[np.asarray(rows)])
    mended = y.copy()
    mended[looked] = audit.truth[looked]
    share = float(np.mean((mended == audit.truth)[y != audit.truth]))
    wrong, clean = audit.accuracy(y), audit.accuracy(audit.truth)
    now = audit.accuracy(mended)
    back = (now - wrong) / (clean - wrong)
    return [
        Aim(len(looked) <= budget,
            f"You look at {len(looked)} of the {len(y)} mails (at most {budget})."),
        Aim(share >= LEAST[budget],
            f"You find {share:.0%} of the wrong labels (at least {LEAST[budget]:.0%})."),
        Aim(back >= 0.6,
            f"Put right and trained again, the model gets {now:.1%} of other mails right, after "
            f"{wrong:.1%} with the wrong labels; without any it would be {clean:.1%}. So {back:.0%}"
            " of what they cost is back (at least 60%)."),
    ]  # fmt: skip


def _losses(X, y, theta):
    return -y * (X @ theta)  # in the same order as the losses


def _lengths(X, y, theta, l2):
    return (X.T * np.linalg.solve(hessian(X, y, theta, l2), X.T)).sum(axis=0)


def _first(scores):
    """Looks at the largest of these scores first."""
    return lambda X, y, theta, l2, budget: np.argsort(-scores(X, y, theta, l2))[:budget]


@exercise(
    "15.6",
    "Your audit",
    prompt="""600 mails of Spambase, and 60 of the labels are wrong: nobody knows which. `theta` was
    trained on all of them. You can look at `budget` mails. Return which, as indices of rows.

    There is no single right answer. Yours is tried on three sets of mails. With a budget of 90 it
    should find 80% of the wrong labels, with 60 it should find 60%; and once those that it finds
    are put right, 60% of the accuracy that the wrong labels cost should be back, on mails that
    nobody trained on.""",
    minutes=10,
    difficulty=2,
    cases=lambda: [audit.case for audit in audits()],
    judge=aims,
    seconds=20.0,
    hints=(
        """How does a wrong label look to a model that was trained on many right ones? Give each
        mail a score, and look at those with the largest.""",
        """You have two such scores already: how wrong the model is about the mail, and what leaving
        the mail out does to its own loss.""",
        """`np.argsort` sorts from the smallest; `[:budget]` ends the list. Once yours meets the
        aims, try another score: which finds more, and which gives more accuracy back?""",
    ),
    explanation="""The loss finds the most, self-influence a little less; in accuracy they are as
    good as each other. Models that have not seen the mail, each trained on four fifths of the
    others, do well, too. What does not: mails of which the model is unsure. A wrong label is where
    it is sure of the contrary. Three sets of mails are few: the lesson does it again with many
    seeds, and with a band.""",
    mistakes=(
        ("most at ease", _first(lambda X, y, theta, l2: -_losses(X, y, theta)),
         lambda X, y, theta, l2, budget: np.argsort(-_losses(X, y, theta))[-budget:],
         """You look at the mails whose labels fit best, for whose loss is smallest. `argsort` puts
         the smallest first: sort minus the score."""),
        ("sign of the influence", _first(lambda X, y, theta, l2: (
            -sigma(-y * (X @ theta)) ** 2 * _lengths(X, y, theta, l2))),
         """You look at the mails with the least self-influence. I_up,loss(z_i, z_i) is negative, so
         the most suspicious ones come *first* in the order of I, and last in that of minus I."""),
        ("where the model wavers", _first(lambda X, y, theta, l2: -abs(X @ theta)),
         """You look at the mails nearest to the boundary. There the model is unsure, with or
         without a wrong label. A wrong label is where it is sure of the contrary."""),
        ("no label", _first(lambda X, y, theta, l2: X @ theta),
         _first(lambda X, y, theta, l2: -(X @ theta)),
         """You sort by the score x'theta and not by how it fits the label. A mail that is clearly
         spam and is called spam is no suspect: multiply by y."""),
        ("leverage", _first(lambda X, y, theta, l2: (
            curvature(X, y, theta) * _lengths(X, y, theta, l2))),
         _first(_lengths),
         """You look at the mails that hold theta most, unusual ones. Being unusual is not being
         wrong: how well the label fits is not in it."""),
        ("spam alone", _first(lambda X, y, theta, l2: np.where(
            y > 0, _losses(X, y, theta), -np.inf)),
         _first(lambda X, y, theta, l2: np.where(y < 0, _losses(X, y, theta), -np.inf)),
         """You look at the mails of one label alone. Labels are wrong on both sides."""),
        ("the first rows", lambda X, y, theta, l2, budget: np.arange(budget),
         lambda X, y, theta, l2, budget: np.arange(len(y) - budget, len(y)),
         """You take mails as they come, the first or the last. That finds what chance
         finds, as many per cent of the wrong labels as you look at."""),
        ("all in order", lambda X, y, theta, l2, budget: np.argsort(-_losses(X, y, theta)),
         lambda X, y, theta, l2, budget: np.argsort(
             -sigma(-y * (X @ theta)) ** 2 * _lengths(X, y, theta, l2)),
         "You return all mails in their order. The budget ends the list: `[:budget]`."),
        ("more than the budget", lambda X, y, theta, l2, budget: np.flatnonzero(
            sigma(y * (X @ theta)) < 0.8),
         """You look at every mail whose label has less than 80% in the eyes of the model, however
         many there are. Sort them, and stop after `budget`."""),
    ),
)
def strategy(X, y, theta, l2, budget):
    """Which rows to look at, at most budget; some of the labels y, (n,), are wrong."""
    n, p = X.shape
    wrong = 1 / (1 + np.exp(y * (X @ theta)))
    H = (X.T * (wrong * (1 - wrong))) @ X / n + l2 * np.eye(p)
    score = wrong**2 * (X.T * np.linalg.solve(H, X.T)).sum(axis=0)
    return np.argsort(-score)[:budget]
