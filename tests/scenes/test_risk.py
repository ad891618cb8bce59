"""The risk explorer without a front end: exact expected risks, and a bound that holds."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm
from sklearn.linear_model import Ridge

from teachkit.scenes.risk import (
    DELTA,
    NEW,
    NOISE,
    PENALTIES,
    SIZES,
    VIEWS,
    begin,
    clipped,
    expected_clipped,
    features,
    fit,
    hoeffding,
    redraw,
    sample,
    truth,
)
from teachkit.scenes.risk_drawing import describe, draw, draw_beside


@pytest.mark.parametrize(("degree", "n", "l2"), [(0, 10, 0.1), (5, 50, 0.03), (15, 20, 1e-3)])
def test_the_fit_is_that_of_scikit_learn(degree, n, l2):
    found, (x, y) = fit(degree, n, l2, 3), sample(3, n)
    theirs = Ridge(alpha=n * l2 / 2, fit_intercept=False, solver="svd").fit(features(x, degree), y)
    np.testing.assert_allclose(found.theta, theirs.coef_, rtol=1e-7, atol=1e-9)
    residual = theirs.predict(features(x, degree)) - y
    assert found.training == pytest.approx(np.mean(residual**2), rel=1e-6)
    assert found.clipped_training == pytest.approx(np.mean(np.minimum(residual**2, 1)), rel=1e-6)


def test_without_a_penalty_it_is_least_squares_and_the_shortest_where_there_are_many():
    x, y = sample(3, 20)
    theirs = np.polynomial.Polynomial.fit(x, y, 4, domain=[-1, 1])
    np.testing.assert_allclose(fit(4, 20, 0.0, 3).f(x), theirs(x), rtol=1e-9, atol=1e-11)
    x, y = sample(3, 10)
    many = fit(15, 10, 0.0, 3)
    np.testing.assert_allclose(many.theta, np.linalg.pinv(features(x, 15)) @ y, rtol=1e-6)
    assert many.training < 1e-12


@pytest.mark.parametrize(("degree", "l2"), [(1, 0.0), (3, 0.1), (15, 0.01)])
def test_expected_risks_are_what_scipy_integrates(degree, l2):
    found = fit(degree, 20, l2, 1)

    def bias(x):
        return float(found.f(np.array([x]))[0] - truth(x))

    square, _ = quad(lambda x: 0.5 * bias(x) ** 2, -1, 1, limit=400, epsabs=1e-9)
    assert found.expected == pytest.approx(square + NOISE**2, rel=1e-7)

    def of_noise(x):
        d = bias(x)
        inside, _ = quad(lambda e: (d + NOISE * e) ** 2 * norm.pdf(e), *ends(d), epsabs=1e-9)
        return inside + 1 - np.diff(norm.cdf(ends(d)))[0]

    def ends(d):
        return (-1 - d) / NOISE, (1 - d) / NOISE

    x = np.linspace(-0.95, 0.95, 7)
    found_here = expected_clipped(found.f(x) - truth(x))
    np.testing.assert_allclose(found_here, [of_noise(a) for a in x], atol=1e-7)


@pytest.mark.parametrize(("degree", "n", "l2"), [(3, 50, 0.0), (15, 20, 0.01), (15, 20, 0.0)])
def test_expected_risks_are_the_means_over_many_new_examples(degree, n, l2):
    found, many = fit(degree, n, l2, 1), 200_000
    random = np.random.default_rng(5)
    x = random.uniform(-1, 1, many)
    y = truth(x) + NOISE * random.standard_normal(many)
    near = {"abs": 5 * 0.5 / many**0.5}  # a loss within [0, 1] has a deviation of 1/2 at most
    assert np.mean(clipped(found.f(x) - y)) == pytest.approx(found.clipped_expected, **near)
    if l2 or degree < 10:
        losses = (found.f(x) - y) ** 2
        error = losses.std() / many**0.5
        assert losses.mean() == pytest.approx(found.expected, abs=5 * error)


def test_the_square_of_theta_is_the_mean_of_f_squared():
    found = fit(9, 20, 0.01, 2)
    mean, _ = quad(lambda x: 0.5 * float(found.f(np.array([x]))[0]) ** 2, -1, 1, limit=200)
    assert found.theta @ found.theta == pytest.approx(mean, rel=1e-8)


@pytest.mark.parametrize("seed", range(1, 6))
def test_a_penalty_raises_the_training_risk_and_the_expected_one_falls_and_rises(seed):
    fits = [begin(seed=seed).other(l2=l2) for l2 in PENALTIES]
    training = np.array([each.training for each in fits])
    assert (np.diff(training) > -1e-12).all()
    expected = [each.expected for each in fits]
    best = int(np.argmin(expected))
    assert expected[0] > 10 * expected[best]
    assert expected[-1] > 2 * expected[best]


def test_every_degree_more_fits_the_sample_better():
    training = [begin(n=50).other(degree=degree).training for degree in range(16)]
    assert (np.diff(training) < 1e-12).all()


def test_a_longer_sample_begins_with_the_shorter_and_new_data_are_others():
    x, y = sample(1, 500)
    for n in SIZES:
        np.testing.assert_array_equal(sample(1, n), (x[:n], y[:n]))
    assert not np.intersect1d(x, sample(1, NEW, new=True)[0]).size
    state = begin()
    assert not np.intersect1d(redraw(state).fit.x, state.fit.x).size
    assert redraw(state) == replace(state, seed=state.seed + 1)


def test_hoeffdings_band_is_left_less_often_than_it_allows():
    """By a fixed f, over 400 streams: 5% are allowed, and at this risk it is far less."""
    state = begin(3, 50, view="fixed")
    inside = state.fit.clipped_expected
    left = np.zeros(NEW)
    for seed in range(400):
        x, y = sample(1000 + seed, NEW, new=True)
        means = np.cumsum(clipped(state.fit.f(x) - y)) / np.arange(1, NEW + 1)
        left += np.abs(means - inside) > hoeffding(np.arange(1, NEW + 1))
    assert left.max() / 400 <= DELTA
    assert 2 * np.exp(-2 * 7 * hoeffding(7) ** 2) == pytest.approx(DELTA)


def test_the_run_is_of_new_examples_and_its_own_are_marked():
    state = begin(view="fixed")
    x, y = sample(state.seed, NEW, new=True)
    assert state.run()[9] == pytest.approx(np.mean(clipped(state.fit.f(x) - y)[:10]))
    scene = draw_beside(state)
    assert 10 ** scene.point("own").x == pytest.approx(20)
    assert scene.point("own").y == pytest.approx(state.fit.clipped_training)
    assert scene.sentence.endswith("outside the band.")
    assert draw_beside(replace(state, degree=3)).sentence.endswith("inside the band.")


def test_the_words_and_the_table_tell_the_numbers():
    state = begin(3, 50, 0.01)
    found = state.fit
    assert f"training risk {found.training:.3f}, expected risk {found.expected:.3f}" in describe(
        state
    )
    rows = {row[0]: row[1:] for row in draw(state).table}
    assert rows["expected risk"] == (f"{found.expected:.3f}", f"{found.clipped_expected:.3f}")
    assert rows["noise alone"][0] == "0.090"


def test_what_stands_beside_marks_the_present_one():
    for view, here in (("penalty", -2.0), ("degree", 9.0)):
        state = begin(9, 50, 0.01, view=view)
        scene = draw_beside(state)
        (curve,) = (line for line in scene.lines if line.id == "expected")
        (height,) = (y for x, y in curve.pieces[0] if x == pytest.approx(here))
        assert height == pytest.approx(np.log10(state.fit.expected), abs=1e-3)
        assert scene.point("now-expected").x == pytest.approx(here)
        assert scene.point("now-expected").y == pytest.approx(height, abs=1e-3)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(("degree", "n", "l2"), [(15, 10, 0.0), (0, 500, 100.0), (15, 20, 1e-8)])
def test_scenes_are_finite_everywhere(view, degree, n, l2):
    state = begin(degree, n, l2, view=view)
    with np.errstate(all="raise"):
        for scene in (draw(state), draw_beside(state)):
            json.dumps(scene.as_dict(), allow_nan=False)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"degree": 16}, "degree is 16; the explorer has 0, 1"),
        ({"n": 30}, "n is 30; the explorer has 10, 20"),
        ({"l2": 0.02}, "l2 is 0.02"),
        ({"seed": -1}, "seed is -1"),
        ({"view": "truth"}, "penalty, degree, fixed"),
    ],
)
def test_a_wrong_start_is_refused_in_a_sentence(told, words):
    with pytest.raises(ValueError, match=words):
        begin(**told)
