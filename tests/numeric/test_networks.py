"""The small networks: against loops, SciPy and scikit-learn; their gradients; what they learn."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import scipy.signal
from scipy.special import log_softmax
from sklearn.datasets import load_digits

from teachkit.derivatives import hvp_test, taylor_test
from teachkit.losses import Logistic
from teachkit.optimize import LBFGS, Wolfe, minimize
from teachkit.risks import (
    AutogradRisk,
    LinearRisk,
    SoftmaxRisk,
    _rowwise,
    convolutional,
    multilayer,
)

pytestmark = pytest.mark.filterwarnings("error")

RNG = np.random.default_rng(0)
IMAGES = RNG.normal(size=(12, 6 * 5))
NETS = {
    "one layer, one score": (multilayer((30, 1)), 31),
    "one layer": (multilayer((30, 3)), 93),
    "two layers, one score": (multilayer((30, 4, 1)), 129),
    "three layers": (multilayer([30, 4, 3, 3], "softplus"), 124 + 15 + 12),
    "convolutions": (convolutional((6, 5), (2, 3), 3, kernel=2), 10 + 27 + 12),
    "overlapping": (convolutional((6, 5), (2,), 1, stride=1, activation="softplus"), 20 + 25),
}
MANY = [name for name, (net, _) in NETS.items() if net.layers[-1].units == 3]


def made(name, **given):
    net = NETS[name][0]
    y = np.arange(12) % 3 if name in MANY else np.where(np.arange(12) % 3, 1, -1)
    theta = net.initial(3) + 0.1 * np.random.default_rng(1).normal(size=net.p)
    risk = AutogradRisk(net.losses, IMAGES, y, theta, outputs=net.outputs, l2=0.1, **given)
    return net, risk, theta


@pytest.mark.parametrize("name", NETS)
def test_shapes(name):
    net, p = NETS[name]
    theta = net.initial(0)
    assert net.p == p and theta.shape == (p,)
    scores = net.outputs(theta, IMAGES)
    assert scores.shape == ((12, 3) if name in MANY else (12,))
    assert net.outputs(theta, IMAGES[:1]).shape == ((1, 3) if name in MANY else (1,))
    features = net.features(theta, IMAGES)
    last = net.layers[-1]
    W = theta[-last.p : -last.units].reshape(last.inputs, last.units)
    linear = features @ W + theta[-last.units :]
    np.testing.assert_allclose(linear.reshape(scores.shape), scores, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", NETS)
def test_derivatives_are_those_of_the_values(name):
    net, risk, theta = made(name)
    assert taylor_test(risk.value, risk.gradient, theta).verdict == "right"
    assert hvp_test(risk.linearize(theta), risk.gradient, theta).verdict == "right"
    s = np.random.default_rng(2).normal(size=net.p)
    mixed = taylor_test(
        lambda x: risk.gradient_at(theta, x, risk.y[1]) @ s,
        lambda x: risk.input_gradient(theta, 1, s),
        risk.X[1],
    )
    assert mixed.verdict == "right"


@pytest.mark.parametrize("name", NETS)
def test_gradients_of_single_examples_come_of_one_pass(name, monkeypatch):
    net, risk, theta = made(name)
    one_by_one = [
        AutogradRisk(
            net.losses, risk.X[i : i + 1], risk.y[i : i + 1], theta, outputs=net.outputs
        ).gradient(theta)
        for i in range(12)
    ]
    monkeypatch.delattr(_rowwise.Rowwise, "_pulled_by_row")  # the loop
    np.testing.assert_allclose(risk.example_gradients(theta), one_by_one, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("name", NETS)
def test_gauss_newton_is_positive_semidefinite_and_for_one_layer_H(name):
    _, risk, theta = made(name)
    G = risk.linearize_gauss_newton(theta)(np.eye(risk.p))
    assert np.linalg.eigvalsh(G)[0] > 0.1 - 1e-12
    if name.startswith("one layer"):
        np.testing.assert_allclose(G, risk.hessian(theta), atol=1e-13)
    else:
        assert np.max(np.abs(G - risk.hessian(theta))) > 1e-3


@pytest.mark.parametrize(("stride", "kernel"), [(1, 3), (2, 3), (2, 2), (3, 1)])
def test_a_convolution_is_scipys_correlation(stride, kernel):
    layer = convolutional((6, 5), (2, 3), 4, kernel=kernel, stride=1).layers[1]
    first = convolutional((7, 8), (2,), 4, kernel=kernel, stride=stride).layers[0]
    for conv in (layer, first):
        rng = np.random.default_rng(4)
        part = rng.normal(size=conv.p)
        h = rng.normal(size=(3, conv.height, conv.width, conv.channels))
        W = part[: -conv.units].reshape(kernel, kernel, conv.channels, conv.units)
        found = conv(part, h.reshape(3, -1)).reshape(3, conv.frame.rows, conv.frame.columns, -1)
        for m in range(3):
            for u in range(conv.units):
                full = sum(
                    scipy.signal.correlate(h[m, :, :, k], W[:, :, k, u], mode="valid")
                    for k in range(conv.channels)
                )
                expected = full[:: conv.stride, :: conv.stride] + part[-conv.units :][u]
                np.testing.assert_allclose(found[m, :, :, u], expected, atol=1e-13)


def test_a_multilayer_network_is_written_out():
    net = multilayer((30, 4, 3, 3), "softplus")
    theta = net.initial(5)
    parts = np.split(theta, np.cumsum([120, 4, 12, 3, 9]))
    h = np.logaddexp(0, IMAGES @ parts[0].reshape(30, 4) + parts[1])
    h = np.logaddexp(0, h @ parts[2].reshape(4, 3) + parts[3])
    scores = h @ parts[4].reshape(3, 3) + parts[5]
    np.testing.assert_allclose(net.outputs(theta, IMAGES), scores, rtol=1e-12)
    y = np.arange(12) % 3
    expected = -log_softmax(scores, axis=1)[np.arange(12), y]
    np.testing.assert_allclose(net.losses(scores, y), expected, rtol=1e-12)
    np.testing.assert_allclose(net.losses(scores + 1e4, y), expected, rtol=1e-8)


QUESTIONS = (
    lambda r, t, s: r.value(t),
    lambda r, t, s: r.gradient(t),
    lambda r, t, s: r.hessian(t),
    lambda r, t, s: r.hvp(t, s),
    lambda r, t, s: r.example_losses(t),
    lambda r, t, s: r.example_gradients(t),
    lambda r, t, s: r.example_hvp(t, [1, 4])(s),
    lambda r, t, s: r.gradient_at(t, r.X[4:6], r.y[:2]),
    lambda r, t, s: r.reweighted(np.arange(12.0)).gradient(t),
    lambda r, t, s: r.replaced(2, r.X[3], r.y[4]).gradient(t),
)


@pytest.mark.parametrize("units", [1, 3])
def test_without_a_hidden_layer_it_is_the_linear_or_the_softmax_risk(units):
    """Weights row by row and then the biases: W with a last row, that of the column of ones."""
    net = multilayer((30, units))
    y = np.arange(12) % 3 if units == 3 else np.where(np.arange(12) % 3, 1.0, -1.0)
    given = {"l2": 0.1, "weights": RNG.uniform(0.5, 2.0, size=12)}
    theta = np.random.default_rng(6).normal(size=net.p)
    s = np.random.default_rng(7).normal(size=net.p)
    ours = AutogradRisk(net.losses, IMAGES, y, theta, outputs=net.outputs, **given)
    ones = np.column_stack([IMAGES, np.ones(12)])
    closed = (
        LinearRisk(ones, y, Logistic(), **given)
        if units == 1
        else SoftmaxRisk(ones, y.astype(int), **given)
    )
    for ask in QUESTIONS:
        found, expected = ask(ours, theta, s), ask(closed, theta, s)
        np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)
    mixed = closed.input_gradient(theta, 3, s)[:-1]
    np.testing.assert_allclose(ours.input_gradient(theta, 3, s), mixed, rtol=1e-10, atol=1e-12)


def test_a_start_depends_on_the_seed_alone():
    for net, _ in NETS.values():
        np.testing.assert_array_equal(net.initial(1), net.initial(1))
        assert np.any(net.initial(1) != net.initial(2))
    wide = multilayer((400, 300, 2))
    W = wide.initial(0)[: 400 * 300]
    assert np.std(W) == pytest.approx(1 / 20, rel=0.02)  # 1 / sqrt(inputs)
    assert not np.any(wide.initial(0)[400 * 300 : 401 * 300])


@pytest.mark.parametrize(
    ("net", "reached"),
    [(multilayer((64, 16, 10)), 0.88), (convolutional((8, 8), (8, 16), 10), 0.88)],
)
def test_they_learn_digits(net, reached):
    X, y = load_digits(return_X_y=True)
    X = X / 16
    risk = AutogradRisk(net.losses, X[:900], y[:900], net.initial(0), outputs=net.outputs, l2=1e-3)
    fit = minimize(risk, net.initial(0), LBFGS(), Wolfe(), tol=1e-3, max_iter=60)
    assert np.mean(np.argmax(net.outputs(fit.x, X[:900]), axis=1) == y[:900]) > 0.97
    assert np.mean(np.argmax(net.outputs(fit.x, X[900:]), axis=1) == y[900:]) > reached


def test_a_network_can_be_sent_to_another_process():
    for name in NETS:
        net, risk, theta = made(name)
        sent = pickle.loads(pickle.dumps(risk))
        np.testing.assert_allclose(sent.gradient(theta), risk.gradient(theta), rtol=1e-12)
        assert pickle.loads(pickle.dumps(net)) == net


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: multilayer((3,)), ValueError, "sizes has 1 entries"),
        (lambda: multilayer((3, 0, 1)), ValueError, r"sizes\[1\] is 0"),
        (lambda: multilayer((3, 2.5, 1)), TypeError, r"sizes\[1\] is a whole number; got 2.5"),
        (lambda: multilayer((3, 1), "relu"), ValueError, "'relu'.*has a kink.*softplus"),
        (lambda: multilayer((3, 1), "sine"), ValueError, "'sine'; it can be 'tanh' or 'softplus'"),
        (lambda: convolutional((8, 8), (4, 4, 4), 2), ValueError, "Layer 2 .* images of 1 x 1"),
        (lambda: convolutional((8, 8), (0,), 2), ValueError, r"channels\[0\] is 0"),
        (lambda: convolutional((8, 8), (4,), 2, stride=0), ValueError, "stride is 0"),
        (lambda: convolutional((8, -8), (4,), 2), ValueError, r"image\[1\] is -8"),
        (lambda: multilayer((30, 2)).initial(-1), ValueError, "seed is -1"),
        (
            lambda: multilayer((30, 2)).outputs(np.ones(3), IMAGES),
            ValueError,
            r"theta has shape \(3,\); this network has \(62,\)",
        ),
        (
            lambda: multilayer((10, 2)).outputs(np.ones(22), IMAGES),
            ValueError,
            r"rows of 10 numbers",
        ),
        (
            lambda: multilayer((30, 2)).losses(np.ones((3, 2)), np.array([0.0, 1.0, 2.0])),
            ValueError,
            "y holds 2, and this network has classes 0 to 1",
        ),
        (
            lambda: multilayer((30, 1)).losses(np.ones(3), np.array([0.0, 1.0, 1.0])),
            ValueError,
            "y holds 0, and this network has labels -1 and",
        ),
    ],
)
def test_bad_input_is_told_in_a_sentence(make, error, says):
    with pytest.raises(error, match=says):
        make()
