"""The looks of scenes in matplotlib, so that figures mean by a style what explorers mean by it."""

from __future__ import annotations

from typing import Any

from teachkit.scenes import meanings
from teachkit.scenes.meanings import SHARED, Meaning

MARKERS = {"circle": "o", "square": "s", "diamond": "D", "star": "*"}
# matplotlib measures a star and a diamond across other corners than the plane does.
MARKER_SCALE = {"circle": 2.0, "square": 1.78, "diamond": 1.63, "star": 2.4}
CROSS = 0.5  # of the size of a point that is out, through which it goes
POINTS_PER_PIXEL = 0.75
PAPER = {False: "#FFFFFF", True: "#111111"}


def style(name: str, *, dark: bool = False) -> dict[str, Any]:
    """How ``ax.plot`` draws what has this meaning in every explorer.

    Parameters
    ----------
    name : str
        A shared meaning: "now", "retrained", "predicted", "tangent", "test", ...; a method:
        "Newton", "steepest descent", "BFGS", "L-BFGS", "conjugate gradients", "Newton-CG",
        "secant", ...; or a look of ``style.json``, such as "orange dash" or "green diamond".

    Returns
    -------
    style : dict
        Of keyword arguments: ``ax.plot(x, y, **style("retrained"), label="retrained")``.

    Raises
    ------
    ValueError
        Where neither a meaning nor a look has this name.
    """
    looks = meanings.style()["looks"]
    if name not in SHARED and name not in looks:
        raise ValueError(
            f"There is no style {name!r}. Meanings: {', '.join(SHARED)}. Looks: {', '.join(looks)}."
        )
    meaning = SHARED.get(name, Meaning(name))
    if "shape" in meanings.look(meaning):
        return marker(meaning, dark, out=name == "removed")
    return stroke(meaning, dark)


def colour(meaning: Meaning, dark: bool) -> str:
    """The colour of its look, on light or on dark paper."""
    return meanings.look(meaning)["dark" if dark else "light"]


def ink(dark: bool) -> str:
    """What is written in."""
    return meanings.style()["ink"]["dark" if dark else "light"]


def palette(name: str, dark: bool = False) -> Any:
    """The palette of this name: "grey" (paper to ink) or "signed" (minus, paper, plus)."""
    from matplotlib.colors import LinearSegmentedColormap

    theme = "dark" if dark else "light"
    return LinearSegmentedColormap.from_list(name, meanings.style()["palettes"][name][theme])


def stroke(meaning: Meaning, dark: bool) -> dict[str, Any]:
    """A line's look."""
    look = meanings.look(meaning)
    dashes = [length / look["width"] for length in look["dash"]]  # in line widths
    return {
        "color": colour(meaning, dark),
        "linewidth": look["width"] * POINTS_PER_PIXEL,
        "linestyle": (0, dashes) if dashes else "-",
    }


def marker(meaning: Meaning, dark: bool, out: bool = False) -> dict[str, Any]:
    """A point's look; what is out keeps its shape, hollow and grey."""
    look = meanings.look(meaning)
    drawn, shape = colour(SHARED["removed"] if out else meaning, dark), look["shape"]
    return {
        "marker": MARKERS[shape],
        "markersize": MARKER_SCALE[shape] * look["radius"] * POINTS_PER_PIXEL,
        "markerfacecolor": "none" if out else drawn,
        "markeredgecolor": drawn if out else PAPER[dark],
        "markeredgewidth": 1.2 if out else 0.9,
        "linestyle": "none",
    }
