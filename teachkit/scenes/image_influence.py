"""The image explorer's state: which training images are out, and what that does to one test image.

The model is logistic regression; the walls show the training images whose removal is predicted
to raise the test loss most (they help) and to lower it most (they harm).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from teachkit.arrays import to_numpy
from teachkit.influence import Influence
from teachkit.losses import Logistic
from teachkit.optimize import minimize
from teachkit.retraining import retrain
from teachkit.risks import LinearRisk
from teachkit.scenes.words import decimals_for, listed, number, signed

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class ImageModel:
    """The model on all training images, with every test image's loss; shared by all states.

    X (n, d) with a last column of ones; the d - 1 pixels before it, from 0 to 1, fill a square, row
    by row. ``names`` are those of the classes -1 and +1.
    """

    X: Array
    y: Array
    X_test: Array
    y_test: Array
    l2: float
    names: tuple[str, str]

    def __post_init__(self) -> None:
        pixels = self.X.shape[1] - 1
        if math.isqrt(pixels) ** 2 != pixels or not np.all(self.X[:, -1] == 1):
            raise ValueError(
                f"The images have {self.X.shape[1]} columns; a square of pixels and a last column "
                "of ones are needed (65 for images of 8 x 8). teachkit.datasets.digits() has them."
            )

    @property
    def side(self) -> int:
        """Pixels along one side of an image."""
        return math.isqrt(self.X.shape[1] - 1)

    @cached_property
    def influence(self) -> Influence:
        """Influence at the minimum with all training images in."""
        risk = LinearRisk(self.X, self.y, Logistic(), l2=self.l2)
        trace = minimize(risk, np.zeros(risk.p), tol=1e-10)
        if not trace.converged:
            raise ValueError(f"The model does not fit these images: {trace.message}")
        return Influence(risk, trace.x)

    @cached_property
    def test_losses(self) -> Array:
        """The loss at each test image with all training images in, (m,)."""
        influence = self.influence
        return influence.risk.loss_at(influence.theta, self.X_test, self.y_test)

    def name_of(self, label: float) -> str:
        """What the class of this label is called."""
        return self.names[int(label > 0)]

    def image(self, row: Array) -> Array:
        """The pixels of one row (or of theta) as a square; the intercept is left out."""
        return row[:-1].reshape(self.side, self.side)


@dataclass(frozen=True, eq=False)
class ImageInfluenceState:
    """A test image, and the training images that are out."""

    model: ImageModel
    test: int
    removed: frozenset[int] = frozenset()
    walls: int = 8
    warm: Array | None = field(default=None, repr=False)

    @cached_property
    def effects(self) -> Array:
        """Predicted change of the test loss without each image, (n,): positive = it helps."""
        model = self.model
        return model.influence.leave_one_out_loss(
            model.X_test[self.test], float(model.y_test[self.test])
        )

    @property
    def helpful(self) -> list[int]:
        """The images whose removal raises the test loss most, the strongest first."""
        return [int(i) for i in np.argsort(-self.effects, kind="stable")[: self.walls]]

    @property
    def harmful(self) -> list[int]:
        """The images whose removal lowers the test loss most, the strongest first."""
        return [int(i) for i in np.argsort(self.effects, kind="stable")[: self.walls]]

    @property
    def now(self) -> Array:
        """Theta with all images in, (d,)."""
        return self.model.influence.theta

    @cached_property
    def predicted_change(self) -> Array:
        """What influence says the removal does to theta, (d,)."""
        return self.model.influence.removal(sorted(self.removed))

    @cached_property
    def true_change(self) -> Array:
        """What it does, by exact retraining with n fixed, (d,)."""
        if not self.removed:
            return np.zeros_like(self.now)
        risk = self.model.influence.risk
        weights = np.ones(risk.n)
        weights[list(self.removed)] = 0.0
        start = self.now if self.warm is None else self.warm
        return retrain(risk.reweighted(weights), start) - self.now

    @property
    def loss_now(self) -> float:
        """The test image's loss with all images in."""
        return float(self.model.test_losses[self.test])

    @property
    def loss_tangent(self) -> float:
        """Its loss along the tangent at theta now: the effects of the removed images add up."""
        return self.loss_now + float(self.effects[list(self.removed)].sum())

    @cached_property
    def loss_predicted(self) -> float:
        """Its predicted loss: the one at the predicted theta."""
        return self._loss_at(self.now + self.predicted_change)

    @cached_property
    def loss_retrained(self) -> float:
        """Its loss after exact retraining."""
        return self._loss_at(self.now + self.true_change)

    def _loss_at(self, theta: Array) -> float:
        model, risk = self.model, self.model.influence.risk
        return float(risk.loss_at(theta, model.X_test[self.test], model.y_test[self.test]))

    @property
    def relative_error(self) -> float:
        """||predicted - true change of theta|| / ||true change||; 0 with nothing removed."""
        true = float(np.linalg.norm(self.true_change))
        error = float(np.linalg.norm(self.predicted_change - self.true_change))
        return error / true if true > 0 else 0.0


def begin(
    split: Any, *, l2: float = 0.01, walls: int = 8, names: tuple[str, str] | None = None
) -> ImageInfluenceState:
    """All images in, and the test image of the largest loss."""
    if not all(hasattr(split, name) for name in ("X_train", "y_train", "X_test", "y_test")):
        raise TypeError(
            f"The images come as {type(split).__name__}; a Split is needed, with X_train, y_train, "
            "X_test and y_test. Try teachkit.datasets.digits()."
        )
    if names is not None and (isinstance(names, str) or len(names) != 2):
        raise ValueError(
            f"names is {names!r}; it takes two, those of the classes -1 and +1, such as "
            '("digit 3", "digit 8").'
        )
    if not 1 <= walls <= len(split.y_train) // 2:
        raise ValueError(
            f"walls is the number of images in each wall, 1 to {len(split.y_train) // 2} here; "
            f"got {walls}."
        )
    model = ImageModel(
        X=to_numpy(split.X_train),
        y=to_numpy(split.y_train),
        X_test=to_numpy(split.X_test),
        y_test=to_numpy(split.y_test),
        l2=l2,
        names=names or ("class −1", "class +1"),
    )
    return ImageInfluenceState(model, int(np.argmax(model.test_losses)), walls=walls)


def toggle(state: ImageInfluenceState, i: int) -> ImageInfluenceState:
    """Training image i out, or in again; refuses, in a sentence, to empty a class."""
    removed = state.removed ^ {i}
    y = state.model.y
    if not np.any(np.delete(y, list(removed)) == y[i]):
        raise ValueError(f"Image {i} stays: it is the last of its class. Take another in first.")
    warm = state.now + state.true_change
    return replace(state, removed=removed, warm=warm)


def choose(state: ImageInfluenceState, test: int) -> ImageInfluenceState:
    """Another test image; what is out stays out."""
    if not 0 <= test < len(state.model.y_test):
        raise ValueError(
            f"There is no test image {test}; there are 0 to {len(state.model.y_test) - 1}."
        )
    return replace(state, test=test, warm=state.now + state.true_change)


def theta_images(state: ImageInfluenceState) -> tuple[tuple[str, Array], ...]:
    """Theta with all images in, and its change, predicted and true, as squares with titles."""
    image = state.model.image
    return (
        ("θ now", image(state.now)),
        ("predicted change", image(state.predicted_change)),
        ("true change", image(state.true_change)),
    )


def scales(state: ImageInfluenceState) -> tuple[float, float, float]:
    """The largest absolute value each picture of theta shows: both changes share theirs."""
    now, *changes = (float(np.abs(values).max()) for _, values in theta_images(state))
    change = max(changes) or now
    return now, change, change


def describe(state: ImageInfluenceState) -> str:
    """What is out and what it does to the loss of the test image, in a sentence."""
    before = f"Test image {state.test}: loss {number(state.loss_now)}"
    if not state.removed:
        return f"{before} with all {len(state.model.y)} training images in. Take some out."
    predicted = state.loss_predicted - state.loss_now
    true = state.loss_retrained - state.loss_now
    digits = decimals_for(predicted, true)
    count = len(state.removed)
    out = "1 image out" if count == 1 else f"{count} images out"
    how = "" if count == 1 else " (at θ plus the sum of the single predictions)"
    return (
        f"{before}; {out}: {signed(predicted, digits)} predicted{how}, "
        f"{signed(true, digits)} true.{_out_of_sight(state)}"
    )


def _out_of_sight(state: ImageInfluenceState) -> str:
    """Images taken out for another test image may stand in neither wall of this one."""
    hidden = sorted(state.removed.difference(state.helpful, state.harmful))
    return f" In neither wall: {listed([str(i) for i in hidden])}." if hidden else ""
