"""What is sent of a scene, put together again in the page."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from teachkit.datasets import blobs, digits
from teachkit.scenes import (
    bowl,
    bowl_drawing,
    image_influence,
    image_influence_drawing,
    influence_drawing,
    removal,
    root_drawing,
    root_finding,
)
from teachkit.scenes import influence as gesture
from teachkit.scenes.influence_start import begin
from teachkit.scenes.scene import Scene
from teachkit.widgets.plane import Plane
from teachkit.widgets.wire import difference
from tests.browser.bench import Bench, a_scene

ASSEMBLE = """async ([source, whole, changed]) => {
    const file = new Blob([source], { type: "text/javascript" });
    return (await import(URL.createObjectURL(file))).assemble(whole, changed); }"""


def _influence() -> list[Scene]:
    start = begin(*blobs())
    moved = gesture.place(start, "3", 0.5, 0.25)
    states = [start, moved, gesture.weigh(moved, 40, 0.0), gesture.place(moved, "test", 0.1, 0.2)]
    return [influence_drawing.draw(state) for state in states]


def _images() -> list[Scene]:
    start = image_influence.begin(digits(), walls=4)
    states = [start, removal.toggle(start, start.harmful[0])]
    return [image_influence_drawing.draw(state) for state in states]


def _root() -> list[Scene]:
    start = root_finding.begin("x^3 - 2x - 5", 3.0, (-1.0, 4.0))
    return [root_drawing.draw(root_finding.walk(start, k)) for k in range(4)]


def _bowl() -> list[Scene]:
    start = bowl.begin()
    return [bowl_drawing.draw(start), bowl_drawing.draw(replace(start, second=-1.0))]


def _grid() -> list[Scene]:
    return [a_scene(), a_scene(9), a_scene(0), replace(a_scene(3), sentence="Other.")]


@pytest.mark.parametrize("scenes", [_influence, _images, _root, _bowl, _grid])
def test_put_together_it_is_the_scene(page: Page, scenes: Any):
    there = [scene.as_dict() for scene in scenes()]
    for whole, scene in [*pairwise(there), (there[-1], there[0])]:
        sent = [str(Plane._esm), whole, difference(whole, scene)]
        assert page.evaluate(ASSEMBLE, sent) == scene


def test_a_half_that_comes_first_waits_for_the_other(page: Page):
    bench = Bench(page)
    old = bench.plane.whole
    for k in range(3):  # until there is another whole
        bench.plane.show(replace(a_scene(3 + 9 * k), sentence=f"Scene {k}."))
    assert bench.plane.whole["number"] > old["number"]
    sentence = page.locator(".teachkit-sentence")
    page.evaluate("receive", {"since": bench.plane.since})
    assert page.locator(".teachkit-point").count() == 7
    expect(sentence).to_have_text("Nothing is changed.")
    page.evaluate("receive", {"whole": bench.plane.whole})
    expect(sentence).to_have_text("Scene 2.")
    assert page.locator(".teachkit-point").count() == 22
    assert bench.failures == []


def sent(bench: Bench) -> dict[str, Any]:
    """The next update with places in it, and all that comes with it: the last of each trait."""
    merged: dict[str, Any] = {}
    for _ in range(100):
        updates = bench.take()
        for update in updates:
            merged |= update
        if "positions" in merged and not updates:
            return merged
    raise AssertionError("No places came.")


def test_only_what_is_not_answered_goes_up(page: Page):
    bench = Bench(page)
    bench.drag("p0", 40, 0)
    assert set(sent(bench)["positions"]["table"]) == {"p0"}
    bench.take()
    bench.drag("p5", 0, -40)  # nothing is answered yet
    both = sent(bench)
    assert set(both["positions"]["table"]) == {"p0", "p5"}
    bench.deliver([both])
    for _ in range(3):  # until all is answered
        bench.settle()
    bench.drag("p1", 40, 0)
    one = sent(bench)
    assert set(one["positions"]["table"]) == {"p1"}
    bench.deliver([one])
    bench.settle()
    moved = {point.id: (point.x, point.y) for point in bench.plane.current.points}
    assert moved["p0"][0] > 1.2 and moved["p5"][1] > 3.1 and moved["p1"][0] > 3.1
