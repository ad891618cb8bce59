"""A loss for each row by functions of the user's, and its derivatives in theta by autograd."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from teachkit._optional import optional
from teachkit.arrays import (
    Array,
    LinearMap,
    array_namespace,
    as_real,
    device,
    own,
    quiet,
    scalar,
    to_numpy,
)
from teachkit.boundary import UndefinedError, undefined
from teachkit.memory import in_tiles
from teachkit.risks.consistency import GROSS, where_two_steps_agree

BLOCK = 2**20  # numbers, 8 MB: as many rows at once as have thetas of their own in that


@dataclass(frozen=True, eq=False)
class Rowwise:
    """The losses L_i of m rows at theta: losses(theta, X, y), or losses(outputs(theta, X), y).

    Below, u (m,) are factors of the rows in a sum; J_i is the derivative of the outputs of row i in
    theta, and L''_i the second derivative of its loss in them.
    """

    losses: Callable[..., Any]
    outputs: Callable[..., Any] | None
    theta: Array  # (p,)
    X: Array  # (m, d)
    y: Array  # (m,)

    def values(self) -> Array:
        """L_i, (m,), looked at and in memory of their own."""
        try:
            with quiet():
                found = self._losses(own(self.theta), self.X, self.y)
        except Exception as error:
            if isinstance(error, UndefinedError) or not undefined(error):
                raise
            raise UndefinedError(f"The losses cannot be computed here ({error}).") from error
        return own(as_real(found, "The array of losses", like=self.theta))

    def tape(self) -> tuple[Array, LinearMap]:
        """L_i, (m,), and u -> sum_i u_i grad L_i, (p,)."""
        pull, losses = self._taped(self._of_theta, self.theta)
        return as_real(losses, "The array of losses", like=self.theta), self._checked(pull)

    def products(self, u: Array) -> LinearMap:
        """Return v -> sum_i u_i (grad^2 L_i) v, (p,): the tape of the gradient, run backwards.

        Backwards it multiplies by the transpose, and this matrix is symmetric.
        """
        product, _ = self._taped(lambda theta: _vjp(self._of_theta, theta)[0](u), self.theta)
        return self._checked(product)

    def gauss_newton(self, u: Array) -> LinearMap:
        """Return v -> sum_i u_i J_i' L''_i J_i v, (p,): three tapes, one for each factor."""

        def slopes(f: Any) -> Any:
            return _vjp(lambda f: self._of_outputs(f, self.y), f)[0](u)

        pull, f = self._taped(lambda theta: self._outputs(theta, self.X), self.theta)  # q -> J' q
        push, _ = self._taped(
            pull, array_namespace(f).zeros_like(f)
        )  # the transpose of that: v -> J v
        curve, _ = self._taped(slopes, f)  # q -> u L'' q
        return self._checked(lambda v: pull(curve(push(v))))

    def gradients(self) -> Array:
        """grad L_i, (m, p), in one pass for all rows of a block; row by row where f forbids it."""
        m, p = self.X.shape[0], self.theta.shape[0]

        def of(rows: slice) -> Array:
            block = replace(self, X=self.X[rows, ...], y=self.y[rows])
            return self._finite(block._gradients())

        return in_tiles(of, m, (p,), 6 * p, self.theta, most=max(16, BLOCK // p))

    def _gradients(self) -> Array:
        ones = self._ones(self.X.shape[0])
        if self.outputs is None:
            return self._pulled(self._losses, (self.X, self.y), ones)
        # grad L_i = J_i' q_i, with the slopes q_i of its loss
        f = self._outputs(own(self.theta), self.X)
        q = self._taped(lambda f: self._of_outputs(f, self.y), f)[0](ones)
        return self._pulled(self._outputs, (self.X,), q)

    def _pulled(self, f: Callable[..., Any], data: tuple[Array, ...], q: Array) -> Array:
        """J_i' q_i for each row, (m, p), where J_i is the derivative of f(theta, x_i) in theta."""
        try:
            return _pulled_by_rows(f, self.theta, data, q)
        except Exception:  # an operation without a rule for all rows at once, among others
            rows = [slice(i, i + 1) for i in range(q.shape[0])]
            each = [self._pulled_by_row(f, [x[i, ...] for x in data], q[i, ...]) for i in rows]
            return array_namespace(self.theta).stack(each)

    def _pulled_by_row(self, f: Callable[..., Any], data: list[Array], q: Array) -> Array:
        return self._taped(lambda theta: f(theta, *data), self.theta)[0](q)

    def pulled_at(self, thetas: Array, U: Array) -> Array:
        """sum_i U_ki grad L_i(theta_k) for each k, (k, p): of all thetas in one pass."""
        from teachkit.derivatives._by_rows import by_rows

        try:
            pull, losses = _vjp(lambda thetas: by_rows(self._of_theta, thetas), thetas)
            _same(losses[-1, :], self._of_theta(own(thetas[-1, :])))
            return self._finite(pull(U))
        except Exception:
            each = (replace(self, theta=thetas[k, :]).tape()[1] for k in range(thetas.shape[0]))
            pulled = [pull(U[k, :]) for k, pull in enumerate(each)]
            return array_namespace(self.theta).stack(pulled)

    def mixed(self, s: Array) -> Array:
        """grad_x (s . grad_theta L), (d,), of a single row."""

        def gradient(X: Any) -> Any:
            return _vjp(lambda theta: self._losses(theta, X, self.y), self.theta)[0](self._ones(1))

        return self._finite(self._taped(gradient, self.X)[0](s)[0, :])

    def _ones(self, m: int) -> Array:
        theta = self.theta
        return array_namespace(theta).ones(m, dtype=theta.dtype, device=device(theta))

    # What the user's functions say.

    def _losses(self, theta: Any, X: Any, y: Any) -> Any:
        if self.outputs is None:
            return _one_a_row(self.losses(theta, X, y), X.shape[0], "losses")
        return self._of_outputs(self._outputs(theta, X), y)

    def _of_theta(self, theta: Any) -> Any:
        return self._losses(theta, self.X, self.y)

    def _of_outputs(self, f: Any, y: Any) -> Any:
        return _one_a_row(self.losses(f, y), y.shape[0], "losses")

    def _outputs(self, theta: Any, X: Any) -> Any:
        assert self.outputs is not None
        return _one_a_row(self.outputs(theta, X), X.shape[0], "outputs", (1, 2))

    # What autograd makes of them.

    def _taped(self, f: Callable[[Any], Any], x: Any) -> tuple[LinearMap, Any]:
        """q -> (the derivative of f at x)' q, and f(x); a sentence where autograd is lost."""
        try:
            return _vjp(f, x)
        except UndefinedError:
            raise
        except Exception as error:
            if undefined(error):
                raise UndefinedError(f"The losses cannot be computed here ({error}).") from error
            reason = error
        self.values()  # a mistake of the user's shows here as it is
        raise TypeError(
            "The losses can be computed, but autograd cannot follow them. Usually they are written "
            f"with numpy: write them with {_whose(self.theta)}, without float(), int() or "
            "assignment to elements of an array."
        ) from reason

    def _checked(self, product: LinearMap) -> LinearMap:
        return lambda v: self._finite(product(v))

    def _finite(self, found: Any) -> Array:
        """A derivative in the dtype of theta; it is finite wherever the losses are."""
        found = as_real(found, "What autograd gives", like=self.theta)
        if not _finite(found) and _finite(self.values()):
            raise UndefinedError(
                "autograd finds no finite derivative of the losses at this theta, although they "
                "are finite. The usual cause is a norm, a root, a logarithm or a quotient at 0: "
                "write squares without the root, np.sum(w**2), log(1 + e^z) as np.logaddexp(0, z), "
                "and smooth a kink that is meant, np.sqrt(np.sum(w**2) + 1e-12)."
            )
        return found


def check_losses(at: Rowwise) -> None:
    """Once, at theta0: losses are finite, depend on theta, and each belongs to a row alone."""
    from autograd.tracer import isbox

    losses, m = to_numpy(_first_values(at)), at.X.shape[0]
    if not np.all(np.isfinite(losses)):
        i = int(np.flatnonzero(~np.isfinite(losses))[0])
        raise ValueError(
            f"losses gave {losses[i]} for row {i} at theta0. Look for an overflow or the logarithm "
            "of 0 (log(1 + e^z) is np.logaddexp(0, z)), or start elsewhere."
        )
    alone = scalar(replace(at, X=at.X[:1, :], y=at.y[:1]).values()[0])
    tol = float(np.finfo(losses.dtype).eps) ** 0.5
    if abs(alone - losses[0]) > tol * max(abs(alone), abs(losses[0]), tol * np.max(np.abs(losses))):
        raise ValueError(
            f"The loss of the first row is {losses[0]:.6g} among {m} rows and {alone:.6g} by "
            "itself. Each row has a loss of its own, which no other row changes: look for a "
            "division by the number of rows (the risk takes the mean), and for a mean over the "
            "rows such as that of batch normalisation."
        )
    traced = []

    def watched(theta: Any) -> Any:
        traced.append(isbox(found := at._of_theta(theta)))
        return found

    at._taped(watched, at.theta)
    if not traced[0]:
        raise ValueError(
            "losses can be computed, but as autograd sees it they do not depend on theta. A "
            "comparison, np.round, np.sign or a list of numbers in the place of an array has no "
            "derivative: write losses as a smooth function of theta, in one array."
        )
    _check_slope(at)


def _check_slope(at: Rowwise) -> None:
    """Raise ValueError where autograd's derivative is not that of the values, along one way."""
    rng, theta = np.random.default_rng(0), at.theta
    u, v = (
        array_namespace(theta).asarray(
            rng.standard_normal(k), dtype=theta.dtype, device=device(theta)
        )
        for k in (at.y.shape[0], theta.shape[0])
    )

    def difference(t: float) -> np.ndarray:
        ahead, behind = (replace(at, theta=theta + s * t * v).values() for s in (1.0, -1.0))
        return np.atleast_1d(to_numpy(u @ (ahead - behind) / (2.0 * t)))

    found = scalar(at.tape()[1](u) @ v)
    expected = where_two_steps_agree(difference)
    if expected is not None and abs(found - expected[0]) > GROSS * max(
        abs(found), abs(expected[0])
    ):
        raise ValueError(
            f"autograd finds the slope {found:.6g} of the losses along a direction in which "
            f"differences of their values give {expected[0]:.6g}. A part of losses has a wrong "
            "derivative: an operation of your own (defvjp), or one that autograd itself has wrong, "
            "such as transpose with negative axes. Write that part another way."
        )


def _vjp(f: Callable[[Any], Any], x: Any) -> tuple[LinearMap, Any]:
    """q -> (the derivative of f at x)' q, run as often as one likes, and f(x)."""
    autograd = optional("autograd", "autograd", "Differentiating losses of your own")
    from teachkit.derivatives._box import follow

    follow(x)
    with quiet(), warnings.catch_warnings():
        # What does not depend on x has the derivative 0; there is nothing to warn about.
        warnings.filterwarnings("ignore", message="Output seems independent of input")
        pull, value = autograd.make_vjp(f)(x)
    return quiet()(pull), value


def _pulled_by_rows(f: Callable[..., Any], theta: Array, data: tuple[Array, ...], q: Any) -> Array:
    """All of them in one pass, with a theta for each row."""
    from teachkit.derivatives._by_rows import by_rows

    thetas = array_namespace(theta).broadcast_to(theta, (q.shape[0], *theta.shape))
    pull, values = _vjp(lambda thetas: by_rows(f, thetas, *data), thetas)
    _same(values[:, 0, ...], f(own(theta), *data))
    return pull(q[:, None, ...])


def _finite(x: Array) -> bool:
    xp = array_namespace(x)
    return scalar(xp.all(xp.isfinite(x))) > 0.0


def _whose(x: Array) -> str:
    """The module that losses of such arrays are written with."""
    if array_namespace(x) is array_namespace():
        return "`import autograd.numpy as np`"
    return "`from teachkit.derivatives import xp`, which follows arrays of every library"


def _first_values(at: Rowwise) -> Array:
    """The losses, tried for the first time: NumPy's functions know no arrays but their own."""
    try:
        return at.values()
    except (TypeError, RuntimeError, AttributeError) as error:  # each library says it its way
        if array_namespace(at.theta) is array_namespace():
            raise
        raise TypeError(
            f"The losses cannot be computed for arrays of another library than NumPy ({error}). "
            f"Write them with {_whose(at.theta)}; or hand in NumPy arrays."
        ) from error


def _same(found: Array, expected: Array) -> None:
    """As far as rounding lets tell: not where an ``if`` of f went the way of the first row."""
    found, expected = to_numpy(found), to_numpy(expected)
    tol = float(np.finfo(found.dtype).eps) ** 0.5
    if not np.allclose(found, expected, rtol=tol, atol=tol, equal_nan=True):
        raise ValueError("all rows at once give other values than f itself")


def _one_a_row(found: Any, m: int, name: str, ndims: tuple[int, ...] = (1,)) -> Any:
    """An answer of the user's with m rows."""
    if found is None:
        raise TypeError(f"{name} gives None: a `return` is missing, usually.")
    shape = np.shape(found)
    if len(shape) in ndims and shape[0] == m:
        return found
    wanted = f"({m},)" if ndims == (1,) else f"({m},) or ({m}, k)"
    hint = ""
    if shape == () and name == "losses":
        hint = " Leave out the sum or the mean over the rows: the risk takes the mean itself."
    elif shape in ((m, 1), (1, m)) and name == "losses":
        hint = " Take np.reshape(losses, -1) at its end."
    raise ValueError(
        f"{name} gave {_said(shape)} for {m} row{'s' * (m != 1)}; it has to be {wanted}, one for "
        f"each row.{hint}"
    )


def _said(shape: tuple[int, ...]) -> str:
    return "one number" if shape == () else f"an array of shape {shape}"
