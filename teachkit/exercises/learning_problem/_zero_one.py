"""2.3: the empirical risk that counts errors, with a house rule for the score 0."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part


def _cases() -> list[tuple]:
    # Scores that are no labels, and a 0 for each label (two, for one of them).
    score = np.array([0.7, -1.4, 0.0, 2.2, -0.3, 0.0, 1.1, 0.0, -2.6, 0.2, 0.6])
    y = np.array([1.0, 1.0, 1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0, 1.0])
    return [
        (score, y),
        (np.array([-0.9, 0.0, 1.8, 0.3, 1.0, -3.1, -0.2]),
         np.array([-1.0, -1.0, 1.0, 1.0, 1.0, 1.0, -1.0])),
        (np.array([1.3, 0.4, -2.0, -0.6, 0.8]), np.array([1, -1, -1, 1, 1])),
    ]  # fmt: skip


def _any_scored(draw):
    n = draw.whole(1, 9)
    score = draw.numbers(n, low=-2.0, high=2.0)
    for _ in range(draw.whole(0, 3)):
        score[draw.index(n)] = draw.pick(0.0, 0.0, 1.0, -1.0)
    y = np.array([draw.pick(-1.0, 1.0) for _ in range(n)])
    return score, draw.pick(y, y.astype(int))


@exercise(
    "2.3",
    "The share of errors",
    prompt="""`score` holds the values f(x_i) of a classifier, real numbers whose sign is the
    prediction; `y` holds the labels, -1 or +1; both are (n,). Return the empirical risk under the
    0-1 loss. The house rule: a score of exactly 0 predicts nothing, and counts as an error.""",
    minutes=4,
    difficulty=1,
    cases=_cases,
    draw=_any_scored,
    hints=(
        "When do score and label agree? Look at the sign of their product.",
        """An error is where the product is not positive. The empirical risk is the mean of the
        losses; the mean of True and False is the share of True.""",
    ),
    explanation="""The loss is theta(-y f), and what the step theta is at 0 has to be fixed: here
    1. So all errors are y f <= 0, and their share is the risk. Without the rule a classifier
    that always says 0 would have the risk 0, 1/2 or 1, as one likes.""",
    answer=formula(
        lambda wrong: np.mean(wrong),
        wrong=part(
            lambda score, y: y * score <= 0,
            ("zero is right", lambda score, y: y * score < 0,
             """Right but for scores of exactly 0: you let them pass, as `np.heaviside(-y * f, 0)`
             does. A classifier that always says 0 would have no error at all; by the house rule it
             has n."""),
            ("zero is half", lambda score, y: np.heaviside(-y * score, 0.5),
             lambda score, y: (np.sign(score) - y) ** 2 / 4,
             """Right but for scores of exactly 0, which count in part only in yours: a half, as
             `np.heaviside(-y * f, 0.5)` has it, or a quarter, as a square of differences does. By
             the house rule each is a whole error."""),
            ("zero is a label",
             lambda score, y: np.where(score >= 0, 1, -1) != y,
             lambda score, y: np.where(score > 0, 1, -1) != y,
             """Right but for scores of exactly 0: yours gives them a label, and half of them are
             then right by luck. By the house rule they are errors, whatever the label."""),
            ("score and label compared", lambda score, y: score != y,
             """You compare the score itself with the label: 0.7 is not +1, and yet predicts it.
             The *sign* of the score is the prediction."""),
            ("the right ones", lambda score, y: y * score > 0,
             """This is the share of the points that are right, the accuracy. The risk counts
             errors: 1 minus yours."""),
            ("labels ignored", lambda score: score <= 0,
             """The label is not in it: yours is the share of the scores that are not positive. An
             error is where the sign of the score is not the label."""),
            ("margin below 1", lambda score, y: y * score < 1, lambda score, y: y * score <= 1,
             """You count margins below 1, those that cost something under the hinge loss. An error
             is a margin that is not above 0."""),
            ("probabilities", lambda score, y: np.where(score > 0.5, 1, -1) != y,
             lambda score, y: (score > 0.5) != y,
             """You compare with 1/2, as one does with probabilities. These are scores: the boundary
             is at 0."""),
            ("labels 0 and 1", lambda score, y: (score > 0) != y,
             """You compare True and False, which are 1 and 0, with labels of -1 and +1: no negative
             point is ever right in yours. The sign of the score has to be compared."""),
            ("right less wrong", lambda score, y: np.sign(score) * y,
             """Yours counts +1 for what is right and -1 for what is wrong. An error counts 1, and
             what is right counts 0."""),
            ("far from the label", lambda score, y: np.abs(score - y) > 1,
             """You count scores that are more than 1 away from their label: 3.2 for +1 would be an
             error, and is on the right side. What counts is the sign of the score."""),
        ),
    ),
    mistakes=(
        ("the count", "n", "This is the number of errors. The empirical risk is their mean."),
        ("the losses", lambda wrong: np.asarray(wrong, float), lambda wrong: np.asarray(wrong),
         "These are the losses of the single points. The empirical risk is their mean, a number."),
        ("the positive points alone", lambda wrong, y: np.mean(np.asarray(wrong)[y > 0]),
         lambda wrong, y: np.mean(np.asarray(wrong)[y < 0]),
         """You look at the points of one class alone. The mean is over all n points."""),
        ("the hinge risk", lambda score, y: np.maximum(0, 1 - y * score).mean(),
         """This is the empirical risk under the hinge loss, which is larger. Here each point counts
         0 or 1."""),
    ),
)
def zero_one(score, y):
    """The share of errors of scores, (n,), for labels y of -1 and +1; a score of 0 is an error."""
    return np.mean(y * score <= 0)
