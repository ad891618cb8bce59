"""Labels of several classes, 0 to classes - 1, and what to do about others."""

from __future__ import annotations

from typing import Any

import numpy as np

from teachkit import require
from teachkit.arrays import Array, array_namespace, is_array, locked, scalar, to_numpy
from teachkit.risks import checks


def check_classes(y: Any, classes: Any, X: Array) -> tuple[Array, int]:
    """The labels of the rows of X as whole numbers, (n,), and how many classes there are.

    With `classes` None each number up to the largest is the label of some example.
    """
    if classes is not None:
        classes = require.whole(classes, "classes", 2, why="Labels are numbered 0 to classes - 1.")
    y = class_labels(y, classes, X)
    found = np.unique(to_numpy(y))
    if classes is None:
        refuse_one_class(y)
    largest = int(found[-1])
    if classes is None and found.size <= largest:
        missing = next(k for k in range(largest) if k not in found)
        raise ValueError(
            f"The labels in y go up to {largest}, and no example has the label {missing}. Classes "
            f"are numbered 0 to classes - 1: take {_renumbered('y')}, or say classes={largest + 1} "
            f"if class {missing} is only missing here."
        )
    return locked(y), largest + 1 if classes is None else classes


def refuse_one_class(y: Array) -> None:
    """Raise ValueError where all labels are the same."""
    found = np.unique(to_numpy(y))
    if found.size == 1:
        raise ValueError(
            f"All {y.shape[0]} labels in y are {found[0]}: only one class is there, and nothing "
            "can be told apart. A split of sorted data is the usual cause: shuffle before you "
            "split."
        )


def class_labels(y: Any, classes: int | None, X: Array, name: str = "y") -> Array:
    """Labels for the rows of X, whole numbers below `classes`, (n,); floats such as 2.0 will do."""
    refuse_text(y, name)
    y = checks.check_targets(y, X.shape[0], X, name)
    xp = array_namespace(y)
    if not y.shape[0]:
        return xp.astype(y, xp.int64)
    lowest, highest = scalar(xp.min(y)), scalar(xp.max(y))
    if scalar(xp.any(y != xp.round(y))):
        odd = float(next(value for value in to_numpy(y) if value != round(value)))
        raise ValueError(
            f"{name} holds {odd:g}; a label is a whole number, 0 to classes - 1. For a real target "
            "take LinearRisk(X, y, Square())."
        )
    if lowest < 0.0:
        signs = set(np.unique(to_numpy(y)).tolist()) <= {-1.0, 1.0}
        do = (
            f"For labels -1 and +1 take ({name} + 1) // 2, or LinearRisk(X, y, Logistic())"
            if signs
            else f"Take {_renumbered(name)}"
        )
        raise ValueError(f"{name} holds {lowest:g}, and classes are numbered from 0. {do}.")
    if classes is not None and highest >= classes:
        raise ValueError(
            f"{name} holds the label {highest:g}, and {classes} classes are numbered 0 to "
            f"{classes - 1}. Labels that begin at 1? Then take {name} - 1."
        )
    return xp.astype(y, xp.int64)


def refuse_text(y: Any, name: str) -> None:
    """Raise TypeError where labels are names."""
    if is_array(y) and not isinstance(y, np.ndarray):
        return
    try:
        first = np.asarray(y).reshape(-1)[:1].tolist()
    except ValueError:  # ragged: told by who converts it
        return
    if first and isinstance(first[0], str | bytes):
        raise TypeError(
            f"{name} holds names such as {first[0]!r}; classes are numbered 0 to classes - 1. Take "
            f"names, {name} = np.unique({name}, return_inverse=True)."
        )


def _renumbered(name: str) -> str:
    return f"np.unique({name}, return_inverse=True)[1]"
