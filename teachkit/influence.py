"""Influence functions: how theta, and the loss at a test point, follow the weights of the data.

Upweight example z by eps: theta(eps) minimises R(theta) + eps L(z, theta). Differentiating the
first-order condition grad R(theta) + eps grad L(z, theta) = 0 at eps = 0 gives

    H theta'(0) + grad L(z, theta) = 0,        H = grad^2 R(theta), penalty included,

and everything here is that equation, solved. R is a mean over n examples, so a weight that changes
by delta_w_i is eps = delta_w_i / n, and removal is eps = -w_i / n.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from teachkit import require
from teachkit.arrays import (
    Array,
    NotPositiveDefiniteError,
    array_namespace,
    as_float,
    device,
    scalar,
    to_numpy,
)
from teachkit.inverse_hvp import NotConvergedError, bind
from teachkit.linear import conjugate_gradient
from teachkit.risks import _checks
from teachkit.risks._removal import refuse_the_last, removed, without

NOT_FITTED = 0.01  # of one point's share: the gradient from which on a warning is given


class Influence:
    """The influence of training examples on theta and on test losses (Koh & Liang 2017).

    For R(theta) = (1/n) sum_i w_i L(z_i, theta) + 1/2 sum_j l2_j theta_j^2 and its minimum theta.
    H = grad^2 R contains the weights and the penalty; the gradients g_i = grad L(z_i, theta) of
    single examples contain neither. n stays what it is when a point is removed.

    Parameters
    ----------
    risk : Risk
        `LinearRisk`, or any object with the methods of a risk.
    theta : array (p,)
        The fitted parameters, where grad R is 0.
    inverse_hvp : str, Method or callable
        How H^-1 v is computed: "cholesky" or "conjugate_gradient"; `Cholesky()`,
        `ConjugateGradient(rtol=...)`; or a callable v -> H^-1 v for v (p,) or (p, k).
    damping : float
        >= 0; H + damping I takes the place of H.

    Attributes
    ----------
    risk, theta, damping
    solve : callable
        v -> H^-1 v for v (p,) or (p, k).
    gradients : array (n, p)
        g_i, one row per example.

    Warns
    -----
    RuntimeWarning
        grad R(theta) is not small: the fit is not finished, and retraining would finish it too.

    Raises
    ------
    ValueError
        H is not positive definite (with its smallest eigenvalue and a damping to try); NaN, wrong
        shapes, an unknown method, a negative damping.
    TypeError, IndexError
        An index that is no whole number (a mask, say), or out of range.

    Lesson: 07_influence_upweighting
    """

    def __init__(
        self, risk: Any, theta: Array, *, inverse_hvp: Any = "cholesky", damping: float = 0.0
    ) -> None:
        self.risk = _checks.check_risk(risk)
        self.theta = _checks.check_theta(theta, risk.p, risk.weights)
        self.damping = require.damping(damping)
        self.solve = bind(inverse_hvp, risk, self.theta, self.damping)
        self._inverse_hvp = inverse_hvp
        self.gradients = self._checked(risk.example_gradients, risk.n)
        self._warn_if_not_fitted()

    # What upweighting does, per unit of eps.

    def up_params(self, i: int) -> Array:
        """I_up,params(z_i) = -H^-1 g_i: d theta / d eps as z_i is upweighted by eps, (p,).

        Koh & Liang (2017), equation 1. Lesson: 07_influence_upweighting
        """
        return -self.solve(self.gradients[_checks.check_index(i, self.risk.n), :])

    def up_loss(self, X_test: Array, y_test: Any) -> Array:
        """I_up,loss(z_i, z_test) = -grad L(z_test)' H^-1 g_i: d L(z_test) / d eps, for every i.

        One test point, (d,) and a number, gives (n,); several, (m, d) and (m,), give (m, n). Solves
        with H for the test points or for the training points, whichever are fewer:
        s_test = H^-1 grad L(z_test) is one solve for all n.

        Koh & Liang (2017), equation 2. Lesson: 07_influence_upweighting
        """
        gradients, single = self._test_gradients(X_test, y_test)
        values = self._up_loss(gradients)
        return values[0, :] if single else values

    def self_influence(self) -> Array:
        """I_up,loss(z_i, z_i) = -g_i' H^-1 g_i, (n,): how upweighting z_i changes its own loss.

        Never positive, for positive definite H. The rise of a point's own loss when it is removed
        is -(w_i/n) times it. Koh & Liang (2017), section 5.4. Lesson: 15_mislabeled_examples
        """
        xp = array_namespace(self.theta)
        return -xp.sum(self._solve_rows(self.gradients) * self.gradients, axis=1)

    # What a finite change of the weights does: reweighting, and its cases.

    def reweighting(self, delta_w: Array) -> Array:
        """(1/n) sum_i delta_w_i I_up,params(z_i): the change of theta for w + delta_w, (p,).

        To first order in delta_w, (n,). Exact: `retrain` of ``risk.reweighted(w + delta_w)``.

        Raises ValueError for a delta_w of another shape, or not finite.

        Koh & Liang (2017), section 2.1. Lesson: 07_influence_upweighting
        """
        delta_w = as_float(delta_w, "delta_w", like=self.theta)
        if delta_w.shape != (self.risk.n,):
            raise ValueError(
                f"delta_w has shape {tuple(delta_w.shape)}; it has to be ({self.risk.n},), the "
                "change of weight of every training example, 0 for those that stay as they are."
            )
        return -self.solve(delta_w @ self.gradients) / self.risk.n

    def removal(self, indices: int | Iterable[int], *, leverage: bool = False) -> Array:
        """The predicted change theta_{-S} - theta when the examples S are removed together, (p,).

        Weights go from w_i to 0, so with delta_w_i = -w_i on S::

            (1/n) H^-1 sum_S w_i g_i                              leverage=False
            (1/n) (H - H_S)^-1 sum_S w_i g_i                      leverage=True

        H_S = (1/n) sum_S w_i grad^2 L(z_i) is the curvature that leaves with the points: with
        `leverage` the prediction is the Newton step on the risk without them, which is the truth
        for the square loss. Exact: `retrain_without`.

        Raises ValueError if no example is left, and with `leverage` if H - H_S is not positive
        definite: those points alone determine a parameter.

        Koh & Liang (2017), section 2.1; Pregibon (1981). Lesson: 07_influence_upweighting,
        10_agreement_with_truth
        """
        S = _checks.check_indices(indices, self.risk.n)
        xp, w = array_namespace(self.theta), self.risk.weights
        delta_w = xp.where(removed(self.risk, S), -w, 0.0 * w)
        if not S:
            return xp.zeros_like(self.theta)
        if not leverage:
            return self.reweighting(delta_w)
        return -self._solve_without(S, delta_w @ self.gradients / self.risk.n)

    def removals(
        self, indices: int | Iterable[int] | None = None, *, leverage: bool = False
    ) -> Array:
        """The predicted change theta_{-i} - theta for each point alone, a row each, (k, p).

        Row k is (w_i/n) H^-1 g_i for i = indices[k], all n points by default. With `leverage` it
        is divided by 1 - h_i, h_i = w_i c_i x_i' H^-1 x_i / n: where one example's Hessian is
        c_i x_i x_i', that is the Newton step on the risk without it. Exact: `leave_one_out`.

        Raises ValueError with `leverage` where 1 - h_i is not positive (that point alone determines
        a parameter), and for a risk without leverages.

        Pregibon (1981). Lesson: 10_agreement_with_truth
        """
        n, xp = self.risk.n, array_namespace(self.theta)
        rows = tuple(range(n)) if indices is None else _checks.check_indices(indices, n)
        factors, singled_out = self._removal_factors(leverage, rows)
        gradients = xp.take(self.gradients, self._array_of(rows), axis=0)
        changes = factors[:, None] * self._solve_rows(gradients)
        for k, change in singled_out.items():
            changes[k, :] = change
        return changes

    def leave_one_out_loss(self, X_test: Array, y_test: Any, *, leverage: bool = False) -> Array:
        """-(w_i/n) I_up,loss(z_i, z_test): the predicted L(z_test, theta_{-i}) - L(z_test, theta).

        Positive: the loss would rise without the point, so the point helped. Shapes as `up_loss`:
        (n,) for one test point, (m, n) for m. With `leverage` divided by 1 - h_i, see `removals`.

        Koh & Liang (2017), section 2.1. Lesson: 07_influence_upweighting, 10_agreement_with_truth
        """
        gradients, single = self._test_gradients(X_test, y_test)
        factors, singled_out = self._removal_factors(leverage, tuple(range(self.risk.n)))
        values = -factors[None, :] * self._up_loss(gradients)
        for i, change in singled_out.items():
            values[:, i] = gradients @ change
        return values[0, :] if single else values

    # What moving a training point does.

    def perturbation(self, i: int, delta: Array) -> Array:
        """(w_i/n) (I_up,params(z_delta) - I_up,params(z_i)): the change of theta, (p,).

        Predicted for x_i moved to x_i + delta, delta (d,), its target as before: z_i leaves and
        z_delta = (x_i + delta, y_i) comes, hence +1/n. Exact: `retrain_with`.

        Koh & Liang (2017), equation 3, where the sign in front is a slip.
        Lesson: 08_influence_perturbing
        """
        i = _checks.check_index(i, self.risk.n)
        x = self.risk.X[i, :]
        delta = as_float(delta, "delta", like=x)
        if delta.shape != x.shape:
            raise ValueError(
                f"delta has shape {tuple(delta.shape)}; it is added to one row of the risk's X, so "
                f"it has to be {tuple(x.shape)}. A column of ones in X gets a 0."
            )
        # A risk in which no x can move alone says so here.
        there = self.risk.replaced(i, x + delta, self.risk.y[i])
        before, after = (
            self._checked(at.gradient_at, 1, at.X[i : i + 1, :], at.y[i : i + 1])[0, :]
            for at in (self.risk, there)
        )
        return -self.risk.weights[i] / self.risk.n * self.solve(after - before)

    def pert_loss(self, i: int, x_test: Array, y_test: Any) -> Array:
        """I_pert,loss(z_i, z_test)' = -grad L(z_test)' H^-1 grad_x grad_theta L(z_i), (d,).

        Per unit of eps: moving x_i by delta changes the loss at the test point by
        ``w_i * pert_loss @ delta / n``. It is taken as s' grad_x grad_theta L(z_i) with
        s = H^-1 grad L(z_test), so the mixed derivatives (p, d) are never formed.

        Koh & Liang (2017), equation 5, which leaves out the 1/n. Lesson: 08_influence_perturbing
        """
        i = _checks.check_index(i, self.risk.n)
        gradients, single = self._test_gradients(x_test, y_test)
        if not single:
            raise ValueError(
                f"x_test has {gradients.shape[0]} rows; pert_loss takes one test point, (d,) and a "
                "number. Call it once for each, or add up what several test points ask for."
            )
        s_test = self.solve(gradients[0, :])
        found = self.risk.input_gradient(self.theta, i, s_test)
        return -_checks.check_answer(found, "The input gradient", self.risk.X[i, :].shape, s_test)

    def _up_loss(self, test_gradients: Array) -> Array:
        """-grad L(z_test)' H^-1 g_i, (m, n), by the fewer solves."""
        if test_gradients.shape[0] <= self.risk.n:
            return -(self._solve_rows(test_gradients) @ self.gradients.T)
        return -(test_gradients @ self._solve_rows(self.gradients).T)

    def _solve_rows(self, V: Array) -> Array:
        """H^-1 applied to each row of V (k, p); more than p rows share the p columns of H^-1."""
        k, p = V.shape
        if k <= p:
            return self.solve(V.T).T
        return V @ self.solve(array_namespace(V).eye(p, dtype=V.dtype, device=device(V))).T

    def _removal_factors(
        self, leverage: bool, rows: tuple[int, ...]
    ) -> tuple[Array, dict[int, Array]]:
        """w_i / n, with `leverage` w_i / (n (1 - h_i)), for these examples, (k,).

        And, by their position, the changes of theta for those whose 1 - h_i is lost in rounding.
        """
        refuse_the_last(self.risk, rows)
        i = self._array_of(rows)
        xp = array_namespace(self.theta)
        share = xp.take(self.risk.weights, i) / self.risk.n
        if not leverage:
            return share, {}
        if not callable(getattr(self.risk, "leverages", None)):
            raise ValueError(
                f"leverage=True divides by 1 - h_i, and this risk ({type(self.risk).__name__}) has "
                "no leverages. Take removal(i, leverage=True) for single points, or leave_one_out "
                "for the truth."
            )
        h = _checks.check_answer(
            self.risk.leverages(self.theta, self._refined()),
            "The array of the risk's leverages",
            (self.risk.n,),
            self.theta,
        )
        left = 1.0 - xp.take(h, i)
        # A 1 - h near its own rounding error has few digits; H without the point has them all, or
        # is not positive definite.
        singled_out = {}
        few_digits = to_numpy(left) <= float(xp.finfo(left.dtype).eps) ** (1 / 3)
        for k in map(int, np.flatnonzero(few_digits)):
            singled_out[k] = share[k] * self._solve_without((rows[k],), self.gradients[rows[k], :])
            left[k] = 1.0
        return share / left, singled_out

    def _refined(self) -> Callable[[Array], Array]:
        """V -> H^-1 V with the residual solved for once more.

        One point far out spoils the condition of H, and with it just the h that is nearest to 1.
        """
        product = self.risk.linearize(self.theta)

        def solve(V: Array) -> Array:
            U = self._solve_rows(V.T).T
            return U + self._solve_rows((V - product(U) - self.damping * U).T).T

        return solve

    def _solve_without(self, S: tuple[int, ...], v: Array) -> Array:
        """(H - H_S)^-1 v, by the method that solves with H."""
        others, method = without(self.risk, S), self._inverse_hvp
        try:
            if isinstance(method, str) or hasattr(method, "bind"):
                return bind(method, others, self.theta, self.damping)(v)
        except (NotPositiveDefiniteError, NotConvergedError) as error:
            raise ValueError(_determined(S, str(error))) from None
        # A callable knows H^-1 alone; as preconditioner it leaves |S| directions to find.
        trace = conjugate_gradient(
            others.linearize(self.theta), v, rtol=1e-10, preconditioner=self.solve
        )
        if not trace.converged:
            raise ValueError(_determined(S, trace.message))
        return trace.x

    def _test_gradients(self, X_test: Any, y_test: Any) -> tuple[Array, bool]:
        """grad L at the test points, (m, p), and whether it was a single one."""
        risk = self.risk
        X, y, single = _checks.check_test_points(X_test, y_test, risk.X.shape[1], risk.X)
        if X.shape[0] == 0:
            raise ValueError(
                "X_test has no rows: there is no test point whose loss could change. Look for a "
                "filter upstream that left nothing over."
            )
        return self._checked(risk.gradient_at, X.shape[0], X, y), single

    def _checked(self, gradients: Callable[..., Array], m: int, *points: Array) -> Array:
        """What the risk gives for m points, (m, p), all of it finite."""
        with np.errstate(over="ignore", invalid="ignore"):
            found = gradients(self.theta, *points)
        name, shape = "The gradient of the loss", (m, self.risk.p)
        return _checks.check_answer(found, name, shape, self.theta)

    def _array_of(self, indices: tuple[int, ...]) -> Array:
        xp = array_namespace(self.theta)
        return xp.asarray(indices, dtype=xp.int64, device=device(self.theta))

    def _warn_if_not_fitted(self) -> None:
        xp = array_namespace(self.theta)
        gradient, shape = self.risk.gradient(self.theta), self.theta.shape
        gradient = _checks.check_answer(gradient, "The gradient of the risk", shape, self.theta)
        norm = scalar(xp.linalg.vector_norm(gradient))
        of_each = self.risk.weights * xp.linalg.vector_norm(self.gradients, axis=1)
        share = scalar(xp.mean(of_each**2)) ** 0.5 / self.risk.n
        rounding = max(1e-12, 10.0 * float(xp.finfo(self.theta.dtype).eps))
        size = 1.0 + scalar(xp.linalg.vector_norm(self.theta))
        if norm > NOT_FITTED * share and norm > rounding * size:
            warnings.warn(
                f"The fit is not finished: ||grad R(theta)|| is {norm:.3g}, and one point's "
                f"share of it is about {share:.3g}. Influence takes the gradient to be 0, and "
                "retraining will finish the fit too, so the two will differ by that. Finish it "
                "first, for instance with theta = retrain(risk, theta).",
                RuntimeWarning,
                stacklevel=3,
            )


def _determined(S: tuple[int, ...], reason: str) -> str:
    named = ", ".join(map(str, S[:10])) + (", ..." if len(S) > 10 else "")
    which = f"example {named}" if len(S) == 1 else f"the examples {named}"
    return (
        f"Without {which} too little curvature is left: {reason} A parameter that these examples "
        "alone determine is the usual cause. leverage=False always has an answer (not a good one "
        "here); l2 > 0 makes the minimum unique."
    )
