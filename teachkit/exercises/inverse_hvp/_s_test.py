"""9.1: H^-1 times a gradient, from products alone."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part
from .._engine.mistake import Aside
from .._slips.conjugate_gradients import SMALL, loop, march
from .._slips.systems import any_vector
from ._cases import by_hand, matrix, pool


def _gradients() -> list[tuple]:
    six, four = (hessian.times for hessian in by_hand())
    g = np.array([1.2, -0.4, 0.9, 0.3, -1.1, 0.6])
    h = np.array([0.5, 1.4, -0.7, 0.2])
    return [(six, 3 * g, 0.3), (six, 0.4 * g, 0.1), (six, g, 0.03), (six, g, 1e-8),
            (four, h, 0.2), (four, 2 * h, 0.02)]  # fmt: skip


_LOOP = loop("r", "r'r", "s", "H", "g")
_S_TEST = formula(
    march,
    A=lambda hvp, g: matrix(hvp, len(g)),
    b=lambda g: g,
    **_LOOP
    | {
        "k": part(
            lambda g: 2 * len(g),
            ("one step only", lambda: 1,
             """Your s is that of one step, whatever tol is: a `return` or a `break` in the loop
             stands under no `if`, or the loop is missing."""),
        ),
        "start": part(
            lambda g: (np.zeros_like(g), g),
            ("starts elsewhere",
             lambda hvp, g: (np.ones_like(g), g - hvp(np.ones_like(g))),
             lambda g: (np.ones_like(g), g), lambda hvp, g: (g, g - hvp(g)), lambda g: (g, g),
             """Your s begins at ones, or at g. The task begins at s = 0, where the residual
             g - H s is g itself and costs no product: `np.zeros_like(g)`. (From another start the
             residual is g - hvp(s), or the end is not the solution.)"""),
        ),
        "returned": _LOOP["returned"].at(without=("solved outright",)),
        "small": SMALL.at(without=("no tolerance",)),
    },
)  # fmt: skip


def _any_gradient(draw):
    hessian = draw.pick(*pool())
    g, tol = any_vector(draw, hessian.p), draw.pick(1e-6, draw.number(0.01, 0.9))
    return (hessian.times, g, tol) if _margin(hessian.times, g, tol) > 1e-5 else None


def _margin(hvp, g, tol) -> float:
    """By how much the closest of the loop's tests comes out."""
    margins = []

    def small(r, g):
        margins.append(abs(r / (tol * g) - 1))
        return r <= tol * g

    _S_TEST.of(("hvp", "g", "tol")).answer((hvp, g, tol), {"small": small})
    return min(margins)


def _counted(function) -> str:
    """How many products the answer asks for, and how many the right one does."""
    hvp, g, tol = by_hand()[0].times, np.array([1.2, -0.4, 0.9, 0.3, -1.1, 0.6]), 0.1

    def products_of(solve) -> int:
        asked = []

        def counting(v):
            asked.append(v)
            return hvp(v)

        solve(counting, g.copy(), tol)
        return len(asked)

    mine, least = products_of(function), products_of(s_test.reference)
    said = f"Counted for p = 6 and tol = 0.1: {mine} products with H"
    if mine <= least:
        return f"{said}."
    said += f", where {least} are enough."
    if mine < 2 * least:  # a look at the start or at the end
        return f"{said} At s = 0 the residual is g itself, and r comes along with the steps."
    return Aside(f"{said} Ask for H p once in each step and keep it.")


@exercise(
    "9.1",
    "s_test from products",
    prompt="""Return s_test = H^-1 g, where `g` is the gradient of the test loss, (p,), and H is
    known only by products: hvp(v) gives H v. Use conjugate gradients from s = 0 and stop as soon as
    |r| <= tol |g|, where r = g - H s is what is left; g is not 0, and 0 < tol < 1. A product
    with H is dear: ask for one in each step. The check counts them, and passes
    less than twice as many as are needed.""",
    minutes=8,
    difficulty=2,
    cases=_gradients,
    draw=_any_gradient,
    hints=(
        """It is the method of lesson 06 with hvp(p) in the place of A p, and a test that ends it.
        In which two lines of a step does H p occur?""",
        """In alpha and in the new residual: ask for it once and keep it. At s = 0 the residual is g
        itself, and no product is needed.""",
        "`for _ in range(2 * len(g)):` is loop enough; leave it when |r| is small.",
    ),
    explanation="""One product a step, and the residual comes along for nothing. How many steps it
    takes depends on the eigenvalues of H, not on p and not on n. The minus of influence comes
    later: I_up,loss = -s_test' grad L(z_i), one dot product for each training point.""",
    answer=_S_TEST,
    mistakes=(
        ("minus s_test", "-1",
         """That is where the test point would pull theta, -H^-1 g. s_test itself has no minus; it
         comes with the influence, -s_test' grad L(z_i)."""),
        ("absolute tolerance",
         """The tolerance is compared with |r| alone. It is relative: a test point with a small
         gradient wants the same number of digits as one with a large one."""),
        ("solved outright",
         lambda hvp, g: np.linalg.solve(matrix(hvp, len(g)), g),
         """This is H^-1 g to all digits, whatever tol is. Either the loop goes on to its end, or H
         was built column by column, which takes p products. For a large model these cannot be
         paid: stop as soon as |r| <= tol |g|."""),
        ("H times g", lambda hvp, g: hvp(g),
         "This is H g. Asked is the s with H s = g."),
        ("g itself", lambda g: g,
         "This is the gradient, as if H were the identity. Asked is the s with H s = g."),
    ),
    remark=_counted,
)
def s_test(hvp, g, tol):
    """H^-1 g, (p,), to |g - H s| <= tol |g|; hvp(v) gives H v, and g is (p,)."""
    s = np.zeros_like(g)
    r = g.copy()
    p = r.copy()
    for _ in range(2 * len(g)):
        Hp = hvp(p)
        rr = r @ r
        alpha = rr / (p @ Hp)
        s = s + alpha * p
        r = r - alpha * Hp
        if np.sqrt(r @ r) <= tol * np.sqrt(g @ g):
            break
        p = r + (r @ r) / rr * p
    return s
