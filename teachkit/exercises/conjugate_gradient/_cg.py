"""6.3: the method itself."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula
from .._slips.conjugate_gradients import loop, march
from .._slips.systems import any_bowl, any_vector, ending, system, unfinished


def _systems() -> list[tuple]:
    """At k = 1 all versions agree; two and three steps tell them apart, six finish."""
    (A, b), (B, c) = system(6, 20.0, 5), system(5, 8.0, 6)
    return [(A, b, 1), (A, b, 2), (A, b, 3), (A, b, 6), (B, c, 2), (B, c, 4)]


def _any_system(draw):
    p = draw.whole(1, 6)
    A, b, k = any_bowl(draw, p), any_vector(draw, p), draw.whole(1, p)
    return (A, b, k) if unfinished(A, b, cg.reference(A, b, k - 1)) else None


def _measured(cg) -> str:
    A, b = system(6, 20.0, 5)
    return ending(lambda k: cg(A, b, k), A, b)


@exercise(
    "6.3",
    "Conjugate gradients",
    prompt="""Write the method. Start at x = 0 and return x after k steps. A is symmetric positive
    definite, shape (p, p); b has shape (p,).

    p_0 = r_0 = b. In each step: alpha = r'r / p'Ap, then x + alpha p, then r - alpha A p; and the
    next direction is the new r plus beta times the old p, beta = (new r'r) / (old r'r).""",
    minutes=12,
    difficulty=2,
    cases=_systems,
    draw=_any_system,
    hints=(
        """Five lines in a loop: A p, alpha, x, the new r, the new p. Which r'r do you still need
        when r has changed?""",
        "Keep `rr = r @ r` from before the update, and make the new one after it.",
        """Compare with `np.linalg.solve(A, b)` at k = 6: they must agree to rounding. If they do
        not, look at k = 2; at k = 1 nearly every mistake is invisible.""",
    ),
    explanation="""alpha is the best length along p, as in 6.2. beta is chosen so that the new p is
    conjugate to the old one, p_new'A p = 0; that it is then conjugate to all the older ones is the
    small miracle of the method, and why nothing older has to be kept. -r_new'A p / p'A p is
    the same beta; so is Polak and Ribiere's r_new'(r_new - r) / r'r.""",
    answer=formula(march, **loop("r", "r'r")),
    mistakes=(
        ("minus the solution", "-1",
         """The minimum of 1/2 x'A x minus b'x solves A x = b; with a plus, as on the slide (slip
         C2), it would be -A^-1 b. Start with r = b."""),
    ),
    remark=_measured,
)
def cg(A, b, k):
    """x after k steps of conjugate gradients from 0; A is (p, p), b is (p,)."""
    x = np.zeros_like(b)
    r = b.copy()
    p = r.copy()
    for _ in range(k):
        Ap = A @ p
        rr = r @ r
        alpha = rr / (p @ Ap)
        x = x + alpha * p
        r = r - alpha * Ap
        p = r + (r @ r) / rr * p
    return x
