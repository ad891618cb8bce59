"""5.4: the closed form of logistic regression."""

from __future__ import annotations

import numpy as np

from .. import exercise
from .._slips.logistic import curvature, hessian, sigma
from ._cases import any_problem, direction, hessian_times, large, problems
from ._counted import inexact, products_of, too_large, with_X


def _one_vector() -> list[tuple]:
    return [(X, y, w, direction(seed), l2) for seed, (X, y, w, l2) in enumerate(problems())]


def _any_vector(draw):
    X, y, w, l2 = any_problem(draw)
    return X, y, w, draw.numbers(len(w)), l2


def _counted_one(function) -> str:
    large_things = too_large(function, None)
    if large_things:
        return (
            f"{' '.join(large_things)} The point of a Hessian-vector product is never to form a "
            "matrix: three products with X or X' are enough."
        )
    products = with_X(products_of(function, None))
    near = inexact(function(*large(None)))
    return f"Counted: {products}, and nothing larger than X. H is not formed.{near}"


def _weighted(X, weights, v):
    """X' diag(weights) X v / n."""
    return X.T @ (weights * (X @ v)) / len(X)


def _no_mean(X, y, w, v, l2):
    return len(y) * _weighted(X, curvature(X, y, w), v) + l2 * v


def _outer_products(X, y, w, v, l2):
    g = -(y * sigma(-y * (X @ w)))[:, None] * X
    return g.T @ (g @ v) / len(y) + l2 * v


NO_RIDGE = (
    "The penalty is missing. R has l2/2 |w|^2, whose Hessian is l2 I: it adds l2 v, in every "
    "direction."
)
NO_MEAN = (
    "The data's part is n times too large: the risk is a mean, so X'(...) is divided by n. (The "
    "penalty is not.)"
)
RIDGE_INSIDE = "The penalty is divided by n too. In R it stands outside the mean: X'(...)/n + l2 v."
L2_ALONE = (
    "You added the number l2 to every entry. The penalty's Hessian is the matrix l2 I: it adds "
    "l2 v (for several vectors, l2 V)."
)
NO_BRACKETS = (
    "`c * X @ ...` is read from the left: c * X first, which lines up n curvatures with p columns. "
    "Put brackets: the product with X first, then times c."
)
NO_CURVATURE = (
    "Your H does not depend on w: the curvatures sigma (1 - sigma) are missing (they are 1/4 at "
    "w = 0 only)."
)
SLOPE = (
    "You weighted each point with sigma, which is from its *slope*. H needs the derivative of "
    "that: sigma (1 - sigma), at most 1/4."
)
LABEL = (
    "A label is left in the curvature, so that the points of class -1 count negative. "
    "Differentiating twice brings y twice, and labels square away: y^2 = 1."
)
L2_W = (
    "You added l2 w. That is the gradient of the penalty; a Hessian-vector product has v in "
    "every term: l2 v."
)


@exercise(
    "5.4",
    "Logistic regression, in closed form",
    prompt="""R(w) = (1/n) sum_i log(1 + e^(-y_i x_i'w)) + l2/2 |w|^2, with labels -1 and +1. Write
    its H v at `w`, without ever forming H.""",
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
    mistakes=(
        ("no 1/n", _no_mean,
         NO_MEAN),
        ("scores for sigma", lambda X, y, w, v, l2: _weighted(X, (X @ w) * (1 - X @ w), v) + l2 * v,
         """You put the scores x'w themselves into c = s (1 - s). It is sigma of the score that
         stands there: sigma(s) (1 - sigma(s)), with sigma(s) = 1 / (1 + e^(-s))."""),
        ("no ridge", lambda X, y, w, v, l2: hessian_times(X, y, w, v, 0.0),
         NO_RIDGE),
        ("ridge inside the mean", lambda X, y, w, v, l2: hessian_times(X, y, w, v, l2 / len(y)),
         RIDGE_INSIDE),
        ("sigma for sigma(1 - sigma)",
         lambda X, y, w, v, l2: _weighted(X, sigma(X @ w), v) + l2 * v,
         lambda X, y, w, v, l2: _weighted(X, sigma(-(X @ w)), v) + l2 * v,
         lambda X, y, w, v, l2: _weighted(X, sigma(y * (X @ w)), v) + l2 * v,
         lambda X, y, w, v, l2: _weighted(X, sigma(-y * (X @ w)), v) + l2 * v,
         SLOPE),
        ("label left in", lambda X, y, w, v, l2: _weighted(X, y * curvature(X, y, w), v) + l2 * v,
         LABEL),
        ("l2 w", lambda X, y, w, v, l2: hessian_times(X, y, w, v, 0.0) + l2 * w,
         L2_W),
        ("l2 alone", lambda X, y, w, v, l2: hessian_times(X, y, w, v, 0.0) + l2,
         L2_ALONE),
        ("curvature at v",
         lambda X, y, w, v, l2: hessian_times(X, y, v, v, l2),
         lambda X, y, w, v, l2: hessian_times(X, y, v, w, l2),
         """The curvatures are taken at v. c holds sigma (1 - sigma) at the scores X w; v is the
         direction alone, and comes in as X v."""),
        ("H w",
         lambda X, y, w, v, l2: hessian_times(X, y, w, w, l2),
         lambda X, y, w, v, l2: hessian_times(X, y, w, w, 0.0) + l2 * v,
         """The data's part is multiplied by w: X w stands twice in it. The scores are X w, and what
         c multiplies is X v."""),
        ("half the penalty", lambda X, y, w, v, l2: hessian_times(X, y, w, v, l2 / 2),
         """The penalty counts half. The second derivative of l2/2 |w|^2 is l2: the 2 of the square
         has used up the half."""),
        ("brackets of 1 - sigma", lambda X, y, w, v, l2: l2 * v,
         """Only the penalty is left, l2 v: all curvatures came out 0. `s * 1 - s` is s - s; put
         brackets, `s * (1 - s)`."""),
        ("brackets of X v",
         lambda X, y, w, v, l2: X.T @ (curvature(X, y, w) * X @ v) / len(y) + l2 * v,
         NO_BRACKETS),
        ("2 l2", lambda X, y, w, v, l2: hessian_times(X, y, w, v, 2 * l2),
         "The penalty counts twice. It is l2/2 |w|^2, with the half: its Hessian is l2 I."),
        ("outer products", _outer_products,
         """You used the mean of the outer products g_i g_i' of the gradients. At w = 0, and on
         average under the model, that is the Hessian; at this w it is another matrix
         (Fisher's)."""),
        ("diagonal", lambda X, y, w, v, l2: np.diag(hessian(X, y, w, l2)) * v,
         """You multiplied by the diagonal of H, entry by entry. H mixes the directions: row by row
         it is a sum over all entries of v."""),
        ("no curvature",
         lambda X, y, w, v, l2: _weighted(X, 1.0, v) + l2 * v,
         lambda X, y, w, v, l2: _weighted(X, 0.25, v) + l2 * v,
         NO_CURVATURE),
        ("v'Hv", lambda X, y, w, v, l2: v @ hessian_times(X, y, w, v, l2),
         """This is one number, v'H v, the curvature along v. H v is a vector: how the whole
         gradient changes along v."""),
        ("H itself", lambda X, y, w, v, l2: hessian(X, y, w, l2),
         """This is H, a matrix of p^2 numbers. Asked is its product with v, (p,), and without
         forming H."""),
        ("gradient", lambda X, y, w, v, l2: -(X.T @ (y * sigma(-y * (X @ w)))) / len(y) + l2 * w,
         "This is the gradient at w; v does not occur in it."),
    ),
)
def logistic_hvp(X, y, w, v, l2):
    """H v, (p,), of logistic regression at w; X is (n, p), y is (n,), w and v are (p,)."""
    q = 1 / (1 + np.exp(-(X @ w)))
    return X.T @ (q * (1 - q) * (X @ v)) / len(y) + l2 * v
