"""Change a training set by hand: retrained and predicted parameters appear side by side."""

from __future__ import annotations

from typing import Any

from teachkit.scenes import influence as gesture
from teachkit.scenes.guess import Question
from teachkit.scenes.influence import LOSSES, Chosen
from teachkit.scenes.influence_drawing import draw, draw_path, weight_in_words
from teachkit.scenes.influence_guess import WhereLine, WhichPoint
from teachkit.scenes.influence_start import begin, penalties
from teachkit.widgets.controls import choice, menu, slider, tick
from teachkit.widgets.parts import Part, form, more, note
from teachkit.widgets.plane_explorer import Beside, PlaneExplorer


class InfluenceExplorer(PlaneExplorer):
    """A training set to drag and to grey out: theta now, retrained and predicted by influence.

    R(theta) = (1/n) sum_i w_i L(z_i, theta) + 1/2 l2 |theta|^2 with n fixed: greying sets w_i to 0.

    Parameters
    ----------
    X : array (n, 2) or (n, 1)
        Two columns with labels: a classifier and its boundary. One column: a line. A column of
        ones is added inside, and penalised like the rest.
    y : array (n,)
        Labels -1 and +1; real numbers for a line.
    test_point : (x, y), optional
        The point whose loss is watched: x as a row of X, y as an entry of y. Left out, it stands
        between the classes as one of class +1, or on the median line in the middle of the x.
    loss : "logistic", "square" or "smooth hinge"
        Of a classifier, "logistic" unless told; a line has the square loss.
    l2 : float
        0.01 for a classifier and 0 for a line unless told.
    leverage : bool
        Whether the prediction counts the changed points' own curvature.
    t : float
        Width of the smooth hinge's bend.
    show : "all" or "basic"
        What is offered: "basic" is the points alone, to be dragged and taken out, with no weights,
        penalty, leverage, losses and path of theta.
    guess : bool
        Whether truth and prediction wait for a guess: which point matters most, or where the line
        goes once points are taken out or moved.

    Raises
    ------
    ValueError
        If X has neither one nor two columns, the labels are not -1 and +1, no theta fits, or there
        is no such ``show``.

    Notes
    -----
    Lesson: 07_influence_upweighting
    """

    label_width = "5.5em"

    def __init__(
        self, X: Any, y: Any, *, test_point: tuple[Any, Any] | None = None, loss: str | None = None,
        l2: float | None = None, leverage: bool = False, t: float = 0.1, show: str = "all",
        guess: bool = False,
    ) -> None:  # fmt: skip
        if show not in ("all", "basic"):
            raise ValueError(f'show is {show!r}, but an explorer shows "all" or "basic".')
        start = begin(X, y, test_point=test_point, loss=loss, l2=l2, leverage=leverage, t=t)
        end = 1 / start.n
        fit = {"sets": gesture.set_fit}
        losses = () if start.is_line else (menu("loss", "Loss", LOSSES, shows="fit.loss", **fit),)
        controls: list[Part] = [
            slider("epsilon", "ε", (-end, end), end / 20, readout="+.4f",
                   shows=lambda s: s.epsilon(*self.chosen),
                   changes=lambda s, epsilon: gesture.upweigh(s, self.chosen, epsilon),
                   disabled=lambda _: not self.chosen),
            note(lambda s: weight_in_words(s, self.chosen), "epsilon_text"),
            more(
                tick("leverage", "Count own curvature (leverage)", changes=gesture.set_leverage),
                choice("l2", "Penalty l2", penalties(start), shows="fit.l2", **fit),
                *losses,
                form(),
            ),
        ]  # fmt: skip
        beside = {"path": Beside(lambda s: draw_path(s, self.chosen), waits=True)}
        if show == "basic":
            controls, beside = [form()], {}
        lesson = "00.influence" if show == "basic" else "07.influence"
        questions: list[Question] = [WhichPoint(lesson, start), WhereLine(lesson, start)]
        if show == "basic":
            questions.reverse()
        super().__init__(
            start,
            draw,
            controls,
            beside=beside,
            questions=questions if guess else (),
            moves=gesture.place,
            toggles=lambda s, name, weight: gesture.weigh(s, int(name), weight),
        )

    @property
    def chosen(self) -> Chosen:
        """The training points that epsilon acts on: those in a selected area, or the one."""
        names = self.plane.brushed or [self.plane.selected]
        return tuple(int(name) for name in names if name.isdecimal())
