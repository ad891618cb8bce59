"""The questions a risk answers: all that solvers, influence and retraining know of a model.

Any object with these methods will do; nothing has to inherit from here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol, runtime_checkable

from teachkit.arrays import Array, LinearMap


@runtime_checkable
class Objective(Protocol):
    """A function to minimise: all that a solver needs.

    Where there are any, solvers also use ``value_and_gradient(x)`` (one joint call),
    ``hessian(x)`` (p, p), ``hvp(x, v)`` and ``linearize(x)``, a callable v -> H v.
    """

    def value(self, x: Array) -> Any:
        """f(x): a float or an array of no dimensions."""

    def gradient(self, x: Array) -> Array:
        """The gradient at x, (p,)."""


@runtime_checkable
class Risk(Protocol):
    """R(theta) = (1/n) sum_i w_i L(z_i, theta) + 1/2 sum_j l2_j theta_j^2, and its parts.

    Value, gradient, Hessian and Hessian-vector products contain weights and penalty;
    ``example_losses``, ``example_gradients``, ``loss_at``, ``gradient_at`` and ``input_gradient``
    contain neither. n stays what it is when an example's weight goes to 0.

    Optional: ``value_and_gradient(theta)``, and the methods of `HasLeverages`, `HasExampleHvp`,
    `HasExampleCurvatures`, `HasExampleProducts`, `HasHessianDiagonal`, `HasHessianRoot` and
    `HasGaussNewton`. Where H is singular whatever the data, ``why_singular`` may be a sentence that
    says why.
    """

    n: int
    p: int
    X: Array
    y: Array
    weights: Array
    l2: Array

    def value(self, theta: Array) -> Any:
        """R(theta)."""

    def gradient(self, theta: Array) -> Array:
        """The gradient of R, (p,)."""

    def hessian(self, theta: Array) -> Array:
        """H, (p, p)."""

    def linearize(self, theta: Array) -> LinearMap:
        """Return v -> H v, with all that depends on theta alone computed once."""

    def hvp(self, theta: Array, v: Array) -> Array:
        """H v, for one product; for several, keep ``linearize(theta)``."""

    def example_losses(self, theta: Array) -> Array:
        """L(z_i, theta), (n,)."""

    def example_gradients(self, theta: Array) -> Array:
        """The gradients of L(z_i, .), (n, p)."""

    def loss_at(self, theta: Array, X: Array, y: Array) -> Array:
        """The losses at other points: X (m, d), y (m,) give (m,)."""

    def gradient_at(self, theta: Array, X: Array, y: Array) -> Array:
        """The loss gradients at other points: X (m, d), y (m,) give (m, p)."""

    def input_gradient(self, theta: Array, i: int, s: Array) -> Array:
        """The gradient grad_x (s . grad_theta L(z_i, theta)), (d,)."""

    def reweighted(self, weights: Array) -> Risk:
        """The same risk with other weights, (n,)."""

    def replaced(self, i: int, x: Array, y: Any) -> Risk:
        """The same risk with example i exchanged for (x, y)."""


@runtime_checkable
class HasLeverages(Protocol):
    """A risk whose example Hessians w_i c_i x_i x_i' have rank one."""

    def leverages(self, theta: Array, solve: LinearMap) -> Array:
        """h_i = w_i c_i x_i' H^-1 x_i / n, (n,), with solve: v -> H^-1 v."""


@runtime_checkable
class HasExampleHvp(Protocol):
    """A risk that gives curvature one example at a time (others: by ``reweighted``)."""

    def example_hvp(self, theta: Array, indices: int | Iterable[int]) -> LinearMap:
        """Return v -> the mean over these examples of w_i H_i v, without the penalty."""


@runtime_checkable
class HasExampleProducts(Protocol):
    """A risk that multiplies with its example gradients, G (n, p), and never forms them.

    Shards of a `ShardedRisk` are asked for it; of others G is formed, one shard's at a time.
    """

    def example_products(self, theta: Array, S: Array) -> Array:
        """G S, (n, m), for S (p, m)."""

    def example_sums(self, theta: Array, U: Array) -> Array:
        """G' U, (p, m), for U (n, m)."""


@runtime_checkable
class HasExampleCurvatures(Protocol):
    """A risk that knows how much one example can curve (of others, products with each tell)."""

    def example_curvatures(self, theta: Array) -> Array:
        """Bounds on abs(eigenvalues) of w_i H_i, (n,), the largest itself where it is known."""


@runtime_checkable
class HasHessianDiagonal(Protocol):
    """A risk that gives the diagonal of H for less than p products with H."""

    def hessian_diagonal(self, theta: Array) -> Array:
        """The second derivatives H_jj, (p,), weights and penalty included."""


@runtime_checkable
class HasHessianRoot(Protocol):
    """A risk whose H is a sum of squares, known by its terms.

    Where a column lies far from 0, a factor of these has digits that H has lost.
    """

    def hessian_root(self, theta: Array) -> Array | None:
        """A with A' A = H, (m, p), or None where H is no such product at theta."""


@runtime_checkable
class HasGaussNewton(Protocol):
    """A risk of a model with outputs f(x, theta): weights and penalty are in G as they are in H.

    G = (1/n) sum_i w_i J_i' (d^2 L_i / d f^2) J_i + diag(l2), with J_i = d f(x_i, theta) / d theta.
    """

    def linearize_gauss_newton(self, theta: Array) -> LinearMap:
        """Return v -> G v for v (p,) or (p, k), with all that depends on theta alone once."""
