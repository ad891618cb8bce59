"""What the removal of training points does to the loss at one test point, predicted and true."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from teachkit.arrays import quiet
from teachkit.retraining import retrain

if TYPE_CHECKING:
    from teachkit.influence import Influence

Array = np.ndarray


class Removal:
    """The answers of a model to the removal of some training points, for those who say which.

    A subclass has ``influence`` at the minimum with all points in, the test point ``x_test`` (as
    the risk has it) and ``y_test``, the points ``removed``, how many stand in each of two
    ``walls``, and ``warm``, a theta to retrain from, or None.
    """

    if TYPE_CHECKING:

        @property
        def influence(self) -> Influence: ...
        @property
        def x_test(self) -> Array: ...
        @property
        def y_test(self) -> float: ...
        @property
        def removed(self) -> frozenset[int]: ...
        @property
        def walls(self) -> int: ...
        @property
        def warm(self) -> Array | None: ...

    leverage: bool = False

    @cached_property
    @quiet()
    def effects(self) -> Array:
        """Predicted change of the test loss without each point, (n,): positive = it helps."""
        return self.influence.leave_one_out_loss(self.x_test, self.y_test, leverage=self.leverage)

    @property
    def scores(self) -> Array:
        """What points stand in their walls by, (n,)."""
        return self.effects

    @cached_property
    def _order(self) -> list[int]:
        return [int(i) for i in np.argsort(-self.scores, kind="stable")]

    @property
    def helpful(self) -> list[int]:
        """The points whose removal raises the test loss most, the strongest first."""
        return self._order[: self.walls]

    @property
    def harmful(self) -> list[int]:
        """The points whose removal lowers the test loss most, the strongest first."""
        return self._order[::-1][: self.walls]  # no point stands in both walls

    @cached_property
    @quiet()
    def predicted(self) -> Array:
        """Theta as influence predicts it for the removal, (p,)."""
        influence = self.influence
        return influence.theta + influence.removal(sorted(self.removed), leverage=self.leverage)

    @cached_property
    @quiet()
    def retrained(self) -> Array:
        """Theta as it is, by exact retraining with n fixed, (p,)."""
        influence = self.influence
        if not self.removed:
            return influence.theta
        weights = np.ones(influence.risk.n)
        weights[list(self.removed)] = 0.0
        start = influence.theta if self.warm is None else self.warm
        return retrain(influence.risk.reweighted(weights), start)

    @cached_property
    def loss_now(self) -> float:
        """The test point's loss with all points in."""
        return self._loss_at(self.influence.theta)

    @property
    def loss_tangent(self) -> float:
        """Its loss along the tangent at theta now: the effects of the removed points add up."""
        return self.loss_now + float(self.effects[list(self.removed)].sum())

    @cached_property
    def loss_predicted(self) -> float:
        """Its predicted loss: the one at the predicted theta."""
        return self._loss_at(self.predicted)

    @cached_property
    def loss_retrained(self) -> float:
        """Its loss after exact retraining."""
        return self._loss_at(self.retrained)

    @quiet()
    def _loss_at(self, theta: Array) -> float:
        return float(self.influence.risk.loss_at(theta, self.x_test, self.y_test))


def toggle(state: Any, i: int) -> Any:
    """Training image i out, or in again; refuses, in a sentence, to empty a class."""
    removed = state.removed ^ {i}
    y = state.model.y
    if not np.any(np.delete(y, list(removed)) == y[i]):
        raise ValueError(f"Image {i} stays: it is the last of its class. Take another in first.")
    return replace(state, removed=removed, warm=state.retrained)


def choose(state: Any, test: int) -> Any:
    """Another test image; what is out stays out."""
    if not 0 <= test < len(state.model.y_test):
        raise ValueError(
            f"There is no test image {test}; there are 0 to {len(state.model.y_test) - 1}."
        )
    return replace(state, test=test, warm=state.retrained)
