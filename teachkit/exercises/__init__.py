"""Exercises that check themselves: `from teachkit.exercises import start_here`."""

from ._engine import progress as _progress  # noqa: F401  (widgets note there what was done)
from ._engine.course import progress
from ._engine.exercise import Exercise
from ._engine.export import export
from ._engine.formula import formula
from ._engine.grade import NotSolved
from ._engine.mistake import Mistake, better, slips
from ._engine.parts import part, rule
from ._engine.quiz import Choice, Quiz, quiz, right
from ._engine.result import Result
from ._engine.rubric import Aim
from ._engine.task import exercise

__all__ = [
    "Aim",
    "Choice",
    "Exercise",
    "Mistake",
    "NotSolved",
    "Quiz",
    "Result",
    "better",
    "exercise",
    "export",
    "formula",
    "part",
    "progress",
    "quiz",
    "right",
    "rule",
    "slips",
]
