"""Exact derivatives of a function from its code, by automatic differentiation (autograd)."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from teachkit import arrays
from teachkit._optional import optional
from teachkit.derivatives._point import Function, as_point


def gradient(f: Function) -> Function:
    """Return the function x -> grad f(x), by reverse-mode differentiation (autograd).

    Parameters
    ----------
    f : callable
        Written with ``autograd.numpy``; x (p,) or a number to one number.

    Returns
    -------
    callable
        x (p,) to (p,), exact to rounding.

    Raises
    ------
    ImportError
        If autograd is not installed.
    TypeError
        When called: if f is written with plain NumPy, gives more than one number, or x is an array
        of another library.

    Notes
    -----
    Source: Griewank and Walther (2008), Evaluating Derivatives, section 3.2.
    Lesson: 05_hessian_vector_products
    """
    return _by_autograd(f, lambda ag, f, x: ag.grad(f)(x))


def jacobian(f: Function) -> Function:
    """Return the function x -> J with ``J[i, j] = d f_i / d x_j``, by autograd.

    Parameters, Raises
        As for `gradient`; f takes x (p,) to (m,), J is (m, p). Costs m backward passes.

    Notes
    -----
    Lesson: 03_newton
    """
    return _by_autograd(f, lambda ag, f, x: ag.jacobian(f)(x), one_number=False)


def hessian(f: Function) -> Function:
    """Return the function x -> H with ``H[j, k] = d^2 f / d x_j d x_k``, (p, p), by autograd.

    Parameters, Raises
        As for `gradient`. Costs p backward passes through the gradient.

    Notes
    -----
    Lesson: 03_newton
    """
    return _by_autograd(f, lambda ag, f, x: ag.hessian(f)(x))


def hvp(f: Function) -> Callable[[Any, Any], Any]:
    """Return the function (x, v) -> H(x) v, without ever forming H (autograd).

    ``H v = d/dx (grad f(x)' v)``: reverse mode twice, for the price of two to three gradients.

    Parameters, Raises
        As for `gradient`; v has the shape of x.

    Notes
    -----
    Source: Pearlmutter (1994), Fast exact multiplication by the Hessian.
    Lesson: 05_hessian_vector_products
    """
    _by_autograd(f, lambda ag, f, x: None)  # complains now, not at the first product

    def product(x: Any, v: Any) -> Any:
        v = arrays.as_float(v, "v", like=None if _traced(x) else as_point(x))
        if v.shape != np.shape(x):
            raise ValueError(
                f"v has shape {tuple(v.shape)} and x {np.shape(x)}; a Hessian-vector product takes "
                "one v in the shape of x. Several vectors go through one at a time."
            )
        return _by_autograd(f, lambda ag, f, x: ag.make_hvp(f)(x)[0](v))(x)

    return product


def _traced(x: Any) -> bool:
    """Whether a derivative of a derivative is being taken: x is autograd's own."""
    return type(x).__module__.startswith("autograd.")


class _NoNumberError(Exception):
    """f gives None, or an array where one number is needed."""


def _by_autograd(f: Function, derivative: Callable[..., Any], *, one_number: bool = True) -> Any:
    """x -> derivative(autograd, f, x), with a sentence where autograd cannot follow f."""
    if not callable(f):
        raise TypeError(f"A function of x is needed here, not {f!r}.")
    ag = optional("autograd", "autograd", "Differentiating the code of a function")

    def checked(x: Any) -> Any:
        value = f(x)
        if value is None:
            raise _NoNumberError("f gives None: a `return` is missing, usually.")
        if one_number and np.ndim(value):
            raise _NoNumberError(
                f"f gives an array of shape {tuple(value.shape)}; this derivative is that of one "
                "number. Sum or average in f, or use jacobian."
            )
        return value

    def at(x: Any) -> Any:
        if _traced(x):
            return derivative(ag, checked, x)
        x = as_point(x)
        if arrays.array_namespace(x) is not arrays.array_namespace():
            raise TypeError(
                f"autograd follows NumPy arrays only, and x is a {type(x).__module__} array. "
                "Convert it with teachkit.arrays.to_numpy, or use finite_gradient or a closed form."
            )
        x = x if x.ndim else float(x)
        with warnings.catch_warnings():
            # A constant function has the derivative 0; there is nothing to warn about.
            warnings.filterwarnings("ignore", message="Output seems independent of input")
            try:
                result = derivative(ag, checked, x)
                if np.asarray(result).dtype.kind == "f":
                    return result
                reason: Exception | None = None
            except _NoNumberError as error:
                raise TypeError(str(error)) from None
            except Exception as error:
                reason = error
        f(x)  # a mistake of its own shows here as it is
        raise TypeError(
            "f can be computed, but autograd cannot follow it. Usually it is written with numpy: "
            "write it with `import autograd.numpy as np`, without float(), int() or assignment to "
            "elements of an array. Otherwise use finite_gradient or finite_jacobian."
        ) from reason

    return at
