"""Theta now, exactly retrained, and predicted: the three answers of the influence explorer.

A change takes weights w to w' and points z to z'. To first order in it

    theta' - theta  ~  (1/n) sum_i [ w'_i u(z'_i) - w_i u(z_i) ],
    u(z) = -H^-1 grad L(z, theta):

what the changed set pulls less what the starting set pulled (Koh & Liang 2017, sections 2.1-2.2).
Greyed points give ``Influence.reweighting``, moved ones ``Influence.perturbation``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from teachkit.influence import Influence
from teachkit.inverse_hvp import bind
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
        true = float(np.linalg.norm(self.retrained - self.now))
        error = float(np.linalg.norm(self.predicted - self.retrained))
        return error / true if true > 1e-9 * (1 + float(np.linalg.norm(self.now))) else 0.0


def predicted_theta(influence: Influence, changed: Any, *, leverage: bool = False) -> Array:
    """Theta on the changed set, predicted from theta on the starting set, (p,).

    ``changed`` is the risk with the new points and weights. ``leverage=True`` solves with the
    Hessian of the changed set instead: one Newton step, which counts the changed points' own
    curvature and is exact for the square loss. Lesson: 07, 08.
    """
    risk, theta = influence.risk, influence.theta
    before = risk.weights @ influence.gradients
    after = changed.weights @ changed.example_gradients(theta)
    pull = (after - before) / risk.n
    if leverage:
        return theta - bind("cholesky", changed, theta)(pull)
    return theta - influence.solve(pull)


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
    fall below 0; the sizes of the points, ``influences``, are I_up,loss.
    """
    theta = influence.theta
    retrained = retrain(changed, theta if warm is None else warm)
    predicted = predicted_theta(influence, changed, leverage=leverage)
    loss_now = float(changed.loss_at(theta, x_test, y_test))
    slope = changed.gradient_at(theta, x_test, y_test)
    return Answer(
        now=theta,
        retrained=retrained,
        predicted=predicted,
        loss_now=loss_now,
        loss_retrained=float(changed.loss_at(retrained, x_test, y_test)),
        loss_predicted=float(changed.loss_at(predicted, x_test, y_test)),
        influences=changed.example_gradients(theta) @ influence.solve(slope) / changed.n,
    )
