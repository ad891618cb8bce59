"""8.4: which move of a training point raises the loss at a test point, and how fast."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula
from .._slips import gradient, mixed
from .._slips.logistic import any_test_point, sigma
from ._cases import INVERSE, NOTEBOOK_N, leverage, test_points


def _from_the_left(s, x, y, theta):
    q = sigma(-y * (x @ theta))
    return -y * q * s + q * (1 - q) * (x @ s) * theta


@exercise(
    "8.4",
    "The influence of a move on a test loss",
    prompt="""For the logistic regression of 8.2, write I_pert,loss =
    -grad_theta L(z_test)' H^-1 grad_x grad_theta L(z_i), a vector like x_i: how the loss at the
    test point changes with each feature of training point `i`, per unit of eps. (All columns of X
    may move; there is no column of ones.)""",
    minutes=10,
    difficulty=3,
    cases=test_points,
    draw=any_test_point,
    hints=(
        """Read it from the left: first s = H^-1 grad L(z_test), one solve. What does 8.1 make of
        it?""",
        """8.1 gives s' grad_x grad_theta L at one point: -y q s + q (1 - q) (x's) theta. Which
        point's x, y and q are meant here?""",
    ),
    explanation="""s = H^-1 g_test once, then -s'J = y q s - q (1 - q) (x_i's) theta with the x, y
    and q of the training point. It is per unit of eps: a move by delta changes the test loss by
    I_pert,loss' delta / n. The talk and the paper leave that 1/n out. Moving another training point
    needs no other solve.""",
    answer=formula(
        lambda g_test, H_inv, J: -g_test @ H_inv @ J,
        g_test=gradient.POINT.at(
            "At the test point:", x_i="x_test", y_i="y_test",
            without=("x of the other point", "label of the other point"),
        ).more(
            ("label of the other point",
             lambda x_i, y_i, theta, y, i: -y_i * sigma(-y[i] * (x_i @ theta)) * x_i,
             lambda x_i, y_i, theta, y, i: -y[i] * sigma(-y_i * (x_i @ theta)) * x_i,
             lambda x_i, y_i, theta, y, i: -y[i] * sigma(-y[i] * (x_i @ theta)) * x_i, ""),
        ),
        H_inv=INVERSE,
        J=mixed.MIXED.at("At the training point:", x_i=lambda X, i: X[i],
                         y_i=lambda y, i: y[i]).more(
            ("label of the other point",
             *(lambda x_i, y_i, theta, y_test, at=at: mixed.of_q(
                 sigma(-(y_test if at[1] else y_i) * (x_i @ theta)), x_i,
                 y_test if at[0] else y_i, theta)
               for at in ((0, 1), (1, 0), (1, 1))), ""),
            ("q of the test point",
             lambda x_i, y_i, theta, x_test, y_test: mixed.of_q(
                 sigma(-y_test * (x_test @ theta)), x_i, y_i, theta),
             lambda x_i, y_i, theta, x_test: mixed.of_q(
                 sigma(-y_i * (x_test @ theta)), x_i, y_i, theta),
             """q is that of the test point. How wrong the model is about the point that moves is
             what counts: sigma(-y_i x_i'theta)."""),
            ("x of the test point", lambda x_i, y_i, theta, x_test: (
                mixed.of_q(sigma(-y_i * (x_i @ theta)), x_test, y_i, theta)),
             """x_test stands in the second term, (x's) theta. It is the training point that moves:
             (x_i's) theta."""),
        ),
    ),
    mistakes=(
        ("sign", "-1",
         """The minus is missing: theta moves against the gradient, -H^-1 grad L. Yours lowers the
         loss where it should raise it."""),
        ("times 1/n", "1/n",
         """You divided by n (or H is the sum with n l2, which is equal by algebra). I_pert,loss is
         per unit of eps; the 1/n comes when it is applied to a move."""),
        ("times -1/n", "-1/n",
         """Yours has -1/n. I_pert,loss is per unit of eps; a move by delta is +1/n of it times
         delta."""),
        ("n of the notebook", lambda g_test, H_inv, J: -g_test @ H_inv @ J / NOTEBOOK_N,
         """249 is in it, the `n` of the notebook. In H the mean runs over the rows of X, `len(X)`,
         and I_pert,loss itself, per unit of eps, is not divided by n."""),
        ("entry by entry", lambda g_test, H_inv, J: -(H_inv * g_test) @ J,
         lambda g_test, H_inv, X, y, theta, i: -_from_the_left(H_inv * g_test, X[i], y[i], theta),
         """`*` multiplies the columns of H^-1 by the entries of the gradient and leaves a matrix.
         s = H^-1 g is a vector: `np.linalg.solve(H, g)`."""),
        ("gradient for the mixed derivative",
         lambda g_test, H_inv, X, y, theta, i: (
            -(H_inv @ g_test) * gradient.POINT.right(X[i], y[i], theta)),
         lambda g_test, H_inv, X, y, theta, i: (
            (H_inv @ g_test) * gradient.POINT.right(X[i], y[i], theta)),
         """s meets the gradient of the training point, entry by entry. What moves is the point, so
         it has to be the mixed derivative, how that gradient changes with x: -s'J, as in 8.1."""),
        ("label of the other point",
         """A label is that of the other point. The gradient at the test point has y_test, before
         the sigma and inside it, and the mixed derivative has y_i, before q and inside it."""),
        ("roles exchanged", lambda H_inv, X, y, theta, i, x_test, y_test: (
            -gradient.POINT.right(X[i], y[i], theta) @ H_inv @ mixed.mixed(x_test, y_test, theta)),
         """Training and test point are exchanged: yours says how the loss at the training point
         changes when the test point moves. The gradient is that of the test point, and the mixed
         derivative that of the training point."""),
        ("leverage counted", lambda g_test, H_inv, J, X, y, theta, i: (
            -g_test @ H_inv @ J / (1 - leverage(H_inv, X, y, theta, i))),
         """Yours counts that H loses the curvature of the point. That corrects a removal. Here the
         point stays; the derivative in delta is exact with the whole H."""),
        ("gradient at the test point", lambda g_test: g_test,
         """This is grad_theta L(z_test). The talk and the paper print that as the left side of
         I_pert,loss, which is a slip: it is the gradient in *delta*, at delta = 0."""),
        ("s_test", lambda g_test, H_inv: H_inv @ g_test, lambda g_test, H_inv: -H_inv @ g_test,
         """This is s_test = H^-1 grad L(z_test), or minus it. It has still to meet the mixed
         derivative of the training point."""),
        ("saliency", lambda X, y, theta, i: -y[i] * sigma(-y[i] * (X[i] @ theta)) * theta,
         lambda x_test, y_test, theta: -y_test * sigma(-y_test * (x_test @ theta)) * theta,
         """This is the gradient of a loss in x, its saliency. It knows nothing of how theta
         answers: neither H^-1 nor the other point is in it."""),
        ("mixed at the test point", lambda g_test, H_inv, x_test, y_test, theta: (
            -g_test @ H_inv @ mixed.mixed(x_test, y_test, theta)),
         """The mixed derivative is that of the test point. It is the training point that moves:
         x_i, y_i and its own q."""),
        ("up_loss", lambda g_test, H_inv, X, y, theta, i: (
            y[i] * sigma(-y[i] * (X[i] @ theta)) * (g_test @ H_inv @ X[i])),
         """This is I_up,loss, a number: what more weight on the point does. Asked is what moving it
         does, one number for each feature."""),
        ("order changed", lambda g_test, H_inv, J: -H_inv @ J @ g_test,
         """The order is changed. H^-1 and the gradient at the test point belong to theta, so they
         stand to the left of the mixed derivative: its rows belong to theta, its columns to x."""),
    ),
)
def pert_loss(X, y, theta, l2, i, x_test, y_test):
    """I_pert,loss of training point i, (d,); X is (n, d), theta and x_test are (d,)."""
    m = X @ theta
    c = 1 / (1 + np.exp(-m)) / (1 + np.exp(m))
    H = (X.T * c) @ X / len(y) + l2 * np.eye(len(theta))
    g_test = -y_test / (1 + np.exp(y_test * (x_test @ theta))) * x_test
    s = np.linalg.solve(H, g_test)
    q = 1 / (1 + np.exp(y[i] * m[i]))
    return y[i] * q * s - q * (1 - q) * (X[i] @ s) * theta
