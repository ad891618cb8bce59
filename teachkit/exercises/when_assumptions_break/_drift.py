"""11.1: what a removal did, and what time did."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part
from ._cases import loss_of, trained_on


def _cases() -> list[tuple]:
    start, other = np.array([0.3, -0.7, 0.5]), np.array([-0.4, 0.6])
    weights = np.array([1.0, 2.0, 1.0, 0.5, 1.0, 1.5])
    return [
        (trained_on(6, 3, 4), loss_of(3), start, weights, 1),
        (trained_on(6, 3, 4), loss_of(3), start, weights, 0),
        (trained_on(6, 3, 9), loss_of(3), -start, np.ones(6), 4),
        (trained_on(5, 2, 3), loss_of(2), other, weights[:5], 3),
    ]


def _any_stop(draw):
    n, d = draw.whole(2, 6), draw.whole(1, 3)
    weights = draw.pick(np.ones(n), draw.numbers(n, low=0.2, high=2.0))
    train, theta = trained_on(n, d, draw.whole(1, 6)), draw.numbers(d, low=-1.5, high=1.5)
    return train, loss_of(d), theta, weights, draw.index(n)


def _without(weights, i):
    return np.where(np.arange(len(weights)) == i, 0.0, weights)


@exercise(
    "11.1",
    "Take out the drift",
    prompt="""A network was stopped early, at `theta`. `train(theta, weights)` goes on training from
    there, always for the same number of steps, with a weight for each training point, and returns
    where that ends; `loss(theta)` is the loss at a test point. Return two numbers: the *drift*, by
    how much the loss changes when training goes on with nothing removed, and the *effect* of
    removing point `i` with that drift taken out. `weights`, (n,), are those of the training so
    far.""",
    minutes=6,
    difficulty=1,
    cases=_cases,
    draw=_any_stop,
    hints=(
        """What would the loss have become without any removal? Which two runs differ in the
        removal alone?""",
        """Removing a point sets its weight to 0 in a *copy* of the weights. Both runs start at
        theta.""",
        "drift = loss(all) - loss(theta), and effect = loss(without i) - loss(all).",
    ),
    explanation="""Training that goes on changes the loss whether or not a point leaves. Two runs
    that start at the same theta, take equally many steps and differ in one weight tell what the
    point does: loss(without i) - loss(all). Compared with the loss at theta, every point seems to
    have the same large effect, which is the drift.""",
    answer=formula(
        lambda now, everyone, gone: np.array([everyone - now, gone - everyone]),
        now=lambda loss, theta: loss(theta),
        everyone=part(
            lambda train, loss, theta, weights: loss(train(theta, weights)),
            ("weights of ones", lambda train, loss, theta, weights: (
                loss(train(theta, np.ones(len(weights))))),
             """In the run with nothing removed all weights are 1 in yours. The training so far had
             `weights`, and going on means with these."""),
            ("started at 0", lambda train, loss, theta, weights: loss(train(0 * theta, weights)),
             """Your run with nothing removed starts at 0. Then it differs from the other in more
             than the removal. Both go on from theta."""),
        ),
        gone=part(
            lambda train, loss, theta, weights, i: loss(train(theta, _without(weights, i))),
            ("the others weigh 1", lambda train, loss, theta, weights, i: (
                loss(train(theta, _without(np.ones(len(weights)), i)))),
             """Without point i you have given all others the weight 1. They keep their own: only
             weights[i] changes, to 0."""),
            ("only point i", lambda train, loss, theta, weights, i: (
                loss(train(theta, weights - _without(weights, i)))),
             """You trained on point i alone: its weight stays, and those of all others are 0. It is
             the other way round."""),
            ("weight 1 less", lambda train, loss, theta, weights, i: (
                loss(train(theta, weights - (np.arange(len(weights)) == i)))),
             """You took 1 from the weight of the point. To remove it is to set its weight to 0,
             whatever it was."""),
            ("the others count more", lambda train, loss, theta, weights, i: (
                loss(train(theta, _without(weights, i) * len(weights) / (len(weights) - 1.0)))),
             lambda train, loss, theta, weights, i: (
                loss(train(theta, _without(weights, i) * weights.sum()
                           / (weights.sum() - weights[i])))),
             """Your other weights grow to make up for the point. In this course n stays what it is
             when a point is removed: the others keep their weights."""),
            ("trained twice", lambda train, loss, theta, weights, i: (
                loss(train(train(theta, weights), _without(weights, i)))),
             """Your run without the point begins where the other one ended, so it is twice as long.
             Both begin at theta."""),
            ("started at 0 without i", lambda train, loss, theta, weights, i: (
                loss(train(0 * theta, _without(weights, i)))),
             """Your run without the point starts at 0. It goes on from theta, as the other does:
             what remains between them is the removal."""),
            ("another point", lambda train, loss, theta, weights, i: (
                loss(train(theta, _without(weights, (i + 1) % len(weights))))),
             lambda train, loss, theta, weights, i: (
                loss(train(theta, _without(weights, (i - 1) % len(weights))))),
             "A point next to i was removed. Indices count from 0: weights[i] is that of point i."),
        ),
    ),
    mistakes=(
        ("drift left in", lambda now, everyone, gone: np.array([everyone - now, gone - now]),
         """The drift is right, and still in the effect: you compare with the loss at theta. That
         run went on training too; compare with the one that went on with everybody."""),
        ("effect first", lambda now, everyone, gone: np.array([gone - everyone, everyone - now]),
         "The two are exchanged: the drift comes first, then the effect."),
        ("effect first, drift left in", lambda now, everyone, gone: (
            np.array([gone - now, everyone - now])),
         """The two are exchanged, the drift comes first; and the drift is still in the effect,
         which is measured from the loss of the run that went on with everybody."""),
        ("minus both", "-1", "Both have the wrong sign. A change is afterwards minus before."),
        ("effect turned round", lambda now, everyone, gone: (
            np.array([everyone - now, everyone - gone])),
         """The effect has the wrong sign: it is with the point minus without. The loss *without*
         comes first, so that a point that helped has a positive effect."""),
        ("drift turned round", lambda now, everyone, gone: (
            np.array([now - everyone, gone - everyone])),
         "The drift has the wrong sign: it is the loss after going on minus the loss at theta."),
        ("drift added", lambda now, everyone, gone: (
            np.array([everyone - now, gone - now + everyone - now])),
         "The drift was added to the effect where it should be taken away."),
        ("drift taken twice", lambda now, everyone, gone: (
            np.array([everyone - now, gone - everyone - (everyone - now)])),
         """The drift was taken out twice: loss(without) - loss(all) has none of it left, since
         both runs went on for as long."""),
        ("losses", lambda now, everyone, gone: np.array([everyone, gone]),
         "These are the two losses. Asked are the changes, each against what it is measured from."),
        ("the loss of a difference", lambda train, loss, theta, weights, i, everyone, now: np.array(
            [everyone - now, loss(train(theta, _without(weights, i)) - train(theta, weights))]),
         """You put the difference of two thetas into the loss. The loss is not linear: evaluate it
         at both and subtract."""),
        ("relative", lambda now, everyone, gone: np.array([everyone - now, gone / everyone - 1]),
         lambda now, everyone, gone: np.array([everyone / now - 1, gone / everyone - 1]),
         "You divided by a loss. Asked are differences."),
    ),
)
def drift(train, loss, theta, weights, i):
    """(drift, effect of removing point i); train(theta, weights) goes on training from theta."""
    without = weights.copy()
    without[i] = 0.0
    everyone = loss(train(theta, weights))
    return np.array([everyone - loss(theta), loss(train(theta, without)) - everyone])
