"""The constant column, which carries the intercept."""

from __future__ import annotations

from typing import Any

from teachkit import arrays


def add_ones(X: Any) -> Any:
    """Return X with a column of ones appended as the last one.

    ``add_ones(X) @ theta = X @ theta[:-1] + theta[-1]``: the last parameter is the intercept.

    Parameters
    ----------
    X : array (n, d)
        Type, dtype and device are kept; integers become floats.

    Returns
    -------
    array (n, d + 1)

    Raises
    ------
    ValueError
        If X is not a table.

    Notes
    -----
    Lesson: 07_influence_upweighting
    """
    xp = arrays.array_namespace(X)
    X = arrays.as_float(X, "X")
    if X.ndim != 2:
        raise ValueError(
            f"add_ones needs a table X of shape (n, d), one row per point; this one has shape "
            f"{tuple(X.shape)}. For a single column use X[:, None], for a single row X[None, :]."
        )
    ones = xp.ones((X.shape[0], 1), dtype=X.dtype, device=arrays.device(X))
    return xp.concat([X, ones], axis=1)
