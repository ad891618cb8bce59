"""Flats and years, seconds and nanometres: explorers take data in the learner's own units."""

from __future__ import annotations

import warnings
from fractions import Fraction

import numpy as np
import pytest

from teachkit.scenes import influence as gesture
from teachkit.scenes.influence import theta_path
from teachkit.scenes.influence_drawing import describe, draw, draw_path
from teachkit.scenes.influence_start import begin
from teachkit.scenes.units import size_of, units_of


@pytest.fixture(autouse=True)
def _no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def columns(name):
    random = np.random.default_rng(3)
    noise = random.normal(size=40)
    area, years = random.uniform(40, 200, 40), np.arange(1980.0, 2020.0)
    return {
        "flats": (area, 2500 * area + 30_000 * noise),
        "years": (years, 0.4 * (years - 2000) + noise),
        "seconds since 1970": (1.7e9 + 3600 * np.arange(40.0), np.arange(40.0) + noise),
        "nanometres": (1e-9 * area, 1e-18 * (area + 20 * noise)),
        "parsecs in metres": (3.1e16 * area, 1e30 * (area + 20 * noise)),
        "two digits of nine": (1e9 + np.arange(40.0), 1e9 + noise),
    }[name]


NAMES = [
    "flats", "years", "seconds since 1970", "nanometres", "parsecs in metres", "two digits of nine",
]  # fmt: skip


def least_squares(x, y):
    """Slope and intercept of the line, in exact arithmetic."""
    x, y = ([Fraction(float(value)) for value in values] for values in (x, y))
    middle, level = sum(x) / len(x), sum(y) / len(y)
    rise = sum((a - middle) * (b - level) for a, b in zip(x, y, strict=True))
    slope = rise / sum((a - middle) ** 2 for a in x)
    return float(slope), float(level - slope * middle)


@pytest.mark.parametrize("name", NAMES)
def test_a_line_is_the_least_squares_line_in_any_units(name):
    x, y = columns(name)
    state = begin(x[:, None], y)
    np.testing.assert_allclose(state.answer.now, least_squares(x, y), rtol=1e-6)
    assert state.answer.loss_now == pytest.approx(
        float((Fraction(state.y_test) - line_at(state)) ** 2), rel=1e-5, abs=1e-12 * np.ptp(y) ** 2
    )
    out = gesture.weigh(state, 7, 0.0)
    expected = least_squares(np.delete(x, 7), np.delete(y, 7))
    np.testing.assert_allclose(out.answer.retrained, expected, rtol=1e-6)
    exact = gesture.set_leverage(out, True).answer.predicted  # exact for the square loss
    np.testing.assert_allclose(exact, expected, rtol=1e-6)


def line_at(state):
    slope, intercept = least_squares(state.X[:, 0], state.y)
    x, y = state.X[:, 0], state.y
    middle, level = (sum(map(Fraction, map(float, values))) / 40 for values in (x, y))
    del intercept  # the difference to the middle keeps the digits
    return level + Fraction(slope) * (Fraction(float(state.x_test[0])) - middle)


@pytest.mark.parametrize("name", NAMES)
def test_the_prediction_is_the_formula_of_the_talk_in_any_units(name):
    """-(1/n) H^-1 grad of the point that goes, computed round the middle of x and of y."""
    x, y = columns(name)
    u, v = (x - x.mean()) / np.ptp(x), (y - y.mean()) / np.ptp(y)
    rows = np.column_stack([u, np.ones(40)])
    phi = np.linalg.lstsq(rows, v, rcond=None)[0]
    gradient = 2 * (rows[7] @ phi - v[7]) * rows[7]
    step = np.linalg.solve(2 * rows.T @ rows / 40, gradient) / 40
    slope = step[0] * np.ptp(y) / np.ptp(x)
    expected = slope, step[1] * np.ptp(y) - slope * x.mean()
    answer = gesture.weigh(begin(x[:, None], y), 7, 0.0).answer
    change = answer.predicted - answer.now
    # What is left of a change after the subtraction from theta is theta's own rounding.
    np.testing.assert_allclose(change, expected, rtol=1e-5, atol=0)


@pytest.mark.parametrize("name", NAMES)
def test_the_axes_show_the_learners_units_and_the_words_do_not_vanish(name):
    x, y = columns(name)
    state = begin(x[:, None], y)
    assert state.axes.xlim[0] < x.min() < x.max() < state.axes.xlim[1]
    assert state.axes.ylim[0] < y.min() < y.max() < state.axes.ylim[1]
    scene = draw(gesture.weigh(state, 7, 0.0))
    scene.as_dict()
    assert all(line.pieces for line in scene.lines)
    assert [scene.point("3").x, scene.point("3").y] == [x[3], y[3]]
    rows = {row[0]: row[1:] for row in scene.table}
    for parameter in ("slope", "intercept"):
        assert float(rows[parameter][0].replace("\N{MINUS SIGN}", "-")) != 0
    assert not describe(gesture.weigh(state, 7, 0.0)).endswith("+0.00000 true.")
    draw_path(state, (7,)).as_dict()
    eps, true, _ = theta_path(state, (7,))
    np.testing.assert_allclose(true[0], gesture.weigh(state, 7, 0.0).answer.retrained, rtol=1e-6)
    assert eps[0] == pytest.approx(-1 / 40)


@pytest.mark.parametrize("loss", ["logistic", "smooth hinge"])
@pytest.mark.parametrize("scale", [(1.0, 2000.0), (1e-6, 1e7), (1e12, 1e-12)])
def test_a_boundary_is_the_minimum_of_the_documented_risk_in_any_units(loss, scale):
    random = np.random.default_rng(5)
    y = np.repeat([-1.0, 1.0], 20)
    X = (random.normal(size=(40, 2)) + 0.7 * y[:, None]) * scale
    state = begin(X, y, loss=loss, l2=0.01)
    theta = state.answer.now
    rows = np.column_stack([X, np.ones(40)])
    margin = y * (rows @ theta)
    slope = (
        -1 / (1 + np.exp(margin)) if loss == "logistic" else -1 / (1 + np.exp((margin - 1) / 0.1))
    )
    gradients = (slope * y)[:, None] * rows
    total = gradients.mean(axis=0) + 0.01 * theta
    one_points_share = np.abs(gradients).max(axis=0) / 40
    assert np.all(np.abs(total) <= 1e-6 * one_points_share)
    assert not state.axes.equal
    json_ready = draw(gesture.weigh(state, 3, 0.0))
    json_ready.as_dict()
    assert all(line.pieces for line in json_ready.lines)


def test_ordinary_numbers_are_computed_with_as_they_are():
    random = np.random.default_rng(0)
    X = random.normal(size=(30, 2)) * [0.2, 5.0]
    units = units_of(X, X[:, 0], 0.3)
    np.testing.assert_array_equal(units.inside(X), X)
    np.testing.assert_array_equal(units.outside(X[:, [0, 1, 1]]), X[:, [0, 1, 1]])
    np.testing.assert_array_equal(units.target(X[:, 0]), X[:, 0])
    np.testing.assert_array_equal(units.penalty, [0.3, 0.3, 0.3])


@pytest.mark.parametrize("largest", [3e-300, 1e-5, 70.0, 1e9, 1.7e308])
def test_a_size_is_a_power_of_two_near_the_largest(largest):
    size = size_of([0.0, -largest])
    assert 1 <= largest / size < 2
    assert np.frexp(size)[0] == 0.5
    assert size_of([0.0]) == size_of([]) == 1.0
