"""5.5: the closed form for several vectors at once."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula
from .._engine.mistake import Aside
from .._slips.logistic import curvature, sigma
from ._cases import any_problem, direction, hessian_times, large, problems
from ._counted import inexact, products_of, too_large, with_X
from ._logistic import NO_RIDGE, PARTS, UNBRACKETED


def _several_vectors() -> list[tuple]:
    # k = 2 and 4: never n, so that a factor on the wrong axis does not fit.
    return [
        (X, y, w, np.column_stack([direction(10 * seed + j) for j in range(k)]), l2)
        for seed, ((X, y, w, l2), k) in enumerate(zip(problems(), (2, 4), strict=True))
    ]


def _any_vectors(draw):
    X, y, w, l2 = any_problem(draw)
    return X, y, w, draw.numbers(len(w), draw.whole(1, 4)), l2


def _of(keep):
    """H V with other columns than V's, a function of V."""
    return lambda X, y, w, V, l2: hessian_times(X, y, w, keep(V), l2)


def _counted_many(function) -> str:
    products = products_of(function, 8)
    counted = f"Counted for 8 vectors: {with_X(products)}"
    near = inexact(function(*large(8)), 8)
    if near:
        return f"{counted}.{near}"
    if products > 10:
        return Aside(
            f"{counted}. A loop gives the same, and reads X from memory again for every vector: "
            "`X @ V` does all of them in one go."
        )
    large_things = too_large(function, 8)
    if large_things:
        return Aside(
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
        lambda X, c, s, n, ridge, u: X.T @ (c * s) / n + ridge @ u,
        c=PARTS["c"].at(without=("curvature at v",)).through(
            lambda c: c[:, None],
            ("wrong axis", lambda X, y, w: curvature(X, y, w),
             """The curvatures, (n,), meet the columns of X V, (n, k), and do not fit. (With n = k
             nothing would have complained, and the result would be wrong.) They belong to the rows:
             c[:, None]."""),
        ),
        s=lambda X, V: X @ V,
        n=PARTS["n"].more(
            ("divided by k",
             *(lambda y, V, f=f: f(len(y), *V.shape) for f in (
                 lambda n, p, k: k, lambda n, p, k: n * k, lambda n, p, k: p * k)),
             """The mean is over the n points, not over the k vectors or the entries of V: divide by
             n."""),
        ),
        ridge=PARTS["ridge"],
        u=PARTS["u"].at(without=("another v",), v="V", w=lambda w: w[:, None]),
    ),
    mistakes=(
        NO_RIDGE,
        ("s minus the rest", lambda X, w, s, n, V, l2: (
            X.T @ (sigma(X @ w)[:, None] * (1 - s)) / n + l2 * V),
         UNBRACKETED),
        ("curvature at V", lambda X, s, n, V, l2: (
            X.T @ (sigma(s) * sigma(-s) * s) / n + l2 * V),
         """The curvatures are taken at V, at the scores X V. c holds sigma (1 - sigma) at X w, one
         for each point; V holds directions alone."""),
        ("rows of V", _of(lambda V: V[0]),
         """The loop takes the rows of V, each (k,). The vectors are its columns: `for v in V.T`, or
         `V[:, j]`."""),
        ("first vector only", _of(lambda V: V[:, 0]),
         "One vector came back, (p,). Asked are all columns of V: (p, k)."),
        ("last vector only", _of(lambda V: V[:, -1]),
         """One vector came back, the last, (p,). Asked are all columns of V, (p, k): a loop has to
         collect them."""),
        ("columns of 0",
         _of(lambda V: np.pad(V[:, :1], ((0, 0), (0, V.shape[1] - 1)))),
         _of(lambda V: np.pad(V[:, :-1], ((0, 0), (0, 1)))),
         """Columns of yours are 0: the loop over them ends too early. Is a `return` inside it, or
         is its range one short?"""),
        ("one vector k times", *(_of(lambda V, j=j: V[:, [j] * V.shape[1]]) for j in (0, -1)),
         "All columns of yours are the same: one column of V stands for all of them."),
        ("transposed", "transposed",
         """If you collected H v column by column, the list of them has one *row* for each
         vector."""),
        ("summed", lambda X, y, w, V, l2: hessian_times(X, y, w, V.sum(axis=1), l2),
         "You summed over the vectors. They stay apart: one column of the result for each."),
        ("V'HV", lambda X, y, w, V, l2: V.T @ hessian_times(X, y, w, V, l2),
         "This is V'H V, (k, k): V stands on both sides. Asked is H V, (p, k)."),
        ("curvatures summed up", lambda X, y, w, s, n, V, l2: (
            X.T @ (curvature(X, y, w) @ s) / n + l2 * V),
         """`c @ (X @ V)` adds up over the points and leaves k numbers. c multiplies the rows of X
         V, entry by entry: c[:, None] * (X @ V)."""),
        ("brackets of X V", lambda X, y, w, V, l2: (
            X.T @ (curvature(X, y, w) * X @ V) / len(y) + l2 * V),
         """`c * X @ V` is read from the left: c * X first, which lines up n curvatures with p
         columns. c multiplies the rows: c[:, None] * X @ V, or times X @ V in brackets."""),
    ),
)
def many(X, y, w, V, l2):
    """H V, (p, k), of logistic regression at w; X is (n, p), y (n,), w (p,), V (p, k)."""
    q = 1 / (1 + np.exp(-(X @ w)))
    return X.T @ ((q * (1 - q))[:, None] * (X @ V)) / len(y) + l2 * V
