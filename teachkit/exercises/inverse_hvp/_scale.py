"""9.6: a scale that is safe when each step sees a few examples."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np

from .. import exercise, formula, part
from .._slips import hessian as of_hessian
from .._slips.logistic import any_point, risks


def _batches() -> list[tuple]:
    return [(X, theta, l2, batch) for X, _, theta, l2 in risks() for batch in (1, 2, 4)] + [
        (np.array([[0.3, 0.2], [2.0, -1.0], [-3.0, 0.5]]), np.array([0.2, -0.4]), 0.05, 2)
    ]


def _any_batch(draw):
    X, _, theta, l2, _ = any_point(draw)
    return X, theta, l2, draw.pick(1, 1, draw.whole(1, len(X)), len(X))


def _largest(of_each, batch, l2):
    return np.sort(of_each)[len(of_each) - batch :].mean() + l2


def _reached(X, theta, l2, batch):
    """The largest eigenvalue of any sample; of too many samples the bound itself."""
    c = (lambda s: s * (1 - s))(1 / (1 + np.exp(-X @ theta)))
    if comb(len(X), batch) > 300:
        return _largest(c * (X**2).sum(axis=1), batch, l2)
    samples = map(list, combinations(range(len(X)), batch))
    return l2 + max(np.linalg.eigvalsh((X[S].T * c[S]) @ X[S] / batch)[-1] for S in samples)


@exercise(
    "9.6",
    "A safe scale",
    prompt="""Logistic regression, R(theta) = (1/n) sum_i log(1 + e^(-y_i x_i'theta)) +
    l2/2 |theta|^2. In each step LiSSA multiplies by the Hessian of a sample: the mean over `batch`
    different examples of the Hessians of their losses, plus l2 I. A scale is safe if no sample has
    an eigenvalue above it. The largest eigenvalue of a sum is at most the sum of the largest
    eigenvalues. Return what follows from that: the mean of the `batch` largest eigenvalues of
    single examples' Hessians, plus l2.""",
    minutes=6,
    difficulty=2,
    cases=_batches,
    draw=_any_batch,
    hints=(
        """The Hessian of one loss is c x x' with a number c. It has one eigenvalue that is not 0:
        what is x x' times x?""",
        """c_i is the curvature s (1 - s) of the loss at x_i'theta, which does not depend on the
        label; the eigenvalue is c_i |x_i|^2. Which `batch` examples make the worst sample?""",
        """The worst sample holds the `batch` largest: their mean. `np.sort` puts the largest last,
        and l2 I adds l2 to every eigenvalue.""",
    ),
    explanation="""c_i x_i x_i' has the eigenvalue c_i |x_i|^2, so the worst sample of b examples
    has at most the mean of the b largest of these, plus l2. It is far more than the largest
    eigenvalue of H itself, which is a mean over all: the examples point in different directions.
    With a smaller scale a step may lengthen x; it need not blow up, and that is the danger.""",
    answer=formula(
        lambda c, squares, batch, l2: _largest(c * squares, batch, l2),
        c=of_hessian.CURVATURE.at(
            y=lambda X: np.ones(len(X)),
            without=("label in the curvature", "outer products", "one point alone",
                     "curvature lost"),
        ),
        squares=part(
            lambda X: (X**2).sum(axis=1),
            ("length for its square", lambda X: np.sqrt((X**2).sum(axis=1)),
             """|x| stands where |x|^2 belongs. x x' times x is x (x'x): the eigenvalue is the
             square of the length."""),
            ("largest entry of x", lambda X: (X**2).max(axis=1), lambda X: np.abs(X).max(axis=1),
             """You took the largest entry of x (or its square). The eigenvalue of x x' is x'x, the
             sum of all squares."""),
            ("mean over the features", lambda X: (X**2).mean(axis=1),
             "You have the mean of the squares of x. The eigenvalue of x x' is x'x, their sum."),
            ("x is not in it", lambda X: np.ones(len(X)),
             """This is the largest curvature c alone. The Hessian of a loss is c x x', whose
             eigenvalue is c |x|^2."""),
        ),
        l2=part(
            lambda l2: l2,
            ("no l2", lambda: 0.0,
             """The penalty is missing. It is whole in each sample, and adds l2 to every
             eigenvalue."""),
            ("2 l2", lambda l2: 2 * l2,
             "The Hessian of l2/2 |theta|^2 is l2 I, so l2 is added once."),
            ("l2/2", lambda l2: l2 / 2,
             """l2/2 |theta|^2 is derived twice, which brings a factor 2: l2 is added, not its
             half."""),
        ),
    ),
    mistakes=(
        ("c forgotten", lambda squares, batch, l2: _largest(squares, batch, l2),
         """c is missing: you have |x_i|^2 alone. The Hessian of a loss is c_i x_i x_i', with the
         curvature c_i = s (1 - s) of that example, which is at most 1/4."""),
        ("c is 1/4", lambda squares, batch, l2: _largest(squares / 4, batch, l2),
         """You put 1/4 for every c. That is safe, since no c exceeds 1/4, and larger than need be:
         a scale twice as large needs twice the depth. Asked is the one with each example's own c_i,
         s (1 - s)."""),
        ("c is squared", lambda c, squares, batch, l2: _largest(c**2 * squares, batch, l2),
         """c is squared, as it is if x is multiplied by c before its square is taken. c x x' has
         one c in it: its eigenvalue is c |x|^2."""),
        ("sorted apart",
         lambda c, squares, batch, l2: _largest(np.sort(c) * np.sort(squares), batch, l2),
         lambda c, squares, batch, l2: (
            np.sort(c)[len(c) - batch :].mean() * np.sort(squares)[len(c) - batch :].mean() + l2),
         """You sorted c and |x|^2 apart. They belong together, example by example: multiply first,
         and sort the products."""),
        ("the eigenvalue itself", _reached,
         """This is the largest eigenvalue that a sample really has, found by trying the samples.
         It is right and the best there is, and from a few hundred examples on nobody can try them
         all. Asked is what bounds it: the mean of the `batch` largest c |x|^2, plus l2."""),
        ("largest of H", lambda X, c, l2: (
            np.linalg.eigvalsh((X.T * c) @ X / len(X))[-1] + l2),
         """This is the largest eigenvalue of H, the mean over *all* examples. It is what a step
         with the whole H needs. A sample of a few can have far more."""),
        ("mean for the largest", lambda c, squares, l2: (c * squares).mean() + l2,
         """You took the mean over all examples. A sample may hold the worst of them: the mean of
         the `batch` largest."""),
        ("batch ignored", lambda c, squares, l2: (c * squares).max() + l2,
         """Right for single examples, and larger than need be for more: you took the largest of
         all, whatever `batch` is. A batch holds no example twice, so its mean is at most that of
         the `batch` largest."""),
        ("the largest over batch", lambda c, squares, batch, l2: (c * squares).max() / batch + l2,
         """You divided the largest by batch, as if the other examples of the batch had no
         curvature. In the worst sample they are the next largest."""),
        ("the sum of a batch", lambda c, squares, batch, l2: (
            np.sort(c * squares)[len(c) - batch :].sum() + l2),
         "You added up the largest ones. A sample is a mean: divide by batch."),
        ("the smallest", lambda c, squares, batch, l2: np.sort(c * squares)[:batch].mean() + l2,
         """You took the *smallest* ones: `np.sort` sorts upwards. The worst sample has the
         largest."""),
        ("the first of the batch", lambda c, squares, batch, l2: (c * squares)[:batch].mean() + l2,
         """You took the first `batch` examples as they stand in X. Any can be drawn: sort, and take
         the largest."""),
        ("the last one of them", lambda c, squares, batch, l2: (
            np.sort(c * squares)[len(c) - batch] + l2),
         """You took the `batch`-th largest alone. The worst sample's bound is the mean of those
         from it on."""),
        ("largest curvature and largest x", lambda c, squares, l2: c.max() * squares.max() + l2,
         """You multiplied the largest curvature by the largest |x|^2. They belong to different
         examples: large x are often far on their side, where c is small. Multiply first."""),
        ("l2 in the mean", lambda c, squares, batch, l2: (
            np.sort(c * squares)[len(c) - batch :].mean() + l2 / batch),
         "You divided l2 by batch, too. The penalty is whole in each sample."),
    ),
)
def safe_scale(X, theta, l2, batch):
    """The mean of the `batch` largest eigenvalues of single examples, plus l2, a number."""
    s = 1 / (1 + np.exp(-X @ theta))
    of_each = s * (1 - s) * (X**2).sum(axis=1)
    return np.sort(of_each)[len(X) - batch :].mean() + l2
