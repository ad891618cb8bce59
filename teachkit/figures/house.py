"""The house style of figures: readable, quiet, and told apart without colour too."""

from __future__ import annotations

# Okabe & Ito (2008), "Color universal design": eight colours that colour-blind readers tell apart.
# The yellow is left out: as a line on white it has a contrast of 1.3.
OKABE_ITO = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
DASHES = ("-", "--", "-.", ":", (0, (6, 1)), (0, (4, 1, 1, 1, 1, 1)), (0, (1, 1)))


def use_style() -> None:
    """Draw matplotlib figures from here on in the house style (font, colours, no chartjunk)."""
    import matplotlib as mpl
    from cycler import cycler

    mpl.rcParams.update(
        {
            "axes.prop_cycle": cycler(color=OKABE_ITO) + cycler(linestyle=DASHES),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "axes.axisbelow": True,
            "axes.titlesize": 12,
            "axes.titlelocation": "left",
            "grid.alpha": 0.25,
            "grid.linewidth": 0.8,
            "figure.figsize": (6.4, 4.0),
            "figure.dpi": 100,
            "figure.constrained_layout.use": True,
            "font.size": 11,
            "legend.frameon": False,
            "legend.handlelength": 2.8,
            "lines.linewidth": 2.0,
            "image.cmap": "gray_r",
        }
    )
