"""6.3: the method itself."""

from __future__ import annotations

import numpy as np

from .. import exercise
from ._formulas import ending, march, system
from ._loop import wrong_loops


def _systems() -> list[tuple]:
    """At k = 1 all versions agree; two and three steps tell them apart, six finish."""
    (A, b), (B, c) = system(6, 20.0, 5), system(5, 8.0, 6)
    return [(A, b, 1), (A, b, 2), (A, b, 3), (A, b, 6), (B, c, 2), (B, c, 4)]


def _shared(A, b, k):
    """r changed in place, while p is still the same array."""
    x, r = np.zeros_like(b), b.copy()
    p = r
    for _ in range(k):
        Ap, rr = A @ p, r @ r
        alpha = rr / (p @ Ap)
        x = x + alpha * p
        r -= alpha * Ap
        p = r + (r @ r) / rr * p
    return x


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
    mistakes=(
        ("length along r",
         lambda A, b, k: march(A, b, k, length=lambda r, z, p, Ap, A: (r @ r) / (r @ A @ r)),
         """The first step is right, the later ones are too short: alpha has r'A r below the line.
         You walk along p, so the curvature that counts is p'A p, which is smaller."""),
        ("steepest descent", lambda A, b, k: march(A, b, k, beta=lambda *_: 0.0),
         """Each of your steps goes along the residual: this is steepest descent, and it does not
         finish in p steps. What is missing is beta times the old direction."""),
        ("r and p the same array", _shared,
         """After `p = r` both names mean the same array, and `r -= ...` changes p as well. Begin
         with `p = r.copy()`, or write `r = r - ...`, which makes a new array."""),
        ("minus the solution", lambda A, b, k: -march(A, b, k),
         """Yours is exactly -1 times the answer. The minimum of 1/2 x'A x minus b'x solves A x = b;
         with a plus, as on the slide (slip C2), it would be -A^-1 b. Start with r = b."""),
        *wrong_loops(march, "r", "r'r"),
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
