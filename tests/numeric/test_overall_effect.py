"""RelatIF: a point's overall effect, against matrices written out for every kind of risk."""

from __future__ import annotations

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics.pairwise import rbf_kernel

from teachkit.arrays import to_numpy
from teachkit.influence import Influence
from teachkit.losses import Logistic, SmoothHinge
from teachkit.retraining import retrain
from teachkit.risks import AutogradRisk, KernelRisk, LinearRisk, SoftmaxRisk
from tests.numeric.dense import LOSSES, small, small_tests

pytestmark = pytest.mark.filterwarnings("error")

N, GAMMA, T = 24, 0.7, 0.3
RNG = np.random.default_rng(3)
X = np.column_stack([RNG.standard_normal((N, 2)), np.ones(N)])
Y = np.where(X[:, 0] * X[:, 1] + 0.5 * RNG.standard_normal(N) > 0, 1.0, -1.0)
CLASSES = np.arange(N) % 3
W = RNG.uniform(0.5, 2.0, size=N)


def logistic(theta, X, y):
    return anp.logaddexp(0.0, -y * anp.dot(X, theta))


def of_classes(theta, X, y):
    S = anp.dot(X, anp.reshape(theta, (3, 3)))
    return anp.log(anp.sum(anp.exp(S), axis=1)) - S[anp.arange(len(y)), y]


def hidden(theta, X, y):
    h = anp.tanh(anp.dot(X, anp.reshape(theta[:6], (3, 2))))
    return anp.logaddexp(0.0, -y * anp.dot(h, theta[6:]))


def of_kernel(theta, X, y):
    L = np.linalg.cholesky(rbf_kernel(X, gamma=GAMMA) + 1e-6 * np.eye(N))
    F = np.linalg.solve(L, rbf_kernel(X, gamma=GAMMA)).T
    return T * anp.logaddexp(0.0, (1.0 - y * anp.dot(F, theta)) / T)


KERNEL = {"gamma": GAMMA, "jitter": 1e-6, "l2": 0.1, "weights": W}
START = np.random.default_rng(1).standard_normal(8)
RISKS = {
    "linear": (LinearRisk(X, Y, Logistic(), l2=0.1, weights=W), logistic, Y),
    "softmax": (SoftmaxRisk(X, CLASSES, l2=0.1, weights=W), of_classes, CLASSES),
    "kernel": (KernelRisk(X, Y, SmoothHinge(T), **KERNEL), of_kernel, Y),
    "autograd": (AutogradRisk(hidden, X, Y, START, l2=0.1, weights=W), hidden, Y),
}


@pytest.mark.parametrize("kind", RISKS)
def test_the_overall_effect_is_that_of_autograds_matrices(kind):
    risk, losses, y = RISKS[kind]
    theta = retrain(risk, START if kind == "autograd" else np.zeros(risk.p))
    influence = Influence(risk, theta)
    g = autograd.jacobian(losses)(theta, X, y)
    H = autograd.hessian(lambda v: anp.sum(W * losses(v, X, y)) / N)(theta) + 0.1 * np.eye(risk.p)
    moved = np.linalg.solve(H, g.T).T
    on_theta = np.sqrt((moved**2).sum(axis=1))
    on_loss = np.sqrt(np.einsum("ij,ij->i", g, moved))
    np.testing.assert_allclose(influence.overall_effect(), on_theta, rtol=1e-6)
    np.testing.assert_allclose(influence.overall_effect("loss"), on_loss, rtol=1e-6)


@pytest.mark.parametrize("name", sorted(LOSSES))
def test_it_knows_no_weights_and_every_library(name, xp_device):
    problem = small(name)
    theta = problem.minimum()
    influence = Influence(problem.risk(xp_device), xp_device.array(theta))
    g, H = problem.example_gradients(theta), problem.hessian(theta)
    moved = np.linalg.inv(H) @ g.T
    for on, squares in (("theta", (moved**2).sum(axis=0)), ("loss", (g.T * moved).sum(axis=0))):
        found = influence.overall_effect(on)
        assert xp_device.holds(found, "float64")
        np.testing.assert_allclose(to_numpy(found), np.sqrt(squares), rtol=1e-9)
        assert np.all(squares > 0.0)  # the example of weight 0 too


def test_it_is_the_most_that_any_test_point_could_feel_of_a_point():
    """Cauchy-Schwarz: |up_loss| <= |g_test| |H^-1 g_i|, and of H the same for the other."""
    problem = small("logistic")
    theta = problem.minimum()
    influence = Influence(problem.risk(), theta)
    tests = small_tests("logistic", 6)
    g_test = problem.example_gradients(theta, *tests)
    up_loss = np.abs(influence.up_loss(*tests))
    length = np.linalg.norm(g_test, axis=1)[:, None]
    assert np.all(up_loss <= length * influence.overall_effect() * (1 + 1e-12))
    own = influence.up_loss(problem.X, problem.y) / influence.overall_effect("loss")
    np.testing.assert_array_equal(np.argmin(own, axis=1), np.arange(problem.n))


def test_what_is_relative_to_the_loss_knows_no_units_and_what_is_to_theta_does():
    units = np.array([100.0, 1.0, 1.0])
    found = []
    for scale in (np.ones(3), units):
        risk = LinearRisk(X * scale, Y, Logistic(), l2=0.1 * scale**2)
        found.append(Influence(risk, retrain(risk, np.zeros(3))))
    usual, other = found
    np.testing.assert_allclose(other.overall_effect("loss"), usual.overall_effect("loss"), 1e-8)
    assert np.max(np.abs(other.overall_effect() / usual.overall_effect() - 1.0)) > 0.1


def test_a_fitted_estimator_has_it_in_the_form_of_its_risk():
    model = LogisticRegression(C=1 / (N * 0.1), tol=1e-12, solver="newton-cholesky")
    influence = Influence.from_sklearn(model.fit(X[:, :2], Y), X[:, :2], Y)
    moved = [np.linalg.norm(influence.up_params(i)) for i in range(N)]
    np.testing.assert_allclose(influence.overall_effect(), moved, rtol=1e-9)


def test_a_point_without_a_gradient_has_none():
    risk = LinearRisk(np.vstack([X, np.zeros(3)]), np.append(Y, 1.0), Logistic(), l2=0.1)
    influence = Influence(risk, retrain(risk, np.zeros(3)))
    for on in ("theta", "loss"):
        found = influence.overall_effect(on)
        assert found[-1] == 0.0 and np.all(found[:-1] > 0.0)


def test_what_cannot_be_is_refused_in_a_sentence():
    problem = small("logistic")
    theta = problem.minimum()
    with pytest.raises(ValueError, match="on is 'losses'; the overall effect is that on 'theta'"):
        Influence(problem.risk(), theta).overall_effect("losses")
    turned = Influence(problem.risk(), theta, inverse_hvp=lambda v: -v)
    with pytest.raises(ValueError, match="the H\\^-1 that inverse_hvp gives is not positive"):
        turned.overall_effect("loss")
