"""The perturbation explorer without a front end: what a move does, and what was said it would."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit

from teachkit.datasets import blobs, line
from teachkit.scenes.perturbation import begin, penalise, place, stretch, turn
from teachkit.scenes.perturbation_drawing import draw, draw_along, errors

X, Y = blobs()
L2 = 0.01


def refit(X, y, l2=L2):
    """Theta of a logistic regression with a penalised column of ones, by SciPy alone."""
    rows = np.column_stack([X, np.ones(len(y))])

    def risk(theta):
        return np.logaddexp(0, -y * (rows @ theta)).mean() + l2 / 2 * theta @ theta

    def gradient(theta):
        return rows.T @ (-y * expit(-y * (rows @ theta))) / len(y) + l2 * theta

    def hessian(theta):
        s = expit(rows @ theta)
        return (rows.T * (s * (1 - s))) @ rows / len(y) + l2 * np.eye(3)

    told = {"jac": gradient, "hess": hessian, "options": {"gtol": 1e-13}}
    return minimize(risk, np.zeros(3), method="trust-exact", **told).x


def loss(theta, state):
    watching = state.watching
    return np.logaddexp(0, -watching.y_test * (theta @ [*watching.x_test, 1.0]))


@pytest.fixture
def state():
    return place(begin(X, Y, test_point=((0.4, -0.3), -1.0)), "7", 0.9, 0.2)


def test_the_truth_is_that_of_a_fit_to_the_moved_data(state):
    there = X.copy()
    there[7] = 0.9, 0.2
    theta = refit(there, Y)
    np.testing.assert_allclose(state.answer.retrained, theta, atol=1e-6)
    assert state.answer.loss_retrained == pytest.approx(loss(theta, state), abs=1e-6)
    np.testing.assert_allclose(state.watching.now, refit(X, Y), atol=1e-6)


def test_the_finite_prediction_is_the_gradients_at_both_places(state):
    rows = np.column_stack([X, np.ones(len(Y))])
    theta = refit(X, Y)
    s = expit(rows @ theta)
    H = (rows.T * (s * (1 - s))) @ rows / len(Y) + L2 * np.eye(3)

    def gradient(x):
        return -Y[7] * expit(-Y[7] * (theta @ x)) * x

    pull = gradient(np.array([0.9, 0.2, 1.0])) - gradient(rows[7])
    wanted = theta - np.linalg.solve(H, pull) / len(Y)
    np.testing.assert_allclose(state.answer.finite, wanted, atol=1e-6)


@pytest.mark.parametrize("i", [3, 25, 40])
def test_i_pert_is_n_times_the_true_derivative(i):
    state = begin(X, Y)
    h, derivative = 1e-4, []
    for k in range(2):
        ends = []
        for sign in (1, -1):
            there = X.copy()
            there[i, k] += sign * h
            ends.append(loss(refit(there, Y), state))
        derivative.append((ends[0] - ends[1]) / (2 * h))
    np.testing.assert_allclose(state.watching.pert_losses[i] / len(Y), derivative, rtol=1e-4)


def test_both_predictions_are_right_to_second_order():
    """A tenth of the way: a tenth of the relative error."""
    state = turn(begin(X, Y), 40.0)
    for large, small in zip(
        errors(stretch(state, 0.01)), errors(stretch(state, 0.001)), strict=True
    ):
        assert small == pytest.approx(large / 10, rel=0.05)


def test_along_is_the_best_of_the_ring_and_against_it_the_worst():
    state = stretch(begin(X, Y), 0.01)
    changes = [turn(state, angle).answer.loss_retrained for angle in range(0, 360, 10)]
    assert int(np.argmax(changes)) == 0
    assert int(np.argmin(changes)) == 18


def test_one_point_is_moved_at_a_time(state):
    other = place(state, "3", 0.0, 0.0)
    points = {point.id: (point.x, point.y) for point in draw(other).points}
    assert points["3"] == pytest.approx((0.0, 0.0))
    assert points["7"] == tuple(X[7])
    home = place(other, "3", *X[3])
    assert home.radius == 0
    assert home.direction == other.direction
    np.testing.assert_array_equal(home.answer.retrained, home.watching.now)


def test_the_sliders_tell_length_and_angle(state):
    assert state.radius == pytest.approx(np.hypot(*(np.array([0.9, 0.2]) - X[7])))
    for angle in (0.0, 37.0, 180.0, 359.0):
        turned = turn(state, angle)
        assert turned.angle == pytest.approx(angle)
        assert turned.radius == state.radius
        cosine = turned.delta @ turned.pert_loss / turned.radius / np.hypot(*turned.pert_loss)
        assert cosine == pytest.approx(np.cos(np.radians(angle)))


def test_the_test_point_moves_and_nothing_is_retrained(state):
    elsewhere = place(state, "test", -0.5, 0.8)
    np.testing.assert_array_equal(elsewhere.answer.retrained, state.answer.retrained)
    assert elsewhere.answer.loss_retrained != state.answer.loss_retrained
    assert tuple(elsewhere.delta) == tuple(state.delta)


def test_another_penalty_is_another_fit(state):
    heavy = penalise(state, 0.3)
    np.testing.assert_allclose(heavy.watching.now, refit(X, Y, 0.3), atol=1e-6)
    assert tuple(heavy.there) == tuple(state.there)


def test_columns_in_other_units_are_the_same_picture(state):
    factors = np.array([1e5, 1e-4])
    start = begin(X * factors, Y, test_point=(np.array([0.4, -0.3]) * factors, -1.0), l2=0.0)
    plain = begin(X, Y, test_point=((0.4, -0.3), -1.0), l2=0.0)
    there = np.array([0.9, 0.2])
    far, near = place(start, "7", *(there * factors)), place(plain, "7", *there)
    np.testing.assert_allclose(far.pert_loss * factors, near.pert_loss, rtol=1e-6)
    for name in ("loss_retrained", "loss_finite", "loss_infinitesimal"):
        assert getattr(far.answer, name) == pytest.approx(getattr(near.answer, name), rel=1e-6)
    assert errors(far)[0] > 0


def test_the_scene_tells_the_numbers(state):
    scene, now = draw(state), state.watching.loss_now
    assert scene.sentence.startswith("Point 7 moved by |δ| = ")
    told = {row[0]: row[1:] for row in scene.table}
    assert [float(v.replace("−", "-")) for v in told["test loss"]] == pytest.approx(
        [
            state.answer.loss_retrained - now,
            state.answer.loss_finite - now,
            state.answer.loss_infinitesimal - now,
        ],
        abs=6e-4,
    )
    assert {line.id for line in scene.lines} == {"now", "retrained", "predicted", "tangent", "ring"}
    ring = next(line for line in scene.lines if line.id == "ring")
    far = [np.hypot(*(np.array(p) - X[7])) for p in ring.pieces[0]]
    assert far == pytest.approx([state.radius] * len(far))
    path = draw_along(state)
    tangent = next(line for line in path.lines if line.id == "tangent").pieces[0]
    assert tangent[0][1] == 0
    assert tangent[-1][1] == pytest.approx(
        state.pert_loss @ state.delta / len(Y) * tangent[-1][0] / state.radius
    )
    still = draw(begin(X, Y))
    assert {line.id for line in still.lines} == {"now"}
    assert "Drag it" in still.sentence


def test_a_line_has_no_plane_to_move_on():
    with pytest.raises(ValueError, match="two columns"):
        begin(*line())
