"""The mismatch explorer's state and scenes, beside scikit-learn and arithmetic by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from teachkit.scenes import mismatch
from teachkit.scenes.mismatch_drawing import describe, draw, draw_chance


@pytest.fixture(scope="module")
def start() -> mismatch.MismatchState:
    return mismatch.begin()


def fitted(X: np.ndarray, y: np.ndarray, penalty: float, weights: np.ndarray | None = None):
    """Another library's minimum of sum_i w_i L_i + penalty/2 |theta|^2."""
    model = LogisticRegression(
        C=1 / penalty, fit_intercept=False, tol=1e-12, solver="newton-cg", max_iter=1000
    )
    return model.fit(X, y, sample_weight=weights).coef_[0]


def kept(state):
    people = state.patients
    return people.X[: people.n], people.y[: people.n]


def test_four_children_are_left_and_the_test_children_on_offer_are_wrong_and_right(start) -> None:
    people, (X, y) = start.patients, kept(start)
    np.testing.assert_array_equal(np.flatnonzero(X[:, people.child]), range(4))
    np.testing.assert_array_equal(y[:4], [1, 1, 1, -1])
    assert (people.X[people.n :, people.child] == 1).all()
    assert len(people.X) - people.n == 20
    scores = people.X_test[list(people.offered)] @ fitted(X, y, 1e-3 * len(y))
    assert (scores > 0).tolist() == [True] * mismatch.WRONG + [False] * mismatch.RIGHT
    assert len(set(people.offered)) == mismatch.WRONG + mismatch.RIGHT


def test_influences_are_minus_the_quadratic_form_at_another_library_s_minimum(start) -> None:
    for state in (start, replace(start, l2=1e-2, test=3)):
        X, y = kept(state)
        theta = fitted(X, y, state.l2 * len(y))
        s = 1 / (1 + np.exp(y * (X @ theta)))
        H = (X.T * (s * (1 - s))) @ X / len(y) + state.l2 * np.eye(X.shape[1])
        x = state.x_test
        slope = x / (1 + np.exp(-(x @ theta)))  # of log(1 + exp(x' theta)), the child is healthy
        by_hand = slope @ np.linalg.solve(H, (-y * s)[:, None].T * X.T)
        np.testing.assert_allclose(state.influences, by_hand, rtol=1e-3, atol=1e-2)
        assert [*state.strongest] == sorted(range(len(y)), key=lambda i: -abs(state.influences[i]))
        assert state.probability == pytest.approx(1 / (1 + np.exp(-(x @ theta))), abs=1e-5)


def test_truths_are_those_of_fits_to_the_others(start) -> None:
    X, y = kept(start)
    x, weights = start.x_test, np.ones(len(y))
    full = np.logaddexp(0, x @ fitted(X, y, 1e-3 * len(y)))
    for i in (start.shown[0], start.shown[-1], start.shown[5]):
        rest = weights.copy()
        rest[i] = 0
        true = len(y) * (np.logaddexp(0, x @ fitted(X, y, 1e-3 * len(y), rest)) - full)
        assert start.truths[i] == pytest.approx(true, abs=0.05)


def test_the_chance_after_each_removal_is_that_of_fits_without_them(start) -> None:
    X, y = kept(start)
    state = start
    for i in (1, 0, 700):
        state = mismatch.weigh(state, i, 0.0)
    assert state.removed == (1, 0, 700)
    for k, out in enumerate(((), (1,), (1, 0), (1, 0, 700))):
        weights = np.ones(len(y))
        weights[list(out)] = 0
        theta = fitted(X, y, 1e-3 * len(y), weights)
        assert state.retrained[k] == pytest.approx(
            1 / (1 + np.exp(-(state.x_test @ theta))), abs=1e-5
        )
    right = np.mean(state.patients.X_test @ theta < 0)
    assert abs(state.healthy_right - right) < 1.5 / len(state.patients.X_test)
    size = np.abs(theta[:-1])
    value, rank = state.coefficient
    assert value == pytest.approx(theta[state.patients.child], abs=1e-4)
    assert size[np.argsort(-size)[rank - 1]] == pytest.approx(abs(value), abs=1e-4)
    assert mismatch.weigh(state, 0, 1.0).removed == (1, 700)


def test_the_prediction_of_each_removal_is_near_the_truth_for_the_three_admitted(start) -> None:
    state = start
    for i in range(3):
        state = mismatch.weigh(state, i, 0.0)
    steps = np.diff(state.predicted), np.diff(state.retrained)
    assert (steps[0] < 0).all() and (steps[1] < 0).all()
    assert state.predicted[0] == state.retrained[0] == state.probability
    assert abs(state.predicted[-1] - state.retrained[-1]) < 0.15


def test_the_four_are_on_top_in_twenty_seeds_with_the_signs_of_the_truth(start) -> None:
    for seed in range(20):
        state = mismatch.draw_anew(start, seed)
        assert set(state.strongest[:4]) == set(range(4))
        assert [np.sign(state.influences[i]) for i in range(4)] == [-1, -1, -1, 1]
        assert [np.sign(state.truths[i]) for i in range(4)] == [-1, -1, -1, 1]
        assert state.probability > 0.5


def test_the_strongest_leave_one_after_the_other(start) -> None:
    state = start
    for _ in range(4):
        state = mismatch.take_strongest(state)
    assert list(state.removed) == start.strongest[:4]
    assert set(state.removed) == set(range(4))
    far = mismatch.weigh(start, 2000, 0.0)
    assert 2000 in far.shown  # to be taken in again
    assert 2000 not in start.shown
    values = [far.influences[i] for i in far.shown]
    assert values == sorted(values, reverse=True)


def test_scenes_show_the_bars_and_the_paths_of_the_state(start) -> None:
    state = mismatch.weigh(start, 2, 0.0)
    scene = draw(state)
    assert [int(bar.id) for bar in scene.points] == state.shown
    assert [bar.y for bar in scene.points] == [state.influences[i] for i in state.shown]
    assert [bar.x for bar in scene.points] == [*range(len(state.shown))]
    assert scene.axes.xnames == tuple(bar.id for bar in scene.points)  # rows, and not places
    assert {bar.id for bar in scene.points if bar.kind == "child"} == set("0123")
    assert [bar.id for bar in scene.points if bar.weight == 0] == ["2"]
    paths = {line.id: line for line in draw_chance(state).lines}
    assert [y for _, y in paths["predicted"].pieces[0]] == [*state.predicted]
    assert [y for _, y in paths["retrained"].pieces[0]] == [*state.retrained]
    assert describe(state).startswith("Child 2, in hospital, is out; 1 row in all.")
    assert "is wrong" not in describe(start) and ", wrong;" in describe(start)
    assert ", right;" in describe(replace(start, test=mismatch.WRONG))
    assert "4 are children's" in describe(start)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"seed": 20}, "seed"),
        ({"test": 8}, "test"),
        ({"l2": 0.5}, "l2 is 0.5; the explorer has 0.0003, 0.001, 0.003, 0.01"),
    ],
)
def test_what_is_not_on_offer_is_refused_in_a_sentence(given, words) -> None:
    with pytest.raises(ValueError, match=words):
        mismatch.begin(**given)


def test_a_row_that_is_not_there_cannot_leave(start) -> None:
    with pytest.raises(ValueError, match="training row"):
        mismatch.weigh(start, start.patients.n, 0.0)
