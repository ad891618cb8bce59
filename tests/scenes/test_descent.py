"""The descent explorer's state and scenes: two methods, what they do, and how it is told."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from teachkit import functions, minimize, optimize
from teachkit.scenes import descent as gesture
from teachkit.scenes.contours import contour, thinned
from teachkit.scenes.descent import ARRIVED, LANDSCAPES, begin, walk
from teachkit.scenes.descent_drawing import FLOOR, START, draw, draw_norms
from teachkit.scenes.landscape import level_lines
from teachkit.scenes.methods import DIRECTIONS, MOST, SEARCHES, Method, PlainNewton
from teachkit.scenes.scene import Axes

PLAIN = ("plain Newton", "full step")
DOWN = ("Newton", "backtracking")


def lines(scene):
    return {line.id: line for line in scene.lines}


def test_every_direction_and_search_of_the_library_is_offered():
    offered = {type(one) for one in (*DIRECTIONS.values(), *SEARCHES.values())}
    classes = {made for made in vars(optimize).values() if isinstance(made, type)}
    methods = {made for made in classes if hasattr(made, "begin") or "__call__" in vars(made)}
    assert offered - {PlainNewton} == methods


@pytest.mark.parametrize("landscape", LANDSCAPES)
def test_any_two_methods_can_be_compared_and_drawn(landscape):
    for direction in DIRECTIONS:
        for search in SEARCHES:
            state = walk(begin(landscape, methods=((direction, search), DOWN)), MOST)
            json.dumps(draw(state).as_dict(), allow_nan=False)
            json.dumps(draw_norms(state).as_dict(), allow_nan=False)


def test_the_iterates_are_those_of_the_library():
    state = begin("Rosenbrock", methods=(("BFGS", "Wolfe"), ("steepest descent", "backtracking")))
    for descent, direction, search in zip(
        state.descents,
        (optimize.BFGS(), optimize.SteepestDescent()),
        (optimize.Wolfe(), optimize.Backtracking()),
        strict=True,
    ):
        trace = minimize(functions.rosenbrock, state.start, direction, search, max_iter=12)
        for mine, theirs in zip(descent.iterates, trace.iterates, strict=False):
            np.testing.assert_array_equal(mine.x, theirs.x)


def test_plain_newton_on_rosenbrock_jumps_up_before_it_arrives():
    state = begin("Rosenbrock", methods=(PLAIN, DOWN))
    values = [it.value for it in state.descents[0].iterates]
    np.testing.assert_allclose(values[:4], [24.2, 4.73, 1411.8, 0.0560], rtol=1e-2)
    assert state.descents[0].iterates[-1].gradient_norm <= ARRIVED


@pytest.mark.parametrize(("x", "end"), [(0.44, "saddle"), (0.46, "minimum"), (-0.44, "saddle")])
def test_plain_newton_falls_into_the_saddle_and_shifted_newton_does_not(x, end):
    state = walk(begin("a saddle", (x, 1.0), (PLAIN, DOWN)), MOST)
    plain, shifted = (descent.iterates[-1].x for descent in state.descents)
    assert state.kind_of_end(plain) == end
    assert state.kind_of_end(shifted) == "minimum"
    assert f"at a {end} since step" in draw(state).sentence


def test_plain_newton_uphill_is_no_step_for_a_line_search():
    state = walk(begin("a saddle", (0.3, 0.1), (("plain Newton", "backtracking"), DOWN)), 3)
    assert "The direction does not lead downhill" in draw(state).sentence


def test_plain_newton_says_where_the_hessian_is_singular():
    class Flat:
        def value(self, x):
            return float(x[0] ** 2)

        def gradient(self, x):
            return np.array([2 * x[0], 0.0])

        def hessian(self, x):
            return np.array([[2.0, 0.0], [0.0, 0.0]])

    trace = minimize(Flat(), [1.0, 1.0], PlainNewton())
    assert not trace.converged
    assert "singular" in trace.message


def test_himmelblau_from_the_top_goes_up_with_plain_newton():
    state = walk(begin("Himmelblau", methods=(PLAIN, DOWN)), MOST)
    assert state.kind_of_end(state.descents[0].iterates[-1].x) == "maximum"
    assert "at a maximum since step" in draw(state).sentence


def test_a_degenerate_end_is_called_a_stationary_point():
    state = begin("a long bowl")
    flat = begin("a saddle")
    assert state.kind_of_end(np.zeros(2)) == "minimum"
    assert flat.kind_of_end(np.array([3**-0.5, 0.0])) == ""


def test_steps_of_another_method_are_kept():
    state = walk(begin("Rosenbrock"), 9)
    other = gesture.take(state, 0, Method("L-BFGS", "Wolfe"))
    assert other.k == 9
    assert other.methods == (Method("L-BFGS", "Wolfe"), state.methods[1])
    assert gesture.take(state, 1, Method("BFGS", "Wolfe")).methods[0] == state.methods[0]
    assert gesture.move(other, 0.5, 0.5).start == (0.5, 0.5)
    assert gesture.choose(other, functions.himmelblau).k == 0
    bowl = gesture.take(gesture.choose(other, functions.bowl), 0, Method(*PLAIN))
    assert walk(gesture.take(bowl, 1, Method(*PLAIN)), 50).k == 1


def test_both_paths_begin_at_the_start_and_end_at_step_k():
    state = walk(begin("Rosenbrock"), 5)
    for style, descent in zip(("first", "second"), state.descents, strict=True):
        pieces = lines(draw(state))[style].pieces
        assert pieces[0][0] == state.start
        assert pieces[-1][1] == tuple(descent.iterates[5].x)
        assert len(pieces) == 5


def test_gradient_norms_are_those_of_the_iterates():
    state = walk(begin("Rosenbrock"), 14)
    scene = draw_norms(state)
    for style, descent in zip(("first", "second"), state.descents, strict=True):
        heights = [piece[0][1] for piece in lines(scene)[style].pieces]
        norms = [it.gradient_norm for it in descent.upto(13)]
        np.testing.assert_allclose(heights, np.log10(norms))
    arrived = draw_norms(walk(state, MOST))
    assert lines(arrived)["first"].pieces[-1][1][1] == np.log10(FLOOR)  # a gradient of exactly 0
    assert arrived.axes.xlim[1] >= MOST


def test_what_the_last_step_left_of_the_gradient_is_told():
    state = begin("Rosenbrock", methods=(PLAIN, ("steepest descent", "backtracking")))
    assert draw_norms(state).sentence.endswith("Take a step, or run.")
    plain = state.descents[0].iterates
    left = f"{plain[6].gradient_norm / plain[5].gradient_norm:.2g}".replace("-", "−")
    assert f"A's step 6 multiplied it by {left};" in draw_norms(walk(state, 6)).sentence
    ended = draw_norms(walk(state, 60)).sentence
    assert "A's step 7 left nothing of it;" in ended


def test_a_star_lies_over_who_arrives_there_and_the_start_over_all():
    ids = [point.id for point in draw(walk(begin("a saddle", (0.44, 1.4)), MOST)).points]
    assert ids[-3:] == ["minimum0", "minimum1", START]
    assert ids[:-3] and all(name.startswith(("first-", "second-")) for name in ids[:-3])


def test_a_path_that_leaves_the_picture_says_so():
    state = begin("Rosenbrock", methods=(PLAIN, DOWN))  # at step 2 plain Newton is at y = -3.2
    for k, ends in ((1, ("", "")), (2, ("A", "")), (9, ("", ""))):
        drawn = lines(draw(walk(state, k)))
        assert (drawn["first"].end, drawn["second"].end) == ends
        assert (drawn["first"].leaves, drawn["second"].leaves) == (ends[0] != "", False)


def test_what_can_be_dragged_and_what_is_told_of_a_step():
    scene = draw(walk(begin("Rosenbrock"), 3))
    assert [point.id for point in scene.points if point.draggable] == [START]
    note = scene.point("first-2").note
    assert note.startswith("f = ") and "gradient norm" in note
    table = {row[0]: row[1:] for row in scene.table}
    assert table["step"] == ("3", "3")


def test_level_lines_are_level_and_have_few_points():
    state = begin("Himmelblau")
    levels = [line for line in draw(state).lines if line.style == "contour"]
    for line in levels:
        level = float(line.label.removeprefix("f = "))  # to three digits
        for piece in line.pieces:
            x = np.array(piece).T
            slope = np.linalg.norm(functions.himmelblau.gradient(x), axis=0)
            off = np.abs(functions.himmelblau.value(x) - level)
            assert (off < 0.01 * slope.max() + 0.005 * level).all()
    assert sum(len(piece) for line in levels for piece in line.pieces) < 2500


def test_thinning_stays_near_and_keeps_the_ends():
    axes = Axes((-2.0, 2.0), (-2.0, 2.0))
    (circle,) = contour(lambda x, y: x**2 + y**2, axes, 1.0)
    (thin,) = thinned((circle,), 0.01)
    assert thin[0] == circle[0] and thin[-1] == circle[-1]
    assert 10 < len(thin) < len(circle) / 3
    sides = np.diff(np.array(thin), axis=0)
    middles = np.array(thin)[:-1] + sides / 2
    assert np.abs(np.hypot(*middles.T) - 1).max() < 0.011
    assert thinned((circle[:2],), 1.0) == (circle[:2],)
    assert thinned((), 1.0) == ()
    spike = ((0.0, 0.0), (1.0, 0.0), (2.0, 5.0), (3.0, 0.0), (4.0, 0.0))
    assert thinned((spike,), 0.5) == (spike,)
    assert thinned((((0.0, 0.0), (1.0, 0.1), (2.0, 0.0)),), 0.5) == (((0.0, 0.0), (2.0, 0.0)),)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"landscape": "Everest"}, "'Everest'; take one of 'Rosenbrock'"),
        ({"landscape": functions.wood}, "two coordinates"),
        ({"landscape": functions.rosenbrock, "methods": (("Newton!", "Wolfe"), DOWN)}, "'Newton!'"),
        ({"landscape": "Rosenbrock", "methods": (("BFGS", "luck"), DOWN)}, "'luck'"),
        ({"landscape": "Rosenbrock", "start": (np.nan, 0.0)}, "two finite numbers"),
        ({"landscape": "Rosenbrock", "start": (1e200, 0.0)}, "no finite value"),
    ],
)
def test_a_wrong_start_is_told(arguments, said):
    with pytest.raises(ValueError, match=said):
        begin(**arguments)


def scaled(f, height, width=1.0):
    """The same function with other units: height f(x / width)."""
    wide, h = width, height
    return replace(
        f,
        name=f"{h:g} times {f.name}",
        start=tuple(wide * a for a in f.start),
        minimisers=tuple(tuple(wide * a for a in place) for place in f.minimisers),
        box=tuple((wide * a, wide * b) for a, b in f.box),
        formula=lambda x, y: h * f.formula(x / wide, y / wide),
        first=lambda x, y: tuple(h / wide * g for g in f.first(x / wide, y / wide)),
        second=lambda x, y: tuple(
            tuple(h / wide**2 * entry for entry in row) for row in f.second(x / wide, y / wide)
        ),
    )


@pytest.mark.parametrize("height", [1e-30, 1e-9, 1e9, 1e30])
@pytest.mark.parametrize("width", [1e-6, 1.0, 1e6])
def test_a_function_of_any_size_has_the_same_picture(height, width):
    """Newton's method does not know units, and neither does what is drawn and said of it."""
    usual = begin("Rosenbrock", k=8)
    state = begin(scaled(functions.rosenbrock, height, width), k=8)
    for it, expected in zip(state.descents[0].upto(8), usual.descents[0].upto(8), strict=True):
        np.testing.assert_allclose(it.x, width * np.array(expected.x), rtol=1e-6)
    scene, plain = draw(state), draw(usual)
    for drawn in (scene, draw_norms(state)):
        drawn.as_dict()
    assert (
        len([a for a in scene.lines if a.pieces]) >= len([a for a in plain.lines if a.pieces]) - 1
    )
    assert "minimum" not in scene.sentence.split("; B")[0]
    arrived = gesture.walk(state, state.descents[0].last)
    if height < 1:
        assert "at a minimum since step" in draw(arrived).sentence


def height_of(level):
    return float(level.label.removeprefix("f = ").replace("\N{MINUS SIGN}", "-"))


def test_a_function_that_is_finite_in_a_part_of_its_box_only():
    f = replace(
        functions.rosenbrock,
        box=((-2.0, 3.0), (-2.0, 2.0)),
        start=(0.1, 1.0),
        minimisers=((1.0, 0.0),),
        formula=lambda x, y: x - np.log(x) + y**2,
        first=lambda x, y: (1 - 1 / x, 2 * y),
        second=lambda x, y: ((1 / x**2, 0.0), (0.0, 2.0)),
    )
    state = begin(f, k=6)
    levels = [line for line in draw(state).lines if line.style == "contour" and line.pieces]
    assert len(levels) >= 8
    for level in levels:
        value = height_of(level)
        for piece in level.pieces:
            x, y = np.array(piece).T
            near = np.abs(f.formula(x, y) - value) / (1 + np.abs(1 / x) + np.abs(y))
            assert near.max() < 0.02
    with pytest.raises(ValueError, match="no finite value at \\(-1.0, 1.0\\)"):
        gesture.move(state, -1.0, 1.0)


def test_a_formula_written_with_math_is_drawn_where_it_does_not_overflow():
    f = replace(
        functions.rosenbrock,
        box=((-40.0, 40.0), (-40.0, 40.0)),
        start=(1.0, 1.0),
        formula=lambda x, y: math.exp(float(x) ** 2) + float(y) ** 2,
        first=lambda x, y: (2 * float(x) * math.exp(float(x) ** 2), 2 * float(y)),
        second=lambda x, y: (
            ((2 + 4 * float(x) ** 2) * math.exp(float(x) ** 2), 0.0),
            (0.0, 2.0),
        ),
    )
    levels = [level for level in level_lines(f, Axes((-3.0, 3.0), (-3.0, 3.0))) if level.pieces]
    assert len(levels) == 10
    for level in levels:
        for piece in level.pieces:
            x, y = np.array(piece).T
            off = np.log(np.exp(x**2) + y**2) - math.log(height_of(level))
            assert np.abs(off).max() < 0.1
    usual = replace(
        f,
        formula=lambda x, y: np.exp(x**2) + y**2,
        first=lambda x, y: (2 * x * np.exp(x**2), 2 * y),
        second=lambda x, y: (((2 + 4 * x**2) * np.exp(x**2), 0.0), (0.0, 2.0)),
    )
    both = [begin(given, (3.0, 1.0), k=4).descents for given in (f, usual)]  # e^(100) on the way
    for descent, expected in zip(*both, strict=True):
        np.testing.assert_allclose(descent.upto(4)[-1].x, expected.upto(4)[-1].x, rtol=1e-9)
    with pytest.raises(ValueError, match="no finite value at \\(30.0, 1.0\\)"):
        gesture.move(begin(f), 30.0, 1.0)


def test_on_a_plain_nothing_is_called_a_maximum():
    f = replace(
        functions.rosenbrock,
        minimisers=(),
        formula=lambda x, y: 0 * x,
        first=lambda x, y: (0 * x, 0 * y),
        second=lambda x, y: ((0 * x, 0 * x), (0 * x, 0 * x)),
    )
    assert "at a stationary point from the start" in draw(begin(f)).sentence
