"""What a check found, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .display import Block, Code, Panel, Shown

CORRECT = "correct"
NOT_YET = "not yet"
BETTER = "other than asked"
NOT_ATTEMPTED = "not attempted"
RAISED = "your code raised"
STOPPED = "stopped"

_TONE = {CORRECT: "good", BETTER: "plain", NOT_ATTEMPTED: "plain", NOT_YET: "not yet"}


@dataclass(frozen=True, repr=False)
class Result(Shown):
    """The state of one answer, what is said about it, and which known mistake it is (if any).

    `case` holds the arguments of the smallest case on which the answer is wrong, or of the case on
    which the code raised or was stopped: `f(*result.case)` shows it again. `task` is what this is
    an answer to; under what is not solved yet it helps on.
    """

    title: str
    state: str
    headline: str
    message: tuple[Block, ...] = ()
    mistake: str | None = None
    printed: str = ""
    case: tuple[Any, ...] | None = field(default=None, compare=False)
    unknown: bool = False
    task: Any = field(default=None, compare=False)

    @property
    def solved(self) -> bool:
        return self.state == CORRECT

    @property
    def counts(self) -> bool:
        """Is it an attempt, to be noted in the learner's progress?"""
        return self.state != NOT_ATTEMPTED

    def _view(self) -> Any:
        return None if self.solved or self.task is None else self.task.with_help(self._panel())

    def _panel(self) -> Panel:
        blocks = self.message
        if self.printed:
            blocks = (*blocks, "Your code printed:", Code(self.printed))
        return Panel(_TONE.get(self.state, "stop"), f"{self.title}: {self.headline}", blocks)
