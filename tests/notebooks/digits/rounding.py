"""What another machine may change in a computation, drawn at random.

**Inputs.** The arrays that data sets, random generators and `np.array`, `np.linspace`, ... hand out
are multiplied by 1 + INPUT u. Rounding them anew moves them by a relative 1e-15; this is ten times
as much, so a number whose print stays has a margin of at least ten.

**Operations.** Products, sums, solutions, powers, exponentials: what kernels of BLAS and levels of
SIMD compute in another order comes out with an error of the size of rounding, relative to the
sizes of the terms. That is where a step count or a residual near rounding gives way.

A machine rounds the same numbers the same way every time, and whole numbers not at all. So u is a
hash of the number and the draw: equal numbers stay equal, a symmetric matrix symmetric, labels
labels.
"""

from __future__ import annotations

import math
from dataclasses import fields, is_dataclass, replace
from types import BuiltinMethodType, MethodType
from typing import Any

import numpy as np

INPUT = 1e-14
OPERATION = 2e-16
LITERALS = {"array", "asarray", "linspace", "logspace", "geomspace"}
DRAWN = {"normal", "standard_normal", "uniform", "random", "multivariate_normal", "exponential"}
ELEMENTWISE = {
    *("exp", "expm1", "log", "log1p", "log2", "log10", "logaddexp", "expit"),
    *("sin", "cos", "tan", "tanh", "power"),
}
SUMS = {"sum", "mean", "dot", "vdot", "norm", "einsum", "trace"}
SOLVED = {
    *("solve", "inv", "cholesky", "qr", "svd", "lstsq", "pinv", "det", "slogdet", "polyfit"),
    *("eigh", "eigvalsh", "eigvals", "eig", "cho_factor", "cho_solve", "solve_triangular"),
}
CALLS = LITERALS | DRAWN | ELEMENTWISE | SUMS | SOLVED


class Rounding:
    """The changes of one draw; its methods stand in the code in place of calls and operators."""

    def __init__(self, draw: int) -> None:
        self.draw = np.uint64(draw)

    def unit(self, x: Any) -> np.ndarray:
        """Numbers in -1 .. 1, the same for the same size of x."""
        bits = np.abs(np.asarray(x, dtype=np.float64)).view(np.uint64)
        with np.errstate(over="ignore"):
            bits = bits + self.draw * np.uint64(0x9E3779B97F4A7C15)
            for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):  # splitmix64
                bits = (bits ^ (bits >> np.uint64(shift))) * np.uint64(factor)
        return (bits >> np.uint64(11)) / 2.0**52 - 1

    def inputs(self, value: Any) -> Any:
        """The value with the arrays in it moved; whole numbers are exact on every machine."""
        if _floats(value) and np.ndim(value):
            return np.where(_whole(value), value, value * (1 + INPUT * self.unit(value)))
        if isinstance(value, tuple):
            parts = [self.inputs(part) for part in value]
            return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
        if is_dataclass(value) and not isinstance(value, type):
            parts = {f.name: self.inputs(getattr(value, f.name)) for f in fields(value)}
            return replace(value, **parts)
        if isinstance(value, dict):  # the Bunch of scikit-learn is one
            for key, part in value.items():
                value[key] = self.inputs(part)
        return value

    def result(self, value: Any, size: Any) -> Any:
        """The value with an error of rounding, relative to size."""
        if type(value) is float and math.isfinite(value):
            return value + OPERATION * float(self.unit(value) * size)
        if not _floats(value):
            return value
        eps = OPERATION if value.dtype == np.float64 else float(np.finfo(value.dtype).eps)
        with np.errstate(all="ignore"):
            moved = value + (eps * self.unit(value) * size).astype(value.dtype)
        return moved if np.ndim(value) else value.dtype.type(moved)

    def product(self, a: Any, b: Any) -> Any:
        """In place of a @ b."""
        value = a @ b
        if not (_floats(a) and _floats(b)) or (_short(a) and _short(b)):
            return value
        return self.result(value, np.abs(a) @ np.abs(b))

    def power(self, a: Any, b: Any) -> Any:
        """In place of a ** b."""
        value = a**b
        exact = isinstance(b, (int, float)) and b in (0, 1, 2, 0.5, -1)
        return value if exact else self._elementwise(value)

    def called(self, name: str, function: Any, /, *args: Any, **options: Any) -> Any:
        """In place of function(*args, **options)."""
        if name in SOLVED and args and _floats(args[0]) and not _short(args[0]):
            return function(self.result(args[0], args[0]), *args[1:], **options)
        value = function(*args, **options)
        if name in DRAWN or name.startswith("load_"):
            return self.inputs(value)
        if name in LITERALS:
            return value if any(map(_floats, args)) else self._literal(name, value)
        if name in ELEMENTWISE:
            return self._elementwise(value)
        if name in SUMS:
            return self._sum(name, function, value, args, options)
        return value

    def _literal(self, name: str, value: Any) -> Any:
        """Numbers as written: those of few digits are exact, and so are the ends of a range."""
        if not _floats(value) or _short(value):
            return value
        moved = self.inputs(value)
        if name == "linspace":
            moved[[0, -1]] = value[[0, -1]]
        return moved

    def _elementwise(self, value: Any) -> Any:
        if not _floats(value) and type(value) is not float:
            return value
        return self.result(value, np.where(_whole(64 * value), 0.0, value))

    def _sum(self, name: str, function: Any, value: Any, args: Any, options: Any) -> Any:
        """The value with an error relative to the same sum of the sizes of its terms."""
        method = isinstance(function, (BuiltinMethodType, MethodType))
        arrays = [x for x in (function.__self__ if method else 0.0, *args) if np.ndim(x)]
        if not arrays or not all(map(_floats, arrays)) or all(map(_short, arrays)):
            return value
        if name == "norm":
            return self.result(value, value)
        sizes = [np.abs(x) if np.ndim(x) else x for x in args]
        if method and np.ndim(function.__self__):
            function = getattr(np.abs(function.__self__), name)
        return self.result(value, function(*sizes, **options))


def _floats(x: Any) -> bool:
    """Is it NumPy's own, and of real numbers? A tape of autograd, or a spy, is left alone."""
    return (type(x) is np.ndarray or isinstance(x, np.floating)) and x.dtype.kind == "f"


def _whole(x: Any) -> Any:
    return np.equal(x, np.round(x))


def _short(x: Any) -> bool:
    """Numbers of few digits: sums of their products are exact, in any order."""
    if not _floats(x):
        return True
    return bool((x == np.round(64 * x) / 64).all()) and np.abs(x).max(initial=0.0) < 2.0**16
