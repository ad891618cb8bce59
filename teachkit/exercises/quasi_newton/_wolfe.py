"""4.4: neither too long nor too short a step: the Wolfe conditions."""

from __future__ import annotations

import numpy as np

from .. import better, exercise


def waves(x):
    """Bends up and down, so that slopes at the end of a step have every sign and size."""
    return float(np.sin(2 * x[0]) + 0.3 * x[0] ** 2 + 0.5 * (x[1] - 1) ** 2)


def waves_gradient(x):
    return np.array([2 * np.cos(2 * x[0]) + 0.6 * x[0], x[1] - 1])


def _steps() -> list[tuple]:
    # Down three slopes: too short a step, good ones, one that has not fallen enough, one that ends
    # on a steep slope upwards; several c1 and c2; a t above 1 and a d that is not as long as 1;
    # across: the gradient stays long where the slope along d has nearly gone; a rise that is
    # smaller than the fall asked for; a fall that one share allows and the other does not; and a d
    # whose end is up on the other side.
    slopes = {
        "wave": (np.array([1.0, 1.5]), np.array([1.0, -0.4])),
        "steep": (np.array([-0.2, 2.5]), np.array([-1.0, -1.0])),
        "short": (np.array([0.2, 2.5]), np.array([-0.5, -0.5])),
        "long": (np.array([0.2, 2.5]), np.array([-3.0, -3.0])),
        "across": (np.array([1.0, 4.0]), np.array([1.0, 0.0])),
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
    ]
    return [(waves, waves_gradient, *slopes[name], t, c1, c2) for name, t, c1, c2 in steps]


def _any_step(draw):
    x, d = draw.numbers(2, low=-2.0, high=3.0), draw.numbers(2, low=-2.0, high=2.0)
    t = draw.pick(0.01, 1.0, draw.number(0.02, 3.0), draw.number(3.0, 30.0))
    d = d / t if t > 3.0 else d  # so that long steps of a short d are good ones, too
    c1 = draw.pick(1e-4, draw.number(0.01, 0.5))
    c2 = draw.pick(0.9, draw.number(c1 + 0.01, 0.95))
    slope = waves_gradient(x) @ d
    if slope > -0.05:
        return None
    end = x + t * d
    fall = waves(end) - waves(x) - c1 * t * slope
    turn = waves_gradient(end) @ d - c2 * slope
    return (waves, waves_gradient, x, d, t, c1, c2) if min(abs(fall), abs(turn)) > 1e-6 else None


def _judge(falls, flattens, both=lambda a, b: a and b):
    """Two conditions on f(x), f(x + t d), the two slopes, t and the two numbers."""

    def satisfies(f, grad, x, d, t, c1, c2):
        end = x + t * d
        facts = (f(x), f(end), grad(x) @ d, grad(end) @ d, t, c1, c2)
        return bool(both(falls(*facts), flattens(*facts)))

    return satisfies


def _at(falls, flattens):
    """The conditions, each with an end of the step of its own."""

    def satisfies(f, grad, x, d, t, c1, c2):
        slope = grad(x) @ d
        fallen = f(falls(x, d, t)) <= f(x) + c1 * t * slope
        return bool(fallen and grad(flattens(x, d, t)) @ d >= c2 * slope)

    return satisfies


def _armijo(f0, f1, slope, slope_end, t, c1, c2):
    return f1 <= f0 + c1 * t * slope


def _curvature(f0, f1, slope, slope_end, t, c1, c2):
    return slope_end >= c2 * slope


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
    mistakes=(
        ("reversed",
         _judge(_armijo, lambda f0, f1, a, b, t, c1, c2: b <= c2 * a),
         _judge(_armijo, lambda f0, f1, a, b, t, c1, c2: abs(b) >= c2 * abs(a)),
         """Your second condition is the wrong way round: it accepts steps that end where it is
         still as steep. Slopes are negative here: flatter means larger, g_new'd >= c2 g'd."""),
        better("strong", _judge(_armijo, lambda f0, f1, a, b, t, c1, c2: abs(b) <= c2 * abs(a)),
               """These are the strong Wolfe conditions. They refuse steps that end on a steep slope
               upwards, too; the library's search asks for them. The plain ones, asked for here,
               allow such steps: s'y > 0 holds for them all the more."""),
        ("never", _judge(_armijo, lambda f0, f1, a, b, t, c1, c2: abs(b) <= c2 * a),
         """Yours is False for every step. c2 times the slope at the start is negative, and no
         |slope| is below that: the plain condition compares the slopes with their signs, g_new'd >=
         c2 g'd."""),
        ("sign of the slope",
         _judge(_armijo, lambda f0, f1, a, b, t, c1, c2: b >= -c2 * a),
         _judge(_armijo, lambda f0, f1, a, b, t, c1, c2: b >= 0),
         """Your second condition asks for a slope upwards at the end. Less steep downwards is
         enough: g_new'd >= c2 g'd, both of them negative."""),
        ("c1 and c2 exchanged",
         _judge(
             lambda f0, f1, a, b, t, c1, c2: f1 <= f0 + c2 * t * a,
             lambda f0, f1, a, b, t, c1, c2: b >= c1 * a,
         ),
         """c1 and c2 are exchanged. c1 is the small one: a small share of the promised fall is
         enough. c2 is the large one: a little flatter is enough."""),
        ("lengths of gradients", lambda f, grad, x, d, t, c1, c2: bool(
             f(x + t * d) <= f(x) + c1 * t * (grad(x) @ d)
             and np.linalg.norm(grad(x + t * d)) <= c2 * np.linalg.norm(grad(x))
         ),
         """Your second condition compares the lengths of the gradients. The search walks along d
         and looks at the slope along d alone: `grad(x + t * d) @ d`."""),
        ("any fall", _judge(lambda f0, f1, a, b, t, c1, c2: f1 < f0, _curvature),
         """Your first condition accepts any fall. A share c1 of what the slope promises is asked
         for."""),
        ("rises allowed", _judge(lambda f0, f1, a, b, t, c1, c2: f1 <= f0 - c1 * t * a, _curvature),
         """Your first condition accepts steps that end higher than they began. g'd is negative
         already: with a minus before c1 t g'd Armijo's line goes up."""),
        ("no c1", _judge(lambda f0, f1, a, b, t, c1, c2: f1 <= f0 + t * a, _curvature),
         """c1 is missing in the first condition: you ask for all that the slope promises. A
         function that bends upwards falls by less than that, however short the step."""),
        ("slope at the end in the fall",
         _judge(lambda f0, f1, a, b, t, c1, c2: f1 <= f0 + c1 * t * b, _curvature),
         """The first condition uses the slope at the end of the step. What was promised is known at
         the start: c1 t g(x)'d."""),
        ("Armijo's reversed",
         _judge(lambda f0, f1, a, b, t, c1, c2: f1 >= f0 + c1 * t * a, _curvature),
         """Your first condition is the wrong way round: it asks f(x + t d) to lie above Armijo's
         line. The step has to end on it or below."""),
        ("one number for both",
         _judge(_armijo, lambda f0, f1, a, b, t, c1, c2: b >= c1 * a),
         _judge(lambda f0, f1, a, b, t, c1, c2: f1 <= f0 + c2 * t * a, _curvature),
         """One of the numbers c1 and c2 stands in both conditions. c1 belongs to the fall, c2 to
         the slopes."""),
        ("Armijo alone", _judge(_armijo, lambda *facts: True),
         """This is Armijo's condition alone. Any tiny step meets it; the second condition is there
         to refuse those."""),
        ("slopes alone", _judge(lambda *facts: True, _curvature),
         """Yours looks at the slopes alone. A step may end on a flat place that is higher than the
         start: the fall has to be asked for as well."""),
        ("either", _judge(_armijo, _curvature, lambda a, b: a or b),
         "You accept a step that meets one of the two conditions. Both have to hold."),
        ("no t", _judge(lambda f0, f1, a, b, t, c1, c2: f1 <= f0 + c1 * a, _curvature),
         """In the first condition t is missing: the promised fall grows with the length of the
         step, c1 t g'd."""),
        ("slope at the end of d", _at(lambda x, d, t: x + t * d, lambda x, d, t: x + d),
         "The slope at the end is taken at x + d. The step ends at x + t d."),
        ("value at the end of d",
         _at(lambda x, d, t: x + d, lambda x, d, t: x + t * d),
         _at(lambda x, d, t: x + d, lambda x, d, t: x + d),
         "f is taken at x + d. The step ends at x + t d: look at both conditions."),
        ("no slope along d", lambda f, grad, x, d, t, c1, c2: (
             f(x + t * d) <= f(x) + c1 * t * grad(x) * d
             and grad(x + t * d) * d >= c2 * grad(x) * d
         ),
         """A slope along d is one number, `grad(x) @ d`. Vectors were compared: `*` stands for `@`,
         or `@ d` is missing."""),
        ("any flatter slope", _judge(_armijo, lambda f0, f1, a, b, t, c1, c2: b >= a),
         "c2 is missing in the second condition: a slope that is flatter by a hair is not enough."),
    ),
)
def satisfies_wolfe(f, grad, x, d, t, c1, c2):
    """True if the step t d from x, (p,), meets both Wolfe conditions; d leads downhill."""
    slope, slope_end = grad(x) @ d, grad(x + t * d) @ d
    return f(x + t * d) <= f(x) + c1 * t * slope and slope_end >= c2 * slope
