"""4.2: one BFGS update of an approximate inverse Hessian."""

from __future__ import annotations

import numpy as np

from teachkit.functions import himmelblau

from .. import Mistake, exercise
from .._convergence import convergence
from ._pairs import pairs, positive


def _updates() -> list[tuple]:
    cases = []
    for p, seed in ((4, 3), (3, 7)):
        S, Y = pairs(p, 1, seed)
        cases.append((positive(p, seed + 9), S[0], Y[0]))
    return cases


def _on_a_bowl(update) -> float:
    """How far B is from the inverse of A (6, 6) after 6 exact steps down 1/2 x'A x."""
    A = positive(6, 20)
    x, B = np.ones(6), np.eye(6)
    for _ in range(6):
        g = A @ x
        d = -B @ g
        s = -(g @ d) / (d @ A @ d) * d
        B = np.asarray(update(B, s, A @ s), dtype=float)
        x = x + s
    goal = np.linalg.inv(A)
    return float(np.linalg.norm(B - goal) / np.linalg.norm(goal))


def _on_a_landscape(update) -> list[float]:
    """Distances from a minimum of Himmelblau's function; steps are halved until f falls enough."""
    f, x, B = himmelblau, np.array([3.6, 2.8]), np.eye(2)
    goal, g = np.array(f.minimiser), himmelblau.gradient(np.array([3.6, 2.8]))
    errors = [float(np.linalg.norm(x - goal))]
    while errors[-1] > 1e-12 and len(errors) < 25:
        d, t = -B @ g, 1.0
        while f.value(x + t * d) > f.value(x) + 1e-4 * t * (g @ d) and t > 1e-9:
            t /= 2
        s, g_old = t * d, g
        x, g = x + s, f.gradient(x + s)
        B = np.asarray(update(B, s, g - g_old), dtype=float)
        errors.append(float(np.linalg.norm(x - goal)))
    return errors


def _measured(update) -> str:
    off = _on_a_bowl(update)
    learned = "A^-1, to rounding" if off < 1e-8 else f"off by {off:.0%} of A^-1"
    return (
        "Measured with yours: after 6 exact steps down a bowl 1/2 x'A x in 6 variables, B is "
        f"{learned}. On Himmelblau's function BFGS {convergence(_on_a_landscape(update))}."
    )


def _with(V, added):
    """V B V' + the outer product of s with itself / added, V and added as functions of s and y."""

    def update(B, s, y):
        return V(s, y) @ B @ V(s, y).T + np.outer(s, s) / added(s, y)

    return update


def _sy(s, y):
    return s @ y


def _ss(s, y):
    return s @ s


def _one(s, y):
    return 1.0


def _V(under):
    return lambda s, y: np.eye(len(s)) - np.outer(s, y) / under(s, y)


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
    hints=(
        "A column times a row: `np.outer(s, y)` is the matrix s y', and `s @ y` the number s'y.",
        "Which of V and V' stands on the left can be tested: B+ y has to be s, so V' y has to be "
        "0.",
    ),
    explanation="""V'y = y - y (s'y)/(s'y) = 0, so V B V' knows nothing of the pair any more, and
    s s'/(s'y) y = s brings it back in. V B V' and s s' are symmetric, so B+ is.""",
    mistakes=(
        Mistake(
            "transposed",
            _with(lambda s, y: _V(_sy)(s, y).T, _sy),
            "V and V' are exchanged, or y s' stands for s y'. Try it: B+ y must be s, so it is V' "
            "on the right that has to make y vanish.",
        ),
        Mistake(
            "s and y exchanged",
            lambda B, s, y: _with(_V(_sy), _sy)(B, y, s),
            "Yours has B+ s = y: with s and y exchanged this is a formula for the direct Hessian "
            "(it is the DFP update). B stands for the inverse, B+ y = s.",
        ),
        Mistake(
            "nothing added",
            _with(_V(_sy), lambda s, y: np.inf),
            "You took out what B said about y and put nothing in its place: B+ y is 0, so B+ is "
            "not even invertible. s s'/(s'y) is missing.",
        ),
        Mistake(
            "not divided",
            (_with(_V(_one), _sy), _with(_V(_sy), _one), _with(_V(_one), _one)),
            "A 1/(s'y) is missing. It stands twice, in V and under s s': without it the units do "
            "not fit, and B+ y is not s.",
        ),
        Mistake(
            "s's for s'y",
            (_with(_V(_ss), _sy), _with(_V(_sy), _ss), _with(_V(_ss), _ss)),
            "You divided by s's. The curvature along the step is s'y: that is where the pair "
            "speaks of the function.",
        ),
        Mistake(
            "entry by entry",
            _with(lambda s, y: np.eye(len(s)) - s * y / (s @ y), _sy),
            "`s * y` is a vector of products, entry by entry. The matrix s y' is `np.outer(s, y)`.",
        ),
        Mistake(
            "numbers for matrices",
            (
                lambda B, s, y: (np.eye(len(s)) - 1) @ B @ (np.eye(len(s)) - 1).T + s @ s / (s @ y),
                _with(lambda s, y: np.eye(len(s)) - 1, _sy),
                lambda B, s, y: _V(_sy)(s, y) @ B @ _V(_sy)(s, y).T + s @ s / (s @ y),
            ),
            "`s @ y.T` and `s @ s.T` are numbers: an array of shape (p,) is neither a row nor a "
            "column, and .T leaves it as it is. The matrices are np.outer(s, y), np.outer(s, s).",
        ),
        Mistake(
            "one side only",
            lambda B, s, y: _V(_sy)(s, y) @ B + np.outer(s, s) / (s @ y),
            "V stands on one side only, so B+ is not symmetric. V' on the right is what takes out "
            "what B said about y.",
        ),
        Mistake(
            "direct Hessian",
            _direct,
            "This is the BFGS formula for the direct Hessian, which has B+ s = y. Here B is the "
            "inverse, so that a direction costs a product and no system.",
        ),
        Mistake(
            "DFP",
            _dfp,
            "This is a valid update with another name: Davidon, Fletcher and Powell's, the older "
            "brother of BFGS. It meets the secant equation and stays positive definite too, but "
            "repairs a bad B more slowly.",
            better=True,
        ),
        Mistake(
            "SR1",
            _sr1,
            "This is a valid update with another name: symmetric rank one. It meets the secant "
            "equation with a single outer product, but need not stay positive definite.",
            better=True,
        ),
    ),
    remark=_measured,
)
def bfgs_update(B, s, y):
    """The BFGS update of B, (p, p), the guess at the inverse Hessian, with the pair s, y (p,)."""
    sy = s @ y
    V = np.eye(len(s)) - np.outer(s, y) / sy
    return V @ B @ V.T + np.outer(s, s) / sy
