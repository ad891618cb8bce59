"""16.2: a tiny change of a sigmoid, with all of its digits."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part

# Of three kinds: all is of ordinary size; d is so small that m + d is m; the model is sure, so that
# sigma(m) is 1 to the last digit.


def _shifts() -> list[tuple]:
    return [
        (np.array([-1.3, 0.4, 2.2]), np.array([0.7, -1.1, 0.3])),
        (np.array([0.6, -2.1]), np.array([3e-18, -5e-18])),
        (np.array([41.0, 43.0, 40.5]), np.array([0.4, -0.8, 1.3])),
        (np.array([-31.0, -30.0]), np.array([1.2e-17, -7e-18])),
        (np.array([35.0, 36.2]), np.array([-2e-17, 9e-18])),
        (np.array([-33.0, -34.0]), np.array([-0.6, 1.7])),
    ]


def _any_shift(draw):
    k = draw.whole(1, 4)
    m, d = draw.numbers(k), draw.numbers(k, low=-2.0, high=2.0)
    if not d.all():
        return None
    kind = draw.pick("ordinary", "tiny", "sure", "sure and tiny", "surely wrong")
    m = m + {"ordinary": 0.0, "tiny": 0.0, "surely wrong": -40.0}.get(kind, 45.0)
    if kind == "tiny" and np.abs(m).min() < 0.5:
        return None  # m + d has to be m
    return m, d * (1e-18 if "tiny" in kind else 1.0)


def _s(m):
    return 1 / (1 + np.exp(-m))


def _ratio(m):
    e = np.exp(m)
    return e / (1 + e)


def _tanh(m):
    return 0.5 * (1 + np.tanh(m / 2))


CURVATURE = part(
    lambda m: _s(m) * _s(-m),
    ("1 - s cancels", lambda m: _s(m) * (1 - _s(m)), lambda m: _s(m) - _s(m) ** 2,
     lambda m: (1 - np.tanh(m / 2) ** 2) / 4,
     """1 - s cancels where the model is sure: for m = 41 sigma(m) is 1 to the last digit, and 1 - s
     is 0. sigma(-m) is the same number, with all its digits."""),
    ("s alone", _s,
     "s stands alone in front. It is s (1 - s), the slope of the sigmoid."),
    ("1 - s alone", lambda m: _s(-m),
     "1 - s stands alone in front. It is s (1 - s), the slope of the sigmoid."),
    ("s squared", lambda m: _s(m) ** 2, lambda m: _s(-m) ** 2,
     "A square stands in front. It is s (1 - s): the second factor is sigma(-m)."),
)
GROWN = part(
    lambda d: np.expm1(d),
    ("exp for expm1", lambda d: np.exp(d),
     """e^d stands where E = e^d - 1 belongs: with d = 0 nothing may change. `np.expm1(d)` is
     e^d - 1 with all digits."""),
    ("exp minus 1", lambda d: np.exp(d) - 1,
     """The formula is right, and a difference cancels in yours, such as e^d - 1: for d = 1e-18 e^d
     is 1 and nothing is left. `np.expm1(d)` computes e^d - 1 without forming e^d."""),
    ("d for E", lambda d: d,
     """d stands in the place of E = e^d - 1. For tiny d they agree, for d = 1 they do not."""),
    ("second order", lambda d: d + d**2 / 2,
     """d + d^2/2 stands in the place of E = e^d - 1: the first two terms of its series. For d = 1
     the others count, too."""),
    ("sign of d", lambda d: np.expm1(-d), lambda d: -np.expm1(-d),
     "E is e^d - 1, with d as it is. There is a minus in yours."),
)


@exercise(
    "16.2",
    "A tiny change, with all its digits",
    prompt="""Return sigma(m + d) - sigma(m), entry by entry, for arrays `m` and `d` of one shape,
    with sigma(m) = 1 / (1 + e^-m). Every entry has to be right *relative to itself*: also where d
    is 1e-18, and where m is 40 and the model is sure. (abs(d) is at most 2.)""",
    minutes=7,
    difficulty=2,
    cases=_shifts,
    draw=_any_shift,
    atol=0.0,
    hints=(
        """Try it: what is `1 / (1 + np.exp(-(0.6 + 1e-18))) - 1 / (1 + np.exp(-0.6))`? A difference
        of two nearly equal numbers keeps only the digits in which they differ. So the formula has
        to be changed until no such difference is left.""",
        """With s = sigma(m): e^m = s / (1 - s). What is sigma(m + d), written with s and e^d? Call
        e^d = 1 + E.""",
        """sigma(m + d) = s (1 + E) / (1 + s E). Subtract s, and look for what can be taken out.
        NumPy has E as `np.expm1(d)`; and 1 - s is itself a difference: of which sigma is it the
        value?""",
    ),
    explanation="""sigma(m + d) - sigma(m) = s (1 - s) E / (1 + s E), with E = e^d - 1 =
    `np.expm1(d)` and 1 - s = sigma(-m). Nothing is subtracted that is nearly equal: each factor has
    all its digits, and so has the product. A removal moves most scores by very little; the sum
    over n of these changes is what decides when a retraining is done.""",
    answer=formula(
        lambda front, E, m: front * E / (1 + _s(m) * E),
        front=CURVATURE,
        E=GROWN,
    ),
    mistakes=(
        ("the difference",
         *(lambda m, d, f=f: f(m + d) - f(m) for f in (_s, _ratio, _tanh)),
         lambda m, d: _s(-m) - _s(-m - d),
         """sigma(m) is still subtracted from sigma(m + d) in yours, in whatever way the two are
         written. Where d is 1e-18 both are the same number in float64, and the change is lost;
         where sigma is 1 to the last digit, too. Do algebra first: no two nearly equal numbers may
         be subtracted."""),
        ("first order", lambda m, d: _s(m) * _s(-m) * d, lambda m, d: _s(m) * (1 - _s(m)) * d,
         """This is the slope times d. For tiny d it is right to all digits; for d = 1 the sigmoid
         has bent. Asked is the change for any d."""),
        ("second order", lambda m, d: (
            _s(m) * _s(-m) * (d + (_s(-m) - _s(m)) * d**2 / 2)),
         lambda m, d: _s(m) * (1 - _s(m)) * (d + (1 - 2 * _s(m)) * d**2 / 2),
         """This is Taylor's formula up to d^2. For tiny d it is right to all digits, and for d = 1
         it is not. Asked is the change for any d."""),
        ("brackets below", lambda front, E, m: front * E / 1 + _s(m) * E,
         """Brackets are missing: `... / 1 + s * E` divides by 1 and then adds. All of 1 + s E
         stands below the line."""),
        ("below with the front", lambda front, E: front * E / (1 + front * E),
         "Below the line stands 1 + s (1 - s) E in yours. It is 1 + s E."),
        ("below without s", lambda front, E: front * E / (1 + E),
         "Below the line stands 1 + E in yours. It is 1 + s E."),
        ("below with 1 - s", lambda front, E, m: front * E / (1 + _s(-m) * E),
         """Yours is s (1 - s) E / (1 + (1 - s) E), which is the change from m - d to m. Below the
         line stands 1 + s E, with s = sigma(m)."""),
        ("e^d below", lambda front, E, m, d: front * E / (1 + _s(m) * np.exp(d)),
         "Below the line stands 1 + s e^d in yours. It is 1 + s E, with E = e^d - 1."),
        ("1 + s below", lambda front, E, m: front * E / (1 + _s(m)),
         "Below the line stands 1 + s in yours. It is 1 + s E."),
        ("s of m + d", lambda m, d, E: _s(m + d) * _s(-m - d) * E / (1 + _s(m + d) * E),
         "In yours s is sigma(m + d). It is sigma(m), where the change begins."),
        ("minus below", lambda front, E, m: front * E / (1 - _s(m) * E),
         "Below the line stands 1 - s E in yours. It is 1 + s E."),
        ("nothing below", lambda front, E: front * E,
         "The denominator 1 + s E is missing. For tiny d it is 1, and for d = 1 it is not."),
        ("multiplied by it", lambda front, E, m: front * E * (1 + _s(m) * E),
         "You multiply by 1 + s E. It stands below the line."),
        ("the slope in the middle", lambda m, d: _s(m + d / 2) * _s(-m - d / 2) * d,
         lambda m, d: _s(m + d / 2) * (1 - _s(m + d / 2)) * d,
         """This is d times the slope at m + d/2. For tiny d it is right to all digits; for d = 1
         the sigmoid bends more than that. Asked is the change for any d."""),
        ("two formulas", lambda m, d: (
            np.where(np.abs(d) < 1e-4, _s(m) * _s(-m) * d, _s(m + d) - _s(m))),
         """Where d is tiny you take the slope times d, and else the difference of the two. The
         first is right there; the second has no digits where the model is sure, for m = 41,
         however large d is. One formula can do for all."""),
        ("expm1(d) for 1 - e^-d", lambda m, d: np.exp(-m) * np.expm1(d) * _s(m) * _s(m + d),
         """Over the common denominator stands e^-m - e^-(m + d) = e^-m (1 - e^-d), and 1 - e^-d is
         -expm1(-d). expm1(d) is e^d - 1."""),
        ("the new sigma", lambda m, d: _s(m + d),
         "This is sigma(m + d). Asked is by how much it differs from sigma(m)."),
        ("minus the answer", "-1", "You subtract the new one from the old one."),
    ),
)
def sigma_shift(m, d):
    """sigma(m + d) - sigma(m), entry by entry, without cancellation; m and d have one shape."""
    s, E = 1 / (1 + np.exp(-m)), np.expm1(d)
    return s / (1 + np.exp(m)) * E / (1 + s * E)
