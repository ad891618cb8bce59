"""Ways to compute H^-1 v, bound to a risk at a theta."""

from __future__ import annotations

from typing import Any, Protocol

from teachkit import require
from teachkit.arrays import Array, LinearMap, own, quiet
from teachkit.boundary import ours
from teachkit.inverse_hvp._definite import definite
from teachkit.inverse_hvp._given import Given
from teachkit.inverse_hvp.cholesky import Cholesky
from teachkit.inverse_hvp.conjugate_gradient import ConjugateGradient, NotConvergedError
from teachkit.inverse_hvp.gauss_newton import GaussNewton
from teachkit.inverse_hvp.lissa import Lissa, LissaEstimate, LissaSolve
from teachkit.places import crosses
from teachkit.risks.checks import check_theta

__all__ = [
    "Cholesky",
    "ConjugateGradient",
    "GaussNewton",
    "Lissa",
    "LissaEstimate",
    "LissaSolve",
    "Method",
    "NotConvergedError",
    "bind",
    "definite",
]


class Method(Protocol):
    """A way to compute H^-1 v, with its options.

    One that takes another matrix than H, as `GaussNewton` does, has ``sees(risk)`` besides: the
    risk with that matrix for its H.
    """

    def bind(self, risk: Any, theta: Array, damping: float = 0.0) -> LinearMap:
        """The callable v -> (H + damping I)^-1 v at this theta, for v (p,) or (p, k)."""


METHODS: dict[str, type[Method]] = {
    "cholesky": Cholesky,
    "conjugate_gradient": ConjugateGradient,
    "lissa": Lissa,
}


@crosses
def bind(method: Any, risk: Any, theta: Array, damping: float = 0.0) -> LinearMap:
    """The callable v -> (H + damping I)^-1 v for v (p,) or (p, k), H = grad^2 R(theta).

    Parameters
    ----------
    method : str, Method or callable
        "cholesky", "conjugate_gradient", "lissa"; `Cholesky()`, `ConjugateGradient(rtol=...)`,
        `Lissa(depth=...)`; or a callable v -> H^-1 v of your own, with which damping has to be 0.
    risk : Risk
    theta : array (p,)
    damping : float
        >= 0, added to the diagonal of H.

    Raises
    ------
    ValueError
        An unknown name; a negative damping, or one beside a callable; an H that is not positive
        definite (see `Cholesky`).

    Notes
    -----
    Lesson: 09_inverse_hvp
    """
    theta, damping = check_theta(theta, risk.p, risk.weights), require.damping(damping)
    names = ", ".join(repr(name) for name in METHODS)
    if isinstance(method, str):
        if method not in METHODS:
            raise ValueError(
                f"inverse_hvp is {method!r}, which is no method here. There are {names}; or give "
                "an object with options such as ConjugateGradient(rtol=1e-8), or a callable."
            )
        method = METHODS[method]()
    if isinstance(method, type):
        raise TypeError(
            f"inverse_hvp is the class {method.__name__}; give an instance: {method.__name__}()."
        )
    if hasattr(method, "bind"):
        with quiet():
            solve = method.bind(risk, own(theta), damping)
        return solve if ours(type(method)) else Given(solve, theta)
    if not callable(method):
        raise TypeError(
            f"inverse_hvp is {method!r}; it has to be one of {names}, an object with options such "
            "as ConjugateGradient(rtol=1e-8), or a callable v -> H^-1 v."
        )
    if damping:
        raise ValueError(
            f"damping is {damping:g} beside an inverse_hvp that is a callable, which cannot be "
            "told of it. Build the damping into the callable, (H + damping I)^-1 v, and leave it 0 "
            "here."
        )
    return Given(method, theta)
