"""What a wrong answer has to do with the right one, where arithmetic can tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .factors import FACTORS, PRODUCTS, Factor, length
from .known import Known
from .values import close, is_boolean, numbers

VARYING = "a factor that changes from case to case"  # true of more than one slip


def relation(known: Known, answers: Sequence[Any], failing: int = 0) -> str | None:
    """One sentence that holds on every case, or None; shapes are those of the failing case."""
    expected, cases, exercise = known.expected, known.cases, known.exercise
    if all(is_boolean(e) and not np.shape(e) for e in expected):
        turned = (
            is_boolean(a) and not np.shape(a) and a != e
            for a, e in zip(answers, expected, strict=True)
        )
        return "Yours is the exact opposite every time." if all(turned) else None
    arrays = [(numbers(a), numbers(e)) for a, e in zip(answers, expected, strict=True)]
    pairs = [(a, e) for a, e in arrays if a is not None and e is not None]
    if len(pairs) < len(arrays):
        return None
    if all(isinstance(e, (int, np.integer)) for e in expected):
        return _count(pairs)

    def holds(claim: Any) -> bool:
        return all(claim(a, e) for a, e in pairs)

    def near(a: np.ndarray, e: np.ndarray) -> bool:
        return a.shape == e.shape and close(a, e, exercise.rtol, exercise.atol)

    own = _an_argument(pairs, known, near)
    if own is not None:
        return own
    times = _times_argument(pairs, known, near)
    if times is not None:
        return times
    if not holds(lambda a, e: a.shape == e.shape):
        return _shape([pairs[failing], *pairs], holds, near)
    ratio = _ratio(pairs, [length(case) for case in cases], near)
    if ratio is not None:
        return ratio
    if holds(lambda a, e: a.ndim == 2 and near(a.T, e)):
        return "Yours is exactly the transpose of it: rows and columns are exchanged."
    if holds(lambda a, e: near(np.abs(a), np.abs(e))):
        return "The sizes are right everywhere and some of the signs are not."
    added = _added_argument(pairs, known, near)
    if added is not None:
        return added
    if not holds(lambda a, e: _is_a_ranking(e)) and holds(
        lambda a, e: a.ndim > 0 and near(np.sort(a, axis=None), np.sort(e, axis=None))
    ):
        return "The numbers are the right ones, in another order."
    for digits in range(7 if 2 * sum(a.any() for a, _ in pairs) > len(pairs) else 0):
        # A tie is rounded either way.
        unit = 10.0**-digits
        if holds(
            lambda a, e, digits=digits, unit=unit: np.array_equal(a, np.round(a, digits))
            and (np.abs(a - e) <= 0.5 * unit + exercise.atol).all()
        ):
            places = f"{digits} decimal{'' if digits == 1 else 's'}" if digits else "whole numbers"
            return f"Yours is right but for rounding, to {places}. Leave the rounding out."
    sizes = [max(np.abs(e).max(initial=0.0), exercise.atol) for _, e in pairs]
    of = " (of the largest entry of each case)" if any(e.size > 1 for _, e in pairs) else ""
    # Beside the largest of all cases: where 0 is expected, anything is large.
    grown = max(np.abs(a).max(initial=0.0) for a, _ in pairs) / max(sizes) if max(sizes) else 0.0
    if np.isfinite(grown) and grown > 1e8 and max(sizes) > exercise.atol:
        return (
            f"Yours has grown out of all bounds, to {grown:.0e} times the size that is expected. "
            "So does an iteration that diverges, as with steps that are too long; or a division by "
            "next to nothing."
        )
    worst = max(
        np.abs(a - e).max(initial=0.0) / size for (a, e), size in zip(pairs, sizes, strict=True)
    )
    if worst < 0.01:
        return (
            f"You are close, at most {100 * worst:.2g}% off{of}, but rounding does not explain "
            "it: this is another formula, or an unfinished iteration."
        )
    return None


def _is_a_ranking(e: np.ndarray) -> bool:
    """Whether it holds 0, 1, 2, ... or 1, 2, 3, ... in some order: then any other ranking does."""
    inside = np.sort(e, axis=None)
    return e.size > 1 and np.array_equal(inside, np.arange(e.size) + inside[0])


def _count(pairs: Any) -> str | None:
    """Of an index or a count no ratio means anything; being one off does."""
    for step, word in ((1, "more"), (-1, "less")):
        if all(a.shape == () and a - e == step for a, e in pairs):
            return (
                f"Yours is one {word} every time: look where the counting begins. Indices count "
                "from 0."
            )
    wrong = next((a for a, _ in pairs if a.shape), None)
    if wrong is None:
        return None
    if all(a.size == 1 and a.item() == e for a, e in pairs):
        return (
            "The number is right, its shape is not: return a plain integer, without brackets or "
            "an array around it."
        )
    return f"Yours has shape {wrong.shape}; one plain integer is expected."


def _shape(pairs: Any, holds: Any, near: Any) -> str:
    a, e = next((a, e) for a, e in pairs if a.shape != e.shape)
    shapes = f"shape {a.shape} where {e.shape} is expected"
    if holds(lambda a, e: not a.size):
        return f"Yours is empty, of {shapes}: what was to be put into it never arrived there."
    if holds(lambda a, e: a.ndim == 2 and near(a.T, e)):
        return f"Yours is exactly the transpose of it: {shapes}."
    if holds(lambda a, e: a.size == e.size and near(a.reshape(e.shape), e)):
        return f"Your numbers are right, the shape is not: {shapes}."
    if holds(lambda a, e: a.ndim == 2 and e.ndim == 1 and near(np.diag(a), e)):
        return (
            f"The right answer is the diagonal of yours: {shapes}. As a rule a column (n, 1) has "
            "met a row (n,), and NumPy makes a table of all pairs. Give both the shape (n,)."
        )
    for word, collapse in (("sum", np.sum), ("mean", np.mean)):
        if holds(
            lambda a, e, f=collapse: (
                a.ndim > e.ndim and a.size and near(np.asarray(f(a, axis=0)), e)
            )
        ):
            return f"The {word} of yours along its first axis is right: {shapes}."
    return f"Yours has {shapes}."


def _ratio(pairs: Any, lengths: list[int], near: Any) -> str | None:
    """The constant c with answer = c times expected on all cases, named when it has a name."""
    factors = _constants(pairs, near)
    if factors is None:
        return None
    lengths = [n for n, (_, e) in zip(lengths, pairs, strict=True) if e.any()]
    found = _factor(factors, lengths)
    if found is not None:
        return _named(*found, list(dict.fromkeys(lengths)))
    telling = len(factors) > 1 or pairs[0][1].ndim  # one number is always c times another
    if telling and np.allclose(factors, factors[0], rtol=1e-6):
        return f"Yours is {factors[0]:.6g} times the right answer on every case."
    if len(factors) > 1 and pairs[0][1].ndim:
        for digits in (4, 9):
            listed = list(dict.fromkeys(f"{c:.{digits}g}" for c in factors))[:4]
            if len(listed) > 1:
                break
        return (
            f"Yours is the right answer times {VARYING}: "
            f"{', '.join(listed)}."
        )
    return None


def _constants(pairs: Any, near: Any) -> list[float] | None:
    """The factor of each case between the two, where there is one and it is not 0.

    A case where both are 0 has any factor, and is left out.
    """
    if any(a.any() and not e.any() for a, e in pairs):
        return None
    pairs = [(a, e) for a, e in pairs if e.any()]
    scale = [np.vdot(e, e) for _, e in pairs]
    if not pairs or min(scale) == 0.0:
        return None
    factors = [float(np.vdot(e, a) / s) for (a, e), s in zip(pairs, scale, strict=True)]
    if 0.0 in factors or not all(near(a / c, e) for (a, e), c in zip(pairs, factors, strict=True)):
        return None
    return factors


def _factor(factors: list[float], lengths: list[int]) -> tuple[int, Factor] | None:
    ns = list(dict.fromkeys(lengths))
    for sign in (1, -1):
        for factor in (*FACTORS, *(PRODUCTS if len(ns) > 1 else ())):
            if ns == [2] and "n" in factor.name:  # then n is 2, and so it is called
                continue
            if all(
                (n > 1 or "n" not in factor.name)
                and np.isclose(c, sign * factor.value(max(n, 2)), rtol=1e-6)
                for c, n in zip(factors, lengths, strict=True)
            ):
                return sign, factor
    return None


def factor_beside(known: Known, answers: Sequence[Any], values: Sequence[Any]) -> str | None:
    """The factor by which answers differ from these wrong values on every case, if it has a name.

    Only of real numbers and where they are enough to tell: three, and no single n for a product.
    """
    arrays = [(numbers(a), numbers(v)) for a, v in zip(answers, values, strict=True)]
    pairs = [(a, v) for a, v in arrays if a is not None and v is not None and a.shape == v.shape]
    if len(pairs) < len(arrays) or sum(v.size for _, v in pairs) < 3:
        return None
    if not all(np.isfinite(v).all() for _, v in pairs):
        return None
    factors = _constants(pairs, known.same)
    told = zip(known.cases, pairs, strict=True)
    lengths = [length(case) for case, (_, v) in told if v.any()]
    found = None if factors is None else _factor(factors, lengths)
    if found is None:
        return None
    sign, factor = found
    return " and ".join((*(("the sign",) if sign < 0 else ()), *factor.parts)) or None


def _named(sign: int, factor: Factor, ns: list[int]) -> str:
    """Say "exactly -n/(n - 1) times (n = 6, 7)", and which things came together in it."""
    where = f" (n = {', '.join(map(str, ns))})" if "n" in factor.name else ""
    said = f"Yours is exactly {'-' if sign < 0 else ''}{factor.name} times the right answer{where}."
    parts = (*(("the sign",) if sign < 0 else ()), *factor.parts)
    if len(parts) == 1:
        return said
    count = "Two" if len(parts) == 2 else "Three"
    return f"{said} {count} things at once: {', '.join(parts[:-1])}, and {parts[-1]}."


def _an_argument(pairs: Any, known: Known, near: Any) -> str | None:
    """Is it an argument as it came, or the answers for all values of an index?"""
    for position, name in enumerate(known.exercise.argument_names):
        values = [case[position] for case in known.cases]
        if all(
            (x := numbers(value)) is not None and near(a, x)
            for value, (a, _) in zip(values, pairs, strict=True)
        ):
            return f"Yours is `{name}` as it was given: nothing has been done to it."
        if all(
            type(i) is int and a.ndim > e.ndim and i < len(a) and near(a[i], e)
            for i, (a, e) in zip(values, pairs, strict=True)
        ):
            return f"These are the answers for every `{name}`; the one at `[{name}]` is asked for."
    return None


def _added_argument(pairs: Any, known: Known, near: Any) -> str | None:
    for position, name in enumerate(known.exercise.argument_names):
        arrays = [numbers(case[position]) for case in known.cases]
        for sign, word in ((1.0, "plus"), (-1.0, "minus")):
            if all(
                x is not None and x.ndim and x.shape == e.shape and near(a - sign * x, e)
                for x, (a, e) in zip(arrays, pairs, strict=True)
            ):
                return f"Yours is exactly the right answer {word} `{name}`."
    return None


def _times_argument(pairs: Any, known: Known, near: Any) -> str | None:
    """Is it the right vector multiplied by one that was given, with or without a sum?"""
    for position, name in enumerate(known.exercise.argument_names):
        arrays = [numbers(case[position]) for case in known.cases]
        given = [(x, a, e) for x, (a, e) in zip(arrays, pairs, strict=True)]
        if not all(x is not None and x.ndim == 1 and x.shape == e.shape for x, _, e in given):
            continue
        if all(near(a, x @ e) for x, a, e in given):
            return f"Yours is the right answer times `{name}`, summed up to one number."
        if all(near(a, x * e) for x, a, e in given):
            return f"Yours is the right answer times `{name}`, entry by entry."
    return None
