"""2.4: how far a mean of n losses can be from what is expected."""

from __future__ import annotations

import numpy as np

from .. import better, exercise, formula, part


def _cases() -> list[tuple]:
    return [(10, 0.05), (250, 0.2), (7, 0.01), (4000, 0.6), (2, 0.02)]


def _any_bound(draw):
    n = draw.pick(1, 2, draw.whole(3, 30), draw.whole(31, 3000), 10**6)
    return n, draw.pick(0.01, 0.05, draw.number(0.01, 0.99))


@exercise(
    "2.4",
    "Hoeffding's radius",
    prompt="""For n independent losses between 0 and 1, Hoeffding's inequality says P(|I_n - I| >=
    t) <= 2 exp(-2 n t^2). Return the radius t at which the right side is just `delta`: with
    probability 1 - delta at least, I_n is within t of I.""",
    minutes=3,
    difficulty=1,
    cases=_cases,
    draw=_any_bound,
    hints=(
        "Set the right side equal to delta, and solve for t. Which is the first thing to take off?",
        """First the 2, then exp: what undoes it, on both sides? Mind the sign: delta/2 is below 1,
        and t^2 cannot be negative.""",
    ),
    explanation="""From 2 exp(-2 n t^2) = delta follows t^2 = log(2/delta) / (2 n). The radius falls
    as 1/sqrt(n), and hardly depends on delta: a hundred times surer costs little, half the radius
    costs four times the data.""",
    answer=formula(
        lambda log, count: np.sqrt(log / count),
        log=part(
            lambda delta: np.log(2 / delta),
            ("one-sided", lambda delta: np.log(1 / delta),
             """This is the radius of the one-sided inequality, log(1/delta). Both directions are
             asked about, so the bound has a 2 before the exponential."""),
            ("other logarithm", lambda delta: np.log10(2 / delta), lambda delta: np.log2(2 / delta),
             """You took a logarithm with another base. What undoes exp is the natural one,
             `np.log`."""),
            ("confidence for delta", lambda delta: np.log(2 / (1 - delta)),
             """1 - delta stands in the place of delta. delta is the probability of a failure, and
             small."""),
            ("sign of the logarithm", lambda delta: np.log(delta / 2),
             lambda delta: -np.log(2 / delta), lambda delta: np.log(2) / np.log(delta),
             """Yours is the root of a negative number, which is no number. Look at the sign of the
             logarithm: of what is below 1 it is negative, such as log(delta/2). There the minus of
             -2 n t^2 comes in."""),
            ("the logarithm of 2 alone", lambda delta: np.log(2) / delta,
             """The bracket of the logarithm closes too early: it is that of 2/delta, and not the
             one of 2, divided by delta."""),
            ("no logarithm", lambda delta: 2 / delta,
             """There is no logarithm in yours: exp is undone by `np.log`."""),
        ),
        count=part(
            lambda n: 2 * n,
            ("n for 2n", lambda n: n,
             """Yours is sqrt(2) times too long: n stands where Hoeffding has 2n, in the
             exponent."""),
            ("n/2 for 2n", lambda n: n / 2,
             """The 2 of the exponent stands above the bar in yours, which is twice too long. -2 n
             t^2 has to be divided by all of 2 n."""),
        ),
    ),
    mistakes=(
        ("no root", lambda log, count: log / count,
         """This is t^2: the exponent has the square of t. It falls as 1/n and promises far too
         much."""),
        ("n outside of the root", lambda delta, n: np.sqrt(np.log(2 / delta)) / (2 * n),
         lambda delta, n: np.sqrt(np.log(2 / delta) / 2) / n,
         """n stands outside of the root, so that yours falls as 1/n. It belongs inside: the radius
         falls as 1/sqrt(n)."""),
        ("the root of 2n alone", lambda log, count: log / np.sqrt(count),
         """You took the root of 2n, and none of the logarithm. It is t^2 that is equal to the
         fraction: the root is of all of it."""),
        ("at most 1", lambda log, count: min(1.0, np.sqrt(log / count)),
         """Right but for radii above 1, which you cut at 1. It is true that no gap can be larger;
         asked is the t of the inequality as it comes."""),
        ("the probability", lambda n, delta: 2 * np.exp(-2 * n * delta**2),
         """You put delta in the place of t: this is the bound for the probability of a gap of
         delta. The other way round: the probability is given, and the gap is asked."""),
        ("Chebyshev", lambda n, delta: 1 / np.sqrt(4 * n * delta),
         """This is Chebyshev's radius, with the largest variance 1/4: it is right, too, and grows
         as 1/sqrt(delta). Hoeffding's inequality grows with the root of a logarithm."""),
        better("normal approximation",
               lambda n, delta: _normal(1 - delta / 2) / (2 * np.sqrt(n)),
               """This is the radius of the normal approximation at the largest variance, 1/4. It
               is shorter, and holds in the limit of large n alone; Hoeffding's inequality holds for
               every n."""),
    ),
)
def hoeffding_radius(n, delta):
    """The t with 2 exp(-2 n t^2) = delta, for n losses in [0, 1]."""
    return np.sqrt(np.log(2 / delta) / (2 * n))


def _normal(share: float) -> float:
    from statistics import NormalDist

    return NormalDist().inv_cdf(share)
