"""7.4: the prediction of a removal."""

from __future__ import annotations

import numpy as np

from .. import Mistake, exercise
from .._slips.logistic import fit
from ._formulas import (
    every_point,
    inverse,
    leverage,
    mean_over_p,
    others_over_n_less_1,
    penalised_slope,
    response,
    slope,
    sum_and_n_ridge,
    sum_and_ridge,
    without_the_point,
)
from ._inverses import wrong_inverses
from ._slopes import wrong_slopes


def _with_inverse(part):
    return lambda *a: part(*a) @ slope(*a) / len(a[1])


def _with_slope(part):
    return lambda *a: inverse(*a) @ part(*a) / len(a[1])


def _retrained(X, y, theta, l2, i):
    return fit(X, y, l2, np.where(np.arange(len(y)) == i, 0.0, 1.0)) - theta


def _row_deleted(X, y, theta, l2, i):
    return fit(np.delete(X, i, axis=0), np.delete(y, i), l2) - theta


@exercise(
    "7.4",
    "Predict a removal",
    prompt="""The same logistic regression. Predict, without retraining, how `theta` changes when
    training point `i` is removed: its weight goes from 1 to 0, and n stays in the 1/n.""",
    minutes=5,
    difficulty=2,
    cases=every_point,
    hints=(
        "In R every loss carries 1/n. Which eps, added to that, makes the loss of point i vanish?",
        "The prediction is a straight line: that eps times d theta / d eps, which you have.",
    ),
    explanation="""With eps = -1/n the loss of point i is gone from R. The linear prediction is
    (-1/n) times d theta / d eps = (1/n) H^-1 grad L(z_i). Written with the sum of the losses and
    n l2 in place of the mean and l2, the 1/n is inside the inverse already: that is the same.""",
    mistakes=(
        Mistake(
            "sign",
            lambda *a: -response(*a) / len(a[1]),
            "Yours is exactly -1 times the prediction. Two minus signs meet, that of -H^-1 g and "
            "that of eps = -1/n. Without the point theta gives way along its gradient: its loss "
            "grows.",
        ),
        Mistake(
            "no 1/n",
            lambda *a: response(*a),
            "Yours is exactly n times the prediction. In R a point has the weight 1/n, so taking "
            "it away is the step eps = -1/n, not eps = -1.",
        ),
        Mistake(
            "up_params",
            lambda *a: -response(*a),
            "This is d theta / d eps. Taking the point away is the step eps = -1/n along it.",
        ),
        Mistake(
            "1/n twice",
            (
                lambda *a: response(*a) / len(a[1]) ** 2,
                _with_inverse(sum_and_n_ridge),
            ),
            "Yours is exactly 1/n times the prediction. Either 1/n stands there twice, or H is the "
            "sum with n l2, which brings its 1/n along, and you divided again: equal by algebra.",
        ),
        Mistake(
            "1/(n - 1)",
            lambda *a: response(*a) / (len(a[1]) - 1),
            "Yours is n/(n - 1) times the prediction. The point loses its weight, and n stays what "
            "it was. With the 398 patients of the lesson you would hardly see it.",
        ),
        Mistake(
            "H of the sum + l2",
            lambda *a: sum_and_ridge(*a) @ slope(*a),
            "The ridge is n times too weak, so the prediction is too long. Either H is the sum "
            "over the points plus l2 (it would need n l2), or H is the mean plus l2/n (it needs "
            "l2) and 1/n comes after it: these two are equal by algebra.",
        ),
        Mistake(
            "leverage counted",
            (
                lambda *a: response(*a) / len(a[1]) / (1 - leverage(*a)),
                _with_inverse(without_the_point),
            ),
            "Yours counts that H loses the point's own curvature too: divided by 1 - h, or solved "
            "with H without that point, which is the same. It is usually nearer to the truth, "
            "and section 12 derives it. The task asks for the plain linear prediction.",
            better=True,
        ),
        Mistake(
            "leverage the wrong way",
            (
                lambda *a: response(*a) / len(a[1]) / (1 + leverage(*a)),
                lambda *a: response(*a) / len(a[1]) * (1 - leverage(*a)),
            ),
            "A factor with the leverage h makes yours shorter than the linear prediction. Without "
            "the point H is softer and theta goes farther: to count that would be to divide by "
            "1 - h. The task asks for the plain linear prediction.",
        ),
        Mistake(
            "retrained",
            _retrained,
            "This is the truth: you retrained without the point. The task asks for the prediction "
            "that does without retraining; compare the two.",
            better=True,
        ),
        Mistake(
            "retrained on n - 1",
            _row_deleted,
            "You retrained with the row deleted and took the mean over n - 1. With a penalty that "
            "is another question: l2 then weighs less against each point. Here the weight goes to "
            "0, n stays, and nothing is retrained.",
        ),
        Mistake(
            "penalised gradient",
            (
                _with_slope(penalised_slope),
                lambda *a: inverse(*a) @ penalised_slope(*a) / (len(a[1]) - 1),
            ),
            "You put l2 theta into the gradient of the point. That is the other convention, in "
            "which the mean runs over n - 1 after the removal. Here n stays, and the penalty stays "
            "whole.",
        ),
        Mistake(
            "new theta",
            lambda *a: a[2] + response(*a) / len(a[1]),
            "This is where theta goes: yours is the answer plus theta. What is asked for is the "
            "change.",
        ),
        Mistake(
            "H of the others",
            (
                _with_inverse(others_over_n_less_1),
                lambda *a: others_over_n_less_1(*a) @ slope(*a) / (len(a[1]) - 1),
                lambda *a: others_over_n_less_1(*a) @ penalised_slope(*a) / (len(a[1]) - 1),
            ),
            "Your H is the mean over the n - 1 other points. In this course n stays what it was, "
            "and the linear prediction takes the H of all points, z_i included. (To count that the "
            "point's own curvature leaves, take c_i x_i x_i'/n out of H: as section 12 does.)",
        ),
        Mistake(
            "p for n",
            (
                lambda *a: response(*a) / len(a[2]),
                _with_inverse(mean_over_p),
                lambda *a: mean_over_p(*a) @ slope(*a) / len(a[2]),
            ),
            "Somewhere you divide by p, the number of parameters, in place of n, the number of "
            "points: X has the shape (n, p), so n is `len(X)` and p is `len(theta)`.",
        ),
        *wrong_inverses(_with_inverse, skip=("leverage counted", "H of the others", "p for n")),
        *wrong_slopes(_with_slope),
    ),
)
def removal(X, y, theta, l2, i):
    """Predicted change of theta, (p,), when training point i leaves; X is (n, p), y is (n,)."""
    m = y * (X @ theta)
    c = 1 / (1 + np.exp(-m)) / (1 + np.exp(m))
    H = (X.T * c) @ X / len(y) + l2 * np.eye(len(theta))
    g = -y[i] / (1 + np.exp(m[i])) * X[i]
    return np.linalg.solve(H, g) / len(y)
