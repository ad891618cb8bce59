"""5.3: which step for the central difference?"""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part


def _cases() -> list[tuple]:
    w, v = np.array([1.4, -2.1, 0.8]), np.array([0.8, 2.4, -1.2])  # |v| = 2.8
    small, wide = float(np.finfo(np.float64).eps), float(np.finfo(np.float32).eps)
    return [(w, v, small), (w, 1e-6 * v, small), (0.3 * w, v, wide), (20 * w, 0.2 * v, small)]


def _any_step(draw):
    p = draw.whole(1, 6)
    w, v = draw.numbers(p) * draw.pick(0.0, 1.0, 1.0, 100.0), draw.numbers(p)
    return (w, v, draw.pick(2.0**-52, 2.0**-23, 2.0**-10)) if np.abs(v).max() > 0.1 else None


def _size(x):
    return np.linalg.norm(x)


def _lengths(measured):
    """Slips in the length |x|; measured(size) is the part with size(x) in its place."""
    return (
        ("squared length", measured(lambda x: x @ x),
         "A length is squared in yours, or both are. v @ v is the square of |v|; take its root."),
        ("entry by entry", measured(abs), measured(lambda x: x),
         """Yours is a vector: abs works entry by entry, as a division by a vector does. |w| and |v|
         are lengths, one number each: np.linalg.norm."""),
        ("sum of the entries", measured(lambda x: abs(x).sum()), measured(lambda x: x.sum()),
         """You added up the entries. |w| and |v| are lengths, the root of the sum of the squares:
         np.linalg.norm."""),
        ("root mean square", measured(lambda x: np.sqrt((x @ x) / len(x))),
         "You took the root of the *mean* of the squares. A length is the root of their sum."),
        ("last entry", measured(lambda x: abs(x[-1])),
         """Only the last entry is in a length of yours: does a loop put each square in the place of
         the sum, where it should be added?"""),
        ("largest entry", measured(lambda x: abs(x).max()), measured(max),
         """You took the largest entry. |w| and |v| are lengths, the root of the sum of the squares:
         np.linalg.norm."""),
    )


@exercise(
    "5.3",
    "A step for the central difference",
    prompt="""Return a good r for the central difference at `w` along `v`, when numbers have the
    relative spacing `eps`: the distance gone, r |v|, is to be the cube root of eps times
    1 + |w|.""",
    minutes=3,
    difficulty=1,
    cases=_cases,
    draw=_any_step,
    hints=(
        """How far from w does the step r v lead? Write down that this length equals what is asked,
        and solve for r.""",
        "|.| is the length of a vector: np.linalg.norm. The cube root: np.cbrt.",
    ),
    explanation="""r |v| = eps^(1/3) (1 + |w|): the truncation error grows like (r|v|)^2 and the
    rounding error like eps/(r|v|), and they balance near the cube root of eps. 1 + |w| stands for
    the scale of w, and |v| is divided out: with |v| = 1e-6, r has to be a million times larger.""",
    answer=formula(
        lambda root, scale, length: root * scale / length,
        root=part(
            lambda eps: np.cbrt(eps),
            ("square root", lambda eps: np.sqrt(eps),
             """The square root of eps is for the *forward* difference, whose error grows like r.
             That of the central one grows like r^2, so it can afford a longer step: the cube
             root."""),
            ("eps itself", lambda eps: eps,
             """eps itself is far too small: at that distance the two gradients differ in their last
             digit only. Take its cube root."""),
            ("a third of eps", lambda eps: eps / 3,
             """eps**1/3 is a third of eps: ** binds before /. The cube root is eps ** (1 / 3), or
             np.cbrt(eps)."""),
            ("0.33 for 1/3", lambda eps: eps**0.33, lambda eps: eps**0.333,
             "0.33 is not a third, and eps is so small that it shows: eps ** (1 / 3)."),
            ("the cube", lambda eps: eps**3, "This has the cube of eps. Take its cube root."),
            ("no eps", lambda eps: 1.0,
             """eps is not in your r, or came out as 1: `1 // 3` is 0, a whole number, and eps ** 0
             is 1. Take its cube root, eps ** (1 / 3)."""),
            ("eps of float64", lambda: np.cbrt(np.finfo(np.float64).eps),
             """Right for float64 only: yours does not use the eps that is handed in. float32 has a
             larger one, and needs a longer step."""),
        ),
        scale=part(
            lambda w: 1 + _size(w),
            ("no 1 + |w|", lambda: 1.0,
             """The scale of w is missing. w itself is rounded to eps |w|, so far from the origin a
             step has to be longer to be seen: times 1 + |w|."""),
            ("|w| without 1", lambda w: _size(w),
             "1 + |w|, not |w| alone: at w = 0 yours would be a step of length 0."),
            ("the larger of 1 and |w|", lambda w: max(1, _size(w)),
             "max(1, |w|) for the scale of w is in use as well, and as good. Asked is 1 + |w|."),
            ("|1 + w|", lambda w: _size(1 + w),
             "1 was added to every entry of w. The scale is 1 plus the length: 1 + |w|."),
            *_lengths(lambda size: lambda w: 1 + size(w)),
        ),
        length=part(
            lambda v: _size(v),
            ("no |v|", lambda: 1.0,
             """|v| is missing. That is harmless for |v| near 1; for |v| = 1e-6 the step goes almost
             nowhere and drowns in rounding. Divide by |v|: what counts is the distance r |v|."""),
            ("times |v|", lambda v: 1 / _size(v),
             """You multiplied by |v|. The longer v, the smaller r has to be for the same distance r
             |v|: divide."""),
            ("1 + |v|", lambda v: 1 + _size(v),
             "The 1 belongs to |w| alone. The distance gone is r |v|: divide by |v|."),
            *_lengths(lambda size: lambda v: size(v)),
        ),
    ),
    mistakes=(
        ("the distance", lambda root, scale, length, v: root * scale * v / length,
         "This is the whole step r v, a vector. Asked is the number r."),
        ("w and v exchanged", lambda root, w, v: root * (1 + _size(v)) / _size(w),
         "w and v have changed places: 1 + |w| is the scale of w, and |v| is divided out."),
        ("all under the root",
         lambda eps, scale, length: np.cbrt(eps * scale / length),
         lambda eps, scale, length: np.cbrt(eps * scale) / length,
         "The root is of eps alone: close its bracket there, np.cbrt(eps) * ..."),
        ("no brackets",
         lambda root, length, w: root * 1 + _size(w) / length,
         lambda root, length, w: root + _size(w) / length,
         """Brackets are missing: eps^(1/3) multiplies the whole of (1 + |w|). As it stands r is
         about |w|/|v|, a step as long as w."""),
    ),
)
def step(w, v, eps):
    """The r with r |v| = cbrt(eps) (1 + |w|); w and v are (p,), eps is the number format's."""
    return np.cbrt(eps) * (1 + np.linalg.norm(w)) / np.linalg.norm(v)
