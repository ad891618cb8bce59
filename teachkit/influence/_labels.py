"""y as an estimator was fitted to it, and as its risk has it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from teachkit.arrays import as_float

Targets = Callable[[Any, str], np.ndarray]
"""y in the model's form and what errors call it -> y in the risk's, of the same shape."""


def as_numbers(y: Any, name: str) -> np.ndarray:
    """Real targets."""
    return as_float(np.asarray(y), name)


class Labels:
    """Labels of any kind as their place in classes_; of two, with `signs`, as -1 and +1."""

    def __init__(self, classes: Any, *, signs: bool = False) -> None:
        self.place = {label: k for k, label in enumerate(np.asarray(classes).tolist())}
        self.signs = signs

    def __call__(self, y: Any, name: str) -> np.ndarray:
        y = np.asarray(y)
        try:
            found = [self.place[label] for label in y.reshape(-1).tolist()]
        except (KeyError, TypeError) as error:
            classes = ", ".join(map(repr, list(self.place)[:10]))
            more = ", ..." if len(self.place) > 10 else ""
            raise ValueError(
                f"{name} holds {error.args[0]!r}, which is no class of the model: its classes_ are "
                f"{classes}{more}."
            ) from None
        places = np.asarray(found, dtype=int).reshape(y.shape)
        return 2.0 * places - 1.0 if self.signs else places
