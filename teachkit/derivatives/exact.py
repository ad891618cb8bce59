"""Exact derivatives of a function from its code, by automatic differentiation (autograd)."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from teachkit import arrays
from teachkit._optional import optional
from teachkit.boundary import UndefinedError, undefined
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
    ValueError
        When called: if f(x) is finite and its derivative is not, at a kink or where the code of f
        takes a detour through one, such as ``norm(w)**2`` at w = 0.

    Notes
    -----
    Source: Griewank and Walther (2008), Evaluating Derivatives, section 3.2.
    Lesson: 05_hessian_vector_products
    """
    return _Derivative(f, "grad")


def jacobian(f: Function) -> Function:
    """Return the function x -> J with ``J[i, j] = d f_i / d x_j``, by autograd.

    f takes x (p,) to (m,), J is (m, p); for the rest, and for what is raised, see `gradient`. Costs
    m backward passes.

    Lesson: 03_newton
    """
    return _Derivative(f, "jacobian")


def hessian(f: Function) -> Function:
    """Return the function x -> H with ``H[j, k] = d^2 f / d x_j d x_k``, (p, p), by autograd.

    What is taken and what is raised is as for `gradient`. Costs p backward passes through it.

    Lesson: 03_newton
    """
    return _Derivative(f, "hessian")


def hvp(f: Function) -> Callable[[Any, Any], Any]:
    """Return the function (x, v) -> H(x) v, without ever forming H (autograd).

    ``H v = d/dx (grad f(x)' v)``: reverse mode twice, for the price of two to three gradients. v
    has the shape of x; for the rest, and for what is raised, see `gradient`.

    Source: Pearlmutter (1994), Fast exact multiplication by the Hessian.
    Lesson: 05_hessian_vector_products
    """
    return _Product(f, "make_hvp")


@dataclass(frozen=True)
class _Derivative:
    """x -> the derivative of f at x, by an operator of autograd's; pickled where f can be."""

    f: Function
    operator: str

    def __post_init__(self) -> None:
        if not callable(self.f):
            raise TypeError(f"A function of x is needed here, not {self.f!r:.60}.")
        self._autograd()  # complains now, not when it is called

    def __call__(self, x: Any) -> Any:
        return self._at(x, lambda derivative, x: derivative(x))

    def _autograd(self) -> Any:
        return optional("autograd", "autograd", "Differentiating the code of a function")

    def _checked(self, x: Any) -> Any:
        value = self.f(x)
        if value is None:
            raise _NoNumberError("f gives None: a `return` is missing, usually.")
        if self.operator != "jacobian" and np.ndim(value):
            raise _NoNumberError(
                f"f gives an array of shape {tuple(value.shape)}; this derivative is that of one "
                "number. Sum or average in f, or use jacobian."
            )
        return value

    def _at(self, x: Any, rule: Callable[[Any, Any], Any]) -> Any:
        """The rule with the derivative, or a sentence where autograd cannot follow f."""
        derivative = getattr(self._autograd(), self.operator)(self._checked)
        if _traced(x):
            return rule(derivative, x)
        x = as_point(x)
        if arrays.array_namespace(x) is not arrays.array_namespace():
            raise TypeError(
                f"autograd follows NumPy arrays only, and x is a {type(x).__module__} array. "
                "Convert it with teachkit.arrays.to_numpy, or use finite_gradient or a closed form."
            )
        x = x if x.ndim else float(x)
        with arrays.quiet(), warnings.catch_warnings():
            # A constant function has the derivative 0; there is nothing to warn about.
            warnings.filterwarnings("ignore", message="Output seems independent of input")
            try:
                result = rule(derivative, x)
                if np.asarray(result).dtype.kind == "f":
                    return self._finite(result, x)
                reason: Exception | None = None
            except _NoNumberError as error:
                raise TypeError(str(error)) from None
            except UndefinedError:
                raise
            except Exception as error:
                if undefined(error):
                    return self._finite(math.nan, x)
                reason = error
        self.f(arrays.own(x))  # a mistake of its own shows here as it is
        raise TypeError(
            "f can be computed, but autograd cannot follow it. Usually it is written with numpy: "
            "write it with `import autograd.numpy as np`, without float(), int() or assignment to "
            "elements of an array. Otherwise use finite_gradient or finite_jacobian."
        ) from reason

    def _finite(self, result: Any, x: Any) -> Any:
        """The derivative, unless it is not finite where f is: that is no answer."""
        if np.all(np.isfinite(result)) or not np.all(np.isfinite(self.f(arrays.own(x)))):
            return result
        raise UndefinedError(
            f"autograd finds no finite derivative at x = {x!s:.60}, although f(x) is finite there. "
            "The usual cause is a norm, a root or a quotient at 0: of norm(w)**2 it follows the "
            "norm, which has a kink at w = 0. Write the square as np.sum(w**2), without the root; "
            "for a root that is meant, smooth its kink, np.sqrt(np.sum(w**2) + 1e-12), or move off "
            "it."
        )


class _Product(_Derivative):
    """(x, v) -> H(x) v."""

    def __call__(self, x: Any, v: Any) -> Any:  # type: ignore[override]
        v = arrays.as_float(v, "v", like=None if _traced(x) else as_point(x))
        if v.shape != np.shape(x):
            raise ValueError(
                f"v has shape {tuple(v.shape)} and x {np.shape(x)}; a Hessian-vector product takes "
                "one v in the shape of x. Several vectors go through one at a time."
            )
        return self._at(x, lambda make, x: make(x)[0](v))


class _NoNumberError(Exception):
    """f gives None, or an array where one number is needed."""


def _traced(x: Any) -> bool:
    """Whether a derivative of a derivative is being taken: x is autograd's own."""
    return type(x).__module__.startswith("autograd.")
