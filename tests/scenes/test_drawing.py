"""The parts that the drawings of all explorers are made of."""

from __future__ import annotations

import json

import numpy as np
import pytest

from teachkit.scenes.drawing import curve, log_curve, pair, rounded, seen, table, upright
from teachkit.scenes.scene import Axes, Scene


def test_what_is_only_seen_stays_where_it_is():
    point = seen("a", np.float32(0.5), 2, "iterate", "Step 1", "x = 2", size=0.7)
    assert (point.draggable, point.toggleable) == (False, False)
    assert (point.x, point.y, point.label, point.note, point.size) == (
        0.5,
        2.0,
        "Step 1",
        "x = 2",
        0.7,
    )
    assert "removed" not in Scene(Axes((0, 1), (0, 1)), (point,)).meanings


def test_a_guide_reaches_from_the_bottom_to_the_top():
    line = upright("k", 3.0, Axes((0, 5), (-2, 7)), "step 3")
    assert line.pieces == (((3.0, -2), (3.0, 7)),)
    assert (line.style, line.label) == ("guide", "step 3")


def test_curves_are_plain_numbers_in_one_piece():
    x = np.linspace(0, 1, 5, dtype=np.float32)
    (piece,) = curve(x, x**2)
    np.testing.assert_allclose(piece, np.column_stack([x, x**2]))
    assert json.loads(json.dumps(piece)) == [list(place) for place in piece]
    assert rounded((((0.12345, 1.0), (2.71828, -0.99999)),), 3) == (((0.123, 1.0), (2.718, -1.0)),)
    assert pair(np.array([1.5, 2.5, 3.5])) == (1.5, 2.5)
    with pytest.raises(ValueError, match="argument"):
        curve([1, 2], [1])


def test_a_logarithmic_curve_stays_inside_its_picture():
    (piece,) = log_curve([1.0, 1e-3, 0.0, 1e9, np.inf], -6.0, 2.0)
    np.testing.assert_allclose(piece, [(0, 0), (1, -3), (2, -6), (3, 2), (4, 2)], atol=1e-12)


def test_a_table_has_no_ragged_rows():
    assert table(("", "1", "2"), ("x", "3"), ("y", "4", "5"), ("z",)) == (
        ("", "1", "2"),
        ("x", "3", ""),
        ("y", "4", "5"),
        ("z", "", ""),
    )
