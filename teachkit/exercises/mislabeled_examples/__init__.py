"""Exercises of lesson 15: which labels are wrong, and what it is worth to know."""

from ._found import found
from ._hunt import retrained_rises
from ._mend import fix_and_retrain
from ._own_rise import own_rise
from ._quizzes import fewer_and_as_good, highest_loss, only_the_order, own_sign, random_share
from ._self_influence import self_influence
from ._strategy import strategy

__all__ = [
    "fewer_and_as_good",
    "fix_and_retrain",
    "found",
    "highest_loss",
    "only_the_order",
    "own_rise",
    "own_sign",
    "random_share",
    "retrained_rises",
    "self_influence",
    "strategy",
]

LESSON = "15"
TITLE = "Which labels are wrong?"
