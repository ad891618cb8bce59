"""Plane's protocol, by setting its traits as a front end does."""

from __future__ import annotations

import re
import threading

import pytest

from teachkit.scenes.scene import Axes, Point, Scene
from teachkit.widgets.plane import Plane


class Heard(list):
    """A plane, and what its callbacks were told; they answer with the points as told."""

    def __init__(self, *names: str, answers: bool = False) -> None:
        points = (
            Point("a", 0.0, 0.0, "positive", label="Point a"),
            Point("b", 1.0, 1.0, "negative"),
            Point("fixed", 2.0, 2.0, "test", draggable=False, toggleable=False),
        )
        self.plane = Plane(Scene(Axes((-1, 3), (-1, 3)), points, alt="Three points."))
        for name in names:
            getattr(self.plane, f"on_{name}")(self.append)
        if answers:
            self.plane.on_move(self.moved)

    def moved(self, table):
        self.append(table)
        self.plane.show(self.plane.current.with_positions(table))


@pytest.fixture
def plane() -> Plane:
    return Heard().plane


def told(plane: Plane, serial: int = 1, **table) -> dict:
    return {"revision": plane.scene["revision"], "serial": serial, "table": table}


def test_only_what_changed_reaches_the_callback():
    seen = Heard("move", "toggle")
    seen.plane.positions = told(seen.plane, a=[0.5, 0], b=[1.0, 1.0], fixed=[0, 0])
    assert seen == [{"a": (0.5, 0.0)}]
    seen.plane.positions = told(seen.plane, 2, a=[0.0, 0.0], b=[1.0, 1.0])
    assert len(seen) == 1  # nothing differs from the scene, so nothing happened
    seen.plane.weights = told(seen.plane, a=0, b=1, fixed=0)
    assert seen[1:] == [{"a": 0.0}]


def test_without_callbacks_the_plane_holds_the_state(plane):
    plane.positions = told(plane, a=[0.5, 0.25])
    plane.weights = told(plane, b=0)
    assert (plane.current.point("a").x, plane.current.point("b").weight) == (0.5, 0.0)
    assert plane.scene["points"][0]["x"] == 0.5


def test_a_scene_says_which_tables_it_answers_and_keeps_the_revision():
    plane = Heard(answers=True).plane
    plane.positions = told(plane, 7, a=[0.5, 0])
    assert plane.scene["answers"] == {"positions": 7, "weights": 0}
    plane.weights = told(plane, 3, a=0)
    assert plane.scene["answers"] == {"positions": 7, "weights": 3}
    assert plane.scene["revision"] == 0


def test_a_table_is_answered_also_where_nothing_was_shown():
    plane = Heard("move").plane
    plane.positions = told(plane, 4, a=[0.5, 0])
    assert plane.scene["answers"]["positions"] == 4
    assert plane.scene["points"][0]["x"] == 0.0


def test_a_table_that_was_overtaken_moves_nothing_back():
    """A kernel with subshells takes messages of one widget in two threads, and so out of turn."""
    plane = Heard(answers=True).plane
    plane._sent_ahead(plane, {"positions": told(plane, 1, a=[0.5, 0])}, [])
    plane.positions = told(plane, 3, a=[1.5, 0])
    plane._sent_ahead(plane, {"positions": told(plane, 2, a=[1.0, 0])}, [])
    assert plane.scene["answers"]["positions"] == 3
    assert plane.scene["points"][0]["x"] == 1.5


def test_what_two_threads_are_told_is_handled_one_after_the_other(plane):
    """The second message comes while the first is being answered, and has the last word."""
    later = threading.Thread(
        target=plane.set_state, args=[{"positions": told(plane, 2, a=[1.5, 0])}]
    )

    @plane.on_move
    def moved(table):
        if later.ident is None:
            later.start()
            later.join(0.3)  # time enough to overtake, where nothing keeps it
        plane.show(plane.current.with_positions(table))

    plane.set_state({"positions": told(plane, 1, a=[0.5, 0])})
    later.join()
    assert plane.scene["points"][0]["x"] == 1.5
    assert plane.scene["answers"]["positions"] == 2
    assert plane.error == ""


def test_undo_is_a_new_revision_and_drops_older_tables():
    seen = Heard("move")
    late = told(seen.plane, 2, a=[0.9, 0])
    seen.plane.show(seen.plane.current, replace=True)
    seen.plane.positions = late
    assert seen == []
    seen.plane.positions = told(seen.plane, 3, a=[0.9, 0])
    assert seen == [{"a": (0.9, 0.0)}]


SENSELESS = [
    ("positions", {"a": [float("nan"), 0]}, "Point a cannot move to"),
    ("positions", {"nobody": [0, 0]}, "no point 'nobody'"),
    ("weights", {"a": -1}, "cannot have the weight -1"),
    ("weights", {"a": float("inf")}, "cannot have the weight inf"),
]


@pytest.mark.parametrize(("name", "table", "words"), SENSELESS)
def test_a_table_that_makes_no_sense_is_refused_aloud(name, table, words):
    seen = Heard("move", "toggle")
    setattr(seen.plane, name, told(seen.plane, **table))
    assert words in seen.plane.error
    assert seen == []
    seen.plane.positions = told(seen.plane, 9, a=[0.5, 0])
    assert seen.plane.error == ""


def test_an_exception_in_a_callback_shows(plane):
    plane.on_move(lambda table: 1 / 0)
    plane.positions = told(plane, 5, a=[0.5, 0])
    assert "ZeroDivisionError" in plane.error
    assert plane.scene["answers"]["positions"] == 5  # so the front end puts the point back


def test_a_move_from_python_goes_the_way_of_a_drag_with_a_new_revision():
    seen = Heard(answers=True)
    seen.plane.move({"a": (0.5, 0.5), "b": (1.0, 1.0)})
    assert seen == [{"a": (0.5, 0.5)}]
    assert seen.plane.scene["revision"] == 1
    seen.plane.toggle({"b": 0.0})
    assert seen.plane.current.point("b").weight == 0
    assert seen.plane.scene["revision"] == 2
    with pytest.raises(KeyError, match="nobody"):
        seen.plane.move({"nobody": (0, 0)})


def test_selection_and_brush_reach_the_callback_and_go_with_their_points():
    seen = Heard("select", "brush")
    seen.plane.selected, seen.plane.brushed = "b", ["a", "b"]
    assert seen == ["b", ["a", "b"]]
    seen.plane.show(Scene(Axes((0, 1), (0, 1)), (Point("a", 0, 0, "positive"),)))
    assert (seen.plane.selected, seen.plane.brushed) == ("", ["a"])
    seen.plane.selected = "nobody"
    assert "no point 'nobody'" in seen.plane.error


def test_what_is_looked_at_is_told_to_who_asks(plane):
    plane.looked = "a"
    assert not plane.hovers and plane.error == ""
    seen = Heard("look")
    assert seen.plane.hovers
    seen.plane.looked = "b"
    assert seen == ["b"]
    seen.plane.show(Scene(Axes((0, 1), (0, 1)), (Point("a", 0, 0, "positive"),)))
    assert (seen, seen.plane.looked) == (["b"], "")
    seen.plane.looked = "nobody"
    assert "no point 'nobody'" in seen.plane.error


def test_what_is_saved_has_a_picture_of_now_words_and_no_address(plane):
    data, _ = plane._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert 'alt="Three points."' in data["text/html"]
    assert 'src="data:image/png;base64,iVBOR' in data["text/html"]
    assert data["text/plain"] == "<Plane: Three points.>" == repr(plane)
    assert not re.search("0x[0-9a-f]{6}", data["text/plain"])
    plane.weights = told(plane, a=0)
    assert plane._repr_mimebundle_()[0]["text/html"] != data["text/html"]


def test_the_picture_invites_to_run_the_cell_first(monkeypatch):
    drawn = []
    monkeypatch.setattr("teachkit.widgets.picture.png", lambda scene: drawn.append(scene) or b"")
    Plane(Scene(Axes((0, 1), (0, 1)), sentence="All in. Drag a point: look.")).static_html()
    assert drawn[0].sentence == "All in. Run this cell, then drag a point: look."
