"""What an attack hands back: its steps, and what they did to the test points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from teachkit.arrays import Array, to_numpy


class AttackStep(NamedTuple):
    """The attack after k steps, and the model trained on it; k = 0 is before.

    Attributes
    ----------
    k : int
    X : array (k images, d)
        The attacked rows as they are now.
    theta : array (p,)
        Trained again with them.
    losses, margins : array (m,)
        L(z_test, theta) and y_test x_test' theta of each test point.
    curvature : float
        v' H v / v' v at this theta, with v the mean of the moves x - x_0; NaN where nothing moved.
    """

    k: int
    X: Array
    theta: Array
    losses: Array
    margins: Array
    curvature: float


@dataclass(frozen=True, eq=False)
class Attack:
    """What was done to some training images, step by step, and what it did to test points.

    Attributes
    ----------
    images : tuple of int
        The rows of the risk's X that were changed.
    steps : tuple of AttackStep
        The start first.
    message : str
        How it ended.
    """

    images: tuple[int, ...]
    steps: tuple[AttackStep, ...]
    message: str

    def __repr__(self) -> str:
        flipped, k, m = int(self.flipped.sum()), len(self.images), self.margins.shape[1]
        return f"Attack(images={k}, steps={len(self.steps) - 1}, flipped={flipped} of {m})"

    @property
    def before(self) -> Array:
        """The rows as they were, (k, d)."""
        return self.steps[0].X

    @property
    def X(self) -> Array:
        """The rows as they are at the end, (k, d)."""
        return self.steps[-1].X

    @property
    def theta(self) -> Array:
        """The parameters trained with them, (p,)."""
        return self.steps[-1].theta

    @property
    def losses(self) -> np.ndarray:
        """The loss of each test point after each step, (steps + 1, m)."""
        return np.stack([to_numpy(step.losses) for step in self.steps])

    @property
    def margins(self) -> np.ndarray:
        """y x' theta of each test point after each step, (steps + 1, m): wrong below 0."""
        return np.stack([to_numpy(step.margins) for step in self.steps])

    @property
    def flipped(self) -> np.ndarray:
        """Whether each test point was right before and is not at the end, (m,) of bool."""
        return (self.margins[0] > 0.0) & (self.margins[-1] <= 0.0)

    @property
    def curvature(self) -> np.ndarray:
        """v' H v / v' v after each step, (steps + 1,), v the mean move; NaN before the first."""
        return np.array([step.curvature for step in self.steps])
