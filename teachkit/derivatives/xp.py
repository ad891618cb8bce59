"""Array functions that autograd follows through arrays of any library.

``autograd.numpy`` knows NumPy's arrays alone. A model whose losses are written with these instead
has its derivatives wherever its data lie::

    from teachkit.derivatives import xp

    def losses(theta, X, y):
        return xp.logaddexp(0.0, -y * (X @ theta))

The operators + - * / ** @, slices, comparisons and ``.T`` need no function with NumPy's and CuPy's
arrays; a library whose arrays refuse what they do not know (array_api_strict) asks for `multiply`,
`matmul` and so on. Names and arguments are those of the Python array API; `logsumexp` comes
besides. To be imported when it is needed, since it stands on autograd.

Lesson: 16_scaling_up
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from autograd.extend import VJPNode, defvjp, defvjp_argnums, primitive, register_notrace
from autograd.tracer import getval, isbox

from teachkit.arrays import array_namespace, device, is_array

Factor = Callable[[Any, Any, Any], Any] | None


# One argument.


def _of_one(name: str, factor: Callable[[Any, Any], Any]) -> Any:
    """A function of each entry; the factor is its derivative, of the answer and the entry."""

    def raw(x: Any) -> Any:
        return getattr(array_namespace(x), name)(x)

    raw.__name__, raw.elementwise = name, True  # type: ignore[attr-defined]
    function = primitive(raw)
    defvjp(function, lambda ans, x: lambda g: multiply(g, factor(ans, x)))
    return function


exp = _of_one("exp", lambda ans, x: ans)
log = _of_one("log", lambda ans, x: 1.0 / x)
log1p = _of_one("log1p", lambda ans, x: 1.0 / (1.0 + x))
expm1 = _of_one("expm1", lambda ans, x: ans + 1.0)
sqrt = _of_one("sqrt", lambda ans, x: 0.5 / ans)
tanh = _of_one("tanh", lambda ans, x: 1.0 - ans**2)
sin: Any = _of_one("sin", lambda ans, x: cos(x))
cos: Any = _of_one("cos", lambda ans, x: -sin(x))
abs = _of_one("abs", lambda ans, x: sign(x))
sign: Any = _of_one("sign", lambda ans, x: 0.0)
negative = _of_one("negative", lambda ans, x: -1.0)


# Two arguments, which broadcast; either may be a number.


def _of_two(name: str, of_a: Factor, of_b: Factor, *, constant: bool = False) -> Any:
    """A function of pairs of entries; None for a factor of 1, `constant` where there is none."""

    def raw(a: Any, b: Any) -> Any:
        xp = array_namespace(a, b)
        return getattr(xp, name)(*_both(xp, a, b))

    raw.__name__, raw.elementwise = name, True  # type: ignore[attr-defined]
    function = primitive(raw)
    if constant:
        register_notrace(VJPNode, function)
        return function

    def pull(factor: Factor, k: int) -> Any:
        def of(ans: Any, a: Any, b: Any) -> Any:
            return lambda g: _folded(
                g if factor is None else multiply(g, factor(ans, a, b)), (a, b)[k]
            )

        return of

    defvjp(function, pull(of_a, 0), pull(of_b, 1))
    return function


add = _of_two("add", None, None)
subtract = _of_two("subtract", None, lambda ans, a, b: -1.0)
multiply = _of_two("multiply", lambda ans, a, b: b, lambda ans, a, b: a)
divide: Any = _of_two(
    "divide", lambda ans, a, b: 1.0 / b, lambda ans, a, b: divide(negative(ans), b)
)
logaddexp = _of_two(
    "logaddexp", lambda ans, a, b: exp(subtract(a, ans)), lambda ans, a, b: exp(subtract(b, ans))
)
equal, not_equal, less, less_equal, greater, greater_equal = (
    _of_two(name, None, None, constant=True)
    for name in ("equal", "not_equal", "less", "less_equal", "greater", "greater_equal")
)
maximum = _of_two("maximum", lambda *of: _one(greater_equal, *of), lambda *of: _one(less, *of))
minimum = _of_two("minimum", lambda *of: _one(less_equal, *of), lambda *of: _one(greater, *of))
power = _of_two(
    "pow", lambda ans, a, b: _slope_of_power(a, b), lambda ans, a, b: multiply(ans, log(a))
)


def _slope_of_power(a: Any, b: Any) -> Any:
    if not isbox(b) and not is_array(b):  # a number: no 0 times infinity where a is 0
        return b * a ** (b - 1) if b else 0.0 * a
    return multiply(b, power(a, b - 1.0))


def _one(compare: Any, ans: Any, a: Any, b: Any) -> Any:
    """1.0 where it compares so and 0.0 elsewhere."""
    is_so = compare(getval(a), getval(b))
    return array_namespace(is_so).asarray(is_so, dtype=getval(ans).dtype)


@primitive
def where(condition: Any, a: Any, b: Any) -> Any:
    """a where the condition is true, else b."""
    xp = array_namespace(condition, a, b)
    return xp.where(condition, *_both(xp, a, b))


defvjp(
    where,
    None,
    lambda ans, c, a, b: lambda g: _folded(where(c, g, 0.0 * g), a),
    lambda ans, c, a, b: lambda g: _folded(where(c, 0.0 * g, g), b),
)


# Sums.


@primitive
def sum(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The sum over an axis, a tuple of them, or all."""
    return array_namespace(x).sum(x, axis=axis, keepdims=keepdims)


defvjp(
    sum,
    lambda ans, x, axis=None, keepdims=False: lambda g: _spread(g, x, axis, keepdims),
)


def mean(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The mean over an axis, a tuple of them, or all."""
    total = sum(x, axis=axis, keepdims=keepdims)
    return total * (math.prod(total.shape) / math.prod(x.shape))


@primitive
def logsumexp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """log sum e^x over an axis, a tuple of them, or all, for x of any size."""
    xp = array_namespace(x)
    top = xp.max(x, axis=axis, keepdims=True)
    found = xp.log(xp.sum(xp.exp(x - top), axis=axis, keepdims=True)) + top
    return found if keepdims else xp.sum(found, axis=axis)  # over axes of one entry


def _pull_of_logsumexp(ans: Any, x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    def pull(g: Any) -> Any:
        shares = exp(subtract(x, _spread(ans, x, axis, keepdims)))
        return multiply(_spread(g, x, axis, keepdims), shares)

    return pull


defvjp(logsumexp, _pull_of_logsumexp)


def matmul(a: Any, b: Any) -> Any:
    """a @ b; vectors are rows or columns, and axes before the last two broadcast."""
    if a.ndim == 1 or b.ndim == 1:
        one = reshape(a, (1, *a.shape)) if a.ndim == 1 else a
        other = reshape(b, (*b.shape, 1)) if b.ndim == 1 else b
        found = _matmul(one, other)
        shape = (
            found.shape[:-2] + found.shape[-2:-1] * (a.ndim > 1) + found.shape[-1:] * (b.ndim > 1)
        )
        return reshape(found, shape)
    return _matmul(a, b)


def _times(a: Any, b: Any) -> Any:
    return array_namespace(a, b).matmul(a, b)


_times.__name__ = "matmul"
_matmul = primitive(_times)
defvjp(
    _matmul,
    lambda ans, a, b: lambda g: _folded(_matmul(g, matrix_transpose(b)), a),
    lambda ans, a, b: lambda g: _folded(_matmul(matrix_transpose(a), g), b),
)


# Entries in another order.


@primitive
def reshape(x: Any, shape: Any) -> Any:
    """The same entries, in C order."""
    return array_namespace(x).reshape(x, shape)


defvjp(reshape, lambda ans, x, shape: lambda g: reshape(g, x.shape))


@primitive
def broadcast_to(x: Any, shape: Any) -> Any:
    """Repeated along axes of length 1, and along new ones in front."""
    return array_namespace(x).broadcast_to(x, shape)


defvjp(broadcast_to, lambda ans, x, shape: lambda g: _folded(g, x))


@primitive
def permute_dims(x: Any, axes: Any) -> Any:
    """The axes in another order."""
    return array_namespace(x).permute_dims(x, axes)


defvjp(
    permute_dims,
    lambda ans, x, axes: lambda g: permute_dims(g, tuple(map(axes.index, range(len(axes))))),
)


def matrix_transpose(x: Any) -> Any:
    """The last two axes exchanged."""
    return permute_dims(x, (*range(x.ndim - 2), x.ndim - 1, x.ndim - 2))


@primitive
def part(x: Any, index: Any) -> Any:
    """x[index], for whole numbers and slices, which take each entry at most once."""
    return x[index]


@primitive
def put(g: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """Its transpose: g at the index, 0 elsewhere."""
    found = array_namespace(g).zeros(shape, dtype=g.dtype, device=device(g))
    found[index] = g
    return found


defvjp(part, lambda ans, x, index: lambda g: put(g, index, x.shape))
defvjp(put, lambda ans, g, index, shape: lambda x: part(x, index))


def concat(arrays: Any, axis: int = 0) -> Any:
    """Arrays one after the other along an axis."""
    return _concat(axis, *arrays)


def _joined(axis: int, *arrays: Any) -> Any:
    return array_namespace(*arrays).concat(arrays, axis=axis)


_joined.__name__ = "concatenate_args"
_concat = primitive(_joined)


def _pull_of_concat(argnums: Any, ans: Any, args: Any, kwargs: Any) -> Any:
    axis, *arrays = args
    axis %= arrays[0].ndim
    ends = [0]
    for x in arrays:
        ends.append(ends[-1] + x.shape[axis])

    def pull(g: Any) -> Any:
        for k in argnums:
            yield part(g, (slice(None),) * axis + (slice(ends[k - 1], ends[k]),) + (...,))

    return pull


defvjp_argnums(_concat, _pull_of_concat)


def stack(arrays: Any, axis: int = 0) -> Any:
    """Arrays of one shape side by side, along a new axis."""
    shape = arrays[0].shape
    at = axis % (len(shape) + 1)
    return concat([reshape(x, (*shape[:at], 1, *shape[at:])) for x in arrays], axis=at)


# What broadcasting did, undone.


def _both(xp: Any, a: Any, b: Any) -> tuple[Any, Any]:
    """A number as an array like the other, which not every library does by itself."""
    if is_array(a) == is_array(b):
        return a, b
    like = a if is_array(a) else b
    a, b = (
        x if is_array(x) else xp.asarray(x, dtype=like.dtype, device=device(like)) for x in (a, b)
    )
    return a, b


def _folded(g: Any, like: Any) -> Any:
    """g summed over the axes along which `like` was repeated."""
    shape = getattr(like, "shape", ())
    if g.shape == shape:
        return g
    lead = g.ndim - len(shape)
    ones = [k + lead for k, n in enumerate(shape) if n == 1 and g.shape[k + lead] != 1]
    return reshape(sum(g, axis=(*range(lead), *ones)), shape)


def _spread(g: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """A sum's g, repeated along the axes of x that were summed over."""
    if not keepdims:
        axes = range(x.ndim) if axis is None else (axis,) if isinstance(axis, int) else axis
        summed = {k % x.ndim for k in axes}
        g = reshape(g, tuple(1 if k in summed else n for k, n in enumerate(x.shape)))
    return broadcast_to(g, x.shape)
