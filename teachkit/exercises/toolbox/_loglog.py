"""1.1: an order, read off a log-log plot."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part, rule


def _cases() -> list[tuple]:
    # Where x counts, whole numbers stand at the ends of the window; elsewhere no point does.
    random = np.random.RandomState(3)
    h = 10.0 ** np.arange(-12, 0.1, 0.5)  # a difference: curve 2 h^2 right, rounding left
    v_shape = (2 * h**2 + 3e-12 / h) * np.exp(0.1 * random.normal(size=h.size))
    r = 10.0 ** np.arange(-10, 0.1, 0.5)  # another, of order 1
    other = (0.3 * r + 1e-11 / r) * np.exp(0.1 * random.normal(size=r.size))
    n = 10 ** np.arange(1, 8)  # a mean: it falls like 1/sqrt(n), down to a bias
    mean = (0.8 / np.sqrt(n) + 3e-3) * np.exp(0.05 * random.normal(size=n.size))
    return [(h, v_shape, 7e-4, 0.2), (r, other, 7e-5, 2.0), (n, mean, 10, 10_000)]


def _any_curve(draw):
    # In any order; counts may repeat, and the window begin and end with one.
    m = draw.whole(2, 9)
    if draw.chance():
        x = np.array([draw.whole(1, 40) for _ in range(m)])
        low, high = sorted((int(x[draw.index(m)]), draw.pick(40, int(x[draw.index(m)]))))
    else:
        x = np.exp(draw.numbers(m, low=-20.0, high=3.0))
        low, high = np.exp(sorted(draw.numbers(2, low=-24.0, high=6.0) + 0.005))
    y = x ** draw.number(-3.0, 3.0) * np.exp(draw.numbers(m) / 4)
    inside = set(x[(x >= low) & (x <= high)])
    return (x, y, low, high) if len(inside) > 1 else None


WINDOW = part(
    lambda x, low, high: (x >= low) & (x <= high),
    ("no window", lambda x: x > 0,
     """You fitted a line through everything, the part that is ruled by rounding or by a bias
     included. The slope then is that of no part of the curve. Keep low <= x <= high."""),
    ("window without its ends", lambda x, low, high: (x > low) & (x < high),
     "The points at the very ends of the window are missing: low <= x <= high, ends included."),
)

LOGS = part(
    lambda x, y: (np.log(x), np.log(y)),
    ("y on x", lambda x, y: (x, y),
     """This is the slope of y on x, which the largest x alone decides. Take logarithms of both
     first: then it is the exponent."""),
    ("one logarithm",
     lambda x, y: (x, np.log(y)), lambda x, y: (x, np.log10(y)), lambda x, y: (np.log(x), y),
     """Only one of the two is on a logarithmic scale. A straight line there means an exponential
     (or a logarithm), not a power. Take the logarithm of both."""),
    ("two different logarithms",
     lambda x, y: (np.log10(x), np.log(y)), lambda x, y: (np.log(x), np.log10(y)),
     """Yours is off by the factor log(10) = 2.30: one axis has log10, the other the natural
     logarithm. Either will do, but the same for both."""),
)

FIT = rule(
    lambda a, b: np.polyfit(a, b, 1)[0],
    ("wrong way round", lambda a, b: np.polyfit(b, a, 1)[0],
     """You fitted log x on log y: one over the order, nearly. y is what depends; it comes second in
     np.polyfit(x, y, 1)."""),
    ("two points", lambda a, b: (b[-1] - b[0]) / (a[-1] - a[0]),
     """You used the first and the last point of the window, or the mean of the slopes from point
     to point, which is the same where the steps are. That is right up to the wiggles of these two;
     least squares lets all points have their say."""),
    ("through the origin", lambda a, b: a @ b / (a @ a),
     """Your line is forced through x = y = 1, where both logarithms are 0. Take the means off
     first, or let np.polyfit fit the constant, too."""),
    ("intercept", lambda a, b: np.polyfit(a, b, 1)[1],
     "This is the intercept, log C. np.polyfit gives the highest power first: take entry 0."),
    ("slope and intercept", lambda a, b: np.polyfit(a, b, 1),
     "These are slope and intercept. np.polyfit gives the highest power first: take entry 0."),
)


@exercise(
    "1.1",
    "Read off an order",
    prompt="""`x` and `y` are positive, (m,). On log-log axes the part of the curve with
    `low` <= x <= `high` is about a straight line. Return its slope by least squares.""",
    minutes=5,
    difficulty=1,
    cases=_cases,
    draw=_any_curve,
    hints=(
        "If y = C x^k, what is log y as a function of log x?",
        "It is a straight line with slope k. `np.polyfit(a, b, 1)` fits a straight line of b on a.",
        """Before fitting, keep the points inside the window: a boolean mask made of two comparisons
        joined by `&`.""",
    ),
    explanation="""log y = log C + k log x, so the slope of log y on log x is the order k. Which
    logarithm does not matter, as long as it is the same for both. The window leaves out what is
    ruled by something else: rounding at small x, a bend at large x.""",
    answer=formula(
        lambda keep, logs, fit: fit(*(v[keep] for v in logs)), keep=WINDOW, logs=LOGS, fit=FIT
    ),
)
def slope_on_loglog(x, y, low, high):
    """Least-squares slope of log y on log x over low <= x <= high; x and y are (m,), positive."""
    keep = (x >= low) & (x <= high)
    return np.polyfit(np.log(x[keep]), np.log(y[keep]), 1)[0]
