"""5.4: the closed form of logistic regression."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part
from .._engine.mistake import Aside
from .._slips.hessian import COUNT, CURVATURE, RIDGE
from .._slips.logistic import curvature, hessian, sigma
from .._slips.product import INSTEAD
from ._cases import any_problem, direction, gradient_of, hessian_times, large, problems
from ._counted import inexact, products_of, too_large, with_X


def _one_vector() -> list[tuple]:
    return [(X, y, w, direction(seed), l2) for seed, (X, y, w, l2) in enumerate(problems())]


def _any_vector(draw):
    X, y, w, l2 = any_problem(draw)
    return X, y, w, draw.numbers(len(w)), l2


def _counted_one(function) -> str:
    large_things = too_large(function, None)
    if large_things:
        return Aside(
            f"{' '.join(large_things)} The point of a Hessian-vector product is never to form a "
            "matrix: three products with X or X' are enough."
        )
    products = with_X(products_of(function, None))
    near = inexact(function(*large(None)))
    return f"Counted: {products}, and nothing larger than X. H is not formed.{near}"


# H v = X'(c * s)/n + ridge u, with s = X v and u = v: each may go wrong on its own.
PARTS = {
    "c": CURVATURE.at(theta="w").more(
        ("curvature at v", lambda X, y, v: curvature(X, y, v),
         """The curvatures are taken at v. c holds sigma (1 - sigma) at the scores X w; v is the
         direction alone, and comes in as X v."""),
    ),
    "s": part(
        lambda X, v: X @ v,
        ("H w", lambda X, w: X @ w,
         """The data's part is multiplied by w: X w stands twice in it. The scores are X w, and what
         c multiplies is X v."""),
    ),
    "n": COUNT.at(theta="w", called={"H of the sum": "no 1/n"}),
    "ridge": RIDGE.at(theta="w", without=("l2/n",)).more(
        ("ridge inside the mean", lambda l2, y, w: l2 / len(y) * np.eye(len(w)),
         """The penalty is divided by n too. In R it stands outside the mean: X'(...)/n + l2 v."""),
    ),
    "u": part(
        lambda v: v,
        ("l2 w", lambda w: w,
         """You added l2 w. That is the gradient of the penalty; a Hessian-vector product has v in
         every term: l2 v."""),
        ("l2 alone", lambda v: np.ones_like(v), lambda v: np.eye(*v.shape),
         """You added l2 alone, to every entry or on a diagonal. The penalty's Hessian is the matrix
         l2 I, and v is multiplied by it as well: it adds l2 v (for several vectors, l2 V)."""),
        ("another v", lambda X: X[-1],
         """Not v is added at the end but a row of X: does a loop call its variable v? Then v is the
         last row when the loop is over."""),
    ),
}
NO_RIDGE = (
    "no ridge",
    """The penalty is missing. R has l2/2 |w|^2, whose Hessian is l2 I: it adds l2 v, in every
    direction.""",
)
UNBRACKETED = "`s * 1 - s * ...` is s minus s times the rest: put brackets, `s * (1 - s) * ...`."


@exercise(
    "5.4",
    "Logistic regression, in closed form",
    prompt="""R(w) = (1/n) sum_i log(1 + e^(-y_i x_i'w)) + l2/2 |w|^2, with labels -1 and +1. Write
    its H v at `w`, without ever forming H or another matrix that is larger than X.""",
    minutes=8,
    difficulty=2,
    cases=_one_vector,
    draw=_any_vector,
    rtol=1e-12,  # ways to write it agree to 1e-15; no difference of gradients comes near
    remark=_counted_one,
    hints=(
        """H = (1/n) X' C X + l2 I with a diagonal C. Do not multiply the matrices; put the brackets
        so that there is a vector at every stage.""",
        """C holds the second derivative of each loss in its score s = x'w. It is sigma(s) (1 -
        sigma(s)): the label squares away.""",
        """From the right: X v, an (n,); times c, elementwise; then X' of it, over n; and at last
        the penalty.""",
    ),
    explanation="""Read H v = X'(c * (X v))/n + l2 v from the inside out: only vectors on the way,
    two products with X (three with the scores). Forming H would cost p times as much.""",
    answer=formula(
        lambda X, c, s, n, ridge, u: X.T @ (c * s) / n + ridge @ u,
        **PARTS,
        H=lambda X, y, w, l2: hessian(X, y, w, l2),
        g=lambda X, y, w, l2: gradient_of(X, y, l2)(w),
    ),
    mistakes=(
        ("H w", lambda X, y, w, l2: hessian_times(X, y, w, w, l2),
         """This is H at w, times w (in the data's part at least): X w stands twice in it. The
         scores are X w, and what c multiplies is X v."""),
        ("w and v exchanged", lambda X, y, w, v, l2: hessian_times(X, y, v, w, l2),
         """w and v have changed places: this is the Hessian at v, times w. c holds sigma (1 -
         sigma) at the scores X w; v is the direction alone, and comes in as X v."""),
        ("mean of the entries", lambda X, c, s, v, l2: np.mean(X.T @ (c * s)) + l2 * v,
         """np.mean makes one number of the first term, the mean of its p entries. R has the mean
         over the points: X'(...) / n."""),
        ("s minus the rest", lambda X, w, s, n, v, l2: (
            X.T @ (sigma(X @ w) - sigma(X @ w) * s) / n + l2 * v),
         UNBRACKETED),
        ("the penalty itself",
         lambda X, y, w, v, l2: hessian_times(X, y, w, v, 0.0) + l2 / 2 * v**2,
         lambda X, y, w, v, l2: hessian_times(X, y, w, v, 0.0) + l2 / 2 * (w @ w),
         """You added l2/2 times squares, the penalty as it stands in R. H has its second
         derivative, l2 I: it adds l2 v."""),
        ("points summed first",
         lambda X, c, s, n, v, l2: X.sum(axis=0) * (c @ s) / n + l2 * v,
         lambda X, c, s, n, v, l2: X.T @ c * s.sum() / n + l2 * v,
         lambda X, c, n, v, l2: X.T @ c * v / n + l2 * v,
         """You summed over the points too early, and multiplied what was summed. Every point has
         its own product c_i (x_i'v) x_i: multiply first, X' @ (c * (X @ v))."""),
        NO_RIDGE,
        *INSTEAD,
    ),
)
def logistic_hvp(X, y, w, v, l2):
    """H v, (p,), of logistic regression at w; X is (n, p), y is (n,), w and v are (p,)."""
    q = 1 / (1 + np.exp(-(X @ w)))
    return X.T @ (q * (1 - q) * (X @ v)) / len(y) + l2 * v
