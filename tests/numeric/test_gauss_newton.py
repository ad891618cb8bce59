"""The Gauss-Newton matrix of a risk that has outputs, asked for by name."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from teachkit.arrays import array_namespace, device, to_numpy
from teachkit.influence import Influence
from teachkit.inverse_hvp import ConjugateGradient, GaussNewton, bind
from teachkit.retraining import retrain
from teachkit.risks import HasGaussNewton, HasHessianRoot
from tests.numeric.dense import small

pytestmark = pytest.mark.filterwarnings("error")


class Decay:
    """f(x, theta) = theta_0 e^(theta_1 x), square loss: a curve that is not linear in theta."""

    def __init__(self, X, y, weights, l2):
        self.X, self.y, self.weights, self.l2 = X, y, weights, l2
        self.n, self.p = X.shape[0], 2

    @property
    def xp(self):
        return array_namespace(self.X)

    def outputs(self, theta, X):
        e = self.xp.exp(theta[1] * X[:, 0])
        return theta[0] * e, self.xp.stack([e, theta[0] * X[:, 0] * e], axis=1)

    def value(self, theta):
        penalty = 0.5 * self.xp.sum(self.l2 * theta**2)
        return self.xp.sum(self.weights * self.example_losses(theta)) / self.n + penalty

    def gradient(self, theta):
        return self.weights @ self.example_gradients(theta) / self.n + self.l2 * theta

    def hessian(self, theta):
        """Both terms: J' J, and the residuals times the curvature of f."""
        f, J = self.outputs(theta, self.X)
        x, a = self.X[:, 0], 2.0 * self.weights * (f - self.y) / self.n
        e = J[:, 0]
        off, below = self.xp.sum(a * x * e), self.xp.sum(a * theta[0] * x**2 * e)
        rest = self.xp.stack([self.xp.stack([0.0 * off, off]), self.xp.stack([off, below])])
        eye = self.xp.eye(2, dtype=theta.dtype, device=device(theta))
        return self.linearize_gauss_newton(theta)(eye) + rest

    def linearize(self, theta):
        return self.hessian(theta).__matmul__

    def linearize_gauss_newton(self, theta):
        _, J = self.outputs(theta, self.X)

        def product(v):
            as_column = (slice(None), None) if v.ndim == 2 else (slice(None),)
            return J.T @ ((2.0 * self.weights / self.n)[as_column] * (J @ v)) + (
                self.l2[as_column] * v
            )

        return product

    def example_losses(self, theta):
        return self.loss_at(theta, self.X, self.y)

    def example_gradients(self, theta):
        return self.gradient_at(theta, self.X, self.y)

    def loss_at(self, theta, X, y):
        return (self.outputs(theta, X)[0] - y) ** 2

    def gradient_at(self, theta, X, y):
        f, J = self.outputs(theta, X)
        return 2.0 * (f - y)[:, None] * J

    def reweighted(self, weights):
        return Decay(self.X, self.y, weights, self.l2)


def made(place=None, noise=0.4):
    rng = np.random.default_rng(0)
    X = rng.uniform(0.0, 2.0, size=(20, 1))
    y = 2.0 * np.exp(-0.7 * X[:, 0]) + noise * rng.normal(size=20)
    put = np.asarray if place is None else place.array
    weights = rng.uniform(0.5, 2.0, size=20)
    return Decay(put(X), put(y), put(weights), put(np.array([0.01, 0.02])))


def fitted(risk):
    return retrain(risk, risk.xp.asarray([2.0, -0.7], device=device(risk.X)))


def matrix(risk, theta):
    """G by differences of the outputs, written out."""
    X, theta = to_numpy(risk.X), to_numpy(theta)

    def f(theta):
        return theta[0] * np.exp(theta[1] * X[:, 0])

    J = np.column_stack([(f(theta + h) - f(theta - h)) / 2e-6 for h in 1e-6 * np.eye(2)])
    G = 2.0 * J.T @ (to_numpy(risk.weights)[:, None] * J) / risk.n
    return G + np.diag(to_numpy(risk.l2))


@pytest.mark.parametrize(
    "method", ["cholesky", "conjugate_gradient", ConjugateGradient(rtol=1e-12)]
)
@pytest.mark.parametrize("damping", [0.0, 0.2])
def test_it_takes_the_place_of_H(xp_device, method, damping):
    risk = made(xp_device)
    theta = fitted(risk)
    influence = Influence(risk, theta, inverse_hvp=GaussNewton(method), damping=damping)
    G = matrix(risk, theta) + damping * np.eye(2)
    g = to_numpy(risk.example_gradients(theta))
    ours = influence.up_params(3)
    assert xp_device.holds(ours, "float64")
    np.testing.assert_allclose(to_numpy(ours), -np.linalg.solve(G, g[3]), rtol=1e-7)
    exact = Influence(risk, theta, damping=damping).up_params(3)
    assert np.linalg.norm(to_numpy(ours) - to_numpy(exact)) > 1e-2 * np.linalg.norm(to_numpy(ours))


def test_with_leverage_it_is_the_matrix_of_the_changed_risk():
    risk = made()
    theta = fitted(risk)
    influence = Influence(risk, theta, inverse_hvp=GaussNewton())
    w = risk.weights.copy()
    w[[2, 11]] = 0.0
    pull = risk.weights[[2, 11]] @ risk.example_gradients(theta)[[2, 11]] / risk.n
    expected = np.linalg.solve(matrix(risk.reweighted(w), theta), pull)
    np.testing.assert_allclose(influence.removal([2, 11], leverage=True), expected, rtol=1e-7)


def test_without_residuals_it_is_H():
    risk = made(noise=0.0)
    risk.l2 = 0.0 * risk.l2
    theta = np.array([2.0, -0.7])
    G = bind(GaussNewton(), risk, theta)(np.eye(2))
    np.testing.assert_allclose(G, bind("cholesky", risk, theta)(np.eye(2)), rtol=1e-9)


def test_it_has_an_answer_where_H_is_not_positive_definite():
    risk = made()
    far = np.array([-1.0, -0.1])
    with pytest.raises(ValueError, match="not positive definite"):
        bind("cholesky", risk, far)
    v = np.array([1.0, 2.0])
    expected = np.linalg.solve(matrix(risk, far), v)
    np.testing.assert_allclose(bind(GaussNewton(), risk, far)(v), expected, rtol=1e-7)


def test_a_risk_without_it_says_so():
    p = small("logistic")
    with pytest.raises(TypeError, match="LinearRisk. has none.*G is H there"):
        Influence(p.risk(), p.minimum(), inverse_hvp=GaussNewton())
    assert isinstance(made(), HasGaussNewton)
    assert not isinstance(p.risk(), HasGaussNewton)
    assert isinstance(p.risk(), HasHessianRoot)


def test_a_wrong_answer_is_told_in_a_sentence():
    risk = made()
    theta = fitted(risk)
    for wrong, error, says in (
        (lambda theta: None, TypeError, "linearize_gauss_newton"),
        (lambda theta: lambda v: v[:1], ValueError, r"linearize_gauss_newton\(theta\) of the risk"),
        (lambda theta: np.triu(np.ones((2, 2))).__matmul__, ValueError, "not symmetric"),
    ):
        risk.linearize_gauss_newton = wrong
        with pytest.raises(error, match=says):
            bind(GaussNewton(), risk, theta)


def test_it_can_be_sent_to_another_process():
    risk = made()
    theta = fitted(risk)
    for method in ("cholesky", "conjugate_gradient"):
        influence = Influence(risk, theta, inverse_hvp=GaussNewton(method))
        sent = pickle.loads(pickle.dumps(influence))
        np.testing.assert_allclose(sent.up_params(1), influence.up_params(1), rtol=1e-14)


def test_the_root_of_the_hessian():
    for name in ("square", "logistic", "smooth hinge"):
        p = small(name)
        A = p.risk().hessian_root(p.minimum())
        assert A.shape == (15, 3)
        np.testing.assert_allclose(A.T @ A, p.hessian(p.minimum()), rtol=1e-12, atol=1e-15)
