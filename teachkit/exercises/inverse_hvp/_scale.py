"""9.6: a scale that is safe when each step sees a few examples."""

from __future__ import annotations

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


@exercise(
    "9.6",
    "A safe scale",
    prompt="""Logistic regression, R(theta) = (1/n) sum_i log(1 + e^(-y_i x_i'theta)) +
    l2/2 |theta|^2. In each step LiSSA multiplies by the Hessian of a sample: the mean over `batch`
    different examples of the Hessians of their losses, plus l2 I. A scale is safe if no sample has
    an eigenvalue above it. Return the largest eigenvalue that a sample of one example can have; and
    for larger batches what no sample exceeds, since the largest eigenvalue of a sum is at most the
    sum of the largest eigenvalues.""",
    minutes=6,
    difficulty=2,
    cases=_batches,
    draw=_any_batch,
    hints=(
        """The Hessian of one loss is c x x' with a number c. It has one eigenvalue that is not 0:
        what is x x' times x?""",
        """c_i is the curvature s (1 - s) of the loss at x_i'theta, which does not depend on the
        label; the eigenvalue is c_i |x_i|^2. Which `batch` examples make the worst sample?""",
        "l2 I adds l2 to every eigenvalue. `np.sort` puts the largest last.",
    ),
    explanation="""c_i x_i x_i' has the eigenvalue c_i |x_i|^2, so the worst sample of b examples
    has at most the mean of the b largest of these, plus l2. It is far more than the largest
    eigenvalue of H itself, which is a mean over all: the examples point in different directions.
    With a smaller scale a step may lengthen x; it need not blow up, and that is the danger.""",
    answer=formula(
        lambda c, squares, batch, l2: _largest(c * squares, batch, l2),
        c=of_hessian.CURVATURE.at(
            y=lambda X: np.ones(len(X)),
            without=("label in the curvature", "outer products", "one point alone"),
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
    """What no eigenvalue of a sample's Hessian exceeds, a number; X is (n, p), theta is (p,)."""
    s = 1 / (1 + np.exp(-X @ theta))
    of_each = s * (1 - s) * (X**2).sum(axis=1)
    return np.sort(of_each)[len(X) - batch :].mean() + l2
