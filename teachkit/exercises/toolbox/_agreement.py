"""1.5: do the numbers agree? The line of truth on prediction."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part, rule


def _one(
    seed: int, n: int, slope: float, intercept: float, r: float, mean: float, spread: float
) -> tuple:
    """Truth has exactly this slope, intercept and r on predictions with this mean and spread."""
    random = np.random.RandomState(seed)
    p = random.normal(size=n)
    p = spread * (p - p.mean()) / p.std()
    noise = random.normal(size=n)
    noise = noise - noise.mean() - (noise @ p) / (p @ p) * p
    noise *= abs(slope) * spread * np.sqrt(1 / r**2 - 1) / noise.std()
    p = p + mean
    return p, intercept + slope * p + noise


def _cases() -> list[tuple]:
    # r = .8: at r = .999 a ratio of standard deviations could not be told from the slope. No spread
    # is 1: there a covariance could not be told from it either.
    return [_one(1, 12, 1.2, 0.3, 0.8, 0.5, 1.7), _one(2, 15, 0.7, -0.4, 0.6, -0.9, 0.6)]


def _any_pairs(draw):
    # Rising and falling, in any unit, far from 0 and near it, with predictions that repeat.
    k, unit = draw.whole(2, 12), draw.pick(1.0, 1.0, 1e-3, 30.0)
    p = draw.repeated(draw.numbers(k)) if draw.chance(0.3) else draw.numbers(k)
    p = unit * (p + draw.pick(0.0, 0.0, 50.0))
    t = draw.number(-2.0, 2.0) * p + draw.pick(0.1, 1.0) * unit * draw.numbers(k) + draw.number()
    if p.std() < 0.1 * unit or abs(_slope(p, t)) * p.std() < 0.05 * t.std():
        return None
    return (p, t) if abs(agreement.reference(p, t)[1]) > 1e-3 * np.abs(t).max() else None


def _slope(p, t):
    return np.polyfit(p, t, 1)[0]


def _cov(p, t, ddof=1):
    return np.cov(p, t, ddof=ddof)[0, 1]


SLOPE = part(
    lambda pred, truth: _slope(pred, truth),
    ("wrong way round, turned over", lambda pred, truth: 1 / _slope(truth, pred),
     """You fitted prediction on truth and turned the line over. With noise this is steeper than the
     line of truth on prediction, by the factor 1/r^2."""),
    ("variance of the truth", lambda pred, truth: _slope(truth, pred),
     """Your slope is that of prediction on truth: the covariance is divided by the variance of the
     truth, or r multiplied by the spreads turned over. Below stands the variance of what is known
     beforehand, the prediction."""),
    ("covariance",
     lambda pred, truth: _cov(pred, truth),
     lambda pred, truth: _cov(pred, truth, 0),
     lambda pred, truth: _cov(pred, truth, 0) / pred.std(),
     lambda pred, truth: _cov(pred, truth, 0) * len(pred),
     """Your slope is the covariance, or the sum that it is the mean of, and is not yet divided by
     the variance of the prediction (its standard deviation squared). A slope halves when the
     predictions double; yours does not."""),
    ("uncentred slope", lambda pred, truth: pred @ truth / (pred @ pred),
     """Your slope is that of a line through the origin. In the sums both vectors have their mean
     taken off."""),
    ("r as slope", lambda pred, truth: np.corrcoef(pred, truth)[0, 1],
     """Your slope is the correlation r. r has no units and never exceeds 1: it tells how close the
     points are to some line, not how steep that line is."""),
    ("ratio of spreads", lambda pred, truth: truth.std() / pred.std(),
     """Your slope is the ratio of the standard deviations. It lacks the factor r: with noise the
     best prediction is less steep. (At r = .999 you would not have noticed.)"""),
    ("n and n - 1 mixed",
     lambda pred, truth: _cov(pred, truth) / np.var(pred),
     lambda pred, truth: _cov(pred, truth, 0) / np.var(pred, ddof=1),
     """Your slope is off by n/(n - 1), or by one over it: np.cov divides by n - 1, np.var and
     np.std by n. Use the same for both."""),
)

INTERCEPT = rule(
    lambda slope, pred, truth: truth.mean() - slope * pred.mean(),
    ("difference of the means", lambda slope, pred, truth: truth.mean() - pred.mean(),
     "The intercept is where the line meets pred = 0: mean(truth) - slope mean(pred)."),
    ("mean of the truth", lambda slope, pred, truth: truth.mean(),
     """The mean of the truth is the height of the line at the mean of the predictions; the
     intercept is its height at pred = 0."""),
    ("means exchanged", lambda slope, pred, truth: pred.mean() - slope * truth.mean(),
     "In the intercept the two means are exchanged: mean(truth) - slope mean(pred)."),
    ("signs in the intercept",
     lambda slope, pred, truth: truth.mean() + slope * pred.mean(),
     lambda slope, pred, truth: slope * pred.mean() - truth.mean(),
     """The intercept has a sign turned. The line goes through the means, mean(truth) = a + b
     mean(pred): solve that for a."""),
    ("intercept 0", lambda slope, pred, truth: 0.0,
     "The intercept is not 0: the line goes through the two means, and not through the origin."),
)


@exercise(
    "1.5",
    "Do the numbers agree?",
    prompt="""`pred` are predictions and `truth` what happened, both (k,). Return the pair
    (slope, intercept) of the line of truth on prediction: the straight line a + b pred that is
    nearest to truth in the sum of squares.""",
    minutes=5,
    difficulty=1,
    cases=_cases,
    draw=_any_pairs,
    hints=(
        """Which of the two is known beforehand, and goes on the horizontal axis? The line is asked
        to predict the other one.""",
        """slope = sum of (pred - mean)(truth - mean) over the sum of (pred - mean)^2. And the line
        goes through the point of the two means.""",
    ),
    explanation="""The slope is the covariance of the two over the variance of the prediction; the
    line passes through the means, which gives the intercept. np.polyfit(pred, truth, 1) does both.
    A slope of 1.2 says: what happens is 20% more than predicted.""",
    answer=formula(
        lambda pred, truth, slope, inside, intercept: (slope, intercept(inside, pred, truth)),
        slope=SLOPE,
        inside=SLOPE.at("In the intercept:"),
        intercept=INTERCEPT,
    ),
    mistakes=(
        ("wrong way round", lambda pred, truth: np.polyfit(truth, pred, 1),
         """You fitted prediction on truth. Its slope is not one over the other one, but r^2 over
         it. What depends, the truth, is on the vertical axis."""),
        ("through the origin", lambda pred, truth: (pred @ truth / (pred @ pred), 0.0),
         """Your line is forced through the origin. That mixes slope and intercept: a constant
         offset then shows up as a wrong slope. Take the means off first."""),
        ("exchanged", lambda pred, truth: np.polyfit(pred, truth, 1)[::-1],
         "Both numbers are right and stand in the wrong order: (slope, intercept)."),
    ),
)
def agreement(pred, truth):
    """(slope, intercept) of the least-squares line of truth on pred, both (k,)."""
    p = pred - pred.mean()
    slope = p @ (truth - truth.mean()) / (p @ p)
    return slope, truth.mean() - slope * pred.mean()
