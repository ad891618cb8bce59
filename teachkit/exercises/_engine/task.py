"""A task: an exercise, and what a learner does with it, with the trace that this leaves."""

from __future__ import annotations

import ast
import inspect
import math
import textwrap
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from . import progress
from .called import called
from .check import examine
from .code import fingerprint
from .display import Block, Code, Listing, Panel, Shown
from .exercise import Exercise
from .formula import Formula, together
from .grade import grade
from .known import Known
from .mistake import Mistake, slips
from .result import NOT_ATTEMPTED, Result
from .unknown import keep

# Which rung of the ladder was reached, in this kernel: a new kernel begins at the first hint, so
# that what a notebook shows does not depend on what was done before.
_reached: dict[str, int] = {}


@dataclass(frozen=True, repr=False)
class Said(Shown):
    """A panel to look at."""

    panel: Panel

    def _panel(self) -> Panel:
        return self.panel


@dataclass(frozen=True, repr=False, eq=False)
class Task(Shown, Exercise):
    """An exercise that can be checked, hinted at, solved and shown; made by `exercise`."""

    @cached_property
    def known(self) -> Known:
        return Known(self)

    @cached_property
    def drawn(self) -> Known:
        return Known(self, drawn=True)

    def check(self, function: Any = None) -> Result:
        """Say whether function solves the exercise, and if not, which mistake it is."""
        return replace(self._checked(function), task=self)

    def _checked(self, function: Any) -> Result:
        try:
            result = examine(self.known, self.drawn, function)
        except Exception as error:
            return Result(
                self.heading,
                NOT_ATTEMPTED,
                "the check itself failed.",
                (
                    f"This is a fault of the course and none of yours: {type(error).__name__}: "
                    f"{error}. Please report it.",
                ),
            )
        if not result.counts:
            return self._solved_before(result)
        mark, now = fingerprint(function), time.time()
        if result.unknown:
            keep(self.key, function, mark, " ".join(map(str, result.message[:2])))

        def note(entry: dict[str, Any]) -> None:
            if entry.get("solved"):
                return
            if not mark or entry.get("last") != mark:  # the same answer again is no new attempt
                if not entry.get("attempts"):
                    entry["began"] = now
                entry["attempts"] = entry.get("attempts", 0) + 1
                entry["found"] = [*entry.get("found", ()), result.mistake or result.state][-50:]
            entry["last"] = mark
            if result.solved:
                entry["solved"] = True
                entry["solved_after_solution"] = bool(entry.get("solution_shown"))
                if now >= entry.get("began", math.inf):  # a clock may have been put back
                    entry["minutes"] = round((now - entry["began"]) / 60, 1)

        sentence = progress.update("exercises", self.key, note)
        return replace(result, message=(*result.message, sentence)) if sentence else result

    def grade(self, function: Any = None) -> None:
        """Raise `NotSolved`, with the words of the check, unless function solves the exercise.

        For graders: nothing is recorded, and where the check itself fails, its own error is raised.
        """
        grade(self.known, self.drawn, function)

    def _solved_before(self, result: Result) -> Result:
        """Say so under a stub, after a restart."""
        entries, _ = progress.read()
        if not entries["exercises"].get(self.key, {}).get("solved"):
            return result
        return replace(result, message=(*result.message, "You have solved it before."))

    def hint(self) -> Said:
        """Show one hint more than the last time in this kernel."""
        reached = min(_reached.get(self.key, 0) + 1, len(self.hints) + 1)
        _reached[self.key] = reached
        shown = min(reached, len(self.hints))

        def note(entry: dict[str, Any]) -> None:
            entry["hints"] = max(entry.get("hints", 0), shown)

        sentence = progress.update("exercises", self.key, note)
        blocks: list[Block] = [
            Listing(tuple((f"{i}.", text) for i, text in enumerate(self.hints[:shown], start=1)))
        ]
        if reached > len(self.hints):
            blocks.append(
                f"That was the last hint. `{called(self.key)}.solution()` shows a solution and "
                "explains it."
            )
        return self._say(f"hint {shown} of {len(self.hints)}", blocks, sentence)

    def solution(self) -> Said:
        """Show a solution with its explanation; progress notes that it was shown."""

        def note(entry: dict[str, Any]) -> None:
            if not entry.get("solved"):
                entry["solution_shown"] = True

        sentence = progress.update("exercises", self.key, note)
        blocks: list[Block] = [Code(self.reference_source, python=True), self.explanation]
        blocks.append(
            "Unless you had solved it before, your progress notes that you saw the solution first."
        )
        return self._say("a solution", blocks, sentence)

    def _say(self, headline: str, blocks: list[Block], sentence: str) -> Said:
        said = (*blocks, sentence) if sentence else tuple(blocks)
        return Said(Panel("plain", f"{self.heading}: {headline}", said))

    def _panel(self) -> Panel:
        level = ("easy", "medium", "hard")[self.difficulty - 1]
        headline = f"{self.number} {self.title} (about {self.minutes} min, {level})"
        blocks: tuple[Block, ...] = (*self.prompt.split("\n\n"), Code(self.stub, python=True))
        return Panel("plain", headline, blocks, announced=False)

    def _view(self) -> Any:
        return self.with_help(self._panel())

    def with_help(self, panel: Panel) -> Any:
        """The panel with the buttons Hint and Solution under it."""
        from .buttons import buttons

        helps = (self.hint, self.solution)
        return buttons(panel, [("", "Hint"), ("", "Solution")], lambda number: helps[number]())


def exercise(
    number: str,
    title: str,
    *,
    prompt: str,
    minutes: int,
    difficulty: int,
    cases: Callable[[], Sequence[tuple[Any, ...]]],
    hints: Sequence[str],
    explanation: str,
    mistakes: Sequence[Mistake | tuple[Any, ...]] = (),
    answer: Formula | None = None,
    stub: str | None = None,
    **more: Any,
) -> Callable[[Callable[..., Any]], Task]:
    """Turn the reference that stands below the decorator into a Task; ``more`` as in Exercise.

    ``mistakes`` are rows (name, wrong function or factor, ..., message), see `slips`; those in the
    parts of ``answer`` come from the catalogues. The stub has its signature and docstring and `...`
    for a body, unless it is given. The reference is shown as the solution and replaces the stub in
    solved copies of a notebook, so it uses nothing but its arguments and `np`.
    """

    def build(reference: Callable[..., Any]) -> Task:
        source = textwrap.dedent(inspect.getsource(reference))
        node = ast.parse(source).body[0]
        assert isinstance(node, ast.FunctionDef)
        lines = source.splitlines()[node.lineno - 1 : node.end_lineno]
        made = answer and answer.of(tuple(inspect.signature(reference).parameters))
        own = [made.own(m) if made else m for m in slips(*mistakes)]
        every = together([m.of(reference) for m in own], made.mistakes() if made else ())
        assert all(m.functions for m in every), [m.name for m in every if not m.functions]
        head = lines[: (node.body[0].end_lineno or 0) - node.lineno + 1]
        return Task(
            number,
            title,
            "\n\n".join(" ".join(part.split()) for part in prompt.split("\n\n")),
            minutes,
            difficulty,
            reference,
            "\n".join(lines) + "\n",
            stub or "\n".join([*head, "    ...  # your code"]) + "\n",
            cases,
            tuple(" ".join(hint.split()) for hint in hints),
            " ".join(explanation.split()),
            every,
            answer=made,
            **more,
        )

    return build
