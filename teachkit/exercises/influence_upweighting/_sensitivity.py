"""7.1: the sensitivity curve, an influence function before any Hessian."""

from __future__ import annotations

import numpy as np

from .. import exercise


def _statistics() -> list[tuple]:
    # No z is a whole number, so that one cut off to an integer shows.
    x = np.array([1.0, 4.0, 2.5, -0.5, 3.0, 7.0])
    return [
        (np.mean, x, 9.4),
        (np.median, x, 2.8),
        (np.std, x, -4.3),
        (np.mean, np.array([2.0, -1.0, 5.0, 0.5]), -3.6),
    ]


def _any_statistic(draw):
    x = draw.numbers(draw.whole(1, 9))
    return draw.pick(np.mean, np.median, np.std, np.max), x, draw.number(-9.0, 9.0)


@exercise(
    "7.1",
    "The sensitivity curve",
    prompt="""A statistic `T` takes an array and returns a number. Write how much it changes when
    the point `z` joins the n numbers in `x`, per unit of the weight that z gets. Among n + 1
    numbers that weight is 1/(n + 1).""",
    minutes=5,
    difficulty=1,
    cases=_statistics,
    draw=_any_statistic,
    hints=(
        "Compute T twice: with z among the numbers and without. `np.append(x, z)` is the first.",
        """A change per unit of weight is a change divided by a weight. Among how many numbers is z
        one?""",
    ),
    explanation="""T(x, z) - T(x) is the effect of one point, and it shrinks like the weight
    1/(n + 1) of that point. Divided by the weight it stays: for the mean it is z - mean, unbounded
    in z; for the median it is bounded, however far z is.""",
    mistakes=(
        ("no factor", lambda T, x, z: T(np.append(x, z)) - T(x),
         """This is the change itself, and it goes to 0 as n grows. Divide it by the weight of z,
         1/(n + 1), and it says something about T alone."""),
        ("n + 2 for n + 1", lambda T, x, z: (len(x) + 2) * (T(np.append(x, z)) - T(x)),
         """You multiplied by n + 2. When z is in `x`, `len(x)` counts it already."""),
        ("divided by n + 1", lambda T, x, z: (T(np.append(x, z)) - T(x)) / (len(x) + 1),
         """You divided by n + 1. The weight of z is 1/(n + 1), and to divide by that is to multiply
         by n + 1."""),
        ("z not there", lambda T, x, z: 0.0,
         """Yours is 0: T is taken of the same numbers twice. `np.append(x, z)` leaves x as it is;
         the longer array is what it returns."""),
        ("append of a list", lambda T, x, z: x.append(z),
         "Lists have an `append`, arrays have none: `np.append(x, z)` gives a longer one."),
        ("n for n + 1", lambda T, x, z: len(x) * (T(np.append(x, z)) - T(x)),
         """You multiplied by n. Once z has joined there are n + 1 numbers, so its weight is
         1/(n + 1)."""),
        ("replaces a point",
         lambda T, x, z: (len(x) + 1) * (T(np.append(x[:-1], z)) - T(x)),
         lambda T, x, z: len(x) * (T(np.append(x[:-1], z)) - T(x)),
         lambda T, x, z: (len(x) + 1) * (T(np.append(x[1:], z)) - T(x)),
         lambda T, x, z: len(x) * (T(np.append(x[1:], z)) - T(x)),
         """In yours z takes the place of another point, and the answer depends on which one had to
         go. Here z joins: n points before, n + 1 after."""),
        ("the mean's own", lambda T, x, z: z - T(x), lambda T, x, z: z - np.mean(x),
         """This is the answer for the mean alone, or worked out by hand for it. T may be any
         statistic: call it twice, with z among the numbers and without."""),
        ("T of z alone", lambda T, x, z: T(np.array([z])) - T(x),
         lambda T, x, z: (len(x) + 1) * (T(z) - T(x)),
         """T(z) is the statistic of z alone. What changes is that z joins the n numbers in x:
         T(np.append(x, z))."""),
        ("added to every number", lambda T, x, z: (len(x) + 1) * (T(x + z) - T(x)),
         """`x + z` adds z to every number. z joins them: `np.append(x, z)`."""),
        ("sign", "-1", "It is with z minus without z, in this order."),
        ("no difference", lambda T, x, z: (len(x) + 1) * T(np.append(x, z)),
         """This is n + 1 times the value with z. Take the value without z away from it first."""),
    ),
)
def sensitivity(T, x, z):
    """(n + 1) times the change of the statistic T when z joins x, shape (n,)."""
    return (len(x) + 1) * (T(np.append(x, z)) - T(x))
