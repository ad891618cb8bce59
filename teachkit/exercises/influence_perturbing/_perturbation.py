"""8.2: the prediction of a move, for a delta of any size."""

from __future__ import annotations

import numpy as np

from .. import better, exercise, formula
from .._slips import gradient, hessian
from .._slips.logistic import fit, sigma
from .._slips.mixed import mixed
from ._cases import INVERSE, NOTEBOOK_N, any_moved_point, leverage, moved_points

_SLIPPED = ("label of the other point", "x of the other point", "the point for its gradient")


def _moved(X, i, delta):
    there = X.copy()
    there[i] += delta
    return there


@exercise(
    "8.2",
    "Predict a move",
    prompt="""Logistic regression, labels -1 and +1, with
    R(theta) = (1/n) sum_i log(1 + e^(-y_i x_i'theta)) + l2/2 |theta|^2, at its minimum `theta`.
    Predict, without retraining, how `theta` changes when training point `i` moves from x_i to
    x_i + `delta`, with its label. The delta is not small: use the gradients at the two places.""",
    minutes=8,
    difficulty=2,
    cases=moved_points,
    draw=any_moved_point,
    hints=(
        """A move is two changes of weight: the point at its new place comes in, the one at its old
        place goes. What is eps for each of the two?""",
        """Each has the weight 1/n. So it is +1/n times d theta / d eps of the new point, and -1/n
        times that of the old one.""",
        """d theta / d eps is -H^-1 grad L. Both gradients are taken at the same theta, and both
        with the same H.""",
    ),
    explanation="""(1/n) (I(z_delta) - I(z)) with I = -H^-1 grad L: the new point comes in with
    +1/n, the old one goes with -1/n. That -1/n is printed before the whole of it, in the talk and
    in the paper, is a slip: a step of theta in the opposite direction.""",
    answer=formula(
        lambda H_inv, g_new, g_old, n: -H_inv @ (g_new - g_old) / n,
        H_inv=INVERSE,
        g_new=gradient.POINT.at("At the new place:", without=_SLIPPED,
                                x_i=lambda X, i, delta: X[i] + delta, y_i=lambda y, i: y[i]).more(
            ("delta for x + delta", lambda X, y, theta, i, delta: (
                -y[i] * sigma(-y[i] * (delta @ theta)) * delta),
             """delta stands where the new place belongs. delta is the move; the point ends at
             x_i + delta."""),
            ("margin of the old place", lambda X, y, theta, i, delta: (
                -y[i] * sigma(-y[i] * (X[i] @ theta)) * (X[i] + delta)),
             """The margin is that of the old place. x moves inside the sigma too: the model is more
             or less wrong about the point where it is now."""),
            ("x - delta", lambda X, y, theta, i, delta: (
                -y[i] * sigma(-y[i] * ((X[i] - delta) @ theta)) * (X[i] - delta)),
             "You moved the point by -delta. It goes to x_i + delta."),
        ),
        g_old=gradient.POINT.at("At the old place:", without=_SLIPPED,
                                x_i=lambda X, i: X[i], y_i=lambda y, i: y[i]),
        n=lambda y: len(y),
    ),
    mistakes=(
        ("printed sign", "-1",
         """Yours is old minus new, or has -1/n: theta goes the opposite way. The talk and the paper
         print -1/n (I(z_delta) - I(z)), and that is a slip: the *new* point comes in, with
         +1/n."""),
        ("no 1/n", "n",
         """In R a point has the weight 1/n, so the move exchanges two points of that weight: a
         factor 1/n is missing."""),
        ("no 1/n, printed sign", "-n",
         """H^-1 times (new minus old gradient) is there, without the minus of I = -H^-1 grad L, and
         without the weight 1/n of a point."""),
        ("1/n twice", "1/n",
         """1/n stands there twice, or H is the sum with n l2, which brings its 1/n along: equal by
         algebra."""),
        ("1/(n - 1)", "n/(n - 1)",
         "Nobody leaves: n points before the move, n after it. The weight of each is 1/n."),
        ("n of the notebook", lambda H_inv, g_new, g_old: -H_inv @ (g_new - g_old) / NOTEBOOK_N,
         """249 stands where the number of points belongs: that is the `n` of the notebook. The
         points of this task are the rows of X: `len(X)`."""),
        ("new point alone", lambda H_inv, g_new, n: -H_inv @ g_new / n,
         """This is what happens when the point at the new place comes in and the old one stays.
         Subtract the old one."""),
        ("old point alone", lambda H_inv, g_old, n: H_inv @ g_old / n,
         """This is the prediction of a removal. After a move the point is still there, at its new
         place: add that."""),
        ("infinitesimal",
         lambda X, y, theta, i, delta, H_inv, n: -H_inv @ mixed(X[i], y[i], theta) @ delta / n,
         """This is the straight line in delta, -(1/n) H^-1 [grad_x grad_theta L] delta. For a tiny
         move it is the same; this one is not tiny. Asked is the difference of the gradients at the
         two places."""),
        ("infinitesimal and transposed",
         lambda X, y, theta, i, delta, H_inv, n: (
            -H_inv @ mixed(X[i], y[i], theta).T @ delta / n),
         """This is the straight line in delta, with its mixed derivative transposed: in it stands
         (theta'delta) x, not (x'delta) theta. Asked is something else: delta is not small, so take
         the difference of the gradients at the two places."""),
        ("pulls added", lambda H_inv, g_new, g_old, n: -H_inv @ (g_new + g_old) / n,
         lambda H_inv, g_new, g_old, n: H_inv @ (g_new + g_old) / n,
         """The gradients of the two places are added. At the new place a point comes in and at the
         old one it goes: new minus old."""),
        ("leverage counted", lambda H_inv, g_new, g_old, n, X, y, theta, i: (
            -H_inv @ (g_new - g_old) / n / (1 - leverage(H_inv, X, y, theta, i))),
         """Yours counts that H loses the curvature of the point. That corrects a removal. Here the
         point stays, and for small moves the prediction with the whole H is exact: use H as it
         is."""),
        ("H after the move", lambda X, y, theta, l2, i, delta, g_new, g_old, n: (
            np.linalg.solve(hessian.hessian(_moved(X, i, delta), y, theta, l2), g_old - g_new) / n),
         """Your H is that of the data after the move. It is a good thought, one Newton step on the
         new risk. The task asks for the influence function, whose H is that of the data on which
         `theta` is the minimum."""),
        better("retrained", lambda X, y, theta, l2, i, delta: (
            fit(_moved(X, i, delta), y, l2) - theta),
               """This is the truth: you retrained with the point at its new place. The task asks
               for the prediction that does without; compare the two."""),
        ("new theta", lambda theta, H_inv, g_new, g_old, n: theta - H_inv @ (g_new - g_old) / n,
         "This is where theta goes: theta plus the answer. What is asked for is the change."),
    ),
)
def perturbation(X, y, theta, l2, i, delta):
    """Predicted change of theta, (p,), when X[i] moves by delta, (p,); X is (n, p), y is (n,)."""
    m = X @ theta
    c = 1 / (1 + np.exp(-m)) / (1 + np.exp(m))
    H = (X.T * c) @ X / len(y) + l2 * np.eye(len(theta))
    there = X[i] + delta
    old = -y[i] / (1 + np.exp(y[i] * m[i])) * X[i]
    new = -y[i] / (1 + np.exp(y[i] * (there @ theta))) * there
    return -np.linalg.solve(H, new - old) / len(y)
