"""Reading, comparing and naming values that may be anything at all.

What a reference returns says what is expected: a bool, a string, numbers (real, of one shape), or a
tuple of these. Nothing here raises, whatever the learner's function returned.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import numpy as np

LONGEST = 1_000_000


def numbers(value: Any, *, booleans: bool = False) -> np.ndarray | None:
    """The value as a float array, or None when it does not consist of real numbers."""
    if isinstance(value, (str, bytes, dict, set, frozenset)) or callable(value):
        return None
    if isinstance(value, (list, tuple)) and len(value) > LONGEST:
        return None
    try:
        array = np.asarray(value)
        if array.dtype.kind == "b":
            return array.astype(float) if booleans else None
        return array.astype(float) if array.dtype.kind in "iuf" else None
    except Exception:
        return None


def is_boolean(value: Any) -> bool:
    return getattr(getattr(value, "dtype", None), "kind", "") == "b" or isinstance(value, bool)


def items(value: Any, expected: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """The entries of a sequence; "C, A, B" also counts as the letters C, A, B."""
    if isinstance(value, str) and all(isinstance(e, str) and len(e) == 1 for e in expected):
        return tuple(letter for letter in value if letter.isalnum())
    if isinstance(value, np.ndarray):
        return tuple(value) if value.ndim else None
    return tuple(value) if isinstance(value, (tuple, list)) else None


def same(answer: Any, expected: Any, rtol: float, atol: float) -> bool:
    """Do they agree? For numbers max |a - e| <= atol + rtol max |e|, and shapes are equal."""
    if isinstance(expected, (tuple, list)):
        entries = items(answer, tuple(expected))
        return (
            entries is not None
            and len(entries) == len(expected)
            and all(same(a, e, rtol, atol) for a, e in zip(entries, expected, strict=True))
        )
    if isinstance(expected, str):
        return isinstance(answer, str) and answer.strip().casefold() == expected.casefold()
    wanted = numbers(expected, booleans=True)
    given = numbers(answer, booleans=is_boolean(expected))
    if wanted is None or given is None or wanted.shape != given.shape:
        return False
    return close(given, wanted, rtol, atol)


def close(given: np.ndarray, wanted: np.ndarray, rtol: float, atol: float) -> bool:
    if not np.array_equal(np.isfinite(given), np.isfinite(wanted)):
        return False
    finite = np.isfinite(wanted)
    if not np.array_equal(given[~finite], wanted[~finite], equal_nan=True):
        return False
    size = np.abs(wanted[finite]).max(initial=0.0)
    return bool(np.abs(given[finite] - wanted[finite]).max(initial=0.0) <= atol + rtol * size)


def complaint(answer: Any, expected: Any) -> str | None:
    """Why the two cannot even be compared, as sentences; None when they can (shapes apart)."""
    wanted = kind(expected)
    if answer is None:
        return (
            "Your function returned None. Perhaps a `return` is missing, or one path through the "
            "function ends without it."
        )
    if inspect.isgenerator(answer) or inspect.iscoroutine(answer):
        return (
            f"Your function returned a {kind(answer)}: it holds a `yield`, or a `(... for ...)` "
            f"with no sum or array around it. The check expects {wanted}."
        )
    if callable(answer):
        return (
            f"Your function returned {kind(answer)}; the check expects {wanted}. Perhaps the "
            "parentheses of a call are missing."
        )
    if isinstance(expected, (tuple, list)):
        entries = items(answer, tuple(expected))
        if entries is None:
            return f"Your function returned {kind(answer)}; the check expects {wanted}."
        if len(entries) != len(expected):
            return f"Your function returned {len(entries)} values; {len(expected)} are expected."
        pairs = zip(entries, expected, strict=True)
        return next((c for c in (complaint(a, e) for a, e in pairs) if c is not None), None)
    if isinstance(expected, str):
        if isinstance(answer, str):
            return None
        return f"Your function returned {kind(answer)}; the check expects {wanted}."
    return _numeric_complaint(answer, expected)


def _numeric_complaint(answer: Any, expected: Any) -> str | None:
    wanted = kind(expected)
    given = numbers(answer, booleans=is_boolean(expected))
    if given is None:
        if isinstance(answer, (list, tuple)) and any(entry is None for entry in answer[:LONGEST]):
            return f"None stands among the values that you return; the check expects {wanted}."
        if isinstance(answer, complex) or getattr(getattr(answer, "dtype", ""), "kind", "") == "c":
            return (
                "Your numbers are complex, and real ones are expected. Usually a root, a power or "
                "a logarithm of a negative number is behind this."
            )
        return f"Your function returned {kind(answer)}; the check expects {wanted}."
    if given.size and not np.isfinite(given).all() and np.isfinite(np.asarray(expected)).all():
        nan = int(np.isnan(given).sum())
        what = "NaN" if nan else "infinite"
        return (
            f"Of your {given.size} numbers {nan or int(np.isinf(given).sum())} "
            f"{'is' if (nan or int(np.isinf(given).sum())) == 1 else 'are'} {what}. Look for a "
            "division by zero, the logarithm of a number that is not positive, or an exponential "
            "that overflows."
        )
    return None


def kind(value: Any) -> str:
    """What a value is, in words: "a number", "an array of shape (3,)", "a str"."""
    if value is None:
        return "None"
    if value is Ellipsis:
        return "`...`"
    if is_boolean(value) and not np.shape(value):
        return "True or False"
    if isinstance(value, tuple):
        return f"a tuple of {len(value)}"
    if inspect.isgenerator(value):
        return "generator"
    if inspect.iscoroutine(value):
        return "coroutine"
    if isinstance(value, np.ndarray) and value.ndim:
        return f"an array of shape {value.shape}"
    if numbers(value) is not None and not np.shape(value):
        return "a number"
    if inspect.isroutine(value):
        return "a function"
    name = type(value).__name__
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def short(value: Any, digits: int = 6) -> str:
    """A value in few characters, never more than about 200, the same on every machine."""
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else value[:57] + "...")
    if isinstance(value, (tuple, list)) and numbers(value) is None and len(value) <= 8:
        inner = ", ".join(short(entry, digits) for entry in value)
        return f"({inner})" if isinstance(value, tuple) else f"[{inner}]"
    if is_boolean(value) and not np.shape(value):
        return str(bool(value))
    if inspect.isroutine(value):
        return getattr(value, "__name__", "a function")
    array = numbers(value, booleans=True)
    if array is None:
        return "None" if value is None else kind(value)
    if array.ndim == 0:
        return f"{float(array):.{digits}g}"
    if array.size > 12:
        first = ", ".join(f"{entry:.{digits}g}" for entry in _first(array, 3))
        return f"[{first}, ...] of shape {array.shape}"
    return _nested(array, digits)


def two(answer: Any, expected: Any) -> tuple[str, str]:
    """Both values, with as many digits as it takes to see the difference."""
    for digits in (4, 6, 9, 17):
        pair = short(answer, digits), short(expected, digits)
        if pair[0] != pair[1]:
            break
    return pair


def _first(array: np.ndarray, count: int) -> Iterator[float]:
    return (float(entry) for entry in array.flat[:count])


def _nested(array: np.ndarray, digits: int) -> str:
    if array.ndim == 0:
        return f"{float(array):.{digits}g}"
    return "[" + ", ".join(_nested(row, digits) for row in array) + "]"
