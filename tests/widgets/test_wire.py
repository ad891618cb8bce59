"""What is sent of a scene: little where little has changed, and always all that differs."""

from __future__ import annotations

import json
from dataclasses import replace

from teachkit.datasets import moons
from teachkit.scenes import influence as gesture
from teachkit.scenes.influence_drawing import draw
from teachkit.scenes.influence_start import begin
from teachkit.scenes.scene import Axes, Line, Point, Scene
from teachkit.widgets.plane import Plane
from teachkit.widgets.wire import Wire, difference


def a_scene(n: int = 20, **more) -> Scene:
    points = tuple(Point(str(i), i, 0.0, "positive", note=f"point {i} of all") for i in range(n))
    return Scene(Axes((0, n), (-1, 1)), points, alt="Points.", **more)


def length(message) -> int:
    return len(json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode())


def test_a_move_of_one_of_200_points_is_a_tenth_of_the_scene():
    start = begin(*moons(200))
    plane = Plane(draw(start))
    before = length(plane.whole)
    plane.show(draw(gesture.place(start, "7", 0.5, 0.25)))
    assert plane.since["whole"] == plane.whole["number"] == 1
    assert length(plane.whole) == before > 40_000
    assert length(plane.since) < 6_500


def test_what_stayed_is_not_sent():
    scene = a_scene(lines=(Line("a", (((0, 0), (1, 1)),), "now"), Line("b", (), "now")))
    moved = scene.with_positions({"3": (0.5, 0.5)})
    moved = replace(moved, lines=(moved.lines[1], replace(moved.lines[0], label="other")))
    sent = difference(scene.as_dict(), moved.as_dict())
    other = moved.lines[1].plain()
    fields = {"x": {"at": [3], "to": [0.5]}, "y": {"at": [3], "to": [0.5]}}
    assert sent == {"points": {"fields": fields}, "lines": [1, other]}


def test_it_is_always_counted_from_the_whole():
    """So that the last update alone is enough, whatever became of those before it."""
    wire, scene = Wire(), a_scene()
    wire.since(scene.as_dict())
    first = scene.with_positions({"3": (0.5, 0.5)})
    wire.since(first.as_dict())
    second = first.with_weights({"4": 0.0})
    changed = wire.since(second.as_dict())["changed"]["points"]["fields"]
    assert {name: column["at"] for name, column in changed.items()} == {
        "x": [3], "y": [3], "weight": [4],
    }  # fmt: skip
    assert wire.since(scene.as_dict()) == {"whole": 1, "changed": {}}


def test_texts_are_sent_without_what_they_share():
    scene = a_scene(3)
    points = tuple(replace(p, note=f"without it: {p.id}0, so much") for p in scene.points)
    sent = difference(scene.as_dict(), replace(scene, points=points).as_dict())
    column = {"head": "without it: ", "tail": "0, so much", "to": ["0", "1", "2"]}
    assert sent["points"]["fields"] == {"note": column}


def test_a_long_difference_is_a_new_whole():
    plane = Plane(a_scene())
    plane.show(a_scene(40))
    assert plane.since == {**plane.since, "whole": 2, "changed": {}}
    assert plane.whole == {"number": 2, "scene": a_scene(40).as_dict()}
