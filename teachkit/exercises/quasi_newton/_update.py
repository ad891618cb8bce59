"""4.2: one BFGS update of an approximate inverse Hessian."""

from __future__ import annotations

import numpy as np

from .. import better, exercise
from ._measures import update_at_work
from ._pairs import any_pairs, any_positive, pairs, positive


def _updates() -> list[tuple]:
    cases = []
    for p, seed in ((4, 3), (3, 7)):
        S, Y = pairs(p, 1, seed)
        cases.append((positive(p, seed + 9), S[0], Y[0]))
    return cases


def _any_update(draw):
    p = draw.whole(1, 5)
    S, Y = any_pairs(draw, p, 1)
    return None if Y is None else (any_positive(draw, p), S[0], Y[0])


def _with(V, added):
    """V B V' + the outer product of s with itself / added, V and added as functions of s and y."""

    def update(B, s, y):
        return V(s, y) @ B @ V(s, y).T + np.outer(s, s) / added(s, y)

    return update


def _sy(s, y):
    return s @ y


def _ss(s, y):
    return s @ s


def _yy(s, y):
    return y @ y


def _one(s, y):
    return 1.0


def _V(under):
    return lambda s, y: np.eye(len(s)) - np.outer(s, y) / under(s, y)


def _I_plus(s, y):
    return np.eye(len(s)) + np.outer(s, y) / (s @ y)


def _one_minus(s, y):
    return 1 - np.outer(s, y) / (s @ y)


def _between(product, sign=1):
    """What `product` makes of V, B and V', plus (or minus) s s'/(s'y)."""

    def update(B, s, y):
        V = _V(_sy)(s, y)
        return product(V, B) + sign * np.outer(s, s) / (s @ y)

    return update


def _adding(added):
    """V B V' + what `added` makes of s and y, over s'y."""

    def update(B, s, y):
        V = _V(_sy)(s, y)
        return V @ B @ V.T + added(s, y) / (s @ y)

    return update


def _dfp(B, s, y):
    By = B @ y
    return B - np.outer(By, By) / (y @ By) + np.outer(s, s) / (s @ y)


def _sr1(B, s, y):
    r = s - B @ y
    return B + np.outer(r, r) / (r @ y)


def _direct(B, s, y):
    Bs = B @ s
    return B - np.outer(Bs, Bs) / (s @ Bs) + np.outer(y, y) / (s @ y)


@exercise(
    "4.2",
    "The BFGS update",
    prompt="""B, (p, p), is the guess at the inverse Hessian so far, and symmetric. Return the BFGS
    update with the pair `s`, `y`, both (p,): B+ = V B V' + s s'/(s'y) with
    V = I - s y'/(s'y). (s s' and s y' are matrices.)""",
    minutes=6,
    difficulty=2,
    cases=_updates,
    draw=_any_update,
    hints=(
        "A column times a row: `np.outer(s, y)` is the matrix s y', and `s @ y` the number s'y.",
        """Which of V and V' stands on the left can be tested: B+ y has to be s, so V' y has to be
        0.""",
    ),
    explanation="""V'y = y - y (s'y)/(s'y) = 0, so V B V' knows nothing of the pair any more, and
    s s'/(s'y) y = s brings it back in. V B V' and s s' are symmetric, so B+ is.""",
    mistakes=(
        ("transposed", _with(lambda s, y: _V(_sy)(s, y).T, _sy),
         """V and V' are exchanged, or y s' stands for s y'. Try it: B+ y must be s, so it is V' on
         the right that has to make y vanish."""),
        ("s and y exchanged", lambda B, s, y: _with(_V(_sy), _sy)(B, y, s),
         """Yours has B+ s = y: with s and y exchanged this is a formula for the direct Hessian (it
         is the DFP update). B stands for the inverse, B+ y = s."""),
        ("nothing added", _with(_V(_sy), lambda s, y: np.inf),
         """You took out what B said about y and put nothing in its place: B+ y is 0, so B+ is not
         even invertible. s s'/(s'y) is missing."""),
        ("not divided",
         _with(_V(_one), _sy),
         _with(_V(_sy), _one),
         _with(_V(_one), _one),
         """A 1/(s'y) is missing. It stands twice, in V and under s s': without it the units do not
         fit, and B+ y is not s."""),
        ("s's for s'y",
         _with(_V(_ss), _sy),
         _with(_V(_sy), _ss),
         _with(_V(_ss), _ss),
         """You divided by s's. The curvature along the step is s'y: that is where the pair speaks
         of the function."""),
        ("y'y for s'y",
         _with(_V(_yy), _sy),
         _with(_V(_sy), _yy),
         _with(_V(_yy), _yy),
         """You divided by y'y. That stands in gamma, the size of the first B; the update divides by
         s'y in both places."""),
        ("minus s s'", _between(lambda V, B: V @ B @ V.T, -1),
         """You took s s'/(s'y) away, so B+ y = -s, and B+ is not positive definite. It is added:
         that is how s comes back in."""),
        ("plus in V", _with(_I_plus, _sy),
         """V = I - s y'/(s'y), with a minus. With a plus V'y is 2y, and B+ keeps what it said about
         y four times over; with a minus V'y is 0."""),
        ("1 for I", _with(_one_minus, _sy),
         """`1 - ...` takes the matrix from a matrix of ones. I has ones on its diagonal only:
         `np.eye(len(s))`."""),
        ("V twice", _between(lambda V, B: V @ B @ V),
         """V stands on both sides as it is, so B+ is not symmetric. The right one is transposed,
         `V.T`: it is V' that makes y vanish."""),
        ("star for @",
         _between(lambda V, B: V * B * V.T),
         _between(lambda V, B: V @ B * V.T),
         _between(lambda V, B: V * B @ V.T),
         "`*` multiplies matrices entry by entry. The products in V B V' are `@`."),
        ("no B", _between(lambda V, B: V @ V.T),
         """B does not occur in yours: V V' is the update of I. What earlier pairs have taught
         stands in B, between V and V'."""),
        ("other outer product",
         _adding(lambda s, y: np.outer(y, y)),
         _adding(lambda s, y: np.outer(s, y)),
         _adding(lambda s, y: np.outer(y, s)),
         """A y stands in the outer product that is added, so B+ y is not s. Added is s s'/(s'y):
         times y that is s."""),
        ("entry by entry",
         _with(lambda s, y: np.eye(len(s)) - s * y / (s @ y), _sy),
         _adding(lambda s, y: s * s),
         lambda B, s, y: (
             (np.eye(len(s)) - s * y / (s @ y)) @ B @ (np.eye(len(s)) - s * y / (s @ y)).T
             + s * s / (s @ y)
         ),
         """`s * y` and `s * s` are vectors of products, entry by entry. The matrices are
         `np.outer(s, y)` and `np.outer(s, s)`."""),
        ("numbers for matrices",
         lambda B, s, y: (np.eye(len(s)) - 1) @ B @ (np.eye(len(s)) - 1).T + s @ s / (s @ y),
         _with(lambda s, y: np.eye(len(s)) - 1, _sy),
         lambda B, s, y: _V(_sy)(s, y) @ B @ _V(_sy)(s, y).T + s @ s / (s @ y),
         """`s @ y.T` and `s @ s.T` are numbers: an array of shape (p,) is neither a row nor a
         column, and .T leaves it as it is. The matrices are np.outer(s, y), np.outer(s, s)."""),
        ("one side only", lambda B, s, y: _V(_sy)(s, y) @ B + np.outer(s, s) / (s @ y),
         """V stands on one side only, so B+ is not symmetric. V' on the right is what takes out
         what B said about y."""),
        ("direct Hessian", _direct,
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
