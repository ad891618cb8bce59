"""Square images of two classes, to train on and to test on, and how they come into an explorer."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from teachkit.arrays import as_float, to_numpy

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Images:
    """X (n, d) with a last column of ones; the d - 1 pixels before it fill a square, row by row.

    ``names`` are those of the classes -1 and +1.
    """

    X: Array
    y: Array
    X_test: Array
    y_test: Array
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


def arrays_of(split: Any) -> dict[str, Array]:
    """X, y, X_test and y_test of a Split, as an explorer holds them."""
    if not all(hasattr(split, name) for name in ("X_train", "y_train", "X_test", "y_test")):
        raise TypeError(
            f"The images come as {type(split).__name__}; a Split is needed, with X_train, y_train, "
            "X_test and y_test. Try teachkit.datasets.digits()."
        )
    fields = {"X": "X_train", "y": "y_train", "X_test": "X_test", "y_test": "y_test"}
    return {key: as_float(to_numpy(getattr(split, of)), of) for key, of in fields.items()}


def two_names(names: tuple[str, str] | None) -> tuple[str, str]:
    """What the classes are called, if that was told."""
    if names is not None and (isinstance(names, str) or len(names) != 2):
        raise ValueError(
            f"names is {names!r}; it takes two, those of the classes -1 and +1, such as "
            '("digit 3", "digit 8").'
        )
    return names or ("class −1", "class +1")


def check_walls(walls: int, n: int) -> int:
    """The number of images in each wall, where no image may stand in two of one model."""
    if not 1 <= walls <= n // 2:
        raise ValueError(
            f"walls is the number of images in each wall, 1 to {n // 2} here; got {walls}."
        )
    return walls
