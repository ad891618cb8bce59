"""Two models of 4 and 9, alike in accuracy, that are asked why about the same test image.

One is a support vector machine with an RBF kernel on pixels and a smooth hinge, the other a
logistic layer on the features of a trained network, which stay what they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from teachkit import require
from teachkit.arrays import quiet
from teachkit.datasets import mnist
from teachkit.influence import Influence
from teachkit.losses import Logistic, SmoothHinge
from teachkit.retraining import retrain
from teachkit.risks import KernelRisk, LinearRisk, frozen_features
from teachkit.scenes.images import Images, arrays_of, check_walls
from teachkit.scenes.removal import Removal, toggle
from teachkit.scenes.words import number

Array = np.ndarray
MOST = 700  # training images that the network was trained on
RELATIVE = {"": "no", "theta": "on θ", "loss": "on all losses"}


@dataclass(frozen=True, eq=False)
class Model:
    """A model with all training images in, and how it sees test images: rows (m, ...)."""

    name: str
    risk: Any
    rows_test: Array
    y_test: Array
    scores: Callable[[Array], Array]  # of the test images, for a theta

    @cached_property
    @quiet()
    def influence(self) -> Influence:
        """Influence at the minimum."""
        return Influence(self.risk, retrain(self.risk, np.zeros(self.risk.p)))

    @cached_property
    @quiet()
    def test_losses(self) -> Array:
        """The loss at each test image, (m,)."""
        return self.risk.loss_at(self.influence.theta, self.rows_test, self.y_test)

    @cached_property
    def accuracy(self) -> float:
        """The share of test images on the right side."""
        return float(np.mean(self.y_test * self.scores(self.influence.theta) > 0))

    @cached_property
    @quiet()
    def overall(self) -> dict[str, Array]:
        """The overall effect of each training image, (n,), on theta and on all losses."""
        return {on: self.influence.overall_effect(on) for on in ("theta", "loss")}


@dataclass(frozen=True, eq=False)
class Models(Images):
    """The images, and both models of them; shared by all states."""

    both: tuple[Model, Model]

    @cached_property
    def test_losses(self) -> Array:
        """The sum of both models' losses at each test image, (m,)."""
        return sum(model.test_losses / model.test_losses.mean() for model in self.both)

    def distances(self, test: int) -> Array:
        """How far each training image is from a test image, pixel by pixel, (n,)."""
        return np.linalg.norm(self.X - self.X_test[test], axis=1)


@dataclass(frozen=True, eq=False)
class Side(Removal):
    """One of the models in a state."""

    asked: Model
    test: int
    removed: frozenset[int]
    walls: int
    relative: str
    leverage: bool = False
    warm: Array | None = None

    @property
    def name(self) -> str:
        """What the model is called."""
        return self.asked.name

    @property
    def influence(self) -> Influence:
        return self.asked.influence

    @property
    def x_test(self) -> Array:
        """The test image as the risk has it."""
        return self.asked.rows_test[self.test]

    @property
    def y_test(self) -> float:
        return float(self.asked.y_test[self.test])

    @cached_property
    def scores(self) -> Array:
        """The effects, or their ratio to what the images do overall, (n,)."""
        if not self.relative:
            return self.effects
        overall = self.asked.overall[self.relative]
        some = overall > 0.0
        return np.where(some, self.effects / np.where(some, overall, 1.0), 0.0)

    @property
    def shares(self) -> Array:
        """The scores in parts of the largest, (n,)."""
        return self.scores / (np.abs(self.scores).max() or 1.0)


@dataclass(frozen=True, eq=False)
class ModelComparisonState:
    """A test image, the training images that are out of both models, and how effects are read."""

    model: Models
    test: int
    removed: frozenset[int] = frozenset()
    walls: int = 6
    relative: str = ""
    leverage: bool = False
    warm: tuple[Array | None, ...] = field(default=(None, None), repr=False)

    @cached_property
    def sides(self) -> tuple[Side, ...]:
        """What each model answers."""
        read = (self.test, self.removed, self.walls, self.relative, self.leverage)
        pairs = zip(self.model.both, self.warm, strict=True)
        return tuple(Side(model, *read, warm) for model, warm in pairs)

    @property
    def retrained(self) -> tuple[Array, ...]:
        """Theta of each model without the images that are out."""
        return tuple(side.retrained for side in self.sides)

    @cached_property
    def distances(self) -> Array:
        """How far each training image is from the test image, (n,)."""
        return self.model.distances(self.test)


def begin(
    *, n: int = 400, l2: float = 1e-3, gamma: float = 0.03, t: float = 0.1, walls: int = 6
) -> ModelComparisonState:
    """All images in, and the test image that is hardest for both models."""
    count = require.whole(n, "n", 20, MOST, "It is how many images both models are trained on.")
    l2 = require.real(l2, "l2", "(0, inf)", "It is the penalty of both models.")
    split = mnist(positive=4, negative=9, test_size=0.3)
    X, y, X_test, y_test = arrays_of(split).values()
    X, y = X[:count], y[:count]
    check_walls(walls, count)
    kernel = KernelRisk(X, y, SmoothHinge(t), gamma=gamma, l2=l2)
    phi = kernel.features(X_test)
    h, h_test = frozen_features(X), frozen_features(X_test)
    both = (
        # The kernel is applied to the test images once, not at every question.
        Model("RBF SVM", kernel.linear, phi, y_test, lambda theta: phi @ theta),
        Model("network", LinearRisk(h, y, Logistic(), l2=l2), h_test, y_test,
              lambda theta: h_test @ theta),
    )  # fmt: skip
    models = Models(X, y, X_test, y_test, ("digit 9", "digit 4"), both)
    return ModelComparisonState(models, int(np.argmax(models.test_losses)), walls=walls)


def offered(state: ModelComparisonState) -> list[tuple[str, int]]:
    """The test images, the hardest for both models first, with their losses."""
    model = state.model
    first, second = (side.test_losses for side in model.both)
    return [
        (
            f"{i}: {model.name_of(model.y_test[i])}, losses {number(first[i], 2)} and "
            f"{number(second[i], 2)}",
            int(i),
        )
        for i in np.argsort(-model.test_losses, kind="stable")
    ]


def weigh(state: ModelComparisonState, i: int, weight: float) -> ModelComparisonState:
    """Training image i out of both models (weight 0), or in again."""
    return state if (i in state.removed) == (weight == 0) else toggle(state, i)


def read(state: ModelComparisonState, **how: Any) -> ModelComparisonState:
    """Effects divided by what an image does overall or not, with leverage or without."""
    return replace(state, warm=state.retrained, **how)
