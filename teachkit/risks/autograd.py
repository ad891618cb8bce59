"""Any model that can be written in code: its derivatives by automatic differentiation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from teachkit import require
from teachkit._optional import optional
from teachkit.arrays import (
    Array,
    LinearMap,
    array_namespace,
    as_float,
    device,
    own,
    quiet,
    quietly,
)
from teachkit.places import places
from teachkit.risks import checks
from teachkit.risks._changed import with_example, with_weights
from teachkit.risks._rowwise import Rowwise, check_losses

SIDE_BY_SIDE = 2**13  # losses in one pass: the numbers behind them stay in cache


@places
@quietly
class AutogradRisk:
    """The regularised empirical risk of a model written in code, differentiated by autograd.

    R(theta) = (1/n) sum_i w_i L(z_i, theta) + 1/2 sum_j l2_j theta_j^2

    Parameters
    ----------
    losses : callable
        losses(theta, X, y), written with ``autograd.numpy``, or for arrays of any library with
        ``teachkit.derivatives.xp``: for theta (p,), X (m, d) and y (m,), of any number m of rows,
        one loss for each row, (m,), without weights and penalty. With `outputs`, losses(f, y) for
        f = outputs(theta, X).
    X : array (n, d)
        One row per example.
    y : array (n,)
        Targets. They come to `losses` as floats: a class number k is met by ``y == k``.
    theta0 : array (p,)
        Its length is p, and its library, device and dtype those of everything; the losses are tried
        there.
    outputs : callable, optional
        outputs(theta, X), what the model says of each row, (m,) or (m, k), for `losses` to judge.
        With it the Gauss-Newton matrix is known::

            G = (1/n) sum_i w_i J_i' L''_i J_i + diag(l2)

        where J_i = d outputs_i / d theta (k, p) and L''_i is the second derivative of the loss in
        the outputs.
    l2 : number or array (p,)
        The penalty, outside the mean over examples.
    weights : array (n,), optional
        w_i >= 0, not all 0; ones by default. n counts every example, those of weight 0 included.
    gauss_newton : bool
        Whether G takes the place of H in `hessian`, `linearize`, `hvp` and `example_hvp`. Where
        the losses are convex in the outputs, as all the usual ones are, it is positive
        semidefinite at every theta; of outputs linear in theta it is H.

    Attributes
    ----------
    X, y, l2, weights : arrays
        Copies of what was given, read-only.
    n, p : int
    losses, outputs : callable
    gauss_newton : bool

    Raises
    ------
    ImportError
        autograd is not installed.
    TypeError
        Arrays of several libraries; losses that autograd cannot follow; gauss_newton without
        outputs.
    ValueError
        What `LinearRisk` refuses of X, y, l2 and weights. Losses that are one number, or not one
        for each row; not finite at theta0, or without a derivative there; that of the first row is
        another among all rows than by itself.

    Notes
    -----
    Gradients of single examples, (n, p), come of one pass with a theta for each row; for an
    operation that is not known that way, and where Python's ``if`` asks for values in X, row by
    row, which is some hundred times slower. Hessian-vector products go over a tape that is kept:
    each costs about as much as a gradient. At a kink autograd takes one of the slopes in silence:
    for H to mean something, losses have to be twice differentiable.

    A risk can be pickled if its functions can: those of a module can, a lambda cannot.

    Source: Griewank and Walther (2008), Evaluating Derivatives; G: Schraudolph (2002), Fast
    curvature matrix-vector products.
    Lesson: 11_when_assumptions_break
    """

    def __init__(
        self,
        losses: Callable[..., Any],
        X: Array,
        y: Array,
        theta0: Array,
        *,
        outputs: Callable[..., Any] | None = None,
        l2: Any = 0.0,
        weights: Any = None,
        gauss_newton: bool = False,
    ) -> None:
        optional("autograd", "autograd", "AutogradRisk")
        form = "(theta, X, y) -> one loss per row" if outputs is None else "(outputs, y) -> losses"
        self.losses = require.function(losses, "losses", form)
        if outputs is not None:
            require.function(outputs, "outputs", "(theta, X) -> (m,) or (m, k)")
        elif gauss_newton:
            raise TypeError(f"gauss_newton=True {_NO_OUTPUTS}")
        self.outputs, self.gauss_newton = outputs, bool(gauss_newton)
        theta0 = _start(theta0)
        self.X, self.y = checks.check_data(X, y, like=theta0)
        self.n, self.p = self.X.shape[0], theta0.shape[0]
        self.l2 = checks.check_l2(l2, self.p, self.X)
        self.weights = checks.check_weights(weights, self.n, self.X)
        check_losses(self._at(theta0))

    def __repr__(self) -> str:
        name = getattr(self.losses, "__qualname__", repr(self.losses))
        return f"AutogradRisk(n={self.n}, p={self.p}, losses={name})"

    # The risk and its derivatives: weights and penalty included.

    def value(self, theta: Array) -> Array:
        """R(theta), an array of no dimensions."""
        theta = self._theta(theta)
        return self._value(theta, self._at(theta).values())

    def gradient(self, theta: Array) -> Array:
        """The gradient of R, (p,): one pass backwards for the weighted sum of all losses."""
        return self.value_and_gradient(theta)[1]

    def value_and_gradient(self, theta: Array) -> tuple[Array, Array]:
        """R(theta) and grad R(theta), from one pass forwards and one backwards."""
        theta = self._theta(theta)
        losses, pull = self._at(theta).tape()
        return self._value(theta, losses), pull(self.weights / self.n) + self.l2 * theta

    def _value(self, theta: Array, losses: Array) -> Array:
        xp = array_namespace(theta)
        return xp.sum(self.weights * losses) / self.n + 0.5 * xp.sum(self.l2 * theta**2)

    def hessian(self, theta: Array) -> Array:
        """H, (p, p), by p products with the columns of I; G with `gauss_newton`."""
        xp, X = array_namespace(self.X), self.X
        H = self.linearize(theta)(xp.eye(self.p, dtype=X.dtype, device=device(X)))
        return 0.5 * (H + H.T)

    def linearize(self, theta: Array) -> LinearMap:
        """Return v -> H v for v (p,) or (p, k), on one tape; G with `gauss_newton`.

        Several vectors go over the tape one after the other.
        """
        return self._products(self._at(self._theta(theta)), self.weights / self.n, self.l2)

    def linearize_gauss_newton(self, theta: Array) -> LinearMap:
        """Return v -> G v for v (p,) or (p, k): J v, then the curvature of the loss, then J'.

        Raises TypeError where the outputs are not known.
        """
        if self.outputs is None:
            raise TypeError(f"The Gauss-Newton matrix {_NO_OUTPUTS}")
        at = self._at(self._theta(theta))
        return _Products(at.gauss_newton(self.weights / self.n), self.l2, at.theta)

    def hvp(self, theta: Array, v: Array) -> Array:
        """H v for v (p,) or (p, k). For more than one product keep ``linearize(theta)``."""
        return self.linearize(theta)(v)

    def gradients(self, thetas: Array, weights: Any = None) -> Array:
        """grad R at several thetas (k, p), (k, p), each with weights of its own, (k, n).

        For models that are trained side by side, such as one without each of k points: one pass for
        all is several times faster than one after the other. The risk's own weights by default.
        """
        thetas = as_float(thetas, "thetas", like=self.X)
        if thetas.ndim != 2 or thetas.shape[1] != self.p:
            raise ValueError(f"thetas has shape {thetas.shape}; it has to be (k, {self.p}).")
        xp, k = array_namespace(thetas), thetas.shape[0]
        if weights is None:
            W = xp.broadcast_to(self.weights, (k, self.n))
        else:
            W = as_float(weights, "weights", like=self.X)
            require.shape(W, "weights", (k, self.n), "Each theta has a weight for each example.")
        step = max(1, SIDE_BY_SIDE // self.n)
        found = [thetas[:0, :]]
        for start in range(0, k, step):
            some = slice(start, min(start + step, k))
            at = self._at(thetas[start, :])
            found.append(at.pulled_at(thetas[some, :], W[some, :] / self.n))
        return xp.concat(found) + self.l2 * thetas

    # One example at a time: no weight, no penalty.

    def example_losses(self, theta: Array) -> Array:
        """L(z_i, theta), (n,), without weight and penalty."""
        return self._at(self._theta(theta)).values()

    def example_gradients(self, theta: Array) -> Array:
        """grad L(z_i, theta), (n, p), without weight and penalty."""
        return self._at(self._theta(theta)).gradients()

    def loss_at(self, theta: Array, X: Array, y: Array) -> Array:
        """The losses at other points: X (m, d), y (m,) give (m,); one point gives one number."""
        at, single = self._at_points(theta, X, y)
        losses = at.values()
        return losses[0] if single else losses

    def gradient_at(self, theta: Array, X: Array, y: Array) -> Array:
        """The loss gradients at other points: X (m, d), y (m,) give (m, p); one gives (p,)."""
        at, single = self._at_points(theta, X, y)
        gradients = at.gradients()
        return gradients[0, :] if single else gradients

    def input_gradient(self, theta: Array, i: int, s: Array) -> Array:
        """The gradient grad_x (s . grad_theta L(z_i)), (d,): autograd, twice."""
        theta, i = self._theta(theta), checks.check_index(i, self.n)
        s = checks.check_vectors(s, self.p, self.X, "s", columns=False)
        return self._at(theta, self.X[i : i + 1, :], self.y[i : i + 1]).mixed(s)

    def example_hvp(self, theta: Array, indices: int | Iterable[int]) -> LinearMap:
        """Return v -> the mean over these examples of w_i H_i v, without the penalty."""
        theta, chosen = self._theta(theta), list(checks.check_indices(indices, self.n))
        if not chosen:
            raise ValueError("indices is empty, and a mean over no examples does not exist.")
        xp = array_namespace(theta)
        rows = xp.asarray(chosen, device=device(self.X))
        at = self._at(theta, xp.take(self.X, rows, axis=0), xp.take(self.y, rows))
        return self._products(at, xp.take(self.weights, rows) / len(chosen))

    # The same risk, changed.

    def reweighted(self, weights: Array) -> AutogradRisk:
        """The same risk with other weights, (n,). Arrays are shared."""
        return with_weights(self, weights)

    def replaced(self, i: int, x: Array, y: Any) -> AutogradRisk:
        """The same risk with example i exchanged for x (d,) and y; its weight stays.

        Only the new row is checked.
        """
        return with_example(self, i, x, y)

    def _theta(self, theta: Array) -> Array:
        return checks.check_theta(theta, self.p, self.X)

    def _at(self, theta: Array, X: Any = None, y: Any = None) -> Rowwise:
        """These rows at theta; all of them by default."""
        X, y = (self.X, self.y) if X is None else (X, y)
        return Rowwise(self.losses, self.outputs, theta, X, y)

    def _at_points(self, theta: Array, X: Array, y: Array) -> tuple[Rowwise, bool]:
        X, y, single = checks.check_test_points(X, y, self.X.shape[1], self.X)
        return self._at(self._theta(theta), own(X), own(y)), single

    def _products(self, at: Rowwise, u: Array, l2: Array | None = None) -> LinearMap:
        """Products with the sum over the rows of u_i H_i, or u_i G_i, and the penalty."""
        product = at.gauss_newton(u) if self.gauss_newton else at.products(u)
        return _Products(product, l2, at.theta)


@dataclass(frozen=True, eq=False)
class _Products:
    """v -> A v + l2 v for v (p,) or (p, k), one column after the other."""

    A: LinearMap  # of one vector
    l2: Array | None
    theta: Array

    @quiet()
    def __call__(self, v: Array) -> Array:
        v = checks.check_vectors(v, self.theta.shape[0], self.theta)
        if v.ndim == 1:
            Av = self.A(v)
        else:
            Av = array_namespace(v).empty_like(v)
            for k in range(v.shape[1]):
                Av[:, k] = self.A(v[:, k])
        if self.l2 is None:
            return Av
        return Av + (self.l2 if v.ndim == 1 else self.l2[:, None]) * v


_NO_OUTPUTS = (
    "needs the outputs of the model apart from the loss: AutogradRisk(losses, X, y, theta0, "
    "outputs=f), where f(theta, X) gives (m,) or (m, k) and losses(outputs, y) one loss per row."
)


def _start(theta0: Any) -> Array:
    theta0 = as_float(theta0, "theta0")
    if theta0.ndim != 1 or theta0.shape[0] == 0:
        raise ValueError(
            f"theta0 has shape {theta0.shape}; it has to be (p,), all parameters in one vector. "
            "Flatten matrices with np.reshape(W, -1), and take them apart again in losses."
        )
    return theta0
