"""6.7: a Newton direction from products alone, stopped at negative curvature."""

from __future__ import annotations

import numpy as np

from .. import better, exercise, formula, part, rule
from .._engine.convergence import convergence
from .._slips.conjugate_gradients import ENDLESS, SMALL, loop, march
from .._slips.systems import any_bowl, any_vector, system


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
        (H, g, 0.8),  # 3 steps; 4 if the r before is compared, 1 if the largest entry is
        (H, g, 1e-8),
        ((later + later.T) / 2, towards, 1e-8),
        (np.diag([2.0, -3.0, 1.0, 0.5]), np.array([0.4, 1.0, -0.3, 0.2]), 1e-8),
        (np.diag([1.0, -1.0]), np.array([1.0, 1.0]), 1e-8),
    ]


_LOOP = loop("r", "r'r", "d", "H", "-g")
_AFTER = """Where the curvature is not positive, the step along p is in your d already: you look at
    p'Hp after it. With p'Hp < 0 its alpha is negative, a step uphill. Look before."""
_DIRECTION = formula(march, A=lambda H: H, b=lambda g: -g, **_LOOP | {
    "k": part(
        lambda g: 2 * len(g),
        ("one step only", lambda: 1,
         """Your d is that of one step, whatever tol is: a `return` or a `break` in the loop stands
         under no `if`, or the loop is missing."""),
    ),
    "start": part(
        lambda g: (np.zeros_like(g), -g),
        ("uphill, but for the first direction", lambda g: (np.zeros_like(g), g),
         """You solved H d = +g: yours is -1 times the answer, but where you return -g at once.
         Start with r = -g, and add alpha p."""),
        ("starts at -g", lambda g: (-g, -g), lambda H, g: (-g, H @ g - g),
         """Your d begins at -g. The task begins at d = 0, where r = -g - H d is -g. (The first
         direction is -g, and so is what is returned if its curvature is not positive.)"""),
    ),
    "curvature": rule(
        lambda pAp: None if pAp <= 0 else pAp,
        ("not stopped", lambda pAp: pAp,
         """Right where H is positive definite. Where it is not, you went on: alpha becomes
         negative, or huge, and you may end at a saddle. Look at p'Hp before each step."""),
        ("zero allowed", lambda pAp: None if pAp < 0 else pAp,
         """Right but for p'Hp = 0: alpha is then a division by zero. Stop there, too: p'Hp has to
         be positive."""),
        ("curvature without its sign", lambda pAp: abs(pAp),
         """You divide by |p'Hp|. Then each step is downhill, but along negative curvature the model
         has no best length: stop before."""),
        ("curvature along r", lambda pAp, r, A: None if r @ A @ r <= 0 else pAp,
         """You test r'Hr. At the first direction r and p are the same; later the step goes along p,
         where the curvature may be negative although it is positive along r. Test p'Hp."""),
    ),
    "at_first": part(
        lambda g: -g,
        ("the curvature after the step", lambda H, g: -(g @ g) / (g @ H @ g) * g, _AFTER),
        ("nothing at the first", lambda g: 0 * g,
         """Right except where the first direction already has negative curvature: there you return
         0, and the search has nowhere to go. Return -g, which is downhill."""),
        ("uphill at the first", lambda g: g,
         """Right except where the first direction already has no positive curvature: there you
         return +g, which is uphill. Return -g."""),
    ),
    "at_later": rule(
        lambda x: x,
        ("the bad direction itself", lambda p: p,
         """Where negative curvature is met later, you return p. It is downhill too, and throws away
         the work that d holds. What is asked for is d as it is."""),
        ("-g at every negative curvature", lambda g: -g,
         """Where negative curvature is met later, you go back to -g. Then the steps before it were
         for nothing: d is already a better direction than -g."""),
        ("one bad step more", lambda x, p: x + p,
         """Where negative curvature is met later, you take one more step along p. The model has no
         best length along it: stop before."""),
        ("the curvature after the step", lambda x, rz, pAp, p: x + rz / pAp * p, _AFTER),
        better("the library's last step", lambda x, rz, pAp, p: x + rz / abs(pAp) * p,
               """Where negative curvature is met later, you add a last step along p, as long as if
               the curvature were |p'Hp|. The library does just that: it is downhill and leads away
               from a saddle. The task asks for d as it was before."""),
    ),
    "returned": _LOOP["returned"].at(without=("solved outright",)).more(
        ("minus d at the end", lambda x: -x,
         """Your d has the wrong sign where the loop ends by tol: `return d`, with no minus. The
         minus is that of r = -g, where it begins."""),
    ),
    "small": SMALL,
})


def _endless(H, g, tol, **exchanged):
    """A `while` loop, with no limit of its own to the number of steps."""
    exchanged["k"] = lambda: ENDLESS
    return _DIRECTION.of(("H", "g", "tol")).answer((H, g, tol), exchanged)


def _any_point(draw):
    """Positive definite or not; 0 along the first direction only where nothing can be rounded."""
    p = draw.whole(1, 6)
    s = np.array([draw.pick(1.0, 1.0, 0.03) for _ in range(p)])
    H, g = any_bowl(draw, p) * np.outer(s, s), any_vector(draw, p)
    tol = draw.pick(1e-8, draw.number(0.01, 0.5), draw.number(0.5, 0.95))
    if draw.chance(0.1):
        j = draw.index(p)
        H[j, j], g = 0.0, draw.pick(-1.0, 2.0) * np.eye(p)[j]
        return H, g, tol
    if draw.chance(0.1):  # soft along the second axis: little of g is left for it, and much of d
        g = draw.pick(1.0, 1e-3) * np.array([1.0, draw.pick(5e-7, 0.05)])
        return np.diag([1.0, 1e-3]), g, 1e-8
    H = H - draw.pick(0.0, 0.0, 0.3, 1.1) * H[0, 0] * np.eye(p)
    return (H, g, tol) if _margin(H, g, tol) > 1e-5 else None


def _margin(H, g, tol) -> float:
    """By how much the closest of the loop's tests comes out."""
    margins = []

    def curvature(pAp, p):
        margins.append(pAp / (p @ p) / np.linalg.norm(H))
        return None if pAp <= 0 else pAp

    def small(r, g):
        margins.append(r / (tol * g) - 1)
        return r <= tol * g

    tested = {"curvature": curvature, "small": small}
    _DIRECTION.of(("H", "g", "tol")).answer((H, g, tol), tested)
    return min(map(abs, margins))


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
    draw=_any_point,
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
    answer=_DIRECTION,
    mistakes=(
        ("uphill", "-1",
         "You solved H d = +g. A Newton direction goes down, H d = -g."),
        ("steepest descent",
         lambda H, g, tol: _endless(H, g, tol, beta=lambda: 0.0),
         """Each of your steps goes along r: this is steepest descent, which takes far more than
         len(g) steps, and along an indefinite H perhaps for ever. The new direction is r plus beta
         times the old one."""),
        ("always -g", lambda g: -g,
         """This is -g, steepest descent, whatever H is. What is asked for is the d that the loop
         has found."""),
        ("solved outright", lambda H, g: np.linalg.solve(H, -g),
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
