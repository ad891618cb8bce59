"""The Gauss-Newton matrix in the place of H: positive semidefinite wherever theta is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from teachkit.arrays import Array, LinearMap, array_namespace, device
from teachkit.places import crosses
from teachkit.risks.watched import Watched


@dataclass(frozen=True)
class GaussNewton:
    """Solve (G + damping I) x = v, by another method, with the Gauss-Newton matrix G::

        G = (1/n) sum_i w_i J_i' (d^2 L_i / d f^2) J_i + diag(l2),        J_i = d f(x_i) / d theta

    for a model with outputs f: of H the term with the curvature of the model is left out, which is
    small where residuals are. Where the loss is convex in f, G has no negative eigenvalue; of a
    linear model it is H.

    Parameters
    ----------
    method : str or Method
        How: "cholesky", `ConjugateGradient(rtol=...)`, ...

    Raises
    ------
    TypeError
        From `bind`: the risk has no ``linearize_gauss_newton``.

    Notes
    -----
    Source: Schraudolph (2002), Fast curvature matrix-vector products; Bae et al. (2022).
    Lesson: 09_inverse_hvp
    """

    method: Any = "cholesky"

    @crosses
    def bind(self, risk: Any, theta: Array, damping: float = 0.0) -> LinearMap:
        """The callable v -> (G + damping I)^-1 v at this theta, for v (p,) or (p, k)."""
        from teachkit.inverse_hvp import bind

        return bind(self.method, self.sees(risk), theta, damping)

    def sees(self, risk: Any) -> WithGaussNewton:
        """The risk with G for its H, which is what everything beside the solve has to go by."""
        return WithGaussNewton(risk)


class WithGaussNewton:
    """The curvature of a risk, with G for H."""

    def __init__(self, risk: Any) -> None:
        if not callable(getattr(risk, "linearize_gauss_newton", None)):
            raise TypeError(
                f"GaussNewton() asks for linearize_gauss_newton(theta), a callable v -> G v, and "
                f"this risk ({type(risk).__name__}) has none. A model whose score is linear in "
                'theta needs none, since G is H there: take inverse_hvp="cholesky". For another, '
                "write it: J' (w times the second derivative of the loss in the output) J v / n."
            )
        self.n, self.p, self.weights = risk.n, risk.p, risk.weights
        self._asked = Watched(risk)

    def linearize(self, theta: Array) -> LinearMap:
        """Return v -> G v."""
        return self._asked.linearize(theta, "linearize_gauss_newton")

    def hessian(self, theta: Array) -> Array:
        """G, (p, p), from p products."""
        eye = array_namespace(theta).eye(self.p, dtype=theta.dtype, device=device(theta))
        return self.linearize(theta)(eye)
