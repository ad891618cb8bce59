"""The form and the plane are two ways to the same state."""

from __future__ import annotations

import pytest

from teachkit.scenes.scene import Axes, Point, Scene
from teachkit.widgets.form import Form
from teachkit.widgets.plane import Plane


@pytest.fixture
def plane() -> Plane:
    points = (
        Point("a", 0.123456789, 0.0, "positive", label="Point a"),
        Point("b", 1.0, 1.0, "negative", weight=0.0),
        Point("fixed", 2.0, 2.0, "test", draggable=False, toggleable=False),
    )
    return Plane(Scene(Axes((-1, 3), (-1, 3), "height", "weight"), points))


@pytest.fixture
def form(plane) -> Form:
    return Form(plane)


def test_every_control_has_a_name(form):
    names = [control.description for control in (form.which, form.x, form.y, form.inside)]
    assert names == ["Point", "height", "weight", "in the training set"]
    assert form.which.options == (
        ("choose a point", ""),
        ("Point a", "a"),
        ("b", "b"),
        ("fixed", "fixed"),
    )


def test_nothing_can_be_changed_before_a_point_is_chosen(form):
    assert form.x.disabled and form.y.disabled and form.inside.disabled


def test_it_follows_the_plane(plane, form):
    plane.selected = "b"
    assert (form.which.value, form.x.value, form.y.value, form.inside.value) == (
        "b",
        1.0,
        1.0,
        False,
    )
    plane.positions = {"revision": 0, "table": {"b": [0.5, -0.5]}}
    assert (form.x.value, form.y.value) == (0.5, -0.5)
    plane.weights = {"revision": 0, "table": {"b": 1}}
    assert form.inside.value


def test_the_plane_follows_it(plane, form):
    moves, toggles = [], []
    plane.on_move(
        lambda table: (moves.append(table), plane.show(plane.current.with_positions(table)))
    )
    plane.on_toggle(
        lambda table: (toggles.append(table), plane.show(plane.current.with_weights(table)))
    )
    form.which.value = "a"
    assert plane.selected == "a"
    form.y.value = 2.5
    form.inside.value = False
    assert moves == [{"a": (0.123456789, 2.5)}]  # the coordinate not edited keeps all its digits
    assert toggles == [{"a": 0.0}]
    assert plane.scene["revision"] == 2  # a table still on its way from a drag is older


def test_following_the_plane_is_no_edit(plane, form):
    moves = []
    plane.on_move(moves.append)
    plane.selected = "a"  # x shows 0.1235, which is not where the point is
    assert moves == []


def test_what_may_not_be_changed_is_disabled(plane, form):
    plane.selected = "fixed"
    assert form.x.disabled and form.y.disabled and form.inside.disabled
    plane.selected = "a"
    assert not (form.x.disabled or form.y.disabled or form.inside.disabled)


def test_what_is_refused_shows_and_goes_back(plane, form):
    def refuse(table):
        raise ValueError("the last point has to stay")

    plane.on_toggle(refuse)
    plane.selected = "a"
    form.inside.value = False
    assert "the last point has to stay" in plane.error
    assert form.inside.value is True
    plane.on_toggle(lambda table: None)
    form.inside.value = False
    assert plane.error == ""
    assert form.inside.value is True  # the answer left it in


@pytest.mark.parametrize("value", [3.5, -1e300, float("nan"), float("inf")])
def test_no_point_is_typed_off_the_plane(plane, form, value):
    """Where no hand could drag it, and nobody would see it."""
    plane.selected = "a"
    form.x.value = value
    assert "Point a cannot move to height = " in plane.error
    assert form.x.value == 0.1235
    assert plane.current.point("a").x == 0.123456789
    form.x.value = 3.0
    assert plane.error == ""
    assert plane.current.point("a").x == 3.0


def test_it_follows_the_points_that_come_and_go(plane, form):
    plane.selected = "b"
    plane.show(Scene(Axes((0, 1), (0, 1)), (Point("c", 0, 0, "positive"),)))
    assert form.which.options == (("choose a point", ""), ("c", "c"))
    assert form.which.value == ""


def test_where_nothing_can_be_taken_out_the_form_does_not_speak_of_it(form):
    assert form.inside.layout.display == ""
    point = Point("start", 0.0, 0.0, "start", toggleable=False)
    assert Form(Plane(Scene(Axes((-1, 1), (-1, 1)), (point,)))).inside.layout.display == "none"


def test_in_or_out_is_asked_only_where_points_can_go_out(plane, form):
    assert form.inside.layout.display == ""
    start = Point("c", 0, 0, "start", toggleable=False)
    plane.show(Scene(Axes((0, 1), (0, 1)), (start,)))
    assert form.inside.layout.display == "none"
