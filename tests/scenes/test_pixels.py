"""The pixel explorer without a front end: what paint does, and what was said it would."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit

from teachkit.datasets import digits
from teachkit.scenes.pixels import LIKELY, along, begin, choose, offered, paint, signs, watch
from teachkit.scenes.pixels_drawing import draw, draw_ink, draw_test

DIGITS, L2 = digits(), 0.01


def refit(X, y, l2=L2):
    """Theta of a logistic regression, all of it penalised, by SciPy alone."""

    def risk(theta):
        return np.logaddexp(0, -y * (X @ theta)).mean() + theta @ (l2 * theta) / 2

    def gradient(theta):
        return X.T @ (-y * expit(-y * (X @ theta))) / len(y) + l2 * theta

    def hessian(theta):
        s = expit(X @ theta)
        return (X.T * (s * (1 - s))) @ X / len(y) + l2 * np.eye(len(theta))

    told = {"jac": gradient, "hess": hessian, "options": {"gtol": 1e-13}}
    return minimize(risk, np.zeros(X.shape[1]), method="trust-exact", **told).x


def loss_of(state, delta):
    """The test loss with the training image moved by delta, fitted anew."""
    X = DIGITS.X_train.copy()
    X[state.i, :-1] += delta
    x, y = DIGITS.X_test[state.test], DIGITS.y_test[state.test]
    return np.logaddexp(0, -y * (refit(X, DIGITS.y_train) @ x))


@pytest.fixture(scope="module")
def start():
    return begin(DIGITS, names=("digit 3", "digit 8"))


def test_it_begins_with_the_least_sure_of_the_right_answers(start):
    losses = [loss for loss in start.model.test_losses if loss < LIKELY]
    assert start.watched.loss_now == max(losses)
    assert start.watched.loss_now == pytest.approx(loss_of(start, 0.0), abs=1e-8)
    assert next(i for _, i in offered(start)) == start.test
    assert start.i == np.abs(start.watched.pert_losses).sum(axis=1).argmax()


@pytest.mark.parametrize("pixel", [18, 20, 43])
def test_a_small_stroke_does_what_i_pert_over_n_says(start, pixel):
    state = replace(paint(start, pixel, True), ink=1e-4)
    true = (loss_of(state, state.delta) - loss_of(state, -state.delta)) / 2
    assert state.predicted == pytest.approx(true, rel=1e-4)
    assert state.pert_loss[pixel] == pytest.approx(true / 1e-4 * len(DIGITS.y_train), rel=1e-4)


def test_the_truth_is_that_of_a_fit_to_the_painted_image(start):
    state = replace(paint(replace(paint(start, 20, True), brush=-1.0), 18, True), ink=0.5)
    assert state.delta[20] == 0.5
    assert state.delta[18] == -0.5
    assert state.true == pytest.approx(loss_of(state, state.delta) - loss_of(state, 0.0), abs=1e-8)


def test_paint_comes_off_and_belongs_to_its_image(start):
    state = paint(paint(start, 20, True), 21, True)
    assert np.flatnonzero(state.paint).tolist() == [20, 21]
    assert np.flatnonzero(paint(state, 20, False).paint).tolist() == [21]
    other = choose(state, int(start.watched.order[3]))
    assert not other.paint.any()
    assert other.predicted == other.true == 0.0
    seen = watch(state, offered(start)[4][1])
    np.testing.assert_array_equal(seen.paint, state.paint)
    assert seen.watched.loss_now < start.watched.loss_now


def test_along_is_best_for_its_2_norm_and_the_signs_for_their_largest(start):
    random = np.random.default_rng(0)
    best, sharpest = along(start), signs(start)
    for _ in range(20):
        v = random.normal(size=len(start.paint))
        as_long = replace(start, paint=v * np.linalg.norm(best.paint) / np.linalg.norm(v))
        as_large = replace(start, paint=v / np.abs(v).max())
        assert as_long.predicted < best.predicted
        assert as_large.predicted < sharpest.predicted
    assert np.abs(best.paint).max() == np.abs(sharpest.paint).max() == 1
    # and so it comes out, where the move is small
    small = [replace(state, ink=1e-3).true for state in (best, sharpest)]
    assert 0 < small[0] < small[1]


def test_the_curve_is_straight_where_predicted_and_begins_alike(start):
    state = along(start)
    inks = np.array([0.0, 1e-4, 0.5])
    predicted, true = state.with_ink(inks)
    assert predicted[0] == true[0] == 0
    assert predicted[1] == pytest.approx(true[1], rel=2e-3)
    assert predicted[2] == pytest.approx(replace(state, ink=0.5).predicted)
    assert true[2] == pytest.approx(replace(state, ink=0.5).true)


def test_pixels_may_go_from_0_to_255():
    scale = np.array([255.0] * 64 + [1.0])
    grey = replace(DIGITS, X_train=DIGITS.X_train * scale, X_test=DIGITS.X_test * scale)
    state = along(begin(grey, l2=L2))
    assert state.shade == 255
    l2 = L2 / scale**2  # of 255 theta
    X, x = DIGITS.X_train.copy(), DIGITS.X_test[state.test]
    losses = []
    for delta in (0.0, state.delta / 255):
        X[state.i, :-1] += delta
        theta = refit(X, DIGITS.y_train, l2)
        losses.append(np.logaddexp(0, -DIGITS.y_test[state.test] * (theta @ x)))
    assert state.true == pytest.approx(losses[1] - losses[0], abs=1e-6)
    small = replace(state, ink=1e-5)
    assert small.predicted == pytest.approx(small.true, rel=1e-2)


def test_the_scene_tells_the_numbers(start):
    state = paint(start, 18, True)
    scene = draw(state)
    assert len([p for p in scene.points if p.paint]) == 64
    assert [p.id for p in scene.points if p.weight == 0] == ["18"]
    assert "removed" not in scene.meanings
    assert scene.point("18").kind == "darker"
    assert scene.point("18").values == ((state.pixels[18] + state.ink,),)
    lighter = paint(replace(start, brush=-1.0), 18, True)
    assert draw(lighter).point("18").kind == "lighter"
    np.testing.assert_allclose(
        scene.point("pert").values, state.pert_loss.reshape(8, 8), atol=1e-15
    )
    assert scene.sentence.startswith("1 pixel painted, |δ|₂ = 0.062, largest 0.062: test loss −")
    assert draw(start).sentence.startswith(f"Nothing is painted: test image {start.test} has")
    assert not draw_ink(start).lines
    assert {line.id for line in draw_ink(state).lines} == {"retrained", "predicted", "now"}
    assert "test image" in draw_test(state).points[0].caption


def test_a_split_without_right_answers_is_refused():
    turned = replace(DIGITS, y_test=-DIGITS.y_test)
    keep = begin(DIGITS).model.test_losses < LIKELY
    wrong = replace(turned, X_test=DIGITS.X_test[keep], y_test=turned.y_test[keep])
    with pytest.raises(ValueError, match="right about none"):
        begin(wrong)
