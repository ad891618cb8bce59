"""8.3: how a point's pull changes with a move, as it is and as a straight line has it."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula
from .._slips import gradient, mixed
from .._slips.logistic import sigma
from ._cases import NOTEBOOK_N, any_single_point, single_points

_SLIPPED = ("label of the other point", "x of the other point", "the point for its gradient")


@exercise(
    "8.3",
    "Finite and infinitesimal",
    prompt="""One point with features `x`, (d,), and label `y`, -1 or +1, moves by `delta`; its loss
    is log(1 + e^(-y x'theta)). Return two rows, (2, d): the finite change of its gradient in theta,
    grad L at x + delta minus grad L at x, and below it what the straight line in delta says,
    [grad_x grad_theta L] delta.""",
    minutes=8,
    difficulty=2,
    cases=single_points,
    draw=any_single_point,
    hints=(
        """The first row needs the gradient -y sigma(-y x'theta) x at two places. Does x stand
        in it once?""",
        """For the second row derive the gradient at x + t delta in t, at t = 0. It is a product: of
        the factor x, and of q = sigma(-y x'theta).""",
        """The factor changes by delta, and q by q (1 - q) times -y theta'delta. `np.array([a, b])`
        makes two rows.""",
    ),
    explanation="""J delta = -y q delta + q (1 - q) (theta'delta) x. Here delta comes from the right
    of J; in 8.1 s came from the left, and there x and theta have changed places. The two rows
    differ by a term in |delta|^2, so the relative error of the straight line falls as |delta|. A
    finite move calls for the first row, a gradient to climb for the second.""",
    answer=formula(
        lambda g_new, g_old, J, delta: np.array([g_new - g_old, J @ delta]),
        g_new=gradient.POINT.at("In the first row, at the new place:", without=_SLIPPED,
                                x_i=lambda x, delta: x + delta, y_i="y").more(
            ("delta for x + delta", lambda y, theta, delta: (
                -y * sigma(-y * (delta @ theta)) * delta),
             "delta stands where the new place x + delta belongs."),
            ("margin of the old place", lambda x, y, theta, delta: (
                -y * sigma(-y * (x @ theta)) * (x + delta)),
             """The margin is that of the old place. x moves inside the sigma as well."""),
        ),
        g_old=gradient.POINT.at("In the first row, at the old place:", without=_SLIPPED,
                                x_i="x", y_i="y"),
        J=mixed.MIXED.at("In the second row:", x_i="x", y_i="y"),
    ),
    mistakes=(
        ("minus both", "-1",
         "Both rows have the wrong sign: it is new minus old, and the gradient is -y q x."),
        ("old minus new", lambda g_new, g_old, J, delta: np.array([g_old - g_new, J @ delta]),
         "The first row is old minus new. A change is new minus old."),
        ("second row turned round", lambda g_new, g_old, J, delta: (
            np.array([g_new - g_old, -J @ delta])),
         """The second row has the wrong sign. It is [grad_x grad_theta L] delta, with no minus
         before it: for a tiny delta both rows are the same."""),
        ("rows exchanged", lambda g_new, g_old, J, delta: np.array([J @ delta, g_new - g_old]),
         "The rows are exchanged: the finite change comes first."),
        ("finite twice", lambda g_new, g_old: np.array([g_new - g_old, g_new - g_old]),
         """Both rows are the finite change. The second is the straight line in delta: the
         derivative at x, times delta."""),
        ("infinitesimal twice", lambda J, delta: np.array([J @ delta, J @ delta]),
         """Both rows are the straight line. The first is the difference of two gradients, at
         x + delta and at x."""),
        ("new gradient alone", lambda g_new, J, delta: np.array([g_new, J @ delta]),
         "The first row is the gradient at the new place. Subtract the one at the old place."),
        ("pulls for changes",
         lambda g_new, g_old, J, delta: np.array([g_new, g_old + J @ delta]),
         """These are the gradients at the new place, the true one and what the straight line says.
         Asked are the changes: subtract the gradient at x from both."""),
        ("n of the notebook", lambda g_new, g_old, J, delta: (
            np.array([g_new - g_old, J @ delta]) / NOTEBOOK_N),
         """Yours is divided by 249: that is the `n` of the notebook. This is one point's own pull;
         no mean is in it, and no n."""),
        ("columns for rows",
         lambda g_new, g_old, J, delta: np.array([g_new - g_old, J @ delta]).T,
         "Yours has the two answers as columns. Asked are rows, (2, d)."),
        ("their difference", lambda g_new, g_old, J, delta: g_new - g_old - J @ delta,
         "This is the first row minus the second, what the line leaves out. Asked are both."),
        ("derived at the new place", lambda g_new, g_old, x, y, theta, delta: (
            np.array([g_new - g_old, mixed.mixed(x + delta, y, theta) @ delta])),
         """The second row derives at x + delta. The straight line touches where the point is now:
         at x."""),
    ),
)
def finite_and_infinitesimal(x, y, theta, delta):
    """Two rows, (2, d): the change of grad_theta L from x to x + delta, and its straight line."""
    there = x + delta
    q = 1 / (1 + np.exp(y * (x @ theta)))
    q_there = 1 / (1 + np.exp(y * (there @ theta)))
    finite = y * q * x - y * q_there * there
    return np.array([finite, -y * q * delta + q * (1 - q) * (theta @ delta) * x])
