"""Exercises of lesson 14: who makes the model wrong about a child, and what to do about it."""

from ._by_group import by_group
from ._child import choose_child
from ._culprits import culprits
from ._hunt import influences_on
from ._quizzes import four_children, healthy_sign, largest_coefficient, really_there
from ._repair import repair

__all__ = [
    "by_group",
    "choose_child",
    "culprits",
    "four_children",
    "healthy_sign",
    "influences_on",
    "largest_coefficient",
    "really_there",
    "repair",
]

LESSON = "14"
TITLE = "The children who went missing"
