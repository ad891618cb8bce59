"""Theta now, exactly retrained, and predicted: the three answers of the influence explorer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from teachkit.influence import Influence
from teachkit.retraining import retrain

Array = np.ndarray


@dataclass(frozen=True)
class Answer:
    """What the changed training set does to theta, (p,), and to the loss at the test point.

    ``influences``, (n,): the predicted change of the test loss if example i, where it is
    now, went: positive = it helps.
    """

    now: Array
    retrained: Array
    predicted: Array
    loss_now: float
    loss_retrained: float
    loss_predicted: float
    influences: Array

    @property
    def relative_error(self) -> float:
        """||predicted - retrained|| / ||retrained - now||; 0 where theta stayed, to rounding."""
        norm = np.linalg.norm
        true, error = norm(self.retrained - self.now), norm(self.predicted - self.retrained)
        stayed = true <= 1e-9 * max(norm(self.now), norm(self.retrained))
        return 0.0 if stayed else float(error / true)


def answer(
    influence: Influence,
    changed: Any,
    x_test: Array,
    y_test: float,
    *,
    leverage: bool = False,
    warm: Array | None = None,
) -> Answer:
    """All three thetas and the test loss at each; retraining starts from ``warm``.

    ``x_test`` is (p,), as a row of the risk's X. The predicted loss is the loss at the predicted
    theta. I_up,loss follows the tangent of the test loss besides, which for the square loss can
    fall below 0; the sizes of the points, ``influences``, are that tangent.
    """
    theta = influence.theta
    retrained = retrain(changed, theta if warm is None else warm)
    predicted = theta + influence.toward(changed, leverage=leverage)
    loss_now = float(changed.loss_at(theta, x_test, y_test))
    where_they_are = influence.up_loss(x_test, y_test, of=(changed.X, changed.y))
    return Answer(
        now=theta,
        retrained=retrained,
        predicted=predicted,
        loss_now=loss_now,
        loss_retrained=float(changed.loss_at(retrained, x_test, y_test)),
        loss_predicted=float(changed.loss_at(predicted, x_test, y_test)),
        influences=-where_they_are / changed.n,
    )
