"""A wall of pictures in matplotlib: rows one below the other, each under its title."""

from __future__ import annotations

from matplotlib.axes import Axes

from teachkit.figures.looks import ink
from teachkit.figures.marks import draw_picture
from teachkit.scenes.marks import Picture
from teachkit.scenes.scene import Scene

CELL = 1.0  # inches, and the unit of all below
LINE, TITLE, GAP = 0.16, 0.3, 0.1  # a line of a caption, a title, between rows


def wall_size(scene: Scene) -> tuple[float, float]:
    """Width and height in inches of a figure that holds the wall, its sentence and its legend."""
    return max(6.2, CELL * _columns(scene)), CELL * _rows(scene)[1] + 1.1


def draw_wall(scene: Scene, ax: Axes, dark: bool) -> None:
    """The pictures and the titles of their rows."""
    tops, height = _rows(scene)
    ax.set_axis_off()
    ax.set(xlim=(0.0, _columns(scene)), ylim=(height, 0.0))
    ax.set_aspect("equal", anchor="NW")
    for label in scene.labels:
        ax.text(0.05, tops[label.y] - 0.1, label.text, color=ink(dark), fontsize=10)
    for picture in scene.points:
        if isinstance(picture, Picture):
            size = picture.width, picture.width * len(picture.values) / len(picture.values[0])
            middle = picture.x + 0.5, tops[picture.y] + _tallest(scene, picture.y) / 2
            draw_picture(scene, ax, picture, middle, size, dark)
    ax.set(xlim=(0.0, _columns(scene)), ylim=(height, 0.0))


def _columns(scene: Scene) -> float:
    return scene.axes.xlim[1] - scene.axes.xlim[0]


def _rows(scene: Scene) -> tuple[dict[float, float], float]:
    """Where the pictures of each row begin, from the top, and the height of all."""
    titled, tops, top = {label.y for label in scene.labels}, {}, 0.0
    for y in sorted({point.y for point in scene.points}, reverse=True):
        tops[y] = top + (TITLE if y in titled else 0.05)
        lines = max(len(p.caption.split("\n")) for p in _row(scene, y)) if _row(scene, y) else 0
        top = tops[y] + _tallest(scene, y) + LINE * lines + GAP
    return tops, top


def _row(scene: Scene, y: float) -> list[Picture]:
    return [p for p in scene.points if isinstance(p, Picture) and p.y == y]


def _tallest(scene: Scene, y: float) -> float:
    return max(p.width * len(p.values) / len(p.values[0]) for p in _row(scene, y))
