"""12.6: an open question: which of two models explains by nearness?"""

from __future__ import annotations

from functools import cache

import numpy as np

from teachkit import datasets
from teachkit.risks import frozen_features

from .. import Aim, exercise
from .._slips.logistic import fit, hessian, sigma
from ._features import kernel

ALIKE, APART = 1.3, 1.5
_NAMES = ("neither", "the first model", "the second model")
_TRUTHS = (
    "the first is a kernel machine, which knows distances only, the other a network",
    "the second is a kernel machine, which knows distances only, the other a network",
    "the two are one network's features with two penalties",
    """the two are a kernel machine and a network, but here the ranks are those of another
    distance, how far to the left the ink stands, by which neither of them goes""",
    "the two are kernel machines with two penalties: both go by nearness, one as much as the other",
)


def _influences(F, y, F_test, y_test, l2):
    """I_up,loss of each training image (n) on each test image (t), (t, n)."""
    theta = fit(F, y, l2)
    G = -(y * sigma(-y * (F @ theta)))[:, None] * F
    g = -(y_test * sigma(-y_test * (F_test @ theta)))[:, None] * F_test
    return -g @ np.linalg.solve(hessian(F, y, theta, l2), G.T)


@cache
def pairs() -> tuple[tuple[int, tuple], ...]:
    """(which of the two explains by nearness, the case): 240 images and five times some others.

    The first pair has fewer test images than the strongest that one looks at. Where neither model
    goes by nearness the first and the last test image look as if one did.
    """
    split = datasets.mnist(4, 9, test_size=0.3)
    X, y, Z, y_test = split.X_train[:240], split.y_train[:240], split.X_test, split.y_test
    L = np.linalg.cholesky(_kernel(X, X))
    on_kernel = np.linalg.solve(L, _kernel(X, Z)).T
    rbf, stiffer = (_influences(L, y, on_kernel, y_test, l2) for l2 in (1e-3, 2e-3))
    F, F_test = frozen_features(X), frozen_features(Z)
    network, other = (_influences(F, y, F_test, y_test, l2) for l2 in (1e-3, 3e-3))
    ranks = _ranked(np.array([((X - z) ** 2).sum(axis=1) for z in Z]))
    left = _ranked(abs(_middle(X) - _middle(Z)[:, None]).round(9))
    nine, two = slice(9), slice(40, 80)
    three = _odd_ends(network, other, ranks, (*range(80, 120), *range(160, 200)))
    four, five = _odd_ends(rbf, network, left, range(120, 160)), slice(200, 240)
    return (
        (1, (rbf[nine], network[nine], ranks[nine])),
        (2, (60 * network[two], rbf[two], ranks[two])),
        (0, (network[three], 40 * other[three], ranks[three])),
        (0, (rbf[four], 30 * network[four], left[four])),
        (0, (rbf[five], 20 * stiffer[five], ranks[five])),
    )


def _ranked(distances):
    """Ranks from 1 in each row."""
    order = np.argsort(distances, axis=1, kind="stable")
    return np.argsort(order, axis=1, kind="stable") + 1


def _middle(X):
    """At which column the ink of each image has its centre."""
    ink = X[:, :784].reshape(-1, 28, 28).sum(axis=1)
    return ink @ np.arange(28.0) / ink.sum(axis=1)


def _odd_ends(first, second, ranks, rows):
    """These test images, with those at both ends that by themselves tell the models apart most."""
    rows = np.array(rows)
    near, far = (
        np.median(np.take_along_axis(ranks, np.argsort(-abs(a), axis=1)[:, :10], axis=1), axis=1)
        for a in (first, second)
    )
    return rows[np.argsort((near / far)[rows], kind="stable")]


def _kernel(A, B):
    return np.array([kernel(a[None], B, 0.03)[0] for a in A])


def aims(first, second, ranks, answer):
    """The model that goes by nearness is named, and numbers of the right kind show it."""
    ((place, right),) = (
        (k, model) for k, (model, case) in enumerate(pairs()) if np.array_equal(case[0], first)
    )
    named, a, b = (float(np.real_if_close(value)) for value in answer)
    if named not in (0, 1, 2):
        raise ValueError(f"its first entry is {named:g}, and 0, 1 or 2 is needed")
    small, large = min(a, b), max(a, b)
    kind = bool(np.isfinite([a, b]).all() and small > 0)
    names, turned = {a, b} <= {1.0, 2.0}, named != 0 and a != b and (1 if a < b else 2) != named
    about = (
        "these are numbers of models, and no measures" if names
        else f"""you name {_NAMES[int(named)]} and its number is the larger: yours grows with
        nearness, or the two are exchanged""" if turned
        else "both above 0; nearer is smaller"
    )  # fmt: skip
    ratio = large / small if kind else float("nan")
    smaller = 1 if a < b else 2
    shown = (ratio < ALIKE) if named == 0 else (ratio >= APART and smaller == named)
    said = (
        f"the larger is {ratio:.3g} times the smaller" if kind else "they have no ratio to go by"
    )
    wanted = (
        f"less than {ALIKE} if you name neither"
        if named == 0
        else f"at least {APART}, and the smaller at the model that you name"
    )
    return [
        Aim(named == right,
            f"You name {_NAMES[int(named)]}; {' '.join(_TRUTHS[place].split())}."),
        Aim(kind and not (names or turned),
            f"Your numbers are {a:.4g} and {b:.4g} ({' '.join(about.split())})."),
        Aim(bool(shown), f"Do they support what you say? Of them {said} ({wanted})."),
    ]  # fmt: skip


def _claim(a, b):
    if max(a, b) < 1.4 * min(a, b):
        return 0, a, b
    return (1 if a < b else 2), a, b


def _by(measure):
    """Names the model whose measure, of influences and ranks, is the smaller."""
    return lambda first, second, ranks: _claim(measure(first, ranks), measure(second, ranks))


def _of(ranks, who):
    return float(np.median(np.take_along_axis(ranks, who, axis=1)))


def _correlation(influences, ranks):
    return float(np.mean([
        abs(np.corrcoef(abs(row), near)[0, 1]) for row, near in zip(influences, ranks, strict=True)
    ]))  # fmt: skip


@exercise(
    "12.6",
    "Which of the two goes by nearness?",
    prompt="""Two models, the same n training images, m test images. `first` and `second`, (m, n),
    hold I_up,loss of every training image on every test image; `ranks`, (m, n), the place of each
    training image by a distance, 1 for the nearest. Find a measure of how far away the
    images are that a model goes by. Return three numbers: 1 or 2 for the model that explains by
    nearness, or 0 if the two do not differ in that, then your measure of the first and of the
    second, smaller for nearer.

    There is no single right measure. Yours is tried on five pairs of models. Where a model is
    named, the larger number should be at least 1.5 times the smaller one, and less than 1.3 times
    where none is. The influences of two models need not have the same scale.""",
    minutes=9,
    difficulty=2,
    cases=lambda: [case for _, case in pairs()],
    judge=aims,
    seconds=20.0,
    hints=(
        """A model goes by the images whose influence is large, of either sign. Where do *these*
        stand in the order of distances?""",
        """`np.argsort(-abs(first), axis=1)[:, :10]` names the ten strongest for each test image,
        and `np.take_along_axis(ranks, ..., axis=1)` says how near they are.""",
        """One number from all those ranks: their median, say. By chance it would be about n/2. When
        are two such numbers alike, and when apart?""",
    ),
    explanation="""The median rank of the ten strongest is one measure. A share is another: how much
    of the sum of |I| comes from the farther half. Both depend on no scale. A correlation of
    |I| with the distance, over all images, tells less: most images have next to no
    influence, and where these stand decides it. What none of the measures says is *why* a model
    goes by what it goes by.""",
    mistakes=(
        ("least influential", _by(lambda a, ranks: _of(ranks, np.argsort(abs(a), axis=1)[:, :10])),
         """You look at the images of the least influence. `argsort` puts the smallest first: sort
         minus the absolute values."""),
        ("their numbers for their ranks", _by(lambda a, ranks: float(
            np.median(np.argsort(-abs(a), axis=1)[:, :10]))),
         """You take the indices of the strongest images as if they were ranks. They say who it is;
         how near it is says `ranks` at that place."""),
        ("no influence in it", _by(lambda a, ranks: float(ranks.mean())),
         """Your measure does not depend on the influences: it is the same for every model."""),
        ("how large", _by(lambda a, ranks: float(abs(a).mean())),
         lambda first, second, ranks: _claim(float(abs(second).mean()), float(abs(first).mean())),
         """You compare how large the influences are. Their scale depends on the loss, on the
         penalty and on units; how near the influential images are it does not say."""),
        ("the first images", _by(lambda a, ranks: float(np.median(ranks[:, :10]))),
         """You look at the first images as they come. The strongest ones are to be found in each
         row of influences."""),
        ("test images for training images", _by(lambda a, ranks: float(np.median(
            np.take_along_axis(ranks, np.argsort(-abs(a), axis=0)[:10], axis=0)))),
         """You sort along axis 0: that finds, for each training image, the test images on which it
         acts most. Asked is by which training images a model goes: for each test image, a row, the
         strongest along axis 1."""),
        ("one test image",
         *(_by(lambda a, ranks, k=k: _of(ranks[[k]], np.argsort(-abs(a[[k]]), axis=1)[:, :10]))
           for k in (0, -1)),
         """You look at one test image alone. What holds of it need not hold of the others: here
         those at both ends are unusual. Take all rows together."""),
        ("rows turned",
         *(_by(lambda a, ranks, c=c: _of(ranks, np.argsort(c * abs(a), axis=1)[::-1][:, :10]))
           for c in (1, -1)),
         """`[::-1]` turns the rows about, and so the test images: each gets the order of another.
         The order within each row is turned by `[:, ::-1]`, or sort minus the values."""),
        ("how many different", _by(lambda a, ranks: 1 / len(
            np.unique(np.argsort(-abs(a), axis=1)[:, :10]))),
         """You count how many different images are among the strongest. The ranks are not in it: a
         model may go by many images, or by few, and these may be near or far."""),
        ("larger for nearer", _by(_correlation),
         """Your measure is a correlation: it grows with nearness. And it counts all images, most of
         which have next to no influence. Look where the strongest stand."""),
    ),
)  # fmt: skip
def by_nearness(first, second, ranks):
    """(1, 2 or 0, measure of the first, of the second); all arrays are (m, n)."""

    def far(influences):
        strongest = np.argsort(-abs(influences), axis=1)[:, :10]
        return np.median(np.take_along_axis(ranks, strongest, axis=1))

    a, b = far(first), far(second)
    if max(a, b) < 1.4 * min(a, b):
        return 0, a, b
    return (1 if a < b else 2), a, b
