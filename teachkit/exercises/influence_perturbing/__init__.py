"""Exercises of lesson 08: what moving a training point does."""

from ._best_delta import best_delta
from ._both import finite_and_infinitesimal
from ._input_gradient import input_gradient
from ._loss_change import loss_change
from ._pert_loss import pert_loss
from ._perturbation import perturbation
from ._quizzes import effect_of_a_move, mixed_shape, small_moves, which_to_attack

__all__ = [
    "best_delta",
    "effect_of_a_move",
    "finite_and_infinitesimal",
    "input_gradient",
    "loss_change",
    "mixed_shape",
    "pert_loss",
    "perturbation",
    "small_moves",
    "which_to_attack",
]

LESSON = "08"
TITLE = "Moving a training point"
