"""Arrays of any library on autograd's tape: what it holds of one, and what it adds up.

The functions that it follows them through are those of `xp`.
"""

from __future__ import annotations

from autograd.extend import Box, VSpace
from autograd.tracer import getval

from teachkit.arrays import Array, array_namespace, device
from teachkit.derivatives import xp


def follow(x: Array) -> None:
    """Let autograd follow arrays of this kind, if it does not know them."""
    kind = type(getval(x))
    if kind not in Box.type_mappings:
        AnyBox.register(kind)
        VSpace.register(kind, Space)


class Space(VSpace):
    """What autograd adds up: arrays of one shape, dtype and device."""

    def __init__(self, value: Array) -> None:
        self.shape, self.dtype, self.device = value.shape, value.dtype, device(value)
        self._xp = array_namespace(value)

    def zeros(self) -> Array:
        return self._xp.zeros(self.shape, dtype=self.dtype, device=self.device)

    def ones(self) -> Array:
        return self._xp.ones(self.shape, dtype=self.dtype, device=self.device)

    def _inner_prod(self, x: Array, y: Array) -> Array:
        return self._xp.sum(x * y)


class AnyBox(Box):
    """An array of another library than NumPy, on autograd's tape."""

    __slots__ = ()
    __array_priority__ = 100.0  # NumPy's and CuPy's operators leave the work to these

    shape = property(lambda self: self._value.shape)
    ndim = property(lambda self: self._value.ndim)
    size = property(lambda self: self._value.size)
    dtype = property(lambda self: self._value.dtype)
    T = property(xp.matrix_transpose)
    mT = property(xp.matrix_transpose)
    __getitem__ = xp.part
    __neg__ = xp.negative
    __add__ = __radd__ = xp.add
    __sub__, __rsub__ = xp.subtract, lambda self, other: xp.subtract(other, self)
    __mul__ = __rmul__ = xp.multiply
    __truediv__, __rtruediv__ = xp.divide, lambda self, other: xp.divide(other, self)
    __pow__, __rpow__ = xp.power, lambda self, other: xp.power(other, self)
    __matmul__, __rmatmul__ = xp.matmul, lambda self, other: xp.matmul(other, self)
    __eq__, __ne__ = xp.equal, xp.not_equal
    __lt__, __le__, __gt__, __ge__ = xp.less, xp.less_equal, xp.greater, xp.greater_equal
    __abs__ = xp.abs
    __hash__ = object.__hash__

    def __len__(self) -> int:
        return self._value.shape[0]

    def __bool__(self) -> bool:
        raise TypeError("an `if` that asks for values which depend on theta")
