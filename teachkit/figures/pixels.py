"""Small arrays as pictures, in the palettes of ``style.json``."""

from __future__ import annotations

import base64
import io

import numpy as np
from matplotlib.colors import Normalize
from matplotlib.image import imsave

from teachkit.figures.looks import palette


def data_uri(values: np.ndarray, name: str, vmin: float, vmax: float, zoom: int = 12) -> str:
    """A picture of ``values`` (rows, columns), top row first, as an address that holds it whole.

    Every value becomes ``zoom`` x ``zoom`` pixels, coloured linearly from ``vmin`` to ``vmax``.
    """
    colours = palette(name)(Normalize(vmin, vmax, clip=True)(values))
    buffer = io.BytesIO()
    imsave(buffer, np.kron(colours, np.ones((zoom, zoom, 1))), format="png")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
