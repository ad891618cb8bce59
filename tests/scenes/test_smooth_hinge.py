"""The smooth hinge explorer's state: against LIBLINEAR, the library's retraining, differences."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize

from teachkit.datasets import add_ones
from teachkit.losses import SmoothHinge
from teachkit.retraining import leave_one_out, retrain
from teachkit.risks import LinearRisk
from teachkit.scenes import smooth_hinge as scene
from teachkit.scenes.smooth_hinge import begin, move, sample, set_penalty
from teachkit.scenes.smooth_hinge_drawing import draw, draw_agreement, draw_losses
from teachkit.scenes.svm import hinge, smooth

X, Y = sample()
N = len(Y)


def rows(X=X, y=Y):
    return y[:, None] * add_ones(X)


def is_the_hinges_minimum(theta, Z, c, l2, tol):
    """By duality: the gap between the value of theta and one of the dual, which bounds its error.

    The dual's variables are c below the kink, 0 above, and on it found by least squares.
    """
    m = Z @ theta
    on = np.abs(m - 1) < 1e-6
    a = np.where(m < 1, c, 0.0)
    rest = l2 * theta - (a[~on] @ Z[~on])
    a[on] = np.clip(np.linalg.lstsq(Z[on].T, rest, rcond=None)[0], 0, c) if on.any() else 0
    primal = c * np.maximum(0, 1 - m).sum() + 0.5 * (l2 * theta**2).sum()
    dual = a.sum() - 0.5 * ((a @ Z) ** 2 / l2).sum()
    return primal - dual <= tol * max(primal, 1e-3)


@pytest.mark.parametrize("l2", [1e-3, 0.01, 0.1, 1.0])
def test_the_hinge_is_what_liblinear_finds_and_no_dual_value_is_above_it(l2):
    from sklearn.svm import LinearSVC

    Z, L2 = rows(), np.full(3, l2)
    left = [np.delete(Z, i, axis=0) for i in (0, 17, 59)]
    found = hinge(np.array(left), 1 / N, L2)
    for Z_left, theta in zip(left, found, strict=True):
        assert is_the_hinges_minimum(theta, Z_left, 1 / N, L2, 1e-10)
    told = {"loss": "hinge", "fit_intercept": False, "tol": 1e-9, "max_iter": 10**6}
    theirs = LinearSVC(C=1 / (N * l2), **told).fit(add_ones(X), Y).coef_[0]
    np.testing.assert_allclose(hinge(Z[None], 1 / N, L2)[0], theirs, atol=1e-5)


@pytest.mark.parametrize("t", [1.0, 0.1, 0.01, 0.001])
@pytest.mark.parametrize("l2", [1e-3, 0.1])
def test_the_smooth_hinge_is_what_the_library_retrains(t, l2):
    risk = LinearRisk(add_ones(X), Y, SmoothHinge(t), l2=l2)
    theta = retrain(risk, np.zeros(3))
    state = begin(t=t, l2=l2)
    np.testing.assert_allclose(state.theta, theta, atol=1e-9)
    np.testing.assert_allclose(state.thetas, theta + leave_one_out(risk, theta), atol=1e-7)


def test_both_penalties_of_columns_in_other_units_are_those_of_the_columns_themselves():
    far = begin(1000 * X, Y, l2=1e-4, test_point=((0.0, -500.0), 1.0))
    assert far.machine.units.scale[0] > 1
    theta = far.machine.units.outside(far.machine.theta)
    Z = rows(1000 * X)
    best = minimize(
        lambda theta: np.maximum(0, 1 - Z @ theta).mean() + 5e-5 * theta @ theta,
        theta, method="Nelder-Mead", options={"xatol": 1e-12, "fatol": 1e-14},
    )  # fmt: skip
    value = np.maximum(0, 1 - Z @ theta).mean() + 5e-5 * theta @ theta
    assert best.fun >= value * (1 - 1e-9)
    smoothed = far.machine.units.outside(replace(far, t=1e-3).theta)
    np.testing.assert_allclose(smoothed, theta, rtol=0.05)


def test_as_t_goes_to_0_the_smooth_machine_is_the_hinges_and_so_are_its_removals():
    off = []
    for t in (0.01, 1e-3, 1e-4):
        state = begin(t=t)
        off.append(np.abs(state.theta - state.machine.theta).max())
        gone = np.abs(state.thetas - state.machine.thetas).max()
        assert gone < 100 * t
    assert off[0] > off[1] > off[2]
    assert off[2] < 1e-3


def test_the_prediction_is_the_derivative_of_the_test_loss_in_the_points_weight():
    state = begin(t=0.3, truth="smooth")
    risk = LinearRisk(add_ones(X), Y, SmoothHinge(0.3), l2=0.1)
    for i in (0, 31):
        losses = []
        for step in (-1e-4, 1e-4):
            w = np.ones(N)
            w[i] += step
            theta = retrain(risk.reweighted(w), state.theta)
            losses.append(state.test_loss(theta, "smooth"))
        assert state.predicted[i] == pytest.approx((losses[0] - losses[1]) / 2e-4, rel=1e-4)


def test_leverage_divides_by_what_the_rest_of_the_curvature_leaves():
    state = begin(t=0.1)
    with_all = LinearRisk(add_ones(X), Y, SmoothHinge(0.1), l2=0.1).hessian(state.theta)
    curvature = SmoothHinge(0.1).curvature(state.margins, 1.0)
    h = [c / N * x @ np.linalg.solve(with_all, x) for c, x in zip(curvature, rows(), strict=True)]
    np.testing.assert_allclose(state.leverages, h, rtol=1e-9)
    counted = replace(state, leverage=True).predicted
    np.testing.assert_allclose(counted, state.predicted / (1 - np.array(h)), rtol=1e-9)


def test_a_point_beyond_the_kink_changes_nothing_for_the_hinge_and_little_for_the_smooth_one():
    state = begin(t=0.1)
    beyond = (state.machine.Z @ state.machine.theta > 1.001) & ~state.kink
    assert beyond.sum() > 20
    assert np.abs(state.true[beyond]).max() < 1e-9
    assert np.abs(state.true[~beyond]).max() > 0.01
    assert np.abs(replace(state, truth="smooth").true[beyond]).max() > 1e-4


def test_the_curvature_shrinks_onto_the_points_on_the_kink():
    shares = []
    for t in (1.0, 0.1, 0.01, 0.001):
        state = begin(t=t)
        shares.append(state.bends[state.kink].sum() / state.bends.sum())
        bump = next(line for line in draw_losses(state).lines if line.id == "bump").pieces[0]
        heights = np.array(bump)
        wide = heights[heights[:, 1] > 1.0]  # half its height
        assert np.ptp(wide[:, 0]) == pytest.approx(3.53 * t, rel=0.25)  # 4 arcosh(sqrt 2) t
    assert np.all(np.diff(shares) > 0)
    assert shares[-1] > 0.9


@pytest.mark.parametrize("truth", ["hinge", "smooth"])
def test_the_sentence_says_r_and_slope_of_what_is_drawn(truth):
    state = begin(truth=truth)
    drawn = draw_agreement(state)
    x, y = np.array([(point.x, point.y) for point in drawn.points]).T
    r, slope = np.corrcoef(x, y)[0, 1], np.polyfit(x, y, 1)[0]
    assert f"r = {r:.2f}, slope {slope:.2f}." in drawn.sentence
    assert f"up to {state.leverages.max():.3f}" in drawn.sentence


def test_every_point_is_a_dot_at_its_margin_and_none_covers_another():
    state = begin(t=0.01)
    dots = [point for point in draw_losses(state).points if "dot-" in point.id]
    assert len(dots) == N
    places = {int(dot.id.removeprefix("dot-")): (dot.x, dot.y) for dot in dots}
    np.testing.assert_allclose([places[i][0] for i in range(N)], state.margins)
    for height in {y for _, y in places.values()}:
        row = np.sort([x for x, y in places.values() if y == height])
        assert np.all(np.diff(row) >= 0.12)


def test_a_dragged_point_is_trained_with_and_undone_by_itself():
    state = begin()
    moved = move(state, "3", -1.0, 0.5)
    other = X.copy()
    other[3] = -1.0, 0.5
    np.testing.assert_allclose(moved.theta, begin(other, Y).theta, atol=1e-9)
    assert moved.machine is not state.machine
    test = move(state, "test", 1.0, 1.0)
    assert test.machine is state.machine
    assert set_penalty(state, 0.3).machine.l2 == 0.3


CLOSE = 1e-6  # of the value
APART = np.array([[-2.0, 0.0], [-1.0, 1.0], [-1.5, -1.0], [1.0, 0.2], [2.0, -1.0], [1.5, 1.0]])
HALVES = np.array([-1.0, -1.0, -1.0, 1.0, 1.0, 1.0])
HARD = {
    "separable": (APART, HALVES),
    "far apart": (10 * APART, HALVES),
    "each point twice": (np.repeat(X, 2, axis=0), np.repeat(Y, 2)),
    "one of a class": (np.vstack([X[Y < 0], [[0.5, 0.5]]]), np.append(Y[Y < 0], 1.0)),
    "all at one place": (np.zeros((6, 2)), HALVES),
    "both classes at the same places": (np.tile(APART, (2, 1)), np.repeat([1.0, -1.0], 6)),
    "a tie": (np.array([[-1.0, 0.0], [1.0, 0.0], [-1.0, 0.0], [1.0, 0.0]]), HALVES[[0, 3, 1, 4]]),
    "on one line": (np.column_stack([X[:, 0], X[:, 0]]), Y),
    "thousands": (5000 * X + 3000, Y),
    "thousandths": (X / 5000, Y),
    "a column of years": (np.column_stack([2000 + X[:, 0], X[:, 1]]), Y),
    "three": (APART[[0, 3, 4]], HALVES[[0, 3, 4]]),
    "many": sample(200),
}


@pytest.mark.parametrize("t", [1.0, 0.001])
@pytest.mark.parametrize("l2", [1e-3, 1.0])
@pytest.mark.parametrize("name", HARD)
def test_whatever_the_points_are_the_machines_are_right_and_can_be_drawn(name, l2, t):
    with np.errstate(all="raise"):
        state = begin(*HARD[name], l2=l2, t=t)
        scenes = [f(s) for s in (state, replace(state, truth="smooth", leverage=True))
                  for f in (draw, draw_losses, draw_agreement)]  # fmt: skip
    for drawn in scenes:
        drawn.as_dict()
        assert "nan" not in drawn.sentence
    machine, penalty = state.machine, state.machine.units.penalty
    for Z, theta in [(machine.Z, machine.theta), *zip(machine.others, machine.thetas, strict=True)]:

        def value(theta, Z=Z):
            return np.maximum(0, 1 - Z @ theta).sum() / state.n + 0.5 * (penalty * theta**2).sum()

        near = theta + 1e-3 * np.random.default_rng(0).standard_normal((50, 3))
        assert value(theta) <= min(map(value, near)) + CLOSE * max(value(theta), 1e-6)
    loss = SmoothHinge(t)
    for Z, theta in [(machine.Z, state.theta), *zip(machine.others, state.thetas, strict=True)]:
        pull = loss.slope(Z @ theta, 1.0) @ Z / state.n + penalty * theta
        assert np.abs(pull).max() < 1e-7 * np.abs(Z).max()


def test_a_point_dragged_onto_the_kink_stays_exactly_where_the_hand_is():
    state = begin(t=0.001)
    w = state.machine.theta
    i = int(np.flatnonzero(Y > 0)[0])
    on = X[i] + (1 - Y[i] * (w @ [*X[i], 1])) * Y[i] * w[:2] / (w[:2] @ w[:2])
    moved = move(state, str(i), *on)
    np.testing.assert_array_equal(moved.machine.X[i], on)
    for f in (draw, draw_losses, draw_agreement):
        f(moved).as_dict()


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"X": X}, "X and y come together"),
        ({"X": X[:, :1], "y": Y}, "two columns"),
        ({"X": X, "y": (Y + 1) / 2}, "asks for -1 and +1"),
        ({"X": X, "y": np.ones(N)}, "both"),
        ({"X": np.tile(X, (4, 1)), "y": np.tile(Y, 4)}, "There are 240 points"),
        ({"l2": 0.0}, "l2"),
        ({"t": 0.0}, "t"),
        ({"t": np.inf}, "t"),
        ({"X": X + 1e9, "y": Y}, "Subtract its mean"),
        ({"truth": "both"}, "truth is 'both'"),
        ({"test_point": ((1.0,), 1.0)}, "test point"),
        ({"test_point": ((1.0, 2.0), 0.5)}, "test point"),
    ],
)
def test_a_start_that_cannot_be_is_refused_in_a_sentence(told, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        begin(**told)


def test_nothing_to_correlate_is_said():
    state = begin(test_point=((4.0, 3.0), 1.0))  # so far on its side that the hinge costs nothing
    assert not np.any(state.true)
    drawn = draw_agreement(state)
    assert "The truth is the same for every point, so there is no r" in drawn.sentence
    assert "fitted" not in {line.id for line in drawn.lines}


def test_the_test_point_of_own_data_is_on_the_wrong_side_so_that_its_loss_can_change():
    state = begin(X, Y)
    assert state.test_margin(state.theta) < 0
    assert np.ptp(state.true) > 0
    assert scene.offered((0.1, 1.0), 0.25) == [("0.1", 0.1), ("0.25", 0.25), ("1", 1.0)]


def test_newton_on_the_smooth_hinge_comes_to_a_rest_from_far_away():
    Z = rows()[None]
    for start in (np.full((1, 3), 100.0), np.full((1, 3), -100.0)):
        found = smooth(Z, 1 / N, np.full(3, 0.01), 0.001, start)
        pull = SmoothHinge(0.001).slope(Z[0] @ found[0], 1.0) @ Z[0] / N + 0.01 * found[0]
        assert np.abs(pull).max() < 1e-9


def test_points_that_determine_no_machine_to_rounding_are_refused_in_a_sentence():
    with pytest.raises(ValueError, match="A larger l2 helps"):
        smooth(np.zeros((1, 4, 3)), 0.25, np.zeros(3), 0.1, np.zeros((1, 3)))
