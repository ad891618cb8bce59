"""Exercises of lesson 02: losses, risks, a bound, a penalty, and a generative model."""

from ._discriminant import lda_log_odds
from ._hoeffding import hoeffding_radius
from ._losses import epsilon_insensitive, hinge
from ._quizzes import after_the_data, labels, penalty, shrinks
from ._ridge import ridge
from ._zero_one import zero_one

__all__ = [
    "after_the_data",
    "epsilon_insensitive",
    "hinge",
    "hoeffding_radius",
    "labels",
    "lda_log_odds",
    "penalty",
    "ridge",
    "shrinks",
    "zero_one",
]

LESSON = "02"
TITLE = "The learning problem"
