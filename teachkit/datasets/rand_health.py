"""Years of persons, with a stay in hospital (+1) or without (-1)."""

from __future__ import annotations

import numpy as np

from teachkit import arrays
from teachkit.datasets._files import shipped
from teachkit.datasets.split import (
    Split,
    by_group,
    check_split,
    split_of,
    standardised,
    with_ones,
)

CHOICES = {"site": range(1, 7), "year": range(1, 6), "coins": (0, 25, 50, 95, 100)}
SHARES = ("idp", "tookphys", "black", "female", "hlthg", "hlthf", "hlthp", "physlm", "time")
NUMBERS = ("linc", "educdec", "num", "mhi", "disea", "xghindx", "lpi", "fmde")
AGES = (0, 10, 20, 30, 40, 50, 60)


@arrays.quiet()
def rand_health(*, test_size: float = 0.3, random_state: int = 0) -> Split:
    """The RAND Health Insurance Experiment: who will be in hospital this year? Split by person.

    A row is a year of a person. The same person has up to five rows; all of them are on one side
    of the split, else a model could recognise whom it has seen.

    Parameters
    ----------
    test_size : float
        Share of the persons held back, between 0 and 1.
    random_state : int
        Seed of the split.

    Returns
    -------
    Split
        41 columns: 0 or 1 for the site, the year, the share that patients pay, and the age in
        tens ("age 0-9" are the children); shares between 0 and 1; numbers standardised on the
        training rows; and the column of ones. Four rows without an education are left out.

    Raises
    ------
    ValueError
        If the share or the seed makes no split.

    Notes
    -----
    Source: Manning, Newhouse, Duan, Keeler and Leibowitz (1987), Health Insurance and the Demand
    for Medical Care, American Economic Review 77(3).
    Lesson: 14_domain_mismatch
    """
    check_split(test_size, random_state)
    held = shipped("rand_health.npz")
    known = ~np.isnan(held["values"]).any(axis=1)
    column = dict(zip(map(str, held["names"]), held["values"][known].T.astype(float), strict=True))
    admitted = 2.0 * held["admitted"][known] - 1.0

    indicators = {
        f"{name} {level}": column[name] == level
        for name, levels in CHOICES.items()
        for level in levels
    }
    tens = np.minimum(column["xage"] // 10 * 10, AGES[-1])
    indicators |= {
        f"age {age}-{age + 9}" if age < AGES[-1] else f"age {age} or more": tens == age
        for age in AGES
    }
    kept = np.column_stack([*indicators.values(), *(column[name] for name in SHARES)]).astype(float)
    numbers = np.column_stack([column[name] for name in NUMBERS])

    sides = by_group(column["zper"], test_size, random_state)
    scaled = standardised(*(numbers[rows] for rows in sides))
    X = (with_ones(np.column_stack([kept[rows], z])) for rows, z in zip(sides, scaled, strict=True))
    return split_of(
        [*X, *(admitted[rows] for rows in sides)],
        (*indicators, *SHARES, *NUMBERS, "ones"),
        "RAND health, in hospital (+1) or not (-1)",
        source="RAND Health Insurance Experiment, Manning and others (1987)",
        licence="public domain",
    )
