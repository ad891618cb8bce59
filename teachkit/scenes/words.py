"""Numbers and labels as an explorer writes them: a true minus sign, nothing that jumps."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise


def number(value: float, decimals: int = 3) -> str:
    """``value`` with these decimals; 12345.6 and more in powers of ten."""
    value = 0.0 if abs(value) < 0.5 * 10**-decimals else value
    text = f"{value:.{decimals}f}" if abs(value) < 10_000 else f"{value:.2e}"
    return text.replace("-", "\N{MINUS SIGN}")


def signed(value: float, decimals: int = 3) -> str:
    """``number`` with its sign, a zero included: it is a change."""
    return plus(number(value, decimals))


def plus(text: str) -> str:
    """A number that is written, with its sign if it has none yet: it is a change."""
    return text if text.startswith("\N{MINUS SIGN}") else f"+{text}"


def digits(value: float, count: int = 3) -> str:
    """``value`` with so many significant digits: 0.0316, 1.4e−09, 1.2e+05."""
    return f"{value or 0.0:.{count}g}".replace("-", "\N{MINUS SIGN}")  # no −0


def scientific(value: float, decimals: int = 1) -> str:
    """'6.3·10⁻⁸': for what spans many powers of ten."""
    factor, exponent = f"{value:.{decimals}e}".split("e")
    power = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{factor.replace('-', chr(0x2212))}·10{power}"


def prefixed(value: float, unit: str, keep: int = 2) -> str:
    """'130 MB', '8.1 ms', '4 million', for what spans many powers of ten, with so many digits."""
    if value <= 0:
        return f"0 {unit}".rstrip()
    power = min(4, max(-3, math.floor(math.log10(float(f"{value:.{keep}g}")) / 3)))
    scaled = value / 1000.0**power
    text = f"{scaled:.{keep}g}"
    if scaled >= 100:
        text = f"{float(text):,.0f}"
    if not unit:
        return (
            f"{text} {('', 'thousand', 'million', 'billion', 'trillion')[max(power, 0)]}".rstrip()
        )
    return f"{text} {('n', 'µ', 'm', '', 'k', 'M', 'G', 'T')[power + 3]}{unit}"


def subscript(k: int) -> str:
    """'₁₂', to stand after a letter."""
    return str(k).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def decimals_for(*values: float) -> int:
    """So many decimals (2 to 5) that the largest of these keeps two digits."""
    largest = max((abs(value) for value in values), default=0.0)
    if largest == 0 or not math.isfinite(largest):
        return 2
    return min(5, max(2, 1 - math.floor(math.log10(largest))))


def writer(*values: float, decimals: int = 3) -> Callable[[float], str]:
    """How numbers as large as these are written: with these decimals where they are ordinary.

    Where all would be lost below the decimals, or need more than four digits before the point, they
    get five digits each, and what is nothing beside the largest is 0.
    """
    largest = max((abs(value) for value in values), default=0.0)
    if largest == 0 or 10**-decimals <= largest < 10_000:
        return lambda value: number(value, decimals)
    return lambda value: digits(value if abs(value) > 1e-5 * largest else 0.0, 5)


def signed_writer(*values: float, of: float = 1.0) -> Callable[[float], str]:
    """How changes as large as these are written: with their sign, two digits of the largest.

    ``of`` is what changes; beside it, rounding is nothing.
    """
    largest = max((abs(value) for value in values), default=0.0)
    if largest >= 5e-6 or largest <= 1e-9 * abs(of):
        return lambda value: signed(value, decimals_for(*values))
    return lambda value: plus(digits(value if abs(value) > 0.005 * largest else 0.0, 2))


def counted(count: int, name: str) -> str:
    """'1 step', '2 steps'."""
    return f"{count} {name}{'' if count == 1 else 's'}"


def listed(items: list[str]) -> str:
    """'1', '1 and 2', '1, 2 and 3'."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def round_up(value: float) -> float:
    """The next of a few round numbers (1, 1.2, 1.5, 2, ... 10): limits that seldom change."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(
        factor * power
        for factor in (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
        if factor * power >= value
    )


def spread(heights: list[float], gap: float) -> list[float]:
    """The heights of labels, moved up in their order to be ``gap`` from each other."""
    order = sorted(range(len(heights)), key=heights.__getitem__)
    moved = list(heights)
    for below, above in pairwise(order):
        moved[above] = max(moved[above], moved[below] + gap)
    return moved
