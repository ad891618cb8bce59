"""The influence explorer without a front end: its numbers, its gestures, its words."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression, LogisticRegression

from teachkit.datasets import blobs, line, moons
from teachkit.scenes import influence as gesture
from teachkit.scenes.history import History
from teachkit.scenes.influence import LOSSES, TEST, InfluenceState, theta_path
from teachkit.scenes.influence_drawing import changes, describe, draw, draw_path
from teachkit.scenes.influence_start import begin


def ones(X):
    return np.column_stack([X, np.ones(len(X))])


def logistic_fit(state: InfluenceState, X, y, weights):
    """Theta of scikit-learn: C = 1 / (n l2), the ones column penalised, n fixed."""
    model = LogisticRegression(
        C=1 / (state.n * state.fit.l2), fit_intercept=False, solver="newton-cholesky", tol=1e-12
    )
    return model.fit(ones(X), y, sample_weight=weights).coef_[0]


def by_hand(state: InfluenceState, theta, *, leverage: bool = False):
    """theta + (1/n) sum_i [w'_i u(z'_i) - w_i u(z_i)] of the logistic loss, point by point."""

    def gradient(x, y):
        return -y * x / (1 + np.exp(y * x @ theta))

    def hessian(X, weights):
        total = state.fit.l2 * np.eye(len(theta))
        for x, w in zip(ones(X), weights, strict=True):
            s = 1 / (1 + np.exp(-x @ theta))
            total += w * s * (1 - s) * np.outer(x, x) / state.n
        return total

    pull = np.zeros_like(theta)
    for i in range(state.n):
        pull += state.weights[i] * gradient(ones(state.X)[i], state.y[i]) / state.n
        pull -= gradient(ones(state.fit.X)[i], state.fit.y[i]) / state.n
    H = hessian(state.X, state.weights) if leverage else hessian(state.fit.X, np.ones(state.n))
    return theta - np.linalg.solve(H, pull)


def changed(state: InfluenceState) -> InfluenceState:
    """Some points out, one half out, two moved, the test point moved."""
    state = gesture.weigh(gesture.weigh(state, 40, 0.0), 7, 0.0)
    state = gesture.upweigh(state, (12,), 0.35 / state.n)
    state = gesture.move(gesture.move(state, 3, 0.5, 1.5), 30, -0.2, -0.4)
    return gesture.move_test(state, 0.3, -1.0)


# ---- numbers


def test_now_and_retrained_agree_with_scikit_learn():
    state = changed(begin(*blobs()))
    now = logistic_fit(state, state.fit.X, state.fit.y, np.ones(41))
    retrained = logistic_fit(state, state.X, state.y, state.weights)
    np.testing.assert_allclose(state.answer.now, now, rtol=1e-6)
    np.testing.assert_allclose(state.answer.retrained, retrained, rtol=1e-6)
    assert np.linalg.norm(retrained - now) > 0.1


def test_a_line_agrees_with_scikit_learn():
    state = gesture.move(gesture.weigh(begin(*line()), 20, 0.0), 4, -0.7, 0.9)
    model = LinearRegression().fit(state.X, state.y, sample_weight=state.weights)
    theta = [model.coef_[0], model.intercept_]
    np.testing.assert_allclose(state.answer.retrained, theta, rtol=1e-9)


@pytest.mark.parametrize("leverage", [False, True])
def test_the_prediction_is_the_formula_summed_by_hand(leverage):
    state = changed(gesture.set_leverage(begin(*blobs()), leverage))
    theta = state.answer.now
    expected = by_hand(state, theta, leverage=leverage)
    np.testing.assert_allclose(state.answer.predicted, expected, rtol=1e-9)
    assert not np.allclose(expected, by_hand(state, theta, leverage=not leverage), rtol=1e-3)


def test_greyed_points_are_a_reweighting():
    state = begin(*blobs())
    for i, weight in ((40, 0.0), (3, 0.0), (12, 1.7)):
        state = gesture.weigh(state, i, weight)
    expected = state.fit.influence.reweighting(state.weights - 1)
    np.testing.assert_allclose(state.answer.predicted - state.answer.now, expected, rtol=1e-9)


def test_a_moved_point_is_a_perturbation():
    state = gesture.move(begin(*blobs()), 3, 0.5, 1.5)
    delta = np.array([*(state.X[3] - state.fit.X[3]), 0.0])
    expected = state.fit.influence.perturbation(3, delta)
    np.testing.assert_allclose(state.answer.predicted - state.answer.now, expected, rtol=1e-9)


@pytest.mark.parametrize("loss", LOSSES)
def test_removals_with_leverage_are_those_of_influence(loss):
    state = gesture.set_leverage(begin(*blobs(), loss=loss), True)
    for i in (40, 3, 25):
        state = gesture.weigh(state, i, 0.0)
    expected = state.fit.influence.removal([3, 25, 40], leverage=True)
    np.testing.assert_allclose(state.answer.predicted - state.answer.now, expected, rtol=1e-6)


def test_the_losses_are_those_at_the_three_thetas():
    state = gesture.weigh(begin(*blobs(), test_point=([0.4, 0.1], -1)), 19, 0.0)
    answer = state.answer

    def loss(theta):
        return np.log1p(np.exp(np.array([0.4, 0.1, 1.0]) @ theta))

    assert answer.loss_now == pytest.approx(loss(answer.now), rel=1e-12)
    assert answer.loss_retrained == pytest.approx(loss(answer.retrained), rel=1e-12)
    assert answer.loss_predicted == pytest.approx(loss(answer.predicted), rel=1e-12)


def test_a_predicted_square_loss_is_exact_with_leverage_and_never_negative():
    state = gesture.weigh(begin(*line()), 20, 0.0)
    assert state.answer.loss_predicted > 0
    answer = gesture.set_leverage(state, True).answer
    assert answer.loss_predicted == pytest.approx(answer.loss_retrained, rel=1e-9)


def test_sizes_follow_the_effect_of_each_point_where_it_is_now():
    state = gesture.move(begin(*blobs()), 3, 2.0, 2.0)
    influence = state.fit.influence
    x_test = np.array([*state.x_test, 1.0])
    at_start = influence.leave_one_out_loss(x_test, state.y_test)
    np.testing.assert_allclose(np.delete(state.answer.influences - at_start, 3), 0, atol=1e-12)
    theta, x = influence.theta, np.array([2.0, 2.0, 1.0])
    gradient = x / (1 + np.exp(-x @ theta))  # class -1
    slope = -x_test / (1 + np.exp(x_test @ theta))
    expected = slope @ np.linalg.solve(influence.risk.hessian(theta), gradient) / 41
    assert state.answer.influences[3] == pytest.approx(expected, rel=1e-9)
    sizes = np.array([point.size for point in draw(state).points if point.id != TEST])
    order = np.argsort(np.abs(state.answer.influences))
    assert np.all(np.diff(sizes[order]) >= 0)
    assert sizes.max() / sizes.min() > 2


@given(st.data())
def test_with_leverage_the_square_loss_is_predicted_exactly(data):
    rng = np.random.default_rng(data.draw(st.integers(0, 1000)))
    X, y = rng.normal(size=(8, 2)), np.array([-1.0, 1.0] * 4)
    state = gesture.set_leverage(begin(X, y, loss="square", l2=0.1), True)
    for i in data.draw(st.lists(st.integers(0, 7), max_size=4, unique=True)):
        state = gesture.weigh(state, i, data.draw(st.floats(0, 3)))
    for i in data.draw(st.lists(st.integers(0, 7), max_size=4, unique=True)):
        state = gesture.move(state, i, *rng.normal(size=2))
    np.testing.assert_allclose(state.answer.predicted, state.answer.retrained, atol=1e-9)


def test_the_leverage_point_of_the_line():
    state = gesture.weigh(begin(*line()), 20, 0.0)
    assert state.answer.now[0] == pytest.approx(0.252, abs=5e-4)
    assert state.answer.retrained[0] == pytest.approx(0.760, abs=5e-4)
    assert state.answer.predicted[0] == pytest.approx(0.410, abs=5e-4)
    exact = gesture.set_leverage(state, True).answer
    np.testing.assert_allclose(exact.predicted, exact.retrained, rtol=1e-9)


@pytest.mark.parametrize(("l2", "error"), [(0.1, 0.13), (0.01, 0.46), (0.001, 0.77)])
def test_the_outlier_bends_everybody_elses_loss(l2, error):
    state = gesture.weigh(begin(*blobs(), l2=l2), 40, 0.0)
    assert state.answer.relative_error == pytest.approx(error, abs=0.005)
    with_leverage = gesture.set_leverage(state, True).answer.relative_error
    assert with_leverage == pytest.approx(error, abs=0.02)


@pytest.mark.parametrize("loss", LOSSES)
def test_where_retraining_starts_does_not_matter(loss):
    state = changed(begin(*blobs(), loss=loss))
    warm = gesture.move(state, 3, 0.6, 1.6)
    assert warm.warm is None  # nothing was asked before, so nothing is known
    _ = state.answer
    warm = gesture.move(state, 3, 0.6, 1.6)
    np.testing.assert_array_equal(warm.warm, state.answer.retrained)
    cold = gesture.set_fit(warm)
    assert cold.warm is None
    np.testing.assert_allclose(warm.answer.retrained, cold.answer.retrained, rtol=1e-7, atol=1e-9)


def test_unchanged_means_no_error():
    for state in (begin(*blobs()), begin(*line())):
        assert state.answer.relative_error == 0
        np.testing.assert_array_equal(state.answer.predicted, state.answer.now)


# ---- gestures


def test_gestures_leave_the_state_they_start_from():
    state = begin(*blobs())
    before = state.X.copy(), state.weights.copy()
    changed(state)
    np.testing.assert_array_equal(state.X, before[0])
    np.testing.assert_array_equal(state.weights, before[1])


def test_the_test_point_retrains_nothing():
    state = gesture.weigh(begin(*blobs()), 40, 0.0)
    moved = gesture.move_test(state, 1.0, 2.0)
    assert moved.test_place == (1.0, 2.0)
    np.testing.assert_allclose(moved.answer.retrained, state.answer.retrained, rtol=1e-9)
    assert moved.answer.loss_now != state.answer.loss_now
    on_line = gesture.move_test(begin(*line()), 2.0, 1.5)
    assert on_line.test_place == (2.0, 1.5)
    assert on_line.answer.loss_now == pytest.approx((on_line.answer.now @ [2.0, 1.0] - 1.5) ** 2)


def test_on_the_line_a_drag_moves_x_and_y():
    state = gesture.move(begin(*line()), 20, 1.0, 0.8)
    assert state.places[20].tolist() == [1.0, 0.8]
    assert (state.X[20, 0], state.y[20]) == (1.0, 0.8)


def test_epsilon_and_greying_are_one():
    state = begin(*blobs())
    out = gesture.upweigh(state, (5,), -1 / 41)
    assert out.weights[5] == 0.0
    assert out.epsilon(5) == pytest.approx(-1 / 41)
    np.testing.assert_allclose(
        out.answer.retrained, gesture.weigh(state, 5, 0.0).answer.retrained, rtol=1e-9
    )
    assert gesture.upweigh(state, (5,), 1 / 41).weights[5] == pytest.approx(2.0)


def test_an_epsilon_of_zero_to_rounding_changes_nothing():
    back = gesture.upweigh(gesture.upweigh(begin(*blobs()), (5,), 1 / 41), (5,), 3e-17)
    assert back.weights[5] == 1.0
    assert describe(back).startswith("Nothing is changed")


def test_another_penalty_refits_the_start_and_keeps_the_changes():
    state = changed(begin(*blobs()))
    other = gesture.set_fit(state, l2=0.1)
    np.testing.assert_allclose(other.answer.now, begin(*blobs(), l2=0.1).answer.now, rtol=1e-9)
    np.testing.assert_array_equal(other.X, state.X)
    np.testing.assert_array_equal(other.weights, state.weights)
    square = gesture.set_fit(state, loss="square")
    X = ones(square.fit.X)
    ridge = np.linalg.solve(2 * X.T @ X / 41 + 0.01 * np.eye(3), 2 * X.T @ square.fit.y / 41)
    np.testing.assert_allclose(square.answer.now, ridge, rtol=1e-9)


def test_the_last_point_stays():
    state = begin([[0.0, 0.0], [1.0, 1.0]], [-1, 1])
    state = gesture.weigh(state, 0, 0.0)  # a class may go: the penalty keeps theta finite
    assert np.isfinite(state.answer.retrained).all()
    with pytest.raises(ValueError, match="Point 1 stays: it would be the last one"):
        gesture.weigh(state, 1, 0.0)


def test_without_a_penalty_the_last_of_a_class_stays():
    X = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.4, 0.4]]
    state = begin(X, [-1, -1, -1, 1], l2=0.0)
    with pytest.raises(ValueError, match="last of class \\+1"):
        gesture.weigh(state, 3, 0.0)


def test_what_determines_no_line_is_said():
    state = begin([[0.0], [1.0], [2.0]], [0.0, 1.0, 1.0])
    state = gesture.weigh(gesture.weigh(state, 0, 0.0), 1, 0.0)
    with pytest.raises(ValueError, match="no unique minimum"):
        _ = state.answer
    assert np.isfinite(gesture.set_fit(state, l2=0.1).answer.retrained).all()


@pytest.mark.parametrize(
    ("X", "y", "options", "words"),
    [
        (np.zeros((3, 3)), [1, -1, 1], {}, "ImageInfluenceExplorer"),
        (np.zeros(3), [1, -1, 1], {}, "shape"),
        ([[0, 0], [1, 1]], [1, -1, 1], {}, "shape"),
        ([[0, 0], [1, 1]], [0, 1], {}, "-1 and \\+1"),
        ([[2], [2]], [0, 1], {}, "Every x is 2"),
        (np.zeros((0, 1)), [], {}, "no point"),
        ([[0, 0], [1, np.nan]], [-1, 1], {}, "nan"),
        ([[0, 0], [1, 1]], [-1, 1], {"loss": "hinge"}, "'smooth hinge'"),
        ([[0], [1]], [0.5, 1], {"loss": "logistic"}, "'square'"),
        ([[0, 0], [1, 1]], [-1, 1], {"test_point": ([1.0], 1)}, "2 numbers"),
        ([[0, 0], [1, 1]], [-1, 1], {"test_point": ([1.0, 2.0], 0.5)}, "entry of y"),
        ([[0, 0], [1, 1]], [-1, 1], {"l2": -1.0}, "l2"),
    ],
)
def test_bad_input_is_told_in_a_sentence(X, y, options, words):
    with pytest.raises(ValueError, match=words):
        _ = begin(X, y, **options).answer


def test_undo_takes_back_whole_gestures_and_reset_can_be_undone():
    start = begin(*blobs())
    history = History.begin(start)
    history = history.push(gesture.weigh(history.present, 3, 0.0))
    for x in (0.1, 0.2, 0.3):
        history = history.push(gesture.move(history.present, 5, x, 0.0), gesture=("move", 5))
    assert len(history.states) == 3
    assert history.present.X[5, 0] == 0.3
    history = history.undo()
    np.testing.assert_array_equal(history.present.X, start.X)
    assert history.present.weights[3] == 0.0
    history = history.push(gesture.move(history.present, 5, 0.4, 0.0), gesture=("move", 5))
    assert len(history.states) == 3  # a gesture that was undone is not gone on with
    reset = history.reset()
    assert reset.present is start
    assert reset.reset() is reset
    assert reset.undo().present is history.present
    assert History.begin(start).undo().present is start


# ---- the path of theta


def test_the_path_is_true_and_goes_through_the_present():
    state = gesture.upweigh(changed(begin(*blobs())), (20,), 0.4 / 41)
    epsilons, true, predicted = theta_path(state, (20,), points=6)
    np.testing.assert_allclose(epsilons[[0, -1]] * 41, [-1, 1], atol=1e-12)
    assert np.all(np.diff(epsilons) > 0)
    for epsilon, theta, linear in zip(epsilons, true, predicted, strict=True):
        there = gesture.upweigh(state, (20,), epsilon)
        expected = logistic_fit(state, there.X, there.y, there.weights)
        np.testing.assert_allclose(theta, expected, rtol=1e-6)
        np.testing.assert_allclose(linear, there.answer.predicted, rtol=1e-9)
    slopes = np.diff(predicted, axis=0) / np.diff(epsilons)[:, None]
    np.testing.assert_allclose(slopes, np.broadcast_to(slopes[0], slopes.shape), rtol=1e-6)


def test_the_path_ends_where_the_rest_determines_nothing():
    state = begin([[0.0], [1.0]], [0.0, 1.0])
    epsilons, true, _ = theta_path(state, (0,), points=5)
    assert len(epsilons) == len(true) == 4
    assert epsilons.min() > -0.5  # -1/n, which leaves one point alone, is not there
    assert epsilons.max() == 0.5


def test_the_path_is_drawn_with_both_styles_and_names():
    scene = draw_path(begin(*blobs()), (40,))
    assert [line.style for line in scene.lines].count("retrained") == 3
    assert [line.style for line in scene.lines].count("predicted") == 3
    assert [label.text for label in scene.labels] == ["θ₁", "θ₂", "intercept"]
    assert "point 40" in scene.alt
    heights = sorted(label.y for label in scene.labels)
    assert min(np.diff(heights)) > 0.1 * scene.axes.ylim[1]
    assert "Select a training point" in draw_path(begin(*blobs()), ()).sentence


# ---- the picture and its words


def test_the_scene_shows_the_state():
    state = changed(begin(*blobs()))
    scene = draw(state)
    assert [point.id for point in scene.points] == [*map(str, range(41)), TEST]
    assert scene.point("40").weight == 0.0
    assert scene.point("12").weight == pytest.approx(1.35)
    assert (scene.point("3").x, scene.point("3").y) == (0.5, 1.5)
    assert {scene.point(str(i)).kind for i in range(20)} == {"negative"}
    assert {scene.point(str(i)).kind for i in range(20, 41)} == {"positive"}
    assert not scene.point(TEST).toggleable
    assert [arrow.id for arrow in scene.arrows] == ["move-3", "move-30"]
    assert [line.style for line in scene.lines] == ["now", "retrained", "predicted"]
    assert "test loss" in scene.point("0").note
    json.dumps(scene.as_dict())


@pytest.mark.parametrize("data", [blobs(), line()])
def test_each_line_lies_where_its_theta_says(data):
    state = gesture.weigh(begin(*data), 20, 0.0)
    thetas = (state.answer.now, state.answer.retrained, state.answer.predicted)
    for drawn, theta in zip(draw(state).lines, thetas, strict=True):
        points = np.array(drawn.pieces[0])
        if state.is_line:
            np.testing.assert_allclose(points[:, 1], theta[0] * points[:, 0] + theta[1], atol=1e-9)
        else:
            np.testing.assert_allclose(ones(points) @ theta, 0, atol=1e-9)


def test_the_axes_stand_still_while_points_move():
    state = begin(*blobs())
    assert draw(gesture.move(state, 3, 2.9, 2.0)).axes == draw(state).axes
    x, y = state.test_place
    assert state.axes.xlim[0] < x < state.axes.xlim[1]
    assert state.axes.ylim[0] < y < state.axes.ylim[1]


def test_the_sentence_says_what_is_out_and_what_follows():
    state = begin(*blobs())
    assert describe(state).startswith("Nothing is changed: the test loss is 0.")
    state = gesture.weigh(state, 40, 0.0)
    answer = state.answer
    predicted, true = (
        f"{value - answer.loss_now:+.3f}"
        for value in (answer.loss_predicted, answer.loss_retrained)
    )
    expected = f"Point 40 out: test loss {predicted} predicted, {true} true."
    assert describe(state) == expected.replace("-", "−")
    assert changes(changed(begin(*blobs()))) == (
        "Points 7 and 40 out, point 12 weighs 1.35, points 3 and 30 moved"
    )
    for i in range(5):
        state = gesture.weigh(state, i, 0.0)
    assert changes(state) == "6 points out"


def test_the_table_holds_every_number_and_its_error():
    state = gesture.weigh(begin(*line()), 20, 0.0)
    header, *rows = draw(state).table
    assert header == ("", "now", "retrained", "predicted", "error")
    assert rows[0] == ("slope", "0.252", "0.760", "0.410", "−0.350")
    assert [row[0] for row in rows] == ["slope", "intercept", "test loss", "relative error"]
    assert rows[-1][-1] == f"{100 * state.answer.relative_error:.0f} %"


def test_a_test_point_without_a_word_is_near_the_middle():
    X, y = moons(200)
    state = begin(X, y)
    assert state.y_test == 1.0
    assert np.abs(state.x_test - X.mean(axis=0)).max() < 0.5
    slope_through_most = begin(*line())
    x, y = slope_through_most.test_place
    assert x == 1.5
    assert y == pytest.approx(0.8 * 1.5, abs=0.25)
