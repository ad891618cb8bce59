"""Names at the ends of lines: where there is room, and never over one another."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Page

from teachkit.scenes.meanings import SHARED
from teachkit.scenes.scene import Line
from tests.browser.bench import Bench, a_scene

NAMES = ".teachkit-names text"


def a_plane(page: Page, *lines: Line, legend: bool = True) -> dict[str, dict[str, float]]:
    """The names that are there, by their words, and their boxes."""
    entries = {} if legend else {line.style: SHARED[line.style].called("") for line in lines}
    scene = replace(a_scene(0), points=(), lines=lines, legend=entries)
    bench = Bench(page, scene)
    names = {
        name.text_content() or "": name.bounding_box() or {} for name in page.locator(NAMES).all()
    }
    assert bench.failures == []
    return names


def level(name: str, y: float, x: tuple[float, float] = (0.0, 10.0)) -> Line:
    return Line(name, (((x[0], y), (x[1], y)),), name, end=name)


def apart(a: dict[str, float], b: dict[str, float]) -> bool:
    beside = a["x"] + a["width"] <= b["x"] or b["x"] + b["width"] <= a["x"]
    return beside or a["y"] + a["height"] <= b["y"] or b["y"] + b["height"] <= a["y"]


def test_each_line_has_its_name_at_its_end(page: Page):
    names = a_plane(page, level("now", 2.0), level("retrained", 8.0, (-5.0, 15.0)))
    assert set(names) == {"now", "retrained"}
    frame = page.locator(".teachkit-frame").bounding_box()
    assert frame is not None
    for box, height in ((names["now"], 0.2), (names["retrained"], 0.8)):
        line = frame["y"] + frame["height"] * (1 - height)
        assert abs(box["y"] + box["height"] / 2 - line) < 25
        assert box["x"] > frame["x"] + frame["width"] / 2
        assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 1


@pytest.mark.parametrize("slope", [-3.0, -1.5, -0.4, 0.2, 0.7, 2.0])
def test_a_name_does_not_touch_its_line(page: Page, slope: float):
    pieces = (((-20.0, 5.0 - 25 * slope), (30.0, 5.0 + 25 * slope)),)
    box = a_plane(page, Line("now", pieces, "now", end="now"))["now"]
    frame = page.locator(".teachkit-frame").bounding_box()
    assert frame is not None

    def above(px: float, py: float) -> float:
        """How far above the line, in pixels, this place is."""
        x = 10 * (px - frame["x"]) / frame["width"]
        return frame["y"] + frame["height"] * (1 - (5 + slope * (x - 5)) / 10) - py

    sides = (box["x"], box["x"] + box["width"])
    corners = [above(px, box["y"] + part * box["height"]) for px in sides for part in (0.2, 0.8)]
    assert min(corners) > 0 or max(corners) < 0


@pytest.mark.parametrize("gap", [0.0, 0.1, 0.3, 1.0])
def test_names_do_not_lie_on_one_another(page: Page, gap: float):
    lines = [level(name, 5.0 + k * gap) for k, name in enumerate(["now", "retrained", "predicted"])]
    names = [*a_plane(page, *lines).values()]
    assert len(names) >= 2  # there are two ends, and two sides
    assert all(apart(a, b) for k, a in enumerate(names) for b in names[:k])


def test_what_is_outside_the_picture_is_said_at_its_edge(page: Page):
    names = a_plane(page, level("retrained", 15.0), level("predicted", -9.0), level("now", 5.0))
    assert "retrained: outside the picture ↑" in names
    assert "predicted: outside the picture ↓" in names
    assert "now" in names
    frame = page.locator(".teachkit-frame").bounding_box()
    assert frame is not None
    up, down = names["retrained: outside the picture ↑"], names["predicted: outside the picture ↓"]
    assert up["y"] < frame["y"] + 30
    assert down["y"] > frame["y"] + frame["height"] - 40


def test_a_line_of_which_nothing_is_known_has_no_arrow(page: Page):
    assert [*a_plane(page, Line("now", (), "now", end="now"))] == ["now: outside the picture"]


def test_lines_without_an_end_have_no_name(page: Page):
    assert a_plane(page, Line("now", (((0.0, 0.0), (9.0, 9.0)),), "now")) == {}


def test_a_line_that_leaves_says_so_where_it_was_seen_last(page: Page):
    """To the right, and then down out of the picture."""
    path = (((1.0, 5.0), (7.5, 5.0)), ((7.5, 5.0), (7.5, -25.0)))
    names = a_plane(page, Line("now", path, "now", end="A", leaves=True), level("retrained", 8.0))
    assert set(names) == {"A: outside the picture ↓", "retrained"}
    frame = page.locator(".teachkit-frame").bounding_box()
    assert frame is not None
    box = names["A: outside the picture ↓"]
    assert abs(box["x"] + box["width"] - frame["x"] - 0.75 * frame["width"]) < 10
    assert box["y"] > frame["y"] + frame["height"] - 40


def test_what_the_legend_does_not_name_has_its_name_in_any_case(page: Page):
    rows = [Line(f"{y}", (((0.0, y / 9), (10.0, y / 9)),), "now") for y in range(90)]
    lines = [*rows, Line("short", (((5.0, 5.2), (5.0, 5.3)),), "retrained", end="it" * 30)]
    assert a_plane(page, *lines) == {}
    assert set(a_plane(page, *lines, legend=False)) == {"it" * 30}


def test_curves_that_begin_at_one_place_are_named_where_they_end(page: Page):
    lines = [
        Line(name, (((0.5, 9.0), (3.0 + k, 1.0 + 2 * k)),), name, end=name)
        for k, name in enumerate(["now", "retrained", "predicted"])
    ]
    names = a_plane(page, *lines)
    frame = page.locator(".teachkit-frame").bounding_box()
    assert frame is not None and len(names) == 3
    assert all(box["y"] > frame["y"] + 0.3 * frame["height"] for box in names.values())
