"""13.7: an open question: which of these images have been changed?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from teachkit import datasets

from .. import Aim, exercise
from .._slips.logistic import fit, hessian, sigma

FOUND, ALARMS = 0.9, 0.1
_SETS = ((4, 8), (12, 8), (8, 32))  # seed, budget in 255ths


@dataclass(frozen=True)
class Delivery:
    """Images of 4s and 9s that somebody delivered, 40 of 200 changed, and trusted ones beside."""

    trusted: np.ndarray
    images: np.ndarray
    changed: np.ndarray
    budget: int

    @property
    def case(self) -> tuple[np.ndarray, np.ndarray]:
        return self.trusted, self.images


@cache
def deliveries() -> tuple[Delivery, ...]:
    """Three deliveries. Each changed image is pushed against another test image, in one step."""
    split = datasets.mnist(positive=4, negative=9, test_size=0.3)
    X, y = split.X_train[:, :784], split.y_train
    seen = X.max(axis=0) > 0
    Z, tests = X[:, seen], split.X_test[:, :784][:, seen]
    theta = fit(Z, y, 1e-3)
    weights = -split.y_test * sigma(-split.y_test * (tests @ theta))
    S = np.linalg.solve(hessian(Z, y, theta, 1e-3), tests.T * weights)  # H^-1 g of each test
    made = []
    for seed, budget in _SETS:
        random = np.random.default_rng(seed)
        order = np.argsort(random.random(len(y)))
        trusted, rows = order[:300], order[300:500]
        changed = np.zeros(200, dtype=bool)
        changed[np.argsort(random.random(200))[:40]] = True
        images = X[rows]
        for place, test in zip(np.flatnonzero(changed), range(40), strict=True):
            i, s = rows[place], S[:, test]
            q = sigma(-y[i] * (Z[i] @ theta))
            push = y[i] * q * s - q * (1 - q) * (Z[i] @ s) * theta
            levels = np.rint(255 * Z[i]) + budget * np.sign(push)
            images[place, seen] = np.clip(levels, 0, 255) / 255
        made.append(Delivery(X[trusted], images, changed, budget))
    return tuple(made)


def aims(trusted, images, answer):
    """Enough of the changed images, and few of the others."""
    said = _suspected(trusted, images, answer)
    if isinstance(said, str):
        return [Aim(False, said)]
    (delivery,) = (d for d in deliveries() if np.array_equal(d.images, images))
    found, alarms = _rates(said, delivery.changed)
    return [
        Aim(found >= FOUND,
            f"You find {found:.0%} of the images that were changed by {delivery.budget}/255 (at "
            f"least {FOUND:.0%})."),
        Aim(alarms <= ALARMS,
            f"You suspect {alarms:.0%} of those that nobody touched (at most {ALARMS:.0%})."
            + _why(said, delivery.changed)),
    ]  # fmt: skip


def _rates(said, changed):
    return float(said[changed].mean()), float(said[~changed].mean())


def _met(said, changed):
    found, alarms = _rates(said, changed)
    return found >= FOUND and alarms <= ALARMS


def _suspected(trusted, images, answer):
    """Who is suspected, as a mask (n,), or a sentence that says why the answer tells nobody."""
    n, array = len(images), np.asarray(answer)
    asked = f"Asked is a mask ({n},), or row numbers from 0 to {n - 1}."
    if array.ndim == 1 and array.size == 0:
        return np.zeros(n, dtype=bool)
    if array.dtype.kind not in "biuf":
        return f"These are no numbers. {asked}"
    if array.shape == (len(trusted),):
        return f"You judged `trusted`: your answer has an entry for each of its rows. {asked}"
    if array.shape == images.shape[1:]:
        return f"You have an entry for each pixel. Add over the pixels, `axis=1`. {asked}"
    if array.ndim == 2 and array.shape[1:] == images.shape[1:]:
        return f"You return images, or pixels of images. {asked}"
    if array.ndim != 1:
        return f"Your answer has the shape {array.shape}. {asked}"
    if not np.array_equal(array, np.round(array)):
        return f"These are numbers of the images, a score perhaps: compare it to a limit. {asked}"
    whole = array.astype(int)
    if len(whole) == n and set(np.unique(whole)) <= {0, 1}:
        return whole.astype(bool)
    if array.dtype.kind == "b":
        return f"Your mask has {len(whole)} entries. {asked}"
    if len(np.unique(whole)) < len(whole):
        return f"Some of your numbers are there twice, so they are counts and no rows. {asked}"
    if whole.min() < 0 or whole.max() >= n:
        first = "Perhaps they are counted from 1. " if whole.min() >= 1 and whole.max() == n else ""
        return f"Your row numbers go from {whole.min()} to {whole.max()}. {first}{asked}"
    said = np.zeros(n, dtype=bool)
    said[whole] = True
    return said


def _why(said, changed):
    """What else a glance at the verdict tells."""
    if said.all():
        return " You suspect all of them, perhaps by an order: nothing is left to train on."
    if not said.any():
        return " You suspect none, and some of them were changed."
    if _met(said, changed):
        return ""
    if _met(~said, changed):
        return " Turned round, yours would be right: these are the ones to keep."
    if _met(np.roll(said, -1), changed):
        return " Your row numbers are one too high: rows are counted from 0."
    return ""


def _faint(trusted, images):
    """How many pixels of each image are neither 0 nor clearly ink."""
    return ((images > 0) & (images < 0.14)).sum(axis=1)


def _above(score, share=0.97):
    """Suspects whose score is above that of this share of the trusted images."""
    return lambda trusted, images: np.flatnonzero(
        score(trusted, images) > np.quantile(score(trusted, trusted), share)
    )


def _below(score, share=0.03):
    return lambda trusted, images: np.flatnonzero(
        score(trusted, images) < np.quantile(score(trusted, trusted), share)
    )


def _from_the_mean(trusted, images):
    return ((images - trusted.mean(axis=0)) ** 2).sum(axis=1)


def _ink(trusted, images):
    return images.sum(axis=1)


def _nearest(trusted, images):
    squares = (images**2).sum(axis=1)[:, None] + (trusted**2).sum(axis=1) - 2 * images @ trusted.T
    return np.where(squares < 1e-9, np.inf, squares).min(axis=1)


@exercise(
    "13.7",
    "Your check",
    prompt="""You own a model that tells 4 from 9. Of `trusted`, (300, 784), you know where the
    images come from. `images`, (200, 784), were delivered by somebody else: scans of the same
    kind, pixels from 0 to 1, but in some of them each pixel was moved by up to a budget as an
    attack would. You do not know the budget, nor how many. Return which of them you would not
    train on, as a mask (200,) or as row numbers.

    There is no single right answer. Yours is tried on three deliveries: it should find 90% of
    the changed images and suspect at most 10% of the others.""",
    minutes=10,
    difficulty=2,
    cases=lambda: [delivery.case for delivery in deliveries()],
    judge=aims,
    seconds=20.0,
    hints=(
        """The change is small beside the digit. Where in an image of a digit is there nothing
        beside which it could hide?""",
        """Look at the values of the pixels: print `np.unique(255 * trusted[0])`, or a histogram of
        the pixels below 40/255, for a trusted image and for a delivered one. Make a number of it,
        one for each image.""",
        """How large may the number be? The trusted images tell: a quantile of theirs, such that few
        of them would be suspected.""",
    ),
    explanation="""The paper of a scan is mostly 0, and the attack turns much of it into faint grey
    that hardly any clean image has: count pixels that are neither 0 nor clearly ink, and set the
    threshold by the trusted images. Distances do not find it, for the change is far shorter than
    images of one digit are apart. And it is a check, no proof: who knows it moves ink alone. So one
    keeps several checks, and knows where one's data come from.""",
    mistakes=(
        ("far from the mean", _above(_from_the_mean),
         """You suspect images far from the mean of the trusted. The change is much shorter than
         clean images are from their mean: it is unusual writing that you find."""),
        ("far from the nearest", _above(_nearest),
         """You suspect images far from the nearest trusted one. Two clean images are further apart
         than the attack moves one."""),
        ("much ink", _above(_ink), _below(_ink),
         """You look at how much ink an image has. The attack moves pixels up and down, and
         thick and thin digits differ by far more."""),
    ),
)  # fmt: skip
def suspects(trusted, images):
    """Rows of images, (200, 784), not to train on; trusted is (300, 784)."""

    def faint(pixels):
        return ((pixels > 0) & (pixels < 0.14)).sum(axis=1)

    return np.flatnonzero(faint(images) > np.quantile(faint(trusted), 0.98))
