"""Show a figure with the words that stand for it."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from teachkit.figures._png import png_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def show(figure: Figure, alt: str) -> None:
    """Show `figure` in the notebook, with `alt` as its alternative text, and close it.

    The text is the picture's `alt` where the metadata of an output are read (nbconvert's classic
    template does, JupyterLab and Voilà do not yet), and its plain-text form everywhere: in the
    file, in a terminal, and for the tests, which compare it on every run.

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
    png = base64.b64encode(png_of(figure, bbox_inches="tight")).decode("ascii")
    plt.close(figure)
    display(
        {"image/png": png, "text/plain": f"Figure: {alt}"},
        raw=True,
        metadata={"image/png": {"alt": alt}},
    )
