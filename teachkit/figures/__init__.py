"""Drawings in matplotlib: scenes, and what several lessons draw."""

from teachkit.figures._show import show

__all__ = ["show"]
