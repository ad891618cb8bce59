"""5.1 and 5.2: a Hessian-vector product from two gradients."""

from __future__ import annotations

import numpy as np

from .. import better, exercise, formula, part, rule
from ._cases import direction, gradient_of, gradients, hessian_times, problems

R = 0.3  # large enough to tell the formulas apart: they differ by 1% and more here


def _cases() -> list[tuple]:
    return [
        (gradient_of(X, y, l2), w, direction(seed), R)
        for seed, (X, y, w, l2) in enumerate(problems())
    ]


def _any_difference(draw):
    p, gradient = draw.pick(*gradients())
    w, v = draw.numbers(p, low=-1.5, high=1.5), draw.numbers(p)
    if np.abs(v).max() < 0.3:  # what a difference says of so short a step is all rounding
        return None
    return gradient, w, v, draw.pick(0.3, draw.number(0.05, 2.0))


def _measured_order(function) -> str:
    """What the errors do as r is halved, far above rounding."""
    X, y, w, l2 = problems()[0]
    gradient, v = gradient_of(X, y, l2), direction(0)
    exact = hessian_times(X, y, w, v, l2)
    steps = [0.02 / 2**k for k in range(4)]
    errors = [float(np.linalg.norm(function(gradient, w, v, r) - exact)) for r in steps]
    if errors[-1] > 0.9 * errors[0] or min(errors) <= 0:
        return "Measured: the error does not fall as r is halved."
    order = np.polyfit(np.log(steps), np.log(errors), 1)[0]
    return f"Measured: each time r is halved, the error falls by {2**order:.1f}: order {order:.1f}."


def forward(G, w, v, r):
    return (G(w + r * v) - G(w)) / r


def backward(G, w, v, r):
    return (G(w) - G(w - r * v)) / r


def central(G, w, v, r):
    return (G(w + r * v) - G(w - r * v)) / (2 * r)


# step(r, v) leads from w to the places, whose distance is d times v, and the quotient is
# (one - other) / per(d, v).
PARTS = {
    "h": part(
        lambda r: r,
        ("step along v/|v|", lambda r, v: r / np.linalg.norm(v),
         """You went along v/|v| and multiplied back: a good formula, with another step. Here r
         multiplies v as it is given, so the distance gone is r |v|."""),
        ("half steps", lambda r: r / 2,
         """You went half the step (to each side, where there are two, so that both places are r v
         apart): a good formula, with half the r. Asked is the whole step r v."""),
        ("r left out", lambda: 1.0,
         "r does not occur in yours: it goes the whole v. The places lie r v from w."),
        better("exact", lambda: 1e-5,
               """This is H v itself, to many digits, and not what the formula gives with this r:
               did you put in a step of your own? The task asks for the formula with the r that is
               handed in; its error is what this lesson looks at."""),
    ),
    "step": rule(
        lambda r, v: r * v,
        ("r not in the step", lambda r, v: v,
         """You went the whole v and divided by the length of the step r v. The places lie r v from
         w."""),
        ("a step without v", lambda r, v: r,
         """w + r adds r to every entry of w: a step along the vector of ones. The step goes along
         v: w + r v."""),
        ("half a step over a whole one", lambda r, v: r * v / 2,
         """You went half of r v, and divided by what belongs to the whole. The places lie r v from
         w."""),
        ("v normalised", lambda r, v: r * v / np.linalg.norm(v),
         """The direction is right, the length is off by |v|: you divided v by its length and did
         not multiply back. H v is linear in v, so twice the v gives twice the answer."""),
    ),
    "per": rule(
        lambda d, v: d,
        ("no division", lambda d, v: 1.0,
         """This is the change of the gradient over the whole step. H v is the change per unit of r:
         divide."""),
        ("divided by r v", lambda d, v: d * v,
         """You divided by r v, entry by entry. v is a direction, not a number: the change per unit
         of r is asked."""),
        ("times v", lambda d, v: d / v,
         """You multiplied by v once more, entry by entry. v is in the place already, w + r v; what
         the gradient changes on the way there is only divided by a number."""),
        ("divided by r|v|", lambda d, v: d * np.linalg.norm(v),
         """You divided by the distance r|v|. That gives the change per unit of length, H v/|v|. H v
         is the change per unit of r."""),
        ("divided by r^2", lambda d, v: d**2, lambda d, v: d**2 / 2,
         "You divided by r twice. A first derivative is the change per unit of r: divide once."),
    ),
    "quotient": rule(
        lambda one, other, d: (one - other) / d,
        ("the same place twice", lambda one, other, d: 0 * one,
         """Yours is 0: both gradients are taken at the same place. (`u = w` is no copy: what
         changes u changes w as well.)"""),
        ("summed", lambda one, other, d: (one + other) / d,
         """You added the two gradients. What H v asks for is how the gradient *changes* on the way
         from the one place to the other: their difference."""),
    ),
}


def along_the_axes(G, w, v, r):
    return np.array([forward(G, w, e, r) for e in np.eye(len(v))])


FROM_ZERO = """The gradient is taken at r v, a step from 0. The place is w: the step leads from
    there, w + r v."""
SIGN = ("sign", "-1", "The gradient further along v comes first.")
EXCHANGED = """w and v have changed places: this is the Hessian at v, times w. w is the place, and v
    the direction that r multiplies."""


@exercise(
    "5.1",
    "The forward difference",
    prompt="""`G` is the gradient of some function, w (p,) to (p,). Write the forward difference for
    H v at `w`: how the gradient changes along `v`, over a step of `r` times v.""",
    minutes=4,
    difficulty=1,
    cases=_cases,
    draw=_any_difference,
    rtol=1e-4,
    remark=_measured_order,
    hints=(
        "H is the derivative of the gradient. What is the derivative of a function along v?",
        """Two gradients: one where you are, and one a step r v further. Their difference, per unit
        of r.""",
    ),
    explanation="""G(w + r v) = G(w) + r H v + O(r^2), so the difference of the two gradients over r
    is H v up to an error of order r. The r multiplies v as it stands.""",
    answer=formula(
        lambda G, w, v, h, step, per, quotient: quotient(G(w + step(h, v)), G(w), per(h, v)),
        **PARTS,
    ),
    mistakes=(
        better("central", central,
               """You wrote the central difference: two new gradients, one on each side, and an
               error of order 2 instead of 1. It is exercise 5.2; here the cheaper one is
               asked."""),
        ("backward", backward,
         """This looks back: from w - r v to w. It is as good, and another formula. Forward goes
         from w to w + r v."""),
        SIGN,
        ("H by columns", lambda G, w, v, r: along_the_axes(G, w, v, r) @ v,
         lambda G, w, v, r: along_the_axes(G, w, v, r).T @ v,
         """You stepped along every axis, put H together and multiplied it by v. That costs a
         gradient for every parameter; a single step along v, w + r v, gives H v at once."""),
        ("step from 0", lambda G, w, v, r: G(r * v) / r,
         lambda G, w, v, r: (G(r * v) - G(w)) / r, lambda G, w, v, r: forward(G, 0 * w, v, r),
         FROM_ZERO),
        ("w and v exchanged", lambda G, w, v, r: forward(G, v, w, r), EXCHANGED),
        ("divided by 2r", "1/2",
         "The two places are r v apart, not 2 r v: that is for the central formula."),
        ("2 r v apart", lambda G, w, v, r: 2 * central(G, w, v, r),
         """Your two places are 2 r v apart, and you divided by r. Forward goes from w itself to
         w + r v."""),
    ),
)
def hvp_forward(G, w, v, r):
    """H v, (p,), by the forward difference of the gradient G: (p,) -> (p,); w, v are (p,)."""
    return (G(w + r * v) - G(w)) / r


@exercise(
    "5.2",
    "The central difference",
    prompt="""The same with two gradients that lie on both sides of `w`: write the central
    difference for H v.""",
    minutes=3,
    difficulty=1,
    cases=_cases,
    draw=_any_difference,
    rtol=1e-4,
    remark=_measured_order,
    hints=(
        "Take the gradient a step r v ahead and a step r v behind. How far apart are these places?",
        """Write Taylor's formula for G(w + r v) and G(w - r v) below each other and subtract: which
        terms cancel?""",
    ),
    explanation="""G(w + r v) - G(w - r v) = 2 r H v + O(r^3): the terms of even order cancel. Over
    2r the error is of order r^2, for one more gradient than the forward formula (G(w) known).""",
    answer=formula(
        lambda G, w, v, h, step, per, quotient: (
            quotient(G(w + step(h, v)), G(w - step(h, v)), per(2 * h, v))),
        **PARTS,
    ),
    mistakes=(
        ("one side only", *(lambda G, w, v, r, f=f, k=k: f(G, w, v, k * r)
                            for f in (forward, backward) for k in (1, 2)),
         """One of your two gradients is taken at w: this is the forward difference, or the backward
         one, whose error is of order 1. Take one gradient ahead and one behind."""),
        ("divided by r", "2", "The two places are 2 r v apart, and you divided by r."),
        SIGN,
        ("step from 0", lambda G, w, v, r: central(G, 0 * w, v, r), FROM_ZERO),
        better("four gradients",
               lambda G, w, v, r: (4 * central(G, w, v, r) - central(G, w, v, 2 * r)) / 3,
               """Four gradients, and an error of order 4: a better formula than the one that is
               asked for, at twice its price. Two gradients make the central difference."""),
        ("w and v exchanged", lambda G, w, v, r: central(G, v, w, r), EXCHANGED),
        ("second difference", lambda G, w, v, r: (G(w + r * v) - 2 * G(w) + G(w - r * v)) / r**2,
         """This is the second difference: applied to a gradient it gives third derivatives. H is
         the *first* derivative of the gradient."""),
    ),
)
def hvp_central(G, w, v, r):
    """H v, (p,), by the central difference of the gradient G: (p,) -> (p,); w, v are (p,)."""
    return (G(w + r * v) - G(w - r * v)) / (2 * r)
