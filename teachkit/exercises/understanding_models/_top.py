"""12.2: the most helpful and the most harmful training images."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula

KINDS = ("helpful", "harmful")


def _scores() -> list[tuple]:
    first = np.array([0.3, -2.1, 1.7, 0.9, -0.6, -3.4, 2.8, 0.1, -1.2])
    return [
        (first, 3, "helpful"),
        (first, 3, "harmful"),
        (np.array([-0.8, 2.5, -4.1, 0.7, 1.9, -1.5, -0.2]), 4, "helpful"),
        (np.array([-0.8, 2.5, -4.1, 0.7, 1.9, -1.5, -0.2]), 2, "harmful"),
        (np.array([0.5, -1.3, 2.2, 1.1, -0.4]), 3, "helpful"),
    ]


def _any_scores(draw):
    if draw.chance(0.15):  # so many that a partition does not sort them by the way
        n = draw.whole(100, 200)
        return 0.2 * np.array(draw.order(n)) - 2.85, draw.whole(2, n), draw.pick(*KINDS)
    n = draw.whole(1, 12)
    scores = draw.numbers(n)
    if n > 1 and min(np.diff(np.sort(scores)).min(), np.diff(np.sort(abs(scores))).min()) < 0.01:
        return None
    return scores, draw.whole(1, n), draw.pick(*KINDS)


def _signed(kind):
    return -1 if kind == "harmful" else 1


@exercise(
    "12.2",
    "Helpful and harmful",
    prompt="""`influences`, (n,), holds I_up,loss(z_i, z_test) of every training image. Return the
    indices of the k most helpful images if `kind` is "helpful", and of the k most harmful ones if
    it is "harmful": the strongest first. Helpful is whose removal makes the test loss
    larger. Where fewer than k are of that kind the order goes on: k come back in any case.""",
    minutes=4,
    difficulty=1,
    cases=_scores,
    draw=_any_scores,
    hints=(
        """I_up,loss is what *more* weight does to the test loss. What sign has it for an image that
        helps?""",
        "`np.argsort` sorts from the smallest on. Which of the two kinds is at that end?",
        "`np.argsort(-influences)` begins at the other end; `[:k]` takes the first k.",
    ),
    explanation="""Up is upweighting. An image that helps pulls the loss down when it counts more:
    I_up,loss < 0. Its removal is -1/n of that, a rise. So the most helpful images come first in
    the rising order of I, the most harmful ones in the falling one. The largest |I| are both
    kinds together: the most *influential*.""",
    answer=formula(lambda influences, k, kind: np.argsort(_signed(kind) * influences)[:k]),
    mistakes=(
        ("helpful and harmful exchanged",
         lambda influences, k, kind: np.argsort(-_signed(kind) * influences)[:k],
         """Helpful and harmful are exchanged. I_up,loss > 0 means that *more* weight makes the loss
         larger: that image harms. Yours reads it as the effect of a removal."""),
        ("absolute values", lambda influences, k: np.argsort(-abs(influences))[:k],
         """These are the most influential ones of either sign: `abs` makes helpful and harmful
         alike."""),
        ("smallest of all", lambda influences, k: np.argsort(abs(influences))[:k],
         """These are the images of least influence: sorted by |I|, from the smallest on."""),
        ("always the helpful", lambda influences, k: np.argsort(influences)[:k],
         """`kind` makes no difference in yours: you always return the most helpful ones."""),
        ("always the harmful", lambda influences, k: np.argsort(-influences)[:k],
         """`kind` makes no difference in yours: you always return the most harmful ones."""),
        ("always the harmful, the strongest last",
         lambda influences, k: np.argsort(influences)[-k:],
         """`kind` makes no difference in yours: you always return the most harmful ones, and the
         strongest of them last."""),
        ("weakest first", lambda influences, k, kind: (
            np.argsort(_signed(kind) * influences)[:k][::-1]),
         lambda influences, k, kind: (np.argsort(influences)[:k] if kind == "helpful"
                                      else np.argsort(influences)[-k:]),
         lambda influences, k, kind: (np.argsort(-influences)[-k:] if kind == "helpful"
                                      else np.argsort(-influences)[:k]),
         """The right images, and the strongest comes last. `argsort(...)[-k:]` ends with it: turn
         it, or sort minus the values and take `[:k]`."""),
        ("the other end", lambda influences, k, kind: (
            np.argsort(_signed(kind) * influences)[-k:]),
         """`[-k:]` takes the end of the order, where the others stand. `argsort` puts the smallest
         first: the most helpful are at the beginning of the rising order."""),
        ("only those of the kind", lambda influences, k, kind: [
            i for i in np.argsort(_signed(kind) * influences) if _signed(kind) * influences[i] < 0
        ][:k],
         """Where fewer than k are of the kind you return fewer. Asked are k in any case: the order
         goes on with those that are nearest to it. No sign needs to be looked at."""),
        ("unsorted", lambda influences, k, kind: np.sort(
            np.argsort(_signed(kind) * influences)[:k]),
         """The right images, in the order in which they come. Asked is the strongest first."""),
        ("values", lambda influences, k, kind: (
            influences[np.argsort(_signed(kind) * influences)[:k]]),
         """These are the influences themselves. Asked is which images: their indices, from
         `argsort`."""),
        ("places among those left", lambda influences, k, kind: np.argsort(
            (_signed(kind) * influences)[_signed(kind) * influences < 0])[:k],
         """These are places within the images that you kept, and not in `influences`: once some are
         taken out, the counting begins anew. Sort all of them, or keep the indices beside."""),
        ("all of them", lambda influences, kind: np.argsort(_signed(kind) * influences),
         "This is the order of all images. `[:k]` ends it."),
        ("one fewer", lambda influences, k, kind: (
            np.argsort(_signed(kind) * influences)[: k - 1]),
         "One is missing: the first k are `[:k]`."),
        ("ranks", lambda influences, k, kind: (
            np.argsort(np.argsort(_signed(kind) * influences))[:k]),
         """These are ranks of the first k images, from `argsort` of `argsort`. Asked is who stands
         in front: `argsort` once."""),
    ),
)
def top(influences, k, kind):
    """Indices of the k most "helpful" or "harmful" images, the strongest first, (k,)."""
    if kind == "helpful":
        return np.argsort(influences)[:k]
    return np.argsort(-influences)[:k]
