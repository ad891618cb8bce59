"""The generative explorer without a front end: its rules, and how often they are wrong."""

from __future__ import annotations

import json

import numpy as np
import pytest
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression

from teachkit.scenes.generative import (
    AWAY,
    L2,
    MU,
    RULES,
    SIZES,
    begin,
    place,
    redraw,
    resize,
    weigh,
)
from teachkit.scenes.generative_drawing import AXES, draw


@pytest.fixture(params=[{}, {"n": 80, "push": 6.0}, {"n": 40, "correlation": -0.7, "seed": 4}])
def state(request):
    return weigh(begin(**request.param), 4, 0.0)  # so that the classes are not equally many


def test_lda_is_scikit_learns(state):
    X, y = state.X[state.inside], state.y[state.inside]
    theirs = LinearDiscriminantAnalysis(solver="lsqr").fit(X, y)
    found = state.rules["lda"]
    np.testing.assert_allclose(found, [*theirs.coef_[0], theirs.intercept_[0]], rtol=1e-8)


def test_naive_bayes_is_bayes_with_the_densities_written_out(state):
    X, y = state.X[state.inside], state.y[state.inside]
    plus, minus = X[y > 0], X[y < 0]
    variance = (len(plus) * plus.var(axis=0) + len(minus) * minus.var(axis=0)) / len(X)

    def log_joint(x, of):
        density = np.exp(-((x - of.mean(axis=0)) ** 2) / (2 * variance))
        return np.log(density).sum() + np.log(len(of))

    w1, w2, b = state.rules["naive"]
    for x in np.array([[0.3, -0.4], [1.0, 2.0], [-2.0, 0.5]]):
        assert w1 * x[0] + w2 * x[1] + b == pytest.approx(log_joint(x, plus) - log_joint(x, minus))


def test_the_logistic_rule_is_scikit_learns(state):
    X, y = state.X[state.inside], state.y[state.inside]
    theirs = LogisticRegression(C=1 / (len(y) * L2), tol=1e-10, max_iter=10_000).fit(X, y)
    wanted = [*theirs.coef_[0], theirs.intercept_[0]]
    np.testing.assert_allclose(state.rules["logistic"], wanted, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("push", [0.0, 3.0])
def test_expected_mistakes_are_the_share_of_many_new_points(push):
    state, many = begin(correlation=0.6, push=push), 200_000
    random = np.random.default_rng(3)
    y = random.choice([-1.0, 1.0], many)
    X = y[:, None] * MU + random.multivariate_normal([0, 0], state.sigma, many)
    X += ((y > 0) & (random.uniform(size=many) < 0.2))[:, None] * push * AWAY
    for rule, (w1, w2, b) in state.rules.items():
        wrong = np.mean(y * (w1 * X[:, 0] + w2 * X[:, 1] + b) <= 0)
        assert wrong == pytest.approx(state.expected(rule), abs=5 * 0.5 / many**0.5)


def test_what_lies_far_on_its_own_side_moves_lda_and_hardly_the_logistic_rule():
    here, there = begin(160), begin(160, push=10.0)
    assert there.expected("lda") > here.expected("lda") + 0.02
    assert there.expected("naive") > here.expected("naive") + 0.02
    assert there.expected("logistic") < here.expected("logistic") + 0.005


def test_strong_correlation_is_what_naive_bayes_cannot_see():
    state = begin(160, correlation=0.9)
    assert state.expected("naive") > state.expected("lda") + 0.05
    w1, w2, _ = begin(160, correlation=0.0).rules["naive"]
    assert np.sign(w1) == np.sign(w2) == 1


def test_a_longer_sample_begins_with_the_shorter():
    X = begin(max(SIZES), push=2.0).X
    for n in SIZES:
        np.testing.assert_array_equal(begin(n, push=2.0).X, X[:n])
    assert not np.intersect1d(redraw(begin()).X, begin().X).size


def test_what_is_changed_by_hand_stays_until_points_are_drawn_again():
    state = weigh(place(begin(), 3, 0.5, 1.5), 7, 0.0)
    assert tuple(state.X[3]) == (0.5, 1.5)
    assert not state.inside[7]
    assert draw(state).point("7").weight == 0
    assert weigh(state, 7, 1.0) == place(begin(), 3, 0.5, 1.5)
    for fresh in (redraw(state), resize(state, 40)):
        assert fresh.inside.all() and not fresh.moved


def test_what_no_gaussian_fits_is_refused_in_a_sentence():
    state = begin(10)
    for i in (0, 2, 4):
        state = weigh(state, i, 0.0)
    with pytest.raises(ValueError, match=r"Of class \+1 1 point is left"):
        weigh(state, 6, 0.0)
    state = begin(10)
    for i in range(9):
        state = place(state, i, float(i), 0.0)
    with pytest.raises(ValueError, match="parallel lines"):
        place(state, 9, 9.0, 0.0)


def test_the_scene_tells_the_numbers_and_nothing_drawn_is_out_of_sight():
    for push in (0.0, 10.0):
        state = begin(160, push=push)
        scene = draw(state)
        json.dumps(scene.as_dict(), allow_nan=False)
        assert [row[0] for row in scene.table] == ["share of mistakes", "in training", "expected"]
        assert scene.table[2][1:] == tuple(f"{state.expected(rule):.3f}" for rule in RULES)
        for point in scene.points:
            assert AXES.xlim[0] < point.x < AXES.xlim[1]
            assert AXES.ylim[0] < point.y < AXES.ylim[1]


def test_a_wrong_start_is_refused():
    with pytest.raises(ValueError, match="n is 30; the explorer has 10, 20"):
        begin(30)
    with pytest.raises(ValueError, match="correlation lies between -0.9 and 0.9; got 1"):
        begin(correlation=1)
