"""Solvers as generators of small frozen records, and the drivers that run them."""

from teachkit.optimize.bfgs import BFGS, bfgs_update
from teachkit.optimize.descend import Iterate, descend, minimize
from teachkit.optimize.directions import Newton, SteepestDescent
from teachkit.optimize.lbfgs import LBFGS, two_loop
from teachkit.optimize.newton_cg import NewtonCG
from teachkit.optimize.root import RootIterate, newton_root, newton_root_steps
from teachkit.optimize.searches import Backtracking, FixedStep
from teachkit.optimize.wolfe import Wolfe

__all__ = [
    "BFGS",
    "LBFGS",
    "Backtracking",
    "FixedStep",
    "Iterate",
    "Newton",
    "NewtonCG",
    "RootIterate",
    "SteepestDescent",
    "Wolfe",
    "bfgs_update",
    "descend",
    "minimize",
    "newton_root",
    "newton_root_steps",
    "two_loop",
]
