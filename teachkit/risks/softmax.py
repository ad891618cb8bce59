"""Softmax regression: several classes, a score for each, with every derivative in closed form."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from teachkit.arrays import (
    Array,
    LinearMap,
    array_namespace,
    device,
    quietly,
    row_blocks,
)
from teachkit.memory import in_tiles, tiles
from teachkit.places import places
from teachkit.risks import checks
from teachkit.risks._changed import with_example, with_weights
from teachkit.risks._classes import Curvature, Softmax, losses, own_class
from teachkit.risks._labels import check_classes, class_labels, refuse_text
from teachkit.risks._penalty import Penalty


@places
@quietly
class SoftmaxRisk:
    """The regularised empirical risk of softmax (multinomial logistic) regression.

    R(theta) = (1/n) sum_i w_i L(z_i, theta) + 1/2 sum_j l2_j theta_j^2,    L = -log P_iy,  y = y_i

    With the probabilities P_ik = e^S_ik / sum_l e^S_il of the scores S = X W, and Y_ik = 1 for the
    own class y_i and 0 for others:

        grad R = (1/n) X' diag(w) (P - Y) + l2 W
        H v    = (1/n) sum_i w_i x_i (diag(P_i) - P_i P_i') (x_i' V) + l2 V

    *Conventions.* W is (d, K), a column per class, and ``theta = W.reshape(-1)`` with p = d K:
    theta[j K + k] is the weight of feature j in the score of class k. Gradients, vectors v and l2
    lie in the same order. A number added to a whole row of W changes no probability, so without a
    penalty on that row H is singular: `Influence` and retraining refuse, and `centred` helps.

    Parameters
    ----------
    X : array (n, d)
        One row per example; an intercept is a column of ones in it. Integers become floats.
    y : array (n,)
        Labels, whole numbers 0 to classes - 1.
    l2 : number or array (p,)
        The penalty, outside the mean over examples; 0 for intercepts, unless they are penalised.
    weights : array (n,), optional
        w_i >= 0, not all 0; ones by default. n counts every example, those of weight 0 included.
    classes : int, optional
        K. By default one more than the largest label, and then each class has to occur. Told, as
        to a shard of a larger set, any may be missing.

    Attributes
    ----------
    X, y, l2, weights : arrays
        Copies of what was given, read-only; y holds integers.
    n, p, classes : int

    Raises
    ------
    ValueError
        For NaN or infinity, wrong shapes, empty data, labels that are not 0 to classes - 1, one
        class only, negative l2 or weights.
    TypeError
        For what holds no real numbers, and for arrays of different libraries or devices.

    Notes
    -----
    With TEACHKIT_BACKEND=cupy and NumPy arrays the work is done on the GPU; answers are NumPy's.

    Source: Böhning (1992), Multinomial logistic regression algorithm.
    Lesson: 10_agreement_with_truth
    """

    def __init__(
        self, X: Array, y: Array, *, l2: Any = 0.0, weights: Any = None, classes: int | None = None
    ) -> None:
        refuse_text(y, "y")
        self.X, floats = checks.check_data(X, y)
        self.y, self.classes = check_classes(floats, classes, self.X)
        self.n, d = self.X.shape
        self.p = d * self.classes
        self.l2 = checks.check_l2(l2, self.p, self.X)
        self.weights = checks.check_weights(weights, self.n, self.X)
        self.penalty = Penalty(self.l2, self.classes)

    def __repr__(self) -> str:
        return f"SoftmaxRisk(n={self.n}, p={self.p}, classes={self.classes})"

    # The risk and its derivatives: weights and penalty included.

    def value(self, theta: Array) -> Array:
        """R(theta), an array of no dimensions."""
        theta = self._theta(theta)
        return self._value(theta, self._scores(theta, self.X))

    def gradient(self, theta: Array) -> Array:
        """The gradient of R, (1/n) X' diag(w) (P - Y) + l2 W as (p,)."""
        theta = self._theta(theta)
        return self._gradient(theta, self._scores(theta, self.X))

    def value_and_gradient(self, theta: Array) -> tuple[Array, Array]:
        """R(theta) and grad R(theta), from one product X W."""
        theta = self._theta(theta)
        S = self._scores(theta, self.X)
        return self._value(theta, S), self._gradient(theta, S)

    def _value(self, theta: Array, S: Array) -> Array:
        xp = array_namespace(theta)
        mean = xp.sum(self.weights * losses(S, self._own(self.y))) / self.n
        return mean + 0.5 * xp.sum(theta * self.penalty(theta))

    def _gradient(self, theta: Array, S: Array) -> Array:
        G = Softmax.of(S).slopes(self._own(self.y)) * self.weights[:, None]
        return array_namespace(theta).reshape(self.X.T @ G / self.n, (-1,)) + self.penalty(theta)

    def hessian(self, theta: Array) -> Array:
        """H, (p, p): of the blocks for two classes, (d, d) each, half are computed."""
        softmax, weight = self._softmax(theta), self.weights / self.n
        (_, d), K = self.X.shape, self.classes
        xp = array_namespace(self.X)
        H = xp.zeros((d, K, d, K), dtype=self.X.dtype, device=device(self.X))
        for j in range(K):
            for k in range(j + 1):
                root = xp.sqrt(weight * xp.abs(softmax.curvature(j, k)))
                block = xp.zeros((d, d), dtype=H.dtype, device=device(H))
                for rows in tiles(self.n, d, self.X):
                    Z = self.X[rows, :] * root[rows, None]
                    block = block + Z.T @ Z
                H[:, j, :, k] = block if j == k else -block
                H[:, k, :, j] = H[:, j, :, k]
        eye = xp.eye(self.p, dtype=H.dtype, device=device(H))
        return xp.reshape(H, (self.p, self.p)) + self.penalty(eye)

    def hessian_diagonal(self, theta: Array) -> Array:
        """(1/n) sum_i w_i P_ik (1 - P_ik) x_ij^2 and the penalty, (p,)."""
        xp = array_namespace(self.X)
        C = self._curvatures(self._softmax(theta)) * (self.weights / self.n)[:, None]
        found = xp.zeros(self._shape, dtype=C.dtype, device=device(C))
        for rows in row_blocks(self.X):
            found = found + (self.X[rows, :] ** 2).T @ C[rows, :]
        return xp.reshape(found, (self.p,)) + self.penalty.diagonal

    def linearize(self, theta: Array) -> LinearMap:
        """Return v -> H v for v (p,) or (p, k), with the probabilities computed once."""
        return Curvature(self.X, self._softmax(theta), self.weights / self.n, self.penalty)

    def hvp(self, theta: Array, v: Array) -> Array:
        """H v for v (p,) or (p, k). For more than one product keep ``linearize(theta)``."""
        return self.linearize(theta)(v)

    # One example at a time: no weight, no penalty.

    def example_losses(self, theta: Array) -> Array:
        """-log P of the own class, (n,), without weight and penalty."""
        return losses(self._scores(self._theta(theta), self.X), self._own(self.y))

    def example_gradients(self, theta: Array) -> Array:
        """x_i (P_i - Y_i)' as rows, (n, p), without weight and penalty."""
        return self._gradients(theta, self.X, self.y)

    def example_products(self, theta: Array, S: Array) -> Array:
        """G S, (n, m), for S (p, m), where G (n, p) has these gradients as rows."""
        xp, m = array_namespace(S), S.shape[1]
        slopes, (d, K) = self._softmax(theta).slopes(self._own(self.y)), self._shape

        def of(rows: slice) -> Array:
            XS = xp.reshape(self.X[rows, :] @ xp.reshape(S, (d, K * m)), (-1, K, m))
            return xp.sum(slopes[rows, :, None] * XS, axis=1)

        return in_tiles(of, self.n, (m,), 2 * K * m, self.X)

    def example_sums(self, theta: Array, U: Array) -> Array:
        """G' U, (p, m), for U (n, m)."""
        slopes = self._softmax(theta).slopes(self._own(self.y))
        xp, columns = array_namespace(U), range(U.shape[1])
        sums = [xp.reshape(self.X.T @ (slopes * U[:, j, None]), (self.p,)) for j in columns]
        return xp.stack(sums, axis=1)

    def loss_at(self, theta: Array, X: Array, y: Array) -> Array:
        """The losses at other points: X (m, d), y (m,) give (m,); one point gives one number."""
        X, y, single = self._points(X, y)
        found = losses(self._scores(self._theta(theta), X), self._own(y))
        return found[0] if single else found

    def gradient_at(self, theta: Array, X: Array, y: Array) -> Array:
        """The loss gradients at other points: X (m, d), y (m,) give (m, p); one gives (p,)."""
        X, y, single = self._points(X, y)
        gradients = self._gradients(theta, X, y)
        return gradients[0, :] if single else gradients

    def input_gradient(self, theta: Array, i: int, s: Array) -> Array:
        """The gradient grad_x (s . grad_theta L(z_i)), (d,), with s as a matrix V like W.

        V (P_i - Y_i) + W (diag(P_i) - P_i P_i') V' x_i
        """
        theta, i = self._theta(theta), checks.check_index(i, self.n)
        s = checks.check_vectors(s, self.p, self.X, "s", columns=False)
        x, W, V = self.X[i : i + 1, :], self._W(theta), self._W(s)
        softmax = Softmax.of(x @ W)
        slope = softmax.slopes(self._own(self.y[i : i + 1]))
        return V @ slope[0, :] + W @ softmax.curved(x @ V)[0, :]

    def example_hvp(self, theta: Array, indices: int | Iterable[int]) -> LinearMap:
        """Return v -> the mean over these examples of w_i grad^2 L_i v, without the penalty."""
        theta, chosen = self._theta(theta), checks.check_indices(indices, self.n)
        if not chosen:
            raise ValueError("indices is empty, and a mean over no examples does not exist.")
        xp = array_namespace(theta)
        rows = xp.asarray(chosen, device=device(self.X))
        X = xp.take(self.X, rows, axis=0)
        softmax = Softmax.of(self._scores(theta, X))
        return Curvature(X, softmax, xp.take(self.weights, rows) / len(chosen))

    def example_curvatures(self, theta: Array) -> Array:
        """2 w_i max_k P_ik (1 - P_ik) ||x_i||^2, (n,): no eigenvalue of w_i grad^2 L_i is larger.

        By Gershgorin's circles around the diagonal of diag(P_i) - P_i P_i'; with two classes it is
        the largest eigenvalue itself.
        """
        xp = array_namespace(self.X)
        largest = xp.max(self._curvatures(self._softmax(theta)), axis=1)

        def squares(rows: slice) -> Array:
            return xp.linalg.vector_norm(self.X[rows, :], axis=1) ** 2

        lengths = in_tiles(squares, self.n, (), 2 * self.X.shape[1], self.X)
        return 2.0 * self.weights * largest * lengths

    # The same risk, changed.

    def reweighted(self, weights: Array) -> SoftmaxRisk:
        """The same risk with other weights, (n,); a class may be wholly at 0. Arrays are shared."""
        return with_weights(self, weights)

    def replaced(self, i: int, x: Array, y: Any) -> SoftmaxRisk:
        """The same risk with example i exchanged for x (d,) and the label y; its weight stays.

        Only the new row is checked.
        """
        refuse_text(y, "y")
        return with_example(self, i, x, y, lambda y, X: class_labels(y, self.classes, X))

    # The direction in which H is flat.

    def centred(self) -> SoftmaxRisk:
        """The same risk, with each row of W that has no penalty made to sum to 0.

        To R is added 1/2 sum_j c_j (sum_k W_jk)^2 / K over these rows, c_j the mean of w_i x_ij^2
        over K. Losses and probabilities at the minimum stay what they were: of all W that have
        them, this picks one, and H is positive definite where the data determine the rest.
        """
        other = copy.copy(self)
        other.penalty = self.penalty.centred(self.X, self.weights)
        return other

    @property
    def why_singular(self) -> str:
        """Why H is singular whatever the data, a sentence; or nothing."""
        return self.penalty.why_singular

    @property
    def _shape(self) -> tuple[int, int]:
        return self.X.shape[1], self.classes

    def _W(self, v: Array) -> Array:
        return array_namespace(v).reshape(v, self._shape)

    def _theta(self, theta: Array) -> Array:
        return checks.check_theta(theta, self.p, self.X)

    def _scores(self, theta: Array, X: Array) -> Array:
        return X @ self._W(theta)

    def _softmax(self, theta: Array) -> Softmax:
        return Softmax.of(self._scores(self._theta(theta), self.X))

    def _curvatures(self, softmax: Softmax) -> Array:
        """P_ik (1 - P_ik), (n, K)."""
        each = [softmax.curvature(k, k) for k in range(self.classes)]
        return array_namespace(self.X).stack(each, axis=1)

    def _own(self, y: Array) -> Array:
        return own_class(y, self.classes)

    def _gradients(self, theta: Array, X: Array, y: Array) -> Array:
        slopes = Softmax.of(self._scores(self._theta(theta), X)).slopes(self._own(y))
        products = X[:, :, None] * slopes[:, None, :]
        return array_namespace(X).reshape(products, (X.shape[0], self.p))

    def _points(self, X: Array, y: Array) -> tuple[Array, Array, bool]:
        refuse_text(y, "y_test")
        X, y, single = checks.check_test_points(X, y, self.X.shape[1], self.X)
        return X, class_labels(y, self.classes, X, "y_test"), single
