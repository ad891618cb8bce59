"""E-mails, spam (+1) against others (-1), as frequencies of words."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from teachkit import arrays
from teachkit.datasets._files import shipped
from teachkit.datasets.split import (
    Split,
    check_split,
    split_of,
    split_rows,
    standardised,
    with_ones,
)

Scale = Literal["log", "standard"]


@arrays.quiet()
def spam(
    *,
    scale: Scale = "log",
    duplicates: bool = False,
    test_size: float = 0.2,
    random_state: int = 0,
) -> Split:
    """UCI's Spambase: how often 48 words and 6 signs occur, and runs of capitals; ones last.

    Parameters
    ----------
    scale : {"log", "standard"}
        log(1 + value), or the value standardised on the training rows (mean 0, deviation 1).
    duplicates : bool
        391 of the 4,601 rows repeat another in every value. They are left out unless asked for:
        else the same mail can be in training and in test.
    test_size : float
        Share of the mails held back, between 0 and 1.
    random_state : int
        Seed of the split.

    Returns
    -------
    Split
        58 columns: frequencies in per cent (of 100 words, or of 100 letters), three lengths of
        runs of capitals, and the column of ones.

    Raises
    ------
    ValueError
        If scale is neither of the two, or the share or the seed makes no split.
    TypeError
        If duplicates is not True or False.

    Notes
    -----
    Source: Hopkins, Reeber, Forman and Suermondt (1999), Spambase, UCI; as kernlab has it.
    Lesson: 15_mislabeled_examples
    """
    if scale not in get_args(Scale):
        raise ValueError(f'scale is "log" or "standard"; got {scale!r}.')
    if not isinstance(duplicates, bool):
        raise TypeError(f"duplicates is True or False; got {duplicates!r}.")
    check_split(test_size, random_state)
    held = shipped("spam.npz")
    rows = np.column_stack([held["values"], held["spam"]])
    if not duplicates:
        rows = rows[np.sort(np.unique(rows, axis=0, return_index=True)[1])]
    values, labels = rows[:, :-1], 2.0 * rows[:, -1] - 1.0
    X_train, X_test, *y = split_rows(values, labels, test_size, random_state)
    X = (np.log1p(X_train), np.log1p(X_test)) if scale == "log" else standardised(X_train, X_test)
    return split_of(
        [*map(with_ones, X), *y],
        (*map(str, held["names"]), "ones"),
        "Spambase, spam (+1) against other mails (-1)",
        source="Hopkins, Reeber, Forman and Suermondt (1999), Spambase, UCI",
        licence="CC BY 4.0",
    )
