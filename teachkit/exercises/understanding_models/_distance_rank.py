"""12.3: how near each training image is, as a rank."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part
from .._engine.mistake import Clue


def _images() -> list[tuple]:
    X = np.array([[2.9, 2.4, -1.9], [3.4, 0.6, 0.0], [0.2, 0.3, 0.1], [-2.4, 1.1, 2.6],
                  [1.5, 1.2, -0.7], [-0.3, -2.2, 0.4]])  # fmt: skip
    Z = np.array([[2.0, -1.0], [-3.0, 0.5], [0.4, 0.6], [1.1, 4.0], [-0.7, -2.6], [5.0, 2.0],
                  [2.4, 1.9]])  # fmt: skip
    return [(X, np.array([1.2, 0.8, -0.2])), (Z, np.array([0.9, -1.4]))]


def _any_images(draw):
    n, d = draw.whole(1, 10), draw.whole(1, 4)
    X, x = draw.numbers(n, d), draw.numbers(d)
    gaps = np.diff(np.sort(_squares(X, x)))
    return None if n > 1 and gaps.min() < 1e-3 else (X, x)


def _on_a_line(rank):
    """Is it the ranking that is wrong, or the distance? Images of one pixel have but one."""
    X, x_test, right = np.array([[-3.0], [3.0], [5.0]]), np.array([2.0]), [3, 1, 2]
    found = np.ravel(rank(X, x_test))
    line = "Three images of one pixel, -3, 3 and 5, are 5, 1 and 3 away from a test image of 2"
    if not np.array_equal(found, right):
        yours = ", ".join(f"{rank:.4g}" for rank in found)
        return Clue(f"{line}. Their places are 3, 1, 2; yours are {yours}: it is the distance or "
                    "the ranking.")  # fmt: skip
    if all(np.array_equal(rank(*case), distance_rank.reference(*case)) for case in _images()):
        return f"{line}: their places are 3, 1, 2."
    return f"""{line}, and yours gives them their places, 3, 1, 2. So it ranks well. What it ranks
        by is another distance, where images have several pixels. (That its numbers are 1 to n
        says little: any ranking has those.)"""


def _squares(X, x):
    return ((X - x) ** 2).sum(axis=1)


DISTANCE = part(
    lambda X, x_test: _squares(X, x_test),
    ("sum of absolute differences", lambda X, x_test: abs(X - x_test).sum(axis=1),
     """You rank by the sum of |x - x_test|. The distance has squares: the two orders differ."""),
    ("differences added up", lambda X, x_test: (X - x_test).sum(axis=1),
     lambda X, x_test: abs((X - x_test).sum(axis=1)),
     """The differences are added up with their signs, so that brighter and darker pixels cancel.
     Square them before the sum."""),
    ("the smallest inner product", lambda X, x_test: X @ x_test,
     """You rank by the inner product, and the smallest x'x_test comes first: an image that is
     unlike, or dark. Rank by |x - x_test|."""),
    ("inner product", lambda X, x_test: -(X @ x_test),
     """You rank by the inner product: the largest x'x_test first. That is the nearest one only
     among images of the same length; a bright image wins it anywhere."""),
    ("angle",
     *(lambda X, x_test, c=c: c * (X @ x_test) / np.sqrt((X**2).sum(axis=1)) for c in (-1, 1)),
     """You rank by the angle between the images (the cosine). The distance counts their lengths,
     too."""),
    ("length", lambda X: (X**2).sum(axis=1),
     """This ranks by the length of each image alone: x_test is not in yours, or is one number that
     is subtracted from all, and so leaves the order. Take the difference of the images first, pixel
     by pixel, and then squares and their sum."""),
    ("the last pixel left out", lambda X, x_test: _squares(X[:, :-1], x_test[:-1]),
     """The last pixel is left out in yours. The distance has all columns of X: one that is the same
     everywhere, like a column of ones, adds nothing to it."""),
    ("the first pixel left out", lambda X, x_test: _squares(X[:, 1:], x_test[1:]),
     "The first pixel is left out in yours. The distance has all columns of X."),
    ("a row of X for x_test", *(lambda X, k=k: _squares(X, X[k]) for k in (0, -1)),
     """Yours is the distance from one row of X, the first or the last, and x_test is not in it.
     Asked is the distance from x_test."""),
    ("distance from the mean", lambda X: ((X - X.mean(axis=0)) ** 2).sum(axis=1),
     """x_test is not in yours: this ranks by the distance of each image from the mean of all
     training images."""),
    ("difference of the lengths", lambda X, x_test: abs(
        np.sqrt((X**2).sum(axis=1)) - np.sqrt((x_test**2).sum())),
     lambda X, x_test: abs((X**2).sum(axis=1) - (x_test**2).sum()),
     """You rank by how much the lengths of the two images differ. Take the difference of the images
     first, pixel by pixel, and the length of that."""),
    ("the 2 of the square", lambda X, x_test: (X**2).sum(axis=1) - X @ x_test,
     """You rank by |x|^2 - x'x_test. Multiplied out, the square of a difference has the product
     twice: |x - x_test|^2 = |x|^2 - 2 x'x_test + |x_test|^2."""),
    ("smallest difference", lambda X, x_test: abs(X - x_test).min(axis=1),
     """You rank by the smallest difference in one pixel. The distance has all pixels: squares, and
     their sum."""),
    ("one pixel", *(lambda X, x_test, k=k: abs(X - x_test)[:, k] for k in (0, -1)),
     """One pixel alone is in yours, the first or the last. The distance has all of them."""),
    ("roots of the differences", lambda X, x_test: np.sqrt(abs(X - x_test)).sum(axis=1),
     """You take the root of each difference and then the sum. It is the other way round: squares,
     their sum, and the root of that."""),
    ("largest difference", lambda X, x_test: abs(X - x_test).max(axis=1),
     """You rank by the largest difference in one pixel. The distance has all pixels: squares, and
     their sum."""),
)


@exercise(
    "12.3",
    "Rank by distance",
    prompt="""Return for each training image, the rows of `X`, (n, d), which place it has among all
    of them by its distance from `x_test`, (d,): 1 for the nearest, n for the farthest.""",
    minutes=4,
    difficulty=1,
    cases=_images,
    draw=_any_images,
    remark=_on_a_line,
    hints=(
        "The squared distance has the same order as the distance: no root is needed.",
        """`order = np.argsort(distances)` says who is first, second, ... Asked is the inverse: the
        place of image 0, of image 1, ...""",
        "`ranks[order] = np.arange(1, n + 1)` writes each one's place, or sort `order` once more.",
    ),
    explanation="""An order names the images, nearest first; a rank stands at the image. They are
    inverse permutations, and `argsort` of `argsort` is the second. Why ranks: what is a small
    distance differs from test image to test image. A rank of 27 of 700 means the same for each.""",
    answer=formula(
        lambda D: np.argsort(np.argsort(D, kind="stable"), kind="stable") + 1, D=DISTANCE
    ),
    mistakes=(
        ("from the farthest", lambda D: len(D) - np.argsort(np.argsort(D)),
         "Yours gives 1 to the farthest. The nearest is 1: sort the distances and not minus them."),
        ("from 0", lambda D: np.argsort(np.argsort(D)),
         "Yours counts from 0, as Python does. The nearest has rank 1: add 1."),
        ("the order", lambda D: np.argsort(D),
         lambda D: np.argsort(D) + 1, lambda D: np.argsort(-D), lambda D: np.argsort(-D) + 1,
         """This is the order: who is first, who second. A rank stands at the image: which place has
         image 0? `argsort` once more."""),
        ("distances", lambda D: D, lambda D: np.sqrt(abs(D)),
         "These are distances. Asked is which place each of them has among all, from 1 to n."),
        ("as they come", lambda D: np.arange(1, len(D) + 1), lambda D: np.sort(D),
         """Yours are in order as they come. A rank stands at its image: the first number belongs to
         image 0, wherever that has its place."""),
        ("share", lambda D: (np.argsort(np.argsort(D)) + 1) / len(D),
         "You divided by n: a share. Asked is the place itself, 1 to n."),
    ),
)
def distance_rank(X, x_test):
    """Ranks by distance from x_test, (n,): 1 for the nearest row of X (n, d)."""
    distances = ((X - x_test) ** 2).sum(axis=1)
    return np.argsort(np.argsort(distances)) + 1
