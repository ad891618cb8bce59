"""The rescaled influence function of a group, beside the plain one, its Newton step and the truth.

The data are people with diabetes: ten measurements, their squares and products, and whether the
disease went on fast. With the column of ones there are half as many parameters as people.
"""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_diabetes
from sklearn.preprocessing import PolynomialFeatures, StandardScaler, scale

from teachkit import Influence, Logistic, SoftmaxRisk, Square, retrain, retrain_without
from teachkit.risks import LinearRisk

pytestmark = pytest.mark.filterwarnings("error")

N, P, K = 132, 66, 5
DATA = load_diabetes()
PRODUCTS = PolynomialFeatures(2, include_bias=False).fit_transform(scale(DATA.data))
X = np.c_[StandardScaler().fit_transform(PRODUCTS), np.ones(len(PRODUCTS))][N : 2 * N]
PROGRESS = DATA.target[N : 2 * N]
FAST = np.where(PROGRESS > 140.0, 1.0, -1.0)
WEIGHTS = np.random.default_rng(0).uniform(0.5, 2.0, size=N)
L2 = np.append(np.full(P - 1, 0.01), 0.0)
GROUPS = [np.random.default_rng(k).choice(N, K, replace=False) for k in range(10)]


def fitted(loss, y, weights=None):
    risk = LinearRisk(X, y, loss, l2=L2, weights=weights)
    return Influence(risk, retrain(risk, np.zeros(P)))


LOGISTIC = fitted(Logistic(), FAST)


def apart(influence, predicted, S):
    """How far the scores are from those of the retrained model, as a part of what they change."""
    truth = retrain_without(influence.risk, influence.theta, S) - influence.theta
    return np.linalg.norm(X @ (predicted - truth)) / np.linalg.norm(X @ truth)


@pytest.mark.parametrize("loss", [Logistic(), Square()], ids=str)
def test_it_is_written_out(loss):
    """sum_S w_i (nH - w_i c_i x_i x_i')^-1 g_i, each inverse made anew."""
    influence = fitted(loss, FAST, WEIGHTS)
    theta, S = influence.theta, GROUPS[0]
    scores = X @ theta
    g = loss.slope(scores, FAST)[:, None] * X
    c = loss.curvature(scores, FAST)
    nH = (WEIGHTS * c * X.T) @ X + N * np.diag(L2)
    steps = [
        np.linalg.solve(nH - WEIGHTS[i] * c[i] * np.outer(X[i], X[i]), WEIGHTS[i] * g[i]) for i in S
    ]
    found, size = influence.rescaled_removal(S), np.max(np.abs(steps))
    np.testing.assert_allclose(found, np.sum(steps, axis=0), atol=1e-8 * size)


def test_of_one_point_it_is_the_newton_step():
    for i in (0, 40, 131):
        step = LOGISTIC.removal(i, leverage=True)
        size = np.max(np.abs(step))
        np.testing.assert_allclose(LOGISTIC.rescaled_removal(i), step, atol=1e-8 * size)
        np.testing.assert_allclose(LOGISTIC.rescaled_removal([i]), step, atol=1e-8 * size)


def test_it_is_additive_where_the_newton_step_is_not():
    first, second = GROUPS[1][:2], GROUPS[1][2:]
    parts = LOGISTIC.rescaled_removal(first) + LOGISTIC.rescaled_removal(second)
    whole = LOGISTIC.rescaled_removal(GROUPS[1])
    np.testing.assert_allclose(parts, whole, atol=1e-9 * np.max(np.abs(whole)))
    steps = [LOGISTIC.removal(S, leverage=True) for S in (first, second, GROUPS[1])]
    assert np.linalg.norm(steps[0] + steps[1] - steps[2]) > 0.01 * np.linalg.norm(steps[2])


def test_the_test_loss_adds_up_to_its_slope_along_it():
    x, y = X[3], FAST[3]
    slope = LOGISTIC.risk.gradient_at(LOGISTIC.theta, x, y)
    by_point = LOGISTIC.leave_one_out_loss(x, y, leverage=True)[GROUPS[2]]
    along = slope @ LOGISTIC.rescaled_removal(GROUPS[2])
    assert np.sum(by_point) == pytest.approx(along, abs=1e-9 * np.sum(np.abs(by_point)))


def test_for_the_square_loss_the_groups_step_is_exact_and_the_sum_is_not():
    influence = fitted(Square(), PROGRESS / 100.0)
    for S in GROUPS[:3]:
        assert apart(influence, influence.removal(S, leverage=True), S) < 1e-6
        plain, rescaled = influence.removal(S), influence.rescaled_removal(S)
        assert 0.01 < apart(influence, rescaled, S) < apart(influence, plain, S)


def test_with_half_as_many_parameters_as_people_it_is_nearer_to_the_truth():
    assert X.shape == (N, P) and 2 * P == N
    plain = [apart(LOGISTIC, LOGISTIC.removal(S), S) for S in GROUPS]
    rescaled = [apart(LOGISTIC, LOGISTIC.rescaled_removal(S), S) for S in GROUPS]
    assert np.median(plain) > 0.4
    assert np.median(rescaled) < 0.6 * np.median(plain)
    assert np.sum(np.less(rescaled, plain)) >= 8


def test_nothing_everything_and_a_risk_without_leverages():
    np.testing.assert_array_equal(LOGISTIC.rescaled_removal([]), np.zeros(P))
    with pytest.raises(ValueError, match="leaves none of positive weight"):
        LOGISTIC.rescaled_removal(range(N))
    risk = SoftmaxRisk(X[:, :3], (FAST > 0).astype(int), l2=0.1)
    softmax = Influence(risk, retrain(risk, np.zeros(6)))
    with pytest.raises(ValueError, match=r"no leverages. Take removal\(i, leverage=True\)"):
        softmax.rescaled_removal([0, 1])
