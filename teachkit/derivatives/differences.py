"""Approximate derivatives of a function from its values or from its gradient, by differences."""

from __future__ import annotations

from typing import Any

from teachkit import arrays, require
from teachkit.arrays import Array
from teachkit.boundary import answer, apart
from teachkit.derivatives._point import Function, as_direction, as_point


@arrays.quiet()
def finite_gradient(f: Function, x: Any, r: float) -> Array:
    """Approximate grad f(x) by central differences, ``(f(x + r e_j) - f(x - r e_j)) / 2r``.

    The error is O(r^2) from the formula plus O(eps / r) from rounding: r near the cube root of
    eps times the scale of x is about best.

    Parameters
    ----------
    f : callable
        x (p,), or a number, to one number; evaluated 2p times.
    x : array (p,) or float
    r : float
        Greater than 0.

    Returns
    -------
    array (p,), or a float for a number x

    Raises
    ------
    ValueError
        If r is not positive or drowns in the rounding of x, or f gives more than one number.

    Notes
    -----
    Source: Nocedal and Wright (2006), Numerical Optimization, equation (8.7).
    Lesson: 03_newton
    """
    J = finite_jacobian(f, x, r)
    if J.ndim > arrays.as_float(x, "x").ndim:
        raise ValueError(
            f"f gives an array of shape {tuple(J.shape[:-1])}; a gradient is that of one number. "
            "For a function with several values use finite_jacobian."
        )
    return J if J.ndim else arrays.scalar(J)


@arrays.quiet()
def finite_jacobian(F: Function, x: Any, r: float) -> Array:
    """Approximate J by central differences, ``J[:, j] = (F(x + r e_j) - F(x - r e_j)) / 2r``.

    Parameters
    ----------
    F : callable
        x (p,) to (m,); evaluated 2p times. With F a gradient, J is the Hessian.
    x : array (p,)
    r : float
        Greater than 0; about best near the cube root of eps times the scale of x.

    Returns
    -------
    array (m, p)

    Raises
    ------
    ValueError
        If r is not positive or drowns in the rounding of x.

    Notes
    -----
    Source: Nocedal and Wright (2006), Numerical Optimization, section 8.1.
    Lesson: 03_newton
    """
    x, r, F = as_point(x), _step(r), apart(F)
    xp = arrays.array_namespace(x)
    if x.ndim == 0:
        J = finite_jacobian(lambda u: F(u[0]), xp.reshape(x, (1,)), r)
        return J[..., 0]
    E = r * xp.eye(x.shape[0], dtype=x.dtype, device=arrays.device(x))
    columns = []
    for j in range(x.shape[0]):
        ahead, behind = x + E[j, :], x - E[j, :]
        if arrays.scalar(ahead[j]) == arrays.scalar(behind[j]):
            raise ValueError(
                f"r = {r:g} is lost in the rounding of x: x[{j}] + r is x[{j}]. Take a larger r, "
                f"about {float(xp.finfo(x.dtype).eps) ** (1 / 3):.0e} times the size of x."
            )
        rise = _values(F, ahead, x) - _values(F, behind, x)
        columns.append(rise / (2 * r))
    return xp.stack(columns, axis=-1)


@arrays.quiet()
def hvp_forward(gradient: Function, x: Any, v: Any, r: float) -> Array:
    """Approximate H(x) v by a forward difference, ``(grad(x + r v) - grad(x)) / r``.

    The error is O(r) from the formula plus O(eps / r) from rounding. r multiplies v as it is given:
    the distance gone is r times the norm of v.

    Parameters
    ----------
    gradient : callable
        x (p,) to (p,); called twice.
    x, v : arrays (p,)
        v not zero.
    r : float
        Greater than 0.

    Returns
    -------
    array (p,)

    Raises
    ------
    ValueError
        If r is not positive, v is zero, or r v drowns in the rounding of x.

    Notes
    -----
    Source: Nocedal and Wright (2006), Numerical Optimization, equation (8.20).
    Lesson: 05_hessian_vector_products
    """
    x, v, r = _line(x, v, r)
    return (_slope(gradient, x + r * v, x) - _slope(gradient, x, x)) / r


@arrays.quiet()
def hvp_central(gradient: Function, x: Any, v: Any, r: float) -> Array:
    """Approximate H(x) v by a central difference, ``(grad(x + r v) - grad(x - r v)) / 2r``.

    The error is O(r^2) from the formula plus O(eps / r) from rounding. What is taken, given and
    raised is as for `hvp_forward`.

    Source: Domke (2009), Hessian-vector products, the two-sided formula.
    Lesson: 05_hessian_vector_products
    """
    x, v, r = _line(x, v, r)
    return (_slope(gradient, x + r * v, x) - _slope(gradient, x - r * v, x)) / (2 * r)


def _step(r: Any) -> float:
    why = (
        "With r = 0 the quotient is 0/0, and a negative r is the same formula looking backwards: "
        "turn v round instead."
    )
    return require.real(r, "The step r", "(0, inf)", why, example="1e-5")


def _line(x: Any, v: Any, r: Any) -> tuple[Array, Array, float]:
    """x, v and r, checked: there is something to go along, and x + r v is not x."""
    x, r = as_point(x), _step(r)
    v, xp = as_direction(v, x), arrays.array_namespace(x)
    if not arrays.scalar(xp.any(v != 0)):
        raise ValueError("v is zero, so it names no direction; H v is 0 whatever H is.")
    if not arrays.scalar(xp.any(x + r * v != x - r * v)):
        raise ValueError(
            f"r = {r:g} is lost in rounding: x + r v is x. Take a larger r, such that the norm of "
            "r v is some 1e-5 times that of x."
        )
    return x, v, r


def _values(F: Function, point: Array, x: Array) -> Array:
    values = arrays.as_float(answer(F, "The function", point), "The value of the function", like=x)
    if values.ndim > 1:
        raise ValueError(
            f"The function gives an array of shape {tuple(values.shape)}; a Jacobian needs one "
            "number or a vector (m,). Flatten it with reshape(-1)."
        )
    return values


def _slope(gradient: Function, point: Array, x: Array) -> Array:
    g = arrays.as_float(answer(gradient, "The gradient", point), "The gradient", like=x)
    return require.shape(g, "The gradient", x.shape, "It has one entry per coordinate.", x=x)
