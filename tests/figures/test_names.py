"""Names at the ends of lines, as the plane has them."""

from __future__ import annotations

import pytest

from teachkit.datasets import blobs
from teachkit.figures.draw import draw
from teachkit.scenes import influence as gesture
from teachkit.scenes import influence_drawing
from teachkit.scenes.influence_start import begin
from teachkit.scenes.meanings import SHARED
from teachkit.scenes.scene import Axes, Line, Scene


def names(*lines: Line) -> dict[str, tuple[float, float]]:
    """The words, and where they stand in parts of the picture."""
    axes = draw(Scene(Axes((0.0, 10.0), (0.0, 10.0)), lines=lines)).axes[0]
    return {text.get_text(): text.xy for text in axes.texts if text.get_gid()}


def level(name: str, y: float) -> Line:
    return Line(name, (((0.0, y), (10.0, y)),), name, end=name)


def test_a_name_stands_at_the_last_place_in_sight():
    slope = Line("retrained", (((0.0, 0.0), (20.0, 20.0)),), "retrained", end="retrained")
    assert names(level("now", 2.0), slope) == {
        "now": pytest.approx((1.0, 0.2)),
        "retrained": pytest.approx((1.0, 1.0)),
    }


@pytest.mark.parametrize(("end", "side"), [(6.0, "left"), (4.0, "right")])
def test_a_line_that_leaves_at_the_top_has_its_name_beside_it(end, side):
    """On the side that it does not come from."""
    line = Line("now", (((10.0 - end, 0.0), (end, 10.0)),), "now", end="now")
    axes = draw(Scene(Axes((0.0, 10.0), (0.0, 10.0)), lines=(line,))).axes[0]
    (name,) = [text for text in axes.texts if text.get_gid()]
    assert name.xy == pytest.approx((end / 10, 1.0))
    assert name.get_horizontalalignment() == side


@pytest.mark.parametrize(("end", "side"), [(7.0, "above"), (3.0, "below")])
def test_a_line_that_leaves_at_the_side_has_its_name_where_it_does_not_come_from(end, side):
    line = Line("now", (((0.0, 10.0 - end), (10.0, end)),), "now", end="now")
    axes = draw(Scene(Axes((0.0, 10.0), (0.0, 10.0)), lines=(line,))).axes[0]
    (name,) = [text for text in axes.texts if text.get_gid()]
    assert ("above" if name.xyann[1] > 0 else "below") == side


def test_names_of_lines_on_one_another_stand_above_and_below_and_at_the_other_end():
    there = names(level("now", 5.0), level("retrained", 5.0), level("predicted", 5.0))
    last, first = pytest.approx((1.0, 0.5)), pytest.approx((0.0, 0.5))
    assert there == {"now": last, "retrained": last, "predicted": first}


def test_curves_that_begin_at_one_place_are_named_where_they_end():
    fan = [
        Line(name, (((1.0, 9.0), (4.0 + k, 5.0 - k)),), name, end=name)
        for k, name in enumerate(["now", "retrained", "predicted"])
    ]
    for k, place in enumerate(names(*fan).values()):
        assert place == pytest.approx((0.4 + 0.1 * k, 0.5 - 0.1 * k))


def test_a_name_lies_beside_lines_and_not_on_them():
    """Right above its end there is another line."""
    others = Line("others", (((5.0, 5.3), (10.0, 5.3)),), "guide")
    axes = draw(Scene(Axes((0.0, 10.0), (0.0, 10.0)), lines=(level("now", 5.0), others))).axes[0]
    [text] = [text for text in axes.texts if text.get_gid()]
    assert text.get_position()[1] < 0  # points from its end: below


@pytest.mark.parametrize(("y", "arrow", "edge"), [(15.0, "↑", 0.98), (-9.0, "↓", 0.02)])
def test_what_is_outside_the_picture_is_said_at_its_edge(y, arrow, edge):
    [(words, (_, height))] = names(level("retrained", y)).items()
    assert words == f"retrained: outside the picture {arrow}"
    assert height == edge


def test_without_a_class_the_boundary_leaves_the_picture_on_its_side():
    """Every example is of class +1 then, so the boundary flees from them, over the other class."""
    start = begin(*blobs())
    squares = tuple(i for i in range(start.n) if start.y[i] < 0)
    state = gesture.upweigh(start, squares, -1 / start.n)
    axes = draw(influence_drawing.draw(state)).axes[0]
    texts = [text.get_text() for text in axes.texts if text.get_gid()]
    assert texts == ["now", "retrained: outside the picture ←", "predicted"]
    first, second, intercept = state.answer.retrained
    left, _ = state.axes.xlim
    corners = [(x, y) for x in state.axes.xlim for y in state.axes.ylim]
    assert all(first * x + second * y + intercept > 0 for x, y in corners)
    assert -intercept / first < left


def test_nothing_is_known_of_a_line_without_pieces():
    assert list(names(Line("now", (), "now", end="now"))) == ["now: outside the picture"]


def test_a_line_that_leaves_says_so_where_it_was_seen_last():
    for over, arrow, place in ((20.0, "↗", (0.98, 0.98)), (-20.0, "↘", (0.8, 0.02))):
        path = (((1.0, 5.0), (5.0, 5.0)), ((5.0, 5.0), (20.0, over)))
        there = names(Line("now", path, "now", end="A", leaves=True))
        assert there == {f"A: outside the picture {arrow}": pytest.approx(place)}


def test_what_the_legend_does_not_name_has_its_name_in_any_case():
    lines = tuple(level(name, 5.0) for name in ("now", "retrained", "predicted"))
    legend = {line.id: SHARED[line.id].called("") for line in lines}
    axes = draw(Scene(Axes((0.0, 10.0), (0.0, 10.0)), lines=lines, legend=legend)).axes[0]
    assert {text.get_text() for text in axes.texts if text.get_gid()} == set(legend)


def test_retrained_and_predicted_are_drawn_once_something_is_changed():
    start = begin(*blobs())
    assert [line.end for line in influence_drawing.draw(start).lines] == ["now"]
    moved = influence_drawing.draw(gesture.place(start, "3", 0.5, 1.5))
    assert [line.end for line in moved.lines] == ["now", "retrained", "predicted"]


def test_a_point_that_is_moved_and_out_is_named_once():
    state = gesture.weigh(gesture.place(begin(*blobs()), "3", 0.5, 1.5), 3, 0.0)
    assert influence_drawing.changes(state) == "Point 3 moved and out"
    assert influence_drawing.changes(gesture.weigh(state, 40, 0.0)) == (
        "Point 40 out, point 3 moved and out"
    )
