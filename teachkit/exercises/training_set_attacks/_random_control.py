"""13.3: the control: the same images, the same budget, random signs."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part


def _controls() -> list[tuple]:
    X = np.array([[0.3, 0.95, 0.5, 0.04], [0.02, 0.6, 0.44, 0.91], [0.7, 0.15, 0.98, 0.36],
                  [0.55, 0.4, 0.03, 0.8], [0.99, 0.25, 0.65, 0.48]])  # fmt: skip
    two = np.array([[1, 1, -1, -1], [-1, 1, 1, 1]])
    three = np.array([[-1, 1, -1, -1], [1, -1, 1, -1], [1, 1, 1, -1]])
    return [
        (X, np.array([3, 1]), two, 0.1),
        (X, np.array([2, 4, 0]), three, 0.12),
        (X[:3, 1:], np.array([2, 1]), -two[:, :3], 0.2),
    ]


def _any_control(draw):
    n, d = draw.whole(1, 6), draw.whole(1, 5)
    X = draw.numbers(n, d, low=0.0, high=1.0)
    images = np.array(draw.order(n)[: draw.whole(1, n)])
    signs = np.array([[draw.pick(-1, 1) for _ in range(d)] for _ in images])
    return X, images, signs, draw.number(0.02, 0.3)


def _put(X, images, rows):
    X = X.copy()
    X[images] = rows
    return X


@exercise(
    "13.3",
    "A fair control",
    prompt="""An attack has changed the training images `images`, a list of k rows of X, (n, d), by
    at most `budget` in each pixel. Would any noise of this size have done? Make the control:
    `signs`, (k, d), are random, -1 or 1, a row for each of these images. Move each of their pixels
    by the whole budget along its sign, but not below 0 or above 1. Return all of X, (n, d), with
    the other rows as they were.""",
    minutes=4,
    difficulty=1,
    cases=_controls,
    draw=_any_control,
    hints=(
        "In what should the control be like the attack, and in what not?",
        """The same images and the same size; only the signs are chance. Begin with a copy of X:
        whoever called keeps the clean images.""",
        "`X[images] + budget * signs` are the k rows; clip them, and put them into the copy.",
    ),
    explanation="""A control differs in one thing from what it controls, here in the signs. With
    fewer images, or with new signs at each step (the steps then cancel, and the image stays near
    its start), the attack would look better than it is.""",
    answer=formula(
        lambda X, images, rows: _put(X, images, rows),
        rows=part(
            lambda X, images, signs, budget: np.clip(X[images] + budget * signs, 0, 1),
            ("not clipped", lambda X, images, signs, budget: X[images] + budget * signs,
             "Some of your pixels are below 0 or above 1. Clip them: those of the attack are."),
            ("not clipped below", lambda X, images, signs, budget: np.minimum(
                X[images] + budget * signs, 1),
             "Some of your pixels are below 0. Clip at both ends."),
            ("not clipped above", lambda X, images, signs, budget: np.maximum(
                X[images] + budget * signs, 0),
             "Some of your pixels are above 1. Clip at both ends."),
            ("budget not used", lambda X, images, signs: np.clip(X[images] + signs, 0, 1),
             "The signs are added as they are, and all pixels end at 0 or 1. Times the budget."),
            ("one row of signs", lambda X, images, signs, budget: np.clip(
                X[images] + budget * signs[0], 0, 1),
             """All images move by the first row of signs. Each has its own row: noise that is the
             same in all images does not average out."""),
            ("2-norm of the budget", lambda X, images, signs, budget: np.clip(
                X[images] + budget * signs / np.sqrt(signs.shape[1]), 0, 1),
             """Your noise has the budget as its 2-norm and is far smaller than the attack,
             which moves each pixel by up to the budget."""),
            ("against the signs", lambda X, images, signs, budget: np.clip(
                X[images] - budget * signs, 0, 1),
             "Yours has the opposite signs. As chance that is as good, but asked is +."),
            ("noise alone", lambda signs, budget: budget * signs,
             lambda signs, budget: np.clip(budget * signs, 0, 1),
             "In yours the noise takes the place of the images. It is added to them."),
            ("half the budget", lambda X, images, signs, budget: np.clip(
                X[images] + budget / 2 * signs, 0, 1),
             """Your pixels move by half of the budget. The attack may use all of it, so a fair
             control does as well."""),
            ("what goes too far stays", lambda X, images, signs, budget: np.where(
                np.abs(X[images] + budget * signs - 0.5) <= 0.5, X[images] + budget * signs,
                X[images]),
             """A pixel that would leave 0 to 1 does not move at all in yours. It goes as far as it
             may: to 0 or to 1."""),
        ),
    ),
    mistakes=(
        ("fewer images", lambda X, images, rows: _put(X, images[:1], rows[:1]),
         """Only one image is changed in yours. A control with fewer images than the attack
         makes the attack look better than it is."""),
        ("the first rows", lambda X, images, signs, budget: _put(
            X, np.arange(len(images)), np.clip(X[: len(images)] + budget * signs, 0, 1)),
         "You change the first k rows of X. `images` says which: the same as in the attack."),
        ("sorted", lambda X, images, signs, budget: _put(
            X, np.sort(images), np.clip(X[np.sort(images)] + budget * signs, 0, 1)),
         "Row j of `signs` belongs to image `images[j]`, in this order."),
        ("the rows alone", lambda rows: rows,
         "These are the changed rows. The model is trained on all of X: return that."),
        ("the changes", lambda X, images, rows: _put(X, images, rows) - X,
         lambda X, images, rows: rows - X[images], lambda X, images, signs, budget: budget * signs,
         lambda X, images, signs, budget: _put(0 * X, images, budget * signs),
         "These are the changes. Return X with them."),
        ("in the opposite order", lambda X, images, rows: _put(X, images[::-1], rows),
         lambda X, images, signs, budget: _put(
             X, images[::-1], np.clip(X[images[::-1]] + budget * signs, 0, 1)),
         lambda X, images, signs, budget: _put(
             X, images, np.clip(X[images[::-1]] + budget * signs, 0, 1)),
         "Row j of `signs` belongs to image `images[j]`. Yours take them from the other end."),
        ("all rows", lambda X, signs, budget: np.clip(
            X + budget * np.resize(signs, X.shape), 0, 1),
         lambda X, signs, budget: np.clip(X + budget * signs[0], 0, 1),
         "You move all rows of X. The control changes the images that the attack has changed."),
        ("not changed", lambda X: X,
         """X comes back as it was. `X[images]` makes a copy: what is written into that does not
         reach X."""),
    ),
)  # fmt: skip
def random_control(X, images, signs, budget):
    """X, (n, d), with the rows `images` moved by the budget along their signs, (k, d)."""
    moved = X.copy()
    moved[images] = np.clip(X[images] + budget * signs, 0, 1)
    return moved
