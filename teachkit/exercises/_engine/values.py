"""Reading and comparing values that may be anything at all.

What a reference returns says what is expected: a bool, a string, numbers (real, of one shape), or a
tuple of these. Nothing here raises, whatever the learner's function returned.
"""

from __future__ import annotations

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


def is_letters(expected: Any) -> bool:
    """Is it an order of letters, which may be given as one string?"""
    return are_strings(expected) and all(len(entry) == 1 for entry in expected)


def are_strings(expected: Any) -> bool:
    if not isinstance(expected, tuple) or not expected:
        return False
    return all(isinstance(entry, str) for entry in expected)


def items(value: Any, expected: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """The entries of a sequence; "C, A, B" also counts as the letters C, A, B."""
    if isinstance(value, str) and is_letters(expected):
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
