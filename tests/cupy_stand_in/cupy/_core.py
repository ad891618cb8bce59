"""The array of the stand-in, and how a function of NumPy becomes one of the device."""

from __future__ import annotations

import functools
import sys
from collections import Counter, deque

import numpy as np

from cupy.cuda.device import Device

crossings = Counter()
"""How often: "to_device" and "to_host", arrays; "read", single numbers, masks, solvers' errors."""

sizes = deque(maxlen=100_000)
"""How many numbers went with each copy, one way or the other."""


kernels = deque(maxlen=100_000)
"""How many numbers each elementwise kernel gave."""


def _crossed(kind, size=1):
    crossings[kind] += 1
    if kind != "read":
        sizes.append(size)


def _refuse(x):
    raise TypeError(f"Unsupported type {type(x)}")


def _host(x):
    """What NumPy is to compute with."""
    if isinstance(x, ndarray):
        return x._a
    if isinstance(x, (np.ndarray, Traced)):
        _refuse(x)
    if isinstance(x, (list, tuple)) and any(isinstance(y, (ndarray, np.ndarray)) for y in x):
        return type(x)(map(_host, x))
    return x


def _index(x):
    """An index, which may hold NumPy's arrays; a mask asks the device how many it picks."""
    if isinstance(x, tuple):
        return tuple(map(_index, x))
    if isinstance(x, (list, np.ndarray)):
        _crossed("to_device", np.size(x))
        return x
    if isinstance(x, ndarray):
        if x.dtype == bool:
            _crossed("read")
        return x._a
    return x


def _device(found):
    if isinstance(found, (np.ndarray, np.generic)):
        return ndarray._of(np.asarray(found))
    if isinstance(found, (list, tuple)):
        many = [_device(x) for x in found]
        return type(found)(*many) if hasattr(found, "_fields") else type(found)(many)
    return found


_UNKNOWN = {"where", "initial", "like", "subok", "correction"}  # keywords that NumPy alone has
_WAITS = {"nonzero", "flatnonzero", "argwhere", "unique", "compress", "extract", "array_equal"}


def _on_device(function, name, makes=False):
    @functools.wraps(function)
    def on_device(*arguments, **options):
        if any(isinstance(x, Traced) for x in arguments):
            return _traced(function, arguments, options)
        if unknown := _UNKNOWN & set(options):
            raise TypeError(f"{name}() got an unexpected keyword argument {min(unknown)!r}")
        if not makes and arguments and isinstance(arguments[0], list) and not _some(arguments[0]):
            _refuse(arguments[0])
        if name in _WAITS:
            _crossed("read")
        out = options.pop("out", None)
        with np.errstate(all="ignore"):  # a device warns of nothing
            found = function(
                *map(_host, arguments), **{key: _host(value) for key, value in options.items()}
            )
        if _elementwise(function):
            kernels.append(np.size(found))
        if out is None:
            return _device(found)
        out._a[...] = found
        return out

    return on_device


def _some(values):
    return any(isinstance(x, ndarray) for x in values)


def _binary(name):
    def operator(self, other):
        if isinstance(other, (list, tuple, str, type(None))):
            if name in ("__eq__", "__ne__"):
                return NotImplemented
            _refuse(other)
        if isinstance(other, Traced):
            return NotImplemented
        with np.errstate(all="ignore"):
            found = getattr(self._a, name)(_host(other))
        if "matmul" not in name:
            kernels.append(np.size(found))
        return _device(found)

    return operator


def _inplace(name):
    def operator(self, other):
        with np.errstate(all="ignore"):
            self._a = getattr(self._a, name)(_host(other))
        kernels.append(self._a.size)
        return self

    return operator


class ndarray:
    """An array on the device."""

    __slots__ = ("_a",)
    __array_priority__ = 100
    __hash__ = None

    def __new__(cls, shape, dtype=float):
        return cls._of(np.empty(shape, dtype))

    @classmethod
    def _of(cls, a):
        made = object.__new__(cls)
        made._a = a
        return made

    shape = property(lambda self: self._a.shape)
    dtype = property(lambda self: self._a.dtype)
    ndim = property(lambda self: self._a.ndim)
    size = property(lambda self: self._a.size)
    nbytes = property(lambda self: self._a.nbytes)
    itemsize = property(lambda self: self._a.itemsize)
    strides = property(lambda self: self._a.strides)
    T = property(lambda self: _device(self._a.T))
    mT = property(lambda self: _device(self._a.mT))
    real = property(lambda self: _device(self._a.real))
    imag = property(lambda self: _device(self._a.imag))
    device = property(lambda self: Device(0))

    def get(self, stream=None, order="C", out=None, *, blocking=True):
        _crossed("to_host", self.size)
        return np.array(self._a, order=order)

    def item(self):
        _crossed("read")
        return self._a.item()

    def tolist(self):
        _crossed("to_host", self.size)
        return self._a.tolist()

    def __array__(self, dtype=None, copy=None):
        raise TypeError(
            "Implicit conversion to a NumPy array is not allowed. Please use `.get()` to construct "
            "a NumPy array explicitly."
        )

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        if method != "__call__":
            return NotImplemented
        here = getattr(sys.modules["cupy"], ufunc.__name__, None)
        if here is None:  # those of scipy.special
            here = _on_device(ufunc, ufunc.__name__)
        out = options.pop("out", None)
        return here(*inputs, **options) if out is None else here(*inputs, out=out[0], **options)

    def __array_function__(self, function, types, arguments, options):
        rooms = function.__module__.split(".")[1:]
        try:
            module = functools.reduce(getattr, rooms, sys.modules["cupy"])
            here = getattr(module, function.__name__)
        except AttributeError:
            return NotImplemented
        if any(kind not in (ndarray, np.ndarray) for kind in types):
            return NotImplemented
        return here(*arguments, **options)

    def __getitem__(self, where):
        return _device(self._a[_index(where)])

    def __setitem__(self, where, value):
        if isinstance(value, (list, tuple)):
            _refuse(value)
        self._a[_index(where)] = _host(value)

    def __len__(self):
        return len(self._a)

    def __iter__(self):
        return (self[k] for k in range(len(self)))

    def __bool__(self):
        _crossed("read")
        return bool(self._a)

    def __float__(self):
        _crossed("read")
        return float(self._a)

    def __int__(self):
        _crossed("read")
        return int(self._a)

    def __complex__(self):
        _crossed("read")
        return complex(self._a)

    def __repr__(self):
        _crossed("to_host", self.size)
        return repr(self._a)

    def __str__(self):
        _crossed("to_host", self.size)
        return str(self._a)

    def __format__(self, spec):
        _crossed("to_host", self.size)
        return format(self._a, spec)

    def __copy__(self):
        return self.copy()

    def __deepcopy__(self, memo):
        return self.copy()

    def __reduce__(self):
        return array, (self.get(),)

    def fill(self, value):
        self._a.fill(_host(value))

    def sort(self, axis=-1):
        self._a.sort(axis=axis)


for _name in "add sub mul truediv floordiv mod pow matmul and or xor lshift rshift divmod".split():
    setattr(ndarray, f"__{_name}__", _binary(f"__{_name}__"))
    setattr(ndarray, f"__r{_name}__", _binary(f"__r{_name}__"))
    if _name not in ("matmul", "divmod"):
        setattr(ndarray, f"__i{_name}__", _inplace(f"__i{_name}__"))
for _name in "eq ne lt le gt ge".split():
    setattr(ndarray, f"__{_name}__", _binary(f"__{_name}__"))
for _name in "neg pos abs invert".split():
    setattr(
        ndarray,
        f"__{_name}__",
        lambda self, _name=_name: _device(getattr(self._a, f"__{_name}__")()),
    )
for _name in (
    "all any argmax argmin argpartition argsort astype clip conj copy cumprod cumsum diagonal dot "
    "flatten max mean min nonzero prod ravel repeat reshape round searchsorted squeeze std sum "
    "swapaxes take trace transpose var view"
).split():
    setattr(ndarray, _name, _on_device(getattr(np.ndarray, _name), _name))


def array(obj, dtype=None, copy=True, order="K", subok=False, ndmin=0, *, blocking=False):
    if isinstance(obj, ndarray):
        if not copy and dtype in (None, obj.dtype):
            return obj
        return ndarray._of(np.array(obj._a, dtype=dtype, order=order, ndmin=ndmin))
    if isinstance(obj, (list, tuple)) and _some(obj):
        return _device(np.array([_host(x) for x in obj], dtype=dtype))
    found = np.array(obj, dtype=dtype, ndmin=ndmin)
    if found.dtype.kind not in "biufc":
        raise ValueError(f"Unsupported dtype {found.dtype}")
    _crossed("to_device", found.size)
    return ndarray._of(found)


def _elementwise(function):
    return isinstance(function, np.ufunc) or function is np.where


def _traced(function, arguments, options):
    """An elementwise function within a fused one."""
    known = (Traced, bool, int, float, np.generic)
    if options or not _elementwise(function) or not all(isinstance(x, known) for x in arguments):
        _refuse(function)
    if not any(isinstance(x, Traced) and not x.number for x in arguments):
        raise AssertionError("Numbers alone: CuPy 14.2 computes them in half precision.")
    given = [x._a if isinstance(x, Traced) else x for x in arguments]
    with np.errstate(all="ignore"):
        return Traced(function(*given))


class Traced:
    """What a fused function is given: operators and elementwise functions alone know it."""

    __slots__ = ("_a", "number")
    __hash__ = None
    __array_ufunc__ = None

    def __init__(self, a):
        self._a, self.number = a, isinstance(a, (int, float))

    ndim = property(lambda self: self._a.ndim)
    dtype = property(lambda self: self._a.dtype)

    def __bool__(self):
        raise Exception("Can't cast to bool")


def _operator_of(name, function):
    if name.startswith("__r"):
        return lambda self, other: _traced(function, (other, self), {})
    return lambda self, *other: _traced(function, (self, *other), {})


for _name, _function in {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "truediv": np.true_divide,
    "mod": np.remainder, "pow": np.power, "and": np.bitwise_and, "or": np.bitwise_or,
}.items():  # fmt: skip
    setattr(Traced, f"__{_name}__", _operator_of(f"__{_name}__", _function))
    setattr(Traced, f"__r{_name}__", _operator_of(f"__r{_name}__", _function))
for _name, _function in {
    "neg": np.negative, "invert": np.invert, "eq": np.equal, "ne": np.not_equal, "lt": np.less,
    "le": np.less_equal, "gt": np.greater, "ge": np.greater_equal,
}.items():  # fmt: skip
    setattr(Traced, f"__{_name}__", _operator_of(f"__{_name}__", _function))


def fuse(function=None, *, kernel_name=None):
    """All passes of an elementwise function as one kernel; of a function or, named, a decorator."""
    if function is None:
        return functools.partial(fuse, kernel_name=kernel_name)

    def fused(*arguments):
        for x in arguments:
            if not isinstance(x, (ndarray, int, float, complex)):
                raise TypeError(f"Invalid argument type for {kernel_name!r}: {type(x)}")
        found = function(*(Traced(getattr(x, "_a", x)) for x in arguments))
        if not isinstance(found, Traced):
            raise TypeError(f"Fusion function can't return {type(found)}")
        kernels.append(np.size(found._a))
        return _device(np.asarray(found._a))

    return fused
