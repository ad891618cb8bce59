"""BFGS: an approximate inverse Hessian, improved by each step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from teachkit.arrays import Array, array_namespace, as_float, device, quiet
from teachkit.optimize._learning import curvature_length, dot, first, learning
from teachkit.optimize.directions import Propose


@dataclass(frozen=True)
class BFGS:
    """The direction ``d = -B grad R(x)``, where B learns the inverse Hessian by `bfgs_update`.

    Needs only the gradient, keeps p^2 numbers and costs O(p^2) a step. Converges superlinearly.
    The first direction is -grad R(x), shortened to length 1 where it is longer; then B begins as
    ``s'y / y'y I``, which has the size of H^-1 along the first step.

    B stays positive definite as long as s'y > 0. Wolfe's search sees to that; after a step by
    another one, a pair with s'y <= 0 (up to rounding) is left out, and ``note`` says so.

    Source: Nocedal and Wright (2006), Numerical Optimization, algorithm 6.1, the first B by
    equation (6.20).
    Lesson: 04_quasi_newton
    """

    needs = ("gradient",)

    def begin(self, objective: Any) -> Propose:
        return learning(_Matrix)


@quiet()
def bfgs_update(B: Array, s: Array, y: Array) -> Array:
    """The BFGS update of an approximate inverse Hessian.

    With V = I - s y' / s'y::

        B+ = V B V' + s s' / s'y

    Among the symmetric matrices with B+ y = s it is the one nearest to B, in a norm that does not
    depend on the units of x. It is positive definite if B is and s'y > 0. Costs O(p^2): multiplied
    out, ``B+ = B + s u' + u s'`` with ``u = ((1 + y'By / s'y) s / 2 - B y) / s'y``.

    Parameters
    ----------
    B : array (p, p)
        Symmetric.
    s, y : array (p,)
        The step and the change of the gradient.

    Returns
    -------
    array (p, p)

    Raises
    ------
    ValueError
        If s'y = 0, where there is no update; for NaN or infinity, and shapes that do not fit.

    Notes
    -----
    Source: Broyden (1970), Fletcher (1970), Goldfarb (1970), Shanno (1970); Nocedal and Wright
    (2006), Numerical Optimization, equation (6.17).
    Lesson: 04_quasi_newton
    """
    B = as_float(B, "B")
    s, y = as_float(s, "s", like=B), as_float(y, "y", like=B)
    if s.ndim != 1 or y.shape != s.shape or B.shape != s.shape * 2:
        raise ValueError(
            f"B has shape {tuple(B.shape)}, s {tuple(s.shape)} and y {tuple(y.shape)}; for p "
            "parameters B is (p, p), and s and y are (p,)."
        )
    if dot(s, y) == 0:
        raise ValueError(
            "s'y is 0: along this step the gradient did not change, so it tells nothing of the "
            "curvature there. Leave this update out."
        )
    return _updated(B, s, y)


def _updated(B: Array, s: Array, y: Array) -> Array:
    """`bfgs_update` without the checks of its arguments."""
    sy, By = s @ y, B @ y
    u = ((1 + y @ By / sy) / 2 * s - By) / sy
    su = s[:, None] * u[None, :]
    return B + (su + su.T)


class _Matrix:
    """B itself, (p, p)."""

    def __init__(self) -> None:
        self.B: Array = None

    def learn(self, s: Array, y: Array) -> None:
        if self.B is None:
            identity = array_namespace(s).eye(s.shape[0], dtype=s.dtype, device=device(s))
            self.B = curvature_length(s, y) * identity
        self.B = _updated(self.B, s, y)

    def times(self, g: Array) -> Array:
        return first(g) if self.B is None else self.B @ g
