"""3.1: one step of Newton's method for f(x) = 0."""

from __future__ import annotations

import math

from .. import exercise
from .._engine.convergence import convergence


def cubic(x):
    return x**3 - 2 * x - 5


def cubic_slope(x):
    return 3 * x**2 - 2


def wave(x):
    return math.cos(x) - x


def wave_slope(x):
    return -math.sin(x) - 1


def _starts() -> list[tuple]:
    # Slopes of both signs, and no start so near a root that the step is small.
    cubics = [(x, cubic, cubic_slope) for x in (2.5, 0.3, -1.4)]
    return [*cubics, (2.0, wave, wave_slope), (-1.0, wave, wave_slope)]


def _measured(step) -> str:
    # A root at which f' is negative: dividing by its size does not lead there.
    root, x = 0.7390851332151607, 2.0
    errors = [abs(x - root)]
    for _ in range(6):
        x = float(step(x, wave, wave_slope))
        errors.append(abs(x - root))
    return f"Measured on cos x = x from x = 2: your step {convergence(errors)}."


@exercise(
    "3.1",
    "A Newton step",
    prompt="""Write where the tangent of `f` at the number `x` meets the axis. `f` and `df` are
    functions of a number: f and its derivative.""",
    minutes=5,
    difficulty=1,
    cases=_starts,
    hints=(
        "The tangent at x is the line f(x) + f'(x) (z - x), a function of z.",
        """Set the line to 0 and solve for z. By what do you divide, and on which side of x does z
        lie when f(x) and f'(x) are both positive?""",
    ),
    explanation="""From f(x) + f'(x) (z - x) = 0 follows z = x - f(x)/f'(x). If the function is
    above the axis and rising, the root lies to the left: that is the minus sign.""",
    mistakes=(
        ("plus", lambda x, f, df: x + f(x) / df(x),
         """The right length, in the wrong direction: your point is as far from x on the other side.
         It is the formula printed on the slide (slip N1). Where f > 0 and f rises, the root is to
         the left of x: minus."""),
        ("no slope", lambda x, f, df: x - f(x),
         """You took f(x) itself as the step. A height is no width: divide by the slope, which says
         how much height one unit of x brings."""),
        ("upside down", lambda x, f, df: x - df(x) / f(x),
         """Yours divides the slope by the height, so the step grows without bound as you come to
         the root. It is height over slope."""),
        ("times slope", lambda x, f, df: x - f(x) * df(x),
         """You multiplied by the slope. The steeper the tangent, the shorter the way to the axis:
         divide."""),
        ("absolute slope", lambda x, f, df: x - f(x) / abs(df(x)),
         """Right wherever f rises, and the wrong way wherever it falls. The sign of the slope
         decides on which side the tangent meets the axis: leave it in."""),
        ("step only",
         lambda x, f, df: -f(x) / df(x),
         lambda x, f, df: f(x) / df(x),
         "This is the step, or its opposite. The task asks for the new point: x minus f(x)/f'(x)."),
    ),
    remark=_measured,
)
def newton_step(x, f, df):
    """Where the tangent of f at the number x meets the axis; df is the derivative of f."""
    return x - f(x) / df(x)
