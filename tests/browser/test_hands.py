"""What each hand finds: a tip out of its way, keys that are told, room for fingers."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from teachkit import widgets
from teachkit.scenes.marks import Arrow
from teachkit.scenes.scene import Line
from tests.browser.bench import Bench, a_scene
from tests.browser.explorers import AROUND, CELLS


@pytest.fixture
def bench(page: Page):
    bench = Bench(page)
    yield bench
    assert bench.failures == []


def test_while_a_point_is_held_hairlines_stand_for_the_tip(bench: Bench):
    tip, hairs = bench.page.locator(".teachkit-tip"), bench.page.locator(".teachkit-hairs path")
    bench.page.mouse.move(*bench.centre("p0"))
    expect(tip).to_be_visible()
    expect(hairs).to_have_attribute("d", "")
    bench.drag("p0", 60, -40, release=False)
    expect(tip).to_be_hidden()
    box = bench.page.locator(".teachkit-frame").evaluate(
        "(e) => { const { x, y, height } = e.getBBox(); return { x, y, height }; }"
    )
    style = bench.point("p0").get_attribute("style") or ""
    x, y = (float(v) for v in re.findall(r"([\d.]+)px", style))
    drawn = [float(v) for v in re.findall(r"[\d.]+", hairs.get_attribute("d") or "")]
    frame = [box["y"] + box["height"], box["x"]]
    assert drawn == pytest.approx([x, y, frame[0], x, y, frame[1]], abs=0.1)
    bench.page.mouse.up()
    expect(hairs).to_have_attribute("d", "")


@pytest.mark.parametrize(("line", "side"), [(1.5, "below"), (0.2, "above")])
def test_a_tip_stands_away_from_the_lines(page: Page, line: float, side: str):
    """A level line just above the point, or just below it."""
    scene = a_scene(25)
    lines = (Line("level", (((0.0, 4.8 + line), (10.0, 4.8 + line)),), "now"),)
    bench = Bench(page, replace(scene, lines=lines))
    x, y = bench.centre("p12")
    page.mouse.move(x, y)
    tip = page.locator(".teachkit-tip").bounding_box()
    path = page.locator(".teachkit-lines path").bounding_box()
    assert tip is not None and path is not None
    assert not tip["y"] < path["y"] < tip["y"] + tip["height"]
    assert abs(tip["x"] + tip["width"] / 2 - x) < 2 or side == "below"


def test_keys_are_told_while_a_point_has_the_ring(bench: Bench):
    told = bench.page.locator(".teachkit-help")
    expect(told).to_have_text("Drag a point; double-click takes it out or puts it back.")
    bench.page.get_by_text("before").focus()
    bench.page.keyboard.press("Tab")
    expect(told).to_contain_text("Tab: next point · arrows: move, with Shift further")
    expect(told).to_contain_text("Escape: leave")
    bench.page.get_by_text("after").focus()
    expect(told).to_have_text("Drag a point; double-click takes it out or puts it back.")


def test_control_z_takes_back(explorers):
    explorer = explorers("influence")
    sentence = explorer.sentence()
    explorer.point("3").focus()
    explorer.press("Delete")
    expect(sentence).to_have_text(re.compile("^Point 3 out"))
    expect(explorer.button("Undo")).to_be_enabled()
    explorer.press("Control+z")
    expect(sentence).to_have_text(re.compile("^Nothing is changed"))
    expect(explorer.point("3")).to_be_focused()


def test_sliders_are_named_before_anybody_comes(explorers):
    for name in ("influence", "bowl", "step"):
        handles = explorers(name).root.locator(".noUi-handle")
        assert handles.count() > 0
        for k in range(handles.count()):
            # An element out of sight has no accessible name yet, but what makes it.
            expect(handles.nth(k)).to_have_attribute("aria-label", re.compile(r"\w|ε"))


def test_every_control_shows_that_it_has_the_focus(explorers):
    root = explorers("influence").root
    for box in ("More", "Type instead of dragging"):
        root.get_by_role("button", name=f"▸ {box}").click()
    for control in (
        root.get_by_role("combobox").first,
        root.get_by_role("slider").last,
        root.get_by_role("spinbutton").first,
    ):
        control.scroll_into_view_if_needed()
        control.evaluate("(e) => { e.disabled = false; e.focus(); }")
        control.press("Shift")  # the keyboard is in use
        expect(control).to_have_css("outline-width", "2px")
    for box in ("Type instead of dragging", "More"):
        root.get_by_role("button", name=f"▾ {box}").click()


def test_a_finger_finds_room_and_its_own_words(chromium: Browser):
    context = chromium.new_context(
        has_touch=True, is_mobile=True, viewport={"width": 390, "height": 800}
    )
    try:
        bench = Bench(context.new_page())
        for button in bench.page.locator(".teachkit-button").all():
            box = button.bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= 44
        expect(bench.page.locator(".teachkit-help")).to_contain_text("double-tap takes it out")
        assert bench.failures == []
    finally:
        context.close()


# What is pressed and is narrower or lower than a finger, as far as it is in sight.
SMALL = """node => [...node.querySelectorAll(
        "button, select, input:not([type=checkbox]), label:has([type=checkbox]), .noUi-touch-area")]
    .map((part) => [part, part.getBoundingClientRect()])
    .filter(([, box]) => box.width > 0 && Math.min(box.width, box.height) < 43.5)
    .map(([part, box]) => `${part.className} ${part.textContent} ${box.width} x ${box.height}`)"""


@pytest.mark.parametrize("name", CELLS)
def test_a_finger_finds_room_in_every_explorer(explorers, width, name):
    explorer = explorers(name)
    session = explorer.page.context.new_cdp_session(explorer.page)
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    try:
        width(390 - AROUND)
        explorer.page.wait_for_function("() => matchMedia('(pointer: coarse)').matches")
        assert explorer.root.evaluate(SMALL) == []
    finally:
        session.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
        session.detach()


def test_every_explorer_is_under_these_hands():
    named = {name for name in widgets.__all__ if name not in ("Form", "Plane")}
    cells = "\n".join(CELLS.values())
    assert {name for name in named if f"widgets.{name}(" in cells} == named


def test_forced_colours_keep_axes_and_labels(page: Page):
    page.emulate_media(forced_colors="active")
    Bench(page)
    ink = page.evaluate(
        """() => { const p = document.createElement("p"); p.style.color = "CanvasText";
        document.body.append(p); return getComputedStyle(p).color; }"""
    )
    expect(page.locator(".teachkit-tick").first).to_have_css("fill", ink)
    expect(page.locator(".teachkit-frame")).to_have_css("stroke", ink)
    expect(page.locator(".teachkit-button").first).to_have_css("border-style", "solid")


def test_a_halo_cuts_no_arrow(page: Page):
    """It lies below arrows, and the ring above them."""
    scene = replace(a_scene(), arrows=(Arrow("a", (1.0, 1.0), (2.0, 2.0), "retrained"),))
    bench = Bench(page, scene)
    bench.plane.selected = "p0"
    bench.answer()
    order = page.evaluate(
        """() => [...document.querySelectorAll(".teachkit-halo, .teachkit-arrows, .teachkit-ring")]
        .map((e) => e.classList[0])"""
    )
    assert order == ["teachkit-halo", "teachkit-arrows", "teachkit-ring"]


def test_an_empty_corner_of_a_table_is_no_header(page: Page):
    Bench(page, a_scene(table=(("", "now"), ("θ₁", "1.0"))))
    tags = page.locator(".teachkit-table :is(th, td)").evaluate_all(
        "(all) => all.map((e) => e.tagName)"
    )
    assert tags == ["TD", "TH", "TH", "TD"]
