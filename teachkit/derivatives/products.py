"""What a derivative costs, counted and not timed: products with the data matrix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

_PRODUCTS = {"matmul", "dot", "einsum", "tensordot", "inner", "vecdot", "matvec", "vecmat"}


class Products(NamedTuple):
    """What `count_products` counted.

    Attributes
    ----------
    products : int
        Products in which X, X' or a part of X is a factor.
    largest : int
        Numbers in the largest result of any operation with X, products or not.
    """

    products: int
    largest: int


def count_products(call: Callable[[Any], Any], X: Any) -> Products:
    """Run ``call(X)`` and count the products with X in it.

    For a linear model with X (n, p) a value takes one product, a gradient two (X w and X' s), and
    each of them n p multiplications; with k vectors at once a product counts once and X is read
    once. Timings depend on the machine; this does not.

    Parameters
    ----------
    call : callable
        Uses its argument as the data matrix, by NumPy or by autograd. Its result is not looked at.
    X : array (n, p)
        NumPy; it is handed on as a view that counts.

    Returns
    -------
    Products

    Notes
    -----
    Lesson: 05_hessian_vector_products
    """
    watched = np.asarray(X).view(_Watched)
    notes: list[tuple[str, int]] = []
    watched.notes = notes
    call(watched)
    products = sum(name in _PRODUCTS for name, _ in notes)
    return Products(products, max((size for _, size in notes), default=0))


class _Watched(np.ndarray):
    """An array whose views note the name and the size of the result of each operation with them."""

    notes: list[tuple[str, int]]

    def __array_finalize__(self, other: Any) -> None:
        self.notes = getattr(other, "notes", [])

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return self._noted(ufunc.__name__, getattr(ufunc, method), inputs, kwargs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return self._noted(function.__name__, function, args, kwargs)

    def dot(self, other: Any, out: Any = None) -> Any:  # the method asks nobody
        return self._noted("dot", np.dot, (self, other), {})

    def _noted(self, name: str, function: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        result = function(*map(_plain, args), **{k: _plain(v) for k, v in kwargs.items()})
        self.notes.append((name, int(np.size(result))))
        return result


def _plain(value: Any) -> Any:
    if isinstance(value, _Watched):
        return value.view(np.ndarray)
    if isinstance(value, list | tuple):
        return type(value)(map(_plain, value))
    return value
