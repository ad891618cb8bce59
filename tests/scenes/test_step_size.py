"""The step-size explorer without a front end: its errors, its V, its words."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from teachkit.datasets import breast_cancer, digits
from teachkit.derivatives import hvp
from teachkit.scenes.step_size import DTYPES, FORMULAS, HIGHEST, LOWEST, begin, change, stride
from teachkit.scenes.step_size_drawing import R, describe, draw, draw_profile

SPLIT = digits()


@pytest.fixture(scope="module")
def state():
    return begin(SPLIT.X_train, SPLIT.y_train)


def slope(setting, formula: str, low: float, high: float) -> float:
    """Of the error curve on log-log axes between these log10 r."""
    keep = (setting.log_steps >= low) & (setting.log_steps <= high)
    return float(np.polyfit(setting.log_steps[keep], np.log10(setting.errors[formula][keep]), 1)[0])


def test_the_exact_product_is_that_of_autograd(state):
    import autograd.numpy as anp

    setting = state.setting
    w, v = setting.place

    def risk(w):
        margins = setting.y * anp.dot(setting.X, w)
        return anp.mean(anp.log(1 + anp.exp(-margins))) + 0.5 * setting.l2 * anp.sum(w**2)

    np.testing.assert_allclose(setting.exact, hvp(risk)(w, v), rtol=1e-11)
    assert np.linalg.norm(w) == pytest.approx(3)
    assert np.linalg.norm(v) == pytest.approx(1)


def test_errors_are_those_of_the_formulas_written_out(state):
    setting, r = state.setting, 1e-3
    w, v = setting.place
    g = setting.risk.gradient
    size = np.linalg.norm(setting.exact)
    forward = np.linalg.norm((g(w + r * v) - g(w)) / r - setting.exact) / size
    central = np.linalg.norm((g(w + r * v) - g(w - r * v)) / (2 * r) - setting.exact) / size
    assert setting.error("forward", r) == pytest.approx(forward, rel=1e-9)
    assert setting.error("central", r) == pytest.approx(central, rel=1e-6)


def test_the_v_has_the_slopes_of_its_order_and_of_rounding(state):
    setting = state.setting
    assert slope(setting, "forward", -5, -1) == pytest.approx(1, abs=0.05)
    assert slope(setting, "central", -3, -1) == pytest.approx(2, abs=0.05)
    for formula in FORMULAS:
        assert slope(setting, formula, -13, -9) == pytest.approx(-1, abs=0.2)


@pytest.mark.parametrize("dtype", list(DTYPES))
@pytest.mark.parametrize("formula", list(FORMULAS))
@pytest.mark.parametrize("length", [-3, 0, 3])
def test_the_rule_is_near_the_measured_best(state, dtype, formula, length):
    """Within a factor of 30, as its docstring says."""
    setting = change(state, dtype=dtype, length=length).setting
    best, _ = setting.best(formula)
    assert 1 / 30 < setting.rule(formula) / best < 30


def test_what_counts_is_the_distance(state):
    far = change(state, length=2)
    for formula in FORMULAS:
        assert far.setting.best(formula)[0] == pytest.approx(
            state.setting.best(formula)[0] / 100, rel=2
        )
        shift = far.setting.error(formula, 1e-4) / state.setting.error(formula, 1e-2)
        assert shift == pytest.approx(1, rel=1e-3)
    assert stride(far, -4.0).distance == pytest.approx(1e-2)


def test_float32_is_coarser_and_soon_stands_still(state):
    coarse = change(state, dtype="float32")
    assert coarse.setting.risk.gradient(coarse.setting.place[0]).dtype == np.float32
    assert coarse.setting.best("central")[1] > 1e4 * state.setting.best("central")[1]
    still = stride(coarse, -12.0)
    assert still.lost
    assert still.error == 1.0
    assert not stride(state, -12.0).lost
    assert "the quotient is 0: all of it is wrong" in describe(still)


def test_the_magnifying_glass_shows_a_line_a_bend_and_rounding(state):
    best = np.log10(state.setting.best("forward")[0])
    ts, rise = stride(state, best).setting.profile(10.0**best)
    np.testing.assert_allclose(rise, ts, atol=1e-6)
    for log_r, words in ((best, "straight line"), (1.5, "it bends"), (-14.0, "steps of rounding")):
        assert words in draw_profile(stride(state, log_r)).sentence
    _, rise = state.setting.profile(1e-14)
    assert 1e-3 < np.abs(rise - ts).max() < 1


def test_the_secant_is_the_formulas_own(state):
    """Its slope, in units of |Hv|, is the difference quotient along Hv."""
    for formula in FORMULAS:
        here = replace(stride(state, 1.0), formula=formula)
        (secant,) = (line for line in draw_profile(here).lines if line.id == "secant")
        (t0, h0), (t1, h1) = secant.pieces[0]
        exact = here.setting.exact
        expected = here.setting.quotient(formula, here.r) @ exact / (exact @ exact)
        assert (h1 - h0) / (t1 - t0) == pytest.approx(expected, rel=1e-9)


def test_the_sentence_says_where_to_go(state):
    assert "a smaller r is better" in describe(stride(state, -2.0))
    assert "a larger r is better" in describe(stride(state, -12.0))
    best = np.log10(state.setting.best("forward")[0])
    assert "as good as it gets" in describe(stride(state, best))


def test_the_point_sits_on_the_curve_of_its_formula(state):
    for formula in FORMULAS:
        here = replace(state, formula=formula)
        point = draw(here).point(R)
        assert point.y == pytest.approx(np.log10(here.setting.error(formula, here.r)))
    assert stride(state, 99.0).log_r == HIGHEST
    assert stride(state, -99.0).log_r == LOWEST


def test_both_sides_of_a_v_end_at_its_bottom(state):
    for line in draw(state).lines[:2]:
        left, right = line.pieces
        assert left[0] == right[-1] == min((*left, *right), key=lambda place: place[1])
        steps = [x for x, _ in (*left[::-1], *right[-2::-1])]
        assert steps == sorted(steps) and len(steps) == len(state.setting.log_steps)
        assert line.end == line.id


def test_scenes_are_finite_everywhere():
    state = begin(breast_cancer().X_train, breast_cancer().y_train, seed=3)
    for dtype in DTYPES:
        for formula in FORMULAS:
            for log_r in (LOWEST, -6.0, HIGHEST):
                here = replace(change(stride(state, log_r), dtype=dtype), formula=formula)
                for scene in (draw(here), draw_profile(here)):
                    json.dumps(scene.as_dict(), allow_nan=False)


def test_wrong_data_are_refused_where_it_is_made():
    with pytest.raises(ValueError, match="labels|-1"):
        begin(np.ones((4, 2)), [0, 1, 2, 3])
    with pytest.raises(ValueError):
        begin(np.ones((4, 2)), [1, -1])


@pytest.mark.parametrize("unit", [1e-9, 1e4, 1e9])
def test_data_in_any_units_have_the_v_of_standardised_ones(unit):
    random = np.random.default_rng(4)
    y = np.where(random.normal(size=60) > 0, 1.0, -1.0)
    raw = unit * (random.normal(size=(60, 3)) * [1.0, 30.0, 0.02] + [5.0, 2000.0, 0.0])
    raw = np.column_stack([raw, np.ones(60)])
    tidy = (raw - raw.mean(axis=0)) / np.where(raw.std(axis=0) > 1e-9 * unit, raw.std(axis=0), 1.0)
    tidy[:, 3] = 1.0
    state, expected = begin(raw, y), begin(tidy, y)
    assert state.error == pytest.approx(expected.error, rel=1e-5)
    large = stride(state, 0.0)
    assert large.error > 1e-3  # the gradient bends: it is no straight line of the penalty alone
    for scene in (draw(large), draw_profile(large)):
        scene.as_dict()
