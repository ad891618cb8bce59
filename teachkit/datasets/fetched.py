"""Data for who has a network: all of MNIST, and the hospitals of the paper; fetched once, kept."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from teachkit import arrays
from teachkit._optional import optional
from teachkit.datasets._openml import fetched
from teachkit.datasets.mnist import images
from teachkit.datasets.split import (
    Split,
    by_group,
    check_split,
    split_of,
    standardised,
    with_ones,
)

FEW = 30  # categories at most, for a column of 0 and 1 each


@arrays.quiet()
def fetch_mnist(
    positive: int | Iterable[int] | None = None,
    negative: int | Iterable[int] | None = None,
    *,
    test_size: float = 1 / 7,
    random_state: int = 0,
    data_home: str | Path | None = None,
    progress: bool = True,
) -> Split:
    """All 70,000 images of MNIST, as `mnist` hands out its 5,000; fetched from openml.org.

    Parameters
    ----------
    positive, negative, test_size, random_state
        As in `mnist`. The split is drawn anew: it is not MNIST's own of 60,000 and 10,000.
    data_home : str or Path, optional
        Where what was fetched is kept; scikit-learn's data folder by default.
    progress : bool
        Show how much has come (needs tqdm).

    Returns
    -------
    Split
        785 columns, the last of ones; labels -1.0 and +1.0, or whole numbers 0 to 9.

    Raises
    ------
    ConnectionError
        If openml.org cannot be reached and the images are not kept yet.
    ValueError
        As in `mnist`.

    Notes
    -----
    Source: LeCun, Cortes and Burges (1998), The MNIST database of handwritten digits; openml.org,
    mnist_784, version 1.
    Lesson: 16_scaling_up
    """
    check_split(test_size, random_state)
    bunch = fetched(
        "mnist_784",
        version=1,
        instead="datasets.mnist() has 5,000 of its images, which come with the library.",
        data_home=data_home,
        progress=progress,
        as_frame=False,
        parser="liac-arff",
    )
    pixels, digit = np.asarray(bunch.data, dtype=float), np.asarray(bunch.target).astype(np.int64)
    source = "LeCun, Cortes and Burges (1998), MNIST; openml.org, mnist_784, version 1"
    return images(pixels, digit, positive, negative, test_size, random_state, source)


@arrays.quiet()
def fetch_diabetes_hospitals(
    *,
    test_size: float = 0.3,
    random_state: int = 0,
    data_home: str | Path | None = None,
    progress: bool = True,
) -> Split:
    """101,766 stays of diabetic patients in 130 hospitals: who came back (+1)? Split by patient.

    Parameters
    ----------
    test_size : float
        Share of the patients held back, between 0 and 1. A patient's stays are on one side.
    random_state : int
        Seed of the split.
    data_home : str or Path, optional
        Where what was fetched is kept; scikit-learn's data folder by default.
    progress : bool
        Show how much has come (needs tqdm).

    Returns
    -------
    Split
        A column of 0 and 1 for each category of the columns that have at most 30 of them ("age
        [0-10)" are the children), counts standardised on the training rows, and the column of
        ones. Labels: +1.0 for a patient who was readmitted, be it after more than 30 days.

    Raises
    ------
    ConnectionError
        If openml.org cannot be reached and the table is not kept yet.
    ImportError
        If pandas is not installed.

    Notes
    -----
    Source: Strack and others (2014), Impact of HbA1c Measurement on Hospital Readmission Rates,
    BioMed Research International; UCI, CC BY 4.0; openml.org, Diabetes130US, version 1.
    Lesson: 14_domain_mismatch
    """
    check_split(test_size, random_state)
    pandas = optional("pandas", "pandas", "A table with names and categories")
    frame = fetched(
        "Diabetes130US",
        version=1,
        instead="datasets.rand_health() is a set of the same kind that comes with the library.",
        data_home=data_home,
        progress=progress,
        as_frame=True,
        parser="pandas",
    ).frame
    y = np.where(frame.pop("readmitted").astype(str).str.strip("'\"") == "NO", -1.0, 1.0)
    patient = frame.pop("patient_nbr").to_numpy()
    frame = frame.drop(columns="encounter_id")
    coded = [name for name in frame if name.endswith("_id") or not _counts(frame[name], pandas)]
    few = [name for name in coded if frame[name].nunique() <= FEW]
    kept = pandas.get_dummies(frame[few].astype(str), prefix_sep=" ")
    counts = frame.drop(columns=coded)

    sides = by_group(patient, test_size, random_state)
    scaled = standardised(*(counts.to_numpy(float)[rows] for rows in sides))
    flags = kept.to_numpy(float)
    X = [np.column_stack([flags[rows], z]) for rows, z in zip(sides, scaled, strict=True)]
    return split_of(
        [*map(with_ones, X), *(y[rows] for rows in sides)],
        (*map(str, kept.columns), *map(str, counts.columns), "ones"),
        "diabetes in 130 hospitals, readmitted (+1) or not (-1)",
        source="Strack and others (2014), Diabetes 130-US hospitals, UCI; openml.org",
        licence="CC BY 4.0",
    )


def _counts(column: Any, pandas: Any) -> bool:
    return pandas.api.types.is_numeric_dtype(column)
