"""Does a gradient belong to its function? The slopes of the Taylor remainders tell."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from teachkit import arrays, require
from teachkit.arrays import Array
from teachkit.boundary import UndefinedError, answer, apart
from teachkit.derivatives._point import Function, as_direction, as_point, length

PER_DECADE = 8
WINDOW = 13  # points whose slope is read off: a decade and a half
SPACINGS = (0.6, 0.45, 0.3, 0.15)  # of the points that show the noise of f, as powers of eps
SCALES = tuple(1e3**k for k in (-1, -2, -3, -4, -5, -6, 1, 2, 3, 4, 5, 6))


class TaylorSlopes(NamedTuple):
    """What `taylor_test` measured.

    Attributes
    ----------
    gradient : float
        Slope of the remainder of first order: about 2 (or more) for a right gradient, 1 for a
        wrong one. ``inf`` if the remainder is nothing but rounding, ``nan`` if rounding hides it.
    hessian : float or None
        Slope of the remainder of second order: about 3 (or more) if the Hessian is right too, 2 if
        it is wrong, 1 if already the gradient is. None if no Hessian was given.
    message : str
        The same in a sentence.
    steps, remainders : ndarray (m,), ndarray (1 or 2, m)
        What a log-log plot needs.
    verdict : "right", "wrong" or "cannot tell"
        Of all that was given.
    """

    gradient: float
    hessian: float | None
    message: str
    steps: np.ndarray
    remainders: np.ndarray
    verdict: str

    def __repr__(self) -> str:
        return f"TaylorSlopes({self.message})"


@arrays.quiet()
def taylor_test(
    f: Callable[[Any], Any],
    gradient: Callable[[Any], Any],
    x: Any,
    v: Any = None,
    *,
    hessian: Callable[[Any], Any] | None = None,
) -> TaylorSlopes:
    """Measure how fast the Taylor remainders of f shrink along v.

    ``abs(f(x + h v) - f(x) - h g'v)`` falls like h^2 if g is the gradient, like h if it is not;
    with ``- h^2/2 v'H v`` it falls like h^3 if H is the Hessian too. The slopes are read off on
    log-log axes, over the smallest a-decade-and-a-half of h at which the remainder still stands
    clear of the rounding noise of f (which is measured).

    Parameters
    ----------
    f : callable
        x (p,) to one number.
    gradient : callable
        x (p,) to (p,).
    x : array (p,)
    v : array (p,), optional
        The way to go; its length does not count. Without it three are drawn with a fixed seed (a
        single one may happen to be blind to a mistake) and the worst result is returned.
    hessian : callable, optional
        x (p,) to (p, p).

    Returns
    -------
    TaylorSlopes

    Raises
    ------
    ValueError
        If v is zero, shapes do not fit, or f is not finite at x.

    Notes
    -----
    A right gradient of a linear function leaves rounding only, and so does a right Hessian of a
    quadratic: the slope is then ``inf``, and the message says so. Where what the derivative
    predicts is itself lost in the rounding of f, the verdict is "cannot tell".

    Steps are counted in units of the largest coordinate of x, or of 1; where f is not smooth on
    that scale (coordinates in other units, a domain that ends nearby), in smaller or larger ones.

    Source: the noise of f by a table of differences, Moré and Wild (2011), Estimating computational
    noise; remainder slopes as in Boumal (2023), An Introduction to Optimization on Smooth
    Manifolds, sections 4.8 and 6.8.
    Lesson: 01_toolbox
    """
    x, f = as_point(x), apart(f, "f(x)")
    g = arrays.as_float(answer(gradient, "The gradient", x), "The gradient", like=x)
    require.shape(g, "The gradient", x.shape, "It has one partial derivative per coordinate.", x=x)
    H = None
    if hessian is not None:
        H = arrays.as_float(answer(hessian, "The Hessian", x), "The Hessian", like=x)
        require.shape(H, "The Hessian", x.shape * 2, "It is the matrix of second derivatives.", x=x)
    rng = np.random.default_rng(0)
    ways = [rng.standard_normal(x.shape).tolist() for _ in range(3)] if v is None else [v]
    return min((_along(f, g, H, x, _direction(way, x)) for way in ways), key=_worst)


def _worst(t: TaylorSlopes) -> tuple[int, float]:
    slopes = [s - n for s, n in ((t.gradient, 2), (t.hessian, 3)) if s is not None]
    order = ("wrong", "cannot tell", "right").index(t.verdict)
    return order, min((s for s in slopes if not math.isnan(s)), default=math.inf)


def _along(f: Function, g: Array, H: Array, x: Array, v: Array) -> TaylorSlopes:
    """The test along v, on the first scale on which f is smooth and which tells."""

    def on_scale(c: float) -> Callable[[float], float]:
        return lambda h: _value(f, x + h * (c * v))

    if not math.isfinite(start := on_scale(1.0)(0.0)):
        raise ValueError(f"f(x) is {start}; a Taylor test needs a point x at which f is finite.")
    eps = float(arrays.array_namespace(x).finfo(x.dtype).eps)

    def test(c: float) -> tuple[TaylorSlopes, bool, float, bool]:
        noise, smooth = _noise(on_scale(c), eps)
        return *_measure(on_scale(c), g, H, x, c * v, noise, smooth), noise, smooth

    first = found, ends, noise, smooth = test(1.0)
    for c in (1.0, *SCALES):
        if c != 1.0:
            found, ends, noise, smooth = test(c)
        if not smooth or found.verdict == "cannot tell":
            continue
        if not ends:
            # Nothing was lost in rounding yet: is f a power of h on this scale at all?
            closer, _, rough, smooth = test(c * SCALES[0])
            if not smooth and rough > 10 * noise:
                continue  # f only looked smooth: the points lay a period apart
            clear = math.isfinite(closer.gradient) and math.isfinite(closer.hessian or 0.0)
            if smooth and clear and closer.verdict not in (found.verdict, "cannot tell"):
                return closer
        return found
    return first[0]


def _measure(
    along: Callable[[float], float],
    g: Array,
    H: Array,
    x: Array,
    v: Array,
    noise: float,
    smooth: bool,
) -> tuple[TaylorSlopes, bool]:
    """The slopes, and whether the remainders end in rounding within the steps.

    Of an f that is not smooth only a constant is judged.
    """
    xp = arrays.array_namespace(x)
    eps, start = float(xp.finfo(x.dtype).eps), along(0.0)
    steps = _steps(eps)
    values = np.array([along(float(h)) for h in steps])
    nothing = bool(np.all(values == start))
    terms = [arrays.scalar(xp.sum(g * v)) * steps]
    if H is not None:
        terms.append(arrays.scalar(xp.sum(v * (H @ v if x.ndim else H * v))) * steps**2 / 2)

    # Rounding: of f where it is computed, and of x itself, which g passes on to f.
    shift = arrays.scalar(xp.linalg.vector_norm(g)) * arrays.scalar(xp.linalg.vector_norm(x))
    size = np.abs(values) + abs(start) + shift + sum(np.abs(term) for term in terms)
    floor = 100 * np.maximum(eps * size, noise)

    remainders = np.abs(values - start - np.cumsum(terms, axis=0))
    slopes = [_slope(steps, remainder, floor) for remainder in remainders]
    ends = bool(np.all(remainders[:, 0] <= floor[0]))
    for order, term in enumerate(terms):
        seen = np.isfinite(values) & (np.abs(term) > 10 * floor)
        flat = not term.any() and (slopes[0] == math.inf if order else nothing)
        hidden = slopes[order] == math.inf and not (seen.any() or flat)
        if hidden or not (smooth or nothing):
            slopes[order] = math.nan
    second = None if H is None else slopes[1]
    doubt = 0.25 if max(eps, noise / (abs(start) or 1.0)) < 1e-10 else 0.5  # little room there
    verdict, message = _verdict(slopes[0], second, doubt)
    return TaylorSlopes(slopes[0], second, message, steps, remainders, verdict), ends


def _steps(eps: float) -> np.ndarray:
    smallest = round(math.log10(eps)) / 1.75  # 1e-9 in float64, 1e-4 in float32
    return np.logspace(smallest, 0.5, math.ceil((0.5 - smallest) * PER_DECADE) + 1)


def _noise(along: Callable[[float], float], eps: float) -> tuple[float, bool]:
    """The standard deviation of the rounding in f, and whether f is smooth on this scale.

    Over small steps f is nearly a straight line, so what its fourth differences hold is noise (Moré
    and Wild 2011). Where they are not small beside the rise of f, the points are too near (f has
    fewer digits than x) or too far from each other.
    """
    before, noises = False, []
    for power in SPACINGS:
        table = np.array([along(j * eps**power) for j in range(-6, 7)])
        noises.append(float(np.sqrt(np.mean(np.diff(table, 4) ** 2) / 70)))
        smooth = noises[-1] <= 1e-3 * float(np.ptp(table)) > 0
        if smooth and before:  # twice, since a staircase may look like a straight line once
            return min(noises[-2:]), True
        before = smooth
    return max(noises), False


def _slope(steps: np.ndarray, remainder: np.ndarray, floor: np.ndarray) -> float:
    """The median slope over the first WINDOW steps whose remainders stand clear of the noise."""
    clear = np.isfinite(remainder) & (remainder > floor)
    length = WINDOW
    while length >= 4:
        runs = np.convolve(clear, np.ones(length), mode="valid") == length
        if runs.any():
            window = slice(int(np.argmax(runs)), int(np.argmax(runs)) + length)
            log_h, log_e = np.log(steps[window]), np.log(remainder[window])
            i, j = np.triu_indices(length, 1)
            return float(np.median((log_e[j] - log_e[i]) / (log_h[j] - log_h[i])))
        length -= 1
    return math.inf


def _verdict(first: float, second: float | None, doubt: float) -> tuple[str, str]:
    if math.isnan(first):
        return "cannot tell", (
            "Rounding does not let tell: along this direction f changes by no more than the noise "
            "in its values. Take constants out of f, compute it in float64, or scale x."
        )
    if not (first < 1.5 or first >= 2 - doubt):
        return "cannot tell", (
            f"The first remainder shrinks like h^{first:.2f}, between h, as for a wrong gradient, "
            "and h^2: curvature and noise hide which. Try another x or v."
        )
    if first < 1.5:
        return "wrong", (
            f"The first remainder shrinks like h^{first:.2f}, not h^2: this is not the gradient of "
            "f. Look at the sign, at factors such as 1/n and 1/2, and at the penalty."
        )
    right = f"The first remainder shrinks like h^{first:.2f}: the gradient is right"
    if first == math.inf:
        right = (
            "The first remainder is nothing but rounding, as for a linear function: the gradient "
            "is right"
        )
    if second is None:
        return "right", right + "."
    if math.isnan(second):
        return "cannot tell", (
            f"{right}; the second-order term is lost in the noise of f, so whether the Hessian is "
            "cannot be told here. Compare it with differences of the gradient "
            "(teachkit.derivatives.hvp_test)."
        )
    if second == math.inf:
        return "right", (
            right + "; the second is nothing but rounding, as for a quadratic: so is the Hessian."
        )
    if 2.5 <= second < 3 - doubt:
        return "cannot tell", (
            f"{right}; the second shrinks like h^{second:.2f}, between h^2, as for a wrong "
            "Hessian, and h^3: the terms beyond and noise hide which. Try another x or v."
        )
    if second >= 3 - doubt:
        return "right", right + f"; the second like h^{second:.2f}: so is the Hessian."
    return "wrong", right + (
        f"; the second shrinks like h^{second:.2f}, not h^3: the Hessian is not. Look at the "
        "factor of the second-order term and at the penalty."
    )


def _direction(v: Any, x: Array) -> Array:
    """v stretched to the length of the largest coordinate of x, and to 1 at least."""
    xp = arrays.array_namespace(x)
    v = as_direction(v, x)
    norm = length(v)
    if not 0 < norm < math.inf:
        raise ValueError(f"v has the norm {norm:g}; a direction has a finite norm above 0.")
    return v / norm * max(1.0, arrays.scalar(xp.max(xp.abs(x))))


def _value(f: Function, x: Array) -> float:
    """f(x), or NaN where f raises that it has no value."""
    try:
        value = f(x)
    except UndefinedError:
        return math.nan
    if getattr(value, "ndim", 0):
        raise ValueError(
            f"f gives an array of shape {tuple(value.shape)}; a Taylor test needs one number."
        )
    return arrays.scalar(value)
