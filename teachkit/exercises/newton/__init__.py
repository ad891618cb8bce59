"""Exercises of lesson 03: Newton's step, its order, derivatives by differences, and safeguards."""

from ._directions import newton_direction
from ._jacobian import central_jacobian
from ._order import order
from ._quizzes import fast_but_linear, multiple_root, one_step, rising_step
from ._search import backtrack
from ._shift import shifted_direction
from ._step import newton_step

__all__ = [
    "backtrack",
    "central_jacobian",
    "fast_but_linear",
    "multiple_root",
    "newton_direction",
    "newton_step",
    "one_step",
    "order",
    "rising_step",
    "shifted_direction",
]

LESSON = "03"
TITLE = "Newton's method"
