"""An audit of labels: mail after mail is called right or wrong, and the model is trained again."""

from __future__ import annotations

from typing import Any

import ipywidgets as w

from teachkit.scenes.label_audit import ORDERS, PENALTIES, begin, let_truth_say, say
from teachkit.scenes.label_audit_drawing import draw, draw_found, mail
from teachkit.widgets.controls import menu, switch
from teachkit.widgets.parts import Made, button, row
from teachkit.widgets.plane_explorer import Beside, PlaneExplorer


class LabelAudit(PlaneExplorer):
    """A queue of mails, some labelled wrongly: look at one after the other, within a budget.

    Logistic regression on Spambase without its duplicates, frequencies as log(1 + x),
    R(theta) = (1/n) sum_i L(z_i, theta) + 1/2 l2 |theta|^2. The queue shows the mails by their
    loss, by their self-influence or at random, at the minimum for the labels as they were given.
    What is called wrong is turned, and the model trained again, to the end. The curve is its
    accuracy on mails that nobody trained on; beside it stand those of three orders, for somebody
    who sees every wrong label, the random one as the mean of four; and the other yardstick, how
    many wrong labels have been put right.

    Parameters
    ----------
    data : Split, optional
        A table of your own, such as ``read_table("table.csv", "label")``, in the place of the
        mails: its labels count as right before a share is turned. Columns tell each example.
    mails : int, optional
        How many are trained on, 20 or more; 600, or all where there are fewer.
    share : float
        Of the labels that are wrong, between 0 and 0.5.
    budget : int, optional
        Looks; 15% of the mails.
    order : "loss", "self" or "random"
        Of the queue at first.
    l2 : float
        The penalty at first, on all columns: 0.001, 0.01 or 0.1.
    seed : int
        Of the mails, of the wrong labels and of random orders.

    Raises
    ------
    TypeError, ValueError
        If there are not so many mails, the controls have no such value, or the data are no split
        of two classes with 20 rows to train on.

    Notes
    -----
    Source: Koh & Liang (2017), section 5.4.
    Lesson: 15_mislabeled_examples
    """

    label_width = "5.5em"

    def __init__(
        self, data: Any = None, *, mails: int | None = None, share: float = 0.1,
        budget: int | None = None, order: str = "loss", l2: float = 1e-3, seed: int = 1,
    ) -> None:  # fmt: skip
        start = begin(data, mails=mails, share=share, budget=budget, order=order, l2=l2, seed=seed)
        super().__init__(
            start,
            draw,
            [
                Made(_next_mail),
                row(
                    button("right", "Label is right", lambda state: say(state, wrong=False)),
                    button("wrong", "Label is wrong", lambda state: say(state, wrong=True)),
                    button("truth", "Let the truth say 10", let_truth_say),
                ),
                menu("order", "Queue by", [(called, name) for name, called in ORDERS.items()]),
                switch("l2", "Penalty l2", [(f"{value:g}", value) for value in PENALTIES]),
            ],
            beside={"found": Beside(draw_found)},
        )


def _next_mail(explorer: Any) -> w.Widget:
    """The mail, in a room that does not grow: the buttons stay where they are."""
    widget = w.HTML(mail(explorer.state), layout={"height": "8.5em", "overflow": "auto"})
    explorer.reads(lambda state: setattr(widget, "value", mail(state)))
    explorer.mail = widget
    return widget
