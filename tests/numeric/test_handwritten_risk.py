"""A risk written by hand, inheriting from nothing, through the whole stack.

Penalised Poisson regression: L(z, theta) = e^s - y s with s = x . theta, for counts y. The library
has no such loss; scikit-learn fits the same model, and its objective is half the deviance.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from sklearn.linear_model import PoissonRegressor

from teachkit.arrays import array_namespace, device, to_numpy
from teachkit.derivatives import hvp_test
from teachkit.influence import Influence
from teachkit.optimize import minimize
from teachkit.retraining import leave_one_out, retrain, retrain_with, retrain_without
from teachkit.validation import agreement, nothing_removed

pytestmark = pytest.mark.filterwarnings("error")


class PoissonRisk:
    """R(theta) = (1/n) sum_i w_i (e^s_i - y_i s_i) + 1/2 sum_j l2_j theta_j^2, s = X theta."""

    def __init__(self, X, y, weights, l2):
        self.X, self.y, self.weights, self.l2 = X, y, weights, l2
        self.n, self.p = X.shape
        self.xp = array_namespace(X)

    def value(self, theta):
        penalty = 0.5 * self.xp.sum(self.l2 * theta**2)
        return self.xp.sum(self.weights * self.example_losses(theta)) / self.n + penalty

    def gradient(self, theta):
        return self.example_gradients(theta).T @ self.weights / self.n + self.l2 * theta

    def hessian(self, theta):
        eye = self.xp.eye(self.p, dtype=theta.dtype, device=device(theta))
        return self.linearize(theta)(eye)

    def linearize(self, theta):
        curvature = self.weights * self.xp.exp(self.X @ theta) / self.n

        def product(v):
            if v.ndim == 1:
                return self.X.T @ (curvature * (self.X @ v)) + self.l2 * v
            return self.X.T @ (curvature[:, None] * (self.X @ v)) + self.l2[:, None] * v

        return product

    def hvp(self, theta, v):
        return self.linearize(theta)(v)

    def example_losses(self, theta):
        return self.loss_at(theta, self.X, self.y)

    def example_gradients(self, theta):
        return self.gradient_at(theta, self.X, self.y)

    def loss_at(self, theta, X, y):
        return self.xp.exp(X @ theta) - y * (X @ theta)

    def gradient_at(self, theta, X, y):
        return (self.xp.exp(X @ theta) - y)[:, None] * X

    def input_gradient(self, theta, i, s):
        x = self.X[i, :]
        rate = self.xp.exp(x @ theta)
        return (rate - self.y[i]) * s + rate * (s @ x) * theta

    def reweighted(self, weights):
        return type(self)(self.X, self.y, weights, self.l2)

    def replaced(self, i, x, y):
        X, targets = self.xp.asarray(self.X, copy=True), self.xp.asarray(self.y, copy=True)
        X[i, :], targets[i] = x, y
        return type(self)(X, targets, self.weights, self.l2)


class PoissonRiskWithLeverages(PoissonRisk):
    """The same with the oracle that is optional."""

    def leverages(self, theta, solve):
        curvature = self.weights * self.xp.exp(self.X @ theta) / self.n
        return curvature * self.xp.sum(self.X.T * solve(self.X.T), axis=0)


N, L2 = 25, 0.05
RNG = np.random.default_rng(4)
X = np.column_stack([RNG.normal(size=(N, 2)), np.ones(N)])
Y = RNG.poisson(np.exp(X @ [0.6, -0.4, 0.8])).astype(float)
W = RNG.uniform(0.5, 2.0, size=N)
X_TEST = np.column_stack([RNG.normal(size=(6, 2)), np.ones(6)])
Y_TEST = RNG.poisson(np.exp(X_TEST @ [0.6, -0.4, 0.8])).astype(float)


def made(place=None, kind=PoissonRisk):
    put = np.asarray if place is None else place.array
    return kind(put(X), put(Y), put(W), put(np.full(3, L2)))


def by_scikit_learn(X=X, y=Y, w=W):
    """Its objective is the weighted *mean* of the losses, so alpha makes up for n."""
    model = PoissonRegressor(
        alpha=N * L2 / w.sum(), fit_intercept=False, solver="newton-cholesky", tol=1e-14
    )
    return model.fit(X, y, sample_weight=w).coef_


@cache
def refits():
    return np.array([by_scikit_learn(w=without([i])) for i in range(N)])


def without(indices):
    w = W.copy()
    w[indices] = 0.0
    return w


def close(ours, reference, rtol=1e-9):
    scale = np.max(np.abs(reference))
    np.testing.assert_allclose(to_numpy(ours), reference, rtol=rtol, atol=rtol * scale)


def test_the_stack_from_the_fit_to_the_agreement(xp_device):
    risk = made(xp_device)
    zeros = xp_device.array(np.zeros(3))
    theta = minimize(risk, zeros, tol=1e-12).x
    close(theta, by_scikit_learn())
    close(retrain(risk, zeros), by_scikit_learn())

    rows = leave_one_out(risk, theta)
    close(theta + rows, refits())
    close(retrain_without(risk, theta, [3, 8]), by_scikit_learn(w=without([3, 8])))
    moved = X.copy()
    moved[5] = [0.5, 0.5, 1.0]
    close(retrain_with(risk, theta, 5, xp_device.array(moved[5]), Y[5]), by_scikit_learn(X=moved))

    influence = Influence(risk, theta)
    X_test, y_test = xp_device.array(X_TEST), xp_device.array(Y_TEST)
    before = risk.loss_at(theta, X_test, y_test)
    columns = [
        to_numpy(risk.loss_at(theta + rows[i, :], X_test, y_test) - before) for i in range(N)
    ]
    truth = np.column_stack(columns)
    predicted = influence.leave_one_out_loss(X_test, y_test)
    r, _, slope, _ = agreement(to_numpy(predicted).ravel(), truth.ravel())
    assert r > 0.97
    assert 1.0 < slope < 1.5
    assert nothing_removed(risk, theta).change < 1e-12
    for result in (
        theta,
        rows,
        predicted,
        influence.self_influence(),
        influence.pert_loss(1, X_test[0, :], 2.0),
    ):
        assert xp_device.holds(result, "float64")


def test_influence_agrees_with_dense_matrices():
    risk, theta = made(), by_scikit_learn()
    influence = Influence(risk, theta)
    rate = np.exp(X @ theta)
    H = (X.T * (W * rate)) @ X / N + L2 * np.eye(3)
    g = (rate - Y)[:, None] * X
    g_test = (np.exp(X_TEST @ theta) - Y_TEST)[:, None] * X_TEST
    close(influence.up_loss(X_TEST, Y_TEST), -g_test @ np.linalg.inv(H) @ g.T, 1e-10)
    close(influence.removals(), np.linalg.solve(H, (W[:, None] * g / N).T).T, 1e-10)
    S = [2, 9, 11]
    left = H - (X[S].T * (W * rate)[S]) @ X[S] / N
    close(influence.removal(S, leverage=True), np.linalg.solve(left, W[S] @ g[S]) / N, 1e-10)
    x, y, s = X[4], Y[4], np.linalg.solve(H, g_test[0])
    mixed = (np.exp(x @ theta) - y) * np.eye(3) + np.exp(x @ theta) * np.outer(x, theta)
    close(influence.pert_loss(4, X_TEST[0], Y_TEST[0]), -s @ mixed, 1e-10)


def test_what_is_optional_may_be_missing_and_is_used_where_it_is_there():
    theta = by_scikit_learn()
    bare = Influence(made(), theta)
    for call in (
        lambda: bare.removals(leverage=True),
        lambda: bare.leave_one_out_loss(X_TEST, Y_TEST, leverage=True),
    ):
        with pytest.raises(ValueError, match="PoissonRisk.*no leverages.*leave_one_out"):
            call()
    full = Influence(made(kind=PoissonRiskWithLeverages), theta)
    singles = np.array([bare.removal(i, leverage=True) for i in range(N)])
    close(full.removals(leverage=True), singles, 1e-10)


def test_conjugate_gradient_needs_products_alone():
    theta = by_scikit_learn()
    risk = made()
    risk.hessian = None
    influence = Influence(risk, theta, inverse_hvp="conjugate_gradient")
    close(influence.removals(), Influence(made(), theta).removals(), 1e-8)


def test_leave_one_out_without_a_minimum_names_the_points():
    X = np.array([[1.0, 0.0], [2.0, 0.0], [0.5, 0.0], [1.0, 1.0]])
    y = np.array([1.0, 3.0, 2.0, 5.0])
    risk = PoissonRisk(X, y, np.ones(4), np.zeros(2))
    theta = retrain(risk, np.zeros(2))
    with pytest.warns(RuntimeWarning, match="the points 3:"):
        rows = leave_one_out(risk, theta, progress=True)
    assert np.all(np.isnan(rows[3]))
    assert np.all(np.isfinite(rows[:3]))


@pytest.mark.parametrize(
    ("name", "answer", "ask", "says"),
    [
        ("gradient", lambda t: t * np.nan, None, "The gradient of the risk holds nan"),
        ("gradient", lambda t: t[:2], None, r"gradient of the risk has shape \(2,\).*\(3,\)"),
        ("example_gradients", lambda t: np.ones((3, N)), None, r"has shape \(3, .*\(.*, 3\)"),
        ("hessian", lambda t: np.eye(2), None, r"Hessian of the risk has shape \(2, 2\).*\(3, 3\)"),
        (
            "leverages",
            lambda t, solve: np.full(N, np.nan),
            lambda found: found.removals(leverage=True),
            "leverages holds nan",
        ),
        (
            "leverages",
            lambda t, solve: np.zeros(2),
            lambda found: found.removals(leverage=True),
            r"leverages has shape \(2,\)",
        ),
        (
            "input_gradient",
            lambda t, i, s: t[:1],
            lambda found: found.pert_loss(0, X_TEST[0], Y_TEST[0]),
            r"input gradient has shape \(1,\)",
        ),
        (
            "input_gradient",
            lambda t, i, s: t * np.inf,
            lambda found: found.pert_loss(0, X_TEST[0], Y_TEST[0]),
            "input gradient holds",
        ),
    ],
)
def test_wrong_answers_of_a_risk_are_told_in_a_sentence(name, answer, ask, says):
    risk, theta = made(kind=PoissonRiskWithLeverages), by_scikit_learn()
    setattr(risk, name, answer)
    with pytest.raises(ValueError, match=says):
        ask(Influence(risk, theta)) if ask else Influence(risk, theta)


def test_its_products_are_those_of_a_hessian():
    risk, theta = made(), by_scikit_learn()
    assert hvp_test(risk.linearize(theta), risk.gradient, theta).verdict == "right"
    assert hvp_test(risk.hvp, risk.gradient, theta + 0.1).verdict == "right"


def test_a_forgotten_return_in_linearize_is_told_in_a_sentence():
    risk = made()
    risk.linearize = lambda theta: None
    with pytest.raises(TypeError, match="is None; it has to be a callable"):
        Influence(risk, by_scikit_learn(), inverse_hvp="conjugate_gradient")
