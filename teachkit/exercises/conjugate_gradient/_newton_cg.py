"""6.7: a Newton direction from products alone, stopped at negative curvature."""

from __future__ import annotations

import numpy as np

from .. import better, exercise
from .._engine.convergence import convergence
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
        (H, g, 0.3),  # 4 steps; 5 if tol is squared, 3 if r'r is compared
        (H, g, 1e-8),
        ((later + later.T) / 2, towards, 1e-8),
        (np.diag([2.0, -3.0, 1.0, 0.5]), np.array([0.4, 1.0, -0.3, 0.2]), 1e-8),
        (np.diag([1.0, -1.0]), np.ones(2), 1e-8),
    ]


@np.errstate(divide="ignore", invalid="ignore")
def _direction(
    H,
    g,
    tol,
    *,
    sign=-1.0,
    at_first=lambda g: -g,
    at_later=lambda d, p, r, Hp: d,
    bad=lambda p, r, H: p @ H @ p <= 0,
    size=lambda curvature: curvature,
    beta=lambda rr, new: new / rr,
    small=lambda r, g, tol: r <= tol * g,
):
    """The reference with its answers to negative curvature and its end exchangeable."""
    d, r = np.zeros_like(g), sign * g
    p = r.copy()
    for j in range(2 * len(g)):  # NaN, if p'Hp is 0 and nobody looks
        Hp = H @ p
        if bad(p, r, H):
            return at_first(g) if j == 0 else at_later(d, p, r, Hp)
        rr = r @ r
        alpha = rr / size(p @ Hp)
        d, r = d + alpha * p, r - alpha * Hp
        if small(np.linalg.norm(r), np.linalg.norm(g), tol):
            break
        p = r + beta(rr, r @ r) * p
    return d


def _stopping(small):
    """The direction with another test of the lengths |r| and |g|."""
    return lambda H, g, tol: _direction(H, g, tol, small=small)


def _never(p, r, H):
    return False


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
        """At the first direction d is still 0, and 0 leads nowhere. That is why the first direction
        has a case of its own.""",
        "`for j in range(2 * len(g)):` is loop enough; j tells whether it is the first direction.",
    ),
    explanation="""While p'Hp is positive, each step goes further down the second-order model, and
    g'd stays negative: whenever you stop, d points downhill. Along a direction of negative
    curvature the model falls without end, so there is no best length. This is the inner loop of
    the Newton-CG method (Nocedal and Wright, algorithm 7.1).""",
    mistakes=(
        ("uphill", lambda H, g, tol: _direction(H, g, tol, sign=1.0, at_first=lambda g: g),
         """Yours is exactly -1 times the answer: you solved H d = +g. A Newton direction goes down,
         H d = -g."""),
        ("uphill, but for the first direction", lambda H, g, tol: _direction(H, g, tol, sign=1.0),
         """You solved H d = +g: yours is -1 times the answer, but where you return -g at once.
         Start with r = -g."""),
        ("not stopped", lambda H, g, tol: _direction(H, g, tol, bad=_never),
         """Right where H is positive definite. Where it is not, you went on: alpha becomes
         negative, or huge, and you may end at a saddle. Look at p'Hp before each step."""),
        ("nothing at the first", lambda H, g, tol: _direction(H, g, tol, at_first=lambda g: 0 * g),
         """Right except where the first direction already has negative curvature: there you return
         0, and the search has nowhere to go. Return -g, which is downhill."""),
        ("zero allowed", lambda H, g, tol: _direction(H, g, tol, bad=lambda p, r, H: p @ H @ p < 0),
         """Right but for p'Hp = 0: alpha is then a division by zero. Stop there, too: p'Hp has to
         be positive."""),
        ("uphill at the first", lambda H, g, tol: _direction(H, g, tol, at_first=lambda g: g),
         """Right except where the first direction already has no positive curvature: there you
         return +g, which is uphill. Return -g."""),
        ("always -g", lambda H, g, tol: -g,
         """This is -g, steepest descent, whatever H is. What is asked for is the d that the loop
         has found."""),
        ("curvature without its sign",
         lambda H, g, tol: _direction(H, g, tol, bad=_never, size=abs),
         """You divide by |p'Hp|. Then each step is downhill, but along negative curvature the model
         has no best length: stop before."""),
        ("the bad direction itself",
         lambda H, g, tol: _direction(H, g, tol, at_later=lambda d, p, *_: p),
         """Where negative curvature is met later, you return p. It is downhill too, and throws away
         the work that d holds. What is asked for is d as it is."""),
        ("-g at every negative curvature",
         lambda H, g, tol: _direction(H, g, tol, at_later=lambda *_: -g),
         """Where negative curvature is met later, you go back to -g. Then the steps before it were
         for nothing: d is already a better direction than -g."""),
        ("one bad step more",
         lambda H, g, tol: _direction(H, g, tol, at_later=lambda d, p, *_: d + p),
         """Where negative curvature is met later, you take one more step along p. The model has no
         best length along it: stop before."""),
        ("the curvature after the step", lambda H, g, tol: _direction(
             H, g, tol, at_later=lambda d, p, r, Hp: d + (r @ r) / (p @ Hp) * p
         ),
         """Where negative curvature is met later, the step along p is in your d already: you look
         at p'Hp after it. With p'Hp < 0 its alpha is negative, a step uphill. Look before."""),
        better("the library's last step", lambda H, g, tol: _direction(
                   H, g, tol, at_later=lambda d, p, r, Hp: d + (r @ r) / abs(p @ Hp) * p
               ),
               """Where negative curvature is met later, you add a last step along p, as long as if
               the curvature were |p'Hp|. The library does just that: it is downhill and leads away
               from a saddle. The task asks for d as it was before."""),
        ("curvature along r",
         lambda H, g, tol: _direction(H, g, tol, bad=lambda p, r, H: r @ H @ r <= 0),
         """You test r'Hr. At the first direction r and p are the same; later the step goes along p,
         where the curvature may be negative although it is positive along r. Test p'Hp."""),
        ("no old direction", lambda H, g, tol: _direction(H, g, tol, beta=lambda rr, new: 0.0),
         """Your steps go along the residuals, as in steepest descent, and need many more rounds.
         The next direction is r plus beta times the old p."""),
        ("one step only", _stopping(lambda r, g, tol: True),
         """Your d is that of one step, whatever tol is: a `return` or a `break` in the loop stands
         under no `if`, or the loop is missing."""),
        ("absolute tolerance", _stopping(lambda r, g, tol: r <= tol),
         """The tolerance is compared with |r| alone. It is relative: far from the minimum, where
         |g| is large, a rough direction is good enough."""),
        ("no tolerance", _stopping(lambda r, g, tol: r <= 1e-12 * g),
         """You go on to the end, whatever tol is. The point of this loop is to stop early: as soon
         as |r| <= tol |g|."""),
        ("squares compared", _stopping(lambda r, g, tol: r**2 <= tol * g**2),
         """You compare r'r with tol g'g. Squares on both sides want tol squared, too; yours stops
         at the root of tol."""),
        ("one square",
         _stopping(lambda r, g, tol: r**2 <= tol * g),
         _stopping(lambda r, g, tol: r**2 <= tol),
         """You compare r'r with tol |g|, or with tol alone: r'r is the square of |r|. With a square
         on one side only the test depends on the units of g. Take the root of r'r and compare it
         with tol |g|."""),
        ("tolerance squared", _stopping(lambda r, g, tol: r <= tol**2 * g),
         """You go on for too long: |r| is compared with tol^2 |g|. The square of tol belongs to r'r
         and g'g; among lengths it is tol itself."""),
        ("root of |g|", _stopping(lambda r, g, tol: r**2 <= tol**2 * g),
         """You compare r'r with tol^2 |g|: on the right tol is squared and |g| is not. Either |r|
         <= tol |g|, or r'r <= tol^2 g'g."""),
        ("solved outright", lambda H, g, tol: np.linalg.solve(H, -g),
         """This is the exact Newton direction. Where H is indefinite it may lead uphill, and it
         needs H itself; what is asked for is the loop that stops."""),
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
