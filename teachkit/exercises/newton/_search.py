"""3.6: backtracking until Armijo's condition holds."""

from __future__ import annotations

import math

import numpy as np

from .. import exercise
from .._engine.convergence import convergence
from .._engine.mistake import NeverEnds


def valley(x):
    return float(5 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2 - 8)


def valley_gradient(x):
    a = x[1] - x[0] ** 2
    return np.array([-20 * x[0] * a - 2 * (1 - x[0]), 10 * a])


def soft(x):
    return float(np.logaddexp(0.0, x[0]) - 0.3 * x[0] + 0.5 * x[1] ** 2 - 20)


def soft_gradient(x):
    return np.array([1 / (1 + math.exp(-x[0])) - 0.3, x[1]])


def _descents() -> list[tuple]:
    # Steps of several lengths; a full step that is accepted; one that is not though a double one
    # is; falls that are real and too small; directions other than -g; values below 0. Also the
    # bound without t is met in the end by some t, and later than the right one at the third: who
    # forgets t is told so, instead of being stopped. Loops that never end do so on different cases:
    # the wrong condition on the first, t left as it is on the second, growing steps on the third.
    starts = [
        (soft, soft_gradient, [1.0, 2.0], [-1.0, -2.0], 0.1),
        (valley, valley_gradient, [-1.4, 1.0], [1.2, 0.0], 0.12),
        (soft, soft_gradient, [3.0, 1.0], [-14.5, -1.0], 0.15),
        (valley, valley_gradient, [-0.6, 1.4], [0.4, -2.4], 0.1),
        (valley, valley_gradient, [1.5, 0.2], [-2.4, 3.0], 0.09),
        (soft, soft_gradient, [2.0, -1.0], [-60.0, 1.0], 0.02),
        (valley, valley_gradient, [0.2, 0.9], [0.9, -0.2], 0.4),
    ]
    cases = []
    for f, gradient, start, direction, c1 in starts:
        x = np.array(start)
        cases.append((f, x, np.array(direction), gradient(x), c1))
    return cases


def _measured(search) -> str:
    # f(x) = log(1 + e^x) - .3 x: from 3 the full Newton steps run away.
    goal, x = math.log(0.3 / 0.7), 3.0
    errors = [abs(x - goal)]

    def f(z):
        return float(np.logaddexp(0.0, z[0]) - 0.3 * z[0])

    while errors[-1] > 1e-9 and len(errors) < 9:  # nearer, values no longer tell what falls
        s = 1 / (1 + math.exp(-x))
        g, d = np.array([s - 0.3]), np.array([-(s - 0.3) / (s * (1 - s))])
        x += float(search(f, np.array([x]), d, g, 1e-4)) * float(d[0])
        errors.append(abs(x - goal))
    return (
        "Measured on log(1 + e^x) - .3 x from 3, where full Newton steps run away: with your step "
        f"lengths Newton's method {convergence(errors)}."
    )


def _first(accepted, factor=0.5):
    """The first of 1, 1/2, 1/4, ... that is accepted; with the factor 2, of 1, 2, 4, ..."""
    t = 1.0
    while not accepted(t):
        t *= factor
        if factor == 1 or not 1e-30 < t < 1e6:
            raise NeverEnds
    return t


def _armijo(f, x, d, g, c1):
    return lambda t: f(x + t * d) <= f(x) + c1 * t * (g @ d)


def _right(*case):
    return _first(_armijo(*case))


@exercise(
    "3.6",
    "Backtracking",
    prompt="""`g` is the gradient of `f` at `x`, and `d` leads downhill: g'd < 0. Return the first t
    of 1, 1/2, 1/4, ... that keeps at least the share `c1` of what the slope promises (Armijo's
    condition): f(x + t d) <= f(x) + c1 t g'd.""",
    minutes=8,
    difficulty=2,
    cases=_descents,
    hints=(
        "Begin with t = 1 and halve it in a loop. What has to be computed again in each round?",
        """The slope of f along d is `g @ d`, a negative number. A step t promises a fall of t times
        that; the share c1 of it must come true.""",
    ),
    explanation="""For small t the fall is close to t g'd, more than c1 times it, so the loop ends.
    The right-hand side falls with t: a long step must bring more than a short one. f(x) and g'd
    stay the same, f(x + t d) is new in each round.""",
    mistakes=(
        ("any decrease", lambda f, x, d, g, c1: _first(lambda t: f(x + t * d) < f(x)),
         """You accept any fall, however small. A sequence of ever smaller falls can come to rest
         where there is no minimum; Armijo's condition asks for a share of what the slope promises:
         f(x) + c1 t g'd on the right."""),
        ("whole promise",
         lambda f, x, d, g, c1: _first(lambda t: f(x + t * d) <= f(x) + t * (g @ d)),
         """You ask for all that the slope promises, c1 = 1. A function that curves upwards never
         keeps it: the loop ends in rounding alone. The share c1 of it is enough."""),
        ("squared gradient",
         lambda f, x, d, g, c1: _first(lambda t: f(x + t * d) <= f(x) - c1 * t * (g @ g)),
         """You compare with the squared length of the gradient. That is the slope along -g; along d
         it is g'd. The two agree for steepest descent alone."""),
        ("sign", lambda f, x, d, g, c1: _first(lambda t: f(x + t * d) <= f(x) - c1 * t * (g @ d)),
         """Your bound lies above f(x): g'd is negative already, so minus makes it a permission to
         rise."""),
        ("t missing", lambda f, x, d, g, c1: _first(lambda t: f(x + t * d) <= f(x) + c1 * (g @ d)),
         """Your bound does not change with t: a step of 1/64 would have to bring as much as the
         full one, and it may find none. A step t promises t times the slope."""),
        ("old value",
         lambda f, x, d, g, c1: _first(lambda t, full=f(x + d): full <= f(x) + c1 * t * (g @ d)),
         """You computed f at the full step once and kept comparing with that. Every new t has its
         own f(x + t d)."""),
        ("half first", lambda *case: _first(lambda t: _armijo(*case)(t / 2)) / 2,
         """Your first trial is t = 1/2. The full step comes first: near a minimum it is the right
         one for Newton's method, and half of it would cost the fast convergence."""),
        ("doubles", lambda *case: _first(_armijo(*case), factor=2),
         """Your step grows where it was too long already. Near enough, the slope tells the truth:
         make t smaller."""),
        ("returns the point",
         lambda f, x, d, g, c1: x + _right(f, x, d, g, c1) * d,
         lambda f, x, d, g, c1: _right(f, x, d, g, c1) * d,
         "This is the new point x + t d, or the way there. The task asks for t."),
        ("halves once", lambda *case: 1.0 if _armijo(*case)(1.0) else 0.5,
         """You halve at most once: with `if` in place of `while`, or with a `return` inside the
         loop. Half a step may be too long as well, so ask again until the condition holds."""),
        ("full step", lambda *case: 1.0,
         """Yours is 1 every time, the full step, whatever f does. Look at the condition of your
         loop: it goes on as long as f(x + t d) is too large, above the bound."""),
        ("condition turned round",
         lambda *case: _first(lambda t: not _armijo(*case)(t)),
         lambda f, x, d, g, c1: _first(lambda t: f(x + t * d) >= f(x) + c1 * t * (g @ d)),
         """Your loop goes on while Armijo's condition holds, and a short step always satisfies it.
         Halve as long as it does not hold: while f(x + t d) is above the bound."""),
        ("t stays", lambda *case: _first(_armijo(*case), factor=1),
         """In your loop t stays as it is, so its condition stays true: `t / 2` alone computes a
         number and keeps it nowhere. Write t = t / 2."""),
        ("f(x) missing",
         lambda f, x, d, g, c1: _first(lambda t: f(x + t * d) <= c1 * t * (g @ d)),
         lambda f, x, d, g, c1: _first(lambda t: f(x + t * d) <= c1 * (f(x) + t * (g @ d))),
         """In your bound f(x) is missing, or multiplied by c1 as well: it asks where f lies, and
         not how far it falls. Add a constant to f, and the answer must stay the same."""),
        ("t squared",
         lambda f, x, d, g, c1: _first(lambda t: f(x + t * d) <= f(x) + c1 * t**2 * (g @ d)),
         """Your bound falls with the square of t: t stands in it twice. The slope promises t times
         g'd, once."""),
        ("backwards",
         lambda f, x, d, g, c1: _first(lambda t: f(x - t * d) <= f(x) + c1 * t * (g @ d)),
         """You look at x - t d. There f rises, whatever t is, and your loop ends in rounding alone.
         d leads downhill already, unlike a gradient: x + t d."""),
        ("number of halvings",
         lambda *case: round(-np.log2(_right(*case))),
         lambda *case: 1 - round(np.log2(_right(*case))),
         """You return how many steps you tried or how often you halved, k. The task asks for the t
         that you came to, 2^-k."""),
        ("one halving too many", lambda *case: _right(*case) / 2,
         """Yours is half the right t, every time: you halve once more after the condition holds.
         The t that satisfied the condition is the answer, not the next one."""),
        ("one halving too few",
         lambda *case: 2 * _right(*case),
         lambda *case: min(1.0, 2 * _right(*case)),
         """You return the t before the right one, the last that was refused. The t that satisfied
         the condition is the answer."""),
    ),
    remark=_measured,
)
def backtrack(f, x, d, g, c1):
    """The first t of 1, 1/2, 1/4, ... with f(x + t d) <= f(x) + c1 t g'd."""
    t = 1.0
    while f(x + t * d) > f(x) + c1 * t * (g @ d):
        t /= 2
    return t
