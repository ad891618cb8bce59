"""Exercises that check themselves: `from teachkit.exercises import start_here`."""

from ._course import progress
from ._diagnose import Mistake
from ._exercise import Exercise, exercise
from ._quiz import Choice, Quiz
from ._result import Result

__all__ = ["Choice", "Exercise", "Mistake", "Quiz", "Result", "exercise", "progress"]
