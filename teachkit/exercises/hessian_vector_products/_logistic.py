"""5.4: the closed form of logistic regression."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part
from .._slips.hessian import CURVATURE
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


# H v = X'(c * s)/n + penalty, with s = X v.
PARTS = {
    "c": CURVATURE.at(theta="w").more(
        ("curvature at v", lambda X, y, v: curvature(X, y, v),
         """The curvatures are taken at v. c holds sigma (1 - sigma) at the scores X w; v is the
         direction alone, and comes in as X v."""),
        ("brackets of 1 - sigma", lambda y: np.zeros(len(y)),
         """Only the penalty is left, l2 v: all curvatures came out 0. `s * 1 - s` is s - s; put
         brackets, `s * (1 - s)`."""),
    ),
    "s": part(
        lambda X, v: X @ v,
        ("H w", lambda X, w: X @ w,
         """The data's part is multiplied by w: X w stands twice in it. The scores are X w, and what
         c multiplies is X v."""),
    ),
    "n": part(
        lambda y: len(y),
        ("no 1/n", lambda: 1.0,
         """The data's part is n times too large: the risk is a mean, so X'(...) is divided by n.
         (The penalty is not.)"""),
        ("p for n", lambda w: len(w),
         """You divided by p, the number of parameters. The mean is over the n points: X has the
         shape (n, p), so n is `len(X)` and p is `len(w)`."""),
    ),
    "penalty": part(
        lambda v, l2: l2 * v,
        ("no ridge", lambda: 0.0,
         """The penalty is missing. R has l2/2 |w|^2, whose Hessian is l2 I: it adds l2 v, in every
         direction."""),
        ("ridge inside the mean", lambda v, l2, y: l2 * v / len(y),
         """The penalty is divided by n too. In R it stands outside the mean: X'(...)/n + l2 v."""),
        ("l2 w", lambda l2, w: l2 * w,
         """You added l2 w. That is the gradient of the penalty; a Hessian-vector product has v in
         every term: l2 v."""),
        ("l2 alone", lambda l2: l2,
         """You added the number l2 to every entry. The penalty's Hessian is the matrix l2 I: it
         adds l2 v (for several vectors, l2 V)."""),
        ("half the penalty", lambda v, l2: l2 / 2 * v,
         """The penalty counts half. The second derivative of l2/2 |w|^2 is l2: the 2 of the square
         has used up the half."""),
        ("2 l2", lambda v, l2: 2 * l2 * v,
         "The penalty counts twice. It is l2/2 |w|^2, with the half: its Hessian is l2 I."),
        ("penalty subtracted", lambda v, l2: -l2 * v,
         "The penalty has a minus. It bends the risk up in every direction, so it adds l2 v."),
        ("v without l2", lambda v: v,
         "You added v itself. The penalty is l2/2 |w|^2: its Hessian is l2 I, and it adds l2 v."),
    ),
}
NO_BRACKETS = """`c * X @ ...` is read from the left: c * X first, which lines up n curvatures with
    p columns. Put brackets: the product with X first, then times c."""


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
    answer=formula(lambda X, c, s, n, penalty: X.T @ (c * s) / n + penalty, **PARTS),
    mistakes=(
        ("H w", lambda X, y, w, l2: hessian_times(X, y, w, w, l2),
         """This is H at w, times w (in the data's part at least): X w stands twice in it. The
         scores are X w, and what c multiplies is X v."""),
        ("w and v exchanged", lambda X, y, w, v, l2: hessian_times(X, y, v, w, l2),
         """w and v have changed places: this is the Hessian at v, times w. c holds sigma (1 -
         sigma) at the scores X w; v is the direction alone, and comes in as X v."""),
        ("brackets of X v", lambda X, c, n, v, penalty: X.T @ (c * X @ v) / n + penalty,
         NO_BRACKETS),
        ("diagonal", lambda X, y, w, v, l2: np.diag(hessian(X, y, w, l2)) * v,
         """You multiplied by the diagonal of H, entry by entry. H mixes the directions: row by row
         it is a sum over all entries of v."""),
        ("v'Hv", lambda X, y, w, v, l2: v @ hessian_times(X, y, w, v, l2),
         """This is one number, v'H v, the curvature along v. H v is a vector: how the whole
         gradient changes along v."""),
        ("H itself", lambda X, y, w, l2: hessian(X, y, w, l2),
         """This is H, a matrix of p^2 numbers. Asked is its product with v, (p,), and without
         forming H."""),
        ("gradient", lambda X, y, w, l2: -(X.T @ (y * sigma(-y * (X @ w)))) / len(y) + l2 * w,
         "This is the gradient at w; v does not occur in it."),
    ),
)
def logistic_hvp(X, y, w, v, l2):
    """H v, (p,), of logistic regression at w; X is (n, p), y is (n,), w and v are (p,)."""
    q = 1 / (1 + np.exp(-(X @ w)))
    return X.T @ (q * (1 - q) * (X @ v)) / len(y) + l2 * v
