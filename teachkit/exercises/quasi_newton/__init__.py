"""Exercises of lesson 04: the secant equation, BFGS, L-BFGS, and the Wolfe conditions.

B approximates the inverse Hessian; pairs (s, y) are stored oldest first.
"""

from ._quizzes import all_pairs, cost_of_a_step, no_curvature, superlinear, what_b_becomes
from ._secant import curvature_after, secant_residual
from ._two_loop import two_loop
from ._update import bfgs_update
from ._wolfe import satisfies_wolfe

__all__ = [
    "all_pairs",
    "bfgs_update",
    "cost_of_a_step",
    "curvature_after",
    "no_curvature",
    "satisfies_wolfe",
    "secant_residual",
    "superlinear",
    "two_loop",
    "what_b_becomes",
]

LESSON = "04"
TITLE = "Curvature from gradients alone"
