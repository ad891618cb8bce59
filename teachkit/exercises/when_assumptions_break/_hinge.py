"""11.5 and 11.6: a hinge with a rounded corner, and the curvature in that corner."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part

# Where |1 - s| is above 2 t or so, hinge and smooth hinge are alike; far below 1, e^((1 - s)/t)
# overflows.


def _margins() -> list[tuple]:
    return [
        (np.array([0.3, 1.4, -0.6, 2.1, 0.8, 1.0]), 0.7),
        (np.array([-1.2, 1.1, 0.4, 3.0]), 1.6),
        (np.array([0.6, 0.999, 1.002, 1.6]), 0.001),
        (np.array([-3.0]), 0.001),
        (np.array([4.0]), 0.001),
        (np.array([0.9995, 1.001]), 0.001),  # small t, and within the corner
        (np.array([-1.5, 0.9, 2.0]), 0.8),
    ]


def _any_margins(draw):
    s = draw.numbers(draw.whole(1, 6), low=-3.0, high=4.0)
    s[draw.index(len(s))] = draw.pick(1.0, 0.9, -3.0)
    return s, draw.pick(1.0, 0.001, draw.number(0.05, 2.0))


def _any_corner(draw):
    # Curvatures are of order 1/t near the margin 1, and nothing anywhere else.
    t = draw.pick(1.0, 0.001, draw.number(0.05, 2.0))
    s = 1 + t * draw.numbers(draw.whole(1, 6), low=-4.0, high=4.0)
    s[draw.index(len(s))] = draw.pick(1.0, 1.0 - t, -3.0)
    return s, t


def _softplus(z):
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


def _quietly(function):
    """Without the warnings of what overflows on purpose."""

    def wrong(z):
        with np.errstate(all="ignore"):
            return function(z)

    return wrong


SHIFT = part(
    lambda s, t: (1 - s) / t,
    ("no /t", lambda s: 1 - s,
     """The exponent is 1 - s without /t. Then t does not round the corner; it is (1 - s)/t that
     makes the curve bend within a few t of the corner."""),
    ("(s - 1)/t", lambda s, t: (s - 1) / t,
     """The exponent has its sign turned round: (s - 1)/t. Points far on the *right* side would pay.
     A margin that is too small gives (1 - s)/t > 0."""),
    ("times t", lambda s, t: (1 - s) * t,
     """1 - s is multiplied by t in the exponent. Divide: a small t makes a sharp corner."""),
    ("no 1", lambda s, t: -s / t,
     """The corner of yours is at the margin 0: the 1 is missing, (1 - s)/t. That is a logistic
     loss."""),
    ("only s over t", lambda s, t: 1 - s / t,
     "Brackets: 1 - s is divided by t as a whole, (1 - s)/t."),
    ("1 + s", lambda s, t: (1 + s) / t,
     "Yours bends at the margin -1: it is 1 - s that is divided by t."),
)


@exercise(
    "11.5",
    "A hinge with a rounded corner",
    prompt="""`s` holds margins y f, (n,), and `t` > 0 is a number. Return the smooth hinge
    t log(1 + e^((1 - s)/t)) of each, (n,), so that it is right for a margin of -3 and t = 0.001,
    too.""",
    minutes=5,
    difficulty=1,
    cases=_margins,
    draw=_any_margins,
    hints=(
        "Type the formula in, and try s = -3, t = 0.001. What is e^4000 on a computer?",
        """For large z, log(1 + e^z) is z itself, and for a very negative z it is 0: neither needs
        an e^z. NumPy has log(e^a + e^b) as `np.logaddexp(a, b)`, which looks after both.""",
        "1 is e^0: t times `np.logaddexp(0, (1 - s)/t)`.",
    ),
    explanation="""t logaddexp(0, (1 - s)/t). It lies above the hinge by at most t log 2, at the
    corner, and by next to nothing where |1 - s| is many t. e^z overflows beyond z = 709; logaddexp
    takes the larger exponent out first.""",
    answer=formula(
        lambda z, soft, t: t * soft(z),
        z=SHIFT,
        soft=lambda: _softplus,
    ),
    mistakes=(
        ("no t in front", lambda z, soft: soft(z),
         """t is missing in front. Without it a point on the wrong side pays (1 - s)/t, a thousand
         times too much for t = .001. With it the slope is -1, as the hinge has."""),
        ("divided by t", lambda z, soft, t: soft(z) / t,
         "You divided by t in front. It multiplies: t log(1 + ...)."),
        ("the hinge", lambda s: np.maximum(0, 1 - s),
         """This is the hinge itself, with its corner. The smooth one is larger near the margin 1,
         by t log 2 at the margin itself; far from it both are alike."""),
        ("overflows",
         lambda z, t: _quietly(lambda v: t * np.log(1 + np.exp(v)))(z),
         """The formula is right as one prints it, and it overflows: at s = -3 and t = .001 it asks
         for e^4000, which is inf here. Take the larger exponent out: `np.logaddexp(0, z)`."""),
        ("overflows on the other side",
         lambda z, t: _quietly(lambda v: t * (v + np.log1p(np.exp(-v))))(z),
         """Right for z > 0; for z < 0 it is e^-z that overflows now. Put the size of z into the
         exponent: max(z, 0) + log1p(e^-|z|), or `np.logaddexp(0, z)`."""),
        ("t before one term alone",
         lambda z, t: np.maximum(0, z) + t * np.log1p(np.exp(-np.abs(z))),
         lambda z, t: t * np.maximum(0, z) + np.log1p(np.exp(-np.abs(z))),
         """t stands before one of the two terms only. It multiplies both: t (max(z, 0) +
         log1p(e^-|z|)); t max(z, 0) is max(1 - s, 0)."""),
        ("e^-|z| without 1 +", lambda z, t: t * (np.maximum(0, z) - np.abs(z)),
         lambda z, t: t * (np.maximum(0, z) + np.exp(-np.abs(z))),
         """In the second term a part of log(1 + e^-|z|) is lost, the 1 or the logarithm. At z = 0
         that term is log 2: `np.log1p(np.exp(-abs(z)))`."""),
        ("cut off",
         *(lambda z, t, c=c: t * np.log1p(np.exp(np.minimum(z, c)))
           for c in (5, 10, 20, 30, 40, 50, 100, 200, 300, 500, 600, 700, 709)),
         """You cut the exponent off so that nothing overflows. Beyond the cut the loss no longer
         grows, and a point far on the wrong side pays as much as one that is nearer. For large z
         log(1 + e^z) is z: `np.logaddexp(0, z)`."""),
        ("a straight line too early",
         *(lambda z, t, c=c: t * np.where(z > c, z, _softplus(z)) for c in (0, 1, 2, 3)),
         """From some z on you take z for log(1 + e^z), and too early: the two differ by
         log(1 + e^-z), which is nothing to see from z = 40 on. `np.logaddexp(0, z)` needs no such
         place."""),
        ("the hinge for small t",
         *(lambda s, soft, z, t, c=c: np.maximum(0, 1 - s) if t < c else t * soft(z)
           for c in (0.002, 0.01, 0.1)),
         """For a small t you return the hinge. It is rounded there, too, within a few t of the
         margin 1: at 1 itself the loss is t log 2, however small t is. What overflows is e^z for a
         large z, so that is where to look."""),
        ("nothing for overflow", lambda z, t: np.where(z > 700, 0, t * _softplus(z)),
         """You put 0 where it overflowed. Those are the points that pay most: for large z
         log(1 + e^z) is z itself."""),
        ("log without 1", lambda z, t: t * z,
         """The 1 in the logarithm is missing, so that only 1 - s is left, negative for points that
         are right. log(1 + e^z) is never negative."""),
        ("base 2", lambda z, soft, t: t * soft(z) / np.log(2),
         lambda z, t: t * np.logaddexp2(0, z),
         "The logarithm is to the base 2 in yours. Here log is the natural one: np.logaddexp."),
        ("the mean", lambda z, soft, t: (t * soft(z)).mean(),
         "This is the mean. Asked are the losses, one for each margin."),
        ("the slope", lambda z: -np.exp(-_softplus(-z)),
         """This is the slope in s, -sigma((1 - s)/t). Asked is the loss itself."""),
        ("squared", lambda z, soft, t: (t * soft(z)) ** 2,
         "There is a square in yours. Far on the wrong side a hinge grows along a straight line."),
        ("largest of all", lambda z, t: t * max(0.0, z.max()) + 0 * z,
         """`np.max` looks for the largest number of an array. One term for each margin is asked
         for: np.logaddexp works entry by entry."""),
    ),
)
def smooth_hinge(s, t):
    """The smooth hinge t log(1 + e^((1 - s)/t)) of margins s, (n,), for t > 0, no overflow."""
    return t * np.logaddexp(0.0, (1 - s) / t)


def _corners() -> list[tuple]:
    return [
        (np.array([0.3, 1.4, -0.6, 2.1, 0.8, 1.0]), 0.7),
        (np.array([-1.2, 1.1, 0.4, 3.0]), 1.6),
        (np.array([0.6, 0.999, 1.0025, 4.0]), 0.001),
        (np.array([-3.0]), 0.001),
    ]


def _sigma(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1 + e)


@exercise(
    "11.6",
    "The curvature in the corner",
    prompt="""Return the second derivative in s of the smooth hinge t log(1 + e^((1 - s)/t)), for
    margins `s`, (n,), and a number `t` > 0. At s = -3 and t = 0.001 it is 0, not nan.""",
    minutes=5,
    difficulty=2,
    cases=_corners,
    draw=_any_corner,
    hints=(
        """Differentiate once, with z = (1 - s)/t: which factor does the inside bring, what
        becomes of the t in front? What remains is minus a sigmoid of z.""",
        """The derivative of sigma is sigma (1 - sigma), and the inside brings its factor once
        more. Now try s = -3, t = 0.001: which power of e is too large?""",
        """sigma(z)(1 - sigma(z)) is the same for z and -z. So z may be replaced by -|z|, and
        e = exp(-|z|) never overflows. What is sigma (1 - sigma) in terms of e?""",
    ),
    explanation="""sigma(z)(1 - sigma(z))/t with z = (1 - s)/t: a bump of height 1/(4t) and width of
    a few t, and of area 1 whatever t is. As t goes to 0 it becomes a spike at the margin 1, and
    everywhere else there is no curvature: the hinge.""",
    answer=formula(
        lambda z, t: _sigma(z) * _sigma(-z) / t,
        z=SHIFT.at(without=("(s - 1)/t",)),
    ),
    mistakes=(
        ("no 1/t", lambda z: _sigma(z) * _sigma(-z),
         """The factor 1/t is missing: the second derivative of t log(1 + e^z) brings (1/t)^2 from
         the inside, and the t in front takes one of them away."""),
        ("1/t^2", lambda z, t: _sigma(z) * _sigma(-z) / t**2,
         """You have 1/t^2: each of the two derivatives brings a 1/t, but the t in front of the loss
         takes one of them away."""),
        ("times t", lambda z, t: _sigma(z) * _sigma(-z) * t,
         "You multiplied by t. The smaller t, the sharper the corner: 1/t."),
        ("minus the answer", "-1",
         """A curvature of a convex function is never negative. The inside, (1 - s)/t, brings its
         minus twice."""),
        ("the slope", lambda z: -_sigma(z), lambda z: _sigma(z), lambda z: _sigma(-z),
         """This is the first derivative, -sigma((1 - s)/t), or a sigmoid like it. Differentiate
         once more."""),
        ("its height",
         *(lambda z, t, c=c: c * _sigma(z) * _sigma(-z) / t for c in (2, 4, 0.5, 0.25)),
         """The bump has the right shape and another height. At the margin 1 it is 1/(4t), since
         sigma(0)(1 - sigma(0)) = 1/4: with cosh it is 1/(4t cosh(z/2)^2)."""),
        ("its width",
         *(lambda z, t, c=c: _sigma(c * z) * _sigma(-c * z) / t for c in (2, 0.5)),
         """The height is right and the width is not: z has a factor 2 too much or too little.
         sigma(z)(1 - sigma(z)) is 1/(4 cosh(z/2)^2), or (1 - tanh(z/2)^2)/4, with half of z."""),
        ("no middle term", lambda z, t: (
            np.exp(-np.abs(z)) / (1 + np.exp(-2 * np.abs(z))) / t),
         """Below the bar stands 1 + e^2 where it is (1 + e)^2 = 1 + 2e + e^2: the middle term is
         lost."""),
        ("not squared", lambda z, t: _sigma(-np.abs(z)) / t,
         """1 + e stands below the bar once. Both sigma and 1 - sigma have it there: (1 + e)^2."""),
        ("sigma over t", lambda z, t: _sigma(z) / t, lambda z, t: _sigma(-z) / t,
         lambda z, t: -_sigma(z) / t,
         "The derivative of sigma is sigma(1 - sigma), and the second factor is missing."),
        ("sigma squared", lambda z, t: _sigma(z) ** 2 / t, lambda z, t: _sigma(-z) ** 2 / t,
         """The two factors are sigma and 1 - sigma, not sigma twice: the curvature is 0 far away on
         both sides."""),
        ("the third derivative",
         lambda z, t: _sigma(z) * _sigma(-z) * (_sigma(z) - _sigma(-z)) / t**2,
         lambda z, t: _sigma(z) * _sigma(-z) * (_sigma(-z) - _sigma(z)) / t**2,
         """You have differentiated three times: 1 - 2 sigma and another 1/t have come in. Twice is
         asked for."""),
        ("the curvature of the hinge", lambda s: 0 * s,
         """The hinge has no curvature where it has a derivative at all. The smooth one has: a bump
         at the margin 1."""),
        ("nan",
         lambda z, t: _quietly(lambda v: np.exp(v) / (1 + np.exp(v)) ** 2 / t)(z),
         """Right where nothing overflows. At s = -3 and t = .001 yours is inf/inf = nan. The bump
         is the same for z and -z, so take exp(-|z|)."""),
        ("flat bump", lambda z, t: 1.0 * (np.abs(z) < 1) / (2 * t),
         lambda z, t: 1.0 * (np.abs(z) <= 0.5) / t,
         """Yours is a box at the corner. The right height is sigma(1 - sigma)/t, which has no
         edges."""),
        ("the loss", lambda z, t: t * _softplus(z),
         "This is the loss. Asked is its second derivative."),
        ("the sum", lambda z, t: (_sigma(z) * _sigma(-z) / t).sum(),
         lambda z, t: (_sigma(z) * _sigma(-z) / t).mean(),
         "All margins are put together in yours. Asked is one curvature for each."),
    ),
)
def curvature(s, t):
    """The second derivative of the smooth hinge at margins s, (n,), for a number t > 0."""
    e = np.exp(-np.abs(1 - s) / t)
    return e / (1 + e) ** 2 / t
