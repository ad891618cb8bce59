"""Show a figure with the words that stand for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teachkit.figures._html import SHARPNESS, picture_html
from teachkit.figures._png import png_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def show(figure: Figure, alt: str, *, photograph: bool = False) -> None:
    """Show `figure` in the notebook, with `alt` as its alternative text, and close it.

    The text is read out by screen readers in the picture's place, and is its plain-text form in
    the file, in a terminal, and for the tests, which compare it on every run. In a dark theme the
    figure is drawn on dark paper.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        What is shown.
    alt : str
        A sentence that says what is compared with what, and what comes out.
    photograph : bool
        Whether it shows images, whose blacks and whites may not change places in the dark.

    Raises
    ------
    ValueError
        Where `alt` says nothing.
    """
    import matplotlib.pyplot as plt
    from IPython.display import display

    if not alt.strip():
        raise ValueError(
            "A figure needs a sentence that says what it shows, for those who do not see it; "
            f"alt is {alt!r}. Say what is compared with what, and what comes out."
        )
    png = png_of(figure, bbox_inches="tight", dpi=SHARPNESS * figure.dpi)
    plt.close(figure)
    data = {
        "text/html": picture_html(png, alt, photograph=photograph),
        "text/plain": f"Figure: {alt}",
    }
    display(data, raw=True)
