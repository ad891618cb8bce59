"""`Influence`: what changing the training data is predicted to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from teachkit import places, require
from teachkit.arrays import (
    Array,
    array_namespace,
    as_float,
    device,
    is_gpu,
    own,
    put_rows,
    quietly,
    scalar,
)
from teachkit.influence._curvature import Curvature
from teachkit.influence._leverage import Removals, named, with_leverage
from teachkit.influence._test_points import TestPoints
from teachkit.influence._unfinished import warn_if_unfinished
from teachkit.memory import in_tiles
from teachkit.places import Sent, double_asked
from teachkit.risks import checks
from teachkit.risks._removal import refuse_the_last, removed, without
from teachkit.risks.consistency import check_curvature, check_gradients, check_input_gradient
from teachkit.risks.gradient_matrix import (
    GradientMatrix,
    combined,
    example_gradients,
    rows_of,
    scores,
)
from teachkit.risks.kernel import KernelRisk
from teachkit.risks.watched import Watched

if TYPE_CHECKING:
    from teachkit.influence.from_sklearn import FittedInfluence


@double_asked
@quietly
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
        The fitted parameters, where grad R is 0. Copied: theta may go on being trained in place.
    inverse_hvp : str, Method or callable
        How H^-1 v is computed: "cholesky", "conjugate_gradient" or "lissa"; `Cholesky()`,
        `ConjugateGradient(rtol=...)`, `Lissa(depth=...)`; or a callable v -> H^-1 v for v (p,) or
        (p, k).
    damping : float
        >= 0; H + damping I takes the place of H.

    Attributes
    ----------
    risk, theta, damping
        As given; `theta` is a copy each time.
    solve : callable
        v -> H^-1 v for v (p,) or (p, k).
    gradients : array (n, p)
        g_i, one row per example, read-only; of a `ShardedRisk` only rows and products of it.

    Raises
    ------
    ValueError
        H is not positive definite (with its smallest eigenvalue and a damping to try); NaN, wrong
        shapes, an unknown method, a negative damping; a risk written by hand whose parts do not
        belong together.
    TypeError, IndexError
        An index that is no whole number (a mask, say), or out of range.

    Warns
    -----
    RuntimeWarning
        grad R(theta) is not small: the fit is not finished, and retraining would finish it too.

    Notes
    -----
    An Influence can be pickled and sent to another process, if risk and method can.

    Lesson: 07_influence_upweighting
    """

    _callers = 3  # from who warns up to who made this

    def __init__(
        self, risk: Any, theta: Array, *, inverse_hvp: Any = "cholesky", damping: float = 0.0
    ) -> None:
        self.risk, self.damping = checks.check_risk(risk), require.damping(damping)
        other = None if places.theirs(inverse_hvp) else places.double(risk)
        if other is not None and is_gpu(theta):
            self.risk = risk = other  # asked from there
        elif other is not None:
            self._there = Influence.__new__(Influence)
            if type(self) is not Influence:  # it may read test points, which is done at home
                self._there.__dict__["_read"] = Sent(self._read)
            self._there.__dict__["_callers"] = self._callers + 1
            theta, inverse_hvp = places.there(theta), places.there(inverse_hvp)
            Influence.__init__(self._there, other, theta, inverse_hvp=inverse_hvp, damping=damping)
            return
        self._theta = own(checks.check_theta(theta, risk.p, risk.weights))
        self._asked = Watched(risk)
        self._tests = TestPoints(self._asked, self._theta, self._read)
        self._H = Curvature(self._asked, self._theta, inverse_hvp, self.damping)
        self.gradients = example_gradients(self._asked, self._theta)
        if isinstance(self.gradients, GradientMatrix):
            risk.check_parts(self._theta, curvature=True)
        check_gradients(self._asked, self._theta, self.gradients)
        check_curvature(self._asked, self._theta, self.gradients)
        warn_if_unfinished(self._H, self.gradients, stacklevel=self._callers)

    def _read(self, X: Any, y: Any) -> tuple[Any, Any]:
        """Test points in the form of the risk's own examples, in which they come."""
        return X, y

    @classmethod
    def from_sklearn(
        cls,
        model: Any,
        X: Any,
        y: Any,
        *,
        sample_weight: Any = None,
        inverse_hvp: Any = "cholesky",
        damping: float = 0.0,
    ) -> FittedInfluence:
        """The influence of the examples that a scikit-learn estimator was fitted to.

        All questions and answers are those of `Influence`, with X, y, test points and labels in the
        estimator's own form; the penalty and the intercept are read from the model. n stays n on
        removal, which is a refit under the same C or alpha with that ``sample_weight`` at 0. What
        comes before the estimator in a Pipeline is held as it was fitted.

        Parameters
        ----------
        model : estimator or Pipeline
            A fitted LogisticRegression (penalty l2 or none), Ridge, LinearRegression, a
            RidgeClassifier or LinearSVC (squared hinge) of two classes; or a Pipeline that ends in
            one, after steps that transform X without y.
        X, y : arrays, DataFrame, Series, lists
            What it was fitted to, raw; labels of any kind. (n, d) and (n,).
        sample_weight : array (n,), optional
            What it was fitted with. A ``class_weight`` of numbers is read from the model.
        inverse_hvp, damping
            As in `Influence`.

        Returns
        -------
        FittedInfluence
            Its ``risk`` and ``theta`` = (coef_, intercept_) are what `leave_one_out` takes; of
            several classes W = coef_.T with the intercepts as last row. Where these have no
            penalty, their common shift, which changes no prediction, is taken out.

        Raises
        ------
        TypeError
            The model is of a kind that is not known.
        ValueError
            It is not fitted; its penalty, loss or class_weight has no influence function (for an
            SVC the sentence holds the `KernelRisk` that comes near it); X or y are not what it was
            fitted to.

        Notes
        -----
        Lesson: 15_mislabeled_examples
        """
        from teachkit.influence.from_sklearn import of_estimator

        return of_estimator(model, X, y, sample_weight, inverse_hvp, damping)

    @property
    def theta(self) -> Array:
        """The parameters that everything here is about, (p,): a copy."""
        return own(self._theta)

    @property
    def solve(self) -> Any:
        """v -> H^-1 v for v (p,) or (p, k)."""
        return self._H.solve

    # What upweighting does, per unit of eps.

    def up_params(self, i: int) -> Array:
        """I_up,params(z_i) = -H^-1 g_i: d theta / d eps as z_i is upweighted by eps, (p,).

        Source: Koh & Liang (2017), equation 1.
        Lesson: 07_influence_upweighting
        """
        return -self.solve(self.gradients[checks.check_index(i, self.risk.n), :])

    def s_test(self, X_test: Array, y_test: Any) -> Array:
        """H^-1 grad L(z_test), all that influence on a test point needs of it, (p,) or (m, p).

        One test point, (d,) and a number, gives (p,); several, (m, d) and (m,), a row for each.
        It costs the solve; `up_loss`, `leave_one_out_loss` and `pert_loss` take it as `s_test` and
        solve for nothing more.

        Source: Koh & Liang (2017), section 3.
        Lesson: 07_influence_upweighting
        """
        solved = self._tests.each(X_test, y_test, self._H.solve_rows)
        return solved.of_each(solved.rows)

    def up_loss(
        self, X_test: Any = None, y_test: Any = None, *, s_test: Any = None, of: Any = None
    ) -> Array:
        """I_up,loss(z_i, z_test) = -grad L(z_test)' H^-1 g_i: d L(z_test) / d eps, for every i.

        One test point, (d,) and a number, gives (n,); several, (m, d) and (m,), give (m, n). Solves
        with H for the test points or for the training points, whichever are fewer:
        s_test = H^-1 grad L(z_test) is one solve for all n.

        Parameters
        ----------
        X_test, y_test : arrays
            The test points; not needed beside their `s_test`.
        s_test : array (p,) or (m, p), optional
            What `s_test` gave for them.
        of : (X, y), optional
            Other points, (k, d) and (k,), to be weighted up from 0 in the place of the training
            points: what taking them in does.

        Notes
        -----
        Source: Koh & Liang (2017), equation 2.
        Lesson: 07_influence_upweighting
        """
        others = None if of is None else self._tests.others(of)
        n = self.risk.n if others is None else others.X.shape[0]

        def influence(s: Array) -> Array:
            return scores(-s, self.gradients) if others is None else others.scores(-s)

        if s_test is not None:
            known = self._tests.known(s_test, X_test, y_test)
            return known.of_each(influence(known.rows))
        tests = self._tests.gradients(X_test, y_test)
        unformed = others is None and isinstance(self.gradients, GradientMatrix)
        if tests.rows.shape[0] <= n or unformed:
            return tests.of_each(influence(self._H.solve_rows(tests.rows)))
        g = self.gradients if others is None else others.rows()
        return tests.of_each(-tests.rows @ self._H.solve_rows(g).T)

    def self_influence(self) -> Array:
        """I_up,loss(z_i, z_i) = -g_i' H^-1 g_i, (n,): how upweighting z_i changes its own loss.

        Never positive, for positive definite H. The rise of a point's own loss when it is removed
        is -(w_i/n) times it.

        Source: Koh & Liang (2017), section 5.4.
        Lesson: 15_mislabeled_examples
        """
        return -self._of_each(_products)

    def overall_effect(self, on: str = "theta") -> Array:
        """How much each training point moves at all per unit of eps, (n,): what RelatIF divides by.

        Some points, outliers above all, move every prediction. Beside its overall effect, the
        influence of a point on one test point says how much it is about this one (RelatIF)::

            up_loss(x, y) / overall_effect()            |H^-1 g_i|:             of theta
            up_loss(x, y) / overall_effect("loss")      sqrt(g_i' H^-1 g_i):    of all losses

        The first is the influence that upweighting has if theta may move by a given length, the
        second if the losses may change by a given mean square, for which the root of H is taken as
        length, sqrt(d' H d) for the move d = H^-1 g_i. Neither contains w_i or 1/n; a point without
        a gradient has 0, and no ratio. The length of theta knows the units of its parameters, the
        other does not.

        Parameters
        ----------
        on : "theta" or "loss"

        Raises
        ------
        ValueError
            Another word; for "loss" an approximation of H^-1 that is negative along some g_i.

        Notes
        -----
        Source: Barshan, Brunet & Dziugaite (2020), RelatIF: Identifying explanatory training
        examples via relative influence, section 3, theta-relative and l-relative.
        Lesson: 12_understanding_models
        """
        if on not in ("theta", "loss"):
            raise ValueError(
                f"on is {on!r}; the overall effect is that on 'theta', |H^-1 g_i|, or on the "
                "'loss', sqrt(g_i' H^-1 g_i)."
            )
        xp = array_namespace(self._theta)
        if on == "theta":
            return self._of_each(_lengths)
        squares = -self.self_influence()
        rounding = 1e-8 * scalar(xp.max(xp.abs(squares)))
        if (least := scalar(xp.min(squares))) < -rounding:
            raise ValueError(
                f"g_i' H^-1 g_i is {least:.3g} for some example, and its root is taken: the H^-1 "
                "that inverse_hvp gives is not positive there. Take one that is nearer to it, "
                'inverse_hvp="cholesky" say, or overall_effect() on theta.'
            )
        return xp.sqrt(xp.where(squares > 0.0, squares, xp.zeros_like(squares)))

    # What a finite change of the data does: to any other risk, and its cases.

    def toward(self, changed: Any, *, leverage: bool = False) -> Array:
        """The predicted change theta' - theta for a risk R' that is changed in any way, (p,).

        Other weights, moved points, another penalty, several of them at once::

            -H^-1 (grad R'(theta) - grad R(theta))               leverage=False
            -H'^-1 (grad R'(theta) - grad R(theta))              leverage=True

        With `leverage`, H' = grad^2 R'(theta) and it is the Newton step on R', which is the truth
        for the square loss. Exact: `retrain` of R'. `reweighting`, `removal` and `perturbation` are
        its cases; the last takes its difference from one row, which a difference of two sums would
        lose for a tiny move.

        Parameters
        ----------
        changed : Risk
            R', with the n examples and p parameters of R: ``risk.reweighted(weights)``,
            ``risk.replaced(i, x, y)``, or one made afresh.
        leverage : bool
            Whether to count the curvature that comes and goes with the change.

        Raises
        ------
        ValueError, TypeError
            R' has other n, p, dtype or device; with `leverage` its H' is not positive definite.

        Notes
        -----
        Source: Koh & Liang (2017), sections 2.1 and 2.2; Pregibon (1981).
        Lesson: 07_influence_upweighting, 08_influence_perturbing
        """
        checks.check_changed(changed, self.risk, "changed")
        pull = Watched(changed).gradient(self._theta) - self._asked.gradient(self._theta)
        if leverage:
            return -self._H.solve_on(changed, pull, "On the changed risk")
        return -self.solve(pull)

    def reweighting(self, delta_w: Array) -> Array:
        """(1/n) sum_i delta_w_i I_up,params(z_i): the change of theta for w + delta_w, (p,).

        To first order in delta_w, (n,). Exact: `retrain` of ``risk.reweighted(w + delta_w)``.
        Raises ValueError for a delta_w of another shape, or not finite.

        Source: Koh & Liang (2017), section 2.1.
        Lesson: 07_influence_upweighting
        """
        delta_w = as_float(delta_w, "delta_w", like=self._theta)
        if delta_w.shape != (self.risk.n,):
            raise ValueError(
                f"delta_w has shape {tuple(delta_w.shape)}; it has to be ({self.risk.n},), the "
                "change of weight of every training example, 0 for those that stay as they are."
            )
        return -self.solve(combined(delta_w, self.gradients)) / self.risk.n

    def removal(self, indices: int | Iterable[int], *, leverage: bool = False) -> Array:
        """The predicted change theta_{-S} - theta when the examples S are removed together, (p,).

        Weights go from w_i to 0, so with delta_w_i = -w_i on S::

            (1/n) H^-1 sum_S w_i g_i                              leverage=False
            (1/n) (H - H_S)^-1 sum_S w_i g_i                      leverage=True

        H_S = (1/n) sum_S w_i grad^2 L(z_i) is the curvature that leaves with the points: with
        `leverage` the prediction is the Newton step on the risk without them, which is the truth
        for the square loss. Exact: `retrain_without`. Between the two stands `rescaled_removal`.

        Raises ValueError if no example is left, and with `leverage` if H - H_S is not positive
        definite: those points alone determine a parameter.

        Source: Koh & Liang (2017), section 2.1; Pregibon (1981).
        Lesson: 07_influence_upweighting, 10_agreement_with_truth
        """
        S = checks.check_indices(indices, self.risk.n)
        xp, w = array_namespace(self._theta), self.risk.weights
        delta_w = xp.where(removed(self.risk, S), -w, 0.0 * w)
        if not S:
            return xp.zeros_like(self._theta)
        if not leverage:
            return self.reweighting(delta_w)
        pull = combined(delta_w, self.gradients) / self.risk.n
        return -self._H.solve_on(without(self.risk, S), pull, named(S))

    def removals(
        self, indices: int | Iterable[int] | None = None, *, leverage: bool = False
    ) -> Array:
        """The predicted change theta_{-i} - theta for each point alone, a row each, (k, p).

        Row k is (w_i/n) H^-1 g_i for i = indices[k], all n points by default. With `leverage` it
        is divided by 1 - h_i, h_i = w_i c_i x_i' H^-1 x_i / n: where one example's Hessian is
        c_i x_i x_i', that is the Newton step on the risk without it. Exact: `leave_one_out`.

        For a group, the sum of its rows is ``removal(S)`` and, with `leverage`, `rescaled_removal`.

        Raises ValueError with `leverage` where 1 - h_i is not positive (that point alone determines
        a parameter), and for a risk without leverages.

        Source: Pregibon (1981).
        Lesson: 10_agreement_with_truth
        """
        n = self.risk.n
        rows = tuple(range(n)) if indices is None else checks.check_indices(indices, n)
        removals = self._removals(rows, leverage)

        def changed(tile: slice) -> Array:
            gradients = rows_of(self.gradients, rows[tile], self._array_of)
            return removals.factors[tile, None] * self._H.solve_rows(gradients, len(rows))

        changes = in_tiles(changed, len(rows), (self.risk.p,), 3 * self.risk.p, self._theta)
        for k, change in removals.repaired.items():
            changes[k, :] = change
        return changes

    def rescaled_removal(self, indices: int | Iterable[int]) -> Array:
        """The rescaled influence function of the examples S: their own Newton steps, added, (p,).

        (1/n) sum_S w_i H^-1 g_i / (1 - h_i), the sum of ``removals(S, leverage=True)``. Beside it::

            removal(S)                   no curvature leaves: the plain influence function
            rescaled_removal(S)          each point takes its own along, as if it left alone
            removal(S, leverage=True)    all of theirs leaves at once, (H - H_S)^-1: a solve for S

        For one point the last two are the same. For more the sum leaves out that without i the
        others of S have more leverage; in return it is additive, so that points can be sorted by
        what they do to a test loss, and groups of any size read off: the sum over S of
        `leave_one_out_loss` with `leverage` is grad L(z_test)' times this. It matters where p is no
        longer small beside n: the mean of h_i is at most p/n, and tends to it with l2 -> 0.

        Raises ValueError as `removals` does, and if no example is left.

        Source: Rubinstein & Hopkins (2025), Rescaled Influence Functions: Accurate Data Attribution
        in High Dimension, NeurIPS.
        Lesson: 10_agreement_with_truth
        """
        S = checks.check_indices(indices, self.risk.n)
        removed(self.risk, S)  # refuses to leave no example
        removals = self._removals(S, leverage=True)
        factors = removals.factors
        for k in removals.repaired:
            factors[k] = 0.0
        xp, like = array_namespace(factors), {"dtype": factors.dtype, "device": device(factors)}
        of_each = xp.zeros((self.risk.n, 1), **like)
        put_rows(of_each, S, factors[:, None])
        change = self.solve(combined(of_each[:, 0], self.gradients))
        return sum(removals.repaired.values(), change)

    def leave_one_out_loss(
        self, X_test: Any = None, y_test: Any = None, *, leverage: bool = False, s_test: Any = None
    ) -> Array:
        """-(w_i/n) I_up,loss(z_i, z_test): the predicted L(z_test, theta_{-i}) - L(z_test, theta).

        Positive: the loss would rise without the point, so the point helped. This is the tangent of
        the test loss at theta, times the predicted change of theta. Shapes and `s_test` as in
        `up_loss`: (n,) for one test point, (m, n) for m. With `leverage` divided by 1 - h_i, see
        `removals`; a sum of these over a group is its rescaled influence, see `rescaled_removal`.

        Source: Koh & Liang (2017), section 2.1; Rubinstein & Hopkins (2025).
        Lesson: 07_influence_upweighting, 10_agreement_with_truth
        """
        removals = self._removals(tuple(range(self.risk.n)), leverage)
        changes = self.up_loss(X_test, y_test, s_test=s_test)  # as large as all test points ask
        changes *= -removals.factors
        if removals.repaired:
            slopes = self._slopes(X_test, y_test, s_test)
            for i, change in removals.repaired.items():
                changes[..., i] = slopes @ change
        return changes

    # What moving a training point does.

    def perturbation(self, i: int, delta: Array) -> Array:
        """(w_i/n) (I_up,params(z_delta) - I_up,params(z_i)): the change of theta, (p,).

        Predicted for x_i moved to x_i + delta, delta (d,), its target as before: z_i leaves and
        z_delta = (x_i + delta, y_i) comes, hence +1/n. Exact: `retrain_with`.

        Source: Koh & Liang (2017), equation 3, where the sign in front is a slip.
        Lesson: 08_influence_perturbing
        """
        i = checks.check_index(i, self.risk.n)
        x = self.risk.X[i, :]
        delta = as_float(delta, "delta", like=x)
        if delta.shape != x.shape:
            raise ValueError(
                f"delta has shape {tuple(delta.shape)}; it is added to one row of the risk's X, so "
                f"it has to be {tuple(x.shape)}. A column of ones in X gets a 0."
            )
        y = self.risk.y[i : i + 1]
        before = self._asked.gradient_at(self._theta, x[None, :], y)[0, :]
        by_hand = getattr(self.risk, "by_hand", not self._asked.ours)
        if not (by_hand or isinstance(self.risk, KernelRisk)):  # one model for every x
            after = self._asked.gradient_at(self._theta, (x + delta)[None, :], y)[0, :]
        else:  # a risk in which no x can move alone says so
            there = self._asked.replaced(i, x + delta, self.risk.y[i])
            X, y = there.X[i : i + 1, :], there.y[i : i + 1]
            after = Watched(there).gradient_at(self._theta, X, y)[0, :]
        return -self.risk.weights[i] / self.risk.n * self.solve(after - before)

    def pert_loss(
        self, i: int, x_test: Any = None, y_test: Any = None, *, s_test: Any = None
    ) -> Array:
        """I_pert,loss(z_i, z_test)' = -grad L(z_test)' H^-1 grad_x grad_theta L(z_i), (d,).

        Per unit of eps: moving x_i by delta changes the loss at the test point by
        ``w_i * pert_loss @ delta / n``. It is taken as s' grad_x grad_theta L(z_i) with
        s = H^-1 grad L(z_test), so the mixed derivatives (p, d) are never formed. With that s as
        `s_test`, (p,), nothing is solved, and the test point itself is not needed.

        Source: Koh & Liang (2017), equation 5, which leaves out the 1/n.
        Lesson: 08_influence_perturbing
        """
        i = checks.check_index(i, self.risk.n)
        if s_test is None:
            asked_for = self._tests.gradients(x_test, y_test)
        else:
            asked_for = self._tests.known(s_test, x_test, y_test)
        if not asked_for.single:
            raise ValueError(
                f"x_test has {asked_for.rows.shape[0]} rows; pert_loss takes one test point, (d,) "
                "and a number. Call it once for each, or add up what several test points ask for."
            )
        s = asked_for.rows[0, :] if s_test is not None else self.solve(asked_for.rows[0, :])
        found = self._asked.input_gradient(self._theta, i, s)
        check_input_gradient(self._asked, self._theta, i, s, found)
        return -found

    def _of_each(self, number: Callable[[Array, Array], Array]) -> Array:
        """number(g_i, H^-1 g_i) of every training point, (n,): of rows of them at a time."""
        n, p, G = self.risk.n, self.risk.p, self.gradients
        if isinstance(G, GradientMatrix) and n > p:
            return G.numbers(_with_solution, number, self._H.to_send)

        def of(rows: slice) -> Array:
            g = G[rows, :]
            return number(g, self._H.solve_rows(g, n))

        return in_tiles(of, n, (), 3 * p, self._theta)

    def _removals(self, rows: tuple[int, ...], leverage: bool) -> Removals:
        """The factors w_i / n of these examples, with `leverage` w_i / (n (1 - h_i))."""
        refuse_the_last(self.risk, rows)
        if leverage:
            return with_leverage(self._H, self.gradients, rows)
        w = array_namespace(self._theta).take(self.risk.weights, self._array_of(rows))
        return Removals(w / self.risk.n, {})

    def _slopes(self, X_test: Any, y_test: Any, s_test: Any) -> Array:
        """grad L at the test points, (p,) or (m, p): H s_test, where only that is known."""
        if X_test is None:
            known = self._tests.known(s_test, None, None)
            return known.of_each(self._H.product(known.rows.T).T)
        tests = self._tests.gradients(X_test, y_test)
        return tests.of_each(tests.rows)

    def _array_of(self, indices: tuple[int, ...]) -> Array:
        xp = array_namespace(self._theta)
        return xp.asarray(indices, dtype=xp.int64, device=device(self._theta))


def _products(g: Array, s: Array) -> Array:
    """g_i' s_i, of rows."""
    return array_namespace(g).sum(s * g, axis=1)


def _lengths(_: Array, s: Array) -> Array:
    """||s_i||_2, of rows."""
    return array_namespace(s).linalg.vector_norm(s, axis=1)


def _with_solution(g: Array, number: Callable[[Array, Array], Array], solve: Any) -> Array:
    """number(g_i, H^-1 g_i) of rows, where the shard is."""
    return number(g, solve(g.T).T)
