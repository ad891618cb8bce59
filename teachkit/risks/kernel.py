"""Kernel machines: a linear model on features in which every training point is a direction."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from functools import partial
from typing import Any, NoReturn

from teachkit import arrays, require
from teachkit.arrays import (
    Array,
    LinearMap,
    NotPositiveDefiniteError,
    array_namespace,
    device,
    quietly,
    scalar,
)
from teachkit.losses import Loss
from teachkit.memory import in_tiles
from teachkit.places import places
from teachkit.risks import checks
from teachkit.risks.linear import LinearRisk


@partial(places, at_once=True)
@quietly
class KernelRisk:
    """The regularised empirical risk of a model f in the space of a Gaussian (RBF) kernel.

    R(theta) = (1/n) sum_i w_i loss(f(x_i), y_i) + 1/2 sum_j l2_j theta_j^2,  f(x) = phi(x)' theta

    with k(x, z) = e^(-gamma ||x - z||^2), K_ij = k(x_i, x_j) and the features

        phi(x) = L^-1 (k(x_1, x), ..., k(x_n, x))',        L L' = K + jitter I

    so that phi(x)' phi(z) is k(x, z), but for jitter where both are training points, and for at
    most its root where one is. There are p = n parameters and no intercept. With one number for l2
    the penalty is l2/2 times the squared norm of f; with `SmoothHinge` it is a support vector
    machine with C = 1 / (n l2).

    Parameters
    ----------
    X : array (n, d)
        One row per example, as it is: whatever asks for points takes such rows and maps them.
    y : array (n,)
        Targets; for the margin losses labels -1 and +1, both of them present.
    loss : Loss
        A loss such as ``Logistic()``, ``Square()`` or ``SmoothHinge(0.1)``.
    gamma : float
        > 0; points further apart than 1 / sqrt(gamma) hardly know of each other.
    l2 : number or array (n,)
        The penalty, outside the mean over examples.
    weights : array (n,), optional
        w_i >= 0, not all 0; ones by default.
    jitter : float
        >= 0, added to the diagonal of K. Where rows of X are equal, or nearly, K is singular as far
        as rounding tells, and has a factor with it only. float32 needs some 1e-3.

    Attributes
    ----------
    X, y, l2, weights : arrays
        Copies of what was given, read-only; X is raw.
    n, p : int
        Both the number of examples.
    linear : LinearRisk
        The same risk of the features: its X holds phi(x_i)'.
    loss, gamma, jitter
        As given.

    Raises
    ------
    ValueError
        gamma <= 0, jitter < 0; K + jitter I without a factor; and what `LinearRisk` refuses.
    TypeError
        From `input_gradient` and `replaced`, and so from what asks them, `Influence.perturbation`
        and `pert_loss`, `retrain_with`: the features hold the training points, and move with them.
        Leaving points out by weight is exact: f with w_i = 0 is f without the row.

    Notes
    -----
    With TEACHKIT_BACKEND=cupy and NumPy arrays the work is done on the GPU; answers are NumPy's.

    Making one costs n^3 / 3 multiplications, each map of m points n^2 m.

    Source: Schölkopf and Smola (2002), Learning with Kernels, sections 2.2 and 4.2.
    Lesson: 12_understanding_models
    """

    def __init__(
        self,
        X: Array,
        y: Array,
        loss: Loss,
        *,
        gamma: float,
        l2: Any = 0.0,
        weights: Any = None,
        jitter: float = 1e-10,
    ) -> None:
        self.X, _ = checks.check_data(X, y)
        why = "k(x, z) = e^(-gamma ||x - z||^2): with 0 all points look alike."
        self.gamma = require.real(gamma, "gamma", "(0, inf)", why, example="0.03")
        self.jitter = require.real(jitter, "jitter", "[0, inf)", example="1e-10")
        self.n = self.p = self.X.shape[0]
        self._centre = array_namespace(self.X).mean(self.X, axis=0)
        K = self._kernel(self.X)
        self._L = _factor(K, self.jitter)
        rows = arrays.solve_triangular(self._L, K).T
        self.linear = LinearRisk(rows, y, loss, l2=l2, weights=weights)

    def __repr__(self) -> str:
        return f"KernelRisk(n={self.n}, loss={self.loss!r}, gamma={self.gamma:g})"

    @property
    def loss(self) -> Loss:
        """The loss of a score."""
        return self.linear.loss

    @property
    def y(self) -> Array:
        """The targets, (n,)."""
        return self.linear.y

    @property
    def weights(self) -> Array:
        """The weights, (n,)."""
        return self.linear.weights

    @property
    def l2(self) -> Array:
        """The penalty, (n,)."""
        return self.linear.l2

    def features(self, X: Array) -> Array:
        """phi(x)' for each row of X (m, d), (m, n); one x (d,) gives (n,).

        The scores of a fit are ``features(X) @ theta``.

        Lesson: 12_understanding_models
        """
        X, single = checks.check_rows(X, self.X.shape[1], self.X)
        rows = self._map(X)
        return rows[0, :] if single else rows

    # The risk, its derivatives, and those of single examples: the linear risk's.

    def value(self, theta: Array) -> Array:
        """R(theta), an array of no dimensions."""
        return self.linear.value(theta)

    def gradient(self, theta: Array) -> Array:
        """The gradient of R, (n,)."""
        return self.linear.gradient(theta)

    def value_and_gradient(self, theta: Array) -> tuple[Array, Array]:
        """R(theta) and grad R(theta), from one product."""
        return self.linear.value_and_gradient(theta)

    def hessian(self, theta: Array) -> Array:
        """H, (n, n)."""
        return self.linear.hessian(theta)

    def hessian_root(self, theta: Array) -> Array | None:
        """A with A' A = H, (2n, n), or None where H is no such product."""
        return self.linear.hessian_root(theta)

    def linearize(self, theta: Array) -> LinearMap:
        """Return v -> H v for v (n,) or (n, k)."""
        return self.linear.linearize(theta)

    def hvp(self, theta: Array, v: Array) -> Array:
        """H v. For more than one product keep ``linearize(theta)``."""
        return self.linear.hvp(theta, v)

    def example_losses(self, theta: Array) -> Array:
        """loss(f(x_i), y_i), (n,), without weight and penalty."""
        return self.linear.example_losses(theta)

    def example_gradients(self, theta: Array) -> Array:
        """g_i phi(x_i), (n, n), without weight and penalty."""
        return self.linear.example_gradients(theta)

    def example_hvp(self, theta: Array, indices: int | Iterable[int]) -> LinearMap:
        """Return v -> the mean over these examples of w_i H_i v, without the penalty."""
        return self.linear.example_hvp(theta, indices)

    def leverages(self, theta: Array, solve: LinearMap) -> Array:
        """h_i = w_i c_i phi(x_i)' H^-1 phi(x_i) / n, (n,), with solve: v -> H^-1 v."""
        return self.linear.leverages(theta, solve)

    # At other points, which are mapped first.

    def loss_at(self, theta: Array, X: Array, y: Array) -> Array:
        """The losses at other points: X (m, d), y (m,) give (m,); one point gives one number."""
        return self.linear.loss_at(theta, *self._points(X, y))

    def gradient_at(self, theta: Array, X: Array, y: Array) -> Array:
        """The loss gradients at other points: X (m, d), y (m,) give (m, n); one gives (n,)."""
        return self.linear.gradient_at(theta, *self._points(X, y))

    # The same risk, changed.

    def reweighted(self, weights: Array) -> KernelRisk:
        """The same risk with other weights, (n,). Features and all arrays are shared.

        With w_i = 0 the minimum is, as a function f, the one of a risk without row i and with the
        penalty l2 n / (n - 1).
        """
        other = copy.copy(self)
        other.linear = self.linear.reweighted(weights)
        return other

    def replaced(self, i: int, x: Array, y: Any) -> NoReturn:
        """Raise TypeError: another training point has other features."""
        raise TypeError(f"No example can be exchanged. {_THEY_MOVE}")

    def input_gradient(self, theta: Array, i: int, s: Array) -> NoReturn:
        """Raise TypeError: no training point moves alone."""
        raise TypeError(f"There is no gradient in a training point. {_THEY_MOVE}")

    def _points(self, X: Array, y: Array) -> tuple[Array, Array]:
        rows, targets, single = checks.check_test_points(X, y, self.X.shape[1], self.X)
        mapped = self._map(rows)
        return (mapped[0, :], targets[0]) if single else (mapped, targets)

    def _map(self, X: Array) -> Array:
        """phi(x)' for each row, (m, n)."""

        def features(rows: slice) -> Array:
            return arrays.solve_triangular(self._L, self._kernel(X[rows, :])).T

        return in_tiles(features, X.shape[0], (self.n,), 4 * self.n, X)

    def _kernel(self, X: Array) -> Array:
        """k(x_i, x) for the training points, (n, m); distances from their centre keep digits."""
        xp = array_namespace(X)
        A, B = self.X - self._centre, X - self._centre
        squares = xp.sum(A**2, axis=1)[:, None] + xp.sum(B**2, axis=1)[None, :] - 2.0 * A @ B.T
        return xp.exp(-self.gamma * xp.where(squares > 0.0, squares, xp.zeros_like(squares)))


_THEY_MOVE = (
    "The features of a KernelRisk, L^-1 k(x), hold all training points and move with each of them, "
    "so that theta before and after mean different functions. Leaving points out and reweighting "
    "are exact; to move one, make another KernelRisk and compare the losses at test points."
)


def _factor(K: Array, jitter: float) -> Array:
    """L with L L' = K + jitter I; ValueError where it is lost in rounding."""
    xp, n = array_namespace(K), K.shape[0]
    rounding = n * float(xp.finfo(K.dtype).eps)
    try:
        L = arrays.cholesky(K + jitter * xp.eye(n, dtype=K.dtype, device=device(K)))
        if scalar(xp.min(xp.linalg.diagonal(L))) ** 2 > rounding:
            return L
    except NotPositiveDefiniteError:
        pass
    raise ValueError(
        f"K + jitter I with jitter = {jitter:g} is singular as far as {K.dtype} tells. Rows of X "
        "that are equal, or so near to each other that gamma does not part them, are the usual "
        f"cause. Take jitter={10 * rounding:.0e}, or a larger gamma."
    )
