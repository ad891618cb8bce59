"""5.5: the closed form for several vectors at once."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula
from ._cases import any_problem, direction, hessian_times, large, problems
from ._counted import inexact, products_of, too_large, with_X
from ._logistic import NO_BRACKETS, PARTS


def _several_vectors() -> list[tuple]:
    # k = 2 and 4: never n, so that a factor on the wrong axis does not fit.
    return [
        (X, y, w, np.column_stack([direction(10 * seed + j) for j in range(k)]), l2)
        for seed, ((X, y, w, l2), k) in enumerate(zip(problems(), (2, 4), strict=True))
    ]


def _any_vectors(draw):
    X, y, w, l2 = any_problem(draw)
    return X, y, w, draw.numbers(len(w), draw.whole(1, 4)), l2


PARTS_OF_SEVERAL = {
    **{name: part.at(v="V") for name, part in PARTS.items()},
    "c": PARTS["c"].at(without=("curvature at v",)),
    "n": PARTS["n"].more(
        ("divided by k", lambda V: V.shape[1],
         "The mean is over the n points, not over the k vectors: divide by n."),
    ),
    "penalty": PARTS["penalty"].at(v="V", w=lambda w: w[:, None]),
}


def _counted_many(function) -> str:
    products = products_of(function, 8)
    counted = f"Counted for 8 vectors: {with_X(products)}"
    near = inexact(function(*large(8)), 8)
    if near:
        return f"{counted}.{near}"
    if products > 10:
        return (
            f"{counted}. A loop gives the same, and reads X from memory again for every vector: "
            "`X @ V` does all of them in one go."
        )
    large_things = too_large(function, 8)
    if large_things:
        return (
            f"{' '.join(large_things)} The task was to do without such a matrix: start from the "
            "right, with X @ V."
        )
    return f"{counted}, as for a single one."


@exercise(
    "5.5",
    "Several vectors at once",
    prompt="""The same for k vectors, the columns of `V`, (p, k): return H V, (p, k). Without a
    loop, and without forming H.""",
    minutes=5,
    difficulty=2,
    cases=_several_vectors,
    draw=_any_vectors,
    rtol=1e-12,  # as in 5.4
    remark=_counted_many,
    hints=(
        """Replace v by V in your formula and follow the shapes: X V is (n, k). Which of its axes
        belongs to the points?""",
        """The n curvatures belong to the rows of X V. NumPy lines up shapes from the right, so (n,)
        meets the k columns. Make it (n, 1).""",
    ),
    explanation="""X V is (n, k); the curvature of point i multiplies row i, so it is a column,
    c[:, None]. X is read from memory once for all k vectors: that is why several at once cost less
    than one after the other.""",
    answer=formula(
        lambda X, c, s, n, penalty: X.T @ (c[:, None] * s) / n + penalty, **PARTS_OF_SEVERAL
    ),
    mistakes=(
        ("wrong axis", lambda X, c, s, n, penalty: X.T @ (c * s) / n + penalty,
         """The curvatures, (n,), meet the columns of X V, (n, k), and do not fit. (With n = k
         nothing would have complained, and the result would be wrong.) They belong to the rows:
         c[:, None]."""),
        ("first vector only", lambda X, y, w, V, l2: hessian_times(X, y, w, V[:, 0], l2),
         "One vector came back, (p,). Asked are all columns of V: (p, k)."),
        ("last vector only", lambda X, y, w, V, l2: hessian_times(X, y, w, V[:, -1], l2),
         """One vector came back, the last, (p,). Asked are all columns of V, (p, k): a loop has to
         collect them."""),
        ("transposed", "transposed",
         """If you collected H v column by column, the list of them has one *row* for each
         vector."""),
        ("summed", lambda X, y, w, V, l2: hessian_times(X, y, w, V.sum(axis=1), l2),
         "You summed over the vectors. They stay apart: one column of the result for each."),
        ("brackets of X V", lambda X, c, n, V, penalty: X.T @ (c * X @ V) / n + penalty,
         NO_BRACKETS),
        ("curvatures summed up", lambda X, c, s, n, penalty: X.T @ (c @ s) / n + penalty,
         """`c @ (X @ V)` adds up over the points and leaves k numbers. c multiplies the rows of X
         V, entry by entry: c[:, None] * (X @ V)."""),
    ),
)
def many(X, y, w, V, l2):
    """H V, (p, k), of logistic regression at w; X is (n, p), y (n,), w (p,), V (p, k)."""
    q = 1 / (1 + np.exp(-(X @ w)))
    return X.T @ ((q * (1 - q))[:, None] * (X @ V)) / len(y) + l2 * V
