"""6.6: the same with a preconditioner."""

from __future__ import annotations

import numpy as np

from .. import Mistake, exercise
from ._formulas import ending, march, system
from ._loop import wrong_loops


def _systems() -> list[tuple]:
    """M is not a multiple of I: then every version would be plain conjugate gradients."""
    (A, b), (B, c) = system(6, 20.0, 7), system(5, 8.0, 8)
    s, t = np.array([0.2, 0.5, 0.12, 0.6, 0.28, 0.16]), np.array([0.4, 0.14, 0.22, 0.64, 0.1])
    A, B = A * np.outer(s, s), B * np.outer(t, t)
    M = np.diag(np.diag(A))
    N = np.diag(np.diag(B)) + 0.3 * np.diag(t[:-1] * t[1:], 1) + 0.3 * np.diag(t[:-1] * t[1:], -1)
    return [(A, b, M, 1), (A, b, M, 2), (A, b, M, 3), (A, b, M, 6), (B, c, N, 2), (B, c, N, 4)]


def _run(A, b, M, k, **formulas):
    return march(A, b, k, **{"solve": lambda r: np.linalg.solve(M, r), **formulas})


def _slip(**formulas):
    return lambda *case: _run(*case, **formulas)


def _length_from(square):
    return {"length": lambda r, z, p, Ap, A: square(r, z) / (p @ Ap)}


def _beta_from(square):
    return {"beta": lambda old, new, p: square(*new) / square(*old)}


def _rr(r, z):
    return r @ r


def _zz(r, z):
    return z @ z


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
        """Copy your `cg`. Wherever a residual is a *direction* it becomes z; wherever r'r is a
        number it becomes r'z; r itself keeps its update.""",
        "z has to be made again after each update of r, before beta.",
    ),
    explanation="""With M = C C' this is plain conjugate gradients on C^-1 A C^-1' y = C^-1 b,
    x = C^-1' y, written so that C never appears: r'z is the squared length of the residual there.
    With M = I, z = r and it is `cg` again. The best M is close to A and cheap to solve with.""",
    mistakes=(
        ("r'r throughout", _slip(**_length_from(_rr), **_beta_from(_rr)),
         """The directions are made of z, and alpha and beta of r'r, as they stood in `cg`: the very
         first step has the wrong length already. r'r becomes r'z in both."""),
        ("beta from r'r", _slip(**_beta_from(_rr)),
         """The first step is right and the directions after it are not conjugate: beta is made of
         r'r. In the preconditioned method r'z stands in both places."""),
        ("alpha from r'r", _slip(**_length_from(_rr)),
         """The very first step has the wrong length: alpha has r'r above the line. Along p_0 = z
         the slope of the bowl is r'z."""),
        ("z'z",
         _slip(**_length_from(_zz), **_beta_from(_zz)),
         _slip(**_length_from(_zz)),
         _slip(**_beta_from(_zz)),
         """z'z stands in alpha, in beta or in both, where r'z belongs. Only one of the two factors
         becomes z: r'z is r'M^-1 r, the residual measured in the metric of M."""),
        ("length along z", _slip(length=lambda r, z, p, Ap, A: (r @ z) / (z @ A @ z)),
         """The first step is right, the later ones are too short: alpha has z'A z below the line.
         You walk along p, so the curvature that counts is p'A p."""),
        ("multiplied by M", lambda A, b, M, k: march(A, b, k, solve=lambda r: M @ r),
         """You multiplied by M. M looks like A, and what is wanted is something like A^-1: solve M
         z = r."""),
        ("starts along r", _slip(first=lambda r, z: r),
         """The first direction is r: at k = 1 that is a step of the wrong length down the plain
         residual. Begin along z."""),
        ("turns along r", _slip(turn=lambda old, new, beta, p: new.r + beta * p),
         """The first step is right; the later directions are made of the new r. In the
         preconditioned method they are made of the new z."""),
        ("diagonal of M", lambda A, b, M, k: march(A, b, k, solve=lambda r: r / np.diag(M)),
         "Right where M is diagonal. It need not be: solve M z = r with all of M."),
        Mistake(
            "z not renewed",  # r'z is 0 from then on, and so is alpha
            _slip(steps=lambda k, p: min(k, 1)),
            "After the first step x stands still, whatever k is. Either z is still the first one: "
            "r changes, so z = M^-1 r has to be made again, before beta; the new r has nothing "
            "along the old z, so r'z is 0. Or the `return` stands inside the loop and ends it.",
        ),
        ("no preconditioner", lambda A, b, M, k: march(A, b, k),
         "This is plain conjugate gradients: M is not used."),
        ("no old direction", _slip(beta=lambda *_: 0.0),
         """Each of your steps goes along z: this is steepest descent with a preconditioner, and it
         does not finish in p steps. What is missing is beta times the old direction."""),
        ("M^-1 A by plain CG",
         lambda A, b, M, k: march(np.linalg.solve(M, A), np.linalg.solve(M, b), k),
         """You ran plain conjugate gradients on M^-1 A x = M^-1 b. The solution is the same, but
         M^-1 A is not symmetric, and the method loses its promise: the directions are not
         conjugate, and p steps do not finish."""),
        *wrong_loops(_run, "z", "r'z", skip=("return inside the loop",)),
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
