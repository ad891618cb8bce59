"""Newton-CG: the Newton direction from products with the Hessian, no more exact than is useful."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from teachkit._drive import drive
from teachkit.arrays import Array, array_namespace, scalar
from teachkit.linear import cg
from teachkit.linear._checks import LinearMap
from teachkit.linear.cg import NegativeCurvature
from teachkit.optimize._oracle import Breakdown, Point, matching, need
from teachkit.optimize.directions import Propose


@dataclass(frozen=True)
class NewtonCG:
    """The Newton direction by conjugate gradients, ``H d = -g`` with g = grad R(x), stopped early.

    From d = 0 until ``||H d + g|| <= min(1/2, sqrt(||g||)) ||g||``: roughly far from the minimum,
    more exactly near it, which makes convergence superlinear.

    Where H is not positive definite, CG meets a direction p of negative curvature sooner or later.
    It stops there with a last step along p, as long as if H curved upwards as much (algorithm 7.1
    goes without it, which can make progress near a saddle very slow), and ``note`` says so.

    A d that promises more than twice the fall of the last step is shortened to promise just that,
    ``-g'd / 2 = 2 (R_{k-1} - R_k)``: a model that far off is seldom right over its whole length.

    Needs ``linearize(x)``, a callable v -> H v, or ``hvp(x, v)``, or ``hessian(x)``, whichever it
    finds first; only products H v are used.

    Notes
    -----
    Source: Dembo and Steihaug (1983); Nocedal and Wright (2006), Numerical Optimization, algorithm
    7.1 (line-search Newton-CG); the shortening is akin to equation (3.60).
    Lesson: 06_conjugate_gradient
    """

    def begin(self, objective: Any) -> Propose:
        linearize = _linearize(objective)

        before = math.inf

        def propose(point: Point) -> tuple[Array, str]:
            nonlocal before
            d, note = _newton_by_cg(linearize(point.x), point)
            fell, before = before - point.value, point.value
            promised = -scalar(point.gradient @ d) / 2
            return (2 * fell / promised * d if 0 < 2 * fell < promised else d), note

        return propose


def _newton_by_cg(H: LinearMap, point: Point) -> tuple[Array, str]:
    """The d with H d = -g, as far as it pays to find it, and a note where it was cut short."""
    g, norm = point.gradient, point.gradient_norm
    goal = min(0.5, math.sqrt(norm)) * norm
    run = drive(
        cg.steps(H, -g, array_namespace(g).zeros_like(g)),
        lambda it: "good enough" if it.residual_norm <= goal else "",
        lambda _: "not done",
        max_iter=10 * g.shape[0],
    )
    k = len(run.iterates) - 1
    if run.converged:
        return run.x, ""
    after = f"after {k} step{'s' if k > 1 else ''} of CG" if k else "along the gradient"
    if isinstance(run.message, NegativeCurvature):
        return run.x + run.message.step, f"negative curvature {after}: stopped there"
    return (run.x if k else -g), f"no progress {after}: stopped there"


def _linearize(objective: Any) -> Callable[[Array], LinearMap]:
    """x -> (v -> H(x) v), by what the objective has."""
    if callable(getattr(objective, "linearize", None)):
        linearize = objective.linearize
    elif callable(getattr(objective, "hvp", None)):

        def linearize(x: Array) -> LinearMap:
            return lambda v: objective.hvp(x, v)

    else:
        need(
            objective,
            "hessian",
            "NewtonCG",
            "Give the objective hvp(x, v) or linearize(x) (teachkit.derivatives.hvp(f) makes the "
            "first), or take direction=LBFGS(), which needs the gradient alone.",
        )

        def linearize(x: Array) -> LinearMap:
            H = matching(objective.hessian(x), x, "The Hessian")
            return lambda v: H @ v

    return lambda x: _checked(linearize(x), x)


def _checked(H: LinearMap, x: Array) -> LinearMap:
    xp = array_namespace(x)

    def product(v: Array) -> Array:
        Hv = matching(H(v), x, "H v")
        if Hv.shape != x.shape:
            raise ValueError(
                f"H v has shape {tuple(Hv.shape)} where v has shape {tuple(x.shape)}; it is the "
                "derivative of the gradient along v."
            )
        if not scalar(xp.all(xp.isfinite(Hv))):
            raise Breakdown(
                "H v holds NaN or infinity here, although value and gradient are finite. Compare "
                "it with teachkit.derivatives.hvp_central of the gradient, or start elsewhere."
            )
        return Hv

    return product
