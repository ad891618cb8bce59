"""The influence explorer's state: a training set that can be changed, and what follows.

Gestures are functions from state to state; what a state means (theta now, retrained,
predicted) is computed when first asked for and kept with it, so that undo costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from teachkit.arrays import quiet
from teachkit.datasets import add_ones
from teachkit.influence import Influence
from teachkit.losses import Logistic, SmoothHinge, Square
from teachkit.retraining import retrain
from teachkit.risks import LinearRisk
from teachkit.scenes.guess import Guess
from teachkit.scenes.influence_answer import Answer, answer
from teachkit.scenes.scene import Axes
from teachkit.scenes.units import Units, units_of

Array = np.ndarray
TEST = "test"
THETAS = ("now", "retrained", "predicted")
LOSSES_THERE = ("loss_now", "loss_retrained", "loss_predicted", "influences")
LOSSES = ("logistic", "square", "smooth hinge")
Chosen = tuple[int, ...]  # training points, by their numbers


@dataclass(frozen=True, eq=False)
class Fit:
    """The model on the starting set; shared by all states with the same loss and penalty.

    It is fitted, and theta changed, in ``units`` that make all numbers of ordinary size.
    """

    X: Array
    y: Array
    loss: str
    l2: float
    t: float = 0.1

    @cached_property
    def units(self) -> Units:
        """Those in which the starting set has ordinary numbers."""
        return units_of(self.X, self.y if self.X.shape[1] == 1 else None, self.l2)

    @cached_property
    @quiet()
    def influence(self) -> Influence:
        """Influence at the minimum of the starting set's risk, in these units."""
        risk = self.risk(self.X, self.y)
        try:
            return Influence(risk, retrain(risk, np.zeros(risk.p)))
        except ValueError as reason:
            raise ValueError(f"The model does not fit: {reason}") from None

    def risk(self, X: Array, y: Array) -> LinearRisk:
        """R(theta) = (1/n) sum_i L(z_i, theta) + 1/2 l2 |theta|^2 on these points, (n, d)."""
        loss = {"logistic": Logistic, "square": Square, "smooth hinge": lambda: SmoothHinge(self.t)}
        units = self.units
        rows, target = add_ones(units.inside(X)), units.target(y)
        return LinearRisk(rows, target, loss[self.loss](), l2=units.penalty)


@dataclass(frozen=True, eq=False)
class InfluenceState:
    """Everything the learner can change; X is (n, 2) with labels +-1, or (n, 1) with y real.

    ``fit`` holds the starting set, ``X``, ``y``, ``weights`` the changed one; ``axes`` are those of
    the start, so that the plane stands still while points move.
    """

    fit: Fit
    axes: Axes
    X: Array
    y: Array
    weights: Array
    x_test: Array
    y_test: float
    leverage: bool = False
    warm: Array | None = field(default=None, repr=False)
    guess: Guess | None = field(default=None, repr=False)

    @property
    def n(self) -> int:
        """Number of training points: it stays, whatever is greyed."""
        return len(self.y)

    @property
    def is_line(self) -> bool:
        """Whether a line is fitted (one column, y real)."""
        return self.X.shape[1] == 1

    @cached_property
    def places(self) -> Array:
        """Where the points are on the plane, (n, 2)."""
        return np.column_stack([self.X, self.y]) if self.is_line else self.X

    @cached_property
    def start_places(self) -> Array:
        """Where they were before anything was changed, (n, 2)."""
        return np.column_stack([self.fit.X, self.fit.y]) if self.is_line else self.fit.X

    @property
    def test_place(self) -> tuple[float, float]:
        """Where the test point is on the plane."""
        if self.is_line:
            return float(self.x_test[0]), float(self.y_test)
        return float(self.x_test[0]), float(self.x_test[1])

    def epsilon(self, *chosen: int) -> float:
        """What the chosen points' mean weight 1 + n eps says of eps; 0 where none is chosen."""
        return float(self.weights[list(chosen)].mean() - 1) / self.n if chosen else 0.0

    @cached_property
    def risk(self) -> LinearRisk:
        """The risk of the changed set: points z', weights w'."""
        return self.fit.risk(self.X, self.y).reweighted(self.weights)

    @cached_property
    @quiet()
    def computed(self) -> Answer:
        """The answer in the units of the fit."""
        units = self.fit.units
        x = add_ones(units.inside(self.x_test)[None, :])[0]
        return answer(
            self.fit.influence, self.risk, x, units.target(self.y_test),
            leverage=self.leverage, warm=self.warm,
        )  # fmt: skip

    @cached_property
    def answer(self) -> Answer:
        """Theta now, retrained and predicted and the test loss at each, in the learner's units."""
        units, known = self.fit.units, self.computed
        outside: dict[str, Any] = {n: units.outside(getattr(known, n)) for n in THETAS}
        outside |= {n: units.height**2 * getattr(known, n) for n in LOSSES_THERE}
        return replace(known, **outside)


def _next(state: InfluenceState, **changes: Any) -> InfluenceState:
    """The state with these changes; its retraining starts where this one's ended."""
    known = state.__dict__.get("computed")
    return replace(state, warm=state.warm if known is None else known.retrained, **changes)


def move(state: InfluenceState, i: int, x: float, y: float) -> InfluenceState:
    """Training point i dragged to (x, y) on the plane."""
    X, targets = state.X.copy(), state.y.copy()
    if state.is_line:
        X[i, 0], targets[i] = x, y
    else:
        X[i] = x, y
    return _next(state, X=X, y=targets)


def place(state: InfluenceState, name: str, x: float, y: float) -> InfluenceState:
    """The point of this id, a training point's number or ``TEST``, dragged to (x, y)."""
    return move_test(state, x, y) if name == TEST else move(state, int(name), x, y)


def move_test(state: InfluenceState, x: float, y: float) -> InfluenceState:
    """The test point dragged to (x, y); nothing is retrained."""
    if state.is_line:
        return _next(state, x_test=np.array([x]), y_test=float(y))
    return _next(state, x_test=np.array([x, y]))


def weigh(state: InfluenceState, i: int, weight: float) -> InfluenceState:
    """Training point i with this weight: 0 greys it out, 1 takes it in again.

    Raises ValueError, a sentence, where the rest would not determine a model.
    """
    weights = state.weights.copy()
    weights[i] = weight
    if not weights.any():
        raise ValueError(
            f"Point {i} stays: it would be the last one to go, and no points fit no model. "
            "Leave one in."
        )
    if not state.is_line and state.fit.l2 == 0 and not (state.y[weights > 0] == state.y[i]).any():
        raise ValueError(
            f"Point {i} stays: it is the last of class {state.y[i]:+.0f}, and with no penalty "
            "(l2 = 0) the other class alone has no best boundary. Take a larger l2."
        )
    return _next(state, weights=weights)


def upweigh(state: InfluenceState, chosen: Chosen, epsilon: float) -> InfluenceState:
    """The chosen training points with weight 1 + n eps each: eps = -1/n is removal, 0 no change."""
    weight = 1 + state.n * epsilon
    whole = float(round(weight))  # to rounding: a slider's ends and middle are sums of its steps
    for i in chosen:
        state = weigh(state, i, whole if abs(weight - whole) < 1e-9 else weight)
    return state


def set_fit(
    state: InfluenceState, *, loss: str | None = None, l2: float | None = None
) -> InfluenceState:
    """Another loss or penalty: theta now changes too, the changed set stays."""
    fit = replace(
        state.fit,
        loss=state.fit.loss if loss is None else loss,
        l2=state.fit.l2 if l2 is None else l2,
    )
    return replace(state, fit=fit, warm=None)


def set_leverage(state: InfluenceState, leverage: bool) -> InfluenceState:
    """Predict with (or without) the changed points' own curvature."""
    return _next(state, leverage=leverage)


@quiet()
def theta_path(
    state: InfluenceState, chosen: Chosen, points: int = 11
) -> tuple[Array, Array, Array]:
    """theta(eps) as each chosen point weighs 1 + n eps: eps (k,), true (k, p), predicted (k, p).

    eps goes from -1/n to +1/n; where the rest determines no theta, it is left out.
    """
    kept, true, predicted = [], [], []
    theta, influence = state.computed.retrained, state.fit.influence
    # Closer together towards removal, where theta bends most.
    for epsilon in (2 * np.linspace(0, 1, points) ** 2 - 1) / state.n:
        weights = state.weights.copy()
        weights[list(chosen)] = 1 + state.n * epsilon
        try:
            risk = state.risk.reweighted(weights)
            theta = retrain(risk, theta)
            change = influence.toward(risk, leverage=state.leverage)
        except ValueError:  # without this point the rest determines no theta: the path ends here
            continue
        kept.append(epsilon)
        true.append(theta)
        predicted.append(influence.theta + change)
    outside = state.fit.units.outside
    return np.array(kept), outside(np.array(true)), outside(np.array(predicted))
