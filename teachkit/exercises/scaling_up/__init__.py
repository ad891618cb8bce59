"""Exercises of lesson 16: what is computed once, what is read how often, and who waits for whom."""

from ._blocked import blocked_hvp
from ._hunt import leave_one_out_together
from ._intensity import intensity
from ._quizzes import cluster_buys, faster_at_any_size, means_of_shards, own_tolerance
from ._sigma_shift import sigma_shift
from ._solve_without import solve_without
from ._speedup import speedup

__all__ = [
    "blocked_hvp",
    "cluster_buys",
    "faster_at_any_size",
    "intensity",
    "leave_one_out_together",
    "means_of_shards",
    "own_tolerance",
    "sigma_shift",
    "solve_without",
    "speedup",
]

LESSON = "16"
TITLE = "Sixty thousand retrainings"
