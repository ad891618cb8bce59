"""6.6: the same with a preconditioner."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part, rule
from .._slips.conjugate_gradients import loop, march
from .._slips.systems import any_bowl, any_vector, ending, system, unfinished
from ._cg import cg


def _systems() -> list[tuple]:
    """M is not a multiple of I: then every version would be plain conjugate gradients."""
    (A, b), (B, c) = system(6, 20.0, 7), system(5, 8.0, 8)
    s, t = np.array([0.2, 0.5, 0.12, 0.6, 0.28, 0.16]), np.array([0.4, 0.14, 0.22, 0.64, 0.1])
    A, B = A * np.outer(s, s), B * np.outer(t, t)
    M = np.diag(np.diag(A))
    N = np.diag(np.diag(B)) + 0.3 * np.diag(t[:-1] * t[1:], 1) + 0.3 * np.diag(t[:-1] * t[1:], -1)
    return [(A, b, M, 1), (A, b, M, 2), (A, b, M, 3), (A, b, M, 6), (B, c, N, 2), (B, c, N, 4)]


def _any_system(draw):
    p = draw.whole(1, 6)
    A, b, k, other = any_bowl(draw, p), any_vector(draw, p), draw.whole(1, p), any_bowl(draw, p)
    M = draw.pick(np.diag(np.diag(A)), np.diag(np.diag(other)), other, other)
    return (A, b, M, k) if unfinished(A, b, pcg.reference(A, b, M, k - 1)) else None


_LOOP = loop("z", "r'z")
_ZZ = """z'z stands where r'z belongs. Only one of the two factors becomes z: r'z is r'M^-1 r, the
    residual measured in the metric of M. Look at alpha, and at beta."""


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
    draw=_any_system,
    hints=(
        """Copy your `cg`. Wherever a residual is a *direction* it becomes z; wherever r'r is a
        number it becomes r'z; r itself keeps its update.""",
        "z has to be made again after each update of r, before beta.",
    ),
    explanation="""With M = C C' this is plain conjugate gradients on C^-1 A C^-1' y = C^-1 b,
    x = C^-1' y, written so that C never appears: r'z is the squared length of the residual there.
    With M = I, z = r and it is `cg` again. The best M is close to A and cheap to solve with.""",
    answer=formula(march, **_LOOP | {
        "solve": part(
            lambda M: lambda r: np.linalg.solve(M, r),
            ("multiplied by M", lambda M: lambda r: M @ r,
             """You multiplied by M. M looks like A, and what is wanted is something like A^-1:
             solve M z = r."""),
            ("arguments of solve", lambda M: lambda r: np.linalg.solve(r, M),
             "The matrix comes first: `np.linalg.solve(M, r)` gives the z with M z = r."),
            ("diagonal of M", lambda M: lambda r: r / np.diag(M),
             "Right where M is diagonal. It need not be: solve M z = r with all of M."),
            ("no preconditioner", lambda: lambda r: r,
             "This is plain conjugate gradients: M is not used."),
        ),
        "first": rule(
            lambda z: z,
            ("starts along r", lambda r: r,
             """The first direction is r: at k = 1 that is a step of the wrong length down the plain
             residual. Begin along z."""),
        ),
        "alpha": _LOOP["alpha"].more(
            ("alpha from r'r", lambda r, pAp: (r @ r) / pAp,
             """The very first step has the wrong length: alpha has r'r above the line. Along
             p_0 = z the slope of the bowl is r'z."""),
            ("z'z", *2 * (lambda z, pAp: (z @ z) / pAp,), _ZZ),  # with each of those in beta
        ),
        "beta": _LOOP["beta"].more(
            ("beta from r'r", lambda r, new_r: (new_r @ new_r) / (r @ r),
             """beta is made of r'r, so the directions are not conjugate. With a preconditioner r'z
             stands above the line and below."""),
            ("z'z", lambda z, new_z: (new_z @ new_z) / (z @ z),
             lambda rz, new_z: (new_z @ new_z) / rz, _ZZ),
        ),
        "turn": _LOOP["turn"].more(
            ("turns along r", lambda new_r, beta, p: new_r + beta * p,
             """The first step is right; the later directions are made of the new r. In the
             preconditioned method they are made of the new z."""),
        ),
        "k": _LOOP["k"].at(called={"return inside the loop": "z not renewed"}),
    }),
    mistakes=(
        ("solved outright",
         """This is the solution, from the first step on: either z is A^-1 r, where A stands in the
         place of M, or A x = b was solved outright. What is asked for is where the method with this
         M stands after k steps."""),
        ("z not renewed",  # r'z is 0 from then on, and so is alpha
         """After the first step x stands still, whatever k is. Either z is still the first one: r
         changes, so z = M^-1 r has to be made again, before beta; the new r has nothing along the
         old z, so r'z is 0. Or the `return` stands inside the loop and ends it."""),
        ("M^-1 A by plain CG",
         lambda A, b, M, k: cg.reference(np.linalg.solve(M, A), np.linalg.solve(M, b), k),
         """You ran plain conjugate gradients on M^-1 A x = M^-1 b. The solution is the same, but
         M^-1 A is not symmetric, and the method loses its promise: the directions are not
         conjugate, and p steps do not finish."""),
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
