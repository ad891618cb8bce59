"""Exercises of lesson 01: remainders, bowls, slopes on log-log axes, the chain rule, agreement."""

from ._agreement import agreement
from ._chain import chain
from ._definite import is_positive_definite
from ._loglog import slope_on_loglog
from ._quizzes import blind_r, bowl, order
from ._taylor import taylor_remainders

__all__ = [
    "agreement",
    "blind_r",
    "bowl",
    "chain",
    "is_positive_definite",
    "order",
    "slope_on_loglog",
    "taylor_remainders",
]

LESSON = "01"
TITLE = "The toolbox"
