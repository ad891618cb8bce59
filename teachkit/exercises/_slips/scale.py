"""Factors that are wrong, with the reason why: what they mean in an answer about influence."""

from __future__ import annotations

from .._engine.mistake import slips

PER_EPS = slips(
    ("times -1/n", "-1/n",
     """That is the predicted effect of removing the point, a step of eps = -1/n; what is asked for
     is the change per unit of eps."""),
    ("times 1/n", "1/n",
     """Either you divided by n once too often, or H is the sum over the points with n l2 instead of
     the mean with l2: these two are equal by algebra. Here H is that of R, and R is a mean."""),
)
