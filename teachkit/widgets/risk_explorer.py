"""A polynomial fitted to a sample of a known distribution: training risk and expected risk."""

from __future__ import annotations

from teachkit.scenes.risk import HIGHEST, PENALTIES, SIZES, VIEWS, begin, redraw
from teachkit.scenes.risk_drawing import draw, draw_beside
from teachkit.widgets.controls import choice, counter, menu
from teachkit.widgets.parts import back, button
from teachkit.widgets.plane_explorer import Beside, PlaneExplorer


class RiskExplorer(PlaneExplorer):
    """Points of a noisy curve, a polynomial f fitted to them, and what f will cost on all others.

    x is uniform on [-1, 1], y = sin(pi x) + 0.3 e with e standard normal; f minimises
    (1/n) sum_i (f(x_i) - y_i)^2 + l2/2 |theta|^2, theta its coefficients on the Legendre
    polynomials, normalised so that |theta|^2 = E f(x)^2. The expected risk is
    E (f(x) - y)^2 = 0.09 + 1/2 int (f(x) - sin(pi x))^2 dx, by quadrature.

    Beside it stand both risks over the penalty or over the degree; or, for f as it is, the mean of
    the bounded loss min(1, (f(x) - y)^2) over 1, 2, ... 1000 examples that are new, with its
    expected value and the band in which Hoeffding's inequality has each of them in 95% of cases.

    Parameters
    ----------
    degree : int
        From 0 to 15.
    n : int
        Examples at first: 10, 20, 50, 100, 200 or 500.
    l2 : float
        The penalty at first: 0, or 1 or 3 times a power of ten from 1e-8 to 100.
    seed : int
        Of the sample; *New data* takes the next.
    view : "penalty", "degree" or "fixed"
        What stands beside at first.

    Raises
    ------
    ValueError
        If the sliders and the menu have no such value.

    Notes
    -----
    Lesson: 02_learning_problem
    """

    label_width = "6em"

    def __init__(
        self, degree: int = HIGHEST, n: int = 20, l2: float = 0.0, *, seed: int = 1,
        view: str = "penalty",
    ) -> None:  # fmt: skip
        super().__init__(
            begin(degree, n, l2, seed, view),
            draw,
            [
                counter("degree", "Degree", HIGHEST),
                choice("n", "Examples n", SIZES),
                choice("l2", "Penalty l2", [(f"{value:g}", value) for value in PENALTIES]),
                menu("view", "Beside", [(words, name) for name, words in VIEWS.items()]),
            ],
            beside={"curves": Beside(draw_beside, waits=True)},
            under=[back(button("again", "New data", redraw))],
        )
