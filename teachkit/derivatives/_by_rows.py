"""A function of theta and of rows of data, with a theta for each row: one pass in place of a loop.

f is run once, on the first row; a node beside each value that autograd meets on the way keeps that
value for all rows. Autograd may follow what comes out in its turn.

To be imported when it is needed, since it stands on autograd.
"""

from __future__ import annotations

import string
from collections.abc import Callable
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np
from autograd.numpy.numpy_boxes import ArrayBox
from autograd.tracer import Node, getval, isbox, new_box, trace_stack

from teachkit.derivatives import xp
from teachkit.derivatives._point import Function


class NoRuleError(Exception):
    """f holds an operation that is not known here for all rows at once."""


class _One(np.ndarray):
    """A value of the first row, which decides nothing for the others."""

    def __bool__(self) -> bool:
        raise NoRuleError("an `if` that asks for values")


ArrayBox.register(_One)


def by_rows(f: Function, thetas: Any, *data: Any) -> Any:
    """f(theta_i, x_i[None], ...) for every row i, stacked: (m, ...).

    Parameters
    ----------
    f : callable
        Written with ``autograd.numpy``.
    thetas : array (m, p)
    *data : arrays
        Each with m rows.

    Raises
    ------
    NoRuleError
        And others: an operation of f cannot be done here, so that only a loop is left.
    """
    rows = [thetas, *(xp.reshape(x, (x.shape[0], 1, *x.shape[1:])) for x in data)]
    with trace_stack.new_trace() as trace:
        found = f(*(new_box(_first(x), trace, _Rows.new_root(x)) for x in rows))
    if not (isbox(found) and found._trace == trace):
        raise NoRuleError("f depends neither on theta nor on the data")
    return found._node.rows


def _first(x: Any) -> Any:
    value = getval(x)[0, ...]
    return value.view(_One) if isinstance(value, np.ndarray) else value


class _Rows(Node):
    """Beside a value of one row, the same value for all rows: (m, *value.shape)."""

    __slots__ = ["rows"]

    def __init__(
        self, value: Any, fun: Any, args: Any, kwargs: Any, argnums: Any, parents: Any
    ) -> None:
        rows = {k: parent.rows for k, parent in zip(argnums, parents, strict=True)}
        kwargs = {name: given for name, given in kwargs.items() if given is not None}
        call = _Call(fun, args, kwargs, rows, parents[0].rows.shape[0], np.shape(value))
        self.rows = _rule(fun)(call)
        if self.rows.shape != (call.m, *call.shape):
            raise NoRuleError(f"{fun} gave the shape {self.rows.shape}")

    def initialize_root(self, rows: Any) -> None:
        self.rows = rows


class _Call(NamedTuple):
    """One operation in f."""

    fun: Any
    args: Any  # for the first row
    kwargs: dict[str, Any]
    rows: dict[int, Any]  # for all rows: those of the arguments that depend on the row
    m: int
    shape: tuple[int, ...]  # of the value for one row

    def only(self, positional: int, *names: str) -> None:
        """No arguments but these, of which only the first depends on the row."""
        if len(self.args) > positional or set(self.kwargs) - set(names) or set(self.rows) != {0}:
            raise NoRuleError(f"{self.fun} with {len(self.args)} arguments and {self.kwargs}")

    def second(self, name: str) -> Any:
        return self.args[1] if len(self.args) > 1 else self.kwargs.get(name)

    def padded(self, k: int, ndim: int) -> Any:
        """Argument k with `ndim` axes behind that of the rows; a constant broadcasts by itself."""
        if k not in self.rows:
            return self.args[k]
        x = self.rows[k]
        return xp.reshape(x, (self.m, *(1,) * (ndim + 1 - x.ndim), *x.shape[1:]))

    def full(self, k: int) -> Any:
        """Argument k for all rows, a constant m times."""
        if k in self.rows:
            return self.rows[k]
        constant = _array(self.args[k])
        return xp.broadcast_to(constant, (self.m, *constant.shape))


def _array(x: Any) -> Any:
    return x if hasattr(x, "shape") else np.asarray(x)


def _elementwise(call: _Call) -> Any:
    if call.kwargs:
        raise NoRuleError(f"{call.fun} with {call.kwargs}")
    return call.fun(*(call.padded(k, len(call.shape)) for k in range(len(call.args))))


def _alike(call: _Call) -> Any:
    call.only(2, "dtype")
    return call.fun(call.rows[0], *call.args[1:], **call.kwargs)


def _reduced(call: _Call) -> Any:
    call.only(2, "axis", "keepdims", "ddof")
    x, axis = call.rows[0], call.second("axis")
    axes = range(x.ndim - 1) if axis is None else np.atleast_1d(axis).tolist()
    others = {name: given for name, given in call.kwargs.items() if name != "axis"}
    return call.fun(x, axis=tuple(_behind(j, x.ndim - 1) for j in axes), **others)


def _reshaped(call: _Call) -> Any:
    """Whatever leaves the entries in their order."""
    call.only(2, "shape", "newshape", "axis")
    return xp.reshape(call.rows[0], (call.m, *call.shape))


def _copied(call: _Call) -> Any:
    return anp.reshape(call.rows[2], (call.m, *call.shape))


def _transposed(call: _Call) -> Any:
    call.only(2, "axes")
    ndim, axes = len(call.shape), call.second("axes")
    axes = reversed(range(ndim)) if axes is None else axes
    return xp.permute_dims(call.rows[0], (0, *(_behind(j, ndim) for j in axes)))


def _swapped(call: _Call) -> Any:
    call.only(3)
    return anp.swapaxes(call.rows[0], *(_behind(j, len(call.shape)) for j in call.args[1:]))


def _taken(call: _Call) -> Any:
    call.only(2)
    index = call.args[1] if isinstance(call.args[1], tuple) else (call.args[1],)
    others = (j is None or j is ... or isinstance(j, slice) for j in index)
    picks = [k for k, other in enumerate(others) if not other]
    behind = (slice(None), *index)
    if not any(np.ndim(index[k]) for k in picks):
        return xp.part(call.rows[0], behind)
    if picks[-1] - picks[0] != len(picks) - 1:
        raise NoRuleError("arrays as indices that do not stand side by side")
    return call.rows[0][behind]


def _product(call: _Call) -> Any:
    """a @ b; a vector gets an axis of 1 for the time being."""
    if call.kwargs or 0 in (ndims := [np.ndim(x) for x in call.args]):
        raise NoRuleError(f"{call.fun} of {ndims} axes")
    if call.fun is anp.dot and max(ndims) > 2:
        raise NoRuleError("dot of more than two axes, which is no matmul")
    a, b = (
        call.rows[k] if k in call.rows else _array(x)[None, ...] for k, x in enumerate(call.args)
    )
    a = a[:, None, :] if ndims[0] == 1 else a
    b = b[:, :, None] if ndims[1] == 1 else b
    ndim = max(a.ndim, b.ndim)
    a, b = (xp.reshape(x, (x.shape[0], *(1,) * (ndim - x.ndim), *x.shape[1:])) for x in (a, b))
    return xp.reshape(xp.matmul(a, b), (call.m, *call.shape))


def _einsum(call: _Call) -> Any:
    said, *operands = call.args
    if call.kwargs or not isinstance(said, str) or "->" not in said or "." in said:
        raise NoRuleError("einsum without an explicit result")
    row = next(letter for letter in string.ascii_letters if letter not in said)
    terms, result = said.replace(" ", "").split("->")
    each = [row * (k in call.rows) + term for k, term in enumerate(terms.split(","), start=1)]
    all_rows = (call.rows.get(k, x) for k, x in enumerate(operands, start=1))
    return anp.einsum(f"{','.join(each)}->{row}{result}", *all_rows)


def _concatenated(call: _Call) -> Any:
    parts = [call.full(k) for k in range(1, len(call.args))]
    return xp.concat(parts, axis=_behind(call.args[0], len(call.shape)))


def _gathered(call: _Call) -> Any:
    if call.args[0] or call.args[1]:
        raise NoRuleError("array with a dtype")
    return xp.stack([call.full(k) for k in range(2, len(call.args))], axis=1)


def _behind(axis: int, ndim: int) -> int:
    """The number of an axis once that of the rows is in front."""
    return axis % ndim + 1


_RULES: dict[Callable[[_Call], Any], str] = {
    _elementwise: "where nan_to_num real",
    _alike: "astype zeros_like ones_like full_like",
    _reduced: "sum mean prod max min amax amin var std logsumexp",
    _reshaped: "reshape ravel expand_dims squeeze atleast_1d atleast_2d",
    _copied: "_array_from_scalar_or_array",
    _transposed: "transpose permute_dims",
    _swapped: "swapaxes",
    _taken: "__getitem__ part",
    _product: "dot matmul",
    _einsum: "einsum",
    _concatenated: "concatenate_args",
    _gathered: "array_from_args",
}
_RULE_OF = {name: rule for rule, names in _RULES.items() for name in names.split()}


def _rule(fun: Any) -> Callable[[_Call], Any]:
    raw = getattr(fun, "fun", fun)
    name = getattr(raw, "__name__", "")
    if name in _RULE_OF:
        return _RULE_OF[name]
    if getattr(raw, "elementwise", False):
        return _elementwise
    if getattr(raw, "of_last_axes", False):
        return _alike
    if isinstance(raw, np.ufunc) and raw.signature is None and raw.nout == 1:
        return _elementwise
    raise NoRuleError(f"{name} has no rule")
