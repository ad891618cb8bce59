"""Newton-CG: the Newton direction from products with the Hessian, no more exact than is useful."""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass
from functools import partial
from typing import Any

from teachkit import require
from teachkit._drive import walk
from teachkit.arrays import Array, LinearMap, array_namespace, scalar
from teachkit.boundary import UndefinedError, answer
from teachkit.linear import cg
from teachkit.optimize._oracle import Breakdown, Point, has, matching
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

    Source: Dembo and Steihaug (1983); Nocedal and Wright (2006), Numerical Optimization, algorithm
    7.1 (line-search Newton-CG); the shortening is akin to equation (3.60).
    Lesson: 06_conjugate_gradient
    """

    needs = ("gradient", ("hessian", "hvp", "linearize"))
    instead = (
        "Give the objective hvp(x, v) or linearize(x) (teachkit.derivatives.hvp(f) makes the "
        "first), or take direction=LBFGS(), which needs the gradient alone."
    )

    def begin(self, objective: Any) -> Propose:
        before = math.inf

        def propose(point: Point) -> tuple[Array, str]:
            nonlocal before
            try:
                d, note = _newton_by_cg(_linearize(objective, point.x), point)
            except _NoProductError as end:
                raise Breakdown(str(end)) from end
            fell, before = before - point.value, point.value
            promised = -scalar(point.gradient @ d) / 2
            return (2 * fell / promised * d if 0 < 2 * fell < promised else d), note

        return propose


class _NoProductError(Exception):
    """There is no H v: that ends the descent, and not conjugate gradients alone."""


def _newton_by_cg(H: LinearMap, point: Point) -> tuple[Array, str]:
    """The d with H d = -g, as far as it pays to find it, and a note where it was cut short."""
    g, norm = point.gradient, point.gradient_norm
    goal, most = min(0.5, math.sqrt(norm)) * norm, 10 * g.shape[0]
    iterates, ending = walk(
        cg.steps(H, -g, array_namespace(g).zeros_like(g)),
        lambda it: it.residual_norm <= goal or it.k >= most,
    )
    k, d = iterates[-1].k, iterates[-1].x
    if iterates[-1].residual_norm <= goal:
        return d, ""
    after = f"after {k} step{'s' if k > 1 else ''} of CG" if k else "along the gradient"
    if ending is not None and ending.step is not None:
        return d + ending.step, f"negative curvature {after}: stopped there"
    return (d if k else -g), f"no progress {after}: stopped there"


def _linearize(objective: Any, x: Array) -> LinearMap:
    """v -> H(x) v, by what the objective has: linearize, hvp, or the whole Hessian."""
    product: LinearMap
    if has(objective, "linearize"):
        made = answer(objective.linearize, "The Hessian", x)
        H = require.function(made, "linearize(x)", "v -> H v")
        product = partial(answer, H, "H v")
    elif has(objective, "hvp"):
        product = partial(answer, objective.hvp, "H v", x)
    else:
        product = partial(operator.matmul, matching(answer(objective.hessian, "H", x), x, "H"))

    def checked(v: Array) -> Array:
        try:
            Hv = matching(product(v), x, "H v")
        except UndefinedError as none:
            raise _NoProductError(str(none)) from none
        require.shape(Hv, "H v", x.shape, "It is the derivative of the gradient along v.", v=v)
        if not scalar(array_namespace(x).all(array_namespace(x).isfinite(Hv))):
            raise _NoProductError(
                "H v holds NaN or infinity here, although value and gradient are finite. Compare "
                "it with teachkit.derivatives.hvp_central of the gradient, or start elsewhere."
            )
        return Hv

    return checked
