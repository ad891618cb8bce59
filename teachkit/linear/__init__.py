"""Solvers of A x = b for a symmetric positive definite A; they know no risk."""

from teachkit.linear.cg import CGIterate, conjugate_gradient, conjugate_gradient_steps
from teachkit.linear.cholesky import CholeskyFactor
from teachkit.linear.lissa import LissaIterate, lissa, lissa_steps

__all__ = [
    "CGIterate",
    "CholeskyFactor",
    "LissaIterate",
    "conjugate_gradient",
    "conjugate_gradient_steps",
    "lissa",
    "lissa_steps",
]
