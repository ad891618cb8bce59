"""The image explorer as one picture: the test image, both walls, theta and its changes."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure, SubFigure

from teachkit.figures.looks import palette
from teachkit.scenes.image_influence import ImageInfluenceState, describe, scales, theta_images
from teachkit.scenes.words import signed

WALLS = (
    ("helpful", "Most helpful, with the predicted change of the test loss without each"),
    ("harmful", "Most harmful, with the predicted change of the test loss without each"),
)


def draw_walls(state: ImageInfluenceState) -> Figure:
    """All that the image explorer shows, for print and for saved notebooks."""
    figure = Figure(figsize=(1.05 * max(state.walls, 6), 5.6), layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle(textwrap.fill(describe(state), 88), fontsize=11)
    rows: Any = figure.subfigures(3, 1, height_ratios=[1.5, 1.15, 1.15])
    _draw_theta(state, rows[0])
    for subfigure, (name, title) in zip(rows[1:], WALLS, strict=True):
        subfigure.suptitle(title, fontsize=10, x=0.01, ha="left")
        row = subfigure.subplots(1, state.walls, squeeze=False)[0]
        for ax, i in zip(row, getattr(state, name), strict=True):
            _draw_training_image(state, ax, i)
    return figure


def _draw_theta(state: ImageInfluenceState, subfigure: SubFigure) -> None:
    axes = subfigure.subplots(1, 4)
    model = state.model
    _show(axes[0], model.image(model.X_test[state.test]), "grey", 0.0, 1.0)
    # `loc` is said: the house style of the lessons moves titles, and a picture is always the same.
    name = model.name_of(model.y_test[state.test])
    axes[0].set_title(f"test image {state.test}\n{name}", loc="center")
    for ax, (title, values), scale in zip(
        axes[1:], theta_images(state), scales(state), strict=True
    ):
        _show(ax, values, "signed", -scale, scale)
        ax.set_title(f"{title}\n±{scale:.2g}", loc="center")
    for ax in axes:
        ax.title.set_fontsize(9)


def _draw_training_image(state: ImageInfluenceState, ax: Axes, i: int) -> None:
    model, out = state.model, i in state.removed
    _show(ax, model.image(model.X[i]), "grey", 0.0, 1.0, alpha=0.3 if out else 1.0)
    name = f"{i}: {model.name_of(model.y[i])}"
    ax.set_title(f"{name}, out" if out else name, fontsize=8, loc="center")
    ax.set_xlabel(signed(state.effects[i], 4), fontsize=8)


def _show(
    ax: Axes, values: np.ndarray, name: str, vmin: float, vmax: float, alpha: float = 1.0
) -> None:
    ax.imshow(values, cmap=palette(name), vmin=vmin, vmax=vmax, alpha=alpha)
    ax.set(xticks=[], yticks=[])
