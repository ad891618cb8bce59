"""6.6: the same with a preconditioner."""

from __future__ import annotations

import numpy as np

from .. import Mistake, exercise
from ._formulas import ending, march, system


def _systems() -> list[tuple]:
    """M is not a multiple of I: then every version would be plain conjugate gradients."""
    (A, b), (B, c) = system(6, 20.0, 7), system(5, 8.0, 8)
    s, t = np.array([0.2, 0.5, 0.12, 0.6, 0.28, 0.16]), np.array([0.4, 0.14, 0.22, 0.64, 0.1])
    A, B = A * np.outer(s, s), B * np.outer(t, t)
    M = np.diag(np.diag(A))
    N = np.diag(np.diag(B)) + 0.3 * np.diag(t[:-1] * t[1:], 1) + 0.3 * np.diag(t[:-1] * t[1:], -1)
    return [(A, b, M, 1), (A, b, M, 2), (A, b, M, 3), (A, b, M, 6), (B, c, N, 2), (B, c, N, 4)]


def _with(M, **formulas):
    return {"solve": lambda r: np.linalg.solve(M, r), **formulas}


def _measured(pcg) -> str:
    A, b, M, _ = _systems()[0]
    return ending(lambda k: pcg(A, b, M, k), A, b)


@exercise(
    "6.6",
    "With a preconditioner",
    prompt="""The same with a preconditioner: M is symmetric positive definite, shape (p, p), and
    easy to solve with. After every change of r take z = M^-1 r (`np.linalg.solve(M, r)` will do).

    p_0 = z_0. alpha = r'z / p'Ap; x + alpha p; r - alpha A p; the new z; and the next direction is
    the new z plus beta times the old p, beta = (new r'z) / (old r'z). From x = 0, k steps.""",
    minutes=8,
    difficulty=2,
    cases=_systems,
    hints=(
        "Copy your `cg`. Wherever a residual is a *direction* it becomes z; wherever r'r is a "
        "number it becomes r'z; r itself keeps its update.",
        "z has to be made again after each update of r, before beta.",
    ),
    explanation="""With M = C C' this is plain conjugate gradients on C^-1 A C^-1' y = C^-1 b,
    x = C^-1' y, written so that C never appears: r'z is the squared length of the residual there.
    With M = I, z = r and it is `cg` again. The best M is close to A and cheap to solve with.""",
    mistakes=(
        Mistake(
            "beta from r'r",
            lambda A, b, M, k: march(
                A, b, k, **_with(M, beta=lambda rz, new, r, r_new: (r_new @ r_new) / (r @ r))
            ),
            "The first step is right and the directions after it are not conjugate: beta is made "
            "of r'r. In the preconditioned method r'z stands in both places.",
        ),
        Mistake(
            "alpha from r'r",
            lambda A, b, M, k: march(
                A, b, k, **_with(M, length=lambda r, z, p, Ap: (r @ r) / (p @ Ap))
            ),
            "The very first step has the wrong length: alpha has r'r above the line. Along p_0 = z "
            "the slope of the bowl is r'z.",
        ),
        Mistake(
            "multiplied by M",
            lambda A, b, M, k: march(A, b, k, solve=lambda r: M @ r),
            "You multiplied by M. M looks like A, and what is wanted is something like A^-1: solve "
            "M z = r.",
        ),
        Mistake(
            "starts along r",
            lambda A, b, M, k: march(A, b, k, **_with(M, first=lambda r, z: r)),
            "The first direction is r: at k = 1 that is a step of the wrong length down the plain "
            "residual. Begin along z.",
        ),
        Mistake(
            "turns along r",
            lambda A, b, M, k: march(A, b, k, **_with(M, turn=lambda z, beta, p: M @ z + beta * p)),
            "The first step is right; the later directions are made of the new r. In the "
            "preconditioned method they are made of the new z.",
        ),
        Mistake(
            "diagonal of M",
            lambda A, b, M, k: march(A, b, k, solve=lambda r: r / np.diag(M)),
            "Right where M is diagonal. It need not be: solve M z = r with all of M.",
        ),
        Mistake(
            "z not renewed",
            lambda A, b, M, k: march(  # after the first step r'z is 0, perhaps exactly
                A, b, k, **_with(M, renew=False, beta=lambda rz, new, *_: new / rz if rz else 0.0)
            ),
            "The first step is right; after it z is still the first one. r changes, so z = M^-1 r "
            "has to be made again, before beta.",
        ),
        Mistake(
            "no preconditioner",
            lambda A, b, M, k: march(A, b, k),
            "This is plain conjugate gradients: M is not used.",
        ),
        Mistake(
            "M^-1 A by plain CG",
            lambda A, b, M, k: march(np.linalg.solve(M, A), np.linalg.solve(M, b), k),
            "You ran plain conjugate gradients on M^-1 A x = M^-1 b. The solution is the same, but "
            "M^-1 A is not symmetric, and the method loses its promise: the directions are not "
            "conjugate, and p steps do not finish.",
        ),
    ),
    remark=_measured,
)
def pcg(A, b, M, k):
    """x after k steps of conjugate gradients preconditioned by M (p, p), from 0; b is (p,)."""
    x = np.zeros_like(b)
    r = b.copy()
    z = np.linalg.solve(M, r)
    p = z.copy()
    for _ in range(k):
        Ap = A @ p
        rz = r @ z
        alpha = rz / (p @ Ap)
        x = x + alpha * p
        r = r - alpha * Ap
        z = np.linalg.solve(M, r)
        p = z + (r @ z) / rz * p
    return x
