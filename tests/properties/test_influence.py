"""What holds for influence whatever the data are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teachkit.influence import Influence
from teachkit.losses import Logistic, SmoothHinge, Square
from teachkit.retraining import leave_one_out, retrain, retrain_with, retrain_without
from teachkit.risks import LinearRisk

pytestmark = pytest.mark.filterwarnings("error")


@st.composite
def problems(draw, losses=(Square(), Logistic(), SmoothHinge(0.3))):
    """A linear risk with a penalty, weights of which some may be 0, and its minimum."""
    n, p = draw(st.integers(4, 12)), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    loss = draw(st.sampled_from(losses))
    X = rng.normal(size=(n, p)) * 10.0 ** rng.uniform(-1, 1, size=p)
    y = rng.choice([-1.0, 1.0], size=n)
    y[:2] = -1.0, 1.0
    if not loss.binary:
        y = y + rng.normal(size=n)
    weights = rng.uniform(0.1, 3.0, size=n) * (rng.random(n) < 0.9)
    weights[0] = 1.0
    l2 = 10.0 ** rng.uniform(-3, 1, size=p)
    risk = LinearRisk(X, y, loss, l2=l2, weights=weights)
    return risk, retrain(risk, np.zeros(p))


def close(a, b, rtol=1e-9, scale=None):
    scale = max(np.max(np.abs(b), initial=0.0), scale or 0.0, 1e-12)
    np.testing.assert_allclose(a, b, rtol=0, atol=rtol * scale)


@given(problems(losses=(Square(),)), st.data())
def test_with_the_square_loss_leverage_makes_removal_exact(problem, data):
    risk, theta = problem
    S = data.draw(st.sets(st.integers(1, risk.n - 1), max_size=risk.n - 1))
    change = retrain_without(risk, theta, S) - theta
    close(Influence(risk, theta).removal(S, leverage=True), change, scale=np.max(np.abs(theta)))


@given(problems(losses=(Square(),)))
def test_with_the_square_loss_leverage_makes_every_removal_exact(problem):
    risk, theta = problem
    rows = range(1, risk.n)  # example 0 may be the only one that counts
    truth = leave_one_out(risk, theta, rows)
    ours = Influence(risk, theta).removals(rows, leverage=True)
    close(ours, truth, scale=np.max(np.abs(theta)))


@given(problems(), st.data())
def test_reweighting_is_linear_and_the_rest_are_its_cases(problem, data):
    risk, theta = problem
    influence = Influence(risk, theta)
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    a, b = rng.normal(size=(2, risk.n))
    together = influence.reweighting(2.0 * a - 3.0 * b)
    parts = 2.0 * influence.reweighting(a) - 3.0 * influence.reweighting(b)
    size = np.max(np.abs(influence.removals(range(1, risk.n)))) + np.max(np.abs(theta))
    close(together, parts, scale=size)
    i = data.draw(st.integers(1, risk.n - 1))
    one = np.zeros(risk.n)
    one[i] = 1.0
    close(influence.reweighting(one), influence.up_params(i) / risk.n, scale=size)
    close(influence.removal(i), influence.reweighting(-risk.weights[i] * one), scale=size)
    S = range(1, risk.n)
    close(influence.removal(S), np.sum(influence.removals(S), axis=0), scale=risk.n * size)


@given(problems())
def test_influence_on_oneself_is_never_positive(problem):
    risk, theta = problem
    influence = Influence(risk, theta)
    own = influence.self_influence()
    assert np.all(own <= 0.0)
    matrix = influence.up_loss(risk.X, risk.y)
    close(np.diag(matrix), own, scale=np.max(np.abs(matrix)))
    close(matrix, matrix.T, scale=np.max(np.abs(matrix)))


@given(problems())
def test_the_influences_sum_to_what_the_penalty_holds_back(problem):
    # grad R = 0, so the weighted gradients sum to -n l2 theta: the influences sum to
    # n H^-1 l2 theta, and to 0 only without a penalty.
    risk, theta = problem
    influence = Influence(risk, theta)
    total = sum(w * influence.up_params(i) for i, w in enumerate(risk.weights))
    H = risk.hessian(theta)
    expected = risk.n * np.linalg.solve(H, risk.l2 * theta)
    parts = [np.linalg.norm(w * influence.up_params(i)) for i, w in enumerate(risk.weights)]
    close(total, expected, scale=max(parts))
    x, y = risk.X[0], risk.y[0]
    on_loss = risk.weights @ influence.up_loss(x, y)
    g_test = risk.gradient_at(theta, x[None], y[None])[0]
    close(on_loss, g_test @ expected, scale=max(parts) * np.linalg.norm(g_test))


@given(problems())
def test_leverages_lie_between_0_and_1_and_their_sum_is_the_degrees_of_freedom(problem):
    risk, theta = problem
    H = risk.hessian(theta)
    h = risk.leverages(theta, Influence(risk, theta).solve)
    assert np.all(h >= 0.0)
    assert np.all(h < 1.0)
    close(np.sum(h), np.trace(np.linalg.solve(H, H - np.diag(risk.l2))), scale=risk.p)


@given(problems(), st.data())
def test_perturbation_by_nothing_is_nothing_and_pert_loss_is_its_slope(problem, data):
    risk, theta = problem
    influence = Influence(risk, theta)
    i = data.draw(st.integers(0, risk.n - 1))
    np.testing.assert_array_equal(influence.perturbation(i, np.zeros(risk.p)), np.zeros(risk.p))
    x, y = risk.X[1], risk.y[1]
    g_test = risk.gradient_at(theta, x[None], y[None])[0]
    r, delta = 1e-5, np.ones(risk.p)
    central = influence.perturbation(i, r * delta) - influence.perturbation(i, -r * delta)
    slope = g_test @ central / (2 * r)
    ours = risk.weights[i] * influence.pert_loss(i, x, y) @ delta / risk.n
    close(ours, slope, rtol=1e-5, scale=np.linalg.norm(g_test) * np.linalg.norm(central) / (2 * r))


@given(problems())
def test_replacing_an_example_by_itself_and_removing_none_is_retraining(problem):
    risk, theta = problem
    same = retrain(risk, theta)
    close(retrain_with(risk, theta, 1, risk.X[1], risk.y[1]), same, rtol=1e-8)
    close(retrain_without(risk, theta, []), same, rtol=1e-8)
    close(same, theta, rtol=1e-8)
