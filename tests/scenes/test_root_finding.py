"""The root finder's state and scene: steps, presets, and what is said of them."""

from __future__ import annotations

import json
import math
from itertools import pairwise

import numpy as np
import pytest
from scipy.optimize import newton

from teachkit.scenes import root_finding as gesture
from teachkit.scenes.root_drawing import START, describe, draw
from teachkit.scenes.root_finding import MOST, PRESETS, begin, walk
from teachkit.scenes.words import subscript

VIEW = (-4.0, 4.0)


def preset(name):
    chosen = next(p for p in PRESETS if p.name == name)
    return begin(chosen.text, chosen.x0, chosen.view)


def test_the_steps_are_those_of_scipy():
    state = begin("x^3 - 2x - 5", 3.5, (0.5, 4.0))
    root = newton(lambda x: x**3 - 2 * x - 5, 3.5, lambda x: 3 * x**2 - 2, tol=1e-14)
    assert state.root == pytest.approx(root, abs=1e-14)
    for k in range(4):
        with_k = newton(
            lambda x: x**3 - 2 * x - 5,
            3.5,
            lambda x: 3 * x**2 - 2,
            maxiter=k + 1,
            disp=False,
            tol=1e-300,
        )
        assert state.iterates[k + 1].x == pytest.approx(with_k, abs=1e-13)


@pytest.mark.parametrize(
    ("name", "steps", "said"),
    [
        ("a simple root", range(5, 10), "That is a root. The order measured is 2.0."),
        ("a cycle", [MOST], "repeat with period 2, a cycle"),
        ("too far away", range(10, 20), "they diverge"),
        ("a double root", range(45, 60), "The order measured is 1.0."),
        ("a horizontal tangent", [0], "f'(x) = 0 at x = 0"),
        ("two values for ever", [MOST], "repeat with period 2, a cycle"),
        ("away by doubling", [MOST], "still no root"),
        ("out of the domain", [0], "not a finite real number at x = -0.29"),
        ("faster than promised", range(4, 8), "The order measured is 3.0."),
    ],
)
def test_each_preset_shows_what_it_is_there_for(name, steps, said):
    end = walk(preset(name), MOST)
    assert end.last in steps
    assert said in describe(end)
    json.dumps(draw(end).as_dict(), allow_nan=False)


def test_every_preset_has_a_case_above():
    assert len(PRESETS) == 9


def test_the_ratios_at_a_double_root_tend_to_a_half():
    state = walk(preset("a double root"), 8)
    ratios = [float(row[4]) for row in draw(state).table[1:] if row[0] != "0"]
    assert ratios[0] == pytest.approx(0.667, abs=1e-3)
    assert ratios[-1] == pytest.approx(0.5, abs=6e-3)
    assert ratios == sorted(ratios, reverse=True)


@pytest.mark.parametrize(("x0", "arrives"), [(1.39, True), (1.40, False), (-1.39, True)])
def test_arctan_has_a_threshold(x0, arrives):
    assert (begin("arctan(x)", x0, VIEW).root is not None) is arrives


def test_walking_stops_at_both_ends():
    state = preset("a simple root")
    assert walk(state, -3).k == 0
    assert walk(state, 99).k == state.last
    assert walk(state, 2).shown == state.iterates[:3]


def test_a_drag_keeps_the_steps_that_there_are():
    state = walk(begin("x^2 - 2", 1.0, VIEW), 3)
    moved = gesture.move(state, 2.0)
    assert (moved.k, moved.iterates[0].x) == (3, 2.0)
    assert gesture.move(state, 0.0).k == 0  # f' = 0: there is no step from here
    assert gesture.retype(state, "x^2-3").k == 0
    assert gesture.retype(state, "x^2-3").x0 == 1.0
    assert gesture.look(state, 0.0, 3.0).view == (0.0, 3.0)


@pytest.mark.parametrize(
    "gesture_on",
    [
        lambda s: gesture.retype(s, "import os"),
        lambda s: gesture.move(s, math.inf),
        lambda s: gesture.move(s, math.nan),
        lambda s: gesture.look(s, 2.0, 1.0),
        lambda s: gesture.look(s, 1.0, 1.0),
        lambda s: gesture.look(s, -1e300, 1e300),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(gesture_on):
    with pytest.raises(ValueError, match=r"\. |;"):
        gesture_on(preset("a simple root"))


def test_the_tangent_touches_the_curve_and_meets_the_axis_at_the_next_step():
    state = walk(preset("a simple root"), 1)
    scene = draw(state)
    (a, b), (c, d) = next(line for line in scene.lines if line.id == "tangent").pieces[0]
    here, after = state.iterates[1], state.iterates[2]
    slope = (d - b) / (c - a)
    assert slope == pytest.approx(3 * here.x**2 - 2)
    assert b + slope * (here.x - a) == pytest.approx(here.value)
    assert a - b / slope == pytest.approx(after.x)


def test_iterates_that_flee_are_said_to_be_outside():
    state = preset("too far away")
    path = {k: draw(walk(state, k)).lines[-1] for k in (4, MOST)}
    assert (path[4].id, path[4].end, path[4].leaves) == ("path", "", False)
    assert path[MOST].leaves
    assert path[MOST].end == f"x{subscript(state.last)}"


def test_the_path_goes_from_the_axis_to_the_curve_and_down_the_tangent():
    state = walk(preset("a simple root"), 2)
    path = next(line for line in draw(state).lines if line.id == "path")
    x = [it.x for it in state.shown]
    corners = [piece[0] for piece in path.pieces] + [path.pieces[-1][1]]
    expected = [(x[0], 0), (x[0], state.shown[0].value), (x[1], 0), (x[1], state.shown[1].value),
                (x[2], 0), (x[2], state.shown[2].value)]  # fmt: skip
    np.testing.assert_allclose(corners, expected)


@pytest.mark.parametrize(
    ("name", "k", "names"),
    [
        ("a simple root", 1, ["x₀", "x₁", "x₂"]),
        ("a simple root", 99, ["x₀", "x₁", "x₂…x{last}"]),
        ("a cycle", 2, ["x₀, x₂", "x₁, x₃"]),
        ("a cycle", 99, ["x₀, x₂, …", "x₁, x₃, …"]),
    ],
)
def test_no_iterate_of_the_picture_is_without_a_name_and_names_stand_apart(name, k, names):
    state = walk(preset(name), k)
    labels = draw(state).labels
    names = [text.format(last=subscript(state.last)) for text in names]
    assert sorted(label.text for label in labels) == names
    low, high = preset(name).view
    width = 570 / (high - low)  # px, of a plane on a laptop
    for one, other in pairwise(sorted(labels, key=lambda label: label.x)):
        assert width * (other.x - one.x) > 6.8 * len(one.text)


def test_the_view_follows_the_iterates_but_not_to_the_end_of_the_world():
    state = begin("arctan(x)", 1.4, VIEW)
    assert draw(state).axes.xlim == VIEW
    widened = draw(walk(state, 6)).axes.xlim
    assert widened[1] > state.iterates[6].x > 4
    far = draw(walk(state, MOST)).axes.xlim
    assert far[1] - far[0] < 14 * 8
    json.dumps(draw(walk(state, MOST)).as_dict(), allow_nan=False)


@pytest.mark.parametrize(
    "text", ["1/x", "tan(x)", "log(x)", "sqrt(x)", "log(-1)", "exp(x^4)", "3", "0*x"]
)
def test_poles_gaps_and_constants_can_be_drawn(text):
    for x0 in (0.0, 0.5, -2.0):
        state = walk(begin(text, x0, VIEW), 5)
        scene = draw(state)
        json.dumps(scene.as_dict(), allow_nan=False)
        assert scene.sentence and scene.alt


def test_a_pole_is_no_line():
    curve = next(line for line in draw(begin("1/x", 1.0, VIEW)).lines if line.id == "curve")
    assert len(curve.pieces) == 2


def test_the_start_is_a_point_to_drag_and_the_iterates_are_to_look_at():
    points = {point.id: point for point in draw(walk(preset("a simple root"), 3)).points}
    assert points[START].draggable
    assert not any(p.draggable for name, p in points.items() if name != START)
    assert not any(p.toggleable for p in points.values())
    assert "f(x) = " in points["x1"].note


@pytest.mark.parametrize(
    ("text", "x0", "view", "root"),
    [
        ("x - 1e-10", 1e-9, (0.0, 1e-9), 1e-10),
        ("x^2 - 1e-20", 1e-9, (0.0, 1e-9), 1e-10),
        ("x^2 - 1e60", 1e31, (0.0, 2e30), 1e30),
        ("1e-300*(x^2 - 4)", 3.0, (-3.0, 3.0), 2.0),
        ("1e300*(x^2 - 4)", 3.0, (-3.0, 3.0), 2.0),
    ],
)
def test_roots_and_values_of_any_size(text, x0, view, root):
    state = begin(text, x0, view)
    state = walk(state, state.last)
    assert state.root == pytest.approx(root, rel=1e-12)
    assert "That is a root." in describe(state)
    scene = draw(state)
    scene.as_dict()
    assert scene.axes.xlim[0] <= view[0] < view[1] <= scene.axes.xlim[1]
    assert float(scene.table[-1][1].replace("\N{MINUS SIGN}", "-")) == pytest.approx(root, rel=1e-5)
    lines = {line.id: line for line in scene.lines}
    assert lines["curve"].pieces


def test_a_curve_that_is_nowhere_near_finite_is_left_out():
    scene = draw(begin("exp(exp(x))", 9.0, (8.0, 20.0)))
    scene.as_dict()
    assert scene.lines[1].id == "curve" and not scene.lines[1].pieces
