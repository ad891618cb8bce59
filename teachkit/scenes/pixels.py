"""The pixel explorer's state: one training image is painted, and what that does to a test image.

The move is delta = ink * paint: a direction, one number a pixel, that the hand paints with +1 and
-1 or that follows I_pert,loss, and one length for all of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from teachkit.arrays import quiet
from teachkit.retraining import retrain_with
from teachkit.scenes import image_influence
from teachkit.scenes.guess import Guess
from teachkit.scenes.image_influence import ImageModel
from teachkit.scenes.words import number

Array = np.ndarray
INKS = (("1/255", 1 / 255), ("1/64", 1 / 64), ("1/16", 1 / 16), ("1/8", 1 / 8), ("1/4", 1 / 4),
        ("1/2", 1 / 2), ("1", 1.0))  # fmt: skip
LIKELY = float(np.log(2.0))  # a loss below it is a right answer


@dataclass(frozen=True, eq=False)
class Watched:
    """A test image, and what every pixel of every training image does to its loss."""

    model: ImageModel
    test: int

    @property
    def row(self) -> Array:
        """The test image as the risk has it, (d + 1,)."""
        return self.model.inside(self.model.X_test[[self.test]])[0]

    @property
    def label(self) -> float:
        return float(self.model.y_test[self.test])

    @cached_property
    @quiet()
    def pert_losses(self) -> Array:
        """I_pert,loss of each training image, (n, d): per unit of eps, and of a pixel as it is."""
        influence = self.model.influence
        s = influence.s_test(self.row, self.label)
        rows = [influence.pert_loss(i, s_test=s)[:-1] for i in range(influence.risk.n)]
        return np.array(rows) / self.model.units.scale

    @cached_property
    def order(self) -> Array:
        """The training images, those first of which a move can do most: the sum of |I_pert|."""
        return np.argsort(-np.abs(self.pert_losses).sum(axis=1), kind="stable")

    @cached_property
    def offered(self) -> tuple[tuple[str, int], ...]:
        """The training images in that order: what each is called, and its number."""
        model = self.model
        return tuple((f"{i}: {model.name_of(model.y[i])}", int(i)) for i in self.order)

    @cached_property
    def loss_now(self) -> float:
        return float(self.model.test_losses[self.test])

    @quiet()
    def true_change(self, i: int, delta: Array) -> float:
        """The change of the test loss by retraining with training image i moved by delta, (d,)."""
        influence = self.model.influence
        risk, theta = influence.risk, influence.theta
        x = risk.X[i] + np.append(delta / self.model.units.scale, 0.0)
        after = retrain_with(risk, theta, i, x, risk.y[i])
        return float(risk.loss_at(after, self.row, self.label)) - self.loss_now


@dataclass(frozen=True, eq=False)
class PixelState:
    """A test image, a training image, and how it is painted."""

    watched: Watched
    i: int
    paint: Array  # (d,), from -1 to 1
    ink: float = 1 / 16  # in units of black less white
    brush: float = 1.0
    guess: Guess | None = field(default=None, repr=False)

    @property
    def model(self) -> ImageModel:
        return self.watched.model

    @property
    def test(self) -> int:
        return self.watched.test

    @property
    def label(self) -> float:
        """The class of the training image, which stays."""
        return float(self.model.y[self.i])

    @property
    def pixels(self) -> Array:
        """The training image before it is painted, (d,)."""
        return self.model.X[self.i, :-1]

    @property
    def shade(self) -> float:
        """Black less white."""
        low, high = self.model.shades
        return high - low

    @property
    def delta(self) -> Array:
        """The move, (d,), in units of pixels."""
        return self.shade * self.ink * self.paint

    @property
    def pert_loss(self) -> Array:
        """I_pert,loss of the training image, (d,)."""
        return self.watched.pert_losses[self.i]

    @property
    def predicted(self) -> float:
        """I_pert,loss' delta / n: the change of the test loss to first order."""
        return float(self.pert_loss @ self.delta) / len(self.model.y)

    @cached_property
    def true(self) -> float:
        """The change by retraining."""
        return self.watched.true_change(self.i, self.delta) if self.paint.any() else 0.0

    def with_ink(self, inks: Array) -> tuple[Array, Array]:
        """The change of the test loss for other inks, predicted and true, both (k,)."""
        full = self.shade * self.paint
        slope = float(self.pert_loss @ full) / len(self.model.y)
        true = [self.watched.true_change(self.i, ink * full) if ink else 0.0 for ink in inks]
        return slope * inks, np.array(true)


def paint(state: PixelState, pixel: int, on: bool) -> PixelState:
    """One pixel painted with the brush, or as it was."""
    painted = state.paint.copy()
    painted[pixel] = state.brush if on else 0.0
    return replace(state, paint=painted)


def along(state: PixelState) -> PixelState:
    """Every pixel in proportion to I_pert,loss: the best move of its 2-norm."""
    largest = float(np.abs(state.pert_loss).max())
    return replace(state, paint=state.pert_loss / (largest or 1.0))


def signs(state: PixelState) -> PixelState:
    """Every pixel by as much, the way I_pert,loss says: the best move of its max-norm."""
    return replace(state, paint=np.sign(state.pert_loss))


def choose(state: PixelState, i: int) -> PixelState:
    """Another training image, not painted."""
    return replace(state, i=i, paint=np.zeros_like(state.paint))


def watch(state: PixelState, test: int) -> PixelState:
    """Another test image; the paint stays."""
    return replace(state, watched=replace(state.watched, test=test))


def offered(state: PixelState) -> list[tuple[str, int]]:
    """The test images that are right, the least sure first: what each is called, its number."""
    model, losses = state.model, state.model.test_losses
    right = [i for i in np.argsort(-losses, kind="stable") if losses[i] < LIKELY]
    return [
        (f"{i}: {model.name_of(model.y_test[i])}, loss {number(losses[i], 2)}", int(i))
        for i in right
    ]


def begin(split: Any, *, l2: float = 0.01, names: tuple[str, str] | None = None) -> PixelState:
    """The test image that is right and least sure, and the training image that can do most to it.

    Raises TypeError and ValueError as `image_influence.begin`, and ValueError where no test image
    is right.
    """
    model = image_influence.begin(split, l2=l2, walls=1, names=names).model
    losses = model.test_losses
    if losses.min() >= LIKELY:
        raise ValueError(
            "The model is right about none of the test images, so there is none to attack. Most "
            "likely the labels of the two parts do not belong together."
        )
    watched = Watched(model, int(np.argmax(np.where(losses < LIKELY, losses, -1.0))))
    return PixelState(watched, int(watched.order[0]), np.zeros(model.X.shape[1] - 1))
