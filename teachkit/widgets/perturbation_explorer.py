"""Move one training point: theta and the test loss, retrained and predicted in two ways."""

from __future__ import annotations

from typing import Any

from teachkit.scenes import perturbation as gesture
from teachkit.scenes.influence_start import PENALTIES
from teachkit.scenes.perturbation import begin
from teachkit.scenes.perturbation_drawing import draw, draw_along
from teachkit.scenes.perturbation_guess import WhichWay
from teachkit.widgets.controls import choice, slider
from teachkit.widgets.parts import form
from teachkit.widgets.plane_explorer import Beside, PlaneExplorer


class PerturbationExplorer(PlaneExplorer):
    """One training point to move by delta, and what that does to theta and to a test loss.

    Logistic regression, R(theta) = (1/n) sum_i L(z_i, theta) + 1/2 l2 |theta|^2. Beside the truth
    by retraining stand the finite prediction, -(1/n) H^-1 (g(x + delta) - g(x)), and the
    infinitesimal one, -(1/n) H^-1 [grad_x grad_theta L] delta. The chosen point has its I_pert,loss
    as an arrow and the ring of all moves as long as this one. Whoever drags another point chooses
    it; the one before is where it was.

    Parameters
    ----------
    X : array (n, 2)
        A column of ones is added inside, and penalised like the rest.
    y : array (n,)
        Labels -1 and +1.
    test_point : (x, y), optional
        The point whose loss is watched; left out, one of class +1 between the classes.
    l2 : float
        The penalty at first.
    guess : bool
        Whether truth and prediction wait for a guess: which way the point raises the loss most.

    Raises
    ------
    ValueError
        If X has not two columns, the labels are not -1 and +1, or no theta fits.

    Notes
    -----
    Lesson: 08_influence_perturbing
    """

    label_width = "9em"

    def __init__(
        self, X: Any, y: Any, *, test_point: tuple[Any, Any] | None = None, l2: float = 0.01,
        guess: bool = False,
    ) -> None:  # fmt: skip
        start = begin(X, y, test_point=test_point, l2=l2)
        step = start.reach / 100
        penalties = [(f"{value:g}", value) for value in sorted({*PENALTIES, start.l2})]
        super().__init__(
            start,
            draw,
            [
                # What the sliders show is a step of theirs: they have nothing to round, and to say.
                slider("radius", "Length |δ|", (0.0, start.reach), step,
                       shows=lambda s: round(step * round(s.radius / step), 6),
                       changes=gesture.stretch, waits=True),
                slider("angle", "Degrees off I_pert", (0.0, 359.0), 1.0, readout=".0f",
                       shows=lambda s: float(round(s.angle) % 360),
                       changes=gesture.turn, waits=True),
                choice("l2", "Penalty l2", penalties, changes=gesture.penalise),
                form(),
            ],
            beside={"along": Beside(draw_along, waits=True)},
            moves=gesture.place,
            questions=[WhichWay("08.perturbation", start)] if guess else (),
        )  # fmt: skip
        self.plane.selected = str(start.i)
