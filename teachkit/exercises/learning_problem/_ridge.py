"""2.5: the minimum of a penalised risk."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula, part


def _problems() -> list[tuple]:
    X = np.array(
        [
            [1.0, -1.3, 0.8],
            [1.0, 0.4, -1.9],
            [1.0, 2.2, 0.7],
            [1.0, -0.6, 1.5],
            [1.0, 1.7, -0.2],
            [1.0, 0.9, 2.4],
        ]
    )
    y = np.array([1.8, -0.7, 3.1, 0.4, 2.6, 1.1])
    other = np.array([[0.7, 1.0], [-1.2, 1.0], [2.1, 1.0], [0.3, 1.0], [-1.9, 1.0]])
    return [(X, y, 0.5), (other, np.array([2.4, -0.3, 3.3, 0.9, 1.2]), 0.8)]


def _any_problem(draw):
    n, p = draw.whole(1, 7), draw.whole(1, 4)
    X = draw.numbers(n, p, low=-2.5, high=2.5)
    X[0, 0] = draw.number(0.5, 2.5)
    l2 = draw.number(0.05, 2.0)
    y = X[:, 0] + draw.numbers(n, low=-2.0, high=2.0)
    whole = draw.pick(False, False, True)  # such as counts
    if whole or draw.chance(0.3):
        y = np.round(y).astype(int)
    if whole:
        return np.round(X).astype(int), y, l2
    return X, y, draw.pick(0.0, l2) if n > p + 2 else l2


def _eye(X):
    return np.eye(X.shape[1])


def _but(X, j):
    """I without the entry of one parameter."""
    return np.diag(np.arange(X.shape[1]) != j % X.shape[1]).astype(float)


@exercise(
    "2.5",
    "The minimum of a penalised risk",
    prompt="""Return the w that minimises the penalised risk (1/n) sum_i (x_i'w - y_i)^2 + l2/2
    |w|^2. `X` is (n, p) with the rows x_i, `y` is (n,), `l2` a number; all of w is
    penalised. (`l2` may be 0 where n > p.)""",
    minutes=7,
    difficulty=2,
    cases=_problems,
    draw=_any_problem,
    hints=(
        """Write down where the gradient is 0, and multiply the brackets out. Which terms hold w,
        and which do not?""",
        """What holds w goes to the left: (a matrix, p x p) times w. l2 times w is l2 times the unit
        matrix times w, `l2 * np.eye(p)`. Try it with n = p = 1 on paper: w = 2 x y / (2 x^2 +
        l2).""",
    ),
    explanation="""The gradient 2/n X'(X w - y) + l2 w is 0 where (2/n X'X + l2 I) w = 2/n X'y. The
    matrix is the Hessian of the risk. scikit-learn's `Ridge` minimises a sum of squares plus
    alpha |w|^2, without means and halves: its alpha is n l2 / 2.""",
    answer=formula(
        lambda bend, ridge, push: np.linalg.solve(bend + ridge, push),
        bend=part(
            lambda X: 2 * X.T @ X / len(X),
            ("p for n", lambda X: 2 * X.T @ X / X.shape[1],
             """The mean is over the n points; yours divides by p, the number of columns: n is
             `len(X)`."""),
            ("the 2 on the right alone", lambda X: X.T @ X / len(X),
             """The 2 of the derivative stands on the right, at X'y, and is missing on the left: 2/n
             X'X as well."""),
            ("n on the right alone", lambda X: 2 * X.T @ X,
             """The mean is missing on the left: beside 2/n X'y stands 2/n X'X."""),
            ("centred", lambda X: 2 * np.cov(X.T, bias=True).reshape(X.shape[1], X.shape[1]),
             """You took the means of the columns off (as `np.cov` does). Nothing in this risk is
             centred: X'X as it is."""),
        ),
        ridge=part(
            lambda X, l2: l2 * _eye(X),
            ("no penalty", lambda X: 0 * _eye(X),
             """The penalty is not in it: this is the minimum of the empirical risk alone. Where a
             direction has few data, its entries grow large."""),
            ("l2/2", lambda X, l2: l2 / 2 * _eye(X),
             """The penalty counts half. Deriving l2/2 |w|^2 brings a factor 2: what stands in the
             gradient is l2 w."""),
            ("2 l2", lambda X, l2: 2 * l2 * _eye(X),
             """Against the squares the penalty counts twice. Either the 2 is lost that deriving
             (x'w - y)^2 brings (X'X/n and X'y/n, as if half of the squares were minimised), or the
             half of l2/2 |w|^2: its gradient is l2 w."""),
            ("n l2", lambda X, l2: len(X) * l2 * _eye(X),
             """The penalty counts n times, as if every point had one of its own. It stands once,
             outside of the mean."""),
            ("n l2/2", lambda X, l2: len(X) * l2 / 2 * _eye(X),
             """n l2/2 is what scikit-learn calls alpha, and goes with *sums*: X'X and X'y without
             their 2/n. Beside means it is l2 alone."""),
            ("l2/n", lambda X, l2: l2 / len(X) * _eye(X),
             """Against the squares the penalty is n times too weak. Either they are summed and not
             averaged (2 X'X), or l2 is divided by n as well. The penalty stands outside of the
             mean."""),
            ("l2 squared", lambda X, l2: l2**2 * _eye(X),
             "l2 is the name of a number, and not l squared: it comes to the first power."),
            ("l2 on every entry", lambda X, l2: l2 + 0 * _eye(X),
             """`A + l2` adds l2 to every entry of the matrix. The penalty stands on the diagonal:
             `l2 * np.eye(p)`."""),
            ("one parameter unpenalised",
             lambda X, l2: l2 * _but(X, 0), lambda X, l2: l2 * _but(X, -1),
             """One parameter, first or last, goes without penalty, as people do with an intercept.
             That is a good custom, and another risk: here |w|^2 is over all of w."""),
        ),
        push=part(
            lambda X, y: 2 * X.T @ y / len(X),
            ("y centred", lambda X, y: 2 * X.T @ (y - y.mean()) / len(X),
             """You took the mean off y. In this risk y stands as it is; a column of ones, where
             there is one, takes care of the mean."""),
        ),
    ),
    mistakes=(
        ("p for n", lambda X, y, ridge: np.linalg.solve(
            2 * X.T @ X / X.shape[1] + ridge, 2 * X.T @ y / X.shape[1]),
         """The mean is over the n points; yours divides by p, the number of columns: n is
         `len(X)`."""),
        ("I of n", lambda X, y, l2, bend, push: np.linalg.solve(bend + l2 * np.eye(len(X)), push),
         """The unit matrix has the size of n points. What is penalised are p parameters:
         `np.eye(X.shape[1])`."""),
        ("no root of the weight", lambda X, l2, bend, push:
         np.linalg.solve(bend + l2**2 / 2 * _eye(X), push), lambda X, l2, bend, push:
         np.linalg.solve(bend + len(X) * l2**2 / 2 * _eye(X), push),
         """The penalty is there as further rows of X, with its weight squared: what is written into
         a row is squared by least squares. It takes the root of the weight."""),
        ("sums, not means",
         lambda X, y, l2: np.linalg.solve(X.T @ X + l2 * _eye(X), X.T @ y),
         """This solves (X'X + l2 I) w = X'y, which is scikit-learn's `Ridge(alpha=l2)`: a sum of
         squares plus l2 |w|^2. (X'X/n with l2/n is the same.) Here the squares have a mean, and the
         penalty a half."""),
        ("half on the right", "1/2",
         "The 2 of the derivative belongs on both sides: 2/n X'X and 2/n X'y."),
        ("double", "2", "The 2 of the derivative belongs on both sides: 2/n X'X and 2/n X'y."),
        ("no n on the right", "n", "The right side is a mean, too: 2/n X'y."),
        ("1/n on the right twice", "1/n", "On the right side there is one n too much: 2/n X'y."),
        ("the predictions", lambda X, bend, ridge, push: X @ np.linalg.solve(bend + ridge, push),
         "These are the predictions X w, one for each point. Asked is w."),
        ("multiplied", lambda bend, ridge, push: (bend + ridge) @ push,
         """You multiplied by the matrix where the system has to be solved:
         `np.linalg.solve(A, b)`."""),
        ("the right side alone", lambda push: push,
         """This is the right side, 2/n X'y. The matrix on the left has still to be taken off, with
         `np.linalg.solve`."""),
        ("divided by the diagonal", lambda bend, ridge, push: push / np.diag(bend + ridge),
         """Each entry is divided by its own diagonal entry. The columns of X overlap; solve with
         the whole matrix."""),
        ("the risk", lambda X, y, l2, bend, ridge, push: (
            lambda w: np.mean((X @ w - y) ** 2) + l2 / 2 * w @ w)(
                np.linalg.solve(bend + ridge, push)),
         "This is the least penalised risk, a number. Asked is the w at which it is reached."),
    ),
)
def ridge(X, y, l2):
    """The w, (p,), that minimises mean((X w - y)^2) + l2/2 |w|^2; X is (n, p), y is (n,)."""
    n, p = X.shape
    return np.linalg.solve(2 * X.T @ X / n + l2 * np.eye(p), 2 * X.T @ y / n)
