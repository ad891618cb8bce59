"""Exercises of lesson 09: H^-1 v for models that are too large for H."""

from ._cheapest import cheapest
from ._filter import effective_damping, filtered
from ._lissa import lissa
from ._quizzes import looks_best, quiet_failure, what_is_missing, which_side
from ._s_test import s_test
from ._scale import safe_scale

__all__ = [
    "cheapest",
    "effective_damping",
    "filtered",
    "lissa",
    "looks_best",
    "quiet_failure",
    "s_test",
    "safe_scale",
    "what_is_missing",
    "which_side",
]

LESSON = "09"
TITLE = "Inverse Hessians for large models"
