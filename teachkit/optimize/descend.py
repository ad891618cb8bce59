"""Minimisation, one iterate at a time: any direction with any search."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import Any

from teachkit import arrays, require
from teachkit._drive import check_limits, drive, iterative
from teachkit.arrays import Array
from teachkit.boundary import ours
from teachkit.optimize._doubt import doubt
from teachkit.optimize._oracle import Oracle, Point, check_oracles
from teachkit.optimize.directions import Direction, Newton
from teachkit.optimize.searches import (
    Backtracking,
    Search,
    no_decrease,
    rounding_of,
    slope_along,
)
from teachkit.places import crosses
from teachkit.trace import Ending, Trace

MAX_STALLED = 20


@dataclass(frozen=True, eq=False)
class Iterate:
    """One point on the way down.

    Attributes
    ----------
    k : int
        Steps taken so far; 0 is the start.
    x : array (p,)
    value : float
        R(x).
    gradient_norm : float
        The 2-norm of grad R(x).
    step : float
        The t of x = x_before + t d; 0.0 at the start.
    evaluations : int
        Calls of value and gradient so far, a joint call as one.
    note : str
        What was out of the ordinary on the step to here, or "".
    """

    k: int
    x: Array
    value: float
    gradient_norm: float
    step: float
    evaluations: int
    note: str = ""


@crosses
@arrays.quiet()
def descend(
    objective: Any,
    x0: Any,
    direction: Direction = Newton(),
    search: Search = Backtracking(),
) -> Generator[Iterate, None, Ending]:
    """Yield the iterates of a descent, ``x_{k+1} = x_k + t_k d_k``, starting with x0 itself.

    There is no tolerance here: the caller stops when satisfied (`minimize` does). The generator
    ends by itself only when it cannot go on: at a gradient of exactly 0, where no step lowers the
    objective, at values that are not finite. Its return value is then an `Ending` with the reason.

    Parameters
    ----------
    objective : object
        With ``value(x)`` (a number) and ``gradient(x)`` (p,), or ``value_and_gradient(x)``, and
        what the direction asks for, such as ``hessian(x)`` (p, p). Every risk is an objective.
    x0 : array (p,)
        The start; integers and lists become floats. Library, dtype and device of all iterates.
    direction : SteepestDescent(), Newton(), NewtonCG(), BFGS() or LBFGS()
    search : FixedStep(), Backtracking() or Wolfe()
        BFGS() and LBFGS() are made for Wolfe().

    Returns
    -------
    generator of Iterate

    Raises
    ------
    TypeError
        If an oracle is missing (the sentence says which).
    ValueError
        If x0 is not a finite vector, or a gradient or Hessian has the wrong shape.

    Notes
    -----
    Source: Nocedal and Wright (2006), Numerical Optimization, chapters 3, 6 and 7.
    Lesson: 03_newton
    """
    return _begin(objective, x0, direction, search)[1]


def _begin(
    objective: Any, x0: Any, direction: Direction, search: Search
) -> tuple[Oracle, Generator[Iterate, None, Ending]]:
    # Checked here and not at the first `next`, so that a mistake is reported where it is made.
    require.instance(direction, "direction", ("begin",), "Newton() or LBFGS()")
    require.instance(search, "search", ("__call__",), "Backtracking() or Wolfe()")
    check_oracles(objective, direction)
    oracle = Oracle(objective)
    return oracle, _descend(oracle, _start(x0, objective), direction, search)


@iterative
def _descend(
    oracle: Oracle, x: Array, direction: Direction, search: Search
) -> Generator[Iterate, None, str]:
    xp, propose = arrays.array_namespace(x), direction.begin(oracle.objective)
    point = oracle.with_gradient(oracle.at(x))
    yield _iterate(0, point, 0.0, oracle, "")
    if not point.finite:
        if point.why is not None and isinstance(point.why.__cause__, ZeroDivisionError):
            raise point.why.__cause__  # more likely a mistake, and there is no trace to lose
        what = "gradient" if math.isfinite(point.value) else "objective"
        if point.why is not None and point.why.__cause__ is None:  # it says itself what to do
            return f"The {what} is not finite at the start: {point.why}"
        begin = "Begin where the objective is defined."
        return f"The {what} is not finite at the start{point.reason}. {begin}"
    k, best, stalled = 0, point.gradient_norm, 0
    while point.gradient_norm > 0:
        d, note = propose(point) if ours(direction) else propose(point.apart())
        new, step = search(oracle, point, d)
        if arrays.scalar(xp.all(new.x == point.x)):
            return (
                f"The step is so small that rounding leaves x where it is; the gradient norm is "
                f"{point.gradient_norm:.2g}."
            )
        if new.gradient_norm < best:
            best, stalled = new.gradient_norm, 0
        else:
            stalled = stalled + 1 if _within_rounding(point, new) else 0
        k, point = k + 1, new
        yield _iterate(k, point, step, oracle, note)
        if stalled == MAX_STALLED:
            return no_decrease(point, 0.0, rounding_of(point), oracle.edge)
    return "The gradient is exactly 0: this is a stationary point."


def _within_rounding(point: Point, new: Point) -> bool:
    """Whether a step gained nothing but rounding, which could go on to and fro for ever."""
    promised, fall = slope_along(point, new.x - point.x), new.value - point.value
    return max(abs(promised), abs(fall)) <= 10 * rounding_of(point)


@crosses
@arrays.quiet()
def minimize(
    objective: Any,
    x0: Any,
    direction: Direction = Newton(),
    search: Search = Backtracking(),
    *,
    tol: float = 1e-8,
    max_iter: int = 100,
    progress: bool = False,
) -> Trace:
    """Minimise an objective: run `descend` until ``||grad R(x)||_2 <= tol``.

    Parameters
    ----------
    objective, x0, direction, search
        As for `descend`.
    tol : float
        Absolute, on the 2-norm of the gradient; >= 0.
    max_iter : int
        Steps at most; with 0 the start is judged and returned.
    progress : bool
        Show a bar (tqdm).

    Returns
    -------
    Trace
        ``x``, ``converged``, ``message`` and ``iterates``. Not converging raises nothing:
        ``converged`` is False and ``message`` says why and what to try.

    Raises
    ------
    TypeError, ValueError
        For wrong arguments, as `descend`; a tol or max_iter below 0.

    Notes
    -----
    Lesson: 03_newton
    """
    check_limits(tol, max_iter)
    oracle, steps = _begin(objective, x0, direction, search)

    def reached(it: Iterate) -> str:
        if not it.gradient_norm <= tol:
            return ""
        return f"The gradient norm is {it.gradient_norm:.2g}, at most tol = {tol:g}."

    def out_of_steps(iterates: tuple[Iterate, ...]) -> str:
        last = iterates[-1]
        return (
            f"Stopped at max_iter = {max_iter} steps with a gradient norm of "
            f"{last.gradient_norm:.2g}, above tol = {tol:g}. {_what_to_try(last)}"
        )

    trace = drive(steps, reached, out_of_steps, max_iter=max_iter, progress=progress)
    why_not = doubt(oracle, trace, tol)
    return replace(trace, converged=False, message=why_not) if why_not else trace


def _what_to_try(last: Iterate) -> str:
    if str(last.x.dtype).endswith("float32"):
        return (
            "float32 has about 7 digits: if the gradient norm has stopped falling, take a larger "
            "tol or float64; otherwise allow more steps."
        )
    return "Allow more steps, or take a direction or a search that suits the objective better."


def _start(x0: Any, objective: Any) -> Array:
    data = getattr(objective, "weights", None)
    on_gpu = arrays.is_gpu(data) and not arrays.is_array(x0)  # a list goes where the data are
    x = arrays.as_float(x0, "x0", like=data if on_gpu else None)
    if x.ndim != 1 or x.shape[0] == 0:
        raise ValueError(
            f"x0 has shape {tuple(x.shape)}; a start is a vector (p,) with p >= 1. A single number "
            "is written [number], a matrix of parameters flattened with np.reshape(x0, -1)."
        )
    return arrays.own(x)  # the caller may change x0 later


def _iterate(k: int, point: Point, step: float, oracle: Oracle, note: str) -> Iterate:
    oracle.here = point
    x = arrays.own(point.x)  # the caller may write into a record
    return Iterate(k, x, point.value, point.gradient_norm, step, oracle.evaluations, note)
