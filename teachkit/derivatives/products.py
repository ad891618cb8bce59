"""What a derivative costs, counted and not timed: products with the data matrix."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

_PRODUCTS = {"matmul", "dot", "einsum", "tensordot", "inner", "vecdot", "matvec", "vecmat"}
_CUTS = {np.split, np.array_split, np.vsplit}
_SCALINGS = {np.multiply, np.divide, np.negative}


class Products(NamedTuple):
    """What `count_products` counted.

    Attributes
    ----------
    products : int
        Products in which X is a factor: as it is, transposed, scaled (-X, X / n, X * c) or a part.
    largest : int
        Numbers in the largest result of any operation with X, products or not.
    """

    products: int
    largest: int


def count_products(call: Callable[[Any], Any], X: Any, *, follow: bool = False) -> Products:
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
    follow : bool
        Let `largest` see all that is made of the results, too, such as the matrix ``diag(X @ w)``.
        Then autograd cannot differentiate with respect to what comes of X.

    Returns
    -------
    Products

    Notes
    -----
    Lesson: 05_hessian_vector_products
    """
    found = operations(call, X, follow=follow)
    products = sum(operation.taken > 0 for operation in found)
    return Products(products, max((math.prod(operation.shape) for operation in found), default=0))


class Operation(NamedTuple):
    """One operation with X, or with what came of it.

    Attributes
    ----------
    taken : int
        Numbers of X in a product with it, as a whole or in part; 0 if it is no such product.
    shape : tuple of int
        The shape of the result.
    """

    taken: int
    shape: tuple[int, ...]


def operations(
    call: Callable[[Any], Any], X: Any, *, follow: bool = False
) -> tuple[Operation, ...]:
    """Run ``call(X)`` as `count_products` does, and say of each operation what it was."""
    watched = np.asarray(X).view(_Watched)
    watched.notes, watched.is_X, watched.follow = [], True, follow
    call(watched)
    return tuple(watched.notes)


class _Watched(np.ndarray):
    """X, or (followed) what came of it: notes each operation, and the size of its result."""

    notes: list[Operation]
    is_X: bool
    follow: bool

    def __array_finalize__(self, other: Any) -> None:
        self.notes = getattr(other, "notes", [])
        self.is_X, self.follow = getattr(other, "is_X", True), getattr(other, "follow", False)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        result = self._noted(ufunc.__name__, getattr(ufunc, method), inputs, kwargs)
        scaled = method == "__call__" and _scaled(ufunc, inputs, result)
        return self._handed_on(result, is_X=scaled)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        whole = args[0] if args else kwargs.get("ary")
        if function in _CUTS and isinstance(whole, _Watched):
            blocks = function(*map(_plain, args), **{k: _plain(v) for k, v in kwargs.items()})
            return [whole._watched(block, whole.is_X) for block in blocks]
        if function is np.delete and args and isinstance(args[0], _Watched):
            rest = np.delete(*map(_plain, args), **{k: _plain(v) for k, v in kwargs.items()})
            return args[0]._handed_on(rest, is_X=args[0].is_X)
        return self._handed_on(self._noted(function.__name__, function, args, kwargs))

    def dot(self, other: Any, out: Any = None) -> Any:  # the method asks nobody
        return self._handed_on(self._noted("dot", np.dot, (self, other), {}))

    def _noted(self, name: str, function: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        result = function(*map(_plain, args), **{k: _plain(v) for k, v in kwargs.items()})
        taken = max(map(_taken, args), default=0) if name in _PRODUCTS else 0
        self.notes.append(Operation(taken, np.shape(result)))
        return result

    def _handed_on(self, result: Any, is_X: bool = False) -> Any:
        """Watched, if it is a scaled X or to be followed; but autograd takes plain arrays only."""
        caller = sys._getframe(2).f_globals.get("__name__", "")
        if (
            type(result) is not np.ndarray
            or not (is_X or self.follow)
            or caller.startswith("autograd.")
        ):
            return result
        return self._watched(result, is_X)

    def _watched(self, found: np.ndarray, is_X: bool) -> _Watched:
        watched = found.view(_Watched)
        watched.notes, watched.is_X, watched.follow = self.notes, is_X, self.follow
        return watched


def _taken(value: Any) -> int:
    """The numbers of X in an argument."""
    if isinstance(value, list | tuple):
        return max(map(_taken, value), default=0)
    return value.size if _is_X(value) else 0


def _is_X(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(map(_is_X, value))
    return isinstance(value, _Watched) and value.is_X


def _scaled(ufunc: Any, inputs: tuple[Any, ...], result: Any) -> bool:
    """Whether the result is X but for factors: -X, X * c, c * X, X / n."""
    found = [place for place, value in enumerate(inputs) if _is_X(value)]
    if ufunc not in _SCALINGS or len(found) != 1 or (ufunc is np.divide and found != [0]):
        return False
    return bool(inputs[found[0]].shape == np.shape(result))


def _plain(value: Any) -> Any:
    if isinstance(value, _Watched):
        return value.view(np.ndarray)
    if isinstance(value, list | tuple):
        return type(value)(map(_plain, value))
    return value
