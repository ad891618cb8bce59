"""Exercises of lesson 12: by which training images two models explain the same prediction."""

from ._distance_rank import distance_rank
from ._features import rbf_features
from ._hunt import kernel_influences
from ._quizzes import frozen, gamma_larger, same_accuracy, same_class, what_cancels
from ._reasons import by_nearness
from ._relative import relative_influence
from ._top import top

__all__ = [
    "by_nearness",
    "distance_rank",
    "frozen",
    "gamma_larger",
    "kernel_influences",
    "rbf_features",
    "relative_influence",
    "same_accuracy",
    "same_class",
    "top",
    "what_cancels",
]

LESSON = "12"
TITLE = "The same answer for different reasons"
