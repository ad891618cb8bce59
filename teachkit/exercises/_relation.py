"""What a wrong answer has to do with the right one, where arithmetic can tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ._values import close, is_boolean, items, numbers

Cases = Sequence[tuple[Any, ...]]


def relation(
    answers: Sequence[Any],
    expected: Sequence[Any],
    cases: Cases,
    names: Sequence[str],
    rtol: float,
    atol: float,
) -> str | None:
    """One sentence that holds on every case, or None."""
    if all(isinstance(e, tuple) and all(isinstance(w, str) for w in e) for e in expected):
        return _common_beginning(answers, expected)
    if all(is_boolean(e) and not np.shape(e) for e in expected):
        turned = (is_boolean(a) and a != e for a, e in zip(answers, expected, strict=True))
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
        return a.shape == e.shape and close(a, e, rtol, atol)

    if not holds(lambda a, e: a.shape == e.shape):
        return _shape(pairs, holds, near)
    ratio = _ratio(pairs, [_length(case) for case in cases], near)
    if ratio is not None:
        return ratio
    if holds(lambda a, e: a.ndim == 2 and near(a.T, e)):
        return "Yours is exactly the transpose of it: rows and columns are exchanged."
    if holds(lambda a, e: near(np.abs(a), np.abs(e))):
        return "The sizes are right everywhere and some of the signs are not."
    added = _added_argument(pairs, cases, names, near)
    if added is not None:
        return added
    if holds(lambda a, e: a.ndim > 0 and near(np.sort(a, axis=None), np.sort(e, axis=None))):
        return "The numbers are the right ones, in another order."
    sizes = [max(np.abs(e).max(initial=0.0), atol) for _, e in pairs]
    worst = max(
        np.abs(a - e).max(initial=0.0) / size for (a, e), size in zip(pairs, sizes, strict=True)
    )
    if worst < 0.01:
        return (
            f"You are close, at most {100 * worst:.2g}% off, but rounding does not explain "
            "it: this is another formula, or an unfinished iteration."
        )
    return None


def _count(pairs: Any) -> str | None:
    """Of an index or a count no ratio means anything; being one off does."""
    for step, word in ((1, "more"), (-1, "less")):
        if all(a.shape == () and a - e == step for a, e in pairs):
            return f"Yours is one {word} every time: indices count from 0."
    return None


def _shape(pairs: Any, holds: Any, near: Any) -> str:
    a, e = next((a, e) for a, e in pairs if a.shape != e.shape)
    shapes = f"shape {a.shape} where {e.shape} is expected"
    if holds(lambda a, e: a.ndim == 2 and near(a.T, e)):
        return f"Yours is exactly the transpose of it: {shapes}."
    if holds(lambda a, e: a.size == e.size and near(a.reshape(e.shape), e)):
        return f"Your numbers are right, the shape is not: {shapes}."
    for word, collapse in (("sum", np.sum), ("mean", np.mean)):
        if holds(
            lambda a, e, f=collapse: (
                a.ndim > e.ndim and a.size and near(np.asarray(f(a, axis=0)), e)
            )
        ):
            return f"The {word} of yours along its first axis is right: {shapes}."
    return f"Yours has {shapes}."


def _length(case: tuple[Any, ...]) -> int:
    """n of the case: the length of its first array."""
    return next((a.shape[0] for a in case if isinstance(a, np.ndarray) and a.ndim), 0)


def _ratio(pairs: Any, lengths: list[int], near: Any) -> str | None:
    """The constant c with answer = c times expected on all cases, named when it has a name."""
    scale = [np.vdot(e, e) for _, e in pairs]
    if min(scale) == 0.0:
        return None
    factors = [float(np.vdot(e, a) / s) for (a, e), s in zip(pairs, scale, strict=True)]
    if 0.0 in factors or not all(near(a / c, e) for (a, e), c in zip(pairs, factors, strict=True)):
        return None
    for sign, minus in ((1.0, ""), (-1.0, "-")):
        for name, value in _FACTORS:
            if all(
                n > 1 and np.isclose(c, sign * value(n), rtol=1e-6)
                for c, n in zip(factors, lengths, strict=True)
            ):
                ns = ", ".join(str(n) for n in dict.fromkeys(lengths))
                where = f" (n = {ns})" if "n" in name else ""
                return f"Yours is exactly {minus}{name} times the reference{where}."
    telling = len(factors) > 1 or pairs[0][1].ndim  # one number is always c times another
    if telling and np.allclose(factors, factors[0], rtol=1e-6):
        return f"Yours is {factors[0]:.6g} times the reference on every case: a constant factor."
    if len(factors) > 1 and pairs[0][1].ndim:
        listed = ", ".join(f"{c:.4g}" for c in factors[:4])
        return f"Yours points along the reference, but its length is off by factors {listed}."
    return None


_FACTORS = (
    ("1", lambda n: 1.0),
    ("n", lambda n: n),
    ("1/n", lambda n: 1 / n),
    ("2", lambda n: 2.0),
    ("1/2", lambda n: 0.5),
    ("(n - 1)", lambda n: n - 1),
    ("1/(n - 1)", lambda n: 1 / (n - 1)),
    ("n/(n - 1)", lambda n: n / (n - 1)),
    ("(n - 1)/n", lambda n: (n - 1) / n),
    ("1/n^2", lambda n: 1 / n**2),
)


def _added_argument(pairs: Any, cases: Cases, names: Sequence[str], near: Any) -> str | None:
    for position, name in enumerate(names):
        arrays = [numbers(case[position]) for case in cases]
        for sign, word in ((1.0, "plus"), (-1.0, "minus")):
            if all(
                x is not None and x.ndim and x.shape == e.shape and near(a - sign * x, e)
                for x, (a, e) in zip(arrays, pairs, strict=True)
            ):
                return f"Yours is exactly the reference {word} `{name}`."
    return None


def _common_beginning(answers: Sequence[Any], expected: Sequence[Any]) -> str | None:
    for answer, wanted in zip(answers, expected, strict=True):
        given = items(answer, wanted)
        if given is None:
            return None
        for place, (a, e) in enumerate(zip(given, wanted, strict=False)):
            if not isinstance(a, str) or a.strip().casefold() != e.casefold():
                right = f"The first {place} are right; look" if place > 1 else "Look"
                right = "The first is right; look" if place == 1 else right
                return f"{right} at place {place + 1}."
    return None
