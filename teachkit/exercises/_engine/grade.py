"""What a grader asks of an answer: nothing where it is right, else an error with the check's words.

Nothing is recorded, so that marking does not become part of anybody's progress.
"""

from __future__ import annotations

from typing import Any

from .check import examine
from .known import Known


class NotSolved(AssertionError):
    """An answer that does not solve its exercise; the text is what the check says of it."""

    def _render_traceback_(self) -> list[str]:
        """What IPython prints in the place of a traceback: the words, and no code of a test."""
        return str(self).splitlines()


def grade(known: Known, drawn: Known, function: Any) -> None:
    """Raise NotSolved, with what the check says, unless the function solves the exercise."""
    result = examine(known, drawn, function)
    if not result.solved:
        raise NotSolved(repr(result))
