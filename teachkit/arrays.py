"""The array libraries: the only file that knows which of them exist.

Everything above asks for a namespace once, `xp = array_namespace(X)`, and writes the Python array
API standard from there on. What the standard lacks (triangular solves, a Cholesky that is sure to
raise, a read of one number) is dispatched here. SciPy and CuPy are imported when first needed.
"""

from __future__ import annotations

import functools
import math
import os
from collections.abc import Callable, Iterator
from types import FunctionType, ModuleType
from typing import Any

import array_api_compat
import numpy as np

Array = Any  # whatever `array_namespace` accepts

LinearMap = Callable[[Array], Array]
"""v -> A v, for v (p,) or (p, k)."""

BLOCK_BYTES = 2**20
BLOCK_ROWS = 100


class NotPositiveDefiniteError(ValueError):
    """A matrix that had to be symmetric positive definite is not."""


def is_array(x: object) -> bool:
    """Whether `x` is an array of a library that follows the standard; NumPy scalars are not."""
    if type(x) is np.ndarray:  # by far the most common, and asked for thousands of times
        return True
    return array_api_compat.is_array_api_obj(x) and not isinstance(x, np.generic)


def array_namespace(*arrays: Any) -> ModuleType:
    """The array-API namespace that the arrays among the arguments share; NumPy's if none is one.

    Lists and numbers have no say. Raises TypeError where two array libraries meet.
    """
    if len(arrays) == 1 and type(arrays[0]) is np.ndarray:  # as most are asked
        return np
    found = [a for a in arrays if is_array(a)]
    if all(isinstance(a, np.ndarray) for a in found):
        return np  # follows the standard by itself, and array_api_compat.numpy takes long to load
    try:
        return array_api_compat.array_namespace(*found)
    except TypeError:
        kinds = sorted({f"{type(a).__module__.split('.')[0]}.{type(a).__name__}" for a in found})
        raise TypeError(
            f"Arrays of different libraries meet here ({', '.join(kinds)}). Computing never moves "
            "data between libraries by itself: convert all of them to one, for instance with "
            "teachkit.arrays.to_numpy."
        ) from None


def device(x: Array) -> Any:
    """The device that holds `x`."""
    if type(x) is np.ndarray:
        return "cpu"
    return array_api_compat.device(x)


def is_gpu(x: Array) -> bool:
    """Whether `x` lives on a GPU."""
    return array_api_compat.is_cupy_array(x)


def default_float(xp: ModuleType, on: Any = None) -> Any:
    """The namespace's default floating dtype (float64 in every library we use)."""
    return xp.empty(0, device=on).dtype


def scalar(x: Any) -> float:
    """The one place where an array of no dimensions becomes a Python float.

    On a GPU this waits for the device, so a reader can find every wait by looking for `scalar`.
    """
    if getattr(x, "ndim", 0) != 0:
        raise ValueError(
            f"A single number was expected here and an array of shape {tuple(x.shape)} came. "
            "Probably a reduction such as a sum or a mean is missing."
        )
    try:
        return float(x)
    except (TypeError, ValueError):
        cause = "A `return` is missing, usually." if x is None else "Convert it to a float first."
        raise TypeError(f"A single number was expected here and {x!r:.60} came. {cause}") from None


def scalars(*found: Any) -> tuple[float, ...]:
    """`scalar` of each of them; of arrays on a GPU, of one dtype, in one wait."""
    if not all(map(is_gpu, found)) or any(x.ndim for x in found):
        return tuple(map(scalar, found))
    return tuple(to_numpy(array_namespace(*found).stack(found)).tolist())


def to_numpy(x: Any) -> np.ndarray:
    """`x` as a NumPy array in main memory, whatever library and device it comes from."""
    if array_api_compat.is_cupy_array(x):
        return x.get()
    if not is_array(x) or array_api_compat.is_numpy_array(x):
        return np.asarray(x)
    home = array_api_compat.device(array_namespace(x).empty(0))
    return np.asarray(array_api_compat.to_device(x, home))


def as_float(x: Any, name: str, like: Array | None = None) -> Array:
    """`x` as an array of finite real floats.

    Integers, booleans and lists become the default float of the namespace, or the dtype of `like`.
    With `like` the result has its library, device and dtype. `name` is what errors call `x`.

    Raises TypeError for what are no real numbers (objects, text, complex) or lies in another
    library or on another device than `like`; ValueError for ragged lists, NaN and infinity.
    """
    x = as_real(x, name, like)
    xp = array_namespace(x)
    if not scalar(xp.all(xp.isfinite(x))):
        raise ValueError(_not_finite(to_numpy(x), name))
    return x


def as_real(x: Any, name: str, like: Array | None = None) -> Array:
    """`as_float` where NaN and infinity pass: solvers meet them, and say so in their message."""
    if not is_array(x) or array_api_compat.is_numpy_array(x):
        x, foreign = _plain_numpy(x, name), not is_array(x)
    else:
        foreign = False
    xp = array_namespace(x) if like is None else array_namespace(like)
    if like is not None:
        where = array_api_compat.device(like)
        if foreign:
            x = xp.asarray(x, device=where)
        elif array_namespace(x) is not xp or array_api_compat.device(x) != where:
            raise TypeError(
                f"{name} is {_whereabouts(x)}, but what it is used with is {_whereabouts(like)}. "
                "Put both in the same library and on the same device."
            )
    kind = x.dtype
    if xp.isdtype(kind, "real floating"):
        if kind not in (xp.float32, xp.float64):
            raise TypeError(
                f"{name} has dtype {kind}; linear algebra needs float32 or float64. Convert it "
                f"first, for instance {name}.astype('float64') in NumPy."
            )
        wanted = kind if like is None else like.dtype
    elif xp.isdtype(kind, ("integral", "bool")):
        wanted = default_float(xp, array_api_compat.device(x)) if like is None else like.dtype
    else:
        raise TypeError(
            f"{name} has dtype {kind}, and real numbers are needed. If its imaginary part is "
            "rounding noise, take the real part; otherwise something upstream went wrong."
        )
    return x if kind == wanted else xp.astype(x, wanted)


def own(x: Any) -> Any:
    """A copy of the array x, which nobody else writes into; what is no array as it is."""
    if isinstance(x, np.ndarray):
        return np.array(x, copy=True, subok=True)  # a mask is seen later, and refused
    return array_namespace(x).asarray(x, copy=True) if is_array(x) else x


def locked(x: Any) -> Any:
    """The array x, into which nobody writes by mistake: NumPy refuses, other libraries cannot."""
    if isinstance(x, np.ndarray):
        x.flags.writeable = False
    return x


def quiet() -> Any:
    """The library's own floating-point error state, a context manager and a decorator.

    Overflow, 0/0 and underflow are either harmless or met as values and told in a sentence, so
    neither warnings nor the caller's ``np.seterr(all="raise")`` reach into computations. A
    generator enters it in each step and not across a ``yield``, which would change the caller's.
    """
    return np.errstate(all="ignore")


def quietly(cls: type) -> type:
    """A class whose public methods compute in the state of `quiet`: a decorator."""
    for name, method in list(vars(cls).items()):
        if isinstance(method, FunctionType) and not name.startswith("_"):
            setattr(cls, name, quiet()(method))
    return cls


def _plain_numpy(x: Any, name: str) -> np.ndarray:
    """A plain ndarray of bools, numbers or complex numbers, or a sentence on why it cannot be."""
    if x is None:
        raise TypeError(f"{name} is None, and numbers are needed.")
    if isinstance(x, np.ma.MaskedArray) and np.ma.is_masked(x):
        raise ValueError(
            f"{name} is a masked array with {int(np.ma.count_masked(x))} masked entries. Fill them "
            "or leave their rows out first: a mask would be ignored silently."
        )
    try:
        plain = np.asarray(x)
    except (ValueError, TypeError):
        raise ValueError(
            f"{name} cannot be made into an array. Rows of different lengths are the usual cause: "
            "every row needs the same number of entries."
        ) from None
    if plain.dtype.kind in "biufc":
        return plain
    hint = "Convert each entry to a number first, where it is one with .astype(float)."
    if hasattr(x, "toarray"):
        hint = f"A sparse matrix has to be made dense first: {name}.toarray()."
    elif plain.size and isinstance(label := plain.reshape(-1)[0], str):
        label = str(label)
        it = name if is_array(x) else f"np.asarray({name})"
        hint = f"{hint} Labels: np.where({it} == {label!r}, 1, -1)."
    elif plain.dtype.kind == "O":
        hint = f"Missing values (None) or text in a column are the usual cause. {hint}"
    raise TypeError(f"{name} has dtype {plain.dtype}, and numbers are needed. {hint}")


def _whereabouts(x: Array) -> str:
    library = array_namespace(x).__name__.removeprefix("array_api_compat.")
    return f"an array of {library} on device {array_api_compat.device(x)}"


def _not_finite(x: np.ndarray, name: str) -> str:
    bad = np.argwhere(~np.isfinite(x))
    first = tuple(int(j) for j in bad[0])
    where = f" at index {first[0] if len(first) == 1 else first}" if first else ""
    more = f" and {len(bad) - 1} more" if len(bad) > 1 else ""
    return (
        f"{name} holds {float(x[first])}{where}{more}. Every value has to be finite: drop or "
        "impute missing values, and look for a division by zero or an overflow upstream."
    )


def cholesky(A: Array) -> Array:
    """The lower triangular L with A = L L', for a symmetric positive definite A (p, p).

    Only the lower triangle of A is read. Raises `NotPositiveDefiniteError` in every library; CuPy
    by itself would return finite garbage.
    """
    xp = array_namespace(A)
    refused = "The matrix has no Cholesky factor: it is not positive definite."
    try:
        if array_api_compat.is_cupy_array(A):
            import cupyx

            with cupyx.errstate(linalg="raise"):
                L = xp.linalg.cholesky(A)
        else:
            L = xp.linalg.cholesky(A)
    except Exception as error:  # each library has a LinAlgError of its own
        if type(error).__name__ == "LinAlgError":
            raise NotPositiveDefiniteError(refused) from None
        raise
    if not math.isfinite(scalar(xp.sum(L))):
        raise NotPositiveDefiniteError(refused)
    return L


def solve_triangular(L: Array, b: Array, *, transpose: bool = False) -> Array:
    """x with L x = b, or L' x = b; L (p, p) lower triangular, b (p,) or (p, k)."""
    if array_api_compat.is_numpy_array(L):
        from scipy.linalg import get_blas_funcs

        # LAPACK's solver (trtrs) wakes all threads however small L is: milliseconds for p = 3.
        # L.T of a C-ordered L is upper triangular as BLAS stores it, so nothing is copied.
        trsm = get_blas_funcs("trsm", (L, b))
        return trsm(1.0, L.T, b.reshape(len(L), -1), trans_a=not transpose).reshape(b.shape)
    if array_api_compat.is_cupy_array(L):
        from cupyx.scipy.linalg import solve_triangular as solve

        return solve(L, b, trans="T" if transpose else "N", lower=True, check_finite=False)
    # The standard has no triangular solve; its general one is right, if slower.
    return array_namespace(L).linalg.solve(L.T if transpose else L, b)


def cho_solve(L: Array, b: Array) -> Array:
    """x with L L' x = b, for the factor L of `cholesky` and b (p,) or (p, k)."""
    if array_api_compat.is_numpy_array(L):
        from scipy.linalg import cho_solve as solve

        # L.T of a C-ordered L is what LAPACK stores, so nothing is copied.
        return solve((L.T, False), b, check_finite=False)
    return solve_triangular(L, solve_triangular(L, b), transpose=True)


def row_blocks(X: Array, vectors: int = 1) -> Iterator[slice]:
    """Slices that cut the rows of X (n, d) into blocks that stay in cache.

    X_b v followed by X_b' w then reads X_b from memory once. One vector: blocks of 1 MB. Several:
    at most 100 rows, where BLAS has a fast kernel for small products. A GPU gets one block.
    """
    n, d = X.shape
    rows = n
    if not is_gpu(X):
        bytes_per_row = d * array_namespace(X).finfo(X.dtype).bits // 8
        rows = max(1, BLOCK_BYTES // max(1, bytes_per_row))
        if vectors > 1:
            rows = min(rows, BLOCK_ROWS)
    for start in range(0, n, max(1, rows)):
        yield slice(start, min(start + rows, n))


def fused(formula: Callable[..., Array]) -> Callable[..., Array]:
    """A formula(xp, *arrays), element by element, all passes of which are one kernel on a GPU.

    The formula may use operators, comparisons, `xp.where`, the elementwise functions that CuPy
    shares with the standard, and Python numbers beside an array (two numbers by themselves CuPy
    multiplies in half precision); no shapes, no sums, no look at a value.
    """

    @functools.cache
    def kernel() -> Callable[..., Array]:
        import cupy

        return cupy.fuse(kernel_name=formula.__name__)(functools.partial(formula, cupy))

    @functools.wraps(formula)
    def computed(xp: ModuleType, *arrays: Any) -> Array:
        return kernel()(*arrays) if any(map(is_gpu, arrays)) else formula(xp, *arrays)

    return computed


def zero_at(A: Array, rows: Any, columns: Any) -> None:
    """A[rows[k], ..., columns[k]] = 0 for each k, in place; indices are on A's GPU or in NumPy."""
    if array_api_compat.is_numpy_array(A) or is_gpu(A):
        A[rows, ..., columns] = 0.0
        return
    for i, k in zip(rows.tolist(), columns.tolist(), strict=True):  # the standard writes to slices
        A[i, ..., k] = 0.0


def free_memory(like: Array) -> int:
    """The bytes that are free where `like` lives: on its GPU, or in main memory."""
    if is_gpu(like):
        with like.device:
            return int(like.device.mem_info[0])
    import psutil

    return int(psutil.virtual_memory().available)


def put_rows(A: Array, indices: Any, rows: Array) -> None:
    """A[indices, :] = rows, in place; `indices` are distinct whole numbers in main memory."""
    indices = np.asarray(indices, dtype=np.int64)
    if array_api_compat.is_numpy_array(A) or is_gpu(A):
        A[indices if not is_gpu(A) else array_namespace(A).asarray(indices), :] = rows
        return
    for k, i in enumerate(indices.tolist()):  # the standard writes to slices alone
        A[i, :] = rows[k, :]


def elsewhere() -> bool:
    """Whether `backend` is another library than NumPy."""
    return backend() is not np


def can_move(x: Any) -> bool:
    """Whether x is a NumPy array of such numbers as a GPU has."""
    if not isinstance(x, np.ndarray) or x.dtype.kind not in "biufc" or np.ma.is_masked(x):
        return False
    return x.dtype.itemsize <= (16 if x.dtype.kind == "c" else 8)


def placed(x: Any) -> Any:
    """What `can_move` in the library that `backend` names; anything else as it is."""
    if not can_move(x):
        return x
    return backend().asarray(np.asarray(x, dtype=x.dtype.newbyteorder("=")))


def bring_home(found: list[Array]) -> list[Any]:
    """These arrays of a GPU in NumPy: all of one shape and dtype in one copy, numbers as such."""
    kinds: dict[Any, list[int]] = {}
    for k, x in enumerate(found):
        kinds.setdefault((tuple(x.shape), str(x.dtype)), []).append(k)
    back: list[Any] = [None] * len(found)
    for ks in kinds.values():
        xp = array_namespace(found[ks[0]])
        many = to_numpy(xp.stack([found[k] for k in ks]) if len(ks) > 1 else found[ks[0]][None])
        for k, x in zip(ks, many, strict=True):
            back[k] = x
    return back


def backend() -> ModuleType:
    """Where risks keep data that come as NumPy arrays: TEACHKIT_BACKEND=numpy (default) or cupy."""
    name = os.environ.get("TEACHKIT_BACKEND", "").strip().lower() or "numpy"
    if name == "numpy":
        return np
    if name != "cupy":
        raise ValueError(
            f"TEACHKIT_BACKEND is {name!r}; it can be 'numpy' (the default) or 'cupy'. Correct or "
            "unset the environment variable."
        )
    try:
        import cupy
    except ImportError as error:
        raise ImportError(
            f"TEACHKIT_BACKEND is 'cupy', but CuPy cannot be imported ({error}). Install the extra "
            "for your driver (pip install 'teachkit[cuda12]' or 'teachkit[cuda13]'), or set "
            "TEACHKIT_BACKEND=numpy."
        ) from None
    if not cupy.cuda.is_available():
        raise RuntimeError(
            "TEACHKIT_BACKEND is 'cupy' and CuPy is installed, but it finds no GPU. Check the "
            "driver with nvidia-smi, or set TEACHKIT_BACKEND=numpy."
        )
    import array_api_compat.cupy as cupy_namespace

    return cupy_namespace
