"""Linear models: losses of a score x' theta, with every derivative in closed form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from teachkit.arrays import (
    Array,
    LinearMap,
    array_namespace,
    device,
    quietly,
    row_blocks,
    scalar,
)
from teachkit.boundary import apart
from teachkit.losses import Loss
from teachkit.memory import in_tiles, tiles
from teachkit.places import places
from teachkit.risks import checks
from teachkit.risks._changed import with_example, with_weights
from teachkit.risks._gram import Gram
from teachkit.risks._loss import Elementwise, check_parts


@places
@quietly
class LinearRisk:
    """The regularised empirical risk of a linear model.

    R(theta) = (1/n) sum_i w_i loss(x_i' theta, y_i) + 1/2 sum_j l2_j theta_j^2

    With the scores s = X theta, slopes g_i and curvatures c_i of the loss at (s_i, y_i):

        grad R = (1/n) X' (w g) + l2 theta
        H      = (1/n) X' diag(w c) X + diag(l2)

    Parameters
    ----------
    X : array (n, p)
        One row per example; an intercept is a column of ones in it. Integers become floats.
    y : array (n,)
        Targets; for the margin losses labels -1 and +1, both of them present.
    loss : Loss
        A loss such as ``Logistic()``, ``Square()`` or ``SmoothHinge(0.1)``.
    l2 : number or array (p,)
        The penalty, outside the mean over examples; 0 for an intercept, unless it is penalised.
    weights : array (n,), optional
        w_i >= 0, not all 0; ones by default. n counts every example, those of weight 0 included.
    classes : 2, optional
        For a margin loss: there are two classes, though only one may occur here, as in a shard.

    Attributes
    ----------
    X, y, l2, weights : arrays
        Copies of what was given, read-only: the arrays handed in may change afterwards, and a risk
        does not. `reweighted` shares them, and `replaced` all but X and y.
    n, p : int
    loss : Loss

    Raises
    ------
    ValueError
        For NaN or infinity, wrong shapes, empty data, labels other than -1 and +1, one class only,
        negative l2 or weights; and, when asked, for a derivative that the loss does not have.
    TypeError
        For what holds no real numbers, and for arrays of different libraries or devices.

    Notes
    -----
    With TEACHKIT_BACKEND=cupy and NumPy arrays the work is done on the GPU; answers are NumPy's.

    Lesson: 07_influence_upweighting
    """

    def __init__(
        self,
        X: Array,
        y: Array,
        loss: Loss,
        *,
        l2: Any = 0.0,
        weights: Any = None,
        classes: int | None = None,
    ) -> None:
        self.X, self.y = checks.check_data(X, y)
        self.loss, self._loss = loss, Elementwise(loss)
        if self._loss.binary:
            checks.check_labels(self.y, both=_both(classes), given=y)
        check_parts(self._loss, self.y)
        self.n, self.p = self.X.shape
        self.l2 = checks.check_l2(l2, self.p, self.X)
        self.weights = checks.check_weights(weights, self.n, self.X)

    def __repr__(self) -> str:
        return f"LinearRisk(n={self.n}, p={self.p}, loss={self.loss!r})"

    # The risk and its derivatives: weights and penalty included.

    def value(self, theta: Array) -> Array:
        """R(theta), an array of no dimensions."""
        theta = self._theta(theta)
        return self._value(theta, self.X @ theta)

    def gradient(self, theta: Array) -> Array:
        """The gradient of R, (1/n) X' (w g) + l2 theta, (p,)."""
        theta = self._theta(theta)
        return self._gradient(theta, self.X @ theta)

    def value_and_gradient(self, theta: Array) -> tuple[Array, Array]:
        """R(theta) and grad R(theta), from one product X theta."""
        theta = self._theta(theta)
        scores = self.X @ theta
        return self._value(theta, scores), self._gradient(theta, scores)

    def _value(self, theta: Array, scores: Array) -> Array:
        xp = array_namespace(theta)
        losses = self._loss.value(scores, self.y)
        return xp.sum(self.weights * losses) / self.n + 0.5 * xp.sum(self.l2 * theta**2)

    def _gradient(self, theta: Array, scores: Array) -> Array:
        slopes = self._loss.slope(scores, self.y)
        return self.X.T @ (self.weights * slopes) / self.n + self.l2 * theta

    def hessian(self, theta: Array) -> Array:
        """H = (1/n) X' diag(w c) X + diag(l2), (p, p)."""
        diagonal = self._diagonal(theta)
        xp = array_namespace(diagonal)
        like = {"dtype": diagonal.dtype, "device": device(diagonal)}
        H, convex = xp.zeros((self.p, self.p), **like), scalar(xp.min(diagonal)) >= 0.0
        for rows in tiles(self.n, self.p, self.X):
            X, d = self.X[rows, :], diagonal[rows, None]
            if convex:
                Z = X * xp.sqrt(d)
                H = H + Z.T @ Z  # a matrix with its own transpose: BLAS computes one half
            else:
                H = H + X.T @ (X * d)
        return H + self.l2 * xp.eye(self.p, **like)

    def hessian_diagonal(self, theta: Array) -> Array:
        """H_jj = (1/n) sum_i w_i c_i x_ij^2 + l2_j, (p,)."""
        diagonal, found = self._diagonal(theta), self.l2
        for rows in row_blocks(self.X):
            found = found + diagonal[rows] @ self.X[rows, :] ** 2
        return found

    def hessian_root(self, theta: Array) -> Array | None:
        """A with A' A = H, (n + p, p): the rows sqrt(w_i c_i / n) x_i', and sqrt(l2) on a diagonal.

        Where memory has no room for them, the triangle R (p, p) of A = Q R: R' R = H too. None
        where a curvature is negative, and H no such product.
        """
        diagonal = self._diagonal(theta)
        xp = array_namespace(diagonal)
        if scalar(xp.min(diagonal)) < 0.0:
            return None
        eye = xp.eye(self.p, dtype=diagonal.dtype, device=device(diagonal))
        A, cut = xp.sqrt(self.l2)[:, None] * eye, list(tiles(self.n, 4 * self.p, self.X))
        for rows in cut:
            of_data = self.X[rows, :] * xp.sqrt(diagonal[rows])[:, None]
            A = xp.concat([of_data, A], axis=0)
            if len(cut) > 1:
                A = xp.linalg.qr(A, mode="reduced")[1]
        return A

    def linearize(self, theta: Array) -> LinearMap:
        """Return v -> H v = (1/n) X' (w c (X v)) + l2 v, for v (p,) or (p, k).

        The curvatures are computed once.
        """
        return Gram(self.X, self._diagonal(theta), self.l2)

    def hvp(self, theta: Array, v: Array) -> Array:
        """H v for v (p,) or (p, k). For more than one product keep ``linearize(theta)``."""
        return self.linearize(theta)(v)

    # One example at a time: no weight, no penalty. G (n, p) has their gradients as rows.

    def example_losses(self, theta: Array) -> Array:
        """loss(x_i' theta, y_i), (n,), without weight and penalty."""
        return self._loss.value(self.X @ self._theta(theta), self.y)

    def example_gradients(self, theta: Array) -> Array:
        """g_i x_i, (n, p), without weight and penalty."""
        return self._loss.slope(self.X @ self._theta(theta), self.y)[:, None] * self.X

    def example_products(self, theta: Array, S: Array) -> Array:
        """G S = diag(g) X S, (n, m), for S (p, m)."""
        GS = self.X @ S
        GS *= self._loss.slope(self.X @ self._theta(theta), self.y)[:, None]
        return GS

    def example_sums(self, theta: Array, U: Array) -> Array:
        """G' U = X' diag(g) U, (p, m), for U (n, m)."""
        return self.X.T @ (self._loss.slope(self.X @ self._theta(theta), self.y)[:, None] * U)

    def loss_at(self, theta: Array, X: Array, y: Array) -> Array:
        """The losses at other points: X (m, p), y (m,) give (m,); one point gives one number."""
        X, y, single = self._points(X, y)
        losses = self._loss.value(X @ self._theta(theta), y)
        return losses[0] if single else losses

    def gradient_at(self, theta: Array, X: Array, y: Array) -> Array:
        """The loss gradients at other points: X (m, p), y (m,) give (m, p); one gives (p,)."""
        X, y, single = self._points(X, y)
        gradients = self._loss.slope(X @ self._theta(theta), y)[:, None] * X
        return gradients[0, :] if single else gradients

    def input_gradient(self, theta: Array, i: int, s: Array) -> Array:
        """The gradient grad_x (s . grad_theta L(z_i)) = g_i s + (s . x_i) c_i theta, (p,)."""
        theta, i = self._theta(theta), checks.check_index(i, self.n)
        s = checks.check_vectors(s, self.p, self.X, "s", columns=False)
        x, y = self.X[i, :], self.y[i : i + 1]
        score = self.X[i : i + 1, :] @ theta
        return self._loss.slope(score, y) * s + (s @ x) * self._loss.curvature(score, y) * theta

    def example_hvp(self, theta: Array, indices: int | Iterable[int]) -> LinearMap:
        """Return v -> the mean over these examples of w_i c_i x_i (x_i' v), without the penalty."""
        theta, chosen = self._theta(theta), checks.check_indices(indices, self.n)
        if not chosen:
            raise ValueError("indices is empty, and a mean over no examples does not exist.")
        xp = array_namespace(theta)
        rows = xp.asarray(chosen, device=device(self.X))
        X, y = xp.take(self.X, rows, axis=0), xp.take(self.y, rows)
        weights = xp.take(self.weights, rows)
        return Gram(X, weights * self._loss.curvature(X @ theta, y) / len(chosen))

    def example_curvatures(self, theta: Array) -> Array:
        """w_i abs(c_i) ||x_i||^2, (n,): the one eigenvalue of w_i c_i x_i x_i' that is not 0."""
        xp = array_namespace(self.X)
        curvatures = self._curvatures(self._theta(theta))

        def squares(rows: slice) -> Array:
            return xp.linalg.vector_norm(self.X[rows, :], axis=1) ** 2

        lengths = in_tiles(squares, self.n, (), 2 * self.p, self.X)
        return self.weights * xp.abs(curvatures) * lengths

    def leverages(self, theta: Array, solve: LinearMap) -> Array:
        """h_i = w_i c_i x_i' H^-1 x_i / n, (n,), with solve: v -> H^-1 v for v (p, k)."""
        xp, solved = array_namespace(self.X), apart(solve)
        # A solve of ours may know v' H^-1 v for less than H^-1 v.
        quadratic = getattr(solve, "quadratic", lambda x: xp.sum(x * solved(x), axis=0))

        def of(rows: slice) -> Array:
            return quadratic(self.X[rows, :].T)

        squares = in_tiles(of, self.n, (), 3 * self.p, self.X)
        return self.weights * self._curvatures(self._theta(theta)) * squares / self.n

    # The same risk, changed.

    def reweighted(self, weights: Array) -> LinearRisk:
        """The same risk with other weights, (n,); a class may be wholly at 0. Arrays are shared."""
        return with_weights(self, weights)

    def replaced(self, i: int, x: Array, y: Any) -> LinearRisk:
        """The same risk with example i exchanged for x (p,) and y; its weight stays.

        Only the new row is checked.
        """
        return with_example(self, i, x, y, self._label)

    def _label(self, y: Array, _: Array) -> Array:
        if self._loss.binary:
            checks.check_labels(y, both=False)
        return y

    def _theta(self, theta: Array) -> Array:
        return checks.check_theta(theta, self.p, self.X)

    def _points(self, X: Array, y: Array) -> tuple[Array, Array, bool]:
        given = y
        X, y, single = checks.check_test_points(X, y, self.p, self.X)
        if self._loss.binary:
            checks.check_labels(y, "y_test", both=False, given=given)
        return X, y, single

    def _curvatures(self, theta: Array) -> Array:
        return self._loss.curvature(self.X @ theta, self.y)

    def _diagonal(self, theta: Array) -> Array:
        """w_i c_i / n, (n,)."""
        return self.weights * self._curvatures(self._theta(theta)) / self.n


def _both(classes: int | None) -> bool:
    """Whether both classes have to occur."""
    if classes not in (None, 2):
        raise ValueError(
            f"classes is {classes!r}; a margin loss tells two classes apart: classes=2 says so "
            "where one of them may not occur, or leave it out. For more take a SoftmaxRisk."
        )
    return classes is None
