"""The kernel risk against closed forms, scikit-learn and itself without a row."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from sklearn.kernel_ridge import KernelRidge
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.svm import SVC

from teachkit.arrays import to_numpy
from teachkit.derivatives import hvp_test, taylor_test
from teachkit.influence import Influence
from teachkit.losses import Logistic, SmoothHinge, Square
from teachkit.optimize import minimize
from teachkit.retraining import leave_one_out, retrain, retrain_with, retrain_without
from teachkit.retraining.joint import joint_retraining
from teachkit.risks import (
    HasExampleHvp,
    HasHessianRoot,
    HasLeverages,
    KernelRisk,
    LinearRisk,
    Objective,
    Risk,
)

pytestmark = pytest.mark.filterwarnings("error")

N, GAMMA, L2 = 30, 0.7, 0.05
RNG = np.random.default_rng(0)
X = RNG.normal(size=(N, 2))
Y = np.where(X[:, 0] * X[:, 1] + 0.3 * RNG.normal(size=N) > 0, 1.0, -1.0)
TARGET = np.sin(2 * X[:, 0]) + 0.2 * RNG.normal(size=N)
WEIGHTS = RNG.uniform(0.5, 2.0, size=N)
X_TEST, Y_TEST = RNG.normal(size=(8, 2)), np.where(RNG.random(8) < 0.5, -1.0, 1.0)
THETA, V = RNG.normal(size=N), RNG.normal(size=(N, 2))
LOSSES = [Square(), Logistic(), SmoothHinge(0.3)]


def made(loss=None, y=Y, **given):
    given = {"gamma": GAMMA, "l2": L2} | given
    return KernelRisk(given.pop("X", X), y, loss or Logistic(), **given)


def minimum(risk):
    return retrain(risk, 0.0 * risk.weights)


def test_features_are_a_square_root_of_the_kernel():
    risk = made()
    K = rbf_kernel(X, gamma=GAMMA)
    F = risk.features(X)
    # With j the jitter phi(x)' phi(x_i) = k(x, x_i) - j e_i' (K + j I)^-1 k(x): what is taken off
    # is at most j where x is a training point, and at most sqrt(j) anywhere.
    np.testing.assert_allclose(F @ F.T, K, atol=1e-9)
    np.testing.assert_allclose(risk.features(X_TEST) @ F.T, rbf_kernel(X_TEST, X, GAMMA), atol=1e-5)
    np.testing.assert_allclose(F, risk.linear.X, atol=1e-9)
    np.testing.assert_allclose(risk.features(X_TEST[3]), risk.features(X_TEST)[3], atol=1e-9)
    assert risk.features(X_TEST).shape == (8, N) and risk.features(X_TEST[0]).shape == (N,)


def test_features_with_a_jitter_are_written_out():
    risk, K, k = made(jitter=0.1), rbf_kernel(X, gamma=GAMMA), rbf_kernel(X, X_TEST, GAMMA)
    L = np.linalg.cholesky(K + 0.1 * np.eye(N))
    np.testing.assert_allclose(
        risk.features(X_TEST), np.linalg.solve(L, k).T, rtol=1e-9, atol=1e-12
    )
    np.testing.assert_allclose(risk.linear.X, np.linalg.solve(L, K).T, rtol=1e-9, atol=1e-12)


def test_a_kernel_far_from_the_origin_is_the_same():
    far = KernelRisk(X + 1e6, Y, Logistic(), gamma=GAMMA)
    K = rbf_kernel(X, gamma=GAMMA)
    np.testing.assert_allclose(far.linear.X @ far.linear.X.T, K, atol=1e-8)


def test_least_squares_is_kernel_ridge_regression():
    risk = made(Square(), TARGET, weights=WEIGHTS)
    scores = risk.features(X_TEST) @ minimum(risk)
    # sum_i w_i (f - y)^2 / n + l2/2 |f|^2 is sum_i w_i (f - y)^2 + (n l2 / 2) |f|^2, over n
    reference = KernelRidge(alpha=N * L2 / 2, kernel="rbf", gamma=GAMMA)
    reference.fit(X, TARGET, sample_weight=WEIGHTS)
    np.testing.assert_allclose(scores, reference.predict(X_TEST), atol=1e-7)
    K, k = rbf_kernel(X, gamma=GAMMA), rbf_kernel(X_TEST, X, GAMMA)
    closed = k @ np.linalg.solve(K + np.diag(N * L2 / 2 / WEIGHTS), TARGET)
    np.testing.assert_allclose(scores, closed, atol=1e-7)


def test_the_penalty_is_the_squared_norm_of_f():
    """With alpha of f = sum_i alpha_i k(x_i, .) the squared norm is alpha' K alpha."""
    risk, K = made(Square(), TARGET), rbf_kernel(X, gamma=GAMMA)
    theta = minimum(risk)
    alpha = np.linalg.solve(K + N * L2 / 2 * np.eye(N), TARGET)
    assert theta @ theta == pytest.approx(alpha @ K @ alpha, rel=1e-7)


def test_the_smooth_hinge_tends_to_the_support_vector_machine():
    """Points and their mirror images with the other label: then the SVM's intercept is 0.

    hinge <= smooth hinge <= hinge + t log 2, and R is strongly convex with l2, so that
    l2/2 |f_t - f|^2 <= t log 2; |f_t(x) - f(x)| is no more than that norm, since k(x, x) = 1.
    """
    rng = np.random.default_rng(1)
    half = rng.normal(size=(20, 2))
    labels = np.where(half[:, 0] + 0.5 * rng.normal(size=20) > 0, 1.0, -1.0)
    rows, y = np.concatenate([half, -half]), np.concatenate([labels, -labels])
    svm = SVC(C=1 / (40 * L2), kernel="rbf", gamma=GAMMA, tol=1e-10).fit(rows, y)
    assert abs(svm.intercept_[0]) < 1e-7
    theta, apart = np.zeros(40), []
    for t in (1.0, 0.1, 0.01, 0.001, 0.0001):
        risk = KernelRisk(rows, y, SmoothHinge(t), gamma=GAMMA, l2=L2)
        fit = minimize(risk, theta, tol=1e-9, max_iter=500)
        assert fit.converged, fit.message
        theta = fit.x
        scores = risk.features(X_TEST) @ theta
        apart.append(np.max(np.abs(scores - svm.decision_function(X_TEST))))
        assert apart[-1] <= np.sqrt(2 * t * np.log(2) / L2) + 1e-6
    assert apart[-1] < 0.01 * apart[0]


def written_out(loss):
    """The linear risk of features made with NumPy alone."""
    L = np.linalg.cholesky(rbf_kernel(X, gamma=GAMMA) + 1e-10 * np.eye(N))
    to_features = np.linalg.inv(L)
    rows = (to_features @ rbf_kernel(X, gamma=GAMMA)).T
    return LinearRisk(rows, Y, loss, l2=L2, weights=WEIGHTS), to_features


@pytest.mark.parametrize("loss", LOSSES, ids=str)
def test_it_is_the_linear_risk_of_its_features(loss):
    risk, (linear, to_features) = made(loss, weights=WEIGHTS), written_out(loss)
    tests = (to_features @ rbf_kernel(X, X_TEST, GAMMA)).T
    H = linear.hessian(THETA)
    for found, expected in (
        (risk.value(THETA), linear.value(THETA)),
        (risk.gradient(THETA), linear.gradient(THETA)),
        (risk.value_and_gradient(THETA)[1], linear.gradient(THETA)),
        (risk.hessian(THETA), H),
        (risk.hessian_root(THETA).T @ risk.hessian_root(THETA), H),
        (risk.linearize(THETA)(V), H @ V),
        (risk.hvp(THETA, V[:, 0]), H @ V[:, 0]),
        (risk.example_losses(THETA), linear.example_losses(THETA)),
        (risk.example_gradients(THETA), linear.example_gradients(THETA)),
        (risk.example_hvp(THETA, [3, 1])(V), linear.example_hvp(THETA, [3, 1])(V)),
        (risk.loss_at(THETA, X_TEST, Y_TEST), linear.loss_at(THETA, tests, Y_TEST)),
        (risk.loss_at(THETA, X_TEST[2], 1), linear.loss_at(THETA, tests[2], 1)),
        (risk.gradient_at(THETA, X_TEST, Y_TEST), linear.gradient_at(THETA, tests, Y_TEST)),
        (risk.gradient_at(THETA, X_TEST[2], 1), linear.gradient_at(THETA, tests[2], 1)),
        (risk.gradient_at(THETA, X, Y), risk.example_gradients(THETA)),
        (
            risk.reweighted(np.arange(N)).hvp(THETA, THETA),
            linear.reweighted(np.arange(N)).hvp(THETA, THETA),
        ),
        (
            risk.leverages(THETA, lambda v: np.linalg.solve(H, v)),
            linear.leverages(THETA, lambda v: np.linalg.solve(H, v)),
        ),
    ):
        assert found.shape == expected.shape
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-7)


def test_its_derivatives_are_those_of_its_values():
    risk = made(weights=WEIGHTS)
    assert taylor_test(risk.value, risk.gradient, THETA, hessian=risk.hessian).verdict == "right"
    assert hvp_test(risk.linearize(THETA), risk.gradient, THETA).verdict == "right"


def test_it_has_the_oracles_of_a_risk():
    risk = made()
    for kind in (Risk, Objective, HasExampleHvp, HasHessianRoot, HasLeverages):
        assert isinstance(risk, kind)
    assert risk.n == risk.p == N and risk.X.shape == (N, 2)
    np.testing.assert_array_equal(risk.X, X)
    np.testing.assert_array_equal(risk.l2, np.full(N, L2))


@pytest.mark.parametrize("loss", LOSSES, ids=str)
def test_a_point_of_weight_zero_is_not_there(loss):
    """As a function, the minimum is that of a kernel risk made without the row."""
    y = TARGET if isinstance(loss, Square) else Y
    risk = made(loss, y)
    gone = retrain_without(risk, minimum(risk), [4])
    others = np.arange(N) != 4
    smaller = KernelRisk(X[others], y[others], loss, gamma=GAMMA, l2=L2 * N / (N - 1))
    np.testing.assert_allclose(
        risk.features(X_TEST) @ gone, smaller.features(X_TEST) @ minimum(smaller), atol=1e-7
    )


@pytest.mark.parametrize("loss", LOSSES, ids=str)
def test_leave_one_out_is_removal_by_weight(loss):
    risk = made(loss, TARGET if isinstance(loss, Square) else Y, weights=WEIGHTS)
    assert joint_retraining(risk) is not None
    theta = minimum(risk)
    rows = leave_one_out(risk, theta, [7, 0, 21])
    for row, i in zip(rows, (7, 0, 21), strict=True):
        w = np.where(np.arange(N) == i, 0.0, WEIGHTS)
        np.testing.assert_allclose(theta + row, retrain(risk.reweighted(w), theta), atol=1e-9)


def test_influence():
    risk = made(weights=WEIGHTS)
    theta = minimum(risk)
    influence = Influence(risk, theta)
    H, g = risk.hessian(theta), risk.example_gradients(theta)
    tests = risk.gradient_at(theta, X_TEST, Y_TEST)
    np.testing.assert_allclose(
        influence.up_loss(X_TEST, Y_TEST), -tests @ np.linalg.solve(H, g.T), rtol=1e-7, atol=1e-9
    )
    truth = leave_one_out(risk, theta)
    predicted, with_leverage = influence.removals(), influence.removals(leverage=True)
    error = np.linalg.norm(with_leverage - truth, axis=1)
    assert np.median(error / np.linalg.norm(predicted - truth, axis=1)) < 0.5
    by_products = Influence(risk, theta, inverse_hvp="conjugate_gradient")
    np.testing.assert_allclose(by_products.removals(), predicted, atol=1e-8)


def test_influence_with_leverage_is_exact_for_least_squares():
    risk = made(Square(), TARGET, weights=WEIGHTS)
    theta = minimum(risk)
    influence = Influence(risk, theta)
    np.testing.assert_allclose(
        influence.removals(leverage=True), leave_one_out(risk, theta), atol=1e-10
    )
    gone = retrain_without(risk, theta, [2, 9])
    np.testing.assert_allclose(influence.removal([2, 9], leverage=True), gone - theta, atol=1e-10)


def test_what_moves_a_training_point_says_that_features_move_with_it():
    risk = made()
    theta = minimum(risk)
    influence = Influence(risk, theta)
    for ask in (
        lambda: risk.replaced(0, X[1], 1),
        lambda: risk.input_gradient(theta, 0, theta),
        lambda: influence.perturbation(0, [0.1, 0.0]),
        lambda: influence.pert_loss(0, X_TEST[0], 1),
        lambda: retrain_with(risk, theta, 0, X[1], 1),
    ):
        with pytest.raises(
            TypeError, match=r"features of a KernelRisk.*move.*reweighting are exact"
        ):
            ask()


def test_equal_rows_are_parted_by_the_jitter():
    rows, y = np.concatenate([X, X[:3]]), np.concatenate([TARGET, TARGET[:3] + 0.1])
    risk = KernelRisk(rows, y, Square(), gamma=GAMMA, l2=L2)
    K, k = rbf_kernel(rows, gamma=GAMMA), rbf_kernel(X_TEST, rows, GAMMA)
    closed = k @ np.linalg.solve(K + (N + 3) * L2 / 2 * np.eye(N + 3), y)
    np.testing.assert_allclose(risk.features(X_TEST) @ minimum(risk), closed, atol=1e-7)
    with pytest.raises(
        ValueError, match=r"singular.*Rows of X that are equal.*Take jitter=\de-1\d"
    ):
        KernelRisk(rows, y, Square(), gamma=GAMMA, jitter=0)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_library_device_and_dtype_are_kept(xp_device, dtype):
    def there(a):
        return xp_device.array(a, dtype)

    risk = made(X=there(X), y=there(Y), weights=there(WEIGHTS), jitter=1e-2)
    reference = made(weights=WEIGHTS, jitter=1e-2)
    theta = there(THETA)
    for ask in (
        lambda r, t, X, y: r.value(t),
        lambda r, t, X, y: r.gradient(t),
        lambda r, t, X, y: r.hessian(t),
        lambda r, t, X, y: r.features(X),
        lambda r, t, X, y: r.gradient_at(t, X, y),
        lambda r, t, X, y: r.loss_at(t, X[0, :], 1),
        lambda r, t, X, y: r.leverages(t, lambda v: v),
    ):
        found = ask(risk, theta, there(X_TEST), there(Y_TEST))
        expected = ask(reference, THETA, X_TEST, Y_TEST)
        assert xp_device.holds(found, dtype)
        rtol = 1e-2 if dtype == "float32" else 1e-9
        np.testing.assert_allclose(to_numpy(found), expected, rtol=rtol, atol=rtol)


def test_float32_without_a_jitter_to_match_is_told_which():
    near = np.concatenate([X, X + 1e-3]).astype("float32")
    with pytest.raises(ValueError, match=r"float32 tells.*Take jitter=\de-0\d"):
        KernelRisk(near, np.concatenate([Y, Y]), Logistic(), gamma=GAMMA)


@pytest.mark.parametrize(
    ("given", "error", "says"),
    [
        ({"gamma": 0}, ValueError, "gamma is 0; .* all points look alike"),
        ({"gamma": -1.0}, ValueError, "gamma is -1.0"),
        ({"gamma": np.inf}, ValueError, "gamma is inf"),
        ({"gamma": "scale"}, TypeError, "gamma is a number such as 0.03; got 'scale'"),
        ({"jitter": -1e-9}, ValueError, "jitter is -1e-09"),
        ({"y": np.ones(N)}, ValueError, "only one class"),
        ({"y": Y[:-1]}, ValueError, "one target per row"),
        ({"X": X[:, 0]}, ValueError, "one row per example"),
        ({"l2": -1}, ValueError, "a penalty is >= 0"),
        ({"l2": np.ones(2)}, ValueError, "l2 has shape"),
        ({"gamma": 1e-20, "jitter": 0}, ValueError, "or a larger gamma"),
    ],
)
def test_bad_input_is_told_in_a_sentence(given, error, says):
    with pytest.raises(error, match=says):
        made(**given)


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda r: r.gradient(THETA[:2]), r"theta has shape \(2,\)"),
        (lambda r: r.features(X[:, :1]), r"X_test has shape \(30, 1\)"),
        (lambda r: r.loss_at(THETA, X, Y[:2]), "y_test has shape"),
        (lambda r: r.loss_at(THETA, X[0], Y), "beside a single X_test"),
        (lambda r: r.gradient_at(THETA, X, 3 * Y), "labels -1 and"),
        (lambda r: r.reweighted(-WEIGHTS), "a weight is >= 0"),
    ],
)
def test_bad_questions_are_told_in_a_sentence(ask, says):
    with pytest.raises(ValueError, match=says):
        ask(made())


def test_what_is_handed_in_may_change_afterwards_and_a_risk_can_be_sent():
    rows, y, w = X.copy(), Y.copy(), WEIGHTS.copy()
    risk = made(X=rows, y=y, weights=w)
    before = risk.gradient_at(THETA, X_TEST, Y_TEST)
    rows += 1
    y *= -1
    w *= 2
    np.testing.assert_array_equal(risk.gradient_at(THETA, X_TEST, Y_TEST), before)
    np.testing.assert_array_equal(risk.gradient(THETA), made(weights=WEIGHTS).gradient(THETA))
    sent = pickle.loads(pickle.dumps(risk))
    np.testing.assert_allclose(sent.gradient_at(THETA, X_TEST, Y_TEST), before, rtol=1e-12)
    assert repr(risk) == f"KernelRisk(n={N}, loss=Logistic(), gamma=0.7)"
