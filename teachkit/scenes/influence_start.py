"""How the influence explorer starts: data checked, and chosen what was not told."""

from __future__ import annotations

from typing import Any

import numpy as np

from teachkit import require
from teachkit.arrays import as_float, to_numpy
from teachkit.scenes.influence import LOSSES, Fit, InfluenceState
from teachkit.scenes.scene import Axes, padded_limits

Array = np.ndarray
ALIKE = 8.0  # two columns that spread differently by more than this cannot share one scale
PENALTIES = (1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0)


def begin(
    X: Any,
    y: Any,
    *,
    test_point: tuple[Any, Any] | None = None,
    loss: str | None = None,
    l2: float | None = None,
    leverage: bool = False,
    t: float = 0.1,
) -> InfluenceState:
    """The state before anything is changed; what is not told is chosen as the explorer says."""
    X, y = as_float(to_numpy(X), "X"), as_float(to_numpy(y), "y")
    _check_data(X, y)
    is_line = X.shape[1] == 1
    loss = loss or ("square" if is_line else "logistic")
    if loss not in (("square",) if is_line else LOSSES):
        raise ValueError(
            f"The loss is {loss!r}; a line has 'square', a classifier one of "
            f"{', '.join(map(repr, LOSSES))}."
        )
    l2 = (0.0 if is_line else 0.01) if l2 is None else float(l2)
    require.real(l2, "l2", "[0, inf)", "It is the penalty.")
    fit = Fit(X, y, loss, l2, require.real(t, "t", "(0, inf)", "It is the width of the bend."))
    x_test, y_test = _default_test(X, y) if test_point is None else test_point
    x_test = as_float(np.atleast_1d(to_numpy(x_test)), "the test point's x")
    y_test = float(y_test)
    if x_test.shape != (X.shape[1],) or not (is_line or abs(y_test) == 1):
        raise ValueError(
            f"The test point is ({x_test.tolist()}, {y_test}); it takes x as a row of X "
            f"({X.shape[1]} numbers) and y as an entry of y."
        )
    here = [*x_test, y_test][:2]
    x, vertical = np.column_stack([X, y] if is_line else [X]).T
    xlim = padded_limits([*x, here[0]])
    ylim = padded_limits([*vertical, here[1]], 0.5 if is_line else 0.15)
    width, height = xlim[1] - xlim[0], ylim[1] - ylim[0]
    alike = max(width, height) <= ALIKE * min(width, height)
    names = ("x", "y") if is_line else ("x₁", "x₂")
    axes = Axes(xlim, ylim, *names, equal=alike and not is_line)
    return InfluenceState(fit, axes, X, y, np.ones(len(y)), x_test, y_test, leverage)


def penalties(state: InfluenceState) -> list[tuple[str, float]]:
    """Those on offer, the smallest first: what each is called, and its value.

    The one it starts with is among them; a line can do without.
    """
    values = sorted({*PENALTIES, state.fit.l2, *((0.0,) if state.is_line else ())})
    return [(f"{value:g}", value) for value in values]


def _check_data(X: Array, y: Array) -> None:
    if X.ndim != 2 or X.shape[1] not in (1, 2) or y.shape != X.shape[:1]:
        raise ValueError(
            f"X has shape {X.shape} and y {y.shape}; the explorer draws X with two columns and "
            "labels, or with one column and real y, one entry per row. For images there is "
            "ImageInfluenceExplorer."
        )
    if not len(y):
        raise ValueError(f"X has shape {X.shape}: there is no point in it to change.")
    if X.shape[1] == 1 and np.ptp(X) == 0:
        raise ValueError(
            f"Every x is {X[0, 0]:g}; a line needs two different ones. Was the right column chosen?"
        )
    if X.shape[1] == 2 and set(np.unique(y)) != {-1.0, 1.0}:
        raise ValueError(
            f"The labels are {np.unique(y)[:5].tolist()}; two columns ask for -1 and +1, both. "
            "Map them first, for instance np.where(y == 1, 1.0, -1.0)."
        )


def _default_test(X: Array, y: Array) -> tuple[Array, float]:
    """Class +1, just on its side of the middle; or on the median line (Theil 1950, Sen 1968)."""
    if X.shape[1] == 2:
        return 0.6 * X[y > 0].mean(axis=0) + 0.4 * X[y < 0].mean(axis=0), 1.0
    from scipy.stats import theilslopes

    slope, intercept, *_ = theilslopes(y, X[:, 0])
    middle = float(X.min() + X.max()) / 2
    return np.array([middle]), float(slope * middle + intercept)
