"""Cases that are drawn: the same on every machine, with few digits, and no verdict by luck."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

TRIES = 200


class Draw:
    """What a case is drawn from. It is made of `random.Random(...).random()` alone, whose stream
    Python promises to keep; numbers are rounded to a few decimals.
    """

    def __init__(self, seed: str) -> None:
        whole = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")
        self.share = random.Random(whole).random  # in [0, 1)

    def whole(self, low: int, high: int) -> int:
        """One of low, ..., high."""
        return low + int((high - low + 1) * self.share())

    def pick(self, *choices: Any) -> Any:
        return choices[self.whole(0, len(choices) - 1)]

    def chance(self, p: float = 0.5) -> bool:
        return self.share() < p

    def number(self, low: float = -4.0, high: float = 4.0, digits: int = 2) -> float:
        return round(low + (high - low) * self.share(), digits)

    def numbers(
        self, *shape: int, low: float = -4.0, high: float = 4.0, digits: int = 2
    ) -> np.ndarray:
        """An array of this shape."""
        count = int(np.prod(shape))
        return np.array([self.number(low, high, digits) for _ in range(count)]).reshape(shape)

    def labels(self, n: int) -> np.ndarray:
        """-1 and +1, both at least once."""
        y = np.array([self.pick(-1.0, 1.0) for _ in range(n)])
        here = self.whole(0, n - 1)
        y[here], y[(here + self.whole(1, n - 1)) % n] = 1.0, -1.0
        return y

    def index(self, n: int) -> int:
        """The first, the last, or any of 0, ..., n - 1."""
        return self.pick(0, n - 1, self.whole(0, n - 1), self.whole(0, n - 1))

    def order(self, n: int) -> list[int]:
        """0, ..., n - 1 shuffled."""
        return sorted(range(n), key=[self.share() for _ in range(n)].__getitem__)

    def repeated(self, x: np.ndarray) -> np.ndarray:
        """x with one of its numbers standing at two places."""
        one, two = self.order(len(x))[:2]
        x = x.copy()
        x[two] = x[one]
        return x


def drawn(
    draw: Callable[[Draw], Sequence[Any] | None], count: int, seed: str
) -> list[tuple[Any, ...]]:
    """count cases; what draw gives back as None is drawn again."""
    found = []
    for k in range(count):
        tries = (draw(Draw(f"{seed} {k} {attempt}")) for attempt in range(TRIES))
        case = next((case for case in tries if case is not None), None)
        if case is None:
            raise ValueError(f"None of {TRIES} draws gave a case for {seed}: is it too strict?")
        found.append(tuple(case))
    return found
