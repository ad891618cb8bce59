"""7.3: what the weight of one training point does to the parameters."""

from __future__ import annotations

import numpy as np

from .. import Mistake, exercise
from ._formulas import (
    every_point,
    inverse,
    penalised_slope,
    response,
    slope,
    sum_and_n_ridge,
    sum_and_ridge,
)
from ._inverses import wrong_inverses
from ._slopes import wrong_slopes


def _with_inverse(part):
    return lambda *a: -part(*a) @ slope(*a)


def _with_slope(part):
    return lambda *a: -inverse(*a) @ part(*a)


@exercise(
    "7.3",
    "The influence on the parameters",
    prompt="""Logistic regression, labels -1 and +1, with
    R(theta) = (1/n) sum_i log(1 + e^(-y_i x_i'theta)) + l2/2 |theta|^2. At its minimum `theta`,
    write d theta / d eps for training point `i`: how theta moves, per unit of eps, when
    eps L(z_i, theta) is added to R.""",
    minutes=10,
    difficulty=2,
    cases=every_point,
    hints=(
        "The derivation ends in H dtheta/deps + grad L(z_i) = 0. What are the two pieces, and "
        "which of them contains the penalty?",
        "With the margins m = y (X theta): the gradient of one loss is -y_i sigma(-m_i) x_i. Its "
        "derivative brings the factor sigma(m) sigma(-m), and the label squares away.",
        "H is the mean over the points, plus l2 on its diagonal. Then one `np.linalg.solve`, and "
        "mind the sign.",
    ),
    explanation="""H is the second derivative of R, so it is a mean with l2 I added; the gradient is
    that of one loss L(z_i), which has no penalty in it. dtheta/deps = -H^-1 grad L(z_i). Nothing is
    divided by n: it is the change per unit of eps.""",
    mistakes=(
        Mistake(
            "sign",
            lambda *a: response(*a),
            "Yours is exactly -1 times the answer. A point with more weight lowers its own loss, "
            "so theta moves against its gradient: -H^-1 g.",
        ),
        Mistake(
            "times -1/n",
            lambda *a: response(*a) / len(a[1]),
            "Yours is exactly -1/n times the answer. That is the predicted effect of removing the "
            "point, a step of eps = -1/n; what is asked for is the change "
            "per unit of eps.",
        ),
        Mistake(
            "times 1/n",
            (
                lambda *a: -response(*a) / len(a[1]),
                _with_inverse(sum_and_n_ridge),
            ),
            "Yours is exactly 1/n times the answer. Either you divided by n once too often, or H "
            "is the sum over the points with n l2 instead of the mean with l2: these two are "
            "equal by algebra. Here H is that of R, and R is a mean.",
        ),
        Mistake(
            "l2/n",
            lambda *a: len(a[1]) * _with_inverse(sum_and_ridge)(*a),
            "The ridge in H is n times too weak, so the answer is too long: you have the mean plus "
            "l2/n. In R the losses are divided by n and the penalty is not.",
        ),
        Mistake(
            "penalised gradient",
            _with_slope(penalised_slope),
            "You put l2 theta into the gradient of the point. That is another convention, not "
            "nonsense: there the point takes its share of the penalty along, and after a removal "
            "the mean runs over n - 1. In this course n stays, and L(z_i) has no penalty.",
        ),
        *wrong_inverses(_with_inverse),
        *wrong_slopes(_with_slope),
    ),
)
def up_params(X, y, theta, l2, i):
    """d theta / d eps for training point i; X is (n, p), y and theta (n,) and (p,); gives (p,)."""
    m = y * (X @ theta)
    c = 1 / (1 + np.exp(-m)) / (1 + np.exp(m))
    H = (X.T * c) @ X / len(y) + l2 * np.eye(len(theta))
    g = -y[i] / (1 + np.exp(m[i])) * X[i]
    return -np.linalg.solve(H, g)
