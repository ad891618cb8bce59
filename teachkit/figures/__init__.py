"""Drawings in matplotlib: scenes, and what several lessons draw."""

from teachkit.figures._show import show
from teachkit.figures.house import use_style
from teachkit.figures.looks import style

__all__ = ["show", "style", "use_style"]
