"""Truth over prediction for every training point, and for groups that leave together."""

from __future__ import annotations

from typing import Any

import numpy as np

from teachkit.scenes import agreement as gesture
from teachkit.scenes.agreement import GROUPS, STOPS
from teachkit.scenes.agreement_drawing import draw, draw_group, draw_looked, row_in_words
from teachkit.scenes.agreement_guess import WhatSlope
from teachkit.scenes.agreement_start import begin, offered, penalties
from teachkit.scenes.guess import asking
from teachkit.widgets.controls import choice, menu, tick
from teachkit.widgets.parts import Part, note
from teachkit.widgets.plane_explorer import Beside, PlaneExplorer

DRAWN = ("removed", "test", "l2", "stop")  # of the state, where a group grows


class AgreementExplorer(PlaneExplorer):
    """Every training point: how its removal is predicted to change a test loss, and how it does.

    Logistic regression, R(theta) = (1/n) sum_i w_i L(z_i, theta) + 1/2 l2 |theta|^2, n fixed on
    removal. The truth is all n exact retrainings. Points that are taken out, one by one, in an area
    or by the menu, leave together: their influences added, the rescaled sum (each divided by its
    1 - h_i), the group's own Newton step, and the truth stand beside each other. The table has each
    change along the tangent of the test loss, as influences are added, and as the loss at theta
    plus the change, which the plane of the growing group shows.

    Parameters
    ----------
    data : Split, or arrays X, y, X_test, y_test
        Labels -1 and +1, each with its own column of ones, if there is to be an intercept. Nothing:
        ``datasets.digits()``, 8 against 3.
    l2 : float
        The penalty at first, on all columns; > 0.
    test : int
        The test point at first; the one with the largest loss, unless told.
    leverage : bool
        Whether predictions are divided by 1 - h_i at first.
    stop : float
        Where the fit stops at first: once the norm of the gradient, by columns of ordinary size, is
        at most 0.1, 0.01 or 0.001; 0 is a fit that is finished.
    names : (str, str), optional
        What the classes -1 and +1 are called, such as ``("digit 3", "digit 8")``.
    guess : bool
        Whether truth and prediction wait for a guess: the slope of truth on prediction.

    Raises
    ------
    TypeError, ValueError
        If the data are no split and not four arrays that go together, there are fewer than 3 or
        more than 2000 training points, or there is no such test point or stop.

    Notes
    -----
    Source: Koh & Liang (2017), figure 2; Rubinstein & Hopkins (2025).
    Lesson: 10_agreement_with_truth
    """

    label_width = "7.5em"

    def __init__(
        self, data: Any = None, *others: Any, l2: float = 0.01, test: int | None = None,
        leverage: bool = False, stop: float = 0.0, names: tuple[str, str] | None = None,
        guess: bool = False,
    ) -> None:  # fmt: skip
        start = begin(data, *others, l2=l2, test=test, leverage=leverage, stop=stop, names=names)
        told = {"sets": gesture.change}
        stops = [(f"{stop:g}" if stop else "finished", stop) for stop in STOPS]
        groups = [(called, name) for name, called in GROUPS.items()]
        face: dict[str, Beside] = {}
        words: list[Part] = [
            note(lambda s: "" if asking(s) else row_in_words(s, self.looked_at), "row")
        ]
        if start.data.shape is not None:
            face, words = {"face": Beside(lambda s: draw_looked(s, self.looked_at))}, []
        super().__init__(
            start,
            draw,
            [
                menu("test", "Test point", offered(start), changes=gesture.choose),
                tick("leverage", "Predictions divided by 1 − h (leverage)", **told),
                choice("l2", "Penalty l2", penalties(start), **told),
                choice("stop", "Stop at |∇R|", stops, **told),
                menu("group", "Taken out", groups, changes=gesture.take_out),
                *words,
            ],
            beside={**face, "growing": Beside(draw_group, of=DRAWN, waits=True)},
            toggles=lambda state, name, weight: gesture.weigh(state, int(name), weight),
            questions=[WhatSlope("10.agreement", start)] if guess else (),
        )
        self.plane.on_look(self._looked)

    @property
    def looked_at(self) -> int:
        """The training point that was hovered or focused last; the strongest, before."""
        looked = self.plane.looked
        return int(looked if looked.isdecimal() else np.argmax(np.abs(self.state.plain)))

    def _looked(self, _: Any) -> None:
        if "face" in self.beside:
            self.face.show(self.beside["face"].draw(self.state))
        else:
            self.follow()
