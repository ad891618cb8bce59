"""Saying what a value is, and why an answer cannot be compared; nothing here raises."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import numpy as np

from .values import LONGEST, are_strings, is_boolean, is_letters, items, numbers, plain


def complaint(answer: Any, expected: Any, start: str = "Your function returned") -> str | None:
    """Why the two cannot even be compared, as sentences; None when they can (shapes apart)."""
    wanted = asked(expected)
    answer = plain(answer) if isinstance(expected, str) else answer
    if answer is None:
        return f"{start} None. Perhaps a `return` is missing, or one path ends without a value."
    if inspect.isgenerator(answer) or inspect.iscoroutine(answer):
        return (
            f"{start} a {kind(answer)}: it holds a `yield`, or a `(... for ...)` "
            f"with no sum or array around it. The check expects {wanted}."
        )
    if callable(answer):
        return (
            f"{start} {kind(answer)}; the check expects {wanted}. Perhaps the "
            "parentheses of a call are missing."
        )
    if isinstance(expected, (tuple, list)):
        entries = items(answer, tuple(expected))
        if entries is None:
            return f"{start} {kind(answer)}; the check expects {wanted}."
        count = len(entries)
        if count != len(expected):
            what = "letter" if isinstance(answer, str) else "value"
            plural = "" if count == 1 else "s"
            return f"{start} {count} {what}{plural}; {len(expected)} are expected."
        for place, (a, e) in enumerate(zip(entries, expected, strict=True), start=1):
            found = complaint(a, e, f"Value {place} of the {count} that you return is")
            if found is not None:
                return found
        return None
    if isinstance(expected, str):
        if isinstance(answer, str):
            return None
        return f"{start} {kind(answer)}; the check expects {wanted}."
    return _numeric_complaint(answer, expected, start)


def _numeric_complaint(answer: Any, expected: Any, start: str) -> str | None:
    wanted = asked(expected)
    given = numbers(answer, booleans=is_boolean(expected))
    if given is None:
        if isinstance(answer, (list, tuple)) and any(entry is None for entry in answer[:LONGEST]):
            return f"None stands among the values that you return; the check expects {wanted}."
        if isinstance(answer, complex) or getattr(getattr(answer, "dtype", ""), "kind", "") == "c":
            return (
                "Your numbers are complex, and real ones are expected. Usually a root, a power or "
                "a logarithm of a negative number is behind this."
            )
        first = numbers(answer[0]) if isinstance(answer, tuple) and answer else None
        if np.shape(expected) and first is not None and first.shape == np.shape(expected):
            wanted += ". The first of yours has this shape: `[0]` takes it"
        return f"{start} {kind(answer)}; the check expects {wanted}."
    if given.size and not np.isfinite(given).all() and np.isfinite(np.asarray(expected)).all():
        nan = int(np.isnan(given).sum())
        count, what = (nan, "NaN") if nan else (int(np.isinf(given).sum()), "infinite")
        those = (
            f"Your number is {what}"
            if given.size == 1
            else f"Of your {given.size} numbers {count} {'is' if count == 1 else 'are'} {what}"
        )
        return (
            f"{those}. Look for a division by zero, the root of a negative number, the logarithm "
            "of one that is not positive, an exponential that overflows, or steps that are too "
            "long and grow without end."
        )
    return None


def asked(expected: Any) -> str:
    """What the check expects, in words that a learner would use of the answer."""
    if is_letters(expected):
        return f"a string of {len(expected)} letter{'s' * (len(expected) != 1)}"
    if are_strings(expected):
        return f"a list of {len(expected)} strings"
    if isinstance(expected, str):
        return "a letter" if len(expected) == 1 else "a string"
    return kind(expected)


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
    mixed = isinstance(value, (tuple, list)) and (
        numbers(value) is None or any(is_boolean(entry) for entry in value[:LONGEST])
    )
    if mixed and len(value) <= 8:
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


def hidden(answer: Any, expected: Any) -> str:
    """Where two long arrays differ most, if the entries that would be shown are alike; or ""."""
    given, wanted = numbers(answer), numbers(expected)
    if given is None or wanted is None or given.shape != wanted.shape or given.size <= 12:
        return ""
    if short(given, 4) != short(wanted, 4) or not np.isfinite(given - wanted).all():
        return ""
    place = np.unravel_index(np.abs(given - wanted).argmax(), given.shape)
    yours, right = two(given[place], wanted[place])
    index = ", ".join(map(str, map(int, place)))
    return f"begins as it should; at [{index}] it is {yours}, and {right} is expected."


def _first(array: np.ndarray, count: int) -> Iterator[float]:
    return (float(entry) for entry in array.flat[:count])


def _nested(array: np.ndarray, digits: int) -> str:
    if array.ndim == 0:
        return f"{float(array):.{digits}g}"
    return "[" + ", ".join(_nested(row, digits) for row in array) + "]"
