"""4.2: one BFGS update of an approximate inverse Hessian."""

from __future__ import annotations

import numpy as np

import teachkit

from .. import better, exercise, formula, part, rule
from ._measures import update_at_work
from ._pairs import CURVATURE, any_update, updates

OUTER = part(
    np.outer,
    ("entry by entry", lambda a, b: a * b,
     """`s * y` and `s * s` are vectors of products, entry by entry. The matrices are
     `np.outer(s, y)` and `np.outer(s, s)`."""),
    ("numbers for matrices", lambda a, b: a @ b,
     """`s @ y.T` and `s @ s.T` are numbers: an array of shape (p,) is neither a row nor a column,
     and .T leaves it as it is. The matrices are np.outer(s, y), np.outer(s, s). (With columns,
     `s @ y.T` is the matrix, and the number below it is `s.T @ y`.)"""),
    ("no brackets", lambda a, b, s, y: np.outer(a, b) / s @ y * (s @ y),
     """Brackets are missing: `/` and `@` have the same rank and go from left to right, so
     `... / s @ y` divides by the vector s. Write `... / (s @ y)`."""),
)


def _dfp(B, s, y):
    By = B @ y
    return B - np.outer(By, By) / (y @ By) + np.outer(s, s) / (s @ y)


def _sr1(B, s, y):
    r = s - B @ y
    return B + np.outer(r, r) / (r @ y)


@exercise(
    "4.2",
    "The BFGS update",
    prompt="""B, (p, p), is the guess at the inverse Hessian so far, and symmetric. Return the BFGS
    update with the pair `s`, `y`, both (p,): the symmetric matrix with B+ y = s that is nearest to
    B where the bowl is round, as section 4 derives it. It is written with B, s and y alone.""",
    minutes=8,
    difficulty=2,
    cases=updates,
    draw=any_update,
    hints=(
        """Multiply step 4 of section 4 by G^(-1/2) from both sides. What becomes of the projection,
        G^(-1/2) P G^(1/2), with G^(1/2) s in the place of s^ and y in that of G s?""",
        """That is V = I - s y'/(s'y). The last term, with G^(-1/2) on both sides, is s s'/(s'y). So
        B+ = V B V' + s s'/(s'y).""",
        "A column times a row: `np.outer(s, y)` is the matrix s y', and `s @ y` the number s'y.",
        """Which of V and V' stands on the left can be tested: B+ y has to be s, so V' y has to be
        0.""",
    ),
    explanation="""V'y = y - y (s'y)/(s'y) = 0, so V B V' knows nothing of the pair any more, and
    s s'/(s'y) y = s brings it back in. V B V' and s s' are symmetric, so B+ is.""",
    answer=formula(
        lambda s, y, one, sy, in_V, product, B, ss, below: (
            product(one - sy / in_V(s, y), B) + ss / below(s, y)
        ),
        one=part(
            lambda s: np.eye(len(s)),
            ("1 for I", lambda: 1.0,
             """`1 - ...` takes the matrix from a matrix of ones. I has ones on its diagonal only:
             `np.eye(len(s))`."""),
        ),
        sy=OUTER.at(a="s", b="y").more(
            ("plus in V", lambda s, y: -np.outer(s, y),
             """V = I - s y'/(s'y), with a minus. With a plus V'y is 2y, and B+ keeps what it said
             about y four times over; with a minus V'y is 0."""),
        ),
        in_V=CURVATURE.at("In V:"),
        product=rule(
            lambda V, B: V @ B @ V.T,
            ("transposed", lambda V, B: V.T @ B @ V,
             """V and V' are exchanged, or y s' stands for s y'. Try it: B+ y must be s, so it is V'
             on the right that has to make y vanish."""),
            ("V twice", lambda V, B: V @ B @ V,
             """V stands on both sides as it is, so B+ is not symmetric. The right one is
             transposed, `V.T`: it is V' that makes y vanish."""),
            ("star for @",
             lambda V, B: V * B * V.T, lambda V, B: V @ B * V.T, lambda V, B: V * B @ V.T,
             "`*` multiplies matrices entry by entry. The products in V B V' are `@`."),
            ("no B", lambda V, B: V @ V.T,
             """B does not occur in yours: V V' is the update of I. What earlier pairs have taught
             stands in B, between V and V'."""),
            ("B inverted", lambda V, B: V @ np.linalg.inv(B) @ V.T,
             """You inverted B. It is a guess at the inverse already, and so is B+: nothing is
             inverted."""),
            ("one side only", lambda V, B: V @ B,
             """V stands on one side only, so B+ is not symmetric. V' on the right is what takes out
             what B said about y."""),
        ),
        ss=OUTER.at(a="s", b="s").more(
            ("nothing added", lambda: 0.0,
             """You took out what B said about y and put nothing in its place: B+ y is 0, so B+ is
             not even invertible. s s'/(s'y) is missing."""),
            ("minus s s'", lambda s: -np.outer(s, s),
             """You took s s'/(s'y) away, so B+ y = -s, and B+ is not positive definite. It is
             added: that is how s comes back in."""),
            ("other outer product",
             lambda y: np.outer(y, y), lambda s, y: np.outer(s, y), lambda s, y: np.outer(y, s),
             """A y stands in the outer product that is added, so B+ y is not s. Added is
             s s'/(s'y): times y that is s."""),
        ),
        below=CURVATURE.at("Under s s':"),
    ),
    mistakes=(
        ("s and y exchanged", lambda B, s, y: teachkit.bfgs_update(B, y, s),
         """Yours has B+ s = y: with s and y exchanged this is a formula for the direct Hessian (it
         is the DFP update). B stands for the inverse, B+ y = s."""),
        ("direct Hessian", lambda B, s, y: _dfp(B, y, s),
         """This is the BFGS formula for the direct Hessian, which has B+ s = y. Here B is the
         inverse, so that a direction costs a product and no system."""),
        better("DFP", _dfp,
               """This is a valid update with another name: Davidon, Fletcher and Powell's, the
               older brother of BFGS. It meets the secant equation and stays positive definite too,
               but repairs a bad B more slowly."""),
        better("SR1", _sr1,
               """This is a valid update with another name: symmetric rank one. It meets the secant
               equation with a single outer product, but need not stay positive definite."""),
    ),
    remark=update_at_work,
)
def bfgs_update(B, s, y):
    """The BFGS update of B, (p, p), the guess at the inverse Hessian, with the pair s, y (p,)."""
    sy = s @ y
    V = np.eye(len(s)) - np.outer(s, y) / sy
    return V @ B @ V.T + np.outer(s, s) / sy
