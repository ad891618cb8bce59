"""4.4: neither too long nor too short a step: the Wolfe conditions."""

from __future__ import annotations

import numpy as np

from .. import better, exercise, formula, part, rule
from .._slips.armijo import BOUND


def waves(x):
    """Bends up and down, so that slopes at the end of a step have every sign and size."""
    return float(np.sin(2 * x[0]) + 0.3 * x[0] ** 2 + 0.5 * (x[1] - 1) ** 2)


def waves_gradient(x):
    return np.array([2 * np.cos(2 * x[0]) + 0.6 * x[0], x[1] - 1])


def _steps() -> list[tuple]:
    # Down six slopes: too short a step, good ones, one that has not fallen enough, one that ends
    # on a steep slope upwards; several c1 and c2; a t above 1 and a d that is not as long as 1;
    # across: the gradient stays long where the slope along d has nearly gone; a rise that is
    # smaller than the fall asked for; a fall that one share allows and the other does not; a d
    # whose end is up on the other side; a fall of which t times the share would be enough; a rise
    # that is small beside the whole gradient; and a start from which f falls along x + t as well.
    slopes = {
        "wave": (np.array([1.0, 1.5]), np.array([1.0, -0.4])),
        "steep": (np.array([-0.2, 2.5]), np.array([-1.0, -1.0])),
        "short": (np.array([0.2, 2.5]), np.array([-0.5, -0.5])),
        "long": (np.array([0.2, 2.5]), np.array([-3.0, -3.0])),
        "across": (np.array([1.0, 4.0]), np.array([1.0, 0.0])),
        "below": (np.array([-1.0, -1.0]), np.array([0.5, 1.0])),
    }
    steps = [
        ("wave", 0.02, 1e-4, 0.9),
        ("steep", 0.1, 0.4, 0.9),
        ("wave", 1.6, 0.3, 0.6),
        ("short", 0.02, 0.2, 0.5),
        ("wave", 1.1, 0.2, 0.5),
        ("wave", 2.6, 1e-4, 0.9),
        ("short", 2.0, 0.2, 0.5),
        ("steep", 0.5, 0.1, 0.8),
        ("across", 1.0, 0.1, 0.6),
        ("wave", 1.75, 0.5, 0.9),
        ("wave", 2.6, 0.5, 0.9),
        ("steep", 0.75, 0.1, 0.8),
        ("long", 0.33, 0.2, 0.5),
        ("long", 0.5, 0.4, 0.5),
        ("across", 2.0, 0.4, 0.9),
        ("below", 0.7, 1e-4, 0.9),
    ]
    return [(waves, waves_gradient, *slopes[name], t, c1, c2) for name, t, c1, c2 in steps]


def _any_step(draw):
    x, d = draw.numbers(2, low=-2.0, high=3.0), draw.numbers(2, low=-2.0, high=2.0)
    t = draw.pick(0.01, 1.0, draw.number(0.02, 3.0), draw.number(3.0, 30.0))
    d = d / t if t > 3.0 else d  # so that long steps of a short d are good ones, too
    slope, end = waves_gradient(x) @ d, x + t * d
    if slope > -0.05:
        return None
    kept = (waves(end) - waves(x)) / (t * slope)  # the share of the promise that comes true
    near = min(max(kept * draw.number(0.6, 1.7), 0.01), 0.8)
    c1 = draw.pick(1e-4, draw.number(0.01, 0.5), near)
    c2 = draw.pick(0.9, draw.number(c1 + 0.01, 0.95))
    fall = waves(end) - waves(x) - c1 * t * slope
    turn = waves_gradient(end) @ d - c2 * slope
    return (waves, waves_gradient, x, d, t, c1, c2) if min(abs(fall), abs(turn)) > 1e-6 else None


def _asked(f, grad, x, d, t, c1, c2):
    return satisfies_wolfe.reference(f, grad, x, d, t, c1, c2)


def _searched(f, grad, x, d, t, c1, c2):
    while f(x + t * d) > f(x) + c1 * t * (grad(x) @ d):
        t /= 2
    return bool(grad(x + t * d) @ d >= c2 * (grad(x) @ d))


END = part(
    lambda x, d, t: x + t * d,
    ("the whole d", lambda x, d: x + d,
     """You looked at x + d. The step ends at x + t d: that is where f and the slope are asked for,
     in both conditions."""),
    ("backwards", lambda x, d, t: x - t * d,
     "You looked at x - t d, behind x, where f rises. d leads downhill already: x + t d."),
    ("a step without d", lambda x, t: x + t,
     "x + t adds t to every entry of x. The step goes along d: x + t d."),
)

CURVATURE = rule(
    lambda slope, end, c2: end >= c2 * slope,
    ("reversed",
     lambda slope, end, c2: end <= c2 * slope,
     lambda slope, end, c2: abs(end) >= c2 * abs(slope),
     """Your second condition is the wrong way round: it accepts steps that end where it is still as
     steep. Slopes are negative here: flatter means larger, g_new'd >= c2 g'd."""),
    better("strong", lambda slope, end, c2: abs(end) <= c2 * abs(slope),
           """These are the strong Wolfe conditions. They refuse steps that end on a steep slope
           upwards, too; the library's search asks for them. The plain ones, asked for here, allow
           such steps: s'y > 0 holds for them all the more."""),
    ("never", lambda slope, end, c2: abs(end) <= c2 * slope,
     """Yours is False for every step. c2 times the slope at the start is negative, so if you ask
     for |g_new'd| <= c2 g'd, nothing is below that: the plain condition compares the slopes with
     their signs, g_new'd >= c2 g'd. If you do not, look at the place that you take for the end of
     the step: x + t d."""),
    ("sign of the slope",
     lambda slope, end, c2: end >= -c2 * slope,
     lambda slope, end, c2: end >= 0,
     """Your second condition asks for a slope upwards at the end. Less steep downwards is enough:
     g_new'd >= c2 g'd, both of them negative."""),
    ("Armijo alone", lambda slope, end, c2: True,
     """This is Armijo's condition alone. Any tiny step meets it; the second condition is there to
     refuse those."""),
    ("any flatter slope", lambda slope, end, c2: end >= slope,
     "c2 is missing in the second condition: a slope that is flatter by a hair is not enough."),
)


@exercise(
    "4.4",
    "The Wolfe conditions",
    prompt="""`d` leads downhill from `x`. Return True if the step t d meets both Wolfe conditions,
    and False otherwise. It falls enough: f(x + t d) <= f(x) + c1 t g(x)'d. It is long enough: the
    slope at its end, g(x + t d)'d, is at least c2 times the slope g(x)'d at its start. `f` and
    `grad` are functions of a point.""",
    minutes=6,
    difficulty=2,
    cases=_steps,
    draw=_any_step,
    hints=(
        """Both slopes are slopes along d: `grad(x) @ d` and `grad(x + t * d) @ d`. The first is
        negative.""",
        """With a negative slope, c2 times it is nearer to 0. A slope above that is flatter, or even
        positive.""",
    ),
    explanation="""The first condition is Armijo's: a share c1 of what the slope promises comes
    true. The second says that the slope has become flatter. From it, s'y = t (g_new'd - g'd) >=
    t (c2 - 1) g'd > 0: the pair may be used.""",
    answer=formula(
        lambda f, grad, x, d, t, c1, c2, to, at, bound, slope, below, curvature, both: both(
            below(f(to), bound(f(x), c1, t, slope)),
            curvature(grad(x) @ d, grad(at) @ d, c2),
        ),
        to=END.at("In the first condition:"),
        at=END.at("In the second condition:"),
        bound=BOUND.at("In the first condition:", called={"sign": "rises allowed"}),
        slope=part(
            lambda grad, x, d: grad(x) @ d,
            ("slope at the end in the fall", lambda grad, x, d, t: grad(x + t * d) @ d,
             """The first condition uses the slope at the end of the step. What was promised is
             known at the start: c1 t g(x)'d."""),
            ("squared gradient",
             lambda grad, x: grad(x) @ grad(x), lambda grad, x: -grad(x) @ grad(x),
             """The squared length of the gradient stands in the first condition. That is the slope
             along -g (but for the sign); along d it is g'd."""),
        ),
        below=rule(
            lambda value, bound: value <= bound,
            ("Armijo's reversed", lambda value, bound: value >= bound,
             """Your first condition is the wrong way round: it asks f(x + t d) to lie above
             Armijo's line. The step has to end on it or below."""),
            ("slopes alone", lambda value, bound: True,
             """Yours looks at the slopes alone. A step may end on a flat place that is higher than
             the start: the fall has to be asked for as well."""),
        ),
        curvature=CURVATURE,
        both=rule(
            lambda fallen, flatter: bool(fallen and flatter),
            ("either", lambda fallen, flatter: bool(fallen or flatter),
             "You accept a step that meets one of the two conditions. Both have to hold."),
        ),
    ),
    mistakes=(
        ("t missing",
         "t is missing: the promised fall grows with the length of the step, c1 t g'd."),
        ("c1 and c2 exchanged",
         lambda f, grad, x, d, t, c1, c2: _asked(f, grad, x, d, t, c2, c1),
         """c1 and c2 are exchanged. c1 is the small one: a small share of the promised fall is
         enough. c2 is the large one: a little flatter is enough."""),
        ("one number for both",
         lambda f, grad, x, d, t, c1: _asked(f, grad, x, d, t, c1, c1),
         lambda f, grad, x, d, t, c2: _asked(f, grad, x, d, t, c2, c2),
         """One of the numbers c1 and c2 stands in both conditions. c1 belongs to the fall, c2 to
         the slopes."""),
        ("lengths of gradients", lambda f, grad, x, d, t, c1, c2, to: bool(
             f(to) <= f(x) + c1 * t * (grad(x) @ d)
             and np.linalg.norm(grad(to)) <= c2 * np.linalg.norm(grad(x))
         ),
         """Your second condition compares the lengths of the gradients. The search walks along d
         and looks at the slope along d alone: `grad(x + t * d) @ d`."""),
        ("a whole search", _searched,
         """You make t shorter until the fall is enough. Asked is whether the step with this t will
         do: it is judged, and not changed."""),
        ("values exchanged", lambda f, grad, x, d, t, c1, c2, to: bool(
             f(x) <= f(to) + c1 * t * (grad(x) @ d) and grad(to) @ d >= c2 * (grad(x) @ d)
         ),
         """f(x) and f(x + t d) are exchanged in the first condition. f at the end has to be the
         smaller one."""),
        ("no slope along d",
         lambda f, grad, x, d, t, c1, c2, to: (
             f(to) <= f(x) + c1 * t * grad(x) * d and grad(to) * d >= c2 * grad(x) * d
         ),
         """A slope along d is one number, `grad(x) @ d`. Vectors were compared: `*` stands for `@`,
         or `@ d` is missing."""),
    ),
)
def satisfies_wolfe(f, grad, x, d, t, c1, c2):
    """True if the step t d from x, (p,), meets both Wolfe conditions; d leads downhill."""
    slope, slope_end = grad(x) @ d, grad(x + t * d) @ d
    return f(x + t * d) <= f(x) + c1 * t * slope and slope_end >= c2 * slope
