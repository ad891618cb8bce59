"""Real data that comes with scikit-learn, prepared as the lessons use it.

Every X carries a column of ones as its last column, so that the last parameter is the intercept.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from teachkit import arrays
from teachkit.datasets.split import (
    Split,
    check_split,
    sklearn,
    split_of,
    split_rows,
    standardised,
    two_sides,
    with_ones,
)

_DIGITS = {
    "source": "Alpaydin and Kaynak (1998), Optical Recognition of Handwritten Digits, UCI",
    "licence": "CC BY 4.0",
}
_CANCER = {
    "source": "Wolberg and others (1993), Breast Cancer Wisconsin (Diagnostic), UCI",
    "licence": "CC BY 4.0",
}


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
    check_split(test_size, random_state)
    X, target, names = _digit_table()
    rows, y, sides = two_sides(positive, negative, target)
    parts = split_rows(X[rows], y, test_size, random_state)
    return split_of(parts, names, f"digits {sides}", image_shape=(8, 8), **_DIGITS)


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
    return X, np.where(target % 2 == 0, 1.0, -1.0)


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
    check_split(test_size, random_state)
    bunch = sklearn("sklearn.datasets").load_breast_cancer()
    y = np.where(bunch.target == 1, 1.0, -1.0)
    X_train, X_test, *labels = split_rows(bunch.data, y, test_size, random_state)
    parts = [*map(with_ones, standardised(X_train, X_test)), *labels]
    names = (*map(str, bunch.feature_names), "ones")
    return split_of(parts, names, "breast cancer, benign (+1) against malignant (-1)", **_CANCER)


def _digit_table() -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    bunch = sklearn("sklearn.datasets").load_digits()
    return with_ones(bunch.data / 16), bunch.target, (*map(str, bunch.feature_names), "ones")
