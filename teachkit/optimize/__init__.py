"""Solvers as generators of small frozen records, and the drivers that run them."""

from teachkit.optimize.descend import Iterate, descend, minimize
from teachkit.optimize.directions import Newton, SteepestDescent
from teachkit.optimize.root import RootIterate, newton_root, newton_root_steps
from teachkit.optimize.searches import Backtracking, FixedStep

__all__ = [
    "Backtracking",
    "FixedStep",
    "Iterate",
    "Newton",
    "RootIterate",
    "SteepestDescent",
    "descend",
    "minimize",
    "newton_root",
    "newton_root_steps",
]
