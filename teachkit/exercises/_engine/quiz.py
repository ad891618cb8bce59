"""A quiz: one question, and an explanation for every choice, right or wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import progress
from .called import called
from .display import Block, Listing, Panel, Shown
from .tex import inline

KEPT = 50  # choices of one quiz, the first of them above all


@dataclass(frozen=True)
class Choice:
    """One possible answer and why it is right or wrong."""

    text: str
    why: str
    right: bool = False


@dataclass(frozen=True, repr=False)
class QuizResult(Shown):
    """What is said about one answer; `right` is None if it was none of the choices."""

    right: bool | None
    panel: Panel

    def _panel(self) -> Panel:
        return self.panel


@dataclass(frozen=True, repr=False)
class Asked(Shown):
    """The question as shown: text everywhere, and buttons in a notebook with a kernel behind it."""

    quiz: Quiz

    def _panel(self) -> Panel:
        quiz = self.quiz
        listing = Listing(tuple((f"{letter})", c.text) for letter, c in quiz.lettered))
        how = f'Answer with `{called(quiz.key)}.answer("a")`, or another letter.'
        return Panel("plain", quiz.question, (listing, how), announced=False)

    def _view(self) -> Any:
        from .buttons import buttons

        quiz = self.quiz
        rows = [(letter, choice.text) for letter, choice in quiz.lettered]
        question = Panel("plain", quiz.question, announced=False)
        return buttons(question, rows, lambda number: quiz.answer(rows[number][0]))


@dataclass(frozen=True, repr=False)
class Quiz(Shown):
    """A question with its choices; `key` is the name by which a learner reaches it."""

    key: str
    question: str
    choices: tuple[Choice, ...]

    @property
    def lettered(self) -> tuple[tuple[str, Choice], ...]:
        return tuple(zip("abcdefgh", self.choices, strict=False))

    @property
    def name(self) -> str:
        return self.key.split(".")[-1]

    def ask(self) -> Asked:
        """Show the question and its choices."""
        return Asked(self)

    def answer(self, letter: str) -> QuizResult:
        """Say whether this choice is right, and why; once it is, why the others are not."""
        by_letter = dict(self.lettered)
        given = letter.strip(" ).(").lower() if isinstance(letter, str) else letter
        choice = by_letter.get(given) if isinstance(given, str) else None
        if choice is None:
            letters = ", ".join(f'"{known}"' for known in by_letter)
            said = f"The choices are {letters}; `{called(self.key)}.ask()` shows them."
            return QuizResult(None, Panel("plain", "That is none of the choices.", (said,)))

        def note(entry: dict[str, Any]) -> None:
            if not entry.get("right"):
                entry["answers"] = entry.get("answers", 0) + 1
                entry["chosen"] = [*entry.get("chosen", ()), given][:KEPT]
                entry["right"] = choice.right

        sentence = progress.update("quizzes", self.key, note)
        blocks: list[Block] = [choice.why]
        if choice.right:
            others = ((f"{known})", c.why) for known, c in self.lettered if c is not choice)
            blocks += ["And the others:", Listing(tuple(others))]
        blocks += [sentence] if sentence else []
        headline = f"{given}) is right." if choice.right else f"{given}) is not it."
        tone = "good" if choice.right else "not yet"
        return QuizResult(choice.right, Panel(tone, headline, tuple(blocks)))

    def _panel(self) -> Panel:
        return Asked(self)._panel()

    def _view(self) -> Any:
        return Asked(self)._view()


def right(text: str, why: str) -> Choice:
    """The choice that is right."""
    return Choice(_flat(text), _flat(why), right=True)


def quiz(key: str, question: str, *choices: Choice | tuple[str, str]) -> Quiz:
    """A Quiz from rows (text, why), one of them `right(text, why)`.

    Texts are wrapped anew; `$H^{-1}$` in them is set as TeX, and printed as H^-1.
    """
    rows = (c if isinstance(c, Choice) else Choice(_flat(c[0]), _flat(c[1])) for c in choices)
    return Quiz(key, _flat(question), tuple(rows))


def _flat(text: str) -> str:
    return inline(" ".join(text.split()))
