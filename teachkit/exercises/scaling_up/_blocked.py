"""16.5: a Hessian-vector product in blocks of rows."""

from __future__ import annotations

import numpy as np

from teachkit.derivatives.products import operations

from .. import exercise, formula, part
from .._engine.mistake import Aside


def _problems() -> list[tuple]:
    X = np.array(
        [[1.2, -0.7, 0.4], [-0.5, 1.6, 0.9], [2.1, 0.3, -1.1], [-1.4, -0.8, 0.6],
         [0.7, 1.9, -0.2], [1.5, -1.3, 1.7], [-0.9, 0.5, 2.2]]
    )  # fmt: skip
    c = np.array([0.25, 0.11, 0.18, 0.07, 0.23, 0.15, 0.2])
    v = np.array([0.8, -1.5, 0.6])
    return [(X, c, v, 0.5, 3), (X[:6], c[:6], v, 0.3, 4), (X[:4], c[:4], v, 0.2, 2)]


def _any_problem(draw):
    n, p = draw.whole(1, 9), draw.whole(1, 4)
    c = draw.numbers(n, low=0.01, high=0.25)
    X, v = draw.numbers(n, p, low=-3.0, high=3.0), draw.numbers(p)
    return X, c, v, draw.pick(0.0, draw.number(0.1, 2.0)), draw.whole(1, 11)


def _blocks(n, rows):
    return [slice(a, a + rows) for a in range(0, n, rows)]


def _sum(X, c, v, blocks):
    return sum((X[b].T @ (c[b] * (X[b] @ v)) for b in blocks), 0 * v)


def _of_columns(X, c, v, b):
    found = 0 * v
    found[b] = X[:, b].T @ (c * (X[:, b] @ v[b]))
    return found


def _in_blocks(function) -> str:
    n, p, rows, last = 60, 50, 7, 4
    count = -(-n // rows)
    random = np.random.default_rng(0)
    X, c, v = random.standard_normal((n, p)), random.random(n), random.standard_normal(p)
    found = operations(lambda X: function(X, c, v, 0.1, rows), X, follow=True)
    shapes = [operation.shape for operation in found]
    if (p, p) in shapes:
        whole = any(operation == (n * p, (p, p)) for operation in found)
        return Aside(
            f"Counted for p = {p}: a matrix ({p}, {p}) is formed on the way, "
            f"{'H itself' if whole else 'the part of H that belongs to a block or a row'}. It "
            "takes 2 n p^2 operations, where 4 n p would do. Python goes from the left: in "
            "`X_b.T @ (c_b * (X_b @ v))` the brackets see to it that v comes first.",
            "H formed",
        )
    of_c = [
        operation.shape
        for operation in operations(lambda c: function(X, c, v, 0.1, rows), c, follow=True)
    ]
    for k in (n, rows, last):
        if (k, k) in of_c:
            return Aside(
                f"Counted for n = {n} and rows = {rows}: a matrix ({k}, {k}) is formed, diag(c) or "
                "a block of it, and nearly all of it is 0. Multiply entry by entry, `c * (X @ v)`.",
                "diag(c) formed",
            )
    products = [operation for operation in found if operation.taken]
    if not products:  # cut in a way that is not followed
        return ""
    counted = (
        f"Counted for n = {n} and rows = {rows}: {len(products)} products with X or parts of it, "
    )
    largest = max(operation.taken for operation in products)
    if min(operation.taken for operation in products) == n * p:
        return Aside(
            f"{counted}each with all of X, where there are {count} blocks. The task was to take "
            "`rows` rows at a time, and to come back to them while they are in cache.",
            "not in blocks",
        )
    if any(o.shape[:1] == (n,) and o.taken < n * p for o in products):
        return Aside(
            f"{counted}some of them with all rows and a part of the columns. A block is `rows` "
            "rows, with all of their columns.",
            "blocks of columns",
        )
    if largest < rows * p or rows * p < largest < n * p:
        return Aside(
            f"{counted}of at most {largest // p} {'row' if largest == p else 'rows'} each. How "
            "many rows a block has is said by the argument `rows`.",
            "blocks of another size",
        )
    back = [operation.shape[0] == p for operation in products if operation.shape]
    forward = sum(o.taken for o in products if o.shape and o.shape[0] != p)
    if forward >= n * p and True in back and True not in back[: back.count(False)]:
        return Aside(
            f"{counted}and the scores of all rows are there before the first X_b' is multiplied. "
            "So X is read twice: by then the first rows have left the cache. Do both with a block "
            "before the next one.",
            "scores first",
        )
    if largest == n * p:
        times = sum(operation.taken == n * p for operation in products)
        return Aside(
            f"{counted}{times} of them with all of X. In a block its own rows are enough, for "
            "X_b v as for X_b'.",
            "all of X in a block",
        )
    return f"{counted}for {count} blocks."


@exercise(
    "16.5",
    "In blocks",
    prompt="""H v = X' (c * (X v)) / n + l2 v, with X (n, p), curvatures c (n,) and v (p,). Take
    `rows` rows of X at a time, the last block may have fewer: X_b v, then at once X_b' times it,
    while X_b is in cache. Add up, and return H v, (p,). X is then read from memory once.""",
    minutes=6,
    difficulty=2,
    cases=_problems,
    draw=_any_problem,
    remark=_in_blocks,
    hints=(
        """X'(c * (X v)) is a sum over all points. Cut it into sums over blocks: which parts of the
        formula belong to a block, and which to the whole?""",
        """`range(0, n, rows)` are the first rows of the blocks, and a slice may end behind the last
        row.""",
        """Begin with `total = np.zeros(...)`. In the loop only X_b' (c_b * (X_b v)) is added.
        Dividing by n and the penalty come once, after it.""",
    ),
    explanation="""The same sum in another order: X is read once in the place of twice, and no more
    than `rows` scores are ever there. What belongs to the whole comes once: 1/n, with all n, and
    the penalty. So it is with shards on several machines: each answers for its rows, and what is
    divided and added once is done where the answers come together.""",
    answer=formula(
        lambda total, n, ridge: total / n + ridge,
        total=part(
            lambda X, c, v: X.T @ (c * (X @ v)),
            ("last block lost",
             lambda X, c, v, rows: _sum(X, c, v, _blocks(len(X), rows)[: len(X) // rows]),
             """The last block is missing where n is no multiple of `rows`: `n // rows` counts whole
             blocks only. `range(0, n, rows)` has the rest as well."""),
            ("first block lost",
             lambda X, c, v, rows: _sum(X, c, v, _blocks(len(X), rows)[1:]),
             "The first block is missing: it begins at row 0."),
            ("last full block lost",
             lambda X, c, v, rows: _sum(X, c, v, _blocks(len(X), rows)[:-1]),
             """The last block is missing, whole or not: the loop ends one block too early."""),
            ("only the last block",
             lambda X, c, v, rows: _sum(X, c, v, _blocks(len(X), rows)[-1:]),
             """Only the last block is in your sum: each block takes the place of what was there.
             Add, `total += ...`."""),
            ("only the first block",
             lambda X, c, v, rows: _sum(X, c, v, _blocks(len(X), rows)[:1]),
             """Only the first block is in your sum. Does a `return` stand inside the loop, or are
             later slices empty? A block is `start : start + rows`."""),
            ("one row a block short",
             lambda X, c, v, rows: _sum(
                 X, c, v, [slice(b.start, b.stop - 1) for b in _blocks(len(X), rows)]),
             """The last row of each block is missing: a slice ends before its end, so
             `start + rows` is right without -1."""),
            ("blocks overlap",
             lambda X, c, v, rows: _sum(
                 X, c, v, [slice(b.start, b.stop + 1) for b in _blocks(len(X), rows)]),
             "The first row of each block counts twice: a block ends before `start + rows`."),
            ("a block at every row",
             lambda X, c, v, rows: _sum(X, c, v, [slice(a, a + rows) for a in range(len(X))]),
             """A block begins at every row in yours, so that most rows count several times:
             `range(0, n, rows)` goes on by a block."""),
            ("all of X for each block",
             lambda X, c, v, rows: len(_blocks(len(X), rows)) * X.T @ (c * (X @ v)),
             "For each block you take all of X. A block is `X[b]`, with `c[b]`."),
            ("c twice", lambda X, c, v: X.T @ (c**2 * (X @ v)),
             "c counts squared in yours. It stands once, between X_b' and X_b v."),
            ("c after X'",
             lambda X, c, v, rows: sum(
                 (c[b] * (X[b].T @ (X[b] @ v)) for b in _blocks(len(X), rows)), 0 * v),
             """c multiplies what X_b' has made, p numbers. It belongs to the rows of the block:
             X_b' (c_b * (X_b v))."""),
            ("no curvature", lambda X, v: X.T @ (X @ v),
             "c is missing: the scores of a block are multiplied with its curvatures."),
            ("one curvature a block",
             lambda X, c, v, rows: sum(
                 (c[b.start] * X[b].T @ (X[b] @ v) for b in _blocks(len(X), rows)), 0 * v),
             lambda X, c, v, rows: sum(
                 (c[b].mean() * X[b].T @ (X[b] @ v) for b in _blocks(len(X), rows)), 0 * v),
             """All rows of a block count with one curvature, that of its first row or a mean. Each
             row has its own: `c[b]`, cut as X is."""),
            ("curvature of the first rows",
             lambda X, c, v, rows: sum(
                 (X[b].T @ (c[: len(X[b])] * (X[b] @ v)) for b in _blocks(len(X), rows)), 0 * v),
             "Each block is multiplied with the first curvatures. c is cut as X is: `c[b]`."),
        ),
        n=part(
            lambda X: len(X),
            ("not divided", lambda: 1.0, "1/n is missing: H is a mean over the points."),
            ("divided by rows", lambda rows: rows,
             "You divide by `rows`. The mean is over all n points."),
            ("divided by p", lambda X: X.shape[1],
             "You divide by p. The mean is over the n points."),
        ),
        ridge=part(
            lambda v, l2: l2 * v,
            ("no ridge", lambda v: 0 * v, "The penalty is missing: l2 v, once."),
            ("ridge once a block", lambda X, v, l2, rows: l2 * v * len(_blocks(len(X), rows)),
             """The penalty is added in each block. It does not belong to points: once, after the
             loop."""),
            ("l2 alone", lambda v, l2: l2 + 0 * v, "l2 itself is added to each entry. It is l2 v."),
            ("ridge divided by n", lambda X, v, l2: l2 * v / len(X),
             "The penalty is divided by n as well. In R it stands outside of the mean."),
        ),
    ),
    mistakes=(
        ("mean of block means", lambda X, c, v, l2, rows: (
            sum(_sum(X, c, v, [b]) / len(X[b]) for b in _blocks(len(X), rows))
            / len(_blocks(len(X), rows)) + l2 * v),
         """You take the mean of the blocks' means. The last block is shorter, and its points then
         count more than others. Add sums, and divide by n once."""),
        ("sum of block means", lambda X, c, v, l2, rows: (
            sum(_sum(X, c, v, [b]) / len(X[b]) for b in _blocks(len(X), rows)) + l2 * v),
         """Each block is divided by its own number of rows, and then they are added up: with every
         block the result grows. Add sums, and divide by n once."""),
        ("mean of blocks with their ridge", lambda X, c, v, l2, rows: (
            sum(_sum(X, c, v, [b]) / len(X[b]) + l2 * v for b in _blocks(len(X), rows))),
         """Each block answers with its own mean and its own penalty, and you add these up. Add
         sums; divide by n and add the penalty once."""),
        ("blocks not added up", lambda X, c, v, l2, rows: (
            np.array([_sum(X, c, v, [b]) for b in _blocks(len(X), rows)]) / len(X) + l2 * v),
         """Yours has a row for each block. Add them up, `sum(...)`, before the penalty comes."""),
        ("gradient for product", lambda X, c, v, l2: X.T @ c / len(X) + l2 * v,
         "X v is missing: c multiplies the scores X v of the block."),
        ("blocks of columns", lambda X, c, v, l2, rows: (
            sum((_of_columns(X, c, v, b) for b in _blocks(len(v), rows)), 0 * v) / len(X) + l2 * v),
         """Your blocks are of columns, and each knows of its own columns of H only. A block is
         `rows` rows of X, with all of their columns: `X[start : start + rows]`."""),
    ),
)
def blocked_hvp(X, c, v, l2, rows):
    """X' (c * (X v)) / n + l2 v, (p,), `rows` rows of X at a time; X is (n, p), c (n,), v (p,)."""
    n = len(X)
    total = np.zeros(len(v))
    for start in range(0, n, rows):
        b = slice(start, start + rows)
        total = total + X[b].T @ (c[b] * (X[b] @ v))
    return total / n + l2 * v
