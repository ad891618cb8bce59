"""Figures of lessons borrow the looks of the explorers by the name of what they mean."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pytest
from matplotlib.colors import to_hex

from teachkit import figures


@pytest.mark.parametrize(
    ("name", "colour", "dashes"),
    [
        ("now", "#333333", None),
        ("retrained", "#00805E", (7.5, 3.0)),
        ("predicted", "#B5478A", (1.5, 3.0)),
        ("orange dash", "#D55E00", (6.0, 3.0)),
    ],
)
def test_a_line_looks_as_in_the_explorers(name, colour, dashes):
    figure, axes = plt.subplots()
    (line,) = axes.plot([0, 1], [0, 1], **figures.style(name))
    assert to_hex(line.get_color()).upper() == colour
    drawn = line._dash_pattern[1]  # in points: three quarters of the plane's pixels
    assert (drawn is None) if dashes is None else drawn == pytest.approx(dashes)
    plt.close(figure)


def test_a_point_looks_as_in_the_explorers():
    figure, axes = plt.subplots()
    (star,) = axes.plot([0], [0], **figures.style("test"))
    (out,) = axes.plot([0], [0], **figures.style("removed"))
    assert (star.get_marker(), star.get_linestyle()) == ("*", "None")
    assert to_hex(star.get_markerfacecolor()).upper() == "#B5478A"
    assert out.get_markerfacecolor() == "none"
    assert to_hex(figures.style("test", dark=True)["markerfacecolor"]).upper() == "#E597C3"
    plt.close(figure)


def test_a_style_that_does_not_exist_is_told_those_that_do():
    with pytest.raises(ValueError, match="no style 'refitted'.*retrained.*orange dash"):
        figures.style("refitted")
