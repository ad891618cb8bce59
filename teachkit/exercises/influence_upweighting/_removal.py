"""7.4: the prediction of a removal."""

from __future__ import annotations

import numpy as np

from .. import better, exercise, formula
from .._slips import gradient, hessian
from .._slips.logistic import any_point, curvature, fit
from ._cases import every_point


def _leverage(X, y, theta, l2, i):
    return curvature(X, y, theta)[i] * X[i] @ np.linalg.solve(
        hessian.hessian(X, y, theta, l2), X[i]) / len(y)


@exercise(
    "7.4",
    "Predict a removal",
    prompt="""The same logistic regression. Predict, without retraining, how `theta` changes when
    training point `i` is removed: its weight goes from 1 to 0, and n stays in the 1/n.""",
    minutes=5,
    difficulty=2,
    cases=every_point,
    draw=any_point,
    hints=(
        "In R every loss carries 1/n. Which eps, added to that, makes the loss of point i vanish?",
        "The prediction is a straight line: that eps times d theta / d eps, which you have.",
    ),
    explanation="""With eps = -1/n the loss of point i is gone from R. The linear prediction is
    (-1/n) times d theta / d eps = (1/n) H^-1 grad L(z_i). Written with the sum of the losses and
    n l2 in place of the mean and l2, the 1/n is inside the inverse already: that is the same.""",
    answer=formula(
        lambda H_inv, g, n: H_inv @ g / n,
        H_inv=hessian.INVERSE.at(called={"l2/n": "H of the sum + l2"}), g=gradient.TRAINING,
        n=lambda y: len(y), h=_leverage,
    ),
    mistakes=(
        ("sign", "-1",
         """Two minus signs meet, that of -H^-1 g and that of eps = -1/n. Without the point theta
         gives way along its gradient: its loss grows."""),
        ("no 1/n", "n",
         """In R a point has the weight 1/n, so taking it away is the step eps = -1/n, not
         eps = -1."""),
        ("up_params", "-n",
         """This is d theta / d eps. Taking the point away is the step eps = -1/n along it."""),
        ("1/n twice", "1/n",
         """Either 1/n stands there twice, or H is the sum with n l2, which brings its 1/n along,
         and you divided again: equal by algebra."""),
        ("1/(n - 1)", "n/(n - 1)",
         """The point loses its weight, and n stays what it was. With the 398 patients of the lesson
         you would hardly see it."""),
        ("H of the sum + l2",
         """The ridge is n times too weak, so the prediction is too long. Either H is the sum over
         the points plus l2 (it would need n l2), or H is the mean plus l2/n (it needs l2) and 1/n
         comes after it: these two are equal by algebra."""),
        better("leverage counted", lambda H_inv, g, n, h: H_inv @ g / n / (1 - h),
               """Yours counts that H loses the point's own curvature too: divided by 1 - h, or
               solved with H without that point, which is the same. It is usually nearer to the
               truth, and section 12 derives it. The task asks for the plain linear prediction."""),
        ("leverage the wrong way",
         lambda H_inv, g, n, h: H_inv @ g / n / (1 + h),
         lambda H_inv, g, n, h: H_inv @ g / n * (1 - h),
         """A factor with the leverage h makes yours shorter than the linear prediction. Without the
         point H is softer and theta goes farther: to count that would be to divide by 1 - h. The
         task asks for the plain linear prediction."""),
        better("retrained", lambda X, y, theta, l2, i: (
            fit(X, y, l2, np.where(np.arange(len(y)) == i, 0.0, 1.0)) - theta),
               """This is the truth: you retrained without the point. The task asks for the
               prediction that does without retraining; compare the two."""),
        ("retrained on n - 1", lambda X, y, theta, l2, i: (
            fit(np.delete(X, i, axis=0), np.delete(y, i), l2) - theta),
         """You retrained with the row deleted and took the mean over n - 1. With a penalty that is
         another question: l2 then weighs less against each point. Here the weight goes to 0, n
         stays, and nothing is retrained."""),
        ("penalised gradient", lambda H_inv, g, theta, l2, n: H_inv @ (g + l2 * theta) / (n - 1),
         """You put l2 theta into the gradient of the point. That is the other convention, in which
         the mean runs over n - 1 after the removal. Here n stays, and the penalty stays whole."""),
        ("new theta", lambda theta, H_inv, g, n: theta + H_inv @ g / n,
         """This is where theta goes: yours is the answer plus theta. What is asked for is the
         change."""),
        ("H of the others",
         lambda X, y, theta, l2, i, g, n: (
             np.linalg.solve(hessian.of_the_others(X, y, theta, l2, i), g) / (n - 1)),
         lambda X, y, theta, l2, i, g, n: (
             np.linalg.solve(hessian.of_the_others(X, y, theta, l2, i), g + l2 * theta) / (n - 1)),
         """Your H is the mean over the n - 1 other points. In this course n stays what it was, and
         the linear prediction takes the H of all points, z_i included. (To count that the point's
         own curvature leaves, take c_i x_i x_i'/n out of H: as section 12 does.)"""),
        ("p for n",
         lambda H_inv, g: H_inv @ g / len(g),
         lambda X, y, theta, l2, g: (
             np.linalg.solve(hessian.mean_over_p(X, y, theta, l2), g) / len(theta)),
         """Somewhere you divide by p, the number of parameters, in place of n, the number of
         points: X has the shape (n, p), so n is `len(X)` and p is `len(theta)`."""),
    ),
)
def removal(X, y, theta, l2, i):
    """Predicted change of theta, (p,), when training point i leaves; X is (n, p), y is (n,)."""
    m = y * (X @ theta)
    c = 1 / (1 + np.exp(-m)) / (1 + np.exp(m))
    H = (X.T * c) @ X / len(y) + l2 * np.eye(len(theta))
    g = -y[i] / (1 + np.exp(m[i])) * X[i]
    return np.linalg.solve(H, g) / len(y)
