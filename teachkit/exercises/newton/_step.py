"""3.1: one step of Newton's method for f(x) = 0."""

from __future__ import annotations

import math

from .. import exercise, formula, part, rule
from .._engine.convergence import convergence


def cubic(x):
    return x**3 - 2 * x - 5


def cubic_slope(x):
    return 3 * x**2 - 2


def wave(x):
    return math.cos(x) - x


def wave_slope(x):
    return -math.sin(x) - 1


def billionths(x):
    return 1e-9 * (x**2 - 4)


def billionths_slope(x):
    return 2e-9 * x


CURVES = ((cubic, cubic_slope), (wave, wave_slope), (billionths, billionths_slope))


def _starts() -> list[tuple]:
    # Slopes of both signs, and no start so near a root that the step is small.
    return [(x, *CURVES[0]) for x in (2.5, 0.3, -1.4)] + [(x, *CURVES[1]) for x in (2.0, -1.0)]


def _any_start(draw):
    # 2 and -2 are roots of the last; its values are smaller than what is often taken for 0.
    x, (f, df) = draw.pick(0.0, -2.0, 2.0, *(draw.number() for _ in range(5))), draw.pick(*CURVES)
    return (x, f, df) if abs(f(x)) < 50 * abs(df(x)) else None


def _measured(step) -> str:
    # A root at which f' is negative: dividing by its size does not lead there.
    root, x = 0.7390851332151607, 2.0
    errors = [abs(x - root)]
    for _ in range(6):
        x = float(step(x, wave, wave_slope))
        errors.append(abs(x - root))
    return f"Measured on cos x = x from x = 2: your step {convergence(errors)}."


def _root(x, f, df):
    for _ in range(100):
        x = x - f(x) / df(x)
    return x


WAY = part(
    lambda x, f, df: f(x) / df(x),
    ("no slope", lambda x, f: f(x),
     "You took f(x) itself as the step. A height is no width: divide by the slope."),
    ("upside down", lambda x, f, df: df(x) / f(x),
     "Yours divides the slope by the height. It is height over slope."),
    ("times slope", lambda x, f, df: f(x) * df(x),
     "You multiplied by the slope. The steeper the tangent, the shorter the way: divide."),
    ("absolute slope", lambda x, f, df: f(x) / abs(df(x)),
     """Right wherever f rises, and the wrong way wherever it falls. The sign of the slope decides
     on which side the tangent meets the axis: leave it in."""),
)


@exercise(
    "3.1",
    "A Newton step",
    prompt="""Write where the tangent of `f` at the number `x` meets the axis. `f` and `df` are
    functions of a number: f and its derivative.""",
    minutes=5,
    difficulty=1,
    cases=_starts,
    draw=_any_start,
    hints=(
        "The tangent at x is the line f(x) + f'(x) (z - x), a function of z.",
        """Set the line to 0 and solve for z. By what do you divide, and on which side of x does z
        lie when f(x) and f'(x) are both positive?""",
    ),
    explanation="""From f(x) + f'(x) (z - x) = 0 follows z = x - f(x)/f'(x). If the function is
    above the axis and rising, the root lies to the left: that is the minus sign.""",
    answer=formula(
        lambda x, way, go: go(x, way),
        way=WAY,
        go=rule(
            lambda x, way: x - way,
            ("plus", lambda x, way: x + way,
             """The right length, in the wrong direction: your point is as far from x on the other
             side. It is the formula printed on the slide (slip N1). Where f > 0 and f rises, the
             root is to the left of x: minus."""),
            ("step only", lambda x, way: -way, lambda x, way: way,
             """This is the step, or its opposite. The task asks for the new point, x plus the
             step."""),
        ),
    ),
    mistakes=(
        ("a whole iteration", _root,
         """This is the root: your loop goes on until nothing changes. One step is asked for, to
         where the tangent at x meets the axis."""),
    ),
    remark=_measured,
)
def newton_step(x, f, df):
    """Where the tangent of f at the number x meets the axis; df is the derivative of f."""
    return x - f(x) / df(x)
