"""The image explorer's state: which training images are out, and what that does to one test image.

The model is logistic regression; the walls show the training images whose removal is predicted
to raise the test loss most (they help) and to lower it most (they harm).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from teachkit import require
from teachkit.arrays import quiet
from teachkit.datasets import add_ones
from teachkit.influence import Influence
from teachkit.losses import Logistic
from teachkit.retraining import retrain
from teachkit.risks import LinearRisk
from teachkit.scenes.guess import Guess
from teachkit.scenes.images import Images, arrays_of, check_walls, two_names
from teachkit.scenes.removal import Removal
from teachkit.scenes.units import Units, units_of
from teachkit.scenes.words import number

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class ImageModel(Images):
    """The model on all training images, with every test image's loss; shared by all states.

    Theta is computed in ``units`` that make all pixels ordinary numbers.
    """

    l2: float

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


@dataclass(frozen=True, eq=False)
class ImageInfluenceState(Removal):
    """A test image, and the training images that are out."""

    model: ImageModel
    test: int
    removed: frozenset[int] = frozenset()
    walls: int = 8
    warm: Array | None = field(default=None, repr=False)
    guess: Guess | None = field(default=None, repr=False)

    @property
    def influence(self) -> Influence:
        return self.model.influence

    @property
    def x_test(self) -> Array:
        """The test image as the risk has it, (d,)."""
        return self.model.inside(self.model.X_test[[self.test]])[0]

    @property
    def y_test(self) -> float:
        return float(self.model.y_test[self.test])

    @property
    def now(self) -> Array:
        """Theta with all images in, (d,)."""
        return self.model.units.outside(self.model.influence.theta)

    @property
    def predicted_change(self) -> Array:
        """What influence says the removal does to theta, (d,)."""
        return self.model.units.outside(self.predicted - self.model.influence.theta)

    @property
    def true_change(self) -> Array:
        """What it does, by exact retraining, (d,)."""
        return self.model.units.outside(self.retrained - self.model.influence.theta)

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
    arrays, names = arrays_of(split), two_names(names)
    check_walls(walls, len(arrays["y"]))
    require.real(l2, "l2", "[0, inf)", "It is the penalty.")
    model = ImageModel(**arrays, l2=float(l2), names=names)
    return ImageInfluenceState(model, int(np.argmax(model.test_losses)), walls=walls)


def offered(state: ImageInfluenceState) -> list[tuple[str, int]]:
    """The test images by their loss, the largest first: what each is called, and its number."""
    model = state.model
    called = [
        f"{i}: {model.name_of(label)}, loss {number(loss, 2)}"
        for i, (label, loss) in enumerate(zip(model.y_test, model.test_losses, strict=True))
    ]
    return [(called[i], int(i)) for i in np.argsort(-model.test_losses, kind="stable")]
