"""Exercises of lesson 11: where the assumptions break, and what remains."""

from ._choose import choose_damping
from ._damped import damped_influence
from ._drift import drift
from ._hinge import curvature, smooth_hinge
from ._proximal import proximal_objective
from ._quizzes import damping_or_penalty, first_damping, low_r, not_a_support_vector, which_question

__all__ = [
    "choose_damping",
    "curvature",
    "damped_influence",
    "damping_or_penalty",
    "drift",
    "first_damping",
    "low_r",
    "not_a_support_vector",
    "proximal_objective",
    "smooth_hinge",
    "which_question",
]

LESSON = "11"
TITLE = "When the assumptions break"
