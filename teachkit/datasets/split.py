"""A data set, split into what the model may see and what it may not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from teachkit import require
from teachkit._optional import optional


@dataclass(frozen=True, eq=False)
class Split:
    """A data set, split into what the model may see and what it may not.

    Attributes
    ----------
    X_train, X_test : arrays (n, d) and (m, d)
        The last column is 1.
    y_train, y_test : arrays (n,) and (m,)
        Labels -1.0 and +1.0; of several classes, whole numbers from 0.
    feature_names : tuple of d str
        One name per column, ``"ones"`` last.
    name : str
        What the set is called in tables and titles.
    source, licence : str
        Where the data come from, and under which licence.
    image_shape : tuple of 2 int, or None
        Rows and columns of an image: ``X[i, :-1].reshape(image_shape)``.
    """

    X_train: Any
    y_train: Any
    X_test: Any
    y_test: Any
    feature_names: tuple[str, ...]
    name: str
    source: str
    licence: str
    image_shape: tuple[int, int] | None = None

    def __repr__(self) -> str:
        (n, d), m = self.X_train.shape, self.X_test.shape[0]
        return f"Split({self.name!r}: {n} to train on, {m} to test on, {d} columns)"


def check_split(test_size: float, random_state: int) -> None:
    """Refuse, in a sentence, a share or a seed that makes no split."""
    held_back = "It is the share of the data that is held back for testing; both parts need both "
    require.real(test_size, "test_size", "[0.01, 0.9]", f"{held_back}classes.", example="0.3")
    require.whole(random_state, "random_state", 0, 2**32 - 1, "It is the seed of the split.")


def split_rows(
    X: np.ndarray, y: np.ndarray, test_size: float, random_state: int
) -> list[np.ndarray]:
    """X_train, X_test, y_train, y_test, as scikit-learn's `train_test_split` has them."""
    train_test_split = sklearn("sklearn.model_selection").train_test_split
    return train_test_split(X, y, test_size=test_size, random_state=random_state)


def by_group(groups: np.ndarray, test_size: float, random_state: int) -> list[np.ndarray]:
    """Which rows to train on and which to test on; the rows of a group are on one side."""
    model_selection = sklearn("sklearn.model_selection")
    shuffle = model_selection.GroupShuffleSplit(1, test_size=test_size, random_state=random_state)
    return next(shuffle.split(groups, groups=groups))


def split_of(
    parts: Sequence[np.ndarray], names: tuple[str, ...], name: str, **record: Any
) -> Split:
    """The record of X_train, X_test, y_train, y_test."""
    X_train, X_test, y_train, y_test = parts
    return Split(X_train, y_train, X_test, y_test, names, name, **record)


def standardised(X_train: np.ndarray, X_test: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both less the mean of the training rows, divided by their deviation (1/n)."""
    mean, deviation = X_train.mean(axis=0), X_train.std(axis=0)
    return (X_train - mean) / deviation, (X_test - mean) / deviation


def with_ones(X: np.ndarray) -> np.ndarray:
    """X and a last column of ones."""
    return np.column_stack([X, np.ones(len(X))])


def sklearn(module: str) -> Any:
    """A module of scikit-learn, which carries or splits the data."""
    return optional(module, "scikit-learn", "The real data of the lessons")


def two_sides(
    positive: int | Iterable[int], negative: int | Iterable[int], target: np.ndarray
) -> tuple[np.ndarray, np.ndarray, str]:
    """Some digits (+1) against others (-1): which rows, their labels, and words for a name.

    Raises
    ------
    TypeError, ValueError
        If a digit is not in 0..9, stands on both sides, or a side has none.
    """
    plus, minus = _digit_set(positive, "positive"), _digit_set(negative, "negative")
    if both := sorted(plus & minus):
        raise ValueError(
            f"The digits {both} stand in positive and in negative: an image cannot have both "
            "labels. Take them out of one of the two."
        )
    rows = np.isin(target, sorted(plus | minus))
    y = np.where(np.isin(target[rows], sorted(plus)), 1.0, -1.0)
    sides = ["".join(map(str, sorted(side))) for side in (plus, minus)]
    return rows, y, f"{sides[0]} (+1) against {sides[1]} (-1)"


def _digit_set(digits: int | Iterable[int], side: str) -> set[int]:
    several: Any = digits if isinstance(digits, Iterable) else [digits]
    if digits is None or isinstance(digits, str | bytes):
        raise TypeError(f"{side} is a digit or several, such as 8 or (2, 8); got {digits!r}.")
    chosen = list(several)
    for digit in chosen:
        if not require.is_whole(digit):
            raise TypeError(
                f"{side} holds {digit!r}; digits are whole numbers 0 to 9, such as {side}=(2, 8)."
            )
        if int(digit) not in range(10):
            raise ValueError(f"{side} holds {digit}; a digit is one of 0 to 9.")
    if not chosen:
        raise ValueError(
            f"{side} names no digit, so that class would be empty. Give at least one of 0 to 9."
        )
    return {int(digit) for digit in chosen}
