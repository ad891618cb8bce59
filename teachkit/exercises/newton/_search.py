"""3.6: backtracking until Armijo's condition holds."""

from __future__ import annotations

import math

import numpy as np

from .. import exercise, formula, part, rule
from .._engine.convergence import convergence
from .._engine.mistake import NeverEnds
from .._slips.armijo import BOUND


def valley(x):
    return float(5 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2 - 8)


def valley_gradient(x):
    a = x[1] - x[0] ** 2
    return np.array([-20 * x[0] * a - 2 * (1 - x[0]), 10 * a])


def soft(x):
    return float(np.logaddexp(0.0, x[0]) - 0.3 * x[0] + 0.5 * x[1:] @ x[1:] - 20)


def soft_gradient(x):
    return np.append(1 / (1 + math.exp(-x[0])) - 0.3, x[1:])


GRADIENT = {valley: valley_gradient, soft: soft_gradient}


def _descents() -> list[tuple]:
    # Steps of several lengths; a full step that is accepted; one that is not though a double one
    # is; falls that are real and too small; directions other than -g; values below 0. Loops that
    # never end do so on different cases: the wrong condition on the first, t left as it is on the
    # second, growing steps on the third; the bound without t is met by some t on all of them.
    starts = [
        (soft, [1.0, 2.0], [-1.0, -2.0], 0.1),
        (valley, [-1.4, 1.0], [1.2, 0.0], 0.12),
        (soft, [3.0, 1.0], [-14.5, -1.0], 0.15),
        (valley, [-0.6, 1.4], [0.4, -2.4], 0.1),
        (valley, [1.5, 0.2], [-2.4, 3.0], 0.09),
        (soft, [2.0, -1.0], [-60.0, 1.0], 0.02),
        (valley, [0.2, 0.9], [0.9, -0.2], 0.4),
    ]
    return [(f, np.array(x), np.array(d), GRADIENT[f](x), c1) for f, x, d, c1 in starts]


def _any_descent(draw):
    # Directions of all lengths, so that the full step is right, and that it takes 25 halvings.
    f, n = draw.pick((valley, 2), (soft, draw.whole(1, 4)))
    x, d, c1 = draw.numbers(n), draw.numbers(n), draw.pick(1e-4, draw.number(0.01, 0.9))
    g = GRADIENT[f](x)
    d *= -np.sign(g @ d) * draw.pick(0.1, 0.3, 1.0, 3.0, 10.0, 300.0, 1e4, 1e7)
    for t in 0.5 ** np.arange(30):
        over = f(x + t * d) - f(x) - c1 * t * (g @ d)
        if abs(over) < 1e-6 * (1 + abs(f(x))):
            return None
        if over < 0:
            return f, x, d, g, c1


def _measured(search) -> str:
    # log(1 + e^x) - .3 x, but for a constant: from 3 the full Newton steps run away.
    goal, x = math.log(0.3 / 0.7), np.array([3.0])
    errors = [abs(x[0] - goal)]
    while errors[-1] > 1e-6 and len(errors) < 9:  # nearer, values no longer tell what falls
        g = soft_gradient(x)
        d = -g / ((g + 0.3) * (0.7 - g))
        x = x + float(search(soft, x, d, g, 1e-4)) * d
        errors.append(abs(x[0] - goal))
    return (
        "Measured on log(1 + e^x) - .3 x from 3, where full Newton steps run away: with your step "
        f"lengths Newton's method {convergence(errors)}."
    )


def _first(over, factor=0.5, enough=lambda excess: excess <= 0):
    """The first of 1, 1/2, 1/4, ... where f is enough below its bound; over(t) is how far above."""
    t = 1.0
    while not enough(over(t)):
        t *= factor
        if factor == 1 or not 1e-30 < t < 1e6:
            raise NeverEnds
    return t


def _way(f, x, d, g, c1):
    return backtrack.reference(f, x, d, g, c1) * d


POINT = rule(
    lambda x, t, d: x + t * d,
    ("old value", lambda x, t, d: x + d,
     "You compute f at the full step once and keep comparing with that. Each t has its own value."),
    ("backwards", lambda x, t, d: x - t * d,
     "You look at x - t d, where f rises. d leads downhill already, unlike a gradient: x + t d."),
)

LOOP = rule(
    _first,
    ("half first", lambda over: _first(lambda t: over(t / 2)) / 2,
     "Your first trial is t = 1/2. Try 1 first: near a minimum it is the step of Newton's method."),
    ("doubles", lambda over: _first(over, factor=2),
     "Your step grows where it was too long already. Near x the slope tells the truth: halve t."),
    ("halves once", lambda over: 1.0 if over(1.0) <= 0 else 0.5,
     """You halve at most once: with `if` in place of `while`, or with a `return` inside the loop.
     Half a step may be too long as well, so ask again until the condition holds."""),
    ("full step", lambda over: 1.0,
     "Yours is 1, whatever f does. Your loop has to go on while f(x + t d) is above the bound."),
    ("condition turned round",
     lambda over: _first(over, enough=lambda excess: excess > 0),
     lambda over: _first(over, enough=lambda excess: excess >= 0),
     """Your loop goes on while Armijo's condition holds. Halve while f(x + t d) is above the
     bound."""),
    ("t stays", lambda over: _first(over, factor=1),
     "In your loop t stays as it is: `t / 2` alone computes a number and keeps it nowhere."),
    ("number of halvings",
     lambda over: round(-np.log2(_first(over))),
     lambda over: 1 - round(np.log2(_first(over))),
     "This is how often you halved, or how often you tried. The task asks for t itself, 2^-k."),
    ("one halving too many", lambda over: _first(over) / 2,
     "You halve once more after the condition holds. The t that satisfied it is the answer."),
    ("one halving too few", lambda over: 2 * _first(over), lambda over: min(1.0, 2 * _first(over)),
     "This is the last t that was refused. The t that satisfied the condition is the answer."),
)


@exercise(
    "3.6",
    "Backtracking",
    prompt="""`g` is the gradient of `f` at `x`, and `d` leads downhill: g'd < 0. Return the first t
    of 1, 1/2, 1/4, ... that keeps at least the share `c1` of what the slope promises (Armijo's
    condition): f(x + t d) <= f(x) + c1 t g'd.""",
    minutes=8,
    difficulty=2,
    cases=_descents,
    draw=_any_descent,
    hints=(
        "Begin with t = 1 and halve it in a loop. What has to be computed again in each round?",
        """The slope of f along d is `g @ d`, a negative number. A step t promises a fall of t times
        that; the share c1 of it must come true.""",
    ),
    explanation="""For small t the fall is close to t g'd, more than c1 times it, so the loop ends.
    The right-hand side falls with t: a long step must bring more than a short one. f(x) and g'd
    stay the same, f(x + t d) is new in each round.""",
    answer=formula(
        lambda f, x, d, c1, point, bound, slope, loop: loop(
            lambda t: f(point(x, t, d)) - bound(f(x), c1, t, slope)
        ),
        point=POINT,
        bound=BOUND,
        slope=part(
            lambda g, d: g @ d,
            ("squared gradient", lambda g: -(g @ g),
             """You compare with the squared length of the gradient. That is the slope along -g;
             along d it is g'd. The two agree for steepest descent alone."""),
        ),
        loop=LOOP,
    ),
    mistakes=(
        ("whole promise",
         """You ask for all that the slope promises, c1 = 1. A function that curves upwards never
         keeps it: the loop ends in rounding alone. The share c1 of it is enough."""),
        ("returns the point", _way, lambda f, x, d, g, c1: x + _way(f, x, d, g, c1),
         "This is the new point x + t d, or the way there. The task asks for t."),
    ),
    remark=_measured,
)
def backtrack(f, x, d, g, c1):
    """The first t of 1, 1/2, 1/4, ... with f(x + t d) <= f(x) + c1 t g'd."""
    t = 1.0
    while f(x + t * d) > f(x) + c1 * t * (g @ d):
        t /= 2
    return t
