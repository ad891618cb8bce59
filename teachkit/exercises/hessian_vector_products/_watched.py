"""What a function does with a matrix: how often it multiplies, and how large it lets things get."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

PRODUCTS = {"matmul", "dot", "einsum", "tensordot", "inner", "vecdot", "matvec", "vecmat"}


class Watched(np.ndarray):
    """An array that notes, in ``notes``, the name and the size of the result of each operation."""

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
        if isinstance(result, np.ndarray):
            watched = result.view(Watched)
            watched.notes = self.notes
            return watched
        return result


def _plain(value: Any) -> Any:
    if isinstance(value, Watched):
        return value.view(np.ndarray)
    if isinstance(value, list | tuple):
        return type(value)(map(_plain, value))
    return value


def watch(call: Callable[[np.ndarray], Any], X: np.ndarray) -> tuple[int, int]:
    """(number of matrix products, size of the largest result) when ``call`` works with X."""
    watched = X.view(Watched)
    watched.notes = []
    call(watched)
    products = sum(name in PRODUCTS for name, _ in watched.notes)
    return products, max((size for _, size in watched.notes), default=0)
