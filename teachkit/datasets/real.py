"""Real data that comes with scikit-learn, prepared as the lessons use it.

Every X carries a column of ones as its last column, so that the last parameter is the intercept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from teachkit import arrays, require
from teachkit._optional import optional
from teachkit.datasets._columns import hand_out


@dataclass(frozen=True, eq=False)
class Split:
    """A data set, split into what the model may see and what it may not.

    Attributes
    ----------
    X_train, X_test : arrays (n, d) and (m, d)
        The last column is 1.
    y_train, y_test : arrays (n,) and (m,)
        Labels -1.0 and +1.0.
    feature_names : tuple of d str
        One name per column, ``"ones"`` last.
    name : str
        What the set is called in tables and titles.
    """

    X_train: Any
    y_train: Any
    X_test: Any
    y_test: Any
    feature_names: tuple[str, ...]
    name: str

    def __repr__(self) -> str:
        (n, d), m = self.X_train.shape, self.X_test.shape[0]
        return f"Split({self.name!r}: {n} to train on, {m} to test on, {d} columns)"


@arrays.quiet()
def digits(
    positive: int | Iterable[int] = (8,),
    negative: int | Iterable[int] = (3,),
    *,
    test_size: float = 0.3,
    random_state: int = 0,
) -> Split:
    """Handwritten digits, some of them (+1) against others (-1); pixels / 16, ones last.

    Parameters
    ----------
    positive, negative : int or several
        The digits, 0 to 9, labelled +1 and -1. All others are left out.
    test_size : float
        Share of the images held back, between 0 and 1.
    random_state : int
        Seed of the split.

    Returns
    -------
    Split
        65 columns: the 8 x 8 pixels row by row (``X[i, :64].reshape(8, 8)`` is image i), each
        between 0 and 1, and the column of ones.

    Raises
    ------
    ValueError
        If a digit is not in 0..9, stands on both sides, or a side has none.

    Notes
    -----
    Source: Alpaydin and Kaynak (1998), Optical Recognition of Handwritten Digits, UCI.
    Lesson: 07_influence_upweighting
    """
    plus, minus = _digit_set(positive, "positive"), _digit_set(negative, "negative")
    if both := sorted(plus & minus):
        raise ValueError(
            f"The digits {both} stand in positive and in negative: an image cannot have both "
            "labels. Take them out of one of the two."
        )
    _check_split(test_size, random_state)
    X, target, names = _digit_table()
    rows = np.isin(target, sorted(plus | minus))
    y = np.where(np.isin(target[rows], sorted(plus)), 1.0, -1.0)
    sides = ["".join(map(str, sorted(side))) for side in (plus, minus)]
    X_train, X_test, y_train, y_test = _split(X[rows], y, test_size, random_state)
    name = f"digits {sides[0]} (+1) against {sides[1]} (-1)"
    return _handed_out(X_train, y_train, X_test, y_test, names, name)


@arrays.quiet()
def digits_parity() -> tuple[Any, Any]:
    """All 1,797 handwritten digits, **even (+1) against odd (-1)**, not split; pixels / 16.

    Returns
    -------
    X : array (1797, 65), the last column is 1
    y : array (1797,), +1.0 for 0, 2, 4, 6, 8 and -1.0 for 1, 3, 5, 7, 9

    Notes
    -----
    Source: Alpaydin and Kaynak (1998), Optical Recognition of Handwritten Digits, UCI.
    Lesson: 03_newton
    """
    X, target, _ = _digit_table()
    return hand_out(X), hand_out(np.where(target % 2 == 0, 1.0, -1.0))


@arrays.quiet()
def breast_cancer(*, test_size: float = 0.3, random_state: int = 0) -> Split:
    """Breast tumours, benign (+1) against malignant (-1), standardised on the training rows.

    Each feature has the mean of the training rows taken off and is divided by their standard
    deviation (1/n under the root); test rows go through the same map. Ones last.

    Parameters
    ----------
    test_size : float
        Share of the 569 patients held back, between 0 and 1.
    random_state : int
        Seed of the split.

    Returns
    -------
    Split
        31 columns: 30 measurements of cell nuclei and the column of ones.

    Notes
    -----
    Source: Street, Wolberg and Mangasarian (1993), Breast Cancer Wisconsin (Diagnostic), UCI.
    Lesson: 07_influence_upweighting
    """
    _check_split(test_size, random_state)
    bunch = _sklearn("sklearn.datasets").load_breast_cancer()
    y = np.where(bunch.target == 1, 1.0, -1.0)
    X_train, X_test, y_train, y_test = _split(bunch.data, y, test_size, random_state)
    mean, deviation = X_train.mean(axis=0), X_train.std(axis=0)
    X_train, X_test = (_ones((X - mean) / deviation) for X in (X_train, X_test))
    names = (*map(str, bunch.feature_names), "ones")
    name = "breast cancer, benign (+1) against malignant (-1)"
    return _handed_out(X_train, y_train, X_test, y_test, names, name)


def _digit_table() -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    bunch = _sklearn("sklearn.datasets").load_digits()
    return _ones(bunch.data / 16), bunch.target, (*map(str, bunch.feature_names), "ones")


def _ones(X: np.ndarray) -> np.ndarray:
    return np.column_stack([X, np.ones(len(X))])


def _split(X: np.ndarray, y: np.ndarray, test_size: float, random_state: int) -> list[np.ndarray]:
    train_test_split = _sklearn("sklearn.model_selection").train_test_split
    return train_test_split(X, y, test_size=test_size, random_state=random_state)


def _handed_out(X_train, y_train, X_test, y_test, names: tuple[str, ...], name: str) -> Split:
    X_train, y_train, X_test, y_test = map(hand_out, (X_train, y_train, X_test, y_test))
    return Split(X_train, y_train, X_test, y_test, names, name)


def _sklearn(module: str) -> Any:
    return optional(module, "scikit-learn", "The real data of the lessons")


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


def _check_split(test_size: float, random_state: int) -> None:
    held_back = "It is the share of the data that is held back for testing; both parts need both "
    require.real(test_size, "test_size", "[0.01, 0.9]", f"{held_back}classes.", example="0.3")
    require.whole(random_state, "random_state", 0, 2**32 - 1, "It is the seed of the split.")
