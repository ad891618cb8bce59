"""What holds of a linear risk, and of a softmax risk, whatever the data."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teachkit.losses import Logistic, SmoothHinge, Square
from teachkit.risks import LinearRisk, SoftmaxRisk


@st.composite
def risks(draw):
    """A linear risk with random data, weights, penalty and loss, and a theta for it."""
    n, p = draw(st.integers(2, 12)), draw(st.integers(1, 5))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    loss = draw(st.sampled_from([Logistic(), SmoothHinge(0.2), Square()]))
    y = np.where(rng.random(n) < 0.5, -1.0, 1.0)
    y[:2] = [-1.0, 1.0]
    weights = rng.integers(0, 3, size=n).astype(float)
    weights[draw(st.integers(0, n - 1))] = 1.0
    scale = draw(st.sampled_from([1e-3, 1.0, 1e2]))
    risk = LinearRisk(scale * rng.normal(size=(n, p)), y, loss, l2=rng.random(p), weights=weights)
    return risk, rng.normal(size=p) / scale, rng


@st.composite
def softmax_risks(draw):
    """A softmax risk with random data, weights and penalty, and a theta for it."""
    n, d, K = draw(st.integers(2, 12)), draw(st.integers(1, 4)), draw(st.integers(2, 4))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    y = rng.integers(0, K, size=n)
    y[:2] = [0, 1]
    weights = rng.integers(0, 3, size=n).astype(float)
    weights[draw(st.integers(0, n - 1))] = 1.0
    scale, p = draw(st.sampled_from([1e-3, 1.0, 1e2])), d * K
    X = scale * rng.normal(size=(n, d))
    risk = SoftmaxRisk(X, y, l2=rng.random(p), weights=weights, classes=K)
    return risk, rng.normal(size=p) / scale, rng


ANY = st.one_of(risks(), softmax_risks())


@given(ANY)
def test_hessian_is_symmetric_and_no_less_than_the_penalty(drawn):
    risk, theta, _ = drawn
    H = risk.hessian(theta)
    size = np.abs(H).max()
    np.testing.assert_allclose(H, H.T, atol=1e-14 * size)
    assert np.linalg.eigvalsh(H - np.diag(risk.l2))[0] >= -1e-13 * size


@given(ANY)
def test_hvp_is_linear_symmetric_and_the_hessians(drawn):
    risk, theta, rng = drawn
    H, product = risk.hessian(theta), risk.linearize(theta)
    u, v = rng.normal(size=(2, risk.p))
    size = np.abs(H).max() * risk.p * 10
    np.testing.assert_allclose(product(u), H @ u, atol=1e-14 * size)
    np.testing.assert_allclose(product(2 * u - v), 2 * product(u) - product(v), atol=1e-14 * size)
    assert u @ product(v) == pytest.approx(v @ product(u), abs=1e-13 * size)


@given(ANY)
def test_gradient_lies_below_the_chord(drawn):
    """Convexity: R(b) >= R(a) + grad R(a) . (b - a)."""
    risk, a, rng = drawn
    b = a + rng.normal(size=risk.p)
    below = risk.value(a) + risk.gradient(a) @ (b - a)
    assert risk.value(b) >= below - 1e-12 * (abs(below) + risk.value(a))


@given(risks(), st.permutations(range(12)))
def test_the_order_of_examples_does_not_matter(drawn, order):
    risk, theta, _ = drawn
    order = [i for i in order if i < risk.n]
    shuffled = LinearRisk(
        risk.X[order], risk.y[order], risk.loss, l2=risk.l2, weights=risk.weights[order]
    )
    np.testing.assert_allclose(shuffled.gradient(theta), risk.gradient(theta), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(
        shuffled.example_losses(theta), risk.example_losses(theta)[order], rtol=1e-9, atol=1e-9
    )


@given(ANY)
def test_weights_add_up(drawn):
    """Data terms are linear in the weights; the penalty is not weighted."""
    risk, theta, rng = drawn
    u, v = rng.random((2, risk.n)) + 0.1
    penalty = risk.l2 * theta
    parts = [risk.reweighted(w).gradient(theta) - penalty for w in (u, v, u + v)]
    np.testing.assert_allclose(parts[2], parts[0] + parts[1], rtol=1e-9, atol=1e-9)


@given(risks())
def test_removal_by_weight_is_removal_of_the_row(drawn):
    risk, theta, _ = drawn
    if risk.n < 3 or not np.any(risk.weights[:-1] > 0) or len(set(risk.y[:-1])) < 2:
        return
    weights = risk.weights.copy()
    weights[-1] = 0.0
    gone = risk.reweighted(weights)
    shorter = LinearRisk(risk.X[:-1], risk.y[:-1], risk.loss, weights=risk.weights[:-1])
    data_term = gone.gradient(theta) - risk.l2 * theta
    expected = shorter.gradient(theta) * (risk.n - 1) / risk.n
    np.testing.assert_allclose(data_term, expected, rtol=1e-9, atol=1e-9)


@given(ANY)
def test_replacing_an_example_by_itself_changes_nothing(drawn):
    risk, theta, _ = drawn
    i = risk.n - 1
    same = risk.replaced(i, risk.X[i], risk.y[i])
    assert same.value(theta) == pytest.approx(risk.value(theta), rel=1e-13)
    np.testing.assert_allclose(
        same.gradient(theta), risk.gradient(theta), rtol=1e-12, atol=1e-14 * risk.value(theta)
    )


@given(risks())
def test_leverages_are_parts_of_one(drawn):
    risk, theta, _ = drawn
    H = risk.hessian(theta) + 1e-3 * np.eye(risk.p)
    h = risk.leverages(theta, lambda v: np.linalg.solve(H, v))
    assert np.all(h >= 0) and np.sum(h) <= risk.p + 1e-9 and np.all(h < 1 + 1e-9)
