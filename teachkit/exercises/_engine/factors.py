"""Names for the factors by which answers are usually wrong: powers of n and n - 1."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Factor:
    """c n^a (n - 1)^b, and which single slips it is made of."""

    parts: tuple[str, ...]
    a: int = 0
    b: int = 0
    c: float = 1.0

    def value(self, n: int) -> float:
        return self.c * float(n) ** self.a * float(n - 1) ** self.b

    @property
    def name(self) -> str:
        if self.c != 1.0:
            return "1/2" if self.c == 0.5 else f"{self.c:g}"
        powers = (("n", self.a), ("(n - 1)", self.b))
        over, under = (
            " ".join(
                base if abs(power) == 1 else f"{base}^{abs(power)}"
                for base, power in powers
                if power * sign > 0
            )
            for sign in (1, -1)
        )
        under = f"({under})" if " (" in under else under
        return f"{over or 1}/{under}" if under else over or "1"


_SINGLE = (
    Factor(("a factor n",), 1),
    Factor(("a factor 1/n",), -1),
    Factor(("a factor n - 1",), 0, 1),
    Factor(("a factor 1/(n - 1)",), 0, -1),
    Factor(("n exchanged with n - 1",), 1, -1),
    Factor(("n exchanged with n - 1",), -1, 1),
)


def _products() -> list[Factor]:
    """Products of two of them that are none of them, each once."""
    known = {(0, 0), *((f.a, f.b) for f in _SINGLE)}
    made = []
    for one, two in itertools.combinations_with_replacement(_SINGLE, 2):
        powers = one.a + two.a, one.b + two.b
        if powers not in known:
            known.add(powers)
            parts = (f"{one.parts[0]} twice",) if one is two else one.parts + two.parts
            made.append(Factor(parts, *powers))
    return made


# The simpler name first, where several fit. With one n alone many a number would have the name of
# a product, so these count only where n varies.
FACTORS = (
    Factor(()),
    *_SINGLE[:2],
    Factor(("a factor 2",), c=2.0),
    Factor(("a factor 1/2",), c=0.5),
    *_SINGLE[2:],
)
PRODUCTS = tuple(_products())


def length(case: tuple[Any, ...]) -> int:
    """n of the case: the length of its first array."""
    return next((a.shape[0] for a in case if isinstance(a, np.ndarray) and a.ndim), 0)


def times(name: str, reference: Callable[..., Any]) -> Callable[..., Any]:
    """The reference times the factor of this name, such as "-n/(n - 1)"; "transposed" is one."""
    if name == "transposed":
        return lambda *case: np.asarray(reference(*case)).T
    sign = -1.0 if name.startswith("-") else 1.0
    (factor,) = [f for f in (*FACTORS, *PRODUCTS) if f.name == name.removeprefix("-")]
    return lambda *case: sign * factor.value(length(case)) * np.asarray(reference(*case))
