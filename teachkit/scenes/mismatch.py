"""The mismatch explorer's state: older patients, four children of 24, and a test child.

The model is logistic regression, trained on the rows that are kept. Rows that are taken out have
weight 0, n stays. What is predicted comes from `influence`, beside it stands the exact retraining.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np

from teachkit import require
from teachkit.arrays import quiet, to_numpy
from teachkit.datasets import rand_children
from teachkit.influence import Influence
from teachkit.losses import Logistic
from teachkit.retraining import leave_one_out, retrain
from teachkit.risks import LinearRisk

Array = np.ndarray
PENALTIES = (3e-4, 1e-3, 3e-3, 1e-2)
USUAL = 1e-3  # the penalty by which test children are told to be wrong or right
WRONG, RIGHT = 6, 2  # test children on offer
CHILDREN = 4  # the first rows
SHOWN = 16  # bars
SEEDS = 19  # the last one


@dataclass(frozen=True, eq=False)
class Patients:
    """All to train on, the kept rows first; healthy children to test on; shared by all states."""

    X: Array
    y: Array
    n: int
    X_test: Array
    features: tuple[str, ...]
    child: int
    seed: int

    @cached_property
    def offered(self) -> tuple[int, ...]:
        """Test children in a random order: those the model gets wrong, then those it gets right."""
        order = np.argsort(np.random.default_rng((self.seed, 1)).random(len(self.X_test)))
        wrong = self.X_test[order] @ fit_of(self, USUAL).theta > 0
        return (*map(int, order[wrong][:WRONG]), *map(int, order[~wrong][:RIGHT]))


@dataclass(frozen=True)
class MismatchState:
    """The penalty, which of the test children on offer is asked about, and who is out, in turn."""

    patients: Patients
    l2: float = USUAL
    test: int = 0
    removed: tuple[int, ...] = ()

    @property
    def fit(self) -> Fit:
        return fit_of(self.patients, self.l2)

    @property
    def number(self) -> int:
        """The test child's."""
        return self.patients.offered[self.test]

    @property
    def x_test(self) -> Array:
        return self.patients.X_test[self.number]

    @property
    def influences(self) -> Array:
        """-I_up,loss(z_i, z_test), (n,): n times the predicted rise of the loss without z_i."""
        return influences_of(self.patients, self.l2, self.number)

    @property
    def strongest(self) -> list[int]:
        """All rows, the largest |I_up,loss| first."""
        return [int(i) for i in np.argsort(-np.abs(self.influences), kind="stable")]

    @property
    def shown(self) -> list[int]:
        """The strongest rows and those that are out, from the largest value to the smallest."""
        rows = dict.fromkeys([*self.strongest[:SHOWN], *self.removed])
        return sorted(rows, key=lambda i: -self.influences[i])

    @property
    def truths(self) -> dict[int, float]:
        """n times the true rise of the test child's loss without each of the rows shown."""
        rows = self.shown
        return dict(zip(rows, truths_of(self.patients, self.l2, self.number, tuple(rows)),
                        strict=True))  # fmt: skip

    @property
    def probability(self) -> float:
        """P(in hospital) of the test child, with all in."""
        return chance(self.x_test, self.fit.theta)

    @property
    def before(self) -> float:
        """The same, had the healthy children not gone missing."""
        return chance(self.x_test, before_of(self.patients, self.l2))

    @property
    def predicted(self) -> tuple[float, ...]:
        """P at the theta that influence predicts, before any removal and after each."""
        found = (self.fit.predicted(self.removed[:k]) for k in range(len(self.removed) + 1))
        return tuple(chance(self.x_test, theta) for theta in found)

    @property
    def retrained(self) -> tuple[float, ...]:
        """P at the retrained theta, before any removal and after each."""
        found = (self._theta(k) for k in range(len(self.removed) + 1))
        return tuple(chance(self.x_test, theta) for theta in found)

    def _theta(self, k: int) -> Array:
        return retrained_without(self.patients, self.l2, frozenset(self.removed[:k]))

    @property
    def healthy_right(self) -> float:
        """The share of healthy test children that the retrained model gets right."""
        return float(np.mean(self.patients.X_test @ self._theta(len(self.removed)) < 0))

    @property
    def coefficient(self) -> tuple[float, int]:
        """Of being a child, and its rank by size among all but the intercept, retrained."""
        theta = self._theta(len(self.removed))[:-1]
        child = self.patients.child
        return float(theta[child]), int(np.sum(np.abs(theta) > abs(theta[child]))) + 1


@dataclass(frozen=True, eq=False)
class Fit:
    """The model with all kept rows in."""

    influence: Influence

    @property
    def theta(self) -> Array:
        return self.influence.theta

    def predicted(self, rows: tuple[int, ...]) -> Array:
        """Theta without these rows, as influence predicts it."""
        return self.theta + self.influence.removal(rows)


def chance(x: Array, theta: Array) -> float:
    """P(y = +1 | x), sigma(x' theta)."""
    return float(1 / (1 + np.exp(-(x @ theta))))


def begin(*, seed: int = 0, l2: float = USUAL, test: int = 0) -> MismatchState:
    """All four children in, and a test child that is on offer."""
    require.whole(seed, "seed", 0, SEEDS, "It draws the patients.")
    require.whole(test, "test", 0, WRONG + RIGHT - 1, "It is a test child's place in the menu.")
    if l2 not in PENALTIES:
        raise ValueError(f"l2 is {l2}; the explorer has {', '.join(f'{v:g}' for v in PENALTIES)}.")
    return MismatchState(patients_of(int(seed)), float(l2), int(test))


def draw_anew(state: MismatchState, seed: int) -> MismatchState:
    """Other patients, and all of them in."""
    return begin(seed=seed, l2=state.l2, test=state.test)


def weigh(state: MismatchState, i: int, weight: float) -> MismatchState:
    """Row i out (weight 0), or in again."""
    require.whole(i, "i", 0, state.patients.n - 1, "It is the number of a training row.")
    others = tuple(row for row in state.removed if row != i)
    return replace(state, removed=(*others, i) if weight == 0 else others)


def take_strongest(state: MismatchState) -> MismatchState:
    """The strongest row that is still in goes out."""
    return weigh(state, next(i for i in state.strongest if i not in state.removed), 0.0)


@lru_cache(maxsize=SEEDS + 1)
def patients_of(seed: int) -> Patients:
    """The patients of a seed, those that go missing last."""
    data = rand_children(random_state=seed)
    X, y, X_test, y_test = map(to_numpy, (data.X, data.y, data.X_test, data.y_test))
    gone = np.setdiff1d(np.arange(len(y)), data.kept)
    rows = np.concatenate([np.array(data.kept), gone])
    healthy = X_test[y_test < 0]
    return Patients(X[rows], y[rows], len(data.kept), healthy, data.feature_names, data.child, seed)


@lru_cache(maxsize=64)
@quiet()
def fit_of(patients: Patients, l2: float) -> Fit:
    """The fit to the kept rows."""
    risk = LinearRisk(patients.X[: patients.n], patients.y[: patients.n], Logistic(), l2=l2)
    return Fit(Influence(risk, retrain(risk, np.zeros(risk.p))))


@lru_cache(maxsize=64)
@quiet()
def before_of(patients: Patients, l2: float) -> Array:
    """Theta with all 24 children."""
    risk = LinearRisk(patients.X, patients.y, Logistic(), l2=l2)
    return retrain(risk, fit_of(patients, l2).theta)


@lru_cache(maxsize=256)
@quiet()
def influences_of(patients: Patients, l2: float, number: int) -> Array:
    """-I_up,loss of all kept rows on this test child."""
    return -fit_of(patients, l2).influence.up_loss(patients.X_test[number], -1.0)


@lru_cache(maxsize=256)
@quiet()
def truths_of(patients: Patients, l2: float, number: int, rows: tuple[int, ...]) -> list[float]:
    """n (L(z_test, theta_{-i}) - L(z_test, theta)) for these rows, by exact retraining."""
    fit = fit_of(patients, l2)
    x, risk = patients.X_test[number], fit.influence.risk
    thetas = fit.theta + leave_one_out(risk, fit.theta, rows)
    rises = np.logaddexp(0.0, thetas @ x) - np.logaddexp(0.0, fit.theta @ x)
    return [float(rise) for rise in risk.n * rises]


@lru_cache(maxsize=1024)
@quiet()
def retrained_without(patients: Patients, l2: float, rows: frozenset[int]) -> Array:
    """Theta without these rows, exactly."""
    fit = fit_of(patients, l2)
    weights = np.ones(patients.n)
    weights[list(rows)] = 0.0
    return retrain(fit.influence.risk.reweighted(weights), fit.theta) if rows else fit.theta
