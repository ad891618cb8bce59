"""The agreement explorer's state: a test point, a fit, and which training points are out.

The model is logistic regression. What each training point is predicted to do to the test loss
stands beside what it does, by all n exact retrainings; and so for a group that leaves together.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import numpy as np

from teachkit import require
from teachkit.arrays import quiet
from teachkit.influence import Influence
from teachkit.losses import Logistic
from teachkit.optimize import LBFGS, Wolfe, minimize
from teachkit.retraining import leave_one_out, retrain
from teachkit.risks import LinearRisk
from teachkit.scenes.guess import Guess
from teachkit.scenes.units import units_of
from teachkit.validation import Agreement, agreement

Array = np.ndarray
STOPS = (0.0, 1e-3, 1e-2, 0.1)  # of the norm of the gradient; 0 is a fit that is finished
SIZES = 12  # of growing groups that are retrained, at most
TINY = 1e-250  # changes of a loss below this are none: their squares are lost
GROUPS = {
    "none": "nobody",
    "helpful": "the tenth that helps most",
    "harmful": "the tenth that harms most",
    "random": "30%, at random",
    "neighbours": "30% of a class, neighbours",
    "hand": "those taken out by hand",
}
WAYS = ("sum", "rescaled", "step", "true")


@dataclass(frozen=True, eq=False)
class Data:
    """Training and test points, and how they are called; shared by all states.

    ``names`` are those of the classes -1 and +1, ``shape`` rows and columns of an image, or None.
    """

    X: Array
    y: Array
    X_test: Array
    y_test: Array
    names: tuple[str, str]
    features: tuple[str, ...]
    shape: tuple[int, int] | None

    def name_of(self, label: float) -> str:
        """What the class of this label is called."""
        return self.names[int(label > 0)]

    def image(self, row: Array) -> Array:
        """The pixels of a row; what comes after them is left out."""
        assert self.shape is not None
        return row[: self.shape[0] * self.shape[1]].reshape(self.shape)


@dataclass(frozen=True, eq=False)
class Fit:
    """A model on all training points, and without each; columns divided by ``scale``.

    theta and all its changes are those of the divided columns.
    """

    influence: Influence
    scale: Array
    gradient_norm: float
    retrained: Array  # (n, p): theta_{-i} - theta, exact

    def change_at(self, x: Array, y: float, changes: Array) -> Array:
        """How much the loss at (x, y) changes with each of these changes of theta, (k,)."""
        score, moves = x @ self.influence.theta, changes @ x
        loss = Logistic()
        before = loss.value(np.array([score]), np.array([y]))
        return loss.value(score + moves, np.full(len(moves), y)) - before


@lru_cache(maxsize=8)
@quiet()
def fit_of(data: Data, l2: float, stop: float) -> Fit:
    """The fit with this penalty, stopped once the norm of the gradient is at most ``stop``."""
    scale = units_of(data.X, None, l2).scale
    risk = LinearRisk(data.X / scale, data.y, Logistic(), l2=l2 / scale**2)
    with warnings.catch_warnings():  # what is not finished is what is shown
        warnings.simplefilter("ignore")
        if stop:
            theta = minimize(risk, np.zeros(risk.p), LBFGS(), Wolfe(), tol=stop, max_iter=500).x
        else:
            theta = retrain(risk, np.zeros(risk.p))
        influence = Influence(risk, theta)
        retrained = leave_one_out(risk, theta)
    if not np.isfinite(retrained).all():
        raise ValueError(
            f"With l2 = {l2:g} some of the retrainings have no minimum that can be computed. "
            "Take a larger l2."
        )
    return Fit(influence, scale, float(np.linalg.norm(risk.gradient(theta))), retrained)


class Change(NamedTuple):
    """What a change of theta does to the test loss."""

    tangent: float  # along the tangent at theta now
    loss: float  # the loss at theta plus the change, less the loss now


@dataclass(frozen=True, eq=False)
class AgreementState:
    """Which test point, which fit, which prediction, and who is out."""

    data: Data
    l2: float
    test: int
    leverage: bool = False
    stop: float = 0.0
    removed: frozenset[int] = frozenset()
    group: str = "none"
    guess: Guess | None = field(default=None, repr=False)

    @property
    def n(self) -> int:
        """Training points."""
        return len(self.data.y)

    @property
    def fit(self) -> Fit:
        """The model on all of them, and without each."""
        return fit_of(self.data, self.l2, self.stop)

    @property
    def x_test(self) -> Array:
        """The test point as the fit has it, (p,)."""
        return self.data.X_test[self.test] / self.fit.scale

    @property
    def y_test(self) -> float:
        """Its label."""
        return float(self.data.y_test[self.test])

    @cached_property
    @quiet()
    def loss_now(self) -> float:
        """The test loss with all training points in."""
        influence = self.fit.influence
        return float(influence.risk.loss_at(influence.theta, self.x_test, self.y_test))

    @cached_property
    def plain(self) -> Array:
        """The predicted change of the test loss without each point, (n,)."""
        return self.fit.influence.leave_one_out_loss(self.x_test, self.y_test)

    @cached_property
    def corrected(self) -> Array:
        """The same, divided by 1 - h_i: each point takes its curvature along, (n,)."""
        return self.fit.influence.leave_one_out_loss(self.x_test, self.y_test, leverage=True)

    @property
    def predicted(self) -> Array:
        """The prediction that is shown, (n,)."""
        return self.corrected if self.leverage else self.plain

    @cached_property
    @quiet()
    def true(self) -> Array:
        """The change of the test loss by retraining without each point, (n,)."""
        return self.fit.change_at(self.x_test, self.y_test, self.fit.retrained)

    def agreement(self, *, leverage: bool) -> Agreement | None:
        """How a prediction agrees with the truth; None where one of them is constant."""
        predicted = self.corrected if leverage else self.plain
        if min(np.ptp(predicted), np.ptp(self.true)) <= TINY:
            return None
        try:
            return agreement(predicted, self.true)
        except ValueError:  # constant to rounding
            return None

    @cached_property
    def order(self) -> list[int]:
        """Those that are out, the largest predicted effect first."""
        out = np.array(sorted(self.removed), dtype=int)
        return [int(i) for i in out[np.argsort(-np.abs(self.plain[out]), kind="stable")]]

    @cached_property
    def effect(self) -> dict[str, Change]:
        """What the removal of all that are out does to the test loss, by each of `WAYS`."""
        return self._effect(self.order)

    @cached_property
    def growth(self) -> tuple[Array, dict[str, Array]]:
        """How many of them are out, from none to all, and the change of the test loss then."""
        k = len(self.order)
        sizes = np.unique(np.rint(np.linspace(0, k, min(k, SIZES) + 1)).astype(int))
        effects = [self._effect(self.order[:size]) for size in sizes[:-1]] + [self.effect]
        return sizes, {way: np.array([effect[way].loss for effect in effects]) for way in WAYS}

    @quiet()
    def _effect(self, S: list[int]) -> dict[str, Change]:
        influence = self.fit.influence
        weights = np.ones(self.n)
        weights[S] = 0.0
        without = influence.risk.reweighted(weights)
        step = influence.toward(without, leverage=True) if S else 0.0 * influence.theta
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            retrained = retrain(without, influence.theta + step)
        changes = {
            "sum": influence.removal(S),
            "rescaled": influence.rescaled_removal(S) if S else step,
            "step": step,
            "true": retrained - influence.theta,
        }
        rows = np.array(list(changes.values()))
        gradient = influence.risk.gradient_at(
            influence.theta, self.x_test[None, :], np.array([self.y_test])
        )[0]
        losses = self.fit.change_at(self.x_test, self.y_test, rows)
        if not (np.isfinite(rows).all() and np.isfinite(losses).all()):
            raise ValueError("Without so many points there is no fit. Take a larger l2.")
        pairs = zip(rows @ gradient, losses, strict=True)
        return {way: Change(float(a), float(b)) for way, (a, b) in zip(changes, pairs, strict=True)}


def change(state: AgreementState, **changes: Any) -> AgreementState:
    """Another fit or prediction; who is out stays out, whatever the reason was."""
    group = "hand" if state.removed else state.group
    return replace(state, **{"group": group, **changes})


def choose(state: AgreementState, test: int) -> AgreementState:
    """Another test point."""
    most = len(state.data.y_test) - 1
    require.whole(test, "test", 0, most, "It is the number of a test point.")
    return change(state, test=int(test))


def weigh(state: AgreementState, i: int, weight: float) -> AgreementState:
    """Point i out (weight 0), or in again."""
    require.whole(i, "i", 0, state.n - 1, "It is the number of a training point.")
    removed = state.removed | {i} if weight == 0 else state.removed - {i}
    return _without(state, removed, "hand")


def _without(state: AgreementState, removed: frozenset[int], group: str) -> AgreementState:
    if len(removed) == state.n:
        raise ValueError("One point has to stay in: without any there is nothing to fit.")
    return replace(state, removed=removed, group=group if removed else "none")


def take_out(state: AgreementState, group: str) -> AgreementState:
    """A whole group out, all others in; "hand" leaves it as it is."""
    if group == "hand":
        return replace(state, group=group)
    return _without(state, frozenset(map(int, _members(state, group))), group)


def _members(state: AgreementState, group: str) -> Array:
    data, ranked = state.data, np.argsort(-state.plain, kind="stable")
    tenth, three_tenths = (max(1, round(share * state.n)) for share in (0.1, 0.3))
    if group == "none":
        return ranked[:0]
    if group == "helpful":
        return ranked[:tenth]
    if group == "harmful":
        return ranked[-tenth:]
    if group == "random":
        return np.random.default_rng(0).permutation(state.n)[:three_tenths]
    middle = ranked[0]
    alike = np.flatnonzero(data.y == data.y[middle])
    scaled = data.X / state.fit.scale
    away = np.linalg.norm(scaled[alike] - scaled[middle], axis=1)
    return alike[np.argsort(away, kind="stable")[: max(1, round(0.3 * len(alike)))]]
