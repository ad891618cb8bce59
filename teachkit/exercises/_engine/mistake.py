"""Wrong answers that people really give, as data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that people really give, and what to tell whoever gave it.

    `wrong` is the wrong function, or several that deserve the same words because algebra makes
    them equal or because they differ in a detail. `better` marks an answer that is not what was
    asked and yet no mistake: it is not counted as solved, and it is told so kindly.
    """

    name: str
    wrong: Callable[..., Any] | tuple[Callable[..., Any], ...]
    message: str
    better: bool = False

    @property
    def functions(self) -> tuple[Callable[..., Any], ...]:
        return self.wrong if isinstance(self.wrong, tuple) else (self.wrong,)


class NeverEnds(ValueError):
    """Raised by a known mistake on a case where the loop of whoever wrote it would not end."""
