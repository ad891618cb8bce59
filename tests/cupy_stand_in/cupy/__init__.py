"""A stand-in for CuPy, over NumPy: it computes what CuPy would, and refuses what CuPy refuses.

Its arrays are a class of their own. They take no NumPy array beside them, in arithmetic,
comparison, assignment or any function, and become none by themselves; NumPy scalars and index
arrays are taken, and NumPy's functions find the way here, as they do to CuPy. Names that it lacks
are not here. tests/numeric/test_stand_in.py asks all this of CuPy itself where there is a GPU.

`crossings` counts what waits for a device: copies to it and from it, and reads of single numbers.
`kernels` counts elementwise passes; what `fuse` makes of several is one.
"""

import numpy as _np

from cupy._core import _on_device, array, crossings, fuse, kernels, ndarray, sizes  # noqa: F401

_LACKING = """linalg fft False_ ScalarType True_ asmatrix block bmat bytes_ char character
    clongdouble core ctypeslib datetime64 dtypes einsum_path emath errstate f2py flexible
    frompyfunc fromregex geomspace
    get_include getbufsize geterr geterrcall histogram_bin_edges info insert isnat little_endian
    longdouble ma matrix matvec memmap nanpercentile nanquantile ndenumerate nditer nested_iters
    object_ polyder polydiv polyint rec recarray record sctypeDict setbufsize seterr seterrcall
    show_runtime spacing str_ strings test timedelta64 typecodes unstack vecdot vecmat void
    busday_count busday_offset busdaycalendar datetime_as_string datetime_data is_busday
    random polynomial lib testing exceptions typing compat asanyarray save savez load""".split()
_MAKES = set(
    """arange empty eye full identity linspace logspace meshgrid ones tri zeros ix_
    broadcast_shapes""".split()
)
_HERE = set(
    """dtype finfo iinfo isdtype issubdtype result_type can_cast promote_types
    min_scalar_type broadcast_shapes isscalar ndim shape size iterable""".split()
)

for _name in dir(_np):
    if not _name.startswith("_") and _name not in {*_LACKING, "array", "ndarray"}:
        _found = getattr(_np, _name)
        if callable(_found) and not isinstance(_found, type) and _name not in _HERE:
            _found = _on_device(_found, _name, makes=_name in _MAKES)
        globals()[_name] = _found


_isin = globals()["isin"]


def asarray(a, dtype=None, order=None, *, copy=None, blocking=False):
    return array(a, dtype, copy=bool(copy))


asanyarray = ascontiguousarray = asarray


def asnumpy(a, stream=None, order="C", out=None, *, blocking=True):
    return a.get() if isinstance(a, ndarray) else _np.asarray(a)


def shape(a):
    return a.shape if isinstance(a, ndarray) else _np.shape(a)


def ndim(a):
    return len(shape(a))


def size(a, axis=None):
    return a.size if axis is None else a.shape[axis]


def isin(element, test_elements, assume_unique=False, invert=False):
    for x in (element, test_elements):
        if not isinstance(x, ndarray):
            raise TypeError(f"Unsupported type {type(x)}")
    return _isin(element, test_elements, assume_unique, invert)


def is_available():
    return True


from cupy import cuda, fft, linalg  # noqa: F401
