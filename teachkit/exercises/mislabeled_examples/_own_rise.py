"""15.2: the truth beside self-influence: a point's own loss once it is left out."""

from __future__ import annotations

import numpy as np

from .. import exercise
from .._slips.logistic import sigma
from ._cases import any_fit, changes, fits, loss, margins, rises


def _with_changes(case):
    X, y, theta, l2 = case
    return X, y, theta, changes(X, y, theta, l2)


def _pairs(X, y, theta, changes):
    """By how much the loss of point j, a column, rises when point i, a row, is left out."""
    return loss(y * ((theta + changes) @ X.T)) - loss(y * (X @ theta))


def _slopes(X, y, theta):
    return (-y * sigma(-y * (X @ theta)))[:, None] * X


@exercise(
    "15.2",
    "The rise of its own loss",
    prompt="""Row i of `changes`, (n, p), is theta_{-i} - theta: what `leave_one_out` returns, each
    of them truly retrained. Return for every point by how much its own loss,
    log(1 + e^(-y_i x_i'theta)), rises when that point is left out.""",
    minutes=4,
    difficulty=1,
    cases=lambda: [_with_changes(case) for case in fits()],
    draw=lambda draw: _with_changes(any_fit(draw)),
    hints=(
        "For point i two models matter: which, and on which point is each of them judged?",
        "Row i of `theta + changes` is the model without point i. Its score for point i?",
        """Row by row: `(X * (theta + changes)).sum(axis=1)`. The loss of a margin m is
        `np.log1p(np.exp(-m))`.""",
    ),
    explanation="""L(z_i, theta_{-i}) - L(z_i, theta), never negative: a point that has left
    no longer pulls the model to itself. Self-influence predicts it, as -(1/n) I_up,loss(z_i, z_i),
    which is positive; as an order of suspects the two are nearly the same. Where they differ it is
    mostly the point's own curvature, which leaves with it.""",
    mistakes=(
        ("first order", lambda X, y, theta, changes: (_slopes(X, y, theta) * changes).sum(axis=1),
         """You multiplied the gradient with the change. That is the straight line of which the
         influence is made; asked is the loss of the new model minus that of the old one."""),
        ("sign", "-1",
         "A rise is new minus old, and without a point its own loss can only grow."),
        ("new loss", lambda X, y, theta, changes: loss(margins(X, y, theta + changes)),
         "This is the loss of the new model. A rise is that minus the loss of the old one."),
        ("old loss", lambda X, y, theta, changes: loss(y * (X @ theta)),
         "These are the losses before: point i has not been left out."),
        ("change for theta", lambda X, y, theta, changes: (
            loss(margins(X, y, changes)) - loss(y * (X @ theta))),
         """You took the rows of `changes` for models. They are changes: the model without point i
         is `theta + changes[i]`."""),
        ("subtracted", lambda X, y, theta, changes: rises(X, y, theta, -changes),
         "The changes are new minus old, so the new model is theta *plus* the change."),
        ("all pairs", _pairs, lambda *case: _pairs(*case).T,
         """This is what each removal does to the loss of every point, (n, n). A point's own loss
         after its own removal are the entries on the diagonal."""),
        ("all losses together", lambda *case: _pairs(*case).sum(axis=1),
         lambda *case: _pairs(*case).mean(axis=1),
         """For each removal you added up the losses of all points. Only that of the point which
         was left out is asked for."""),
        ("each removal on one point", lambda *case: _pairs(*case).sum(axis=0),
         lambda *case: _pairs(*case).mean(axis=0),
         """For each point you added up what all removals do to it. Only its own removal is asked
         for."""),
        ("all changes at once", lambda X, y, theta, changes: rises(
            X, y, theta, np.tile(changes.sum(axis=0), (len(y), 1))),
         lambda X, y, theta, changes: rises(
             X, y, theta, np.tile(changes.mean(axis=0), (len(y), 1))),
         """All changes are added to one theta. Each row belongs to a model of its own, without
         point i."""),
        ("changes that add up", lambda X, y, theta, changes: rises(
            X, y, theta, changes.cumsum(axis=0)),
         """In yours each model goes on from the one before: point 1 is judged by a theta to which
         the change without point 0 has been added as well. Every row of `changes` starts from
         theta."""),
        ("one model for all", lambda X, y, theta, changes: rises(
            X, y, theta, np.tile(changes[0], (len(y), 1))),
         lambda X, y, theta, changes: rises(X, y, theta, np.tile(changes[-1], (len(y), 1))),
         """All points are judged by one model, that without the first point or the last. Each point
         is judged by the model without it."""),
        ("no label", lambda X, y, theta, changes: rises(X, np.ones(len(y)), theta, changes),
         "The labels are missing: right for points with y = +1. The margin is y_i x_i'theta."),
        ("sign of the margin", lambda X, y, theta, changes: rises(X, -y, theta, changes),
         "The margin has the wrong sign in e^m: the loss is log(1 + e^(-m)), large where m < 0."),
        ("fall of the margin", lambda X, y, theta, changes: -margins(X, y, changes),
         "This is by how much the margin falls. Asked is the rise of the loss of it."),
        ("fall of the probability", lambda X, y, theta, changes: (
            sigma(y * (X @ theta)) - sigma(margins(X, y, theta + changes))),
         """This is by how much the probability of the given label falls. The loss is minus its
         logarithm."""),
        ("mistakes counted", lambda X, y, theta, changes: (
            1.0 * (margins(X, y, theta + changes) < 0) - (y * (X @ theta) < 0)),
         """You count whether the point is classified wrongly, which seldom changes. The loss is
         log(1 + e^(-m))."""),
        ("over the old loss", lambda X, y, theta, changes: (
            rises(X, y, theta, changes) / loss(y * (X @ theta))),
         "You divided by the old loss. Asked is the rise itself."),
        ("times n", "n",
         """A retraining is done as it is: the factor n belongs to the influence, which counts per
         unit of eps."""),
        ("1/n", "1/n",
         """A retraining is the whole effect; the factor 1/n is what the influence needs to predict
         it."""),
        ("one number", lambda *case: rises(*case).mean(), lambda *case: rises(*case).sum(),
         "This is one number for all. Every point has its own rise: (n,)."),
    ),
)
def own_rise(X, y, theta, changes):
    """L(z_i, theta_{-i}) - L(z_i, theta) of every point, (n,); X and changes are (n, p)."""
    before = y * (X @ theta)
    after = y * (X * (theta + changes)).sum(axis=1)
    return np.log1p(np.exp(-after)) - np.log1p(np.exp(-before))
