"""Drawings in matplotlib: scenes, and what several lessons draw."""

from teachkit.figures._show import show
from teachkit.figures.house import use_style

__all__ = ["show", "use_style"]
