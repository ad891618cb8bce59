"""A figure as a small PNG file: notebooks with pictures are committed, and read on slow lines."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = 96  # a third of the bytes of full colour, and no difference to the eye in flat drawings


def png_of(figure: Figure, **options: Any) -> bytes:
    """The figure as a PNG of few colours; options go to ``savefig``."""
    from PIL import Image

    full, small = io.BytesIO(), io.BytesIO()
    figure.savefig(full, format="png", metadata={"Software": None}, **options)
    picture = Image.open(full).convert("RGB")
    # By coverage: the usual median cut gives the palette to the many greys and mixes the few marks.
    few = picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(small, "PNG", optimize=True)
    return small.getvalue()
