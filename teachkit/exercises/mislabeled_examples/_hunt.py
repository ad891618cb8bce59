"""15.3: a bug hunt: retraining without each point, with one line that is not what it should be."""

from __future__ import annotations

import numpy as np

from .. import better, exercise
from .._slips.logistic import curvature, fit, hessian, sigma
from ._cases import any_fit, changes, fits, loss, margins, rises

WRONG = '''def retrained_rises(X, y, theta, l2):
    """Rise of each point's own loss, (n,), once the model is trained without it."""
    n, p = X.shape
    w = np.ones(n)
    rises = np.zeros(n)
    for i in range(n):
        w[i] = 0
        new = theta.copy()
        for _ in range(10):
            s = 1 / (1 + np.exp(y * (X @ new)))
            slope = -(w * y * s) @ X / n + l2 * new
            H = (X.T * (w * s * (1 - s))) @ X / n + l2 * np.eye(p)
            new = new - np.linalg.solve(H, slope)
        before = np.log1p(np.exp(-y[i] * (X[i] @ theta)))
        after = np.log1p(np.exp(-y[i] * (X[i] @ new)))
        rises[i] = after - before
    return rises
'''


def _with(weights):
    """Rises where the training without point i has these weights, given n and i."""

    def of(X, y, theta, l2):
        n = len(y)
        news = np.array([fit(X, y, l2, np.asarray(weights(n, i), dtype=float)) for i in range(n)])
        return rises(X, y, theta, news - theta)

    return of


def _deleted(X, y, theta, l2):
    news = [fit(np.delete(X, i, axis=0), np.delete(y, i), l2) for i in range(len(y))]
    return rises(X, y, theta, np.array(news) - theta)


def _others(X, y, theta, l2):
    """What all *other* points lose when a point is left out."""
    all_pairs = loss(y * ((theta + changes(X, y, theta, l2)) @ X.T)) - loss(y * (X @ theta))
    return all_pairs.sum(axis=1) - np.diag(all_pairs)


def _squares(X, y, theta, l2):
    """sigma(-m)^2 x'H^-1 x / n: the rise to first order."""
    H_inv = np.linalg.inv(hessian(X, y, theta, l2))
    return sigma(-y * (X @ theta)) ** 2 * ((X @ H_inv) * X).sum(axis=1) / len(y)


def _one_step(X, y, theta, l2):
    H_inv = np.linalg.inv(hessian(X, y, theta, l2))
    q = ((X @ H_inv) * X).sum(axis=1) / len(y)
    pulls = (-y * sigma(-y * (X @ theta)) / (1 - curvature(X, y, theta) * q))[:, None] * X
    return rises(X, y, theta, pulls @ H_inv / len(y))


@exercise(
    "15.3",
    "A bug hunt",
    prompt="""This function runs, and it is wrong: one of its lines is wrong, or stands in the wrong
    place. It is to train the model again without each point in turn, weight 0 and n as it was, and
    return by how much the point's own loss rises. On the mails its first number is right. But many
    others are negative, which no such rise can be, and with the rows in another order a mail gets
    another number. Mend it.""",
    minutes=7,
    difficulty=2,
    cases=fits,
    draw=any_fit,
    stub=WRONG,
    hints=(
        """The first number is right and the others are not. So what differs between the first round
        of the outer loop and the second?""",
        """For n = 3, write down on paper, or print, every variable at the beginning of the second
        round. Which of them should be as they were at the beginning of the first?""",
        """How many points is the model trained on in the first round, how many in the last?
        `print(w.sum())` tells.""",
    ),
    explanation="""`w` was made once, before the loop, so whoever was left out stayed out: in the
    last round nobody was left, theta was 0 and every loss log 2. Each round needs weights of its
    own (or puts `w[i] = 1` back at its end). That `new` begins at theta in each round is only for
    speed: the minimum does not depend on the start. What gave it away was what has to hold of
    any right answer: no rise is negative, and shuffled rows have the same numbers.""",
    mistakes=(
        ("still in it",
         _with(lambda n, i: np.arange(n) > i),
         """These are still the numbers of the function as it was given. The first of them is right:
         look at what the second round of the loop begins with."""),
        ("sizes of what is wrong", lambda *case: abs(_with(lambda n, i: np.arange(n) > i)(*case)),
         """You take the sizes of numbers that are wrong. By negative rises one sees that there is a
         bug; they are not the bug. Look at what the second round of the loop begins with."""),
        ("everybody left out", _with(lambda n, i: np.zeros(n)),
         """All weights are 0 in yours, and theta is pulled to 0 by the penalty alone. One point is
         left out in each round, and the others count 1."""),
        ("nobody left out", _with(lambda n, i: np.ones(n)),
         """Nothing rises in yours: all weights are 1 while it trains, or both losses are taken at
         the same theta. Point i has its 0 from before the training until its end; the loss before
         is that at theta, the loss after that at the new one."""),
        ("the point alone", _with(lambda n, i: np.arange(n) == i),
         "You train on point i alone: it has the weight 1 and the others 0. Turn that round."),
        ("only those before", _with(lambda n, i: np.arange(n) < i),
         """In round i you train on the points before i alone. The points behind i count as
         well."""),
        ("another point left out", _with(lambda n, i: np.arange(n) != (i + 1) % n),
         _with(lambda n, i: np.arange(n) != (i - 1) % n),
         """You leave out the next point or the one before, and look at the loss of point i. Both
         have to be the same point."""),
        ("only the first", _with(lambda n, i: np.arange(n) != 0),
         """Point 0 is left out in every round, and the loss of point i is looked at. In round i it
         is point i that gets the weight 0."""),
        ("two left out", _with(lambda n, i: (np.arange(n) != i) & (np.arange(n) != i - 1)),
         """From the second round on two points are left out, i and the one before it. What was
         changed in one round has to be undone before the next."""),
        ("n - 1", _deleted,
         """The mean runs over n - 1 in yours, with the same l2: the penalty then counts for less.
         The n of the given code was right, for a point left out has the weight 0 and n stays."""),
        ("nothing kept", lambda X, y, theta, l2: np.where(
            np.arange(len(y)) < len(y) - 1, 0.0, rises(X, y, theta, changes(X, y, theta, l2))),
         """Only the last entry is not 0. `rises` has to be made once, before the loop: not all that
         stands there is in the wrong place."""),
        ("sign", "-1",
         "A rise is the loss after minus the loss before. Those two lines were right."),
        ("loss after", lambda X, y, theta, l2: (
            loss(margins(X, y, theta + changes(X, y, theta, l2)))),
         "This is the loss after. The rise is what it has more than the loss before."),
        ("the others' losses", _others,
         """This is what the others lose when point i is left out. Its own loss is asked for."""),
        better("predicted", _squares,
               """These are predictions, -(1/n) I_up,loss(z_i, z_i). They are near the truth and far
               cheaper; here it is the truth that has to be mended, by retraining."""),
        better("one Newton step", _one_step,
               """You take one Newton step without each point. It is a good prediction, the one with
               leverage; the code is to train until the gradient is gone."""),
    ),
)
def retrained_rises(X, y, theta, l2):
    """Rise of each point's own loss, (n,), once the model is trained without it."""
    n, p = X.shape
    rises = np.zeros(n)
    for i in range(n):
        w = np.ones(n)
        w[i] = 0
        new = theta.copy()
        for _ in range(10):
            s = 1 / (1 + np.exp(y * (X @ new)))
            slope = -(w * y * s) @ X / n + l2 * new
            H = (X.T * (w * s * (1 - s))) @ X / n + l2 * np.eye(p)
            new = new - np.linalg.solve(H, slope)
        before = np.log1p(np.exp(-y[i] * (X[i] @ theta)))
        after = np.log1p(np.exp(-y[i] * (X[i] @ new)))
        rises[i] = after - before
    return rises
