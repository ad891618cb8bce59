"""Exercises of lesson 06: from the slope of a bowl to Newton's method without a Hessian."""

from ._bound import cg_bound
from ._bowl import quadratic_gradient, steepest_length
from ._cg import cg
from ._newton_cg import newton_cg_direction
from ._pcg import pcg
from ._quizzes import last_curvature, one_step, steps_in_practice
from ._steps import steps_needed

__all__ = [
    "cg",
    "cg_bound",
    "last_curvature",
    "newton_cg_direction",
    "one_step",
    "pcg",
    "quadratic_gradient",
    "steepest_length",
    "steps_in_practice",
    "steps_needed",
]

LESSON = "06"
TITLE = "Conjugate gradients"
