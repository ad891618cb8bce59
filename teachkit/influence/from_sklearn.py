"""Influence of the examples of a fitted scikit-learn estimator, asked in the estimator's form."""

from __future__ import annotations

from typing import Any

import numpy as np

from teachkit.arrays import Array, as_float
from teachkit.influence._estimators import Given, Read, check_known
from teachkit.influence._inputs import Inputs
from teachkit.influence.predictions import Influence
from teachkit.risks.checks import check_index


class FittedInfluence(Influence):
    """`Influence` of a fitted estimator: points, labels and moves are in the estimator's own form.

    Made by `Influence.from_sklearn`. ``risk`` and ``theta`` are in the form of the risk: rows with
    the column of ones last, behind the steps of a Pipeline.

    Lesson: 15_mislabeled_examples
    """

    _callers = 6

    def __init__(self, read: Read, inputs: Inputs, inverse_hvp: Any, damping: float) -> None:
        self._targets, self._inputs = read.targets, inputs
        super().__init__(read.risk, read.theta, inverse_hvp=inverse_hvp, damping=damping)

    def _read(self, X: Any, y: Any) -> tuple[Any, Any]:
        return self._inputs.points(X), self._targets(y, "y_test")

    def perturbation(self, i: int, delta: Array) -> Array:
        """The predicted change of theta when x_i moves by delta, (d,), in the raw X, (p,).

        As in `Influence`; the move of the risk's row is what the steps before make of it.
        """
        return super().perturbation(i, self._inputs.moved(check_index(i, self.risk.n), delta))

    def pert_loss(
        self, i: int, x_test: Any = None, y_test: Any = None, *, s_test: Any = None
    ) -> Array:
        """I_pert,loss(z_i, z_test) in the raw x_i, (d,), by the chain rule through the steps."""
        pull = super().pert_loss(i, x_test, y_test, s_test=s_test)
        return pull @ self._inputs.slopes(check_index(i, self.risk.n))


def of_estimator(
    model: Any, X: Any, y: Any, sample_weight: Any, inverse_hvp: Any, damping: float
) -> FittedInfluence:
    """What `Influence.from_sklearn` gives.

    Lesson: 15_mislabeled_examples
    """
    inputs = Inputs(model, X)
    known = check_known(inputs.estimator)
    rows = inputs.rows(X)
    y = np.asarray(y)
    if y.shape not in ((len(rows),), (len(rows), 1)):
        raise ValueError(
            f"y has shape {y.shape} beside {len(rows)} rows of X; it has to be ({len(rows)},), one "
            "target per row, as the model was fitted to it."
        )
    y = y.reshape(-1)
    weights = _weights(inputs.estimator, y, sample_weight)
    read = known(inputs.estimator, Given(rows, y, weights, inputs.ones))
    return FittedInfluence(read, inputs, inverse_hvp, damping)


def _weights(model: Any, y: np.ndarray, sample_weight: Any) -> np.ndarray:
    """sample_weight times the class_weight of each example's class."""
    w = np.ones(y.shape)
    if sample_weight is not None:
        w = w * as_float(np.asarray(sample_weight), "sample_weight")
    of_class = getattr(model, "class_weight", None)
    if of_class is None:
        return w
    if isinstance(of_class, str):
        raise ValueError(
            f"class_weight={of_class!r} takes the weights from the counts of all labels, so that "
            "every removal changes the weights of a whole class, which influence holds as they "
            "are. Fit the model with the numbers that it comes to: sklearn.utils.class_weight."
            "compute_class_weight gives them."
        )
    return w * np.asarray([of_class.get(label, 1.0) for label in y.tolist()])
