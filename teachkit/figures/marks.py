"""Points, bars and pictures of a scene in matplotlib."""

from __future__ import annotations

from collections import Counter

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from teachkit.figures.looks import CROSS, PAPER, colour, ink, marker, palette, stroke
from teachkit.scenes.marks import Bar, Picture, Point
from teachkit.scenes.meanings import SHARED
from teachkit.scenes.scene import Scene

PALE = 0.3  # of a picture that is out


def draw_points(scene: Scene, ax: Axes, dark: bool) -> None:
    """All of them: pictures first, then bars, each with the point at its end, then points."""
    groups: dict[tuple[str, bool], list[Point]] = {}
    for point in scene.points:
        if isinstance(point, Picture):
            rows, columns = len(point.values), len(point.values[0])
            tall = point.width * rows / columns
            draw_picture(scene, ax, point, (point.x, point.y), (point.width, tall), dark)
            continue
        if isinstance(point, Bar):
            _draw_bar(scene, ax, point, dark)
        groups.setdefault((point.kind, point.weight == 0), []).append(point)
    counts = Counter(point.kind for point in scene.points)
    for (kind, out), points in groups.items():
        crowding = min(max((60 / counts[kind]) ** 0.5, 0.6), 1.0)
        drawn = marker(scene.meanings[kind], dark, out)
        sizes = [(drawn["markersize"] * point.size * crowding) ** 2 for point in points]
        x, y = [point.x for point in points], [point.y for point in points]
        ax.scatter(
            x,
            y,
            s=sizes,
            marker=drawn["marker"],
            facecolors=drawn["markerfacecolor"],
            edgecolors=drawn["markeredgecolor"],
            linewidths=drawn["markeredgewidth"],
            zorder=3,
            gid=f"{kind} out" if out else kind,
        )
        if out:
            ax.scatter(
                x,
                y,
                s=[CROSS**2 * size for size in sizes],
                marker="x",
                zorder=3,
                color=drawn["markeredgecolor"],
                linewidths=drawn["markeredgewidth"],
            )


def _draw_bar(scene: Scene, ax: Axes, bar: Bar, dark: bool) -> None:
    out = bar.weight == 0
    tone = colour(SHARED["removed"] if out else scene.meanings[bar.kind], dark)
    ax.add_patch(
        Rectangle(
            (bar.x - bar.width / 2, bar.base), bar.width, bar.y - bar.base, gid=bar.id,
            facecolor="none" if out else tone, edgecolor=tone if out else PAPER[dark],
            linestyle="--" if out else "-", linewidth=0.9, zorder=1.5,
        )
    )  # fmt: skip


def draw_picture(
    scene: Scene,
    ax: Axes,
    picture: Picture,
    middle: tuple[float, float],
    size: tuple[float, float],
    dark: bool,
) -> None:
    """One picture in its frame, so large in data units, with its caption below and words inside."""
    out = picture.weight == 0 and not picture.paint
    (x, y), (wide, tall) = middle, size
    down = 1.0 if ax.yaxis_inverted() else -1.0
    left, right, bottom, top = x - wide / 2, x + wide / 2, y + down * tall / 2, y - down * tall / 2
    ax.imshow(
        picture.values,
        extent=(left, right, bottom, top),
        cmap=palette(picture.palette, dark),
        vmin=picture.vmin,
        vmax=picture.vmax,
        interpolation="nearest",
        origin="upper",
        aspect="auto",
        alpha=PALE if out else 1.0,
        zorder=2,
    )
    look = stroke(SHARED["guide"] if out else scene.meanings[picture.kind], dark)
    corners = ([left, right, right, left, left], [bottom, bottom, top, top, bottom])
    ax.plot(*corners, **look, gid=picture.id, zorder=3)
    if out:
        ax.plot([left, right], [bottom, top], color=look["color"], linewidth=1.2, zorder=3)
        ax.plot([left, right], [top, bottom], color=look["color"], linewidth=1.2, zorder=3)
    if picture.caption:
        ax.annotate(
            picture.caption, (x, bottom), (0, -4), textcoords="offset points", ha="center",
            va="top", fontsize=8, color=ink(dark),
        )  # fmt: skip
    if picture.inside:
        ax.text(x, y, picture.inside, ha="center", va="center", fontsize=8, color=ink(dark))
