"""An exercise: the data that a lesson gives, and nothing that is done with them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .draw import Draw
from .formula import Formula
from .mistake import Mistake

SECONDS = 5.0


@dataclass(frozen=True, repr=False, eq=False)
class Exercise:
    """A task for the learner, as data.

    `reference` is the right function, `cases` returns the argument tuples on which answers are
    compared (max |a - e| <= atol + rtol max |e|), `mistakes` are the known wrong answers, `hints`
    lead from the idea to the formula, `difficulty` runs from 1 to 3. `draw` makes a further case
    from a `Draw`, or None where no verdict could be trusted; an answer has to be right on `draws`
    of them as well. `answer` says of which parts the answer is made. `remark`, if there is one,
    puts the learner's function to work and says what was measured, such as its order; an `Aside`
    among it says that a right answer came about otherwise than asked. Without
    `reveal` the right answer is the secret itself, strings that no diagnosis may show.

    An open question has a `judge`: given a case and the answer to it, it returns the `Aim`s of the
    rubric, each met or not; then an answer is right that meets all of them, whatever its numbers.
    A stub without `...` is a *bug hunt*: code that runs and is wrong, to be mended.
    """

    number: str
    title: str
    prompt: str
    minutes: int
    difficulty: int
    reference: Callable[..., Any]
    reference_source: str
    stub: str
    cases: Callable[[], Sequence[tuple[Any, ...]]]
    hints: tuple[str, ...]
    explanation: str
    mistakes: tuple[Mistake, ...]
    rtol: float = 1e-6
    atol: float = 1e-12
    seconds: float = SECONDS
    remark: Callable[[Callable[..., Any]], str] | None = None
    reveal: bool = True
    draw: Callable[[Draw], Sequence[Any] | None] | None = None
    draws: int = 50
    answer: Formula | None = None
    judge: Callable[..., Sequence[Any]] | None = None

    @property
    def hunt(self) -> bool:
        """Is there code that is wrong, in the place of code that is missing?"""
        return "..." not in self.stub

    @property
    def name(self) -> str:
        return self.reference.__name__

    @property
    def lesson(self) -> str:
        """The module under `teachkit.exercises` that a learner imports."""
        return self.reference.__module__.split("exercises.")[-1].split(".")[0]

    @property
    def key(self) -> str:
        return f"{self.lesson}.{self.name}"

    @property
    def heading(self) -> str:
        return f"{self.number} {self.name}"

    @cached_property
    def argument_names(self) -> tuple[str, ...]:
        return tuple(inspect.signature(self.reference).parameters)
