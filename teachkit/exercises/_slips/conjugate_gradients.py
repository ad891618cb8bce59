"""The loop of conjugate gradients with every formula in it exchangeable, and the slips in each.

6.3 has it plain, 6.6 with z = M^-1 r, 6.7 with two ways to stop, 9.1 with one.
"""

from __future__ import annotations

import numpy as np

from .. import part, rule
from .._engine.mistake import NeverEnds
from .._engine.parts import Part, call

ENDLESS = 10_000  # a loop of so many steps is one that waits for an end


@np.errstate(all="ignore")  # a slip may divide by 0
def march(
    A, b, k, start, first, alpha, along, residual, beta, turn, keep, returned,
    solve=lambda r: r, curvature=lambda pAp: pAp, at_first=None, at_later=None, small=None, tol=0,
):
    """k steps from start, which is x and r; each formula asks by name for what it needs.

    `curvature` may end it before a step, by None, and `small` after one, from the lengths of r, of
    the r before, and of b, or from R and B themselves.
    """
    x, r = start
    z, norm = solve(r), np.linalg.norm
    p = call(first, {"r": r, "z": z})
    for j in range(k):
        Ap = A @ p
        now = {"A": A, "g": -b, "x": x, "r": r, "z": z, "rz": r @ z, "p": p, "Ap": Ap}
        now["pAp"] = p @ Ap
        bend = call(curvature, now)
        if bend is None:
            return at_first if j == 0 else call(at_later, now)
        now["pAp"] = bend
        now["alpha"] = call(alpha, now)
        x = x + now["alpha"] * call(along, now)
        new_r = call(residual, now)
        new_z = solve(new_r)
        now |= {"new_r": new_r, "new_z": new_z, "new_rz": new_r @ new_z}
        now["beta"] = call(beta, now)
        p = call(turn, now)
        r, z = call(keep, {"old": (r, z), "new": (new_r, new_z)})
        lengths = {"old": norm(now["r"]), "r": norm(r), "g": norm(b)}
        if small and call(small, {**lengths, "R": r, "B": b, "tol": tol}):
            break
    else:
        if k >= ENDLESS:
            raise NeverEnds
    return call(returned, {"A": A, "b": b, "x": x, "r": r})


def loop(r: str, rr: str, x: str = "x", A: str = "A", b: str = "b") -> dict[str, Part]:
    """The parts of march; the words are those of the exercise: r'r, or r'z where r becomes z."""
    return {
        "k": part(
            lambda k: k,
            ("return inside the loop", lambda k: min(k, 1),
             """Your x is that of one step, whatever k is: the `return` stands inside the loop and
             ends it. Move it to the left, below the loop."""),
            ("one step too few", lambda k: k - 1,
             """Your x is that of k - 1 steps. x_0 = 0 is where you stand before the first step, and
             k steps are taken."""),
            ("one step too many", lambda k, b: min(k + 1, len(b)),
             "Your x is that of k + 1 steps. x_0 = 0 is where you stand before the first step."),
        ),
        "start": part(
            lambda b: (np.zeros_like(b), b),
            ("starts elsewhere",
             lambda A, b: (np.ones_like(b), b - A.sum(axis=1)), lambda b: (np.ones_like(b), b),
             lambda A, b: (b, b - A @ b), lambda b: (b, b),
             """Your x begins at ones, or at b. The task begins at x = 0, where b - A x is b:
             `np.zeros_like(b)`. (From another start r_0 = b - A x_0, or the end is not the
             solution.)"""),
        ),
        "first": rule(lambda z: z),
        "alpha": rule(
            lambda rz, pAp: rz / pAp,
            (f"length along {r}", lambda A, z, rz: rz / (z @ A @ z),
             f"""The first step is right, the later ones are too short: alpha has {r}'{A} {r} below
             the line. You walk along p, so the curvature that counts is p'{A} p, which is
             smaller."""),
            ("minus alpha", lambda rz, pAp: -rz / pAp,
             f"""Your alpha has a minus. r = {b} - {A} {x} points down, and {x} + alpha p goes along
             it: alpha is positive."""),
            ("length from p'p", lambda p, pAp: (p @ p) / pAp,
             f"""Your alpha is p'p / p'{A} p. What stands above the line is how steeply the bowl
             falls along p, r'p, and that is {rr}: p also holds old directions, along which nothing
             is left."""),
        ),
        "along": rule(
            lambda p: p,
            ("x along the residual", lambda z: z,
             f"""The first step is right; then {x} moves along {r}, and r as if it had moved along
             p. Both belong to one step: {x} + alpha p, r - alpha {A} p."""),
        ),
        "residual": rule(
            lambda r, alpha, Ap: r - alpha * Ap,
            ("residual plus", lambda r, alpha, Ap: r + alpha * Ap,
             f"""The first step is right, and after it r is no residual any more: you have
             r + alpha {A} p. {x} grows by alpha p, so r = {b} - {A} {x} loses alpha {A} p."""),
            ("residual without A", lambda r, alpha, p: r - alpha * p,
             f"""Yours subtracts alpha p from r: {A} is missing. {x} moves by alpha p, so
             r = {b} - {A} {x} loses alpha {A} p."""),
            ("residual along itself",
             lambda r, alpha, A: r - alpha * A @ r, lambda r, alpha, A, z: r - alpha * A @ z,
             f"""Yours subtracts alpha {A} {r} from r. {x} moves along p, by alpha p, so
             r = {b} - {A} {x} loses alpha {A} p."""),
        ),
        "beta": rule(
            lambda new_rz, rz: new_rz / rz,
            ("steepest descent", lambda: 0.0,
             f"""Each of your steps goes along {r}: this is steepest descent, and it does not finish
             in p steps. beta times the old direction is missing, or beta is 0, as an old {r} and a
             new r meet in it: these are perpendicular."""),
            ("beta upside down", lambda new_rz, rz: rz / new_rz,
             f"""The first step is right; after it your directions grow where they should shrink:
             beta is upside down. It is the new {rr} over the old one."""),
            ("beta negative",
             lambda new_rz, rz: -new_rz / rz, lambda new_z, r, new_r, rz: new_z @ (r - new_r) / rz,
             f"""beta has the wrong sign. The old direction is added; with the minus the new one is
             not conjugate to it: print p_new'{A} p, which should be 0."""),
            ("beta is 1", lambda: 1.0,
             f"""Your beta is 1: by the time it is made, r has changed, and the new {rr} stands
             above and below the line. Keep the old one under a name of its own before r
             changes."""),
            ("beta without squares", lambda new_rz, rz: np.sqrt(new_rz / rz),
             f"""Close after two steps, and it never finishes: your beta is a quotient of lengths,
             such as |r_new| / |r|. It is the quotient of their squares, of {rr} itself."""),
            ("beta over p'p", lambda new_rz, p: new_rz / (p @ p),
             f"""The first step is right; your beta has p'p below the line. There stands the old
             {rr}, the same number as above, one step earlier."""),
        ),
        "turn": rule(
            lambda new_z, beta, p: new_z + beta * p,
            ("turns along the old residual", lambda z, beta, p: z + beta * p,
             f"""The first step is right, and the next direction is made of the old {r}: it goes
             where you have just been. Take the new one, {r}_new + beta p."""),
            ("no residual", lambda beta, p: beta * p,
             f"""Your directions are all one line, ever shorter: in the new p the new {r} is
             missing, {r} + beta p."""),
            ("beta on the residual", lambda new_z, beta, p: beta * new_z + p,
             f"""beta stands at the wrong vector: you have beta {r} + p. The new {r} comes whole,
             and the old direction is what is weighted."""),
        ),
        "keep": rule(
            lambda new: new,
            ("the new r not kept", lambda old: old,
             """The first step is right; from the second on every alpha, beta and residual is made
             of the first one. A line is missing at the end of the loop: what is new becomes old,
             `r = r_new` (and the same for whatever else you gave a new name)."""),
        ),
        "returned": rule(
            lambda x: x,
            ("the residual", lambda r: r,
             f"""You return r, what is left of {b}: it goes to 0. What is asked for is {x}, where
             you stand."""),
            ("solved outright", lambda A, b: np.linalg.solve(A, b),
             """This is the solution, whatever k is. What is asked for is where the method stands
             after k steps; at k = p they agree."""),
        ),
    }


SMALL = rule(  # r, the old one and g are lengths
    lambda r, g, tol: r <= tol * g,
    ("absolute tolerance", lambda r, tol: r <= tol,
     """The tolerance is compared with |r| alone. It is relative: far from the minimum, where
     |g| is large, a rough direction is good enough."""),
    ("the r before", lambda old, g, tol: old <= tol * g,
     """One step too many: you compare the r from before the step. Look at the new one, or at
     the top of the loop."""),
    ("largest entry", lambda R, B, tol: abs(R).max() <= tol * abs(B).max(),
     "You compare the largest entries of r and g. |r| is the length: np.linalg.norm."),
    ("no tolerance", lambda r, g: r <= 1e-12 * g,
     """You go on to the end, whatever tol is. The point of this loop is to stop early: as soon
     as |r| <= tol |g|."""),
    ("squares compared", lambda r, g, tol: r**2 <= tol * g**2,
     """You compare r'r with tol g'g. Squares on both sides want tol squared, too; yours stops
     at the root of tol."""),
    ("one square",
     lambda r, g, tol: r**2 <= tol * g, lambda r, tol: r**2 <= tol,
     """You compare r'r with tol |g|, or with tol alone: r'r is the square of |r|. With a square
     on one side only the test depends on the units of g. Take the root of r'r and compare it
     with tol |g|."""),
    ("tolerance squared", lambda r, g, tol: r <= tol**2 * g,
     """You go on for too long: |r| is compared with tol^2 |g|. The square of tol belongs to r'r
     and g'g; among lengths it is tol itself."""),
    ("root of |g|", lambda r, g, tol: r**2 <= tol**2 * g,
     """You compare r'r with tol^2 |g|: on the right tol is squared and |g| is not. Either
     |r| <= tol |g|, or r'r <= tol^2 g'g."""),
)
