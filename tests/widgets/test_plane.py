"""Plane's protocol, by setting its traits as a front end does."""

from __future__ import annotations

import base64
import re

import pytest

from teachkit.scenes.scene import Axes, Point, Scene
from teachkit.widgets.plane import Plane


def a_scene(**more) -> Scene:
    points = (
        Point("a", 0.0, 0.0, "positive", label="Point a"),
        Point("b", 1.0, 1.0, "negative"),
        Point("fixed", 2.0, 2.0, "test", draggable=False, toggleable=False),
    )
    return Scene(Axes((-1, 3), (-1, 3)), points, alt="Three points.", **more)


@pytest.fixture
def plane() -> Plane:
    return Plane(a_scene())


def positions(plane: Plane, serial: int = 1, **table) -> dict:
    return {"revision": plane.scene["revision"], "serial": serial, "table": table}


def test_only_what_moved_reaches_the_callback(plane):
    seen = []
    plane.on_move(seen.append)
    plane.positions = positions(plane, a=[0.5, 0], b=[1.0, 1.0], fixed=[0, 0])
    assert seen == [{"a": (0.5, 0.0)}]
    plane.positions = positions(plane, 2, a=[0.0, 0.0], b=[1.0, 1.0])
    assert len(seen) == 1  # nothing differs from the scene, so nothing happened


def test_only_what_was_toggled_reaches_the_callback(plane):
    seen = []
    plane.on_toggle(seen.append)
    plane.weights = positions(plane, a=0, b=1, fixed=0)
    assert seen == [{"a": 0.0}]


def test_without_callbacks_the_plane_holds_the_state(plane):
    plane.positions = positions(plane, a=[0.5, 0.25])
    plane.weights = positions(plane, b=0)
    assert (plane.current.point("a").x, plane.current.point("b").weight) == (0.5, 0.0)
    assert plane.scene["points"][0]["x"] == 0.5


def test_a_scene_says_which_tables_it_answers(plane):
    plane.on_move(lambda table: plane.show(plane.current.with_positions(table)))
    plane.positions = positions(plane, 7, a=[0.5, 0])
    assert plane.scene["answers"] == {"positions": 7, "weights": 0}
    plane.weights = positions(plane, 3, a=0)
    assert plane.scene["answers"] == {"positions": 7, "weights": 3}


def test_a_table_is_answered_also_where_nothing_was_shown(plane):
    plane.on_move(lambda table: None)
    plane.positions = positions(plane, 4, a=[0.5, 0])
    assert plane.scene["answers"]["positions"] == 4
    assert plane.scene["points"][0]["x"] == 0.0


def test_undo_is_a_new_revision_and_drops_older_tables(plane):
    start = plane.current
    seen = []
    plane.on_move(seen.append)
    late = positions(plane, 2, a=[0.9, 0])
    plane.show(start, replace=True)
    plane.positions = late
    assert seen == []
    plane.positions = positions(plane, 3, a=[0.9, 0])
    assert seen == [{"a": (0.9, 0.0)}]


def test_showing_the_answer_to_a_gesture_keeps_the_revision(plane):
    plane.on_move(lambda table: plane.show(plane.current.with_positions(table)))
    plane.positions = positions(plane, 1, a=[0.5, 0])
    assert plane.scene["revision"] == 0


@pytest.mark.parametrize(
    ("name", "table", "words"),
    [
        ("positions", {"a": [float("nan"), 0]}, "Point a cannot move to"),
        ("positions", {"nobody": [0, 0]}, "no point 'nobody'"),
        ("weights", {"a": -1}, "cannot have the weight -1"),
        ("weights", {"a": float("inf")}, "cannot have the weight inf"),
    ],
)
def test_a_table_that_makes_no_sense_is_refused_aloud(plane, name, table, words):
    seen = []
    plane.on_move(seen.append)
    plane.on_toggle(seen.append)
    setattr(plane, name, positions(plane, **table))
    assert words in plane.error
    assert seen == []
    plane.positions = positions(plane, 9, a=[0.5, 0])
    assert plane.error == ""


def test_an_exception_in_a_callback_shows(plane):
    plane.on_move(lambda table: 1 / 0)
    plane.positions = positions(plane, 5, a=[0.5, 0])
    assert "ZeroDivisionError" in plane.error
    assert plane.scene["answers"]["positions"] == 5  # so the front end puts the point back


def test_a_move_from_python_goes_the_way_of_a_drag_with_a_new_revision(plane):
    seen = []

    @plane.on_move
    def moved(table):
        seen.append(table)
        plane.show(plane.current.with_positions(table))

    plane.move({"a": (0.5, 0.5), "b": (1.0, 1.0)})
    assert seen == [{"a": (0.5, 0.5)}]
    assert plane.scene["revision"] == 1
    plane.toggle({"b": 0.0})
    assert plane.current.point("b").weight == 0
    assert plane.scene["revision"] == 2
    with pytest.raises(KeyError, match="nobody"):
        plane.move({"nobody": (0, 0)})


def test_selection_reaches_the_callback_and_must_exist(plane):
    seen = []
    plane.on_select(seen.append)
    plane.selected = "b"
    assert seen == ["b"]
    plane.selected = "nobody"
    assert "no point 'nobody'" in plane.error


def test_a_point_that_goes_is_no_longer_selected(plane):
    plane.selected, plane.brushed = "b", ["a", "b"]
    plane.show(Scene(Axes((0, 1), (0, 1)), (Point("a", 0, 0, "positive"),)))
    assert plane.selected == ""
    assert plane.brushed == ["a"]


def test_a_brush_reaches_the_callback(plane):
    seen = []
    plane.on_brush(seen.append)
    plane.brushed = ["a", "b"]
    assert seen == [["a", "b"]]


def test_what_is_saved_has_a_picture_words_and_no_address(plane):
    data, metadata = plane._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert base64.b64decode(data["image/png"])[:8] == b"\x89PNG\r\n\x1a\n"
    assert data["text/plain"] == "<Plane: Three points.>" == repr(plane)
    assert not re.search("0x[0-9a-f]{6}", data["text/plain"])
    assert metadata["image/png"] == {"alt": "Three points."}


def test_it_shows_the_state_as_it_is_now(plane):
    before = plane._repr_mimebundle_()[0]["image/png"]
    plane.weights = positions(plane, a=0)
    assert plane._repr_mimebundle_()[0]["image/png"] != before
