"""Slips in the loop of conjugate gradients, and what to tell: for 6.3, and for 6.6 with its z."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .. import Mistake
from ._formulas import Formula

# In the messages [r] is the residual where it is a direction, r or z, and [rr] is r'r or r'z.
_SLIPS: tuple[tuple[str, tuple[dict[str, Formula], ...], str], ...] = (
    (
        "the new r not kept",
        ({"keep": lambda old, new: old},),
        "The first step is right; from the second on every alpha, beta and residual is made of the "
        "first one. A line is missing at the end of the loop: what is new becomes old, "
        "`r = r_new` (and the same for whatever else you gave a new name).",
    ),
    (
        "residual plus",
        ({"residual": lambda r, z, alpha, Ap, A: r + alpha * Ap},),
        "The first step is right, and after it r is no residual any more: you have r + alpha A p. "
        "x grows by alpha p, so r = b - A x loses alpha A p.",
    ),
    (
        "residual along itself",
        (
            {"residual": lambda r, z, alpha, Ap, A: r - alpha * A @ r},
            {"residual": lambda r, z, alpha, Ap, A: r - alpha * A @ z},
        ),
        "Yours subtracts alpha A [r] from r. x moves along p, by alpha p, so r = b - A x loses "
        "alpha A p.",
    ),
    (
        "turns along the old residual",
        ({"turn": lambda old, new, beta, p: old.z + beta * p},),
        "The first step is right, and the next direction is made of the old [r]: it goes where you "
        "have just been. Take the new one, [r]_new + beta p.",
    ),
    (
        "length from p'p",
        ({"length": lambda r, z, p, Ap, A: (p @ p) / (p @ Ap)},),
        "Your alpha is p'p / p'A p. What stands above the line is how steeply the bowl falls along "
        "p, r'p, and that is [rr]: p also holds old directions, along which nothing is left.",
    ),
    (
        "x along the residual",
        ({"along": lambda r, z, p: z},),
        "The first step is right; then x moves along [r], and r as if it had moved along p. Both "
        "belong to one step: x + alpha p, r - alpha A p.",
    ),
    (
        "beta upside down",
        ({"beta": lambda old, new, p: (old.r @ old.z) / (new.r @ new.z)},),
        "The first step is right; after it your directions grow where they should shrink: beta is "
        "upside down. It is the new [rr] over the old one.",
    ),
    (
        "beta negative",
        (
            {"beta": lambda old, new, p: -(new.r @ new.z) / (old.r @ old.z)},
            {"beta": lambda old, new, p: new.z @ (old.r - new.r) / (old.r @ old.z)},
        ),
        "beta has the wrong sign. The old direction is added; with the minus the new one is "
        "not conjugate to it: print p_new'A p, which should be 0.",
    ),
    (
        "beta is 1",
        ({"beta": lambda old, new, p: 1.0},),
        "Your beta is 1: by the time it is made, r has changed, and the new [rr] stands above "
        "and below the line. Keep the old one under a name of its own before r changes.",
    ),
    (
        "beta without squares",
        ({"beta": lambda old, new, p: np.sqrt((new.r @ new.z) / (old.r @ old.z))},),
        "Close after two steps, and it never finishes: your beta is a quotient of lengths, such as "
        "|r_new| / |r|. It is the quotient of their squares, of [rr] itself.",
    ),
    (
        "beta over p'p",
        ({"beta": lambda old, new, p: (new.r @ new.z) / (p @ p)},),
        "The first step is right; your beta has p'p below the line. There stands the old [rr], the "
        "same number as above, one step earlier.",
    ),
    (
        "beta on the residual",
        ({"turn": lambda old, new, beta, p: beta * new.z + p},),
        "beta stands at the wrong vector: you have beta [r] + p. The new [r] comes whole, and "
        "the old direction is what is weighted.",
    ),
    (
        "starts at ones",
        (
            {"start": lambda A, b: (np.ones_like(b), b - A.sum(axis=1))},
            {"start": lambda A, b: (np.ones_like(b), b.copy())},
        ),
        "Your x begins at ones. The task begins at x = 0, where b - A x is b: `np.zeros_like(b)`. "
        "(From another start r_0 = b - A x_0, or the end is not the solution.)",
    ),
    (
        "return inside the loop",
        ({"steps": lambda k, p: min(k, 1)},),
        "Your x is that of one step, whatever k is: the `return` stands inside the loop and ends "
        "it. Move it to the left, below the loop.",
    ),
    (
        "one step too few",
        ({"steps": lambda k, p: k - 1},),
        "Your x is that of k - 1 steps. x_0 = 0 is where you stand before the first step, and "
        "k steps are taken.",
    ),
    (
        "one step too many",
        ({"steps": lambda k, p: min(k + 1, p)},),
        "Your x is that of k + 1 steps. x_0 = 0 is where you stand before the first step.",
    ),
)


def wrong_loops(
    run: Callable[..., Any], r: str, rr: str, skip: tuple[str, ...] = ()
) -> tuple[Mistake, ...]:
    """The slips as mistakes of the exercise whose answer is run(its arguments, its formulas)."""

    def answer(formulas: dict[str, Formula]) -> Callable[..., Any]:
        return lambda *case: run(*case, **formulas)

    def left_over(A: np.ndarray, b: np.ndarray, *rest: Any) -> Any:
        return b - A @ run(A, b, *rest)

    return (
        *(
            Mistake(name, tuple(map(answer, slips)), message.replace("[rr]", rr).replace("[r]", r))
            for name, slips, message in _SLIPS
            if name not in skip
        ),
        Mistake(
            "the residual",
            left_over,
            "You return r, what is left of b: it goes to 0. What is asked for is x, where you "
            "stand.",
        ),
        Mistake(
            "solved outright",
            lambda A, b, *rest: np.linalg.solve(A, b),
            "This is the solution, whatever k is. What is asked for is where the method stands "
            "after k steps; at k = p they agree.",
        ),
    )
