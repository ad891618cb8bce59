"""Exercises of lesson 00: one point of a mean, removed exactly and predicted."""

from __future__ import annotations

import numpy as np

from . import better, exercise, quiz, right

LESSON = "00"
TITLE = "Start here"


def _points_and_index() -> list[tuple]:
    # Six numbers with a repeated one, and an index at each of its two places.
    x = np.array([2.0, 5.0, 3.0, 5.0, -1.0, 7.0])
    return [(x, 1), (x, 4), (x, 3), (np.array([0.5, 4.0, -2.5, 1.0, 4.0, 8.0, 2.0]), 5)]


def _any_points_and_index(draw):
    x = draw.numbers(draw.whole(2, 9))
    return draw.repeated(x) if draw.chance(0.3) else x, draw.index(len(x))


@exercise(
    "0.1",
    "The mean without one point",
    prompt="""Write the mean of all the numbers in `x` but the one at index `i`. Nothing is
    predicted here: this is the exact answer, what later lessons call retraining.""",
    minutes=3,
    difficulty=1,
    cases=_points_and_index,
    draw=_any_points_and_index,
    hints=(
        "When one number leaves, two things change: the sum, and how many numbers share it.",
        "Which sum is left if you know `x.sum()` and `x[i]`? Which count, if you know `len(x)`?",
    ),
    explanation="""The sum loses x[i], and n - 1 numbers are left. `np.delete(x, i).mean()` says the
    same. Both go by the index: if the same value stands in x twice, only one of the two leaves.""",
    mistakes=(
        ("old n", lambda x, i: (x.sum() - x[i]) / x.size,
         """Your number is a little too close to 0: you took x[i] out of the sum and then divided by
         the old n. Only n - 1 numbers are left to share that sum."""),
        ("by value", lambda x, i: x[x != x[i]].mean(),
         """Right as long as x[i] occurs once. Where the same value stands in x twice, you removed
         both. Remove by index, not by value: two equal points are still two points."""),
        ("old mean", lambda x, i: x.mean(),
         """This is the mean of all the numbers, the one at index i included. Take x[i] out of the
         sum, and out of the count."""),
        ("sum", lambda x, i: x.sum() - x[i],
         "This is the sum of the others. Their mean is this sum divided by how many there are."),
        ("old sum", lambda x, i: x.sum() / (x.size - 1),
         "The count is right, n - 1, but x[i] is still in the sum."),
        ("shift",
         lambda x, i: (x.mean() - x[i]) / (x.size - 1),
         lambda x, i: (x.mean() - x[i]) / x.size,
         lambda x, i: (x[i] - x.mean()) / (x.size - 1),
         lambda x, i: (x[i] - x.mean()) / x.size,
         """This is how far the mean moves, which comes in the next exercise. Here the new mean
         itself is asked for: where it is without x[i]."""),
        ("mean of two means", lambda x, i: (x[:i].mean() + x[i + 1 :].mean()) / 2,
         """This is the mean of two means: of what stands before x[i], and of what stands behind it.
         The shorter part counts as much as the longer one, so its numbers count for more."""),
    ),
)
def mean_without(x, i):
    """Mean of the numbers x, shape (n,), without the one at index i."""
    return (x.sum() - x[i]) / (x.size - 1)


@exercise(
    "0.2",
    "Predict the shift of the mean",
    prompt="""Predict how far the mean moves when the number at index `i` leaves, to first order in
    1/n and without computing a new mean: minus 1/n times x[i] - mean, sign included.""",
    minutes=4,
    difficulty=1,
    cases=_points_and_index,
    draw=_any_points_and_index,
    hints=(
        """Think of the mean as balanced on its numbers. If a number above it leaves, which way does
        the mean go?""",
        """Every number carries the weight 1/n. How hard does x[i] pull? As hard as it is far from
        the mean.""",
    ),
    explanation="""The pull of a point on the mean is its distance x[i] - mean; its weight is 1/n;
    taking it away turns the sign. This is an influence function, the first of the course: the exact
    shift has n - 1 for n, so the prediction is short by the factor (n - 1)/n.""",
    mistakes=(
        ("sign", "-1",
         """It is what happens when x[i] gets more weight. Here it leaves: a number above the mean
         that leaves lets the mean fall."""),
        better("exact", "n/(n - 1)",
               """This is the exact shift, with 1/(n - 1): the new mean minus the old one, to the
               last digit. The task asks for the linear prediction, which has 1/n. The factor
               between the two is what this course looks at again and again."""),
        ("no 1/n", "n",
         """The direction is right and the size is n times too large. Each number has only the share
         1/n in the mean."""),
        ("parentheses",
         lambda x, i: -(x[i] - x.mean() / x.size),
         lambda x, i: -x[i] - x.mean() / x.size,
         lambda x, i: -x[i] / x.size - x.mean(),
         lambda x, i: -x[i] - x.mean(),
         """A pair of parentheses is missing. Python divides before it subtracts, and a minus in
         front belongs to the first term alone: -(x[i] - mean), all of it divided by n."""),
        ("distance from 0", lambda x, i: -x[i] / x.size,
         """You measured x[i] from 0. A number that stands exactly at the mean does not move it,
         wherever 0 is: measure from the mean."""),
        ("new mean",
         lambda x, i: x.mean() - (x[i] - x.mean()) / x.size,
         lambda x, i: (x.sum() - x[i]) / (x.size - 1),
         """This is where the mean goes. The task asks how far it moves: the new one minus the old
         one."""),
        ("distance from the median", lambda x, i: -(x[i] - np.median(x)) / x.size,
         "You measured x[i] from the median. It is the mean that moves: measure from the mean."),
        ("distance",
         lambda x, i: -abs(x[i] - x.mean()) / x.size, lambda x, i: abs(x[i] - x.mean()) / x.size,
         """The size is right. But the sign of x[i] - mean matters: a number below the mean that
         leaves lets the mean rise, and one above it lets it fall."""),
    ),
)
def predict_shift(x, i):
    """Predicted change of the mean of x, shape (n,), when the number at index i leaves."""
    return -(x[i] - x.mean()) / x.size


def _one_far_point() -> list[tuple]:
    # The farthest from the mean is: the smallest, the largest, the one nearest to 0, again the
    # smallest, and one that is not the farthest from the median.
    return [
        (np.array([11.0, 13.0, 3.0, 12.0, 10.0, 14.0]),),
        (np.array([1.0, 9.0, 2.0, 0.0, 1.5, -3.0]),),
        (np.array([-12.0, -11.0, -13.0, -2.0, -10.0, -11.5]),),
        (np.array([3.0, 1.0, 4.0, -20.0, 2.0, 5.0]),),
        (np.array([9.0, 11.0, 11.0, 3.0, 0.0, 19.0]),),
    ]


def _any_sample(draw):
    x = draw.numbers(draw.whole(3, 9)) + draw.pick(0, 0, 20, -20)
    x = draw.repeated(x) if draw.chance(0.3) else x
    second, first = np.sort(np.abs(x - x.mean()))[-2:]
    return (x,) if first > second + 1e-3 else None  # which of two equally far ones is nobody's slip


def _used(most) -> str:
    x = np.array([6.0, 4.0, 5.0, -1.0])
    place = most(x)
    if isinstance(place, float):
        return f"One remark: yours is a float, and x[{place}] raises an error. An index is an int."
    moved = np.delete(x, place).mean() - x.mean()
    return (
        f"Measured with yours on 6, 4, 5, -1: without x[{int(place)}] = {x[place]:g} the mean "
        f"moves by {moved:+.2g}."
    )


@exercise(
    "0.3",
    "The most influential point",
    prompt="Return the index of the number whose removal moves the mean of `x` most, up or down.",
    minutes=4,
    difficulty=1,
    cases=_one_far_point,
    draw=_any_sample,
    hints=(
        "You know how far each removal moves the mean. Which part of that formula depends on i?",
        """Up or down counts alike. What do you do with a number when only its size matters, and
        which NumPy function gives the place of the largest?""",
    ),
    explanation="""The shift is -(x[i] - mean)/n, so the farthest from the mean moves it most, on
    either side. Neither the largest number nor the one farthest from 0 need be it.""",
    mistakes=(
        ("largest value", lambda x: int(np.argmax(x)),
         """This is the place of the largest number. One that lies far below the others pulls the
         mean as hard: look at the distance from the mean, on both sides."""),
        ("signed shift", lambda x: int(np.argmin(x)),
         """This finds the removal that moves the mean up most, the smallest number. A removal that
         moves it down counts as much: compare sizes, without the sign."""),
        ("distance from 0", lambda x: int(np.argmax(np.abs(x))),
         """This is the number farthest from 0. If all numbers lie near 100, one at 50 moves the
         mean most: measure the distance from the mean."""),
        ("distance from the median", lambda x: int(np.argmax(np.abs(x - np.median(x)))),
         """This is the number farthest from the median. It is the mean that moves here, by about
         -(x[i] - mean)/n: the distance from the mean decides. The two may lie apart."""),
        ("least influential", lambda x: int(np.argmin(np.abs(x - x.mean()))),
         "This is the number nearest to the mean: its removal moves the mean least."),
        ("value", lambda x: x[np.argmax(np.abs(x - x.mean()))],
         """You found the right number and returned its value. The task asks for its place:
         np.argmax gives it."""),
        ("size of the shift",
         lambda x: np.abs(x - x.mean()).max() / x.size,
         lambda x: np.abs(x - x.mean()).max() / (x.size - 1),
         lambda x: np.abs(x - x.mean()).max(),
         lambda x: max((x.mean() - x) / x.size, key=abs),
         lambda x: max((x.mean() - x) / (x.size - 1), key=abs),
         lambda x: max(x - x.mean(), key=abs),
         """You returned how large the effect is. The task asks for which point: np.argmax instead
         of the maximum."""),
        ("largest new mean", lambda x: int(np.argmax(np.abs((x.sum() - x) / (x.size - 1)))),
         """This is the point without which the mean lies farthest from 0. It is the way that the
         mean goes which counts: the new mean minus the old one."""),
    ),
    remark=_used,
)
def most_influential(x):
    """Index of the number in x, shape (n,), whose removal moves the mean most."""
    return int(np.argmax(np.abs(x - x.mean())))


ratio = quiz(
    "start_here.ratio",
    "A mean of $n$ numbers: by which factor is the exact shift larger than the predicted one?",
    ("1: they are equal", "The prediction has $1/n$, and only $n - 1$ numbers are left."),
    right("$n/(n - 1)$",
          r"""The exact shift is $-(x_i - \bar x)/(n - 1)$, the predicted one $-(x_i - \bar x)/n$.
          The factor tends to 1 as $n$ grows."""),
    ("$(n - 1)/n$", "That is the factor turned over: the prediction is the smaller of the two."),
    ("it depends on the number removed",
     r"""$x_i - \bar x$ stands in both formulas and cancels. For a mean the factor is the same for
     every point; for a fitted model it will not be."""),
)

greyed = quiz(
    "start_here.greyed",
    "You grey out a point in a widget. What happens to it?",
    ("It is deleted, and the data set has $n - 1$ points.",
     "It stays where it is, and $n$ stays $n$: nothing is deleted."),
    ("It is hidden, and still counts.",
     "With weight 0 it does not count: the model is fitted again without it."),
    right("Its weight goes from 1 to 0, and $n$ stays the same.",
          """A weight is something one can turn back, and turn a little. Influence functions ask
          what happens when one turns it a little."""),
)
