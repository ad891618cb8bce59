"""Children and older patients: a training set from which most healthy children can go missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from teachkit import arrays, require
from teachkit.arrays import to_numpy
from teachkit.datasets.rand_health import rand_health

ADMITTED, HEALTHY = 3, 21  # children to train on, in this order at the top of X
KEPT = 4  # of them when the others go: those admitted and the first healthy one
CHILD = "age 0-9"


@dataclass(frozen=True, eq=False)
class Children:
    """24 children and older patients to train on, children of other persons to test on.

    Attributes
    ----------
    X, y : arrays (n, 41) and (n,)
        Rows 0 to 2 are children in hospital (+1), 3 to 23 children without a stay (-1); then come
        the older patients, half of them in hospital.
    kept : tuple of int
        The rows without 4 to 23: of the children three in hospital and one without a stay.
    X_test, y_test : arrays (m, 41) and (m,)
        Children, none of them a person of the training set.
    feature_names : tuple of 41 str
    child : int
        The column that is 1 for a child.
    """

    X: Any
    y: Any
    kept: tuple[int, ...]
    X_test: Any
    y_test: Any
    feature_names: tuple[str, ...]
    child: int


@arrays.quiet()
def rand_children(*, random_state: int = 0) -> Children:
    """RAND health data for a mismatch: 24 children, 3 of them in hospital, and older patients.

    Of the training persons of `rand_health` all years of older patients in hospital, as many
    without a stay, and 24 years of children. Without the rows that ``kept`` leaves out, 3 of 24
    have become 3 of 4, and the children tested on are what they were: the distributions no longer
    match.

    Parameters
    ----------
    random_state : int
        Seed of the rows that are drawn; the split by person is always that of `rand_health`.

    Raises
    ------
    TypeError, ValueError
        If the seed is no whole number from 0.

    Notes
    -----
    Source: Koh & Liang (2017), section 5.3, do this with 20,000 diabetic patients.
    Lesson: 14_domain_mismatch
    """
    random = np.random.default_rng(require.whole(random_state, "random_state"))
    split = rand_health()
    X, y, X_test, y_test = map(to_numpy, (split.X_train, split.y_train, split.X_test, split.y_test))
    child = split.feature_names.index(CHILD)
    young, admitted = X[:, child] == 1, y > 0

    def drawn(rows: np.ndarray, count: int) -> np.ndarray:
        where = np.flatnonzero(rows)
        return where[np.argsort(random.random(len(where)))[:count]]

    ill = np.flatnonzero(~young & admitted)
    rows = np.concatenate([
        drawn(young & admitted, ADMITTED),
        drawn(young & ~admitted, HEALTHY),
        ill,
        drawn(~young & ~admitted, len(ill)),
    ])  # fmt: skip
    tested = X_test[:, child] == 1
    return Children(
        X=X[rows],
        y=y[rows],
        kept=(*range(KEPT), *range(ADMITTED + HEALTHY, len(rows))),
        X_test=X_test[tested],
        y_test=y_test[tested],
        feature_names=split.feature_names,
        child=child,
    )
