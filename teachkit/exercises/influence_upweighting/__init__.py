"""Exercises of lesson 07: from the sensitivity curve to the influence on a test loss."""

from ._parameters import up_params
from ._proof import proof_order
from ._quizzes import effect_of_removal, far_point, singular_hessian, sum_of_influences
from ._removal import removal
from ._scores import what_is_missing
from ._sensitivity import sensitivity
from ._test_loss import up_loss

__all__ = [
    "effect_of_removal",
    "far_point",
    "proof_order",
    "removal",
    "sensitivity",
    "singular_hessian",
    "sum_of_influences",
    "up_loss",
    "up_params",
    "what_is_missing",
]

LESSON = "07"
TITLE = "What one training point does"
