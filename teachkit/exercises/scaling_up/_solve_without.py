"""16.1: a system solved without one point, from the factor with it."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part
from .._slips.systems import any_bowl


def _factors() -> list[tuple]:
    A = np.array([[2.3, 0.7, -0.4], [0.7, 1.6, 0.5], [-0.4, 0.5, 1.9]])
    B = np.array([[1.4, -0.6], [-0.6, 2.2]])
    return [
        (np.linalg.cholesky(A), np.array([1.1, -0.6, 0.8]), 0.4, np.array([0.7, 1.9, -1.3])),
        (np.linalg.cholesky(B), np.array([-0.9, 1.3]), 0.55, np.array([2.1, 0.4])),
        (np.linalg.cholesky(A), np.array([0.2, 0.9, -0.7]), 0.0, np.array([-1.0, 0.3, 0.6])),
    ]


def _any_factor(draw):
    p = draw.whole(1, 4)
    A, x, r = any_bowl(draw, p), draw.numbers(p), draw.numbers(p)
    h = draw.pick(0.0, 0.9, draw.number(0.05, 0.85), draw.number(0.05, 0.85))
    length = x @ np.linalg.solve(A, x)
    if np.linalg.cond(A) > 1e3 or not 1e-9 < length < 1e9 or not r.any():
        return None
    return np.linalg.cholesky(A), x, float(h / length), r


def _solve(L, b):
    return np.linalg.solve(L.T, np.linalg.solve(L, b))


def _half(L, x, c, r):
    """L' times the answer."""
    w, t = np.linalg.solve(L, x), np.linalg.solve(L, r)
    return t + c * w * (w @ t) / (1 - c * (w @ w))


def _by(solve):
    """The slip in solving A z = b, where z is P or u."""
    return lambda L, b: solve(L, b)


SOLVED = part(
    _by(_solve),
    ("one triangle", _by(lambda L, b: np.linalg.solve(L, b)),
     _by(lambda L, b: np.linalg.solve(L.T, b)),
     """Only one of the two triangles is solved with. A = L L', so that A z = b takes two: L t = b
     for t, and then L' z = t."""),
    ("triangles exchanged", _by(lambda L, b: np.linalg.solve(L, np.linalg.solve(L.T, b))),
     """You solve with L' first and with L then, which is (L' L)^-1 b. A is L L': what stands on the
     left is solved with first, L."""),
    ("one triangle twice", _by(lambda L, b: np.linalg.solve(L, np.linalg.solve(L, b))),
     _by(lambda L, b: np.linalg.solve(L.T, np.linalg.solve(L.T, b))),
     "You solve with the same triangle twice. The second is the transposed one: L, then L'."),
    ("taken for an upper one", _by(lambda L, b: b / np.diag(L) ** 2),
     """Only the diagonal of L is in yours. So it is where a factor is taken for an upper one: L is
     lower, `cho_solve((L, True), b)` and `solve_triangular(L, b, lower=True)`. And so it is with
     `L * L.T`, entry by entry: A is `L @ L.T`."""),
    ("times A", _by(lambda L, b: L @ (L.T @ b)),
     "You multiply by A = L L' where A^-1 is asked for: solve with L and then with L'."),
    ("not solved at all", _by(lambda L, b: b),
     "A^-1 is missing here: x or r themselves stand in the place of A^-1 x or A^-1 r."),
)


@exercise(
    "16.1",
    "Without one point, from the factor with it",
    prompt="""A is symmetric positive definite, and `L` its lower Cholesky factor, A = L L'. Return
    (A - c x x')^-1 r, (p,), without factoring anything anew: solve with L and L' only. (`c` is a
    number for which A - c x x' is positive definite. `np.linalg.solve` will do for triangles.)""",
    minutes=7,
    difficulty=2,
    cases=_factors,
    draw=_any_factor,
    hints=(
        """Two solves with A are enough, whatever c is: one for r and one for x. Which of them does
        not change when another r is asked about?""",
        """Write z = (A - c x x')^-1 r, so that A z = r + c x (x . z). The number x . z is not
        known yet: multiply by A^-1, then by x'.""",
        "With P = A^-1 r and u = A^-1 x: x . z = x . P + c (x . u) (x . z). Solve for x . z.",
    ),
    explanation="""z = P + c u (x . P) / (1 - c x . u), the formula of Sherman and Morrison. A is
    factored once and serves every point i with its own x and c; what is paid for one more is
    two triangles, p^2 each, and some products of vectors. 1 - c x . u is what is left of 1 once the
    leverage is taken off: where it is 0, nothing holds theta along x any longer.""",
    answer=formula(
        lambda P, u, x, c: P + u * c * (x @ P) / (1 - c * (x @ u)),
        P=SOLVED.at(b="r"),
        u=SOLVED.at(b="x"),
    ),
    mistakes=(
        ("minus the correction", lambda P, u, x, c: P - u * c * (x @ P) / (1 - c * (x @ u)),
         """The correction has the wrong sign: it is P *plus* it. Without the point A is softer, so
         the answer along x becomes longer."""),
        ("1 + c below", lambda P, u, x, c: P + u * c * (x @ P) / (1 + c * (x @ u)),
         """Below the line stands 1 + c x . u in yours. A loses c x x': it is 1 - c x . u, less than
         1, and the answer grows."""),
        ("the point added", lambda P, u, x, c: P - u * c * (x @ P) / (1 + c * (x @ u)),
         """This solves with A + c x x', as if the point came once more: both signs are turned.
         Here it leaves."""),
        ("c missing", lambda P, u, x, c: P + u * (x @ P) / (1 - c * (x @ u)),
         lambda P, u, x, c: P + u * c * (x @ P) / (1 - x @ u),
         lambda P, u, x, c: P + u * (x @ P) / (1 - x @ u),
         """c is missing above the line, below it, or in both. c x x' leaves as a whole: c stands in
         front of x . P and of x . u."""),
        ("x'r for x'P", lambda P, u, x, c, r: P + u * c * (x @ r) / (1 - c * (x @ u)),
         "x . r stands in yours. It is x . P with P = A^-1 r: r has been solved with by then."),
        ("x'x for x'u", lambda P, u, x, c: P + u * c * (x @ P) / (1 - c * (x @ x)),
         "Below the line stands c x . x in yours. It is c x . u with u = A^-1 x, the leverage."),
        ("x for u in front", lambda P, u, x, c: P + x * c * (x @ P) / (1 - c * (x @ u)),
         "The correction runs along u = A^-1 x, not along x."),
        ("no correction", lambda P: P,
         "This is A^-1 r, with the point still in A."),
        ("the correction alone", lambda P, u, x, c: u * c * (x @ P) / (1 - c * (x @ u)),
         "This is the correction. P = A^-1 r belongs before it."),
        ("not divided", lambda P, u, x, c: P + u * c * (x @ P),
         """You stop after one round: z appears on both sides, and x . z = (x . P) / (1 - c x . u)
         is what has to stand in the place of x . P."""),
        ("all divided", lambda P, u, x, c: (P + u * c * (x @ P)) / (1 - c * (x @ u)),
         lambda P, u, x, c: P / (1 - c * (x @ u)),
         """The division goes too far: 1 / (1 - c x . u) belongs to the correction alone. In
         directions that the point does not touch nothing changes."""),
        ("multiplied", lambda P, u, x, c: P + u * c * (x @ P) * (1 - c * (x @ u)),
         "You multiply by 1 - c x . u. The correction is divided by it."),
        ("the outer product", lambda P, u, x, c: np.outer(u, x) * c / (1 - c * (x @ u)),
         """This is a matrix, the correction of A^-1. Times r and added to P it is the answer; but
         no matrix is needed: x . P is a number."""),
        ("c taken off the factor", lambda L, x, c, r: _solve(L - c * np.outer(x, x), r),
         lambda L, x, c, r: _solve(np.tril(L - c * np.outer(x, x)), r),
         """You take c x x' off the factor L. It leaves A, and the factor of what is left is another
         matrix: the formula does without that one."""),
        ("brackets", lambda P, u, x, c: P + u * c * (x @ P) / 1 - c * (x @ u),
         """Brackets are missing: `... / 1 - c * (x @ u)` divides by 1 and then subtracts. All of
         1 - c x . u stands below the line."""),
        ("halves, and L at the end",
         lambda L, x, c, r: np.linalg.solve(L, _half(L, x, c, r)),
         """You solve with L for both halves, which is a good way, and with L once more at the end.
         A = L L', so that the last triangle is L'."""),
        ("x'x for x x'", lambda L, x, c, r: np.linalg.solve(L @ L.T - c * (x @ x), r),
         """c x'x is one number, and it is taken off every entry of A. x x' is a matrix, (p, p): for
         vectors `x @ x.T` is x'x, and `np.outer(x, x)` is x x'."""),
        ("x times x entry by entry", lambda L, x, c, r: np.linalg.solve(L @ L.T - c * x * x, r),
         """`x * x` is a vector, and it is taken off every row of A. x x' is a matrix, (p, p):
         `np.outer(x, x)`."""),
        ("entry by entry", lambda P, u, x, c: P + u * c * x * P / (1 - c * x * u),
         lambda P, u, x, c: P + u * c * (x @ P) / (1 - c * x * u),
         lambda P, u, x, c: P + u * c * x * P / (1 - c * (x @ u)),
         """`x * P` or `x * u` is a vector, entry by entry. x . P and x . u are numbers: `x @ P` and
         `x @ u`."""),
        ("half of the way", lambda L, x, c, r: _half(L, x, c, r),
         "The last triangle is missing: solve with L' what you have."),
        ("squared c", lambda P, u, x, c: P + u * c**2 * (x @ P) / (1 - c**2 * (x @ u)),
         "c is squared in yours. c x x' has it once."),
    ),
)
def solve_without(L, x, c, r):
    """(A - c x x')^-1 r, (p,), with A = L L'; L is (p, p), x and r are (p,), c a number."""
    P = np.linalg.solve(L.T, np.linalg.solve(L, r))
    u = np.linalg.solve(L.T, np.linalg.solve(L, x))
    return P + u * c * (x @ P) / (1 - c * (x @ u))
