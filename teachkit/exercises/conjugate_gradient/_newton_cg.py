"""6.7: a Newton direction from products alone, stopped at negative curvature."""

from __future__ import annotations

import numpy as np

from .. import Mistake, exercise
from .._convergence import convergence
from ._formulas import system


def _points() -> list[tuple]:
    """Curvature positive throughout; negative at the third direction, at the first; 0 there."""
    H, g = system(6, 20.0, 9)
    Q, _ = np.linalg.qr(np.random.default_rng(10).standard_normal((6, 6)))
    later = (Q * np.array([6.0, 5.0, 4.0, 3.0, 2.0, -0.5])) @ Q.T
    towards = Q @ np.array([1.0, 0.8, -0.9, 0.7, 0.5, 0.4])
    return [
        (H, 3 * g, 0.3),  # 4 steps; 5 if tol is not relative, 3 if squares are compared, 6 without
        (H, 3 * g, 0.45),  # 3 steps; 4 and more if r'r is compared with tol |g| or with tol
        (H, g, 1e-8),
        ((later + later.T) / 2, towards, 1e-8),
        (np.diag([2.0, -3.0, 1.0, 0.5]), np.array([0.4, 1.0, -0.3, 0.2]), 1e-8),
        (np.diag([1.0, -1.0]), np.ones(2), 1e-8),
    ]


def _direction(
    H,
    g,
    tol,
    *,
    sign=-1.0,
    at_first=lambda g: -g,
    at_later=lambda d, p: d,
    stop=True,
    size=lambda curvature: curvature,
    bad=lambda curvature: curvature <= 0,
    small=lambda r, g, tol: np.sqrt(r @ r) <= tol * np.sqrt(g @ g),
):
    """The reference with its answers to negative curvature and its end exchangeable."""
    d, r = np.zeros_like(g), sign * g
    p = r.copy()
    for j in range(2 * len(g)):
        Hp = H @ p
        if stop and bad(p @ Hp):
            return at_first(g) if j == 0 else at_later(d, p)
        rr = r @ r
        alpha = rr / size(p @ Hp)
        d, r = d + alpha * p, r - alpha * Hp
        if small(r, g, tol):
            break
        p = r + (r @ r) / rr * p
    return d


def _measured(newton_cg_direction) -> str:
    """Newton's method with the learner's direction, on 1/2 x'A x - b'x + sum x^4 / 4."""
    A, b = system(5, 8.0, 11)

    def iterates(direction):
        x = np.zeros(5)
        for _ in range(9):
            yield x
            x = x + direction(A + np.diag(3 * x**2), A @ x - b + x**3, 1e-10)

    *_, solution = iterates(lambda H, g, tol: np.linalg.solve(H, -g))
    errors = [float(np.linalg.norm(x - solution)) for x in iterates(newton_cg_direction)]
    return f"As the step of Newton's method on a convex function it {convergence(errors)}."


@exercise(
    "6.7",
    "A Newton direction from products",
    prompt="""Solve H d = -g by conjugate gradients from d = 0, and stop as soon as
    |r| <= tol |g|, where r = -g - H d. H may be indefinite: before each step look at p'Hp. If it is
    not positive, return d as it is; if that happens at the very first direction, return -g. Use H
    only in products H @ p.""",
    minutes=12,
    difficulty=3,
    cases=_points,
    hints=(
        "It is `cg` with b = -g, a test before alpha and a test after the new r.",
        "At the first direction d is still 0, and 0 leads nowhere. That is why the first direction "
        "has a case of its own.",
        "`for j in range(2 * len(g)):` is loop enough; j tells whether it is the first direction.",
    ),
    explanation="""While p'Hp is positive, each step goes further down the second-order model, and
    g'd stays negative: whenever you stop, d points downhill. Along a direction of negative
    curvature the model falls without end, so there is no best length. This is the inner loop of
    the Newton-CG method (Nocedal and Wright, algorithm 7.1).""",
    mistakes=(
        Mistake(
            "uphill",
            lambda H, g, tol: _direction(H, g, tol, sign=1.0, at_first=lambda g: g),
            "Yours is exactly -1 times the answer: you solved H d = +g. A Newton direction goes "
            "down, H d = -g.",
        ),
        Mistake(
            "uphill, but for the first direction",
            lambda H, g, tol: _direction(H, g, tol, sign=1.0),
            "You solved H d = +g: yours is -1 times the answer, but where you return -g at once. "
            "Start with r = -g.",
        ),
        Mistake(
            "not stopped",
            lambda H, g, tol: _direction(H, g, tol, stop=False),
            "Right where H is positive definite. Where it is not, you went on: alpha becomes "
            "negative, or huge, and you may end at a saddle. Look at p'Hp before each step.",
        ),
        Mistake(
            "nothing at the first",
            lambda H, g, tol: _direction(H, g, tol, at_first=lambda g: 0 * g),
            "Right except where the first direction already has negative curvature: there you "
            "return 0, and the search has nowhere to go. Return -g, which is downhill.",
        ),
        Mistake(
            "zero allowed",
            lambda H, g, tol: _direction(H, g, tol, bad=lambda curvature: curvature < 0),
            "Right but for p'Hp = 0: alpha is then a division by zero. Stop there, too: p'Hp has "
            "to be positive.",
        ),
        Mistake(
            "uphill at the first",
            lambda H, g, tol: _direction(H, g, tol, at_first=lambda g: g),
            "Right except where the first direction already has no positive curvature: there you "
            "return +g, which is uphill. Return -g.",
        ),
        Mistake(
            "always -g",
            lambda H, g, tol: -g,
            "This is -g, steepest descent, whatever H is. Asked is the d that the loop has found.",
        ),
        Mistake(
            "curvature without its sign",
            lambda H, g, tol: _direction(H, g, tol, stop=False, size=abs),
            "You divide by |p'Hp|. Then each step is downhill, but along negative curvature the "
            "model has no best length: stop before.",
        ),
        Mistake(
            "the bad direction itself",
            lambda H, g, tol: _direction(H, g, tol, at_later=lambda d, p: p),
            "Where negative curvature is met later, you return p. It is downhill too, and throws "
            "away the work that d holds. Asked is d as it is.",
        ),
        Mistake(
            "-g at every negative curvature",
            lambda H, g, tol: _direction(H, g, tol, at_later=lambda d, p: -g),
            "Where negative curvature is met later, you go back to -g. Then the steps before it "
            "were for nothing: d is already a better direction than -g.",
        ),
        Mistake(
            "one bad step more",
            lambda H, g, tol: _direction(H, g, tol, at_later=lambda d, p: d + p),
            "Where negative curvature is met later, you take one more step along p. The model has "
            "no best length along it: stop before.",
        ),
        Mistake(
            "absolute tolerance",
            (
                lambda H, g, tol: _direction(
                    H, g, tol, small=lambda r, g, tol: np.sqrt(r @ r) <= tol
                ),
                lambda H, g, tol: _direction(
                    H, g, tol, small=lambda r, g, tol: np.sqrt(r @ r) <= tol**2 * np.sqrt(g @ g)
                ),
            ),
            "You go on for too long: the tolerance is compared with |r| alone, or squared. It is "
            "relative, |r| <= tol |g|: where |g| is large, a rough direction is good enough.",
        ),
        Mistake(
            "no tolerance",
            lambda H, g, tol: _direction(
                H, g, tol, small=lambda r, g, tol: np.sqrt(r @ r) <= 1e-12 * np.sqrt(g @ g)
            ),
            "You go on to the end, whatever tol is. The point of this loop is to stop early: as "
            "soon as |r| <= tol |g|.",
        ),
        Mistake(
            "squares compared",
            lambda H, g, tol: _direction(H, g, tol, small=lambda r, g, tol: r @ r <= tol * (g @ g)),
            "You compare r'r with tol g'g. Squares on both sides want tol squared, too; yours "
            "stops at the root of tol.",
        ),
        Mistake(
            "one square",
            (
                lambda H, g, tol: _direction(
                    H, g, tol, small=lambda r, g, tol: r @ r <= tol * np.sqrt(g @ g)
                ),
                lambda H, g, tol: _direction(H, g, tol, small=lambda r, g, tol: r @ r <= tol),
            ),
            "You compare r'r, the square of |r|. Take its root: |r| <= tol |g|.",
        ),
        Mistake(
            "solved outright",
            lambda H, g, tol: np.linalg.solve(H, -g),
            "This is the exact Newton direction. Where H is indefinite it may lead uphill, and it "
            "needs H itself; asked is the loop that stops.",
        ),
    ),
    remark=_measured,
)
def newton_cg_direction(H, g, tol):
    """A descent direction d, (p,), with H d close to -g; H is (p, p), perhaps indefinite."""
    d = np.zeros_like(g)
    r = -g
    p = r.copy()
    for j in range(2 * len(g)):
        Hp = H @ p
        if p @ Hp <= 0:
            return -g if j == 0 else d
        rr = r @ r
        alpha = rr / (p @ Hp)
        d = d + alpha * p
        r = r - alpha * Hp
        if np.sqrt(r @ r) <= tol * np.sqrt(g @ g):
            break
        p = r + (r @ r) / rr * p
    return d
