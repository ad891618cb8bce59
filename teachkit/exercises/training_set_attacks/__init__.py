"""Exercises of lesson 13: training-set attacks, and what an owner of data would check."""

from ._attack import attack
from ._choose_images import choose_images
from ._defence import suspects
from ._hunt import moved_image
from ._many import attack_many
from ._quizzes import clean_accuracy, fair_control, more_data, one_each, ranking
from ._random_control import random_control
from ._step import projected_step

__all__ = [
    "attack",
    "attack_many",
    "choose_images",
    "clean_accuracy",
    "fair_control",
    "more_data",
    "moved_image",
    "one_each",
    "projected_step",
    "random_control",
    "ranking",
    "suspects",
]

LESSON = "13"
TITLE = "Training-set attacks"
