"""9.4 and 9.5: what a broken-off series makes of each eigenvalue."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part


def _spectra() -> list[tuple]:
    return [
        (np.array([0.01, 0.1, 0.4, 0.9]), 1.0, 10),
        (np.array([0.3, 0.02, 0.8]), 4.5, 7),
        (np.array([0.5, 1.2]), 1.5, 2),
        (np.array([0.05, 0.6, 1.1]), 0.8, 3),
        (np.array([0.4, 1.4]), 0.9, 2),
    ]


def _any_spectrum(draw):
    scale = draw.pick(0.5, 1.0, draw.number(0.3, 30.0))
    mu = scale * draw.numbers(draw.whole(1, 5), low=0.02, high=1.6, digits=3)
    return mu, scale, draw.pick(0, 1, 2, draw.whole(3, 9), 30)


_TERMS = part(
    lambda depth: depth + 1,
    ("exponent depth", lambda depth: depth,
     """Your exponent is depth. The series has depth + 1 terms: the v that x starts with, and one
     for each step. With depth = 0 the answer is v / scale, so phi is 1 / scale."""),
    ("one term too many", lambda depth: depth + 2,
     """Your exponent is depth + 2. x starts with one term, and each of the depth steps adds one:
     depth + 1 of them."""),
)
_BASE = part(
    lambda mu, scale: 1 - mu / scale,
    ("scale left out", lambda mu: 1 - mu,
     """scale is missing in the bracket. Each step divides H by it, so along this eigenvector it
     multiplies by 1 - mu/scale."""),
    ("plus in the bracket", lambda mu, scale: 1 + mu / scale,
     """You have 1 + mu/scale, which grows. Each step subtracts H x / scale: 1 - mu/scale."""),
    ("scale over mu", lambda mu, scale: 1 - scale / mu,
     "The fraction is upside down: mu is divided by scale, 1 - mu/scale."),
    ("scale multiplied", lambda mu, scale: 1 - mu * scale,
     "You have 1 - mu scale. Each step divides H by scale: 1 - mu/scale."),
)


@exercise(
    "9.4",
    "The filter",
    prompt="""`v` is an eigenvector of H with the eigenvalue mu, so that H^-1 v = v / mu. What LiSSA
    (that of 9.3) returns after `depth` steps is phi(mu) v. Return phi for each entry of `mu`, (m,).
    Every mu is above 0, and some may be above scale.""",
    minutes=6,
    difficulty=2,
    cases=_spectra,
    draw=_any_spectrum,
    hints=(
        """On an eigenvector H is multiplication by mu, so each x_j is a number times v. What does a
        step do to that number?""",
        """It becomes 1 + b times itself, with b = 1 - mu/scale. Begun at 1, that is
        1 + b + b^2 + ...: how many terms after `depth` steps, and what do they add up to?""",
        "(1 - b^m) / (1 - b), where 1 - b is mu/scale; and at the end LiSSA divides by scale.",
    ),
    explanation="""phi(mu) = (1 - (1 - mu/scale)^(depth + 1)) / mu: of 1/mu the share
    (1 - mu/scale)^(depth + 1) is missing. That is nothing where depth mu is far above scale, and
    nearly everything where it is far below: there phi levels off at (depth + 1) / scale. Between 0
    and scale a filter, from 2 scale on a disaster: |1 - mu/scale| is above 1.""",
    answer=formula(lambda mu, b, terms: (1 - b**terms) / mu, b=_BASE, terms=_TERMS),
    mistakes=(
        ("bracket opened too early", lambda mu, scale, terms: (1 - (mu / scale) ** terms) / mu,
         """The power stands on the wrong thing: (mu/scale)^(depth + 1), where what is left of the
         series is (1 - mu/scale)^(depth + 1)."""),
        ("nothing above scale",
         lambda mu, b, terms: (1 - np.maximum(b, 0) ** terms) / mu,
         lambda mu, scale, terms: np.where(
             mu < scale, (1 - np.maximum(1 - mu / scale, 0) ** terms) / mu, 0 * mu),
         """Right where mu is below scale. Above it 1 - mu/scale is negative, and so may be its
         powers: you cut it off at 0. The series takes no notice of the sign."""),
        ("exponential", lambda mu, scale, terms: (1 - np.exp(-terms * mu / scale)) / mu,
         """You have e^(-(depth + 1) mu/scale) for (1 - mu/scale)^(depth + 1). For small mu/scale
         they are close. The series has the power."""),
        ("a ridge", lambda mu, scale, depth: 1 / (mu + scale / depth),
         lambda mu, scale, terms: 1 / (mu + scale / terms),
         """This is a ridge, 1 / (mu + scale/depth): the picture that is often given for a series
         broken off. It has the right ends, and is wrong between them. Add the geometric series
         up."""),
        ("the exact inverse", lambda mu: 1 / mu,
         """This is 1/mu, where the series would end up. What is missing of it after `depth`
         steps?"""),
        ("not divided by mu", lambda b, terms: 1 - b**terms,
         """This is the share of 1/mu that is there. phi itself is that share times 1/mu."""),
        ("what is missing", lambda mu, b, terms: b**terms / mu, lambda b, terms: b**terms,
         """This is the part of 1/mu that is still missing (or its share). phi is what is there:
         1/mu less that."""),
        ("the last term", lambda b, depth, scale: b**depth / scale, lambda b, depth: b**depth,
         """This is the last term of the series alone. x is the sum of all of them."""),
        ("not divided at the end", lambda mu, scale, b, terms: scale * (1 - b**terms) / mu,
         """This is scale times phi: the sum of the series. LiSSA divides it by scale at the end,
         and 1 - b is mu/scale."""),
        ("divided by scale once more", lambda mu, scale, b, terms: (1 - b**terms) / mu / scale,
         """There is one division by scale too many. 1 - b is mu/scale, and the scale in it and the
         one at the end are the same: they cancel."""),
        ("the corner", lambda mu, scale, terms: np.minimum(1 / mu, terms / scale),
         """These are the two straight ends of the curve, 1/mu and (depth + 1)/scale, with a corner
         between them. phi goes over smoothly: add the geometric series up."""),
        ("minus the answer", "-1",
         "A sign is turned. phi is near 1/mu where mu is large, and positive."),
    ),
)
def filtered(mu, scale, depth):
    """phi(mu), (m,): LiSSA multiplies an eigenvector of eigenvalue mu > 0 by it."""
    return (1 - (1 - mu / scale) ** (depth + 1)) / mu


def _below_scale(draw):
    mu, scale, depth = _any_spectrum(draw)
    mu = mu[mu < 0.97 * scale]
    seen = len(mu) and ((1 - mu / scale) ** (depth + 1)).min() > 1e-4
    return (mu, scale, depth) if seen else None


@exercise(
    "9.5",
    "Which ridge would do the same",
    prompt="""Breaking off a series is said to be "like damping". Like which? Return, for each entry
    of `mu`, (m,), all between 0 and `scale`, the damping delta whose exact answer 1 / (mu + delta)
    is the filter's phi(mu).""",
    minutes=6,
    difficulty=2,
    cases=lambda: [
        (np.array([0.01, 0.1, 0.4, 0.9]), 1.0, 10),
        (np.array([0.3, 0.02, 0.8]), 4.5, 7),
        (np.array([0.5, 1.2]), 1.5, 2),
    ],
    draw=_below_scale,
    hints=(
        "1 / (mu + delta) = phi. Solve for delta before you put the formula of phi in.",
        """delta is 1/phi less something. With b = 1 - mu/scale and m = depth + 1, phi is
        (1 - b^m) / mu.""",
        """Try your formula near mu = 0: there phi is m / scale, so delta is near scale / m. And
        near mu = scale almost nothing is missing: delta is near 0.""",
    ),
    explanation="""delta = 1/phi - mu = mu b^m / (1 - b^m), with b = 1 - mu/scale and m = depth + 1.
    Near mu = 0 it is scale / m, the number of the rule of thumb. But it falls with mu, as fast as
    b^m: large eigenvalues are not damped at all. So there is no one ridge that does the same. (For
    the same reason stopping early is not the same as a penalty.)""",
    answer=formula(lambda mu, b, terms: mu * b**terms / (1 - b**terms), b=_BASE, terms=_TERMS),
    mistakes=(
        ("the rule of thumb", lambda mu, scale, depth: scale / depth + 0 * mu,
         lambda mu, scale, terms: scale / terms + 0 * mu,
         """This is scale/depth (or scale/(depth + 1)), the same for all mu: the rule of thumb. It
         is right where mu is small beside scale/depth. Solve 1 / (mu + delta) = phi(mu) for
         delta."""),
        ("one over phi", lambda mu, b, terms: mu / (1 - b**terms),
         "This is 1/phi, which is mu + delta. Take mu off."),
        ("difference of the inverses", lambda mu, b, terms: b**terms / mu,
         """This is 1/mu - phi, how much of 1/mu is missing. The damping stands below the line,
         beside mu: 1 / (mu + delta) = phi."""),
        ("the share that is missing", lambda b, terms: b**terms,
         """This is b^(depth + 1), the share of 1/mu that is missing. The damping is what has to be
         added to mu for that."""),
        ("the share for the damping", lambda mu, b, terms: mu * b**terms,
         """You have mu b^m. For small b^m it is close. Of 1 / (mu + delta) = (1 - b^m)/mu the delta
         is that divided by 1 - b^m."""),
        ("relative", lambda b, terms: b**terms / (1 - b**terms),
         "This is delta / mu. Multiply by mu."),
        ("upside down", lambda mu, b, terms: (1 - b**terms) / (mu * b**terms),
         """This is 1/delta: your fraction is upside down. delta goes to 0 where nothing is
         missing."""),
        ("one over the difference", lambda mu, b, terms: 1 / ((1 - b**terms) / mu - mu),
         """This is 1 / (phi - mu). First take 1/phi, which is mu + delta, and then take mu
         off."""),
        ("phi itself", lambda mu, b, terms: (1 - b**terms) / mu,
         "This is phi, as in 9.4. Asked is the delta with 1 / (mu + delta) = phi."),
        ("minus the answer", "-1",
         "A sign is turned: phi is below 1/mu, so delta is positive. It is 1/phi - mu."),
    ),
)
def effective_damping(mu, scale, depth):
    """The delta, (m,), with 1 / (mu + delta) = phi(mu), for 0 < mu < scale."""
    left = (1 - mu / scale) ** (depth + 1)
    return mu * left / (1 - left)
