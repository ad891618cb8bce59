"""Newton's method for f(x) = 0, one equation or as many as unknowns."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from teachkit import arrays, require
from teachkit._drive import check_limits, drive, iterative
from teachkit.boundary import UndefinedError, answer
from teachkit.optimize._oracle import LONG, TINY, matching
from teachkit.trace import Ending, Trace

FAR = 1e6  # times the start, or 1: so far away, a missing step means that the iterates diverge


@dataclass(frozen=True, eq=False)
class RootIterate:
    """One point on the way to a root: x, value = f(x), and the step that led there (0.0 first).

    x, value and step are floats for one equation; for a system x, value and, after the start, step
    have the shape (p,).
    """

    k: int
    x: Any
    value: Any
    step: Any


@arrays.quiet()
def newton_root_steps(
    f: Callable[[Any], Any], df: Callable[[Any], Any], x0: Any
) -> Generator[RootIterate, None, Ending]:
    """Yield Newton's iterates ``x_{k+1} = x_k - f(x_k) / f'(x_k)``, starting with x0 itself.

    For a system, ``x_{k+1} = x_k - J(x_k)^-1 F(x_k)``. The generator ends by itself only where it
    cannot go on (f' = 0, values that are not finite, x at rounding level) and returns the reason.

    What is taken and what is raised is as for `newton_root`.

    Lesson: 03_newton
    """
    for name, function in (("f", f), ("df", df)):
        require.function(function, name, f"x -> {name}(x)")
    x = arrays.as_float(x0, "x0")
    if x.ndim > 1 or 0 in x.shape:
        raise ValueError(
            f"x0 has shape {tuple(x.shape)}; it is a number for one equation, or a vector (p,) for "
            "p equations in p unknowns."
        )
    if x.ndim == 0:
        return _steps(f, df, arrays.scalar(x), _number, _divide)
    return _steps(f, df, arrays.own(x), _vector, _solve)  # the caller may change x0 later


def newton_root(
    f: Callable[[Any], Any],
    df: Callable[[Any], Any],
    x0: Any,
    *,
    tol: float = 1e-12,
    max_iter: int = 50,
) -> Trace:
    """Find a root by Newton's method, ``x_{k+1} = x_k - f(x_k) / f'(x_k)``.

    Near a simple root the error is squared at each step, at a root of multiplicity m it shrinks by
    (m - 1)/m only. Nothing is guaranteed from far away.

    Parameters
    ----------
    f : callable
        Takes x, a float, and returns a number; or takes x (p,) and returns (p,).
    df : callable
        Its derivative: a number, or the Jacobian (p, p) with ``J[i, j] = d f_i / d x_j``.
    x0 : float or array (p,)
        The start.
    tol : float
        Stops when max abs(f(x)) <= tol.
    max_iter : int
        Steps at most.

    Returns
    -------
    Trace
        Its iterates hold k, x, value and step. Not converging raises nothing: ``converged`` is
        False and ``message`` says why and what to try.

    Raises
    ------
    TypeError
        If f or df cannot be called, or gives what is no number.
    ValueError
        If x0 is not finite, or f or df has the wrong shape.

    Notes
    -----
    Source: Nocedal and Wright (2006), Numerical Optimization, algorithm 11.1.
    Lesson: 03_newton
    """
    check_limits(tol, max_iter)

    def reached(it: RootIterate) -> str:
        size = _size(it.value)
        return f"max |f(x)| is {size:.2g}, at most tol = {tol:g}." if size <= tol else ""

    def out_of_steps(iterates: tuple[RootIterate, ...]) -> str:
        return (
            f"Stopped at max_iter = {max_iter} steps with max |f(x)| = "
            f"{_size(iterates[-1].value):.2g}, above tol = {tol:g}. {_what_to_try(iterates)}"
        )

    trace = drive(newton_root_steps(f, df, x0), reached, out_of_steps, max_iter=max_iter)
    doubt = _too_flat(f, df, trace.iterates, tol) if trace.converged else ""
    return replace(trace, converged=False, message=doubt) if doubt else trace


@arrays.quiet()
def _too_flat(f: Any, df: Any, iterates: tuple[RootIterate, ...], tol: float) -> str:
    """Why max |f(x)| <= tol does not mean that x is near a root, or "" where it may.

    The error of x is about the next step, which is looked at after a start or a long step.
    """
    last, size = iterates[-1], _size(iterates[-1].value)
    near = LONG * (1.0 + _size(last.x))
    if size == 0 or (last.k > 0 and _size(last.step) <= near):
        return ""
    steps = newton_root_steps(f, df, last.x)
    next(steps)
    ahead = next(steps, None)
    still = 0.0 if ahead is None else _size(ahead.step)
    if not (still > near and size < TINY * still):
        return ""
    return (
        f"max |f(x)| is {size:.2g}, at most tol = {tol:g}, but only because f is so flat here: the "
        f"next step is still {still:.2g} long, beside an x of size {_size(last.x):.2g}. Take a tol "
        f"far below {size:.1g}, or multiply f by a large number."
    )


@iterative
def _steps(f: Any, df: Any, x: Any, checked: Any, quotient: Any) -> Generator[Any, None, str]:
    k, step = 0, 0.0
    far = FAR * max(1.0, _size(x))
    value, reason = _evaluate(f, x, x, checked, "f")
    while True:
        yield RootIterate(k, *map(arrays.own, (x, value, step)))  # its reader may write into it
        if reason:  # only at the start: afterwards such a point is not handed out
            return f"{reason} Choose a start where f is defined."
        if _size(value) == 0:
            return "f(x) is exactly 0."
        if k > 0 and _size(step) <= 2 * _eps(x) * _size(x):
            return (
                f"The step has shrunk to the rounding of x while max |f(x)| is still "
                f"{_size(value):.2g}: nearer to 0 these numbers do not come. Take a larger tol."
            )
        slope, reason = _evaluate(df, x, x, checked, "df")
        if reason:
            return f"{reason} Check df, or begin nearer to the root."
        step, reason = quotient(value, slope)
        if reason:
            return (reason if _size(x) < far else _RUN_AWAY).format(x=_show(x))
        k, new = k + 1, x + step
        if not math.isfinite(_size(new)):
            return f"Step {k} leads to infinity. {_ELSEWHERE}"
        value, reason = _evaluate(f, new, x, checked, "f")
        if reason:
            return f"{reason} The iterate before it is kept. {_ELSEWHERE}"
        x = new


_RUN_AWAY = (
    "The iterates have run away to x = {x}, where no step leads back: they diverge. Begin nearer "
    "to the root."
)
_ELSEWHERE = "Begin nearer to the root, or from another side."


def _evaluate(function: Any, x: Any, like: Any, checked: Any, name: str) -> tuple[Any, str]:
    """function(x) and "", or something not finite and the sentence that says so."""
    try:
        value = checked(answer(function, f"{name}(x)", x), like, name)
    except UndefinedError as none:
        reason = none.__cause__ or none
        return math.nan, f"{name}(x) cannot be computed at x = {_show(x)} ({reason})."
    if math.isfinite(_size(value)):
        return value, ""
    return value, f"{name}(x) is not a finite real number at x = {_show(x)}."


def _number(value: Any, like: float, name: str) -> float:
    if isinstance(value, complex | np.complexfloating):
        return math.nan  # a Python power of a negative number: outside the domain
    if getattr(value, "ndim", 0) != 0:
        raise ValueError(
            f"{name} has shape {tuple(value.shape)} where x is one number; with one unknown both f "
            "and df give one number. For a system, x0 is a vector."
        )
    try:
        return arrays.scalar(value)
    except (TypeError, ValueError):
        raise TypeError(f"{name} gave {value!r}, which is not a number.") from None


def _vector(value: Any, like: Any, name: str) -> Any:
    p = like.shape[0]
    return require.shape(
        matching(value, like, f"{name}(x)"),
        name,
        (p,) if name == "f" else (p, p),
        "Newton's method needs as many equations as unknowns, and the Jacobian has one row per "
        "equation.",
        x=like,
    )


def _divide(value: float, slope: float) -> tuple[float, str]:
    if slope == 0:
        return 0.0, (
            "f'(x) = 0 at x = {x}, and f(x) is not: the tangent is horizontal and never meets the "
            "axis, so there is no next point. Begin a little to one side."
        )
    return -value / slope, ""


def _solve(value: Any, J: Any) -> tuple[Any, str]:
    xp = arrays.array_namespace(value)
    try:
        step = xp.linalg.solve(J, -value)
        if math.isfinite(_size(step)) and not _beyond_rounding(step, value, J):
            return step, ""
    except Exception as error:  # each library has a LinAlgError of its own
        if type(error).__name__ != "LinAlgError":
            raise
    return value, (
        "The Jacobian is singular at x = {x}: the tangent planes have no common point, or a whole "
        "line of them, so there is no next point. Begin elsewhere, or look for an equation that "
        "repeats another."
    )


def _beyond_rounding(step: Any, value: Any, J: Any) -> bool:
    """Whether a step is so long that J must be singular to rounding.

    Rounding leaves a pivot of some eps where there should be 0. With rows and columns of J scaled
    to 1 (so that units have no say), the step is then some 1 / eps times f(x), and no digit of it
    means anything.
    """
    xp = arrays.array_namespace(value)
    rows = xp.max(xp.abs(J), axis=1)
    columns = xp.max(xp.abs(J / rows[:, None]), axis=0)
    return 100 * value.shape[0] * _eps(value) * _size(columns * step) > _size(value / rows)


def _size(value: Any) -> float:
    """max |value|, for a number or a vector; NaN where there is one."""
    if not arrays.is_array(value):
        return abs(value)
    xp = arrays.array_namespace(value)
    return arrays.scalar(xp.max(xp.abs(value)))


def _eps(x: Any) -> float:
    return float(arrays.array_namespace(x).finfo(x.dtype).eps) if arrays.is_array(x) else 2.0**-52


def _show(x: Any) -> str:
    return f"{x:.6g}" if isinstance(x, float) else str(arrays.to_numpy(x))


def _what_to_try(iterates: tuple[RootIterate, ...]) -> str:
    last = iterates[-1]
    if len(iterates) < 4:
        return "Allow more steps."
    for period in range(2, min(5, len(iterates))):
        moved = _size(last.x - iterates[-1 - period].x)
        if moved <= 1e-9 * _size(last.x - iterates[-2].x):
            return f"The iterates repeat with period {period}: a cycle. Begin elsewhere."
    ratio = _size(last.step) / _size(iterates[-2].step)
    if ratio > 1:
        return "The steps grow: it runs away from the root. Begin nearer to it."
    if ratio > 0.4:
        return (
            f"The steps shrink slowly, the last one by the factor {ratio:.2g}. So they do at a "
            "multiple root, where f' = 0 too: allow more steps, or take a better slope."
        )
    return "Allow more steps, or begin nearer to the root."
