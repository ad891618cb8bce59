"""Exercises of lesson 05: Hessian-vector products by differences, in closed form, by autograd."""

from ._autograd import hvp
from ._differences import hvp_central, hvp_forward
from ._logistic import logistic_hvp
from ._quizzes import at_zero, price, quadratic
from ._several import many
from ._step import step

__all__ = [
    "at_zero",
    "hvp",
    "hvp_central",
    "hvp_forward",
    "logistic_hvp",
    "many",
    "price",
    "quadratic",
    "step",
]

LESSON = "05"
TITLE = "Hessian-vector products"
