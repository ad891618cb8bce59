"""All leave-one-out retrainings of softmax regression against single ones and scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

from teachkit.arrays import to_numpy
from teachkit.influence import Influence
from teachkit.losses import Logistic
from teachkit.retraining import leave_one_out, retrain, retrain_without, softmax, together
from teachkit.retraining import one_by_one as alone
from teachkit.risks import LinearRisk, SoftmaxRisk
from teachkit.validation import agreement

pytestmark = pytest.mark.filterwarnings("error")

N, D, K = 30, 3, 3
RNG = np.random.default_rng(0)
X = np.c_[RNG.normal(size=(N, D - 1)), np.ones(N)]
Y = np.argmax(X @ RNG.normal(size=(D, K)) + RNG.normal(size=(N, K)), axis=1)
WEIGHTS = RNG.uniform(0.3, 2.0, size=N)
WEIGHTS[3] = 0.0
STRENGTHS = pytest.mark.parametrize("l2", [1.0, 1e-2, 1e-5])


def toy(l2, place=None, dtype="float64"):
    put = np.asarray if place is None else place.array
    y = Y if place is None else place.array(Y, "int64")
    return SoftmaxRisk(put(X, dtype), y, l2=l2, weights=put(WEIGHTS, dtype))


def close(ours, reference, rtol=1e-10):
    scale = np.max(np.abs(reference))
    np.testing.assert_allclose(to_numpy(ours), reference, rtol=rtol, atol=rtol * scale)


def one_by_one(risk, theta, indices=range(N)):
    return np.array([retrain_without(risk, theta, i) - theta for i in indices])


@pytest.fixture
def together_alone(monkeypatch):
    """leave_one_out, where no row is left to Newton's method."""

    def refit(*args):
        raise AssertionError("A row was left to Newton's method.")

    def ask(*args):
        with monkeypatch.context() as patch:
            patch.setattr(alone, "refit", refit)
            return leave_one_out(*args)

    return ask


@STRENGTHS
def test_every_row_is_a_retraining(l2, xp_device):
    risk = toy(l2)
    theta = retrain(risk, np.zeros(risk.p))
    ours = leave_one_out(toy(l2, xp_device), xp_device.array(theta))
    assert xp_device.holds(ours, "float64")
    close(ours, one_by_one(risk, theta), 1e-8)
    np.testing.assert_allclose(to_numpy(ours)[3], 0.0, atol=1e-11 * np.max(np.abs(theta)))


@pytest.mark.parametrize("l2", [1.0, 1e-2])
def test_every_row_is_scikit_learns(l2):
    risk = toy(l2)
    theta = retrain(risk, np.zeros(risk.p))
    model = LogisticRegression(C=1 / (N * l2), fit_intercept=False, solver="newton-cg", tol=1e-12)
    refits = []
    for i in range(N):
        w = WEIGHTS.copy()
        w[i] = 0.0
        refits.append(model.fit(X, Y, sample_weight=w).coef_.T.reshape(-1))
    close(theta + leave_one_out(risk, theta), np.array(refits), 1e-8)


@pytest.mark.parametrize("l2", [0.0, np.repeat([0.1, 0.1, 0.0], K)], ids=["none", "intercept"])
def test_without_a_penalty_every_row_is_scikit_learns_but_for_the_shift(l2):
    risk = toy(l2).centred()
    theta = retrain(risk, np.zeros(risk.p))
    rows = (theta + leave_one_out(risk, theta)).reshape(N, D, K)
    C = np.inf if np.isscalar(l2) else 1 / (N * 0.1)
    model = LogisticRegression(C=C, solver="newton-cg", tol=1e-13)
    for i in range(N):
        w = WEIGHTS.copy()
        w[i] = 0.0
        model.fit(X[:, :-1], Y, sample_weight=w)
        W = np.vstack([model.coef_.T, model.intercept_])
        close(rows[i], W - W.mean(axis=1, keepdims=True), 1e-6)


def digits(n):
    """n of the digits from all over the file, with a column of ones: 10 classes, p = 650."""
    data = load_digits()
    chosen = np.linspace(0, 1796, n).astype(int)
    return np.c_[data.data[chosen] / 16, np.ones(n)], data.target[chosen]


@pytest.mark.parametrize("l2", [1e-1, 1e-3])
def test_twenty_of_the_digits_are_retrained_exactly(l2, together_alone):
    risk = SoftmaxRisk(*digits(300), l2=l2)
    theta = retrain(risk, np.zeros(risk.p))
    chosen = list(range(0, 300, 15))
    rows = together_alone(risk, theta, chosen)
    for row, i in zip(rows[::4], chosen[::4], strict=True):
        close(row, retrain_without(risk, theta, i) - theta, 1e-8)
    share = np.linalg.norm(risk.example_gradients(theta), axis=1) / risk.n
    for row, i in zip(rows, chosen, strict=True):
        w = np.ones(risk.n)
        w[i] = 0.0
        left = np.linalg.norm(risk.reweighted(w).gradient(theta + row))
        assert left <= 1e-10 * share[i] + 1e-15


def test_the_prediction_with_own_curvature_is_nearly_the_truth_on_digits():
    X, y = digits(400)
    risk = SoftmaxRisk(X[:300], y[:300], l2=1e-2)
    theta = retrain(risk, np.zeros(risk.p))
    chosen = list(range(0, 300, 15))
    truth = np.array(
        [
            np.mean(risk.loss_at(theta + row, X[300:], y[300:])) - np.mean(before)
            for before in [risk.loss_at(theta, X[300:], y[300:])]
            for row in leave_one_out(risk, theta, chosen)
        ]
    )
    influence = Influence(risk, theta)
    predicted = np.mean(influence.leave_one_out_loss(X[300:], y[300:]), axis=0)[chosen]
    r, _, slope, _ = agreement(predicted, truth)
    assert r > 0.97 and 0.9 < slope < 1.6


@pytest.mark.parametrize("points", [1, 7, 1000])
@pytest.mark.parametrize("by", ["cache", "memory"])
def test_the_size_of_tiles_does_not_show(points, by, monkeypatch):
    risk = toy(1e-2)
    theta = retrain(risk, np.zeros(risk.p))
    whole = leave_one_out(risk, theta)
    if by == "cache":
        monkeypatch.setattr(softmax, "COLUMNS", points * K)
    else:
        of_a_point = 8 * softmax.SoftmaxLeaveOneOut(risk, theta, 1e-10).numbers()
        monkeypatch.setenv("TEACHKIT_MEMORY", str(points * of_a_point))
    np.testing.assert_allclose(leave_one_out(risk, theta), whole, rtol=1e-10, atol=1e-13)


def test_rows_that_do_not_converge_together_are_finished_by_newton(monkeypatch):
    risk = toy(1e-2)
    theta = retrain(risk, np.zeros(risk.p))
    at_once = leave_one_out(risk, theta)
    monkeypatch.setattr(together, "MAX_ROUNDS", 1)
    np.testing.assert_allclose(leave_one_out(risk, theta), at_once, rtol=1e-9, atol=1e-12)


def test_two_classes_are_logistic_regression_of_the_difference(together_alone):
    y = (Y > 0).astype(int)
    two = SoftmaxRisk(X, y, l2=0.2, weights=WEIGHTS)
    one = LinearRisk(X, 2 * y - 1, Logistic(), l2=0.1, weights=WEIGHTS)
    W, theta = retrain(two, np.zeros(2 * D)), retrain(one, np.zeros(D))
    rows = together_alone(two, W).reshape(N, D, 2)
    close(rows[:, :, 1] - rows[:, :, 0], together_alone(one, theta))


def test_a_point_of_tiny_gradient_keeps_its_digits():
    """So small a change is linear: the dense formula is exact, up to the gradient left at theta."""
    theta = retrain(SoftmaxRisk(X, Y, l2=1e-2), np.zeros(D * K))
    W, far = theta.reshape(D, K), X.copy()
    away = W[:2, Y[5]] - W[:2].mean(axis=1)
    far[5, :2] = away / np.linalg.norm(away) * 20
    risk = SoftmaxRisk(far, Y, l2=1e-2)
    theta = retrain(risk, theta)
    g = risk.example_gradients(theta)[5]
    assert 1e-14 < np.linalg.norm(g) < 1e-6
    H, left = risk.hessian(theta), risk.gradient(theta)
    own = risk.example_hvp(theta, 5)(np.eye(risk.p)) / N
    expected = np.linalg.solve(H - own, g / N - left)
    np.testing.assert_allclose(
        leave_one_out(risk, theta, 5)[0], expected, atol=1e-5 * np.linalg.norm(expected)
    )


@pytest.mark.parametrize("away", [1e-6, 1e-2, 3.0])
def test_the_rows_lead_to_the_minimum_even_from_a_theta_that_is_not_one(away):
    risk = toy(1e-2)
    theta = retrain(risk, np.zeros(risk.p))
    far = theta + away * np.cos(np.arange(risk.p))
    close(far + leave_one_out(risk, far), theta + leave_one_out(risk, theta), 1e-9)


def test_removing_the_only_example_of_a_class():
    y = np.where(np.arange(N) == 6, 2, Y % 2)
    risk = SoftmaxRisk(X, y, l2=1e-3)
    theta = retrain(risk, np.zeros(risk.p))
    close(leave_one_out(risk, theta, [6, 7]), one_by_one(risk, theta, [6, 7]), 1e-8)


def test_without_its_only_example_a_class_has_no_minimum_unless_penalised():
    amid = int(np.argmin(np.linalg.norm(X - X.mean(axis=0), axis=1)))
    risk = SoftmaxRisk(X, np.where(np.arange(N) == amid, 2, np.arange(N) % 2)).centred()
    theta = retrain(risk, np.zeros(risk.p))
    with pytest.warns(RuntimeWarning, match=f"the points {amid}:"):
        rows = leave_one_out(risk, theta, [amid, amid + 1])
    assert np.all(np.isnan(rows[0])) and np.all(np.isfinite(rows[1]))


def test_float32_stays_float32(xp_device):
    risk = toy(0.1)
    theta = retrain(risk, np.zeros(risk.p))
    ours = leave_one_out(toy(0.1, xp_device, "float32"), xp_device.array(theta, "float32"))
    assert xp_device.holds(ours, "float32")
    close(ours, one_by_one(risk, theta), 1e-3)


def test_order_progress_and_what_is_refused(capsys):
    risk = toy(1e-2)
    theta = retrain(risk, np.zeros(risk.p))
    all_rows = leave_one_out(risk, theta, progress=True)
    assert f"{N}/{N}" in capsys.readouterr().err
    np.testing.assert_allclose(leave_one_out(risk, theta, [7, 0]), all_rows[[7, 0]], rtol=1e-9)
    assert leave_one_out(risk, theta, []).shape == (0, risk.p)
    with pytest.raises(ValueError, match="no unique minimum.*centred"):
        leave_one_out(toy(0.0), theta)
