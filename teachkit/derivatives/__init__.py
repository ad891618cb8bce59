"""Derivatives of a plain function: exact by autograd, approximate by differences.

What autograd differentiates has to be written with ``autograd.numpy``; differences need values
only, in any array library. `taylor_test` tells a right derivative from a wrong one.
"""

from teachkit.derivatives.differences import (
    finite_gradient,
    finite_jacobian,
    hvp_central,
    hvp_forward,
)
from teachkit.derivatives.exact import gradient, hessian, hvp, jacobian
from teachkit.derivatives.hvp_test import HvpCheck, hvp_test
from teachkit.derivatives.products import Products, count_products
from teachkit.derivatives.steps import best_step
from teachkit.derivatives.taylor import TaylorSlopes, taylor_test

__all__ = [
    "HvpCheck",
    "Products",
    "TaylorSlopes",
    "best_step",
    "count_products",
    "finite_gradient",
    "finite_jacobian",
    "gradient",
    "hessian",
    "hvp",
    "hvp_central",
    "hvp_forward",
    "hvp_test",
    "jacobian",
    "taylor_test",
]
