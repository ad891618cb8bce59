"""Wrong answers that people really give, as data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from .factors import times

Function = Callable[..., Any]


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that people really give, and what to tell whoever gave it.

    `wrong` is the wrong function, or several that deserve the same words because algebra makes
    them equal or because they differ in a detail. `factor` stands for one: "-1/n" says that the
    answer is exactly -1/n times the right one, "transposed" that rows and columns are exchanged.
    `better` marks an answer that is not what was asked and yet no mistake: it is not counted as
    solved, and it is told so kindly.
    """

    name: str
    wrong: Function | tuple[Function, ...]
    message: str
    better: bool = False
    factor: str = ""

    @property
    def functions(self) -> tuple[Function, ...]:
        return self.wrong if isinstance(self.wrong, tuple) else (self.wrong,)

    def of(self, reference: Function) -> Mistake:
        """The same with a function for its factor, and with words that say which it is."""
        if not self.factor:
            return self
        what = "the transpose of" if self.factor == "transposed" else f"{self.factor} times"
        return replace(
            self,
            wrong=(times(self.factor, reference), *self.functions),
            message=f"Yours is exactly {what} the answer. {self.message}",
            factor="",
        )


def slips(*rows: tuple[Any, ...] | Mistake) -> tuple[Mistake, ...]:
    """Mistakes from rows (name, wrong function or factor, ..., message); any may be a Mistake.

    A message may be one text over several lines: it is wrapped anew where it is shown. A row with
    no function says something else of a slip that a catalogue knows by this name.
    """
    return tuple(row if isinstance(row, Mistake) else _mistake(*row) for row in rows)


def better(*row: Any) -> Mistake:
    """The row of an answer that is right in its way, but not what was asked."""
    return replace(_mistake(*row), better=True)


def _mistake(name: str, *rest: Any) -> Mistake:
    *given, message = rest
    factor = "".join(w for w in given if isinstance(w, str))
    functions = tuple(w for w in given if not isinstance(w, str))
    wrong = functions[0] if len(functions) == 1 else functions
    return Mistake(name, wrong, " ".join(message.split()), factor=factor)


class Aside(str):
    """What a remark says of a right answer that came about in a way that the task rules out.

    Its name, if it has one, is that of the way, as a mistake has a name.
    """

    name: str | None

    def __new__(cls, text: str, name: str | None = None) -> Aside:
        said = super().__new__(cls, text)
        said.name = name
        return said


class Clue(str):
    """What a remark says of a wrong answer only where no mistake has been named."""


class NeverEnds(ValueError):
    """Raised by a known mistake on a case where the loop of whoever wrote it would not end."""
