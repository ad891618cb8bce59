"""The secant explorer without a front end: its runs, its conics, its gestures, its words."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import approx_fprime

from teachkit.scenes import secant as gesture
from teachkit.scenes.conics import conic
from teachkit.scenes.landscape import level_lines
from teachkit.scenes.secant import (
    ARMIJO,
    BOWL,
    HIMMELBLAU,
    ROSENBROCK,
    SADDLE,
    SEARCHES,
    VIEWS,
    WOLFE,
    begin,
)
from teachkit.scenes.secant_drawing import draw, draw_close_up, draw_errors, share

views = st.sampled_from(list(VIEWS))
starts = st.tuples(  # no stationary point among them
    st.integers(-9, 9).map(lambda i: i / 5 + 0.07), st.integers(-4, 9).map(lambda i: i / 5 - 0.03)
)
states = st.builds(begin, views, st.sampled_from(list(SEARCHES)), starts, st.integers(0, 60))

# ---- the runs


@given(states)
def test_every_pair_is_used_and_obeys_its_secant_equation(state):
    for before, stop in zip(state.run, state.run[1:], strict=False):
        assert stop.s is not None
        np.testing.assert_array_equal(stop.s, stop.x - before.x)
        np.testing.assert_array_equal(stop.y, stop.g - before.g)
        size = np.linalg.norm(stop.B) * np.linalg.norm(stop.y) + np.linalg.norm(stop.s)
        if abs(stop.sy) > 1e-6 * np.linalg.norm(stop.s) * np.linalg.norm(stop.y):
            np.testing.assert_allclose(stop.B @ stop.y, stop.s, atol=1e-6 * size)


@given(states)
def test_the_steps_go_along_minus_b_g(state):
    for before, stop in zip(state.run, state.run[1:], strict=False):
        step = stop.iterate.step * before.direction
        np.testing.assert_allclose(stop.s, step, rtol=1e-6, atol=1e-9 * np.linalg.norm(stop.x))


@given(views, starts)
def test_with_wolfe_b_stays_positive_definite_and_downhill(view, start):
    for stop in begin(view, WOLFE, start).run[1:-1]:  # the last may be rounding
        assert stop.sy > 0
        assert stop.slope < 0


def test_armijo_alone_ends_uphill_where_the_lesson_says_so():
    run = begin(ROSENBROCK, ARMIJO, (-0.9, 2.0)).run
    assert len(run) - 1 == 3
    assert run[-1].sy < 0
    np.testing.assert_allclose(np.linalg.eigvalsh(run[-1].B)[0], -1.0, atol=0.01)
    assert begin(ROSENBROCK, ARMIJO, (-0.9, 2.0)).ending == "uphill"
    assert begin(ROSENBROCK, WOLFE, (-0.9, 2.0)).ending == "arrived"


def test_on_a_bowl_two_exact_steps_teach_the_inverse():
    state = begin(BOWL, WOLFE)
    assert state.last == 2
    np.testing.assert_allclose(state.run[-1].B, np.diag([1.0, 0.04]), atol=1e-12)
    assert state.run[-1].matrix_error < 1e-12


@pytest.mark.parametrize("view", list(VIEWS))
def test_gradient_hessian_and_errors_belong_to_the_function(view):
    state = begin(view, WOLFE, k=1)
    f, here = state.view.function, state.here
    np.testing.assert_allclose(here.g, approx_fprime(here.x, f.value), rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(here.inverse, np.linalg.inv(f.hessian(here.x)), rtol=1e-9)
    newton = np.linalg.solve(here.H, -here.g)
    off = np.linalg.norm(here.direction - newton) / np.linalg.norm(newton)
    assert here.step_error == pytest.approx(off)
    np.testing.assert_allclose(
        np.abs(here.round @ here.inverse @ here.round.T), np.eye(2), atol=1e-9
    )


def test_a_singular_hessian_is_no_end():
    state = begin(SADDLE, WOLFE, (3**-0.5, 1.0))
    assert np.isfinite(state.here.inverse).all()
    for scene in (draw(state), draw_close_up(state), draw_errors(state)):
        json.dumps(scene.as_dict(), allow_nan=False)


# ---- conics


@given(
    st.floats(-3, 3).filter(lambda v: abs(v) > 1e-3),
    st.floats(-3, 3).filter(lambda v: abs(v) > 1e-3),
    st.floats(0, np.pi),
)
def test_a_conic_is_where_the_form_is_constant(first, second, angle):
    c, s = np.cos(angle), np.sin(angle)
    Q = np.array([[c, -s], [s, c]])
    inverse = Q @ np.diag([first, second]) @ Q.T
    pieces = conic(inverse, 0.7, (2.0, -1.0), far=5.0)
    assert len(pieces) == (first > 0) + (second > 0) - (first > 0 and second > 0) * 1 + (
        first * second < 0
    )
    for piece in pieces:
        d = np.array(piece) - [2.0, -1.0]
        form = np.einsum("ki,ij,kj->k", d, np.linalg.inv(inverse), d)
        size = np.einsum("ki,ij,kj->k", np.abs(d), np.abs(np.linalg.inv(inverse)), np.abs(d))
        np.testing.assert_allclose(form, 0.49, atol=1e-9 * size.max())


# ---- the gestures


def test_the_start_moves_and_keeps_the_number_of_steps():
    state = begin(k=5)
    moved = gesture.move(state, 0.5, 2.0)
    assert (moved.start, moved.k) == ((0.5, 2.0), 5)
    assert gesture.move(state, 0.999999, 0.999998).k <= 5
    with pytest.raises(ValueError, match="the gradient is 0 there"):
        gesture.move(state, 1.0, 1.0)
    with pytest.raises(ValueError, match="run from -2 to 2"):
        gesture.move(state, 2.5, 1.0)
    with pytest.raises(ValueError, match="run from -1 to 3"):
        gesture.move(state, 0.0, float("nan"))


def test_walking_stops_at_both_ends_and_takes_no_step_again():
    state = begin()
    assert gesture.walk(state, -3).k == 0
    assert gesture.walk(state, 999).k == state.last
    assert gesture.walk(state, 4).run is state.run


def test_another_function_begins_anew_and_another_search_does_not():
    state = begin(k=6, start=(-0.9, 2.0))
    bowl = gesture.choose(state, BOWL)
    assert (bowl.start, bowl.k, bowl.search) == ((25.0, 1.0), 0, WOLFE)
    armijo = gesture.seek(state, ARMIJO)
    assert (armijo.start, armijo.k) == ((-0.9, 2.0), 3)


def test_what_it_begins_with_is_checked():
    with pytest.raises(ValueError, match='the explorer has "Rosenbrock\'s valley"'):
        begin("a hill")
    with pytest.raises(ValueError, match="The search is 'Newton'"):
        begin(search="Newton")


# ---- the scenes


@given(states)
def test_every_state_can_be_drawn(state):
    for scene in (draw(state), draw_close_up(state), draw_errors(state)):
        json.dumps(scene.as_dict(), allow_nan=False)
        assert scene.sentence
        assert scene.alt


def test_the_ellipses_in_the_picture_are_those_of_h_and_b():
    state = begin(HIMMELBLAU, WOLFE, k=6)
    lines = {line.id: line for line in draw(state).lines}
    for name, M in (("true", state.here.H), ("guess", np.linalg.inv(state.here.B))):
        d = np.array(lines[name].pieces[0]) - state.here.x
        form = np.einsum("ki,ij,kj->k", d, M, d)
        np.testing.assert_allclose(form, state.view.reach**2, rtol=0.02)


def test_close_up_the_truth_is_round_and_b_touches_it_along_the_last_step_on_a_bowl():
    state = begin(BOWL, WOLFE, k=1)
    lines = {line.id: line for line in draw_close_up(state).lines}
    true = np.array(lines["true"].pieces[0])
    np.testing.assert_allclose(np.hypot(*true.T), 1.0, atol=1e-3)
    guess = np.array(lines["guess"].pieces[0])
    touch = guess[np.abs(np.hypot(*guess.T) - 1).argmin()]
    end = np.array(lines["s"].pieces[0][1])
    assert abs(touch @ end) / np.linalg.norm(end) == pytest.approx(1.0, abs=1e-3)


def test_there_are_no_errors_to_be_seen_before_the_first_step():
    state = begin()
    assert not (draw_errors(state).points or draw_errors(state).lines)
    names = [line.end for line in draw_errors(gesture.walk(state, 1)).lines]
    assert names == ["", "gradient norm", "B", "its step"]


def test_a_run_that_leaves_its_map_says_so():
    state = begin(ROSENBROCK, ARMIJO, (1.9, -0.9))
    away = [
        k for k, stop in enumerate(state.run)
        if not all(
            low <= x <= high
            for x, (low, high) in zip(
                stop.x, (state.view.axes.xlim, state.view.axes.ylim), strict=True
            )
        )
    ]  # fmt: skip
    for k in range(state.last + 1):
        path = next(line for line in draw(gesture.walk(state, k)).lines if line.id == "path")
        assert path.leaves == (path.end != "") == (k in away)


def test_the_words_tell_the_numbers():
    assert draw(begin()).sentence.startswith("Start at (−1.20, 1.00), search: Wolfe. B is I")
    here = begin(k=8).here
    scene = draw(begin(k=8))
    assert scene.sentence == (
        f"Step 8 of 34. B is off by {share(here.matrix_error)}, "
        f"its step by {share(here.step_error)}."
    )
    broken = draw(begin(ROSENBROCK, ARMIJO, (-0.9, 2.0), 3))
    assert "B is indefinite, a hyperbola and no ellipse, since step 3" in broken.sentence
    assert broken.sentence.endswith("The next direction leads uphill, and the run ends.")
    assert broken.arrows[0].style == "tangent"
    assert draw(begin(k=99)).sentence.endswith("it has arrived.")
    assert draw_close_up(begin(k=8)).sentence.startswith("Where the truth is round. Half-axes of B")
    assert (
        "a hyperbola; so is B." in draw_close_up(begin(ROSENBROCK, ARMIJO, (-0.9, 2.0), 3)).sentence
    )
    assert "a hyperbola; B keeps its ellipse." in draw_close_up(begin(SADDLE, k=1)).sentence
    assert "here" not in {point.id for point in draw(begin()).points}  # it would lie on the start


@pytest.mark.parametrize(
    ("error", "text"),
    [(36.2, "36 times"), (2e5, "2e+05 times"), (0.384, "38%"), (0.0251, "2.5%"), (3e-6, "3e−06")],
)
def test_an_error_in_words(error, text):
    assert share(error) == text


@pytest.mark.parametrize("view", list(VIEWS))
def test_level_lines_are_level(view):
    f, axes = VIEWS[view].function, VIEWS[view].axes
    values = []
    for line in level_lines(f, axes):
        points = np.array([p for piece in line.pieces for p in piece])
        heights = f.value(points.T)
        values.append(float(np.median(heights)))
        slope = np.linalg.norm(f.gradient(points.T), axis=0).max()
        width = axes.xlim[1] - axes.xlim[0]
        assert np.abs(heights - values[-1]).max() <= 2e-3 * width * slope
    assert values == sorted(values)
