"""Everything that the explorer on the first page needs, in one folder: `python build.py FOLDER`.

The modules beside this file as they are; ``plane.js`` and the styles of the widgets; and, computed
by the library, ``start.json`` with what the explorer starts with, and ``mount.html``, its place on
the page, where a picture stands without JavaScript.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

from teachkit.datasets import blobs
from teachkit.figures import picture_html
from teachkit.figures.draw import png
from teachkit.scenes import influence as gesture
from teachkit.scenes.influence import InfluenceState
from teachkit.scenes.influence_drawing import draw
from teachkit.scenes.influence_start import begin
from teachkit.scenes.meanings import style
from teachkit.widgets.plane import Plane

HERE = Path(__file__).parent
SHOWN = 40  # the point that is out in the picture


def write(folder: Path) -> None:
    """Make the folder, and write into it what the page loads."""
    folder.mkdir(parents=True, exist_ok=True)
    for module in HERE.glob("*.js"):
        shutil.copy(module, folder)
    styles = (HERE / "flagship.css").read_text("utf-8")
    state = begin(*blobs())
    texts = {
        "plane.js": str(Plane._esm),
        "flagship.css": f"{Plane._css}\n{styles}",
        "start.json": json.dumps(start(state), ensure_ascii=False),
        "mount.html": f'<div id="teachkit-flagship">{picture(state)}</div>',
    }
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")


def start(state: InfluenceState) -> dict[str, Any]:
    """The state before anything is changed and how it is drawn, for state.js and scene.js."""
    moved = gesture.move(state, 0, 0.0, 0.0)  # so that its legend has all that is ever drawn
    looks = style()["looks"]
    legend = draw(moved).as_dict()["legend"]
    return {
        "X": state.X.tolist(),
        "y": state.y.tolist(),
        "l2": state.fit.l2,
        "test": {"x": state.x_test.tolist(), "y": state.y_test},
        "axes": state.axes.plain(),
        "legend": legend,
        "styles": {**style(), "looks": {entry["look"]: looks[entry["look"]] for entry in legend}},
    }


def picture(state: InfluenceState) -> str:
    """One point is out, and the three boundaries are seen, with their words."""
    scene = draw(gesture.weigh(state, SHOWN, 0.0))
    return picture_html(png(scene), f"{scene.sentence} {scene.alt}")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
