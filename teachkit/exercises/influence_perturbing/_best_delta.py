"""8.6: the move that raises a loss most, for two ways of measuring a move."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part
from ._cases import NOTEBOOK_N


def _cases() -> list[tuple]:
    # The last one is within its budget by either norm.
    long, other, short = [0.9, -2.1, 0.4, 1.3], [-1.7, 0.6, -0.8], [0.3, -0.5]
    return [
        (np.array(g), budget, norm)
        for g, budget in ((long, 0.3), (other, 1.6), (short, 1.1))
        for norm in (2, np.inf)
    ]


def _any_budget(draw):
    d = draw.whole(1, 6)
    g = draw.numbers(d, low=0.05, high=3.0) * np.array([draw.pick(-1.0, 1.0) for _ in range(d)])
    return g, draw.number(0.05, 2.0), draw.pick(2, np.inf)


def _largest_alone(g):
    return np.sign(g) * (np.abs(g) == np.abs(g).max())


@exercise(
    "8.6",
    "The best move for a budget",
    prompt="""`g` is I_pert,loss, (d,), without zeros. Return the delta that raises the test loss
    most, to first order, among all whose norm is at most `budget`. `norm` is 2 or np.inf: the
    2-norm, or the largest absolute entry (each pixel by `budget` at most).""",
    minutes=5,
    difficulty=2,
    cases=_cases,
    draw=_any_budget,
    hints=(
        "Which delta makes g'delta largest? In what do the two budgets differ?",
        """In the 2-norm the whole length is shared: where does a vector of fixed length have the
        largest product with g?""",
        """In the max-norm no entry takes anything from another. How far would you move a pixel of
        which g is tiny, and which way?""",
    ),
    explanation="""2-norm: along g, scaled to the budget, for g'delta = |g| |delta| cos. Max-norm:
    each entry goes as far as it may, by the sign of g, however small |g_k| is. The 1/n of the
    effect changes how much is gained, and not which delta is best.""",
    answer=formula(
        lambda two, largest, norm: two if norm == 2 else largest,
        two=part(
            lambda g, budget: budget * g / np.linalg.norm(g),
            ("sign for the 2-norm", lambda g, budget: budget * np.sign(g),
             """For the 2-norm you moved each entry by the budget: the 2-norm of that is sqrt(d)
             times too long. (And signs are not the best direction.) Go along g."""),
            ("sign scaled to the 2-norm", lambda g, budget: budget * np.sign(g) / np.sqrt(len(g)),
             """For the 2-norm yours is within the budget, but all entries have the same size. It
             pays to spend more where g is large: go along g itself."""),
            ("2-norm not scaled", lambda g, budget: budget * g,
             """For the 2-norm, budget times g has the length budget |g|. Divide by |g|."""),
            ("g within no budget", lambda g: g, lambda g: g / np.linalg.norm(g),
             "For the 2-norm the budget is not in it: the delta has to have that length."),
            ("not stretched", lambda g, budget: g * min(1.0, budget / np.linalg.norm(g)),
             ""),
            ("cut off", lambda g, budget: np.clip(g, -budget, budget),
             ""),
            ("divided by sqrt(d)", lambda g, budget: budget * g / np.sqrt(len(g)),
             lambda g, budget: budget * g / np.linalg.norm(g) / np.sqrt(len(g)),
             ""),
            ("divided by d", lambda g, budget: budget * g / np.linalg.norm(g) / len(g),
             ""),
            ("1-norm", lambda g, budget: budget * g / np.abs(g).sum(),
             """For the 2-norm you divided by the sum of the absolute entries, the 1-norm of g. The
             length is the root of the sum of squares: `np.linalg.norm(g)`."""),
            ("divided by the square", lambda g, budget: budget * g / (g @ g),
             """For the 2-norm you divided by |g|^2. A vector divided by its length has the length
             1: `np.linalg.norm(g)`."""),
            ("scaled by the largest", lambda g, budget: budget * g / np.abs(g).max(),
             """For the 2-norm, yours has the *largest entry* equal to the budget. Divide by the
             2-norm of g."""),
            ("largest entry alone", lambda g, budget: budget * _largest_alone(g),
             """For the 2-norm you spent the whole budget on one entry. That is best if the sum of
             the absolute entries is limited."""),
        ),
        largest=part(
            lambda g, budget: budget * np.sign(g),
            ("gradient for the max-norm", lambda g, budget: budget * g / np.linalg.norm(g),
             """For the max-norm yours goes along g. There no entry takes anything from another: all
             of them may go as far as the budget, by the sign of g."""),
            ("gradient scaled to the max-norm", lambda g, budget: budget * g / np.abs(g).max(),
             """For the max-norm yours is g, scaled so that its largest entry reaches the budget.
             All others stay below it, and they may go as far: take the sign of g."""),
            ("not stretched",
             lambda g, budget: g * min(1.0, budget / np.abs(g).max()), ""),
            ("cut off", lambda g, budget: np.clip(g, -budget, budget),
             ""),
            ("divided by sqrt(d)", lambda g, budget: budget * np.sign(g) / np.sqrt(len(g)),
             ""),
            ("divided by d", lambda g, budget: budget * np.sign(g) / len(g),
             ""),
            ("max-norm not scaled", lambda g: np.sign(g), lambda g: g,
             "For the max-norm the budget is not in it: each entry may go that far."),
            ("gradient times the budget", lambda g, budget: budget * g,
             """For the max-norm, budget times g leaves the budget where |g| is above 1, and wastes
             it where it is below. Take the sign of g."""),
            ("one entry of the max-norm", lambda g, budget: budget * _largest_alone(g),
             """For the max-norm you moved the entry with the largest |g| alone. All may move."""),
            ("one direction for all", lambda g, budget: budget * np.ones(len(g)),
             "For the max-norm you moved all entries up. Where g is negative, down is better."),
        ),
    ),
    mistakes=(
        ("cut off",
         """You cut each entry of g off at the budget. For the 2-norm that turns the direction, and
         the length is not the budget: scale g as a whole. For the max-norm it leaves the entries
         that are smaller than the budget where they are, and all may go as far: the sign of g."""),
        ("divided by sqrt(d)",
         """There is a sqrt(d) too much, or in the place of |g|. For the 2-norm divide by the length
         of g, `np.linalg.norm(g)`. In the max-norm d signs have the norm 1, for any d."""),
        ("divided by d",
         lambda g, budget, norm: budget * (g if norm == 2 else np.sign(g)) / len(g),
         lambda g, budget: budget * g / len(g), lambda g, budget: budget * np.sign(g) / len(g),
         """You divided by the number of entries, d. The budget is not shared out among them: for
         the 2-norm g has to have the length 1 first, and for the max-norm each entry may go as far
         as the budget."""),
        ("n of the notebook",
         lambda two, largest, norm: (two if norm == 2 else largest) / NOTEBOOK_N,
         """Yours is divided by 249: that is the `n` of the notebook. The 1/n changes how much is
         gained, and not which delta is best: the whole budget is spent."""),
        ("not stretched",
         """Where g is within the budget you left it as it is. More of it raises the loss more: the
         whole budget is spent."""),
        ("minus the answer", "-1",
         """This delta lowers the loss most. g is its gradient in delta: go along g, not against
         it."""),
        ("the gain",
         lambda g, budget, norm: budget * (np.linalg.norm(g) if norm == 2 else np.abs(g).sum()),
         "This is what the best delta gains, g'delta. Asked is the delta itself."),
        ("norms exchanged", lambda two, largest, norm: largest if norm == 2 else two,
         """The two norms are exchanged. Right is along g for the 2-norm, and by its signs for the
         max-norm."""),
    ),
)
def best_delta(g, budget, norm):
    """The delta, (d,), with the largest g'delta among those whose norm (2 or inf) is in budget."""
    if norm == 2:
        return budget * g / np.linalg.norm(g)
    return budget * np.sign(g)
