"""Steepest descent and conjugate gradients down the same bowl, step by step."""

from __future__ import annotations

from teachkit.scenes import conjugate_gradient as gesture
from teachkit.scenes.conjugate_gradient import SPACINGS, ConjugateGradientState, P
from teachkit.scenes.conjugate_gradient_drawing import draw, draw_errors, draw_polynomial
from teachkit.widgets.controls import choice, menu
from teachkit.widgets.parts import back, button, form, heading, stepper
from teachkit.widgets.plane_explorer import Beside, PlaneExplorer

KAPPAS = (1, 2, 5, 10, 25, 50, 100)
CLUSTERS = (("2", 2), ("3", 3), ("5", 5), ("10", 10), ("100", P))
WIDTHS = (("0", 0.0), ("0.0001", 1e-4), ("0.01", 0.01), ("0.1", 0.1))
SYSTEM = ("kappa", "clusters", "width", "spacing", "k")  # what the large system's planes show


class ConjugateGradientExplorer(PlaneExplorer):
    """A bowl 1/2 x' A x with a start to drag, and a system of 100 unknowns with a spectrum to set.

    In the plane A = diag(1, kappa); steepest descent takes its best step each time. The large
    system has eigenvalues from 1 to kappa. Its errors are measured in the A-norm, ||x||_A =
    sqrt(x' A x), and the bound 2 ((sqrt(kappa) - 1) / (sqrt(kappa) + 1))^k is drawn above them.

    Parameters
    ----------
    kappa : float
        The condition number, 1, 2, 5, 10, 25, 50 or 100.
    start : (x, y), optional
        Where both methods start in the plane; (25, 25 / kappa), the worst place, unless told.

    Raises
    ------
    ValueError
        If kappa is none of these, or the start is the solution itself.

    Notes
    -----
    Lesson: 06_conjugate_gradient
    """

    label_width = "6.5em"

    def __init__(self, kappa: float = 25, start: tuple[float, float] | None = None) -> None:
        if kappa not in KAPPAS:
            known = ", ".join(map(str, KAPPAS))
            raise ValueError(f"kappa is {kappa}; the slider has {known}. Take one of these.")
        state = gesture.worst(ConjugateGradientState(kappa=float(kappa)))
        super().__init__(
            state if start is None else gesture.move(state, *start),
            draw,
            [
                choice("kappa", "Condition κ", [(str(kappa), float(kappa)) for kappa in KAPPAS]),
                form(),
                heading("The 100 eigenvalues"),
                choice("clusters", "Clusters", CLUSTERS),
                choice("width", "Width", WIDTHS, disabled=lambda state: state.clusters == P),
                menu("spacing", "Spacing", SPACINGS),
            ],
            beside={
                "errors": Beside(draw_errors, of=SYSTEM, below=True),
                "polynomial": Beside(draw_polynomial, of=SYSTEM),
            },
            moves=lambda state, _, x, y: gesture.move(state, x, y),
            above=[stepper(gesture.walk)],
            under=[back(button("worst", "Worst start", gesture.worst))],
        )
