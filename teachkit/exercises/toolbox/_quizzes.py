"""Three questions on the toolbox."""

from __future__ import annotations

from .. import quiz, right

bowl = quiz(
    "toolbox.bowl",
    "`H = [[2, -3], [-3, 2]]`. Is $x'Hx$ a bowl?",
    right("No: the eigenvalues are 5 and $-1$.",
          """Along $(1, -1)$ it bends up ($2 + 3 = 5$), along $(1, 1)$ down ($2 - 3 = -1$). A
          saddle."""),
    ("Yes: the diagonal is positive.",
     """The diagonal tells how the form bends along the two axes. Between them it can bend the other
     way, and does: along $(1, 1)$."""),
    ("No: $H$ has negative entries.",
     """The answer is right and the reason is not: `[[2, -1], [-1, 2]]` has negative entries,
     eigenvalues 3 and 1, and is a bowl."""),
    ("It depends on $x$.",
     "The value $x'Hx$ does. Whether it is positive for every $x$ is a property of $H$."),
)

order = quiz(
    "toolbox.order",
    "When $h$ falls 10 times, the error falls 100 times. What is the order of the method?",
    ("1", "Order 1 means: $h$ falls 10 times, the error falls 10 times."),
    right("2",
          """An error $C h^2$ falls by $10^2$. On log-log axes: down two decades for one decade to
          the left, slope 2."""),
    ("10", "With order 10 the error would fall $10^{10}$ times."),
    ("That depends on $C$.",
     "$C$ shifts the line up or down on log-log axes. The ratio of two errors does not know it."),
)

blind_r = quiz(
    "toolbox.blind_r",
    "Predictions and truth have $r = 1.00$. What do you know?",
    ("The predictions are right.",
     """truth = 1.2 prediction + 0.3 has $r = 1$ as well, and so has every other straight line that
     rises."""),
    ("The slope of truth on prediction is 1.",
     "$r$ is the slope only when both have the same spread."),
    right("The points lie on a rising line; which one, $r$ does not say.",
          "$r$ ignores scale and offset. Slope 1 and intercept 0 have to be checked too."),
)
