"""What points and lines stand for: a look, and a name in the legend.

A look is colour, dash and shape; looks stand in ``style.json`` and mean nothing by themselves. A
scene says in its legend what they mean there. The meanings below are those of all scenes and
figures: training points, now, retrained and predicted look the same wherever they are met, and so
does each method: what descends by gradients alone is orange, by Hessians blue, by what it learns of
them green.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class Meaning:
    """A look of ``style.json``, and what it is called in the legend ("" leaves it out)."""

    look: str
    name: str = ""

    def called(self, name: str) -> Meaning:
        """The same look under another name."""
        return replace(self, name=name)


SHARED = {
    "positive": Meaning("blue circle", "class +1"),
    "negative": Meaning("orange square", "class −1"),
    "test": Meaning("violet star", "test point"),
    "start": Meaning("green diamond", "start"),
    "iterate": Meaning("small blue circle", "iterate"),
    "removed": Meaning("grey circle", "taken out"),
    "now": Meaning("solid ink", "now"),
    "retrained": Meaning("green dash", "retrained"),
    "predicted": Meaning("violet dots", "predicted"),
    "tangent": Meaning("short orange dash", "tangent"),
    "guess": Meaning("long gold dash", "your guess"),
    "guess end": Meaning("gold diamond"),
    "guide": Meaning("grey dash"),
    "forward": Meaning("solid blue", "forward difference"),
    "central": Meaning("orange dash", "central difference"),
    "steepest descent": Meaning("orange dash", "steepest descent"),
    "plain Newton": Meaning("blue dash dot", "plain Newton"),
    "Newton": Meaning("solid blue", "Newton"),
    "Newton-CG": Meaning("blue dash", "Newton-CG"),
    "secant": Meaning("violet dash", "secant"),
    "BFGS": Meaning("solid green", "BFGS"),
    "L-BFGS": Meaning("green dash dot", "L-BFGS"),
    "conjugate gradients": Meaning("solid violet", "conjugate gradients"),
}


@cache
def style() -> dict[str, Any]:
    """``style.json`` as renderers read it: looks with their colours in them, ink, palettes."""
    text = resources.files("teachkit.scenes").joinpath("style.json").read_text(encoding="utf-8")
    known = json.loads(text)
    colours = known["colours"]
    looks = {name: {**colours[look["colour"]], **look} for name, look in known["looks"].items()}
    return {"looks": looks, "ink": colours["ink"], "palettes": known["palettes"]}


def look(meaning: Meaning) -> dict[str, Any]:
    """Colours, and the shape and radius of a point or the dash and width of a line."""
    return style()["looks"][meaning.look]
