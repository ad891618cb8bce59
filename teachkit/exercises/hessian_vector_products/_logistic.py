"""5.3 and 5.4: the closed form of logistic regression, for one vector and for several."""

from __future__ import annotations

import numpy as np

from teachkit.derivatives import count_products

from .. import Mistake, exercise
from .._logistic import curvature, hessian, sigma
from ._cases import direction, hessian_times, problems


def _one_vector() -> list[tuple]:
    return [(X, y, w, direction(seed), l2) for seed, (X, y, w, l2) in enumerate(problems())]


def _several_vectors() -> list[tuple]:
    # k = 2 and 4: never n, so that a factor on the wrong axis does not fit.
    return [
        (X, y, w, np.column_stack([direction(10 * seed + j) for j in range(k)]), l2)
        for seed, ((X, y, w, l2), k) in enumerate(zip(problems(), (2, 4), strict=True))
    ]


def _large(k: int | None) -> tuple:
    """A problem with more columns than anyone wants to square."""
    random = np.random.RandomState(1)
    X, y = random.normal(size=(30, 40)), np.where(random.normal(size=30) > 0, 1.0, -1.0)
    return X, y, 0.1 * random.normal(size=40), random.normal(size=40 if k is None else (40, k)), 0.1


def _counted_one(function) -> str:
    X, y, w, v, l2 = _large(None)
    products, largest = count_products(lambda X: function(X, y, w, v, l2), X)
    if largest >= 40 * 40:
        return (
            f"Counted for p = 40: something with {largest} numbers is formed on the way, where H "
            "has 1600. The point of a Hessian-vector product is never to form H: three products "
            "with X or X' are enough."
        )
    return f"Counted: {products} products with X or X', and nothing larger than X. H is not formed."


def _counted_many(function) -> str:
    X, y, w, V, l2 = _large(8)
    products, largest = count_products(lambda X: function(X, y, w, V, l2), X)
    if products > 10:
        return (
            f"Counted for 8 vectors: {products} products with X or X'. A loop is right, and reads "
            "X from memory again for every vector: `X @ V` does all of them in one go."
        )
    if largest >= 40 * 40:
        return f"Counted: something with {largest} numbers is formed, where H has 1600."
    return f"Counted for 8 vectors: {products} products with X or X', as for a single one."


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
L2_W = (
    "You added l2 w. That is the gradient of the penalty; a Hessian-vector product has v in "
    "every term: l2 v."
)


@exercise(
    "5.3",
    "Logistic regression, in closed form",
    prompt="""R(w) = (1/n) sum_i log(1 + e^(-y_i x_i'w)) + l2/2 |w|^2, with labels -1 and +1. Write
    its H v at `w`, without ever forming H.""",
    minutes=8,
    difficulty=2,
    cases=_one_vector,
    remark=_counted_one,
    hints=(
        "H = (1/n) X' C X + l2 I with a diagonal C. Do not multiply the matrices; put the brackets "
        "so that there is a vector at every stage.",
        "C holds the second derivative of each loss in its score s = x'w. It is sigma(s) "
        "(1 - sigma(s)): the label squares away.",
        "From the right: X v, an (n,); times c, elementwise; then X' of it, over n; and at last "
        "the penalty.",
    ),
    explanation="""Read H v = X'(c * (X v))/n + l2 v from the inside out: only vectors on the way,
    two products with X (three with the scores). Forming H would cost p times as much.""",
    mistakes=(
        Mistake("no 1/n", _no_mean, NO_MEAN),
        Mistake("no ridge", lambda X, y, w, v, l2: hessian_times(X, y, w, v, 0.0), NO_RIDGE),
        Mistake(
            "ridge inside the mean",
            lambda X, y, w, v, l2: hessian_times(X, y, w, v, l2 / len(y)),
            RIDGE_INSIDE,
        ),
        Mistake(
            "sigma for sigma(1 - sigma)",
            (
                lambda X, y, w, v, l2: _weighted(X, sigma(X @ w), v) + l2 * v,
                lambda X, y, w, v, l2: _weighted(X, sigma(-y * (X @ w)), v) + l2 * v,
            ),
            "You weighted each point with sigma, which is from its *slope*. H needs the derivative "
            "of that: sigma (1 - sigma), at most 1/4.",
        ),
        Mistake(
            "label left in",
            lambda X, y, w, v, l2: _weighted(X, y * curvature(X, y, w), v) + l2 * v,
            "A label is left in the curvature, so that the points of class -1 count negative. "
            "Differentiating twice brings y twice, and labels square away: y^2 = 1.",
        ),
        Mistake(
            "l2 w",
            lambda X, y, w, v, l2: hessian_times(X, y, w, v, 0.0) + l2 * w,
            L2_W,
        ),
        Mistake(
            "2 l2",
            lambda X, y, w, v, l2: hessian_times(X, y, w, v, 2 * l2),
            "The penalty counts twice. It is l2/2 |w|^2, with the half: its Hessian is l2 I.",
        ),
        Mistake(
            "outer products",
            _outer_products,
            "You used the mean of the outer products g_i g_i' of the gradients. At w = 0, and on "
            "average under the model, that is the Hessian; at this w it is another matrix "
            "(Fisher's).",
        ),
        Mistake(
            "diagonal",
            lambda X, y, w, v, l2: np.diag(hessian(X, y, w, l2)) * v,
            "You multiplied by the diagonal of H, entry by entry. H mixes the directions: row by "
            "row it is a sum over all entries of v.",
        ),
        Mistake(
            "no curvature",
            (
                lambda X, y, w, v, l2: _weighted(X, 1.0, v) + l2 * v,
                lambda X, y, w, v, l2: _weighted(X, 0.25, v) + l2 * v,
            ),
            "Your H does not depend on w: the curvatures sigma (1 - sigma) are missing (they are "
            "1/4 at w = 0 only).",
        ),
        Mistake(
            "v'Hv",
            lambda X, y, w, v, l2: v @ hessian_times(X, y, w, v, l2),
            "This is one number, v'H v, the curvature along v. H v is a vector: how the whole "
            "gradient changes along v.",
        ),
        Mistake(
            "H itself",
            lambda X, y, w, v, l2: hessian(X, y, w, l2),
            "This is H, a matrix of p^2 numbers. Asked is its product with v, (p,), and without "
            "forming H.",
        ),
        Mistake(
            "gradient",
            lambda X, y, w, v, l2: -(X.T @ (y * sigma(-y * (X @ w)))) / len(y) + l2 * w,
            "This is the gradient at w; v does not occur in it.",
        ),
    ),
)
def logistic_hvp(X, y, w, v, l2):
    """H v, (p,), of logistic regression at w; X is (n, p), y is (n,), w and v are (p,)."""
    s = 1 / (1 + np.exp(-(X @ w)))
    return X.T @ (s * (1 - s) * (X @ v)) / len(y) + l2 * v


@exercise(
    "5.4",
    "Several vectors at once",
    prompt="""The same for k vectors, the columns of `V`, (p, k): return H V, (p, k). Without a
    loop, and without forming H.""",
    minutes=5,
    difficulty=2,
    cases=_several_vectors,
    remark=_counted_many,
    hints=(
        "Replace v by V in your formula and follow the shapes: X V is (n, k). Which of its axes "
        "belongs to the points?",
        "The n curvatures belong to the rows of X V. NumPy lines up shapes from the right, so (n,) "
        "meets the k columns. Make it (n, 1).",
    ),
    explanation="""X V is (n, k); the curvature of point i multiplies row i, so it is a column,
    c[:, None]. X is read from memory once for all k vectors: that is why several at once cost less
    than one after the other.""",
    mistakes=(
        Mistake(
            "wrong axis",
            lambda X, y, w, V, l2: X.T @ (curvature(X, y, w) * (X @ V)) / len(y) + l2 * V,
            "The curvatures, (n,), meet the columns of X V, (n, k), and do not fit. (With n = k "
            "nothing would have complained, and the result would be wrong.) They belong to the "
            "rows: c[:, None].",
        ),
        Mistake(
            "first vector only",
            lambda X, y, w, V, l2: hessian_times(X, y, w, V[:, 0], l2),
            "One vector came back, (p,). Asked are all columns of V: (p, k).",
        ),
        Mistake(
            "transposed",
            lambda X, y, w, V, l2: hessian_times(X, y, w, V, l2).T,
            "Exactly the transpose. If you collected H v column by column, the list of them has "
            "one *row* for each vector.",
        ),
        Mistake(
            "summed",
            lambda X, y, w, V, l2: hessian_times(X, y, w, V.sum(axis=1), l2),
            "You summed over the vectors. They stay apart: one column of the result for each.",
        ),
        Mistake("no ridge", lambda X, y, w, v, l2: hessian_times(X, y, w, v, 0.0), NO_RIDGE),
        Mistake(
            "no 1/n",
            lambda X, y, w, V, l2: X.T @ (curvature(X, y, w)[:, None] * (X @ V)) + l2 * V,
            NO_MEAN,
        ),
        Mistake(
            "divided by k",
            lambda X, y, w, V, l2: hessian_times(X, y, w, V, 0.0) * len(y) / V.shape[1] + l2 * V,
            "The mean is over the n points, not over the k vectors: divide by n.",
        ),
        Mistake(
            "ridge inside the mean",
            lambda X, y, w, V, l2: hessian_times(X, y, w, V, l2 / len(y)),
            RIDGE_INSIDE,
        ),
        Mistake(
            "l2 w",
            lambda X, y, w, V, l2: hessian_times(X, y, w, V, 0.0) + l2 * w[:, None],
            L2_W,
        ),
    ),
)
def many(X, y, w, V, l2):
    """H V, (p, k), of logistic regression at w; X is (n, p), y (n,), w (p,), V (p, k)."""
    s = 1 / (1 + np.exp(-(X @ w)))
    return X.T @ ((s * (1 - s))[:, None] * (X @ V)) / len(y) + l2 * V
