"""14.5: an open question: how would you repair the training set?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from teachkit import datasets

from .. import Aim, exercise
from .._slips.logistic import fit

L2 = 1e-3
BUDGET, LEAST, MOST, WORSE, FOUND, ILL = 8, 0.92, 3.0, 0.01, 0.58, 1
THROWN = 0.1  # a row that counts less has as good as left
_SEEDS = (0, 2, 3)


@dataclass(frozen=True)
class Trial:
    """Patients to train on, the children who went missing, and other persons to test on."""

    X: np.ndarray
    y: np.ndarray
    missing: np.ndarray
    is_child: np.ndarray
    healthy: np.ndarray
    ill: np.ndarray
    older: np.ndarray
    older_y: np.ndarray

    @property
    def case(self) -> tuple:
        theta = fit(self.X, self.y, L2)
        return self.X, self.y, theta, self.is_child, self.missing, BUDGET

    def trained(self, weights: np.ndarray) -> np.ndarray:
        """Theta with these weights of the rows and of the children asked; n stays what it is."""
        X = np.vstack([self.X, self.missing])
        y = np.concatenate([self.y, -np.ones(len(self.missing))])
        return fit(X, y, L2 * len(self.y) / len(y), weights)

    def found(self, theta: np.ndarray) -> float:
        """The share that is found of the older test patients who were in hospital."""
        return float(np.mean(self.older[self.older_y > 0] @ theta > 0))

    def ill_found(self, theta: np.ndarray) -> int:
        """How many are found of the test children who were in hospital."""
        return int(np.sum(self.ill @ theta > 0))

    def right(self, theta: np.ndarray) -> tuple[float, float]:
        """The share that is right of healthy test children, and of older test patients."""
        older = self.older_y * (self.older @ theta) > 0
        return float(np.mean(self.healthy @ theta < 0)), float(np.mean(older))


@cache
def trials() -> tuple[Trial, ...]:
    """Three draws of patients."""
    split, made = datasets.rand_health(), []
    for seed in _SEEDS:
        data = datasets.rand_children(random_state=seed)
        kept = list(data.kept)
        gone = np.setdiff1d(np.arange(len(data.y)), kept)
        X, older = data.X[kept], split.X_test[:, data.child] == 0
        made.append(Trial(
            X, data.y[kept], data.X[gone], X[:, data.child] == 1, data.X_test[data.y_test < 0],
            data.X_test[data.y_test > 0], split.X_test[older], split.y_test[older],
        ))  # fmt: skip
    return tuple(made)


def aims(X, y, theta, is_child, missing, budget, weights):
    """Children right, older patients as before, within the budget, and no row thrown away."""
    (trial,) = (t for t in trials() if np.array_equal(t.X, X))
    n, m = len(y), len(missing)
    w = np.asarray(weights, dtype=float)
    if w.shape != (n + m,):
        raise ValueError(f"it has shape {w.shape}, and ({n + m},) is needed")
    if not (np.isfinite(w).all() and (w >= 0).all()):
        raise ValueError("weights are numbers from 0 on")
    if not (w[:n] > 0).any():
        raise ValueError(f"all of the {n} rows at hand have the weight 0, and they come first")
    asked, gone = int(np.sum(w[n:] > 0)), int(np.sum(w[:n] < THROWN))
    trained = trial.trained(w)
    (right, older), found = trial.right(trained), trial.found(trained)
    before, older_before = trial.right(theta)
    return [
        Aim(asked <= budget, f"You ask {asked} of the {m} missing children (at most {budget})."),
        Aim(gone == 0,
            f"{gone} of the rows at hand have a weight below {THROWN:g} (none: what they report "
            "did happen)."),
        Aim(w.max() <= MOST,
            f"The largest weight is {w.max():.3g} (at most {MOST:g}: one child cannot stand for "
            "many)."),
        Aim(right >= LEAST,
            f"Trained again, the model gets {right:.0%} of the healthy test children right, after "
            f"{before:.0%} (at least {LEAST:.0%})."),
        Aim(trial.ill_found(trained) >= ILL,
            f"Of the {len(trial.ill)} test children who were in hospital it finds "
            f"{trial.ill_found(trained)}, after {trial.ill_found(theta)} (at least {ILL}: who "
            "calls every child healthy finds none)."),
        Aim(older >= older_before - WORSE,
            f"Of older test patients it gets {older:.1%} right, after {older_before:.1%} (not more "
            "than one point less)."),
        Aim(found >= FOUND,
            f"Of the older test patients who were in hospital it finds {found:.1%}, after "
            f"{trial.found(theta):.1%} (at least {FOUND:.0%}: who calls everybody healthy is right "
            "about most, and finds none)."),
    ]  # fmt: skip


def _weighted(rows=lambda X, y, is_child: np.ones(len(y)), asked=lambda P, budget: 0 * P):
    """Weights of the rows at hand, and of the missing children given their scores."""

    def answer(X, y, theta, is_child, missing, budget):
        return np.concatenate([rows(X, y, is_child), asked(missing @ theta, budget)])

    return answer


def _of_children(admitted=1.0, healthy=1.0):
    return lambda X, y, is_child: np.where(
        is_child & (y > 0), admitted, np.where(is_child, healthy, 1.0)
    )


def _first(scores, budget):
    return np.isin(np.arange(len(scores)), np.argsort(scores, kind="stable")[:budget]) * 1.0


@exercise(
    "14.5",
    "Repair the training set",
    prompt="""`X`, (n, p), and `y`, (n,), are the patients to train on, `is_child`, (n,), is a mask,
    True for the four children, `theta` the model. `missing`, (m, p), are the children who went
    missing, all of them healthy, label -1; you may ask `budget` of them, 8. Return n + m weights,
    one for each row at hand and then one for each missing child, 0 for those whom you do not ask:
    missing child j stands at n + j. The model is trained again with them.

    There is no single right answer. Yours is tried on three draws of patients, the lesson's and two
    others, so count no rows by hand. The aims: at most 8 are asked; no row at hand has a weight
    below 0.1; no weight is above 3; at least 92% of healthy test children, of other persons, are
    right, and of the test children who were in hospital at least one is still found; of older test
    patients not more than one point fewer are right than before, and of those of them who were in
    hospital at least 58% are still found.""",
    minutes=8,
    difficulty=2,
    cases=lambda: [trial.case for trial in trials()],
    judge=aims,
    seconds=20.0,
    hints=(
        """There are three repairs: to leave rows out, to let some count more or less, to collect.
        Begin with `np.ones(n + m)`, put zeros for those whom you do not ask, and see what is said
        of it. A mask of the rows at hand has n entries, as `w[:n]` has:
        `w[:n][mask] = ...`.""",
        """Whom to ask? Any of the missing children will help; some help more: those about whom the
        model is most wrong.""",
        """`missing @ theta` are their scores, and `np.argsort(-scores)[:budget]` are the places of
        the largest.""",
    ),
    explanation="""Removing the three children in hospital would bring many healthy ones back too,
    but their stays did happen: harmful for this test child is not the same as wrong. Other weights
    cost nothing, and let one healthy child speak for all. Collecting is what the diagnosis asks
    for: the training set lacks healthy children. It has its price: of the few children who were in
    hospital fewer are found afterwards. So too much is as wrong as too little: with eight children
    that count twice nearly every child is called healthy, and hardly one is found. The lesson's
    table has both columns.""",
    mistakes=(
        ("removed", _weighted(_of_children(admitted=0.0)),
         """You leave out the three children in hospital. That helps most of the healthy ones. But
         they were there: the model would learn from fewer facts, and not from better ones."""),
        ("all children removed", _weighted(_of_children(0.0, 0.0)),
         """You leave out all four children. The model then knows nothing of children and treats
         them as older patients."""),
        ("healthy one removed", _weighted(_of_children(healthy=0.0)),
         """You leave out the healthy child: the one row that held the loss of the healthy test
         children down. The sign of its influence says so."""),
        ("nothing done", _weighted(),
         """Nobody is asked, and all rows at hand have the weight 1: nothing has changed. Or your
         ones fell on rows at hand: missing child j stands at n + j."""),
        ("all asked", _weighted(asked=lambda P, budget: np.ones(len(P))),
         "You ask all of the missing children. The budget ends the list: `[:budget]`."),
        ("eight for twenty", _weighted(asked=lambda P, budget: (
            len(P) / budget * np.isin(np.arange(len(P)), np.argsort(-P)[:budget]))),
         """You let each child that is asked count for two and a half, so that they weigh as much as
         all who are missing. That is too much of it: nearly every child is called healthy."""),
        ("those it is right about", _weighted(asked=_first),
         """You ask the children of whom the model is surest that they are healthy. It has little to
         learn from them: `argsort` puts the smallest first, so sort minus the score."""),
        ("the healthy one many times", _weighted(_of_children(healthy=21.0)),
         """You let the one healthy child count 21 times. With another draw of that child all
         would be different."""),
        ("admitted ones counted less", _weighted(_of_children(admitted=1 / 21)),
         """You give the three 1/21 each, so that three beside one weigh as three beside 21. The
         odds are right now; but all that is known of healthy children is still one child."""),
    ),
)
def repair(X, y, theta, is_child, missing, budget):
    """Weights, (n + m,): of each row at hand, then of each missing child (0: not asked)."""
    weights = np.ones(len(y) + len(missing))
    weights[len(y) :] = 0
    asked = np.argsort(-(missing @ theta))[:budget]
    weights[len(y) + asked] = 1
    return weights
