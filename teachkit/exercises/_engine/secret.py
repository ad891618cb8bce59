"""How much of an answer is right that must not be told: an order of letters, a list of names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .values import is_letters, items


def progress_of(answer: Any, expected: tuple[str, ...], all_expected: Sequence[Any]) -> str:
    """One sentence about how far it is right, without what is right in its place."""
    entries = items(answer, expected) or ()
    given = [_plain(entry) for entry in entries]
    wanted = [_plain(entry) for entry in expected]
    known = {_plain(entry) for right in all_expected for entry in right}
    stranger = next((entry for entry in entries if _plain(entry) not in known), None)
    what = "letters" if is_letters(expected) else "names"
    if stranger is not None:
        return f'"{str(stranger)[:30]}" is none of the {what} that the task gives.'
    repeated = [e for e, plain in zip(entries, given, strict=True) if given.count(plain) > 1]
    once = f' "{repeated[0]}" stands there more than once.' if repeated else ""
    once = once if len({*wanted}) == len(wanted) else ""
    if is_letters(expected):
        return _beginning(given, wanted) + once
    right = sum(a == e for a, e in zip(given, wanted, strict=True))
    return f"{right} of the {len(wanted)} names {'is' if right == 1 else 'are'} right.{once}"


def _plain(entry: Any) -> str:
    return str(entry).strip().casefold()


def _beginning(given: Sequence[str], wanted: Sequence[str]) -> str:
    place = next(k for k, (a, e) in enumerate(zip(given, wanted, strict=True)) if a != e)
    if place == 0:
        return "The first letter is not the right one yet."
    right = "first letter is" if place == 1 else f"first {place} letters are"
    return f"The {right} right; look at place {place + 1}."
