"""A picture as HTML: the only form in which every front end gives its words to a screen reader."""

from __future__ import annotations

import html
from base64 import b64encode

SHARPNESS = 2  # pixels of the file to a pixel of the page: what fine screens can show

# It travels with each picture, so that a lesson that has not been run here has it too. In the dark
# black and white change places and hues stay; .93 makes white the paper of JupyterLab's dark theme.
STYLE = (
    "<style>.teachkit-figure { max-width: 100%; height: auto } "
    '[data-jp-theme-light="false"] .teachkit-figure:not(.teachkit-photograph) '
    "{ filter: invert(.93) hue-rotate(180deg) }</style>"
)


def picture_html(
    png: bytes, alt: str, *, sharpness: float = SHARPNESS, photograph: bool = False
) -> str:
    """The PNG with its alternative text; a photograph keeps its blacks and whites in the dark."""
    kind = "teachkit-figure teachkit-photograph" if photograph else "teachkit-figure"
    width = round(int.from_bytes(png[16:20]) / sharpness)  # where a PNG says how wide it is
    return (
        f'{STYLE}<img class="{kind}" alt="{html.escape(alt)}" width="{width}" '
        f'src="data:image/png;base64,{b64encode(png).decode("ascii")}">'
    )
