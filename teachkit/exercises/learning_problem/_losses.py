"""2.1 and 2.2: a loss for labels and a loss for numbers, both with a part that costs nothing."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part


def _scored() -> list[tuple]:
    # Margins below 0, between 0 and 1, and above 1, for both labels.
    score = np.array([0.4, -0.7, 2.3, -1.8, -0.2, 1.6])
    return [  # labels are whole numbers in some data and numbers with a point in other
        (score, np.array([1, -1, 1, 1, -1, -1])),
        (score[::-1] - 0.3, np.array([-1.0, -1.0, 1.0, -1.0, 1.0, 1.0])),
    ]


def _any_scored(draw):
    n = draw.whole(1, 7)
    score = draw.numbers(n, low=-2.5, high=2.5)
    score[draw.index(n)] = draw.pick(0.0, 1.0, -1.0, draw.number())  # on the kink, and at 0
    y = np.array([draw.pick(-1.0, 1.0) for _ in range(n)])
    return score, draw.pick(y, y.astype(int))


@exercise(
    "2.1",
    "The hinge loss",
    prompt="""`score` holds the values f(x_i) of a classifier, also called its *scores*, `y` the
    labels, -1 or +1; both are (n,). Return the hinge losses (1 - y f)_+ of all points, (n,). The
    index + means: where what is in the brackets is negative, take 0.""",
    minutes=3,
    difficulty=1,
    cases=_scored,
    draw=_any_scored,
    hints=(
        """A point with y f = 3 is on the right side and far from the boundary. What should it cost?
        And what does 1 - y f say?""",
        """`np.maximum` compares two arrays, or an array and a number, entry by entry.""",
    ),
    explanation="""y f is the margin: positive on the right side. From margin 1 on a point costs
    nothing; below, it costs 1 for each unit that is lacking. The hinge is never below the 0-1 loss,
    and unlike that it is convex and has slopes by which one can descend.""",
    answer=formula(
        lambda margin, outer: outer(margin),
        margin=part(
            lambda score, y: y * score,
            ("label ignored", lambda score: score,
             """The label is not in it: a score of 3 costs nothing, be the point positive or
             negative. What counts is the margin y f, positive where sign and label agree."""),
            ("labels 0 and 1", lambda score, y: (y + 1) / 2 * score,
             """You have turned the labels into 0 and 1. Every negative point then has the margin 0
             and costs 1, whatever its score. The formula is made for -1 and +1."""),
            ("sign of the score", lambda score, y: y * np.sign(score),
             """You took the sign of the score. The hinge loss asks not only for the right side but
             for a margin of 1: how large the score is matters."""),
        ),
        outer=lambda: lambda margin: np.maximum(0, 1 - margin),
    ),
    mistakes=(
        ("no positive part", lambda margin: 1 - margin,
         """There are negative losses among yours: a point far on the right side would earn
         something. The + at the bracket takes 0 in their place."""),
        ("perceptron", lambda margin: np.maximum(0, -margin),
         """The 1 is missing: this is the loss of the perceptron, 0 for everything on the right
         side. The hinge asks for a margin of 1."""),
        ("absolute value", lambda margin: np.abs(1 - margin),
         """You took the absolute value. A point with margin 3 would cost 2 for being too right; the
         positive part makes that 0."""),
        ("squared", lambda margin: np.maximum(0, 1 - margin) ** 2, lambda margin: (1 - margin) ** 2,
         """There is a square in yours. The slides have that too, as the square loss (1 - y f)^2;
         the hinge loss grows along a straight line."""),
        ("0-1 loss", lambda margin: 1.0 * (margin <= 0), lambda margin: 1.0 * (margin < 1),
         """Yours is 0 or 1. The hinge says how much is lacking: 1 - y f where positive."""),
        ("at most 1", lambda margin: np.clip(1 - margin, 0, 1),
         """Yours never exceeds 1. A point far on the wrong side costs more and more; without that
         the loss would not be convex."""),
        ("the mean", lambda margin: np.maximum(0, 1 - margin).mean(),
         lambda margin: np.maximum(0, 1 - margin).sum(),
         """This is the mean (or the sum) of the losses, one number. Asked are the losses
         themselves, one for each point."""),
        ("the right side is free", lambda margin: np.where(margin > 0, 0, 1 - margin),
         """In yours all is free on the right side of the boundary, and a loss jumps there from 1 to
         0. The hinge asks for a margin of 1: between 0 and 1 a point still pays what it lacks."""),
        ("the bracket round the margin", lambda margin: 1 - np.maximum(0, margin),
         """The positive part is taken of y f alone, before it is subtracted. It belongs around all
         of 1 - y f."""),
        ("logistic loss", lambda margin: np.logaddexp(0, -margin),
         """This is the logistic loss, log(1 + exp(-y f)): no bend, and nothing is quite free. The
         hinge is a straight line down to 0, and 0 from there."""),
        ("one maximum for all", lambda margin: max(0.0, (1 - margin).max()),
         """`np.max` looks for the largest number of an array. `np.maximum(0, ...)` compares each
         entry with 0."""),
    ),
)
def hinge(score, y):
    """The hinge losses of scores, (n,), for labels y of -1 and +1, (n,)."""
    return np.maximum(0, 1 - y * score)


def _fitted() -> list[tuple]:
    # Residuals within eps and beyond it, to both sides.
    f = np.array([1.2, -0.6, 2.9, 0.1, -1.7, 3.3])
    return [
        (f, f + np.array([0.2, -0.4, 1.9, -1.3, 0.7, -2.2]), 0.5),
        (f[::-1], f + np.array([0.3, 1.1, -0.6, 2.4, -0.1, -1.2]), 1.4),
        (f, np.array([2, -1, 3, -1, 0, 3]), 0.4),  # targets may be whole numbers
    ]


def _any_fitted(draw):
    n = draw.whole(1, 7)
    f = draw.numbers(n)
    eps = draw.pick(0.0, draw.number(0.1, 2.0), draw.number(0.1, 2.0))
    y = f + draw.numbers(n, low=-3.0, high=3.0)
    y[draw.index(n)] = draw.pick(0.0, 1.0)
    return f, draw.pick(y, y, np.round(y).astype(int)), eps


@exercise(
    "2.2",
    "A tube that costs nothing",
    prompt="""`f` holds predictions and `y` targets, both (n,). Return Vapnik's epsilon-insensitive
    losses (|f - y| - eps)_+, (n,): a prediction that is off by no more than eps costs nothing, and
    any other costs what exceeds eps.""",
    minutes=3,
    difficulty=1,
    cases=_fitted,
    draw=_any_fitted,
    hints=(
        """Draw the loss over the residual f - y: where is it 0, and where does it begin to rise?
        Does it jump there?""",
        """Three steps from the inside out: how far off, how much of that is beyond eps, and nothing
        where it is not.""",
    ),
    explanation="""Within eps nothing is paid; beyond, only what exceeds it, so that the loss has no
    jump. With eps = 0 it is the absolute loss.""",
    answer=formula(
        lambda off, beyond: beyond(off),
        off=part(
            lambda f, y: np.abs(f - y),
            ("no absolute value", lambda f, y: f - y, lambda f, y: y - f,
             """Half of the errors are free: without the absolute value only predictions that are
             too high (or only those too low) cost anything."""),
            ("difference of sizes", lambda f, y: np.abs(np.abs(f) - np.abs(y)),
             """You compare the sizes of f and y. A prediction of 2 for -2 is off by 4: first the
             difference, then its absolute value."""),
            ("squared", lambda f, y: (f - y) ** 2,
             """You squared the residual. Vapnik's loss grows along a straight line: the absolute
             value, less eps."""),
        ),
        beyond=lambda eps: lambda off: np.maximum(0, off - eps),
    ),
    mistakes=(
        ("no positive part", lambda off, eps: off - eps,
         """There are negative losses among yours: what lies within the tube costs 0, and not less.
         (Where every residual exceeds eps you would not have noticed.)"""),
        ("dead zone", lambda off, eps: np.where(off > eps, off, 0),
         """Yours jumps at eps: just inside a residual is free, just outside it costs eps. Beyond
         the tube only the part that exceeds eps is paid."""),
        ("squared at the end", lambda off, eps: np.maximum(0, off - eps) ** 2,
         "Right, and then squared. The loss itself is what exceeds eps, to the first power."),
        ("at least eps", lambda off, eps: np.maximum(eps, off),
         """Yours is never below eps: `np.maximum(eps, ...)` raises small residuals to eps. They
         cost 0; first take eps off, then compare with 0."""),
        ("two values within", lambda off, eps: np.abs(off - eps),
         """You took the absolute value twice: a perfect prediction would cost eps. The second time
         it is the positive part."""),
        ("a constant beyond", lambda off, eps: 1.0 * (off > eps),
         """Yours counts the residuals beyond eps. Asked is by how much they exceed it."""),
        ("eps as a share", lambda off, eps, y: np.maximum(0, off - eps * np.abs(y)),
         lambda off, eps: off * (1 - eps), lambda off, eps: np.maximum(0, off * (1 - eps)),
         """You took eps as a share, of y or of the residual. It is a distance, the same for all
         points, and it is subtracted."""),
        ("the tube costs something", lambda off, eps: np.where(off > eps, off - eps, off),
         """Beyond the tube yours is right. Within it you charge the residual, and there nothing is
         paid: a residual of at most eps costs 0."""),
        ("no absolute value outside", lambda off, eps, f, y: np.where(off > eps, f - y - eps, 0),
         lambda off, eps, f, y: np.where(off > eps, y - f - eps, 0),
         """Which points pay, you ask of |f - y|; what they pay has lost the absolute value, and
         comes out negative on one side."""),
        ("eps taken off first", lambda f, y, eps: np.abs(f - y - eps),
         lambda f, y, eps: np.abs(y - f - eps),
         """You took eps off before the absolute value: that moves the middle of the tube to one
         side, and leaves no tube. First |f - y|, then eps off, then the positive part."""),
        ("squared outside", lambda off, eps: np.where(off > eps, off**2, 0),
         """Beyond the tube you charge the square of the residual. What is paid is the part of |f -
         y| that exceeds eps, to the first power."""),
        ("the mean", lambda off, eps: np.maximum(0, off - eps).mean(),
         lambda off, eps: np.maximum(0, off - eps).sum(),
         """This is the mean (or the sum) of the losses, one number. Asked are the losses
         themselves, one for each point."""),
    ),
)
def epsilon_insensitive(f, y, eps):
    """The epsilon-insensitive losses of predictions f, (n,), for targets y, (n,)."""
    return np.maximum(0, np.abs(f - y) - eps)
