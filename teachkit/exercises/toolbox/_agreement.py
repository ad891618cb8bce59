"""1.5: do the numbers agree? The line of truth on prediction."""

from __future__ import annotations

import numpy as np

from .. import Mistake, exercise


def _one(seed: int, n: int, slope: float, intercept: float, r: float, mean: float) -> tuple:
    """Predictions and truths with exactly this slope, intercept and correlation."""
    random = np.random.RandomState(seed)
    p = random.normal(size=n)
    p = (p - p.mean()) / p.std()
    noise = random.normal(size=n)
    noise = noise - noise.mean() - (noise @ p) / (p @ p) * p
    spread = abs(slope) * np.sqrt(1 / r**2 - 1)
    p = p + mean
    return p, intercept + slope * p + spread * noise / noise.std()


def _cases() -> list[tuple]:
    # r = .8: at r = .999 a ratio of standard deviations could not be told from the slope.
    return [_one(1, 12, 1.2, 0.3, 0.8, 0.5), _one(2, 15, 0.7, -0.4, 0.6, -0.9)]


def _r(p, t):
    return np.corrcoef(p, t)[0, 1]


def _through_means(slope, p, t):
    return slope, t.mean() - slope * p.mean()


@exercise(
    "1.5",
    "Do the numbers agree?",
    prompt="""`pred` are predictions and `truth` what happened, both (k,). Return the pair
    (slope, intercept) of the line of truth on prediction: the straight line a + b pred that is
    nearest to truth in the sum of squares.""",
    minutes=5,
    difficulty=1,
    cases=_cases,
    hints=(
        "Which of the two is known beforehand, and goes on the horizontal axis? The line is asked "
        "to predict the other one.",
        "slope = sum of (pred - mean)(truth - mean) over the sum of (pred - mean)^2. And the line "
        "goes through the point of the two means.",
    ),
    explanation="""The slope is the covariance of the two over the variance of the prediction; the
    line passes through the means, which gives the intercept. np.polyfit(pred, truth, 1) does both.
    A slope of 1.2 says: what happens is 20% more than predicted.""",
    mistakes=(
        Mistake(
            "wrong way round",
            lambda pred, truth: _through_means(
                np.cov(pred, truth)[0, 1] / np.var(truth, ddof=1), truth, pred
            ),
            "You fitted prediction on truth. Its slope is not one over the other one, but r^2 over "
            "it: noise flattens both lines. What depends, the truth, is on the vertical axis.",
        ),
        Mistake(
            "wrong way round, turned over",
            lambda pred, truth: _through_means(
                np.var(truth, ddof=1) / np.cov(pred, truth)[0, 1], pred, truth
            ),
            "You fitted prediction on truth and turned the line over. With noise this is steeper "
            "than the line of truth on prediction, by the factor 1/r^2.",
        ),
        Mistake(
            "through the origin",
            lambda pred, truth: (pred @ truth / (pred @ pred), 0.0),
            "Your line is forced through the origin. That mixes slope and intercept: a constant "
            "offset then shows up as a wrong slope. Take the means off first.",
        ),
        Mistake(
            "uncentred slope",
            lambda pred, truth: _through_means(pred @ truth / (pred @ pred), pred, truth),
            "The intercept fits to your slope, but the slope is that of a line through the origin. "
            "In the sums both vectors have their mean taken off.",
        ),
        Mistake(
            "r as slope",
            (
                lambda pred, truth: _through_means(_r(pred, truth), pred, truth),
                lambda pred, truth: (_r(pred, truth), 0.0),
            ),
            "Your slope is the correlation r. r has no units and never exceeds 1: it tells how "
            "close the points are to some line, not how steep that line is.",
        ),
        Mistake(
            "ratio of spreads",
            lambda pred, truth: _through_means(truth.std() / pred.std(), pred, truth),
            "Your slope is the ratio of the standard deviations. It lacks the factor r: with noise "
            "the best prediction is less steep. (At r = .999 you would not have noticed.)",
        ),
        Mistake(
            "exchanged",
            lambda pred, truth: _through_means(
                np.cov(pred, truth)[0, 1] / np.var(pred, ddof=1), pred, truth
            )[::-1],
            "Both numbers are right and stand in the wrong order: (slope, intercept).",
        ),
        Mistake(
            "n and n - 1 mixed",
            lambda pred, truth: _through_means(
                np.cov(pred, truth)[0, 1] / np.var(pred), pred, truth
            ),
            "Too steep by n/(n - 1): np.cov divides by n - 1, np.var by n. Use the same for both.",
        ),
        Mistake(
            "difference of the means",
            lambda pred, truth: (
                np.cov(pred, truth)[0, 1] / np.var(pred, ddof=1),
                truth.mean() - pred.mean(),
            ),
            "The slope is right. The intercept is where the line meets pred = 0: "
            "mean(truth) - slope mean(pred).",
        ),
        Mistake(
            "mean of the truth",
            lambda pred, truth: (np.polyfit(pred, truth, 1)[0], truth.mean()),
            "The slope is right. The mean of the truth is the height of the line at the mean of "
            "the predictions; the intercept is its height at pred = 0.",
        ),
        Mistake(
            "means exchanged",
            lambda pred, truth: _through_means(np.polyfit(pred, truth, 1)[0], truth, pred),
            "The slope is right. In the intercept the two means are exchanged: "
            "mean(truth) - slope mean(pred).",
        ),
    ),
)
def agreement(pred, truth):
    """(slope, intercept) of the least-squares line of truth on pred, both (k,)."""
    p = pred - pred.mean()
    slope = p @ (truth - truth.mean()) / (p @ p)
    return slope, truth.mean() - slope * pred.mean()
