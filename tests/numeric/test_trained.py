"""The network that comes trained: against correlation by SciPy, and what its features give."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import correlate2d
from sklearn.linear_model import LogisticRegression

from teachkit.arrays import to_numpy
from teachkit.datasets import mnist
from teachkit.risks import AutogradRisk, four_nine_network, frozen_features

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture(scope="module")
def split():
    return mnist(positive=4, negative=9, test_size=0.3)


def convolved(h, part, units):
    """One layer by SciPy: h (rows, columns, channels), windows of 4 x 4, 3 apart, tanh."""
    W = part[:-units].reshape(4, 4, h.shape[2], units)
    maps = [
        sum(correlate2d(h[..., k], W[..., k, u], mode="valid") for k in range(h.shape[2]))[::3, ::3]
        for u in range(units)
    ]
    return np.tanh(np.stack(maps, axis=-1) + part[-units:])


def test_features_are_two_layers_by_scipy(split):
    _, theta = four_nine_network()
    for x, phi in zip(split.X_test[:3], frozen_features(split.X_test[:3]), strict=True):
        h = convolved(x[:-1].reshape(28, 28, 1), theta[:136], 8)
        h = convolved(h, theta[136:2200], 16)
        np.testing.assert_allclose(phi, [*h.ravel(), 1.0], rtol=1e-10, atol=1e-12)


def test_the_top_layer_makes_the_scores_of_the_network_and_they_are_mostly_right(split):
    net, theta = four_nine_network()
    assert net.p == theta.size == 2265
    scores = net.outputs(theta, split.X_test[:, :-1])
    np.testing.assert_allclose(frozen_features(split.X_test) @ theta[-65:], scores, rtol=1e-10)
    assert np.mean(split.y_test * scores > 0) > 0.97
    X, y = split.X_train[:, :-1], split.y_train
    risk = AutogradRisk(net.losses, X, y, theta, outputs=net.outputs, l2=1e-3)
    assert np.mean(y * net.outputs(theta, X) > 0) == 1.0
    assert np.linalg.norm(risk.gradient(theta)) < 0.05  # near a minimum, rounded as it is


def test_another_library_s_logistic_layer_on_them_is_as_good(split):
    model = LogisticRegression(C=1 / (700 * 1e-3), fit_intercept=False, max_iter=1000)
    model.fit(frozen_features(split.X_train), split.y_train)
    assert model.score(frozen_features(split.X_test), split.y_test) > 0.97


def test_features_come_back_where_the_images_came_from(split, xp_device):
    some = split.X_test[:4]
    found = frozen_features(xp_device.array(some))
    assert xp_device.holds(found, "float64") and found.shape == (4, 65)
    np.testing.assert_array_equal(to_numpy(found), frozen_features(some))
    one = frozen_features(some[1])
    np.testing.assert_allclose(one, frozen_features(some)[1], rtol=1e-10, atol=1e-12)


def test_what_are_no_such_images_is_refused_in_a_sentence(split):
    for X in (split.X_test[:, :-1], split.X_test[:, ::-1], np.ones((2, 2, 785)), np.ones(3)):
        with pytest.raises(ValueError, match="784 pixels and a last column of ones"):
            frozen_features(X)
