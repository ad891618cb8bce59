"""1.1: an order, read off a log-log plot."""

from __future__ import annotations

import numpy as np

from .. import exercise


def _decades(first: int, last: int) -> np.ndarray:
    """1 and 3 in each decade, as written: a power computed might miss the end of a window."""
    return np.array([float(f"{m}e{k}") for k in range(first, last) for m in (1, 3)] + [10.0**last])


def _cases() -> list[tuple]:
    random = np.random.RandomState(3)
    h = _decades(-12, 0)  # a difference quotient: curve 2 h^2 from the right, rounding left
    v_shape = (2 * h**2 + 3e-12 / h) * np.exp(0.1 * random.normal(size=h.size))
    r = _decades(-10, 0)  # another, of order 1
    other = (0.3 * r + 1e-11 / r) * np.exp(0.1 * random.normal(size=r.size))
    n = _decades(1, 7)[::2]  # a mean: it falls like 1/sqrt(n), down to a bias
    mean = (0.8 / np.sqrt(n) + 3e-3) * np.exp(0.05 * random.normal(size=n.size))
    return [(h, v_shape, 1e-3, 1e-1), (r, other, 1e-4, 1.0), (n, mean, 10.0, 1e4)]


def _inside(x, low, high):
    return (x >= low) & (x <= high)


def _line(a, b):
    return float(np.polyfit(a, b, 1)[0])


def _windowed(x, y, low, high):
    keep = _inside(x, low, high)
    return x[keep], y[keep]


def _slope_and_intercept(x, y, low, high):
    a, b = _windowed(x, y, low, high)
    return np.polyfit(np.log(a), np.log(b), 1)


@exercise(
    "1.1",
    "Read off an order",
    prompt="""`x` and `y` are positive, (m,). On log-log axes the part of the curve with
    `low` <= x <= `high` is about a straight line. Return its slope by least squares.""",
    minutes=5,
    difficulty=1,
    cases=_cases,
    hints=(
        "If y = C x^k, what is log y as a function of log x?",
        "It is a straight line with slope k. `np.polyfit(a, b, 1)` fits a straight line of b on a.",
        """Before fitting, keep the points inside the window: a boolean mask made of two comparisons
        joined by `&`.""",
    ),
    explanation="""log y = log C + k log x, so the slope of log y on log x is the order k. Which
    logarithm does not matter, as long as it is the same for both. The window leaves out what is
    ruled by something else: rounding at small x, a bend at large x.""",
    mistakes=(
        ("no window", lambda x, y, low, high: _line(np.log(x), np.log(y)),
         """You fitted a line through everything, the part that is ruled by rounding or by a bias
         included. The slope then is that of no part of the curve. Keep low <= x <= high."""),
        ("y on x", lambda x, y, low, high: _line(*_windowed(x, y, low, high)),
         """This is the slope of y on x, which the largest x alone decides. Take logarithms of both
         first: then it is the exponent."""),
        ("one logarithm",
         lambda x, y, low, high: _line(
             _windowed(x, y, low, high)[0], np.log(_windowed(x, y, low, high)[1])
         ),
         lambda x, y, low, high: _line(
             _windowed(x, y, low, high)[0], np.log10(_windowed(x, y, low, high)[1])
         ),
         lambda x, y, low, high: _line(
             np.log(_windowed(x, y, low, high)[0]), _windowed(x, y, low, high)[1]
         ),
         """Only one of the two is on a logarithmic scale. A straight line there means an
         exponential (or a logarithm), not a power. Take the logarithm of both."""),
        ("two different logarithms",
         lambda x, y, low, high: (
             _line(*(np.log(v) for v in _windowed(x, y, low, high))) / np.log(10)
         ),
         lambda x, y, low, high: (
             _line(*(np.log(v) for v in _windowed(x, y, low, high))) * np.log(10)
         ),
         """Yours is off by the factor log(10) = 2.30: one axis has log10, the other the natural
         logarithm. Either will do, but the same for both."""),
        ("wrong way round",
         lambda x, y, low, high: _line(*(np.log(v) for v in reversed(_windowed(x, y, low, high)))),
         """You fitted log x on log y: one over the order, nearly. y is what depends; it comes
         second in np.polyfit(x, y, 1)."""),
        ("two points", lambda x, y, low, high: (
             np.diff(np.log(_windowed(x, y, low, high)[1])[[0, -1]])[0]
             / np.diff(np.log(_windowed(x, y, low, high)[0])[[0, -1]])[0]
         ),
         """You used the first and the last point of the window. That is right up to the wiggles of
         these two; least squares lets all points have their say."""),
        ("intercept", lambda x, y, low, high: _slope_and_intercept(x, y, low, high)[1],
         """This is the intercept, log C. np.polyfit gives the highest power first: the slope is
         entry 0."""),
        ("slope and intercept", _slope_and_intercept,
         """You return all that np.polyfit gives, slope and intercept. The slope is entry 0: the
         highest power comes first."""),
        ("window without its ends", lambda x, y, low, high: _line(
             *(np.log(v[(x > low * 1.001) & (x < high * 0.999)]) for v in (x, y))
         ),
         "The points at the very ends of the window are missing: low <= x <= high, ends included."),
    ),
)
def slope_on_loglog(x, y, low, high):
    """Least-squares slope of log y on log x over low <= x <= high; x and y are (m,), positive."""
    keep = (x >= low) & (x <= high)
    return np.polyfit(np.log(x[keep]), np.log(y[keep]), 1)[0]
