"""The same Scene in matplotlib: static pictures that look as the live plane does."""

from __future__ import annotations

import textwrap
from typing import cast

from matplotlib.axes import Axes as MplAxes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from teachkit.figures._png import png_of
from teachkit.figures.looks import CROSS, PAPER, ink, marker, stroke
from teachkit.figures.marks import draw_points
from teachkit.figures.names import draw_names
from teachkit.figures.wall import draw_wall, wall_size
from teachkit.scenes.meanings import look
from teachkit.scenes.scene import Scene

SHARPNESS = 1.25  # of static pictures: a lesson has several, and their bytes are read on slow lines
TABLE = 3.76  # inches that a table takes beside the plane


def draw(scene: Scene, ax: MplAxes | None = None, *, dark: bool = False) -> Figure:
    """Draw the scene; returns the figure. With ``ax``, draws the plane alone into these axes."""
    if ax is not None:
        _draw_plane(scene, ax, dark)
        return cast(Figure, ax.get_figure(root=True))
    wide, high = wall_size(scene) if scene.axes.wall else (5.64 if scene.table else 6.2, 4.6)
    size = (wide + TABLE if scene.table else wide, high)
    figure = Figure(figsize=size, layout="constrained")
    FigureCanvasAgg(figure)
    figure.set_facecolor(PAPER[dark])
    ratios = [wide, TABLE] if scene.table else [1.0]
    heights = [1.0, 0.12 * 4.6 / size[1]]
    grid = figure.add_gridspec(2, len(ratios), width_ratios=ratios, height_ratios=heights)
    plane, *beside = (figure.add_subplot(grid[0, column]) for column in range(len(ratios)))
    _draw_plane(scene, plane, dark)
    if beside:
        _draw_table(scene, beside[0], dark)
    if scene.sentence:
        title = textwrap.fill(scene.sentence, 100 if size[0] > 7 else 72)
        figure.suptitle(title, color=ink(dark), fontsize=11, x=0.01, ha="left")
    # In a row of its own: a legend outside the axes would lie on the name of the x axis.
    below = figure.add_subplot(grid[1, :])
    below.set_axis_off()
    names = [meaning.name for meaning in scene.meanings.values() if meaning.name]
    if names:
        below.legend(
            handles=_legend(scene, dark),
            labels=names,
            loc="upper left",
            ncols=4,
            frameon=False,
            fontsize=10,
            labelcolor=ink(dark),
            borderaxespad=0.0,
        )
    engine = figure.get_layout_engine()
    if scene.axes.equal and engine:
        engine.execute(figure)  # its ticks change with its box: the next layout has room for them
    return figure


def png(scene: Scene, *, dark: bool = False) -> bytes:
    """The scene as a PNG file."""
    return png_of(draw(scene, dark=dark), dpi=100 * SHARPNESS)


def _draw_plane(scene: Scene, ax: MplAxes, dark: bool) -> None:
    if scene.axes.wall:
        return draw_wall(scene, ax, dark)
    meanings = scene.meanings
    ax.set(xlim=scene.axes.xlim, ylim=scene.axes.ylim)
    ax.set_xlabel(scene.axes.xlabel, color=ink(dark))
    ax.set_ylabel(scene.axes.ylabel, color=ink(dark))
    for axis, log in ((ax.xaxis, scene.axes.xlog), (ax.yaxis, scene.axes.ylog)):
        if log:
            axis.set_major_locator(MaxNLocator(integer=True))
            axis.set_major_formatter(lambda value, _: f"$10^{{{value:.0f}}}$")
    if scene.axes.xnames:
        ax.set_xticks(range(len(scene.axes.xnames)), scene.axes.xnames, rotation=90)
    ax.set_facecolor(PAPER[dark])
    ax.tick_params(colors=ink(dark), length=0)
    ax.grid(color=ink(dark), alpha=0.12, linewidth=0.8)
    ax.set_axisbelow(True)
    for side, spine in ax.spines.items():
        spine.set(visible=side in ("left", "bottom"), color=ink(dark))
    for line in scene.lines:
        for piece in line.pieces:
            ax.plot(*zip(*piece, strict=True), **stroke(meanings[line.style], dark), gid=line.id)
    for arrow in scene.arrows:
        ax.annotate(
            "",
            xy=arrow.end,
            xytext=arrow.start,
            zorder=2.5,
            arrowprops={
                "arrowstyle": "-|>",
                "shrinkA": 0,
                "shrinkB": 0,
                **stroke(meanings[arrow.style], dark),
            },
        )
    draw_points(scene, ax, dark)
    draw_names(scene, ax, dark)
    for label in scene.labels:
        ax.text(label.x, label.y, label.text, color=ink(dark))
    ax.set(xlim=scene.axes.xlim, ylim=scene.axes.ylim)
    if scene.axes.bare:
        ax.set_axis_off()
    if scene.axes.equal:
        ax.set_aspect("equal", adjustable="box")


def _legend(scene: Scene, dark: bool) -> list[tuple[Line2D, ...]]:
    """For each meaning that is drawn and has a name, what lies one on the other in its place."""
    handles: list[tuple[Line2D, ...]] = []
    for key, meaning in scene.meanings.items():
        if meaning.name:
            out = key == "removed"
            point = "shape" in look(meaning)
            drawn = marker(meaning, dark, out) if point else stroke(meaning, dark)
            handle = Line2D([], [], **drawn)
            cross = {**drawn, "marker": "x", "markersize": CROSS * handle.get_markersize()}
            handles.append((handle, Line2D([], [], **cross)) if out else (handle,))
    return handles


def _draw_table(scene: Scene, ax: MplAxes, dark: bool) -> None:
    header, *rows = scene.table
    ax.set_axis_off()
    table = ax.table(cellText=rows, colLabels=header, loc="upper center", edges="horizontal")
    table.auto_set_font_size(False)
    table.set_fontsize(9.5)
    table.auto_set_column_width(range(len(header)))
    table.scale(1, 1.5)
    for cell in table.get_celld().values():
        cell.set(edgecolor=ink(dark), linewidth=0.4)
        cell.get_text().set_color(ink(dark))
