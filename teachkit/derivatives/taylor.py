"""Does a gradient belong to its function? The slopes of the Taylor remainders tell."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from teachkit import arrays
from teachkit.arrays import Array
from teachkit.derivatives._point import as_point

PER_DECADE = 8
WINDOW = 13  # points whose slope is read off: a decade and a half


class TaylorSlopes(NamedTuple):
    """What `taylor_test` measured.

    Attributes
    ----------
    gradient : float
        Slope of the remainder of first order: about 2 (or more) for a right gradient, 1 for a
        wrong one. ``inf`` if the remainder is nothing but rounding.
    hessian : float or None
        Slope of the remainder of second order: about 3 (or more) if the Hessian is right too, 2 if
        it is wrong, 1 if already the gradient is. None if no Hessian was given.
    message : str
        The same in a sentence.
    steps, remainders : ndarray (m,), ndarray (1 or 2, m)
        What a log-log plot needs.
    """

    gradient: float
    hessian: float | None
    message: str
    steps: np.ndarray
    remainders: np.ndarray

    def __repr__(self) -> str:
        return f"TaylorSlopes({self.message})"


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
    quadratic: the slope is then ``inf``, and the message says so.

    Source: the noise of f by a table of differences, Moré and Wild (2011), Estimating computational
    noise; remainder slopes as in Boumal (2023), An Introduction to Optimization on Smooth
    Manifolds, sections 4.8 and 6.8.
    Lesson: 01_toolbox
    """
    x = as_point(x)
    g = arrays.as_float(gradient(x), "The gradient", like=x)
    if g.shape != x.shape:
        raise ValueError(
            f"The gradient has shape {tuple(g.shape)} where x has shape {tuple(x.shape)}; there is "
            "one partial derivative per coordinate."
        )
    H = None if hessian is None else arrays.as_float(hessian(x), "The Hessian", like=x)
    if H is not None and H.shape != x.shape * 2:
        raise ValueError(
            f"The Hessian has shape {tuple(H.shape)} where x has shape {tuple(x.shape)}; it is the "
            f"{x.shape * 2} matrix of second derivatives."
        )
    rng = np.random.default_rng(0)
    ways = [rng.standard_normal(x.shape).tolist() for _ in range(3)] if v is None else [v]
    found = [_measure(f, g, H, x, _direction(way, x)) for way in ways]
    return min(found, key=lambda t: min(t.gradient - 2, (t.hessian or 3) - 3))


def _measure(f: Callable[[Any], Any], g: Array, H: Array, x: Array, v: Array) -> TaylorSlopes:
    xp = arrays.array_namespace(x)

    def along(h: float) -> float:
        return _one_number(f(x + h * v))

    start = along(0.0)
    if not math.isfinite(start):
        raise ValueError(f"f(x) is {start}; a Taylor test needs a point x at which f is finite.")
    eps = float(xp.finfo(x.dtype).eps)
    steps = _steps(eps)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        values = np.array([along(float(h)) for h in steps])
    terms = [arrays.scalar(xp.sum(g * v)) * steps]
    if H is not None:
        terms.append(arrays.scalar(xp.sum(v * (H @ v if x.ndim else H * v))) * steps**2 / 2)

    # Rounding: of f where it is computed, and of x itself, which g passes on to f.
    shift = arrays.scalar(xp.linalg.vector_norm(g)) * arrays.scalar(xp.linalg.vector_norm(x))
    size = np.abs(values) + abs(start) + shift + sum(np.abs(term) for term in terms)
    floor = 100 * np.maximum(eps * size, _noise(along, eps))

    remainders = np.abs(values - start - np.cumsum(terms, axis=0))
    slopes = [_slope(steps, remainder, floor) for remainder in remainders]
    second = None if H is None else slopes[1]
    doubt = 0.25 if eps < 1e-10 else 0.5  # float32 leaves little room between curve and noise
    return TaylorSlopes(slopes[0], second, _verdict(slopes[0], second, doubt), steps, remainders)


def _steps(eps: float) -> np.ndarray:
    smallest = round(math.log10(eps)) / 1.75  # 1e-9 in float64, 1e-4 in float32
    return np.logspace(smallest, 0.5, math.ceil((0.5 - smallest) * PER_DECADE) + 1)


def _noise(along: Callable[[float], float], eps: float) -> float:
    """The standard deviation of the rounding in f, from fourth differences (Moré and Wild 2011).

    Over steps this small f is a straight line, so what its fourth differences hold is noise.
    """
    table = np.array([along(j * eps**0.6) for j in range(-6, 7)])
    return float(np.sqrt(np.mean(np.diff(table, 4) ** 2) / 70))


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


def _verdict(first: float, second: float | None, doubt: float) -> str:
    if not first >= 2 - doubt:
        return (
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
        return right + "."
    if second == math.inf:
        return (
            right + "; the second is nothing but rounding, as for a quadratic: so is the Hessian."
        )
    if second >= 3 - doubt:
        return right + f"; the second like h^{second:.2f}: so is the Hessian."
    return right + (
        f"; the second shrinks like h^{second:.2f}, not h^3: the Hessian is not. Look at the "
        "factor of the second-order term and at the penalty."
    )


def _direction(v: Any, x: Array) -> Array:
    """v stretched to the length of the largest coordinate of x, and to 1 at least."""
    xp = arrays.array_namespace(x)
    v = arrays.as_float(v, "v", like=x)
    if v.shape != x.shape:
        raise ValueError(f"v has shape {tuple(v.shape)} and x {tuple(x.shape)}; both are (p,).")
    norm = arrays.scalar(xp.linalg.vector_norm(v))
    if not 0 < norm < math.inf:
        raise ValueError(f"v has the norm {norm:g}; a direction has a finite norm above 0.")
    return v * (max(1.0, arrays.scalar(xp.max(xp.abs(x)))) / norm)


def _one_number(value: Any) -> float:
    if getattr(value, "ndim", 0):
        raise ValueError(
            f"f gives an array of shape {tuple(value.shape)}; a Taylor test needs one number."
        )
    return arrays.scalar(value)
