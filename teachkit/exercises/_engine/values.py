"""Reading and comparing values that may be anything at all.

What a reference returns says what is expected: a bool, a string, numbers (real, of one shape), or a
tuple of these. Nothing here raises, whatever the learner's function returned.
"""

from __future__ import annotations

from typing import Any

import numpy as np

LONGEST = 1_000_000
SINGLE = 16 * float(np.finfo(np.float32).eps)  # what a few operations in single precision lose


def numbers(value: Any, *, booleans: bool = False) -> np.ndarray | None:
    """The value as a float array, or None when it does not consist of real numbers.

    Complex numbers without an imaginary part are real: `np.linalg.eigvals` gives no others since
    NumPy 2.5.
    """
    if isinstance(value, (str, bytes, dict, set, frozenset)) or callable(value):
        return None
    if isinstance(value, (list, tuple)) and len(value) > LONGEST:
        return None
    try:
        array = np.asarray(value)
        if array.dtype.kind == "b":
            return array.astype(float) if booleans else None
        if array.dtype.kind == "c":
            return _real(array)
        return array.astype(float) if array.dtype.kind in "iuf" else None
    except Exception:
        return None


def _real(array: np.ndarray) -> np.ndarray | None:
    """The real parts, where the imaginary ones are 0 but for rounding; NaN where either is."""
    size = np.abs(array.real[np.isfinite(array.real)]).max(initial=0.0)
    if (np.abs(array.imag) > 1e-12 * size).any():
        return None
    return np.where(np.isnan(array.imag), np.nan, array.real).astype(float)


def plain(value: Any) -> Any:
    """What an array without axes holds; anything else as it is."""
    return value.item() if isinstance(value, np.ndarray) and value.ndim == 0 else value


def is_boolean(value: Any) -> bool:
    return getattr(getattr(value, "dtype", None), "kind", "") == "b" or isinstance(value, bool)


def is_real(expected: Any) -> bool:
    """Does it hold a number that is not whole?"""
    entries = expected if isinstance(expected, tuple) else (expected,)
    return any(np.asarray(entry).dtype.kind == "f" for entry in entries)


def is_letters(expected: Any) -> bool:
    """Is it an order of letters, which may be given as one string?"""
    return are_strings(expected) and all(len(entry) == 1 for entry in expected)


def are_strings(expected: Any) -> bool:
    if not isinstance(expected, tuple) or not expected:
        return False
    return all(isinstance(entry, str) for entry in expected)


def items(value: Any, expected: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """The entries of a sequence; "C, A, B" also counts as the letters C, A, B."""
    value = plain(value)
    if isinstance(value, str) and is_letters(expected):
        return tuple(letter for letter in value if letter.isalnum())
    if isinstance(value, np.ndarray):
        return tuple(value)
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
        word = plain(answer)
        return isinstance(word, str) and word.strip().casefold() == expected.casefold()
    wanted = numbers(expected, booleans=True)
    given = numbers(answer, booleans=is_boolean(expected))
    if wanted is None or given is None or wanted.shape != given.shape:
        return False
    return close(given, wanted, max(rtol, _precision(answer)), atol)


def _precision(answer: Any) -> float:
    """The rounding, relative to the largest, of an answer that is given in single precision."""
    return SINGLE if np.asarray(answer).dtype in (np.float32, np.complex64) else 0.0


def close(given: np.ndarray, wanted: np.ndarray, rtol: float, atol: float) -> bool:
    if not np.array_equal(np.isfinite(given), np.isfinite(wanted)):
        return False
    finite = np.isfinite(wanted)
    if not np.array_equal(given[~finite], wanted[~finite], equal_nan=True):
        return False
    size = np.abs(wanted[finite]).max(initial=0.0)
    return bool(np.abs(given[finite] - wanted[finite]).max(initial=0.0) <= atol + rtol * size)
