"""What people give in the place of H v, by a formula that has H, its gradient g, and v as names."""

from __future__ import annotations

import numpy as np

from .._engine.mistake import slips

INSTEAD = slips(
    ("v'Hv", lambda H, v: v @ H @ v,
     """This is one number, v'H v, the curvature along v. H v is a vector: how the whole gradient
     changes along v."""),
    ("the whole Hessian", lambda H: H,
     """This is H, a matrix of p^2 numbers, column by column. Asked is its product with v, (p,), for
     the price of about two gradients and without forming H."""),
    ("entry by entry", lambda H, v: H * v,
     """`*` multiplies the columns of H by the entries of v and leaves a matrix. H v is a sum over
     them, and can be had without H: it is the derivative of the gradient along v."""),
    ("diagonal", lambda H, v: np.diag(H) * v,
     """You multiplied by the diagonal of H, entry by entry. H mixes the directions: row by row it
     is a sum over all entries of v."""),
    ("the gradient", lambda g: g,
     """This is the gradient at w; v does not occur in it. (Of the pair that make_jvp gives it is
     the first, and H v the second.)"""),
    ("derivative of f along v", lambda g, v: g @ v, lambda g, v: g * v,
     """This is g'v (or its terms), the slope along v: a number. Take the derivative along v of the
     *gradient*."""),
    ("g + H v", lambda H, g, v: g + H @ v,
     """This is g + H v, the gradient a step v further as a straight line has it. H v is its change
     alone."""),
)
