"""Prediction beside truth: how well two vectors agree, and the check to make before asking."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from teachkit.arrays import Array, array_namespace, as_float, quiet, scalar, to_numpy
from teachkit.retraining import retrain
from teachkit.risks.watched import Watched


class Figures(NamedTuple):
    """The figures of an `Agreement`, as a tuple of four."""

    pearson: float
    spearman: float
    slope: float
    intercept: float


class Agreement(Figures):
    """How predictions agree with what happened; each figure shows an error the others hide.

    Attributes
    ----------
    pearson, spearman, slope, intercept : float
        See `agreement`; the object is a tuple of these four.
    points : int
        How many pairs they are from; 0 where that is not known.
    verdict : str
        A sentence where the two are not related, as far as so many points can tell; else "". The
        repr of an agreement ends in it.
    """

    points: int = 0

    @classmethod
    def of(cls, points: int, *figures: float) -> Agreement:
        """These figures, from so many points."""
        made = cls(*figures)
        made.points = points
        return made

    @property
    def verdict(self) -> str:
        """Why the other figures say nothing, or nothing."""
        if not self.points:
            return ""
        if self.points < 3:
            return "Two points always lie on a line: r says nothing. Compare more of them."
        by_chance = _by_chance(self.points)
        if max(abs(self.pearson), abs(self.spearman)) > by_chance:
            return ""
        return (
            f"Not related, as far as {self.points} points can tell: of unrelated ones, 19 in 20 "
            f"have an r between {-by_chance:.2f} and {by_chance:.2f}, so slope and intercept say "
            "nothing. Are both in the same order of points, is the fit finished (nothing_removed), "
            "and has any point an influence?"
        )

    def __repr__(self) -> str:
        figures = ", ".join(f"{name}={value!r}" for name, value in self._asdict().items())
        return f"Agreement({figures})" + (f": {self.verdict}" if self.verdict else "")


class NothingRemoved(NamedTuple):
    """What retraining does when no point is removed: both are 0 for a finished fit."""

    gradient_norm: float
    change: float


@quiet()
def agreement(predicted: Any, actual: Any) -> Agreement:
    """Correlation, rank correlation and the line of `actual` on `predicted`.

    With a = actual, p = predicted and bars for means::

        pearson   = sum (p - p_)(a - a_) / sqrt( sum (p - p_)^2  sum (a - a_)^2 )
        spearman  = pearson of the ranks, ties sharing their mean rank
        slope     = sum (p - p_)(a - a_) / sum (p - p_)^2
        intercept = a_ - slope p_

    A correlation hides constant factors: r = 0.99 with slope 1.2 means right in order and 20% too
    small. A perfect prediction has 1, 1, 1, 0. If neither correlation is larger than what unrelated
    numbers give, the result's `verdict` says so, and slope and intercept mean nothing: then

        abs(r)  <=  t / sqrt(k - 2 + t^2),        t the .975 quantile of Student's t, k - 2 degrees

    which is exact for the r of independent normal pairs and close for ranks.

    Parameters
    ----------
    predicted, actual : (k,) arrays or lists, k >= 2
        Neither may be constant: a correlation with a constant is 0/0.

    Raises
    ------
    ValueError
        Different lengths, fewer than two values, NaN or infinity, or a constant vector.

    Notes
    -----
    Source: Fisher (1915), Frequency distribution of the values of the correlation coefficient.
    Lesson: 10_agreement_with_truth
    """
    p = _vector(predicted, "predicted")
    a = _vector(actual, "actual")
    if p.shape != a.shape:
        raise ValueError(
            f"predicted has {p.shape[0]} values and actual has {a.shape[0]}. Both need one value "
            "for each removed point, in the same order."
        )
    from scipy.stats import rankdata

    pearson = _correlation(p, a)
    spread = np.max(np.abs(p - p.mean()))
    unit = (p - p.mean()) / spread  # squares of influences of 1e-170 would underflow
    slope = float(unit @ (a - a.mean()) / (unit @ unit) / spread)
    spearman = _correlation(rankdata(p), rankdata(a))
    return Agreement.of(p.size, pearson, spearman, slope, float(a.mean() - slope * p.mean()))


def nothing_removed(risk: Any, theta: Array) -> NothingRemoved:
    """How far retraining with *nothing* removed moves theta: (||grad R(theta)||, ||change||).

    Both must be 0 to rounding before a prediction is compared with retraining: otherwise every
    retraining also finishes the fit, and that part of its change has nothing to do with the point.

    Raises what `retrain` raises.

    Lesson: 10_agreement_with_truth
    """
    finished = retrain(risk, theta)
    xp = array_namespace(finished)
    theta = as_float(theta, "theta", like=finished)
    return NothingRemoved(
        gradient_norm=scalar(xp.linalg.vector_norm(Watched(risk).gradient(theta))),
        change=scalar(xp.linalg.vector_norm(finished - theta)),
    )


def _vector(values: Any, name: str) -> np.ndarray:
    v = to_numpy(as_float(values, name)).astype(np.float64)
    if v.ndim != 1:
        raise ValueError(
            f"{name} has shape {v.shape}; one value for each point is needed, shape (k,). For "
            "several test points compare column by column, or ravel both."
        )
    if v.shape[0] < 2:
        raise ValueError(
            f"{name} has {v.shape[0]} value(s), and agreement needs at least two points. Compare "
            "single values by their difference."
        )
    if np.ptp(v) <= 8 * np.finfo(np.float64).eps * np.max(np.abs(v)):
        raise ValueError(
            f"{name} is constant (every value is {v[0]:.6g}), so no correlation exists: it would "
            "be 0/0. Was the same point asked for each time, or do all points have no influence?"
        )
    return v


def _by_chance(points: int) -> float:
    """The size of r that 19 in 20 samples of so many unrelated normal pairs do not exceed."""
    from scipy.special import stdtrit

    t = float(stdtrit(points - 2, 0.975))
    return float(t / np.sqrt(points - 2 + t * t))


def _correlation(u: np.ndarray, v: np.ndarray) -> float:
    u, v = u - u.mean(), v - v.mean()
    u, v = u / np.max(np.abs(u)), v / np.max(np.abs(v))
    return float(np.clip(u @ v / np.sqrt((u @ u) * (v @ v)), -1.0, 1.0))
