"""Exercises of lesson 10: the truth for each point, and how a prediction compares with it."""

from ._group_step import group_step
from ._leave_out import leave_out
from ._leverage import leverage
from ._nothing_removed import nothing_removed
from ._quizzes import coherent_groups, row_deleted, slope_of_leverage, unfinished_fit
from ._reading import what_is_broken
from ._rescaled import rescaled

__all__ = [
    "coherent_groups",
    "group_step",
    "leave_out",
    "leverage",
    "nothing_removed",
    "rescaled",
    "row_deleted",
    "slope_of_leverage",
    "unfinished_fit",
    "what_is_broken",
]

LESSON = "10"
TITLE = "Agreement with the truth"
