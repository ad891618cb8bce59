"""Straight boundaries are exact; contours lie where the function has the level."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teachkit.scenes.contours import contour, zero_line
from teachkit.scenes.scene import Axes

AXES = Axes((-2.0, 6.0), (-1.0, 3.0))
numbers = st.floats(-10, 10).filter(lambda v: v == 0 or abs(v) > 1e-6)


@given(numbers, numbers, numbers)
def test_a_boundary_is_exact_and_ends_at_the_edge(a, b, c):
    pieces = zero_line(a, b, c, AXES)
    corners = [a * x + b * y + c for x in AXES.xlim for y in AXES.ylim]
    crosses = min(corners) < -1e-9 and max(corners) > 1e-9
    if not pieces:
        assert not crosses or (a == 0 and b == 0)
        return
    assert a != 0 or b != 0
    ((first, last),) = pieces
    for x, y in (first, last):
        assert a * x + b * y + c == pytest.approx(0, abs=1e-12 * (abs(a) + abs(b) + abs(c)) * 10)
        assert -2 <= x <= 6
        assert -1 <= y <= 3
        edges = (x + 2, 6 - x, y + 1, 3 - y)
        assert min(edges) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("theta", "ends"),
    [
        ((1.0, 0.0, -1.0), {(1.0, -1.0), (1.0, 3.0)}),
        ((0.0, 2.0, -1.0), {(-2.0, 0.5), (6.0, 0.5)}),
        ((0.5, -1.0, 0.0), {(-2.0, -1.0), (6.0, 3.0)}),
    ],
)
def test_boundaries_known_by_hand(theta, ends):
    assert set(zero_line(*theta, AXES)[0]) == ends


def test_a_boundary_outside_and_none_at_all():
    assert zero_line(1.0, 0.0, 100.0, AXES) == ()
    assert zero_line(0.0, 0.0, 1.0, AXES) == ()


def test_a_boundary_that_is_not_finite_says_so():
    with pytest.raises(ValueError, match="not finite"):
        zero_line(float("nan"), 1.0, 0.0, AXES)


def test_axes_of_very_different_lengths_lose_no_digits():
    axes = Axes((0.0, 1e-6), (0.0, 1e6))
    ((first, last),) = zero_line(1e6, -1e-6, 0.0, axes)
    assert {first, last} == {(0.0, 0.0), (1e-6, 1e6)}


def test_a_contour_of_a_linear_function_is_its_boundary():
    (piece,) = contour(lambda x, y: 0.3 * x - y + 0.4, AXES)
    ((first, last),) = zero_line(0.3, -1.0, 0.4, AXES)
    ends = sorted([piece[0], piece[-1]])
    np.testing.assert_allclose(ends, sorted([first, last]), atol=1e-12)


def test_a_circle_has_its_radius():
    (piece,) = contour(lambda x, y: np.hypot(x - 1, y - 1), AXES, level=1.5, resolution=201)
    radii = np.hypot(*(np.array(piece) - 1).T)
    np.testing.assert_allclose(radii, 1.5, atol=1e-3)
    assert piece[0] == piece[-1]


def test_a_contour_in_two_parts_is_two_pieces():
    assert len(contour(lambda x, y: x * y, Axes((-1, 1), (-1, 1)), level=0.25)) == 2
    assert contour(lambda x, y: x + y, AXES, level=1e3) == ()


def test_values_on_a_grid_and_gaps_in_them():
    _, x = np.meshgrid(np.linspace(-1, 3, 21), np.linspace(-2, 6, 41), indexing="ij")
    values = x - 2.0
    assert np.allclose(np.array(contour(values, AXES)[0])[:, 0], 2.0)
    values[10] = np.nan
    assert len(contour(values, AXES)) == 2


@pytest.mark.parametrize("f", [np.zeros(5), np.zeros((1, 5)), lambda x, y: 1.0])
def test_a_shape_that_is_no_grid_says_so(f):
    with pytest.raises(ValueError, match="one value for each point of a grid"):
        contour(f, AXES)
