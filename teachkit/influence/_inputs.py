"""X as an estimator was handed it, and as the last step of its Pipeline saw it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import numpy as np

from teachkit.arrays import as_float


class Inputs:
    """The rows that a fitted estimator was handed, and its way to the numbers behind its scores.

    The steps before the last are held as they were fitted. `rows` turns points in the raw form into
    rows (m, d'), with a column of ones where there is an intercept.
    """

    def __init__(self, model: Any, X: Any) -> None:
        self.steps: list[Any] = []
        while hasattr(model, "steps"):  # a Pipeline, which may end in another
            self.steps += [step for _, step in model.steps[:-1] if step not in _NOTHING]
            model = model.steps[-1][1]
        self.estimator, self.ones = model, bool(getattr(model, "fit_intercept", False))
        for step in self.steps:
            _refuse_supervised(step)
        X = X if hasattr(X, "shape") else np.asarray(X)
        self.X = X.copy() if hasattr(X, "copy") else X

    def rows(self, X: Any, name: str = "X") -> np.ndarray:
        """Raw points (m, d), an array or a DataFrame, as the rows of the risk."""
        Z = X if hasattr(X, "shape") else np.asarray(X)
        self._check_names(Z, name)
        for step in self.steps:
            Z = step.transform(Z)
        Z = np.asarray(Z.toarray() if self.steps and hasattr(Z, "toarray") else Z)
        if Z.dtype == object:  # numbers in a row of a DataFrame that had text beside them
            with suppress(TypeError, ValueError):
                Z = Z.astype(float)
        Z = as_float(Z, name).astype(float)
        wanted = self.estimator.n_features_in_
        if Z.ndim != 2 or Z.shape[1] != wanted:
            after = " behind the other steps" if self.steps else ""
            raise ValueError(
                f"{name} has shape {Z.shape}{after}; the model was fitted to rows of {wanted} "
                "numbers. It takes points as the model does, without a column of ones."
            )
        return np.column_stack([Z, np.ones(len(Z))]) if self.ones else Z

    def points(self, X: Any, name: str = "X_test") -> np.ndarray:
        """The same; a single point, (d,) or a row of a DataFrame, gives one row, (d',)."""
        if X is None:
            raise TypeError(f"{name} is None, and test points are needed.")
        if hasattr(X, "to_frame"):  # a Series
            return self.rows(X.to_frame().T, name)[0]
        X = X if hasattr(X, "shape") else np.asarray(X)
        return self.rows(X[None, :], name)[0] if X.ndim == 1 else self.rows(X, name)

    def moved(self, i: int, delta: Any) -> np.ndarray:
        """What the move of raw row i by delta (d,) is for the risk's row, (d',)."""
        row, x = self._numbers(i)
        delta = np.asarray(as_float(delta, "delta"))
        if delta.shape != x.shape:
            raise ValueError(
                f"delta has shape {delta.shape}; it is added to one row of X as the model was "
                f"given it, so it has to be {x.shape}."
            )
        if not self.steps:
            return np.append(delta, 0.0) if self.ones else delta
        return (self.rows(row + delta) - self.rows(row))[0]

    def slopes(self, i: int) -> np.ndarray:
        """d row / d x at raw row i, (d', d), by central differences of the steps before the last.

        Raises ValueError where two sizes of them disagree: a step jumps there, or has a kink.
        """
        row, x = self._numbers(i)
        d = x.size
        if not self.steps:
            return np.eye(d + self.ones)[:, :d]
        spread = np.std(np.asarray(self.X, dtype=float), axis=0)
        size = np.maximum(np.abs(x), np.where(spread > 0.0, spread, 1.0))
        h = np.finfo(float).eps ** (1 / 3) * size
        wide, narrow = (self._differences(row, part * h) for part in (1.0, 0.5))
        odd = np.abs(wide - narrow) * size > 1e-3 * np.max(np.abs(narrow) * size, initial=0.0)
        if np.any(odd):
            j = int(np.argwhere(odd)[0, 1])
            raise ValueError(
                f"The steps before the estimator have no derivative at row {i} along column {j}: "
                "they jump there, as bins do, or have a kink. perturbation(i, delta) takes the "
                "whole move."
            )
        return narrow

    def _differences(self, row: Any, h: np.ndarray) -> np.ndarray:
        d = h.size
        several = row.iloc[[0] * 2 * d] if hasattr(row, "iloc") else np.repeat(row, 2 * d, axis=0)
        Z = self.rows(several + np.vstack([np.diag(h), -np.diag(h)]))
        return (Z[:d] - Z[d:]).T / (2.0 * h)

    def _numbers(self, i: int) -> tuple[Any, np.ndarray]:
        """Raw row i, as one row (1, d) of its kind and as its numbers (d,)."""
        row = self.X.iloc[[i]] if hasattr(self.X, "iloc") else self.X[[i], :]
        try:
            numbers = np.asarray(row, dtype=float)[0]
        except (TypeError, ValueError):
            raise TypeError(
                f"Row {i} of X holds what is no number, and only numbers can be moved by a delta. "
                "Encode the column before the model, or ask for removal."
            ) from None
        return row if hasattr(row, "iloc") else numbers[None, :], numbers

    def _check_names(self, X: Any, name: str) -> None:
        """Columns of a DataFrame in the order of the fit: behind a bare array nobody sees them."""
        first = self.steps[0] if self.steps else self.estimator
        known, columns = getattr(first, "feature_names_in_", None), getattr(X, "columns", None)
        if known is not None and columns is not None and list(columns) != list(known):
            raise ValueError(
                f"{name} has the columns {', '.join(map(str, list(columns)[:6]))} and the model "
                f"was fitted to {', '.join(map(str, list(known)[:6]))}. They have to be the same, "
                f"in the same order: {name}[model.feature_names_in_] sorts them."
            )


_NOTHING = (None, "passthrough")


def _refuse_supervised(step: Any) -> None:
    """Raise ValueError for a transformer that learnt from y, in whatever holds it."""
    inner = [part[1] for of in ("steps", "transformer_list") for part in getattr(step, of, [])]
    inner += [part[1] for part in getattr(step, "transformers_", [])]
    for part in inner:
        if hasattr(part, "transform"):
            _refuse_supervised(part)
    if hasattr(step, "__sklearn_tags__"):
        needs_y = step.__sklearn_tags__().target_tags.required
    else:  # before scikit-learn 1.6
        needs_y = step._get_tags().get("requires_y") if hasattr(step, "_get_tags") else False
    # Of the steps that choose columns one never looks at y; most others do not say that they do.
    if needs_y or (hasattr(step, "get_support") and type(step).__name__ != "VarianceThreshold"):
        raise ValueError(
            f"The step {type(step).__name__} was fitted to y as well, so a point that is removed "
            "would change the features themselves, which influence holds as they are. Put only "
            "steps that transform X without y before the estimator."
        )
