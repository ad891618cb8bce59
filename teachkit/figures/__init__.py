"""Drawings in matplotlib: scenes, and what several lessons draw."""

from teachkit.figures._html import picture_html
from teachkit.figures._show import show
from teachkit.figures.house import use_style
from teachkit.figures.looks import style
from teachkit.figures.tables import table

__all__ = ["picture_html", "show", "style", "table", "use_style"]
