"""13.4: which training images can do most within a budget."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part


def _rates() -> list[tuple]:
    a = np.array([
        [0.9, -1.1, 0.6, -0.8], [2.0, 0.1, -0.1, 0.2], [-0.5, -0.6, -0.4, -0.7],
        [1.3, -1.4, -0.9, 1.0], [0.3, 0.2, 0.4, 0.1], [-1.5, 0.2, 0.1, -1.1], [0.7, 0.6, 0.9, 0.8],
    ])  # fmt: skip
    b = np.array([[0.2, -2.9, 0.3], [1.4, 1.1, -1.3], [-0.9, -0.8, -1.0], [2.1, -0.2, 0.1],
                  [0.5, 0.4, -0.6], [-1.6, 1.5, 0.6]])  # fmt: skip
    many = np.outer(np.arange(1, 2000) * 761 % 1999, [0.2, -0.1, 0.05]) / 100  # not yet in order
    many[::3] *= -1
    return [(a, 3), (b, 2), (-a[::-1], 4), (b[::-1], 3), (a, 1), (many, 900)]


def _any_rates(draw):
    n = draw.whole(1, 9)
    rates = draw.numbers(n, draw.whole(1, 5))
    sums = np.sort(np.abs(rates).sum(axis=1))
    if n > 1 and np.diff(sums).min() < 1e-6:
        return None
    return rates, draw.whole(1, n)


@exercise(
    "13.4",
    "Which images?",
    prompt="""`rates`, (n, d), holds I_pert,loss of each training image: how fast the test loss
    rises with each of its pixels. An attack moves each pixel of k images by the same budget, up
    or down. Return the k rows with which it raises the test loss most, to first order, the best
    first.""",
    minutes=4,
    difficulty=2,
    cases=_rates,
    draw=_any_rates,
    hints=(
        "If image i may be changed by 1 in each pixel, by how much does the loss rise at best?",
        """A pixel with a negative rate moves down and gains as much as one with a positive rate
        that moves up. So what does an image gain in all?""",
        "`np.argsort` sorts from the smallest: sort minus the score, and take `[:k]`.",
    ),
    explanation="""Each pixel gives budget |rate|, so an image gives budget times the sum of the
    absolute rates, over n. For an owner this is a list of the images to look at first: what nobody
    could use for an attack needs no second look.""",
    answer=formula(
        lambda scores, k: np.argsort(-scores)[:k],
        scores=part(
            lambda rates: np.abs(rates).sum(axis=1),
            ("signed sum", lambda rates: rates.sum(axis=1),
             """You add the rates with their signs, and ups and downs cancel. The attack chooses the
             direction of each pixel: add the absolute values."""),
            ("size of the signed sum", lambda rates: np.abs(rates.sum(axis=1)),
             """You add first and take the absolute value then: that is for an image all of whose
             pixels move together. Each moves its own way: first abs, then the sum."""),
            ("largest pixel", lambda rates: np.abs(rates).max(axis=1),
             "You look at the largest pixel alone. All pixels may move: add them."),
            ("2-norm", lambda rates: (rates**2).sum(axis=1),
             """You sort by the length of the rates: that is the gain where the 2-norm of the
             change is limited. Here each pixel is: the sum of the absolute values."""),
            ("positive rates alone", lambda rates: np.maximum(rates, 0).sum(axis=1),
             lambda rates: (rates * (rates > 0)).sum(axis=1),
             """You count the positive rates alone. A pixel with a negative rate is moved down, and
             the loss rises as well: add the absolute values."""),
            ("negative rates alone", lambda rates: np.maximum(-rates, 0).sum(axis=1),
             """You count the negative rates alone. A pixel with a positive rate is moved up, and
             the loss rises as well: add the absolute values."""),
            ("smallest signed sum", lambda rates: -rates.sum(axis=1),
             """You sort by the sum of the rates with their signs, from the smallest. Ups and downs
             cancel in it: add the absolute values, and sort from the largest."""),
            ("spread", lambda rates: rates.std(axis=1), lambda rates: rates.std(axis=1, ddof=1),
             lambda rates: np.ptp(rates, axis=1),
             """You sort by how much the rates of an image spread. An image whose rates are all
             alike and large can do much: add the absolute values."""),
            ("median", lambda rates: np.median(np.abs(rates), axis=1),
             """You sort by the median of the sizes. All pixels move at once, and what they gain
             adds up: take the sum."""),
            ("smallest pixel", lambda rates: np.abs(rates).min(axis=1),
             "You look at the smallest rate alone. All pixels may move: add them."),
            ("least of all", lambda rates: -np.abs(rates).sum(axis=1),
             """These are the images with which one can do least. argsort puts the smallest
             first: sort minus the score."""),
        ),
    ),
    mistakes=(
        ("worst first", lambda scores, k: np.argsort(-scores)[:k][::-1],
         lambda scores, k: np.argsort(scores)[-k:],
         "The right images in the opposite order: the best comes first."),
        ("in the order of X", lambda scores, k: np.sort(np.argsort(-scores)[:k]),
         "The right images, sorted by their row. The best comes first."),
        ("all of them", lambda scores: np.argsort(-scores),
         "You return all images in their order. The first k are asked for: `[:k]`."),
        ("the gains", lambda scores, k: -np.sort(-scores)[:k],
         "These are the gains. Asked are the rows that have them: `np.argsort`."),
        ("a mask", lambda scores, k: scores >= np.sort(scores)[-k],
         lambda scores, k: 1.0 * (scores >= np.sort(scores)[-k]),
         """This is a mask of the images. Asked are their rows, the best first: a mask has no
         order."""),
        ("not in order", lambda scores, k: np.argpartition(-scores, k - 1)[:k],
         lambda scores, k: np.argpartition(scores, -k)[-k:],
         """The right images, and not from the best to the worst: `np.argpartition` finds the k
         largest and leaves their order open. Sort them."""),
        ("counted from 1", lambda scores, k: np.argsort(-scores)[:k] + 1,
         "Yours are one too high: rows are counted from 0."),
        ("pixels for images", lambda rates, k: np.argsort(-np.abs(rates).sum(axis=0))[:k],
         """You add over the images and sort the pixels. The score of an image is the sum over its
         pixels: `axis=1`."""),
        ("one more", lambda scores, k: np.argsort(-scores)[: k + 1],
         "You return one image more than k."),
        ("ranks", lambda scores, k: np.argsort(np.argsort(-scores))[:k],
         "These are ranks of the first k images. Asked are the k images with the first ranks."),
    ),
)  # fmt: skip
def choose_images(rates, k):
    """The k rows of rates, (n, d), that can do most, best first, (k,)."""
    scores = np.abs(rates).sum(axis=1)
    return np.argsort(-scores)[:k]
