"""The questions every risk asks of its input, answered in sentences."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from typing import Any

import numpy as np

from teachkit import require
from teachkit.arrays import (
    Array,
    array_namespace,
    as_float,
    as_real,
    device,
    is_array,
    locked,
    own,
    scalar,
    to_numpy,
)


def check_risk(risk: Any, name: str = "risk") -> Any:
    """Something that can be asked what a risk is asked."""
    asked = ("n", "p", "weights", "gradient", "example_gradients")
    if missing := [oracle for oracle in asked if not hasattr(risk, oracle)]:
        given = f"the class {risk.__name__}" if isinstance(risk, type) else f"{risk!r:.60}"
        raise TypeError(
            f"{name} is {given}, without {', '.join(missing)}; it has to be a LinearRisk(X, y, "
            "loss), a SoftmaxRisk(X, y) or another object with the methods of a risk."
        )
    return risk


def check_changed(changed: Any, risk: Any, name: str) -> Any:
    """A risk with other weights, points or penalty than `risk`, and otherwise like it."""
    check_risk(changed, name)
    for count, counted in (("n", "examples"), ("p", "parameters")):
        if getattr(changed, count) != getattr(risk, count):
            raise ValueError(
                f"{name} has {getattr(changed, count)} {counted} ({count}) where the risk that was "
                f"fitted has {getattr(risk, count)}. Both count the same: n stays what it is, and "
                "an example that leaves has weight 0."
            )
    w, like = changed.weights, risk.weights
    if not is_array(w) or array_namespace(w) is not array_namespace(like):
        raise TypeError(
            f"{name} has weights of the type {type(w).__name__} where the risk that was fitted has "
            f"{type(like).__name__}. Both live in one array library."
        )
    if tuple(w.shape) != tuple(like.shape) or w.dtype != like.dtype or device(w) != device(like):
        raise ValueError(
            f"{name} has weights {tuple(w.shape)} of {w.dtype} on {device(w)} where the risk that "
            f"was fitted has {tuple(like.shape)} of {like.dtype} on {device(like)}. Both have one "
            "weight per example, in one dtype, on one device."
        )
    return changed


def check_data(X: Any, y: Any, like: Array | None = None) -> tuple[Array, Array]:
    """X (n, d) and y (n,) as floats of one dtype, X's, with at least one row and one column.

    Both are copies: what was handed in may change afterwards. With `like` in its dtype.
    """
    it = _as_array("X", X)
    X = kept(X, "X", like=like)
    if X.ndim != 2:
        column = f" One feature only? Then {it}[:, None]." if X.ndim == 1 else ""
        raise ValueError(
            f"X has shape {tuple(X.shape)}; it has to be (n, d), one row per example.{column}"
        )
    n, d = X.shape
    if n == 0 or d == 0:
        what = "example" if n == 0 else "feature"
        raise ValueError(
            f"X has shape {tuple(X.shape)}: there is no {what} in it. Look for a filter upstream "
            "that left nothing over."
        )
    return X, locked(own(check_targets(y, n, X)))


def kept(x: Any, name: str, like: Array | None = None) -> Array:
    """`as_float` in memory of our own, locked; lists and other dtypes come in new memory anyway."""
    found = as_float(x, name, like=like)
    new = isinstance(x, list | tuple) or (is_array(x) and x.dtype != found.dtype)
    return locked(found if new else own(found))


def check_targets(y: Any, n: int, like: Array, name: str = "y") -> Array:
    """The targets y, (n,), one per row."""
    it = _as_array(name, y)
    y = as_float(y, name, like=like)
    if tuple(y.shape) != (n,):
        flat = tuple(y.shape) in ((n, 1), (1, n))
        hint = f" Take {it}.reshape(-1)." if flat else ""
        raise ValueError(
            f"{name} has shape {tuple(y.shape)}; it has to be ({n},), one target per row of "
            f"{name.replace('y', 'X', 1)}.{hint}"
        )
    return y


def check_labels(y: Array, name: str = "y", *, both: bool = True, given: Any = None) -> None:
    """Every label is -1 or +1, and with `both` each of them occurs.

    `given` is y as it came, before it was made float: what is advised has to work on that.
    """
    xp = array_namespace(y)
    if scalar(xp.all((y == 1.0) | (y == -1.0))):
        if both and scalar(xp.all(y == y[0])):
            raise ValueError(
                f"All {y.shape[0]} labels in {name} are {scalar(y[0]):+g}: only one class is "
                "there, and nothing can be told apart. A split of sorted data is the usual cause: "
                "shuffle before you split."
            )
        return
    found = np.unique(to_numpy(y))
    shown = ", ".join(f"{value:g}" for value in found[:6]) + (", ..." if found.size > 6 else "")
    raise ValueError(
        f"This loss wants labels -1 and +1, and {name} holds {shown}. "
        f"{_relabelled(found, name, y if given is None else given)}"
    )


def _relabelled(found: np.ndarray, name: str, given: Any) -> str:
    """What to do about these labels, as a line that works on them as they were given."""
    it = _as_array(name, given)
    kinds = ("real floating", "signed integer")
    signed = is_array(given) and array_namespace(given).isdtype(given.dtype, kinds)
    if found.size <= 2 and set(found.tolist()) <= {0.0, 1.0}:
        # Without a sign, 2 * y - 1 is 255 for 0; and booleans have no minus at all.
        how = f"2 * {it} - 1" if signed else f"np.where({it} == 1, 1, -1)"
        return f"For labels 0 and 1 take {how}."
    if found.size == 2 and found[0] == 1.0 and found[1] in _MINUS_ONES:
        return (
            f"{found[1]:.0f} is what -1 becomes in whole numbers without a sign: take "
            f"np.where({it} == 1, 1, -1)."
        )
    if found.size == 2:
        higher = to_numpy(given).max() if is_array(given) else found[1]
        return f"For these two classes take np.where({it} == {higher.item()!r}, 1, -1)."
    if found.size < 20:
        return "For more than two classes take a softmax risk, SoftmaxRisk, or pick two of them."
    return "For a real target take Square()."


def _as_array(name: str, given: Any) -> str:
    """How advice names what was given, so that the methods of an array are there."""
    return name if is_array(given) else f"np.asarray({name})"


_MINUS_ONES = tuple(2.0**bits - 1.0 for bits in (8, 16, 32, 64))


def check_l2(l2: Any, p: int, like: Array) -> Array:
    """The penalty as (p,): one number for all parameters, or one each (0 for an intercept)."""
    l2 = as_float(l2, "l2", like=like)  # the sum at the end is a copy
    xp = array_namespace(like)
    if l2.ndim != 0 and tuple(l2.shape) != (p,):
        raise ValueError(
            f"l2 has shape {tuple(l2.shape)}; it has to be one number or ({p},), one per parameter."
        )
    if scalar(xp.any(l2 < 0.0)):
        raise ValueError(
            f"l2 goes down to {scalar(xp.min(l2)):g}; a penalty is >= 0. A negative one rewards "
            "large parameters and may leave no minimum."
        )
    return locked(l2 + xp.zeros(p, dtype=like.dtype, device=device(like)))


def check_weights(weights: Any, n: int, like: Array) -> Array:
    """The weights as (n,), none negative and not all of them 0; None gives ones."""
    xp = array_namespace(like)
    if weights is None:
        return locked(xp.ones(n, dtype=like.dtype, device=device(like)))
    weights = kept(weights, "weights", like=like)
    if tuple(weights.shape) != (n,):
        raise ValueError(
            f"weights have shape {tuple(weights.shape)}; it has to be ({n},), one per example."
        )
    lowest = scalar(xp.min(weights))
    if lowest < 0.0:
        raise ValueError(
            f"weights go down to {lowest:g} (example {int(scalar(xp.argmin(weights)))}); a weight "
            "is >= 0. To leave an example out, give it weight 0."
        )
    if not scalar(xp.any(weights > 0.0)):
        raise ValueError(
            f"All {n} weights are 0, so no example is left to learn from. Keep at least one "
            "above 0."
        )
    return weights


def check_theta(theta: Any, p: int, like: Array) -> Array:
    """The parameters, (p,), finite, in the library, device and dtype of the risk."""
    theta = check_vectors(theta, p, like, "theta", columns=False)
    xp = array_namespace(theta)
    if not scalar(xp.all(xp.isfinite(theta))):
        as_float(theta, "theta")  # words the error
    return theta


def check_vectors(v: Any, p: int, like: Array, name: str = "v", *, columns: bool = True) -> Array:
    """A vector (p,), or with `columns` several as (p, k); their values are not looked at."""
    it = _as_array(name, v)
    if not is_array(v) or v.dtype != like.dtype or device(v) != device(like):
        v = _converted(v, like, name)
    if v.shape[:1] != (p,) or v.ndim > 1 + columns:
        several = f" or ({p}, k)" if columns else ""
        hint = f" Take {it}.reshape(-1)." if tuple(v.shape) in ((p, 1), (1, p)) else ""
        raise ValueError(
            f"{name} has shape {tuple(v.shape)}; it has to be ({p},){several}: this risk has "
            f"{p} parameters.{hint}"
        )
    return v


def _converted(v: Any, like: Array, name: str) -> Array:
    """Lists and integers take the risk's dtype; a float array of another dtype is a mix-up."""
    if is_array(v) and array_namespace(v) is array_namespace(like):
        both_float = array_namespace(v).isdtype(v.dtype, "real floating")
        if both_float and device(v) == device(like):
            raise TypeError(
                f"{name} has dtype {v.dtype} and the data have {like.dtype}: mixed, half of the "
                "digits would be lost or made up. Convert one of them so that both agree."
            )
    return as_float(v, name, like=like)


def check_rows(X: Any, d: int, like: Array) -> tuple[Array, bool]:
    """Test points as (m, d), and whether it was a single one, (d,)."""
    X = as_float(X, "X_test", like=like)
    single = X.ndim == 1
    if X.ndim not in (1, 2) or X.shape[-1] != d:
        raise ValueError(
            f"X_test has shape {tuple(X.shape)}; it has to be ({d},) for one point or (m, {d}): "
            f"training rows have {d} entries. A missing column of ones is a common cause."
        )
    return X[None, :] if single else X, single


def check_test_points(X: Any, y: Any, d: int, like: Array) -> tuple[Array, Array, bool]:
    """Test points as X (m, d) and y (m,), and whether it was a single one, (d,) and a number."""
    X, single = check_rows(X, d, like)
    if not single:
        return X, check_targets(y, X.shape[0], like, "y_test"), False
    y = as_float(y, "y_test", like=like)
    if y.ndim != 0:
        raise ValueError(
            f"y_test has shape {tuple(y.shape)} beside a single X_test ({d},). One point has one "
            "number as its target; for several, give X_test as (m, d)."
        )
    return X, y[None], True


def check_answer(
    found: Any, name: str, shape: tuple[int, ...], like: Array, *, finite: bool = True
) -> Array:
    """What a risk that may be written by hand gives: of the shape that it has to be, and finite."""
    found = as_float(found, name, like=like) if finite else as_real(found, name, like)
    return require.shape(
        found,
        name,
        shape,
        "In a risk of your own look for a sum over the wrong axis, or for a transpose.",
    )


def check_index(i: Any, n: int, name: str = "i") -> int:
    """One example's index, an int in 0..n-1."""
    if isinstance(i, (bool, np.bool_)):
        raise TypeError(f"{name} is the boolean {i}; it has to be the number of an example.")
    try:
        index = operator.index(i)
    except TypeError:
        raise TypeError(
            f"{name} is {i!r}; it has to be a whole number, the index of an example."
        ) from None
    if not 0 <= index < n:
        hint = " Negative indices are not counted from the end here." if index < 0 else ""
        raise IndexError(f"{name} is {index}, but the examples are numbered 0 to {n - 1}.{hint}")
    return index


def check_indices(indices: Any, n: int, name: str = "indices") -> tuple[int, ...]:
    """Distinct indices of examples, from an int or any iterable of them, in the order given."""
    if is_array(indices):
        indices = to_numpy(indices)
        if indices.dtype.kind == "b":
            raise TypeError(
                f"{name} is a mask of booleans; it has to be the numbers of the examples. Take "
                "np.flatnonzero(mask)."
            )
        if indices.ndim > 1:
            raise ValueError(
                f"{name} has shape {indices.shape}; it has to be one number or a flat list of them."
            )
        indices = indices.tolist()
    if isinstance(indices, (str, bytes)) or not isinstance(indices, Iterable):
        return (check_index(indices, n, name),)
    checked = tuple(check_index(i, n, f"{name}[{k}]") for k, i in enumerate(indices))
    if len(set(checked)) < len(checked):
        repeated = next(i for k, i in enumerate(checked) if i in checked[:k])
        raise ValueError(
            f"{name} names example {repeated} more than once; an example can leave only once. "
            "Take sorted(set(indices))."
        )
    return checked
