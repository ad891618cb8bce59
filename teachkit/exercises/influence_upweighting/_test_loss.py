"""7.5: what one training point does to the loss at a test point."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula
from .._slips import gradient, hessian, scale
from .._slips.logistic import any_test_point
from ._cases import test_points


@exercise(
    "7.5",
    "The influence on a test loss",
    prompt="""For the logistic regression of 7.3, write d L(z_test, theta) / d eps for training
    point `i`: how the loss at the test point moves, per unit of eps, when eps L(z_i, theta) is
    added to R. It is a product of a sign, two labels, two factors of how wrong the model is, and
    x_test' H^-1 x_i.""",
    minutes=10,
    difficulty=2,
    cases=test_points,
    draw=any_test_point,
    hints=(
        """Chain rule: the loss at the test point depends on eps through theta alone. So it is the
        gradient at the test point times d theta / d eps.""",
        """Both gradients have the form -y sigma(-m) x, each with its own label and its own margin.
        Two of the minus signs cancel. Which one is left?""",
        """The margin at the test point is m_test = y_test x_test'theta, and its factor is
        sigma(-m_test): large where the model is wrong.""",
    ),
    explanation="""-g_test' H^-1 g_i, written out. The labels decide the direction; the two
    sigma(-m) say how wrong the model is about each point, so a point that is fitted well has little
    influence however near it is; x_test' H^-1 x_i is nearness, measured by how easily theta gives
    way, and that is up to all points together. H is symmetric, so the two gradients may change
    places.""",
    answer=formula(
        lambda g_test, H_inv, g: -g_test @ H_inv @ g,
        g_test=gradient.POINT.at(
            "At the test point:", x_i="x_test", y_i="y_test", y_other=lambda y, i: y[i],
            x_other=lambda X, i: X[i],
            called={"the point for its gradient": "the score's change",
                    "x of the other point": "x of the training point"},
        ),
        H_inv=hessian.INVERSE,
        g=gradient.TRAINING.at("At the training point:", y_other="y_test",
                               x_other="x_test"),
    ),
    mistakes=(
        ("sign", "-1",
         """Upweighting a point moves theta against its gradient, so on a test point just like it
         the loss falls: the influence of a point on itself is never positive."""),
        ("the score's change",
         """This is how the score x_test'theta moves. The loss moves by that times
         -y_test sigma(-m_test), the other factor of the gradient at the test point."""),
        ("a whole step", lambda H_inv, g, theta, x_test, y_test: (
            np.log1p(np.exp(-y_test * (x_test @ (theta - H_inv @ g))))
            - np.log1p(np.exp(-y_test * (x_test @ theta)))),
         """This is how far the loss goes over a whole step of eps = 1. Asked is its derivative at
         eps = 0: the gradient at the test point times d theta / d eps."""),
        ("0 for the other label", lambda g_test, H_inv, g, y, i, y_test: (
            -g_test @ H_inv @ g * (y[i] == y_test)),
         """Points of the other label count 0 in yours. They have influence too, of the other sign:
         y_test y_i is -1 for them."""),
        *scale.PER_EPS,
    ),
)
def up_loss(X, y, theta, l2, i, x_test, y_test):
    """d L(z_test, theta) / d eps for training point i, a number; x_test is (p,), y_test is +-1."""
    m = y * (X @ theta)
    c = 1 / (1 + np.exp(-m)) / (1 + np.exp(m))
    H = (X.T * c) @ X / len(y) + l2 * np.eye(len(theta))
    wrong_test = 1 / (1 + np.exp(y_test * (x_test @ theta)))
    wrong_train = 1 / (1 + np.exp(m[i]))
    return -y_test * y[i] * wrong_test * wrong_train * (x_test @ np.linalg.solve(H, X[i]))
