"""The form and the plane are two ways to the same state."""

from __future__ import annotations

import pytest

from teachkit.scenes.scene import Axes, Point, Scene
from teachkit.widgets.form import Form
from teachkit.widgets.plane import Plane

START = Scene(Axes((-1, 1), (-1, 1)), (Point("start", 0, 0, "start", toggleable=False),))


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
    points = (("Point a", "a"), ("b", "b"), ("fixed", "fixed"))
    assert form.which.options == (("choose a point", ""), *points)


def test_what_may_not_be_changed_is_disabled(plane, form):
    for name, disabled in (("", True), ("fixed", True), ("a", False)):
        plane.selected = name
        assert [control.disabled for control in (form.x, form.y, form.inside)] == 3 * [disabled]


def test_it_follows_the_plane(plane, form):
    plane.selected = "b"
    read = (form.which.value, form.x.value, form.y.value, form.inside.value)
    assert read == ("b", 1.0, 1.0, False)
    plane.positions = {"revision": 0, "table": {"b": [0.5, -0.5]}}
    assert (form.x.value, form.y.value) == (0.5, -0.5)
    plane.weights = {"revision": 0, "table": {"b": 1}}
    assert form.inside.value


def test_the_plane_follows_it(plane, form):
    moves, toggles = [], []
    for on, seen, changed in (
        (plane.on_move, moves, Scene.with_positions),
        (plane.on_toggle, toggles, Scene.with_weights),
    ):
        on(lambda t, s=seen, c=changed: (s.append(t), plane.show(c(plane.current, t))))
    plane.selected = "a"
    assert moves == []  # x shows 0.1235, which is not where the point is, and that is no edit
    form.which.value = "b"
    form.which.value = "a"
    assert plane.selected == "a"
    form.y.value = 2.5
    form.inside.value = False
    assert moves == [{"a": (0.123456789, 2.5)}]  # the coordinate not edited keeps all its digits
    assert toggles == [{"a": 0.0}]
    assert plane.scene["revision"] == 2  # a table still on its way from a drag is older


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
    """Of in and out it speaks only where points can go out."""
    plane.selected = "b"
    assert form.inside.layout.display == ""
    plane.show(START)
    assert form.which.options == (("choose a point", ""), ("start", "start"))
    assert form.which.value == ""
    assert form.inside.layout.display == Form(Plane(START)).inside.layout.display == "none"
