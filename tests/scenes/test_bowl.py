"""The bowl explorer without a front end: its matrix, its level lines, its words."""

from __future__ import annotations

import ast
import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teachkit.derivatives import finite_gradient
from teachkit.scenes.bowl import EXAMPLES, KINDS, BowlState, begin, example
from teachkit.scenes.bowl_drawing import SHOWN, describe, draw, draw_slices
from teachkit.scenes.meanings import look

entries = st.floats(-5, 5).map(lambda v: round(v, 3))


@given(entries, entries, entries)
def test_the_form_has_the_matrix_it_began_with(a, b, c):
    H = np.array([[a, b], [b, c]])
    state = begin(H)
    np.testing.assert_allclose(state.H, H, atol=1e-9)
    np.testing.assert_allclose(sorted(state.eigenvalues), np.linalg.eigvalsh(H), atol=1e-9)
    assert 0 <= state.angle <= 180


@pytest.mark.parametrize("form", EXAMPLES.values(), ids=EXAMPLES)
@pytest.mark.parametrize("x", [(2.0, 0.5), (-2.9, 2.9), (3.0, -3.0), (0.1, 0.2)])
def test_the_gradient_ends_inside_the_picture_and_keeps_its_direction(form, x):
    state = BowlState(*form, x)
    for arrow in draw(state).arrows:
        step = np.subtract(arrow.end, arrow.start)
        assert np.abs(arrow.end).max() <= 3.0 + 1e-12
        share = np.linalg.norm(step) / np.linalg.norm(state.gradient)
        np.testing.assert_allclose(step, share * state.gradient, atol=1e-12)
        assert share <= SHOWN + 1e-12


@given(entries, entries, entries)
def test_the_condition_number_is_numpys(a, b, c):
    H = np.array([[a, b], [b, c]])
    if abs(a * c - b * b) > 1e-2:
        assert begin(H).condition == pytest.approx(np.linalg.cond(H), rel=1e-6)


def test_the_gradient_is_that_of_the_height():
    state = BowlState(3.0, -1.0, 35.0, (0.7, -1.3))

    def height(x):
        return replace(state, x=tuple(x)).value

    expected = finite_gradient(height, np.array(state.x), 1e-5)
    np.testing.assert_allclose(state.gradient, expected, rtol=1e-8)
    (arrow,) = draw(state).arrows
    drawn = np.subtract(arrow.end, arrow.start)
    np.testing.assert_allclose(drawn, SHOWN * expected, rtol=1e-8)


@pytest.mark.parametrize("form", list(EXAMPLES.values()))
def test_level_lines_lie_on_their_levels(form):
    state = BowlState(*form)
    lines = {line.id: line for line in draw(state).lines}
    for name, sign in (("above", 1), ("below", -1)):
        if name not in lines:
            assert all(sign * value <= 0 for value in state.eigenvalues)
            continue
        for piece in lines[name].pieces:
            p = np.array(piece)
            heights = sign * np.einsum("ij,jk,ik->i", p, state.H, p) / 2
            k = 2 * np.sqrt(np.abs(heights))
            assert np.abs(k - round(float(np.median(k)))).max() < 0.05
            assert heights.min() > 0


def test_ellipses_are_as_long_as_the_condition_number_says():
    state = BowlState(4.0, 0.5, 20.0)
    (above, *_) = draw(state).lines
    innermost = np.array(above.pieces[0])
    radii = np.hypot(*innermost.T)
    assert radii.max() / radii.min() == pytest.approx(math.sqrt(state.condition), rel=0.02)
    assert "its ellipses are 2.8 times as long as wide" in describe(state)


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (2, 1, "a bowl, positive definite. Condition number 2.0"),
        (2, 0, "nothing holds x along q₂"),
        (0, 2, "nothing holds x along q₁"),
        (2, -1, "a saddle, indefinite: it falls along q₂"),
        (-1, 2, "a saddle, indefinite: it falls along q₁"),
        (-2, 0, "a ridge, negative semidefinite: level along q₂"),
        (-2, -1, "a hill, negative definite"),
        (0, 0, "flat"),
    ],
)
def test_the_sentence_says_what_it_is(first, second, words):
    state = BowlState(float(first), float(second), 10.0)
    assert words in describe(state)
    assert state.kind in describe(state)
    assert state.kind in KINDS.values()
    for scene in (draw(state), draw_slices(state)):
        json.dumps(scene.as_dict(), allow_nan=False)


def test_examples_are_the_matrices_they_are_named_after():
    for name, form in EXAMPLES.items():
        assert example(BowlState(*form)) == name
        if name.startswith("[["):
            H = ast.literal_eval(name.replace("−", "-"))
            np.testing.assert_allclose(BowlState(*form).H, H, atol=1e-12)
    np.testing.assert_allclose(BowlState(*EXAMPLES["diag(1, 0)"]).H, np.diag([1, 0]), atol=1e-12)
    np.testing.assert_allclose(BowlState(*EXAMPLES["−I"]).H, -np.eye(2), atol=1e-12)
    assert example(BowlState(1.0, 2.0, 3.0)) == ""


def test_slices_are_the_parabolas_of_the_eigenvalues():
    state = BowlState(2.0, -1.0, 0.0)
    for line, value in zip(draw_slices(state).lines, (2.0, -1.0), strict=True):
        t, height = np.array(line.pieces[0]).T
        np.testing.assert_allclose(height, value * t**2 / 2, atol=1e-12)
        assert len(t) > 20


def test_no_arrow_where_there_is_no_slope():
    assert draw(BowlState(2.0, 1.0, 0.0, (0.0, 0.0))).arrows == ()
    assert draw(BowlState(1.0, 0.0, 0.0, (0.0, 2.0))).arrows == ()


@pytest.mark.parametrize(
    ("H", "words"),
    [
        (np.eye(3), r"shape \(3, 3\)"),
        ([[1, 2], [0, 1]], "not symmetric"),
        ([[1, np.nan], [np.nan, 1]], "finite|NaN"),
        ([1, 2], r"shape \(2,\)"),
    ],
)
def test_a_wrong_matrix_is_refused_in_a_sentence(H, words):
    with pytest.raises(ValueError, match=words):
        begin(H)


def test_the_slices_are_told_apart_by_dash_and_by_name():
    scene = draw_slices(BowlState(3.0, 1.0, 0.0))
    assert [line.end for line in scene.lines] == ["q₁", "q₂"]
    solid, dashed = (look(scene.meanings[line.style])["dash"] for line in scene.lines)
    assert solid == []
    assert dashed


@pytest.mark.parametrize(
    ("x", "words"),
    [
        ((1.0, 0.5), "gradient Hx at 0.2 of its length"),
        ((2.9, 0.5), "gradient Hx, as far as the edge"),
    ],
)
def test_the_legend_says_how_much_of_the_gradient_is_drawn(x, words):
    state = BowlState(3.0, 1.0, 0.0, x)
    scene = draw(state)
    assert scene.meanings["gradient"].name == words
    (arrow,) = scene.arrows
    drawn = np.linalg.norm(np.subtract(arrow.end, arrow.start)) / np.linalg.norm(state.gradient)
    assert ("0.2" in words) == (drawn == pytest.approx(0.2, rel=1e-9))


def levels(scene, H):
    """Which k of the heights (k/2)^2 have a line."""
    found = set()
    for piece in scene.lines[0].pieces:
        k = 2 * np.sqrt(np.einsum("ij,jk,ik->i", piece, H, piece) / 2)
        assert np.ptp(k) < 0.1
        found.add(round(float(k.mean())))
    return found


@pytest.mark.parametrize("unit", [1e-200, 1e-9, 1e-3, 1e4, 1e9, 1e200])
def test_a_matrix_in_any_unit_is_the_same_bowl(unit):
    plain, state = begin([[2.0, 1.0], [1.0, 2.0]]), begin(unit * np.array([[2.0, 1.0], [1.0, 2.0]]))
    np.testing.assert_allclose(state.eigenvalues, [3 * unit, unit], rtol=1e-11)
    np.testing.assert_allclose(state.H, unit * plain.H, rtol=1e-11)
    assert (state.kind, state.angle) == ("a bowl", 45.0)
    assert state.condition == pytest.approx(3.0, rel=1e-11)
    scene, usual = draw(state), draw(plain)
    assert levels(scene, plain.H) == levels(usual, plain.H) == set(range(1, 11))
    np.testing.assert_allclose(scene.arrows[0].end, usual.arrows[0].end, rtol=1e-9)
    rows = {name: values for name, *values in scene.table}
    first, _ = (float(text.replace("\N{MINUS SIGN}", "-")) for text in rows["eigenvalues"])
    assert first == pytest.approx(3 * unit, rel=1e-4)
    for drawn in (scene, draw_slices(state)):
        drawn.as_dict()
    slices = draw_slices(state)
    assert slices.axes.ylim == pytest.approx((-6 * state.size, 12 * state.size))
    for curve, value in zip(slices.lines, state.eigenvalues, strict=True):
        t, height = np.array(curve.pieces[0]).T
        np.testing.assert_allclose(height, value * t**2 / 2, rtol=1e-9, atol=1e-12 * state.size)


def test_two_units_in_one_matrix_are_no_trough_and_rounding_is_no_bowl():
    steep = begin([[1e9, 0.0], [0.0, 1e-9]])
    assert steep.eigenvalues == pytest.approx((1e9, 1e-9), rel=1e-11)
    assert steep.condition == pytest.approx(1e18, rel=1e-9)
    assert begin([[1e9, 0.3], [0.3, 1e-9]]).kind == "a bowl"  # det H = 1 - 0.09
    assert begin([[1e9, 2.0], [2.0, 1e-9]]).kind == "a saddle"
    assert begin([[0.1, 0.3], [0.3, 0.9]]).kind == "a trough"  # singular but for rounding
    assert begin([[1e-9, 1e-19], [0.0, 1e-9]]).kind == "a bowl"  # as symmetric as can be
