"""Three questions on the toolbox."""

from __future__ import annotations

from .. import Choice, Quiz

bowl = Quiz(
    "toolbox.bowl",
    "H = [[2, -3], [-3, 2]]. Is x'Hx a bowl?",
    (
        Choice(
            "No: the eigenvalues are 5 and -1.",
            "Along (1, -1) it bends up (2 + 3 = 5), along (1, 1) down (2 - 3 = -1). A saddle.",
            right=True,
        ),
        Choice(
            "Yes: the diagonal is positive.",
            "The diagonal tells how the form bends along the two axes. Between them it can bend "
            "the other way, and does: along (1, 1).",
        ),
        Choice(
            "No: H has negative entries.",
            "The answer is right and the reason is not: [[2, -1], [-1, 2]] has negative entries, "
            "eigenvalues 3 and 1, and is a bowl.",
        ),
        Choice(
            "It depends on x.",
            "The value x'Hx does. Whether it is positive for *all* x is a property of H.",
        ),
    ),
)

order = Quiz(
    "toolbox.order",
    "When h falls 10 times, the error falls 100 times. What is the order of the method?",
    (
        Choice("1", "Order 1 means: h falls 10 times, the error falls 10 times."),
        Choice(
            "2",
            "An error C h^2 falls by 10^2. On log-log axes: down two decades for one decade to the "
            "left, slope 2.",
            right=True,
        ),
        Choice("10", "With order 10 the error would fall 10^10 times."),
        Choice(
            "That depends on C.",
            "C shifts the line up or down on log-log axes. The ratio of two errors does not know "
            "it.",
        ),
    ),
)

blind_r = Quiz(
    "toolbox.blind_r",
    "Predictions and truth have r = 1.00. What do you know?",
    (
        Choice(
            "The predictions are right.",
            "truth = 1.2 prediction + 0.3 has r = 1 as well, and so has every other straight line "
            "that rises.",
        ),
        Choice(
            "The slope of truth on prediction is 1.",
            "r is the slope only when both have the same spread.",
        ),
        Choice(
            "The points lie on a rising line; which one, r does not say.",
            "r ignores scale and offset. Slope 1 and intercept 0 have to be checked too.",
            right=True,
        ),
    ),
)
