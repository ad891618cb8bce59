"""The same Scene in matplotlib: static pictures that look as the live plane does."""

from __future__ import annotations

import textwrap
from collections import Counter
from typing import Any, cast

from matplotlib.axes import Axes as MplAxes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from teachkit.figures._png import png_of
from teachkit.scenes.scene import Point, Scene, style

MARKERS = {"circle": "o", "square": "s", "diamond": "D", "triangle": "^", "star": "*"}
# matplotlib measures a star and a diamond across other corners than the plane does.
MARKER_SCALE = {"circle": 2.0, "square": 1.78, "diamond": 1.63, "triangle": 2.1, "star": 2.4}
POINTS_PER_PIXEL = 0.75
PAPER = {False: "#FFFFFF", True: "#111111"}
INK = {False: "#333333", True: "#E0E0E0"}


def draw(scene: Scene, ax: MplAxes | None = None, *, dark: bool = False) -> Figure:
    """Draw the scene; returns the figure. With ``ax``, draws the plane alone into these axes."""
    if ax is not None:
        _draw_plane(scene, ax, dark)
        return cast(Figure, ax.get_figure(root=True))
    figure = Figure(figsize=(9.4 if scene.table else 6.2, 4.6), layout="constrained")
    FigureCanvasAgg(figure)
    figure.set_facecolor(PAPER[dark])
    ratios = [1.5, 1.0] if scene.table else [1.0]
    grid = figure.add_gridspec(2, len(ratios), width_ratios=ratios, height_ratios=[1.0, 0.12])
    plane, *beside = (figure.add_subplot(grid[0, column]) for column in range(len(ratios)))
    _draw_plane(scene, plane, dark)
    if beside:
        _draw_table(scene, beside[0], dark)
    if scene.sentence:
        width = 100 if scene.table else 72
        title = textwrap.fill(scene.sentence, width)
        figure.suptitle(title, color=INK[dark], fontsize=11, x=0.01, ha="left")
    # In a row of its own: a legend outside the axes would lie on the name of the x axis.
    below = figure.add_subplot(grid[1, :])
    below.set_axis_off()
    below.legend(
        handles=_legend(scene, dark),
        loc="upper left",
        ncols=4,
        frameon=False,
        fontsize=10,
        labelcolor=INK[dark],
        borderaxespad=0.0,
    )
    return figure


def png(scene: Scene, *, dark: bool = False) -> bytes:
    """The scene as a PNG file."""
    return png_of(draw(scene, dark=dark), dpi=100)


def _colour(entry: dict[str, Any], dark: bool) -> str:
    return entry["dark" if dark else "light"]


def _line(entry: dict[str, Any], dark: bool) -> dict[str, Any]:
    dashes = [length / entry["width"] for length in entry["dash"]]  # in line widths
    return {
        "color": _colour(entry, dark),
        "linewidth": entry["width"] * POINTS_PER_PIXEL,
        "linestyle": (0, dashes) if dashes else "-",
    }


def _marker(entry: dict[str, Any], dark: bool, out: bool = False) -> dict[str, Any]:
    colour = _colour(style()["removed"] if out else entry, dark)
    shape = entry["shape"]
    return {
        "marker": MARKERS[shape],
        "markersize": MARKER_SCALE[shape] * entry["radius"] * POINTS_PER_PIXEL,
        "markerfacecolor": "none" if out else colour,
        "markeredgecolor": colour if out else PAPER[dark],
        "markeredgewidth": 1.2 if out else 0.9,
        "linestyle": "none",
    }


def _draw_plane(scene: Scene, ax: MplAxes, dark: bool) -> None:
    styles = style()
    ax.set(xlim=scene.axes.xlim, ylim=scene.axes.ylim)
    ax.set_xlabel(scene.axes.xlabel, color=INK[dark])
    ax.set_ylabel(scene.axes.ylabel, color=INK[dark])
    for axis, log in ((ax.xaxis, scene.axes.xlog), (ax.yaxis, scene.axes.ylog)):
        if log:
            axis.set_major_locator(MaxNLocator(integer=True))
            axis.set_major_formatter(lambda value, _: f"$10^{{{value:.0f}}}$")
    ax.set_facecolor(PAPER[dark])
    ax.tick_params(colors=INK[dark], length=0)
    ax.grid(color=INK[dark], alpha=0.12, linewidth=0.8)
    ax.set_axisbelow(True)
    for side, spine in ax.spines.items():
        spine.set(visible=side in ("left", "bottom"), color=INK[dark])
    for raster in scene.rasters:
        colours = LinearSegmentedColormap.from_list("raster", styles["palettes"][raster.palette])
        ax.imshow(
            raster.values,
            extent=raster.extent,
            cmap=colours,
            vmin=raster.vmin,
            vmax=raster.vmax,
            interpolation="nearest",
            origin="upper",
            aspect="auto",
            zorder=0,
        )
    for line in scene.lines:
        for piece in line.pieces:
            ax.plot(
                *zip(*piece, strict=True), **_line(styles["lines"][line.style], dark), gid=line.id
            )
    for arrow in scene.arrows:
        entry = _line(styles["lines"][arrow.style], dark)
        ax.annotate(
            "",
            xy=arrow.end,
            xytext=arrow.start,
            zorder=2.5,
            arrowprops={"arrowstyle": "-|>", "shrinkA": 0, "shrinkB": 0, **entry},
        )
    counts = Counter(point.kind for point in scene.points)
    groups: dict[tuple[str, bool], list[Point]] = {}
    for point in scene.points:
        groups.setdefault((point.kind, point.weight == 0), []).append(point)
    for (kind, out), points in groups.items():
        crowding = min(max((60 / counts[kind]) ** 0.5, 0.6), 1.0)
        marker = _marker(styles["points"][kind], dark, out)
        sizes = [(marker["markersize"] * point.size * crowding) ** 2 for point in points]
        x, y = [point.x for point in points], [point.y for point in points]
        ax.scatter(
            x,
            y,
            s=sizes,
            marker=marker["marker"],
            facecolors=marker["markerfacecolor"],
            edgecolors=marker["markeredgecolor"],
            linewidths=marker["markeredgewidth"],
            zorder=3,
            gid=f"{kind} out" if out else kind,
        )
        if out:
            ax.scatter(
                x,
                y,
                s=[size / 4 for size in sizes],
                marker="x",
                zorder=3,
                color=marker["markeredgecolor"],
                linewidths=marker["markeredgewidth"],
            )
    for label in scene.labels:
        ax.text(label.x, label.y, label.text, color=_colour(styles["labels"][label.style], dark))
    ax.set(xlim=scene.axes.xlim, ylim=scene.axes.ylim)
    if scene.axes.equal:
        ax.set_aspect("equal", adjustable="box")


def _legend(scene: Scene, dark: bool) -> list[Line2D]:
    """One handle per kind of point and style of line that the scene shows, in the style's order."""
    styles, names = style(), dict(scene.names)
    kinds = {point.kind for point in scene.points}
    used = {line.style for line in scene.lines} | {arrow.style for arrow in scene.arrows}
    looks: dict[str, Any] = {
        k: (e, _marker(e, dark)) for k, e in styles["points"].items() if k in kinds
    }
    if any(point.toggleable for point in scene.points):
        looks["removed"] = (styles["removed"], _marker(styles["removed"], dark, out=True))
    looks |= {k: (e, _line(e, dark)) for k, e in styles["lines"].items() if k in used}
    labels = {key: names.get(key, entry["name"]) for key, (entry, _) in looks.items()}
    return [
        Line2D([], [], label=labels[key], **look) for key, (_, look) in looks.items() if labels[key]
    ]


def _draw_table(scene: Scene, ax: MplAxes, dark: bool) -> None:
    header, *rows = scene.table
    ax.set_axis_off()
    table = ax.table(cellText=rows, colLabels=header, loc="upper center", edges="horizontal")
    table.auto_set_font_size(False)
    table.set_fontsize(9.5)
    table.auto_set_column_width(range(len(header)))
    table.scale(1, 1.5)
    for cell in table.get_celld().values():
        cell.set(edgecolor=INK[dark], linewidth=0.4)
        cell.get_text().set_color(INK[dark])
