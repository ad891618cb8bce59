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

from teachkit import require
from teachkit.arrays import as_float, quiet, to_numpy
from teachkit.datasets import add_ones
from teachkit.influence import Influence
from teachkit.losses import Logistic
from teachkit.retraining import retrain
from teachkit.risks import LinearRisk
from teachkit.scenes.units import Units, units_of
from teachkit.scenes.words import number

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class ImageModel:
    """The model on all training images, with every test image's loss; shared by all states.

    X (n, d) with a last column of ones; the d - 1 pixels before it fill a square, row by row.
    ``names`` are those of the classes -1 and +1. Theta is computed in ``units`` that make all
    pixels ordinary numbers.
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
    def units(self) -> Units:
        """Those in which pixels are ordinary numbers."""
        return units_of(self.X[:, :-1], None, self.l2)

    def inside(self, X: Array) -> Array:
        """Images as the risk has them, (m, d)."""
        return add_ones(self.units.inside(X[:, :-1]))

    @cached_property
    @quiet()
    def influence(self) -> Influence:
        """Influence at the minimum with all training images in, in these units."""
        risk = LinearRisk(self.inside(self.X), self.y, Logistic(), l2=self.units.penalty)
        try:
            return Influence(risk, retrain(risk, np.zeros(risk.p)))
        except ValueError as reason:
            raise ValueError(f"The model does not fit these images: {reason}") from None

    @cached_property
    @quiet()
    def test_losses(self) -> Array:
        """The loss at each test image with all training images in, (m,)."""
        influence = self.influence
        return influence.risk.loss_at(influence.theta, self.inside(self.X_test), self.y_test)

    @cached_property
    def shades(self) -> tuple[float, float]:
        """The pixel values that are drawn white and black."""
        low, high = min(0.0, float(self.X[:, :-1].min())), float(self.X[:, :-1].max())
        return low, high if high > low else low + 1.0

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

    @property
    def x_test(self) -> Array:
        """The test image as the risk has it, (d,)."""
        return self.model.inside(self.model.X_test[[self.test]])[0]

    @property
    def y_test(self) -> float:
        return float(self.model.y_test[self.test])

    @cached_property
    @quiet()
    def effects(self) -> Array:
        """Predicted change of the test loss without each image, (n,): positive = it helps."""
        return self.model.influence.leave_one_out_loss(self.x_test, self.y_test)

    @property
    def helpful(self) -> list[int]:
        """The images whose removal raises the test loss most, the strongest first."""
        return [int(i) for i in np.argsort(-self.effects, kind="stable")[: self.walls]]

    @property
    def harmful(self) -> list[int]:
        """The images whose removal lowers the test loss most, the strongest first."""
        order = np.argsort(-self.effects, kind="stable")[::-1]  # no image stands in both walls
        return [int(i) for i in order[: self.walls]]

    @property
    def now(self) -> Array:
        """Theta with all images in, (d,)."""
        return self.model.units.outside(self.model.influence.theta)

    @cached_property
    @quiet()
    def predicted(self) -> Array:
        """Theta as influence predicts it for the removal, in the model's units, (d,)."""
        influence = self.model.influence
        return influence.theta + influence.removal(sorted(self.removed))

    @cached_property
    @quiet()
    def retrained(self) -> Array:
        """Theta as it is, by exact retraining with n fixed, in the model's units, (d,)."""
        influence = self.model.influence
        if not self.removed:
            return influence.theta
        weights = np.ones(influence.risk.n)
        weights[list(self.removed)] = 0.0
        start = influence.theta if self.warm is None else self.warm
        return retrain(influence.risk.reweighted(weights), start)

    @property
    def predicted_change(self) -> Array:
        """What influence says the removal does to theta, (d,)."""
        return self.model.units.outside(self.predicted - self.model.influence.theta)

    @property
    def true_change(self) -> Array:
        """What it does, by exact retraining, (d,)."""
        return self.model.units.outside(self.retrained - self.model.influence.theta)

    @property
    def loss_now(self) -> float:
        """The test image's loss with all images in."""
        return self._loss_at(self.model.influence.theta)

    @property
    def loss_tangent(self) -> float:
        """Its loss along the tangent at theta now: the effects of the removed images add up."""
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
        risk = self.model.influence.risk
        return float(risk.loss_at(theta, self.x_test, self.y_test))

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
    X, y, X_test, y_test = (
        as_float(to_numpy(getattr(split, name)), name)
        for name in ("X_train", "y_train", "X_test", "y_test")
    )
    require.real(l2, "l2", "[0, inf)", "It is the penalty.")
    names = names or ("class −1", "class +1")
    model = ImageModel(X=X, y=y, X_test=X_test, y_test=y_test, l2=float(l2), names=names)
    return ImageInfluenceState(model, int(np.argmax(model.test_losses)), walls=walls)


def offered(state: ImageInfluenceState) -> list[tuple[str, int]]:
    """The test images by their loss, the largest first: what each is called, and its number."""
    model = state.model
    called = [
        f"{i}: {model.name_of(label)}, loss {number(loss, 2)}"
        for i, (label, loss) in enumerate(zip(model.y_test, model.test_losses, strict=True))
    ]
    return [(called[i], int(i)) for i in np.argsort(-model.test_losses, kind="stable")]


def toggle(state: ImageInfluenceState, i: int) -> ImageInfluenceState:
    """Training image i out, or in again; refuses, in a sentence, to empty a class."""
    removed = state.removed ^ {i}
    y = state.model.y
    if not np.any(np.delete(y, list(removed)) == y[i]):
        raise ValueError(f"Image {i} stays: it is the last of its class. Take another in first.")
    return replace(state, removed=removed, warm=state.retrained)


def choose(state: ImageInfluenceState, test: int) -> ImageInfluenceState:
    """Another test image; what is out stays out."""
    if not 0 <= test < len(state.model.y_test):
        raise ValueError(
            f"There is no test image {test}; there are 0 to {len(state.model.y_test) - 1}."
        )
    return replace(state, test=test, warm=state.retrained)
