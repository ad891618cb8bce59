"""Generative and discriminative: LDA, naive Bayes and logistic regression on points to drag."""

from __future__ import annotations

from teachkit.scenes import generative as gesture
from teachkit.scenes.generative import FARTHEST, SIZES, STEEPEST, begin
from teachkit.scenes.generative_drawing import draw
from teachkit.widgets.controls import choice, slider
from teachkit.widgets.parts import back, button, form
from teachkit.widgets.plane_explorer import PlaneExplorer


class GenerativeExplorer(PlaneExplorer):
    """Two classes of points, and the boundaries of two generative models and a discriminative one.

    Classes are equally likely; x is Gaussian around +-(1.2, 0.7) with variances 1 and a
    correlation, and a fifth of class +1 can be pushed out, away from the other class. LDA fits
    Gaussians with one covariance to the classes, naive Bayes the same without correlation; both
    find their boundary by Bayes. Logistic regression minimises
    (1/n) sum_i log(1 + e^(-y_i (w'x_i + b))) + 0.01/2 |w|^2. How often each is wrong on new points
    is exact, from the normal distribution function.

    Parameters
    ----------
    n : int
        Points at first: 10, 20, 40, 80 or 160.
    correlation : float
        From -0.9 to 0.9.
    push : float
        From 0 to 10.
    seed : int
        Of the points; *New data* takes the next.

    Raises
    ------
    ValueError
        If there is no such n, correlation, push or seed; when every point of a class but one is
        taken out, or points lie so that no Gaussian has their covariance.

    Notes
    -----
    Lesson: 02_learning_problem
    """

    label_width = "8.5em"

    def __init__(
        self, n: int = 20, *, correlation: float = 0.3, push: float = 0.0, seed: int = 0
    ) -> None:
        super().__init__(
            begin(n, correlation=correlation, push=push, seed=seed),
            draw,
            [
                choice("n", "Points n", SIZES, changes=gesture.resize),
                slider("correlation", "Correlation", (-STEEPEST, STEEPEST), 0.1),
                slider("push", "A fifth of +1 out", (0.0, FARTHEST), 0.1),
                form(),
            ],
            moves=lambda state, name, x, y: gesture.place(state, int(name), x, y),
            toggles=lambda state, name, weight: gesture.weigh(state, int(name), weight),
            under=[back(button("again", "New data", gesture.redraw))],
        )
