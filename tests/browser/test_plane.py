"""Plane under the hand: mouse, finger, keyboard, and answers that come late.

Most tests run the front-end module in a bare page, wired to a real `Plane` in this process.
"""

from __future__ import annotations

import dataclasses
import itertools
import re

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from teachkit.scenes.marks import wall_of
from teachkit.scenes.meanings import SHARED, look, style
from teachkit.scenes.scene import Arrow, Axes, Bar, Label, Picture, Point, Scene
from tests.browser.bench import Bench, a_scene


@pytest.fixture
def bench(page: Page):
    bench = Bench(page)
    yield bench
    assert bench.failures == []


# ---- what is drawn


def test_a_log_axis_counts_in_powers_of_ten(bench: Bench):
    axes = Axes((-8.0, 1.0), (-8.0, 1.0), "r", "error", xlog=True, ylog=True)
    points = (Point("r", -3.5, -6.25, "start", label="r", toggleable=False),)
    bench.plane.show(Scene(axes, points))
    bench.settle()
    ticks = bench.page.locator(".teachkit-tick").all_text_contents()
    assert {"10⁻⁸", "10⁻²", "10⁰"} <= set(ticks)
    expect(bench.point("r")).to_have_attribute("aria-label", "r, start, at 3.2e−4, 5.6e−7")


def test_names_of_places_stand_upright_under_them_and_above_the_axis_s_name(bench: Bench):
    names = ("2020", "3", "174")
    bars = tuple(Bar(f"b{k}", k, k - 1.0, "positive", label=f"Bar {k}") for k in range(3))
    bench.plane.show(Scene(Axes((-0.7, 2.7), (-2.0, 2.0), "row", "I", xnames=names), bars))
    bench.settle()
    ticks = {text: bench.page.get_by_text(text, exact=True).bounding_box() for text in names}
    for k, name in enumerate(names):
        bar = bench.point(f"b{k}").bounding_box()
        middle = ticks[name]["x"] + ticks[name]["width"] / 2
        assert bar["x"] < middle < bar["x"] + bar["width"]
    assert ticks["2020"]["height"] > ticks["2020"]["width"]
    lowest = max(box["y"] + box["height"] for box in ticks.values())
    assert lowest <= bench.page.get_by_text("row", exact=True).bounding_box()["y"]
    expect(bench.point("b1")).to_have_attribute("aria-label", re.compile("at 3, 0"))


def test_where_it_is_narrow_not_every_place_has_its_name(bench: Bench):
    names = tuple(f"n{k}" for k in range(200))
    bench.plane.show(Scene(Axes((-0.5, 199.5), (0.0, 1.0), "row", xnames=names)))
    bench.settle()
    boxes = [t.bounding_box() for t in bench.page.locator(".teachkit-tick").all()
             if t.text_content().startswith("n")]  # fmt: skip
    assert 10 < len(boxes) < 200
    assert all(a["x"] + a["width"] <= b["x"] + 2 for a, b in itertools.pairwise(boxes))


def test_huge_and_tiny_numbers_are_short_on_their_axes(page: Page):
    """A function that somebody typed may be as large as it likes."""
    axes = Axes((-1e6, 1e6), (-2e-9, 1e18), "x", "f(x)")
    bench = Bench(page, Scene(axes, (Point("a", 1e6, 2.5e17, "start", label="a"),)))
    ticks = set(page.locator(".teachkit-tick").all_text_contents())
    assert {"−1e6", "8e5", "0", "2e17", "1e18"} <= ticks
    expect(bench.point("a")).to_have_attribute("aria-label", re.compile(r"at 1\.00e6, 2\.50e17"))
    bench = Bench(page, Scene(Axes((0.0, 6e-9), (0.0, 6e-9), "x", "y")))
    assert {"2e−9", "4e−9"} <= set(page.locator(".teachkit-tick").all_text_contents())


def test_it_says_what_it_shows(bench: Bench):
    page = bench.page
    assert page.locator(".teachkit-point").count() == 7
    expect(page.locator(".teachkit-sentence")).to_have_text("Nothing is changed.")
    expect(page.locator(".teachkit-sentence")).to_have_attribute("aria-live", "polite")
    expect(page.locator("svg[role=application]")).to_have_attribute("aria-label", "A grid.")
    expect(bench.point("p1")).to_have_attribute("aria-label", "Point 1, class −1, at 3.0, 1.0, in")
    expect(bench.point("test")).to_have_attribute("aria-label", "Test point, at 5.0, 8.0")
    legend = page.locator(".teachkit-legend li").all_inner_texts()
    assert legend == ["class +1", "class −1", "test point", "taken out", "now"]
    expect(page.get_by_role("alert")).to_be_hidden()


def test_names_of_the_scene_replace_those_of_the_style(page: Page):
    scene = a_scene(
        legend={"positive": SHARED["positive"].called("digit 8"), "now": SHARED["now"].called("")}
    )
    bench = Bench(page, scene)
    legend = page.locator(".teachkit-legend li").all_inner_texts()
    assert legend == ["digit 8", "class −1", "test point", "taken out"]
    expect(bench.point("p0")).to_have_attribute("aria-label", "Point 0, digit 8, at 1.0, 1.0, in")


@pytest.mark.parametrize(("background", "theme"), [("#fff", "light"), ("#111", "dark")])
def test_colours_dashes_and_shapes_are_those_of_the_style(page: Page, background: str, theme: str):
    bench = Bench(page, a_scene(labels=(Label("l", 1.0, 1.0, "here"),)), background=background)
    ink = [int(style()["ink"][theme][k : k + 2], 16) for k in (1, 3, 5)]
    label = page.locator(".teachkit-labels text")
    expect(label).to_have_css("fill", f"rgb({', '.join(map(str, ink))})")
    mark = bench.point("p0").locator(".teachkit-mark")
    expect(mark).to_have_attribute("fill", look(SHARED["positive"])[theme])
    line = page.locator(".teachkit-lines path")
    expect(line).to_have_attribute("stroke", look(SHARED["now"])[theme])
    d = {
        name: bench.point(name).locator(".teachkit-mark").get_attribute("d")
        for name in ["p0", "p1", "test"]
    }
    assert len(set(d.values())) == 3


def test_it_follows_a_change_of_theme(bench: Bench):
    bench.page.evaluate("() => { document.body.style.background = '#111'; }")
    expect(bench.page.locator(".teachkit-plane")).to_have_attribute("data-theme", "dark")


def test_it_finds_the_theme_when_it_is_put_into_the_page_later(page: Page):
    bench = Bench(page, background="#111", detached=True)
    expect(page.locator(".teachkit-plane")).to_have_attribute("data-theme", "dark")
    assert bench.failures == []


def test_a_scene_without_points_is_a_picture(page: Page):
    bench = Bench(page, Scene(Axes((0.0, 1.0), (0.0, 1.0)), alt="Nothing yet."))
    expect(page.get_by_role("img", name="Nothing yet.")).to_be_visible()
    expect(page.locator(".teachkit-actions")).to_be_hidden()
    expect(page.locator(".teachkit-sentence")).to_be_hidden()
    assert bench.failures == []


@pytest.mark.parametrize("width", [300, 520, 1100])
def test_it_fits_its_width_and_every_text_has_12_pixels(page: Page, width: int):
    page.set_viewport_size({"width": width, "height": 800})
    scene = a_scene(
        table=(("", "now", "retrained", "predicted", "error"), ("θ₁", *4 * ("−0.123",)))
    )
    bench = Bench(page, scene)
    sizes = page.evaluate(
        """() => [...document.querySelectorAll(".teachkit-plane *")]
        .filter((e) => e.textContent && !e.hidden)
        .map((e) => parseFloat(getComputedStyle(e).fontSize))"""
    )
    assert min(sizes) >= 12
    box, drawn = page.evaluate(
        """() => { const svg = document.querySelector("svg[role=application]");
        return [svg.viewBox.baseVal.width, svg.clientWidth]; }"""
    )
    assert box == pytest.approx(drawn, abs=1)  # nothing is scaled, so 12 stays 12
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    assert bench.failures == []


@pytest.mark.parametrize("width", [520, 1100])
def test_the_first_drawing_has_the_width_that_the_table_leaves(page: Page, width: int):
    """Not only the second one, after the page has told that the plane has another width."""
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate("() => { window.ResizeObserver = class { observe() {} disconnect() {} }; }")
    bench = Bench(page, a_scene(table=(("", "now", "retrained"), ("θ₁", *2 * ("−0.123",)))))
    box, drawn = page.evaluate(
        """() => { const svg = document.querySelector("svg[role=application]");
        return [svg.viewBox.baseVal.width, svg.clientWidth]; }"""
    )
    assert box == pytest.approx(drawn, abs=1)
    assert bench.failures == []


def test_it_grows_and_shrinks_with_its_cell(bench: Bench):
    svg = bench.page.locator("svg[role=application]")
    for width in (500, 900):
        bench.page.set_viewport_size({"width": width, "height": 800})
        bench.page.wait_for_function(
            """() => { const svg = document.querySelector("svg[role=application]");
            return Math.abs(svg.viewBox.baseVal.width - svg.clientWidth) < 1; }"""
        )
        box = svg.bounding_box()
        assert box is not None
        assert box["width"] <= width


def test_nothing_is_cut_off_at_the_edges(page: Page):
    corners = [Point(f"{x} {y}", x, y, "start") for x in (0.0, 1000.0) for y in (0.0, 10.0)]
    bench = Bench(page, Scene(Axes((0.0, 1000.0), (0.0, 10.0), "x", "y"), tuple(corners)))
    bench.plane.brushed = [point.id for point in corners]
    bench.answer()
    assert page.locator(".teachkit-ring").count() == 4
    outside = page.evaluate(
        """() => { const svg = document.querySelector("svg[role=application]");
        const all = svg.getBoundingClientRect();
        return [...svg.querySelectorAll("text, .teachkit-ring")].filter((e) => {
          const box = e.getBoundingClientRect();
          return box.left < all.left || box.right > all.right
            || box.top < all.top || box.bottom > all.bottom;
        }).map((e) => e.textContent || e.getAttribute("class")); }"""
    )
    assert outside == []
    assert bench.failures == []


def test_pictures_arrows_labels_and_equal_axes(page: Page):
    values = tuple(tuple(float(v) for v in row) for row in np.linspace(0, 1, 12).reshape(3, 4))
    scene = Scene(
        Axes((0.0, 4.0), (0.0, 3.0), equal=True),
        points=(Picture("r", 2.0, 1.5, "now", values=values, width=4.0),),
        arrows=(Arrow("a", (0.0, 0.0), (1.0, 1.0), "retrained"),),
        labels=(Label("l", 1.0, 1.0, "here"),),
    )
    bench = Bench(page, scene)
    image = page.locator("image")
    box = image.bounding_box()
    assert box is not None
    assert box["width"] / box["height"] == pytest.approx(4 / 3, rel=0.01)
    pixels = page.evaluate(
        """async () => { const image = new Image();
        image.src = document.querySelector("image").getAttribute("href"); await image.decode();
        const canvas = document.createElement("canvas"); canvas.width = 4; canvas.height = 3;
        const context = canvas.getContext("2d"); context.drawImage(image, 0, 0);
        return [...context.getImageData(0, 0, 4, 3).data].filter((_, k) => k % 4 === 0); }"""
    )
    assert pixels == pytest.approx(255 * (1 - np.linspace(0, 1, 12)), abs=1)  # top row first
    expect(page.locator(".teachkit-labels text")).to_have_text("here")
    assert page.locator(".teachkit-arrows path").count() == 2
    assert bench.failures == []


# ---- mouse


def test_a_drag_moves_the_point_and_nothing_else(bench: Bench):
    moved = []
    bench.plane.on_move(lambda table: moved.append(table))
    x, _ = bench.centre("p0")
    unit = bench.centre("p1")[0] - x  # two units of the data
    bench.drag("p0", unit, 0)
    bench.deliver(bench.take())
    assert list(moved[-1]) == ["p0"]
    assert moved[-1]["p0"] == pytest.approx((3.0, 1.0), abs=0.05)
    assert bench.plane.selected == "p0"


def test_without_callbacks_the_plane_keeps_what_was_done(bench: Bench):
    bench.drag("p0", 40, -30)
    here = bench.centre("p0")
    bench.settle()
    assert bench.centre("p0") == pytest.approx(here, abs=0.05)
    assert bench.plane.current.point("p0").x > 1.2


def test_a_point_cannot_leave_the_plane(bench: Bench):
    bench.drag("p0", -120, 120)
    bench.settle()
    point = bench.plane.current.point("p0")
    assert (point.x, point.y) == (0.0, 0.0)


def test_a_drag_ends_also_where_its_end_was_not_heard(bench: Bench):
    bench.drag("p0", 60, 0, release=False)
    here = bench.centre("p0")
    bench.page.evaluate(
        "() => document.addEventListener('pointerup', (e) => e.stopPropagation(), true)"
    )
    bench.page.mouse.up()
    bench.page.mouse.move(700, 300)
    assert bench.centre("p0") == here


def test_a_point_that_is_fixed_stays(page: Page):
    scene = a_scene()
    fixed = dataclasses.replace(scene.points[0], draggable=False)
    bench = Bench(page, dataclasses.replace(scene, points=(fixed, *scene.points[1:])))
    bench.drag("p0", 60, 60)
    assert all("positions" not in update for update in bench.take())


def test_what_cannot_be_dragged_does_not_hold_what_lies_under_it(page: Page):
    scene = a_scene()
    mark = Point("mark", 1.0, 1.0, "iterate", draggable=False, toggleable=False)
    for points in ((mark, *scene.points), (*scene.points, mark)):
        bench = Bench(page, dataclasses.replace(scene, points=points))
        bench.drag("p0", 60, 0)
        bench.settle()
        assert bench.plane.current.point("p0").x > 1.5
        assert bench.plane.current.point("mark").x == 1.0


def test_a_click_selects_and_a_click_beside_deselects(bench: Bench):
    bench.page.mouse.click(*bench.centre("p3"))
    bench.settle()
    assert bench.plane.selected == "p3"
    assert bench.plane.weights == bench.plane.positions == {}
    x, y = bench.centre("p3")
    bench.page.mouse.click(x, y - 60)
    bench.settle()
    assert bench.plane.selected == ""


def test_a_double_click_takes_out_and_puts_back(bench: Bench):
    for weight, word in ((0.0, "out"), (1.0, "in")):
        bench.page.mouse.dblclick(*bench.centre("p2"))
        bench.settle()
        assert bench.plane.current.point("p2").weight == weight
        label = bench.point("p2").get_attribute("aria-label")
        assert label is not None and label.endswith(word)
        bench.page.wait_for_timeout(450)  # so that the next click is not the third of a row


def test_the_test_point_cannot_be_taken_out(bench: Bench):
    bench.page.mouse.dblclick(*bench.centre("test"))
    assert all("weights" not in update for update in bench.take())


def test_the_button_takes_out_what_is_selected(bench: Bench):
    button = bench.page.get_by_role("button", name="Take out", exact=False)
    expect(button).to_be_disabled()
    bench.page.mouse.click(*bench.centre("p3"))
    bench.page.get_by_role("button", name="Take out Point 3").click()
    bench.settle()
    assert bench.plane.current.point("p3").weight == 0
    expect(bench.page.get_by_role("button", name="Put back Point 3")).to_be_enabled()


def test_a_rectangle_selects_several_and_delete_takes_them_all_out(bench: Bench):
    (x0, y0), (x1, y1) = bench.centre("p0"), bench.centre("p2")
    bench.page.keyboard.down("Shift")
    bench.page.mouse.move(x0 - 20, y0 + 20)
    bench.page.mouse.down()
    bench.page.mouse.move(x1 + 20, y1 - 20, steps=3)
    bench.page.mouse.up()
    bench.page.keyboard.up("Shift")
    bench.settle()
    assert bench.plane.brushed == ["p0", "p1", "p2"]
    bench.page.get_by_role("button", name="Take out 3 points").click()
    bench.settle()
    weights = {point.id: point.weight for point in bench.plane.current.points}
    assert weights == {"p0": 0, "p1": 0, "p2": 0, "p3": 1, "p4": 1, "p5": 1, "test": 1}


def test_select_an_area_needs_no_shift_key(bench: Bench):
    bench.page.get_by_role("button", name="Select an area").click()
    (x0, y0), (x1, y1) = bench.centre("p0"), bench.centre("p1")
    bench.page.mouse.move(x0 - 5, y0 + 5)  # on a point: the area goes before it
    bench.page.mouse.down()
    bench.page.mouse.move(x1 + 20, y1 - 20, steps=3)
    bench.page.mouse.up()
    bench.settle()
    assert bench.plane.brushed == ["p0", "p1"]
    assert bench.plane.positions == {}


def test_hovering_shows_the_name_the_place_and_the_note(page: Page):
    scene = a_scene()
    noted = dataclasses.replace(scene.points[0], note="it helps")
    bench = Bench(page, dataclasses.replace(scene, points=(noted, *scene.points[1:])))
    tip = page.locator(".teachkit-tip")
    expect(tip).to_be_hidden()
    page.mouse.move(*bench.centre("p0"))
    expect(tip).to_have_text("Point 0, class +1, at 1.0, 1.0, in; it helps")


# ---- finger


def test_a_finger_drags_a_point_and_double_taps_it(chromium: Browser):
    context = chromium.new_context(has_touch=True, viewport={"width": 500, "height": 700})
    try:
        bench = Bench(context.new_page())
        session = context.new_cdp_session(bench.page)

        def touch(kind: str, *places: tuple[float, float]) -> None:
            points = [{"x": x, "y": y} for x, y in places]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        x, y = bench.centre("p0")
        touch("touchStart", (x + 6, y + 6))  # a finger is not exact
        for k in range(1, 6):
            touch("touchMove", (x + 6 + 10 * k, y + 6 - 20 * k))
        touch("touchEnd")
        assert bench.centre("p0") == pytest.approx((x + 50, y - 100), abs=1)
        bench.settle()
        assert bench.plane.current.point("p0").y > 2
        bench.page.wait_for_timeout(450)
        x, y = bench.centre("p1")
        for _ in range(2):
            touch("touchStart", (x, y))
            touch("touchEnd")
        bench.settle()
        assert bench.plane.current.point("p1").weight == 0
        bench.page.evaluate("() => { document.body.style.height = '3000px'; }")
        x, y = bench.centre("test")
        touch("touchStart", (x + 80, y))  # beside the points a finger scrolls the page
        for k in range(1, 6):
            touch("touchMove", (x + 80, y - 20 * k))
        touch("touchEnd")
        bench.page.wait_for_function("() => window.scrollY > 20", timeout=5000)
        assert bench.failures == []
    finally:
        context.close()


# ---- keyboard


def test_tab_walks_from_point_to_point_and_escape_leaves(bench: Bench):
    page = bench.page
    page.get_by_text("before").focus()
    stops = page.locator(".teachkit-point[tabindex='0']")
    for expected in ("p0", "p1", "p2"):
        page.keyboard.press("Tab")
        assert bench.focused() == expected
        assert stops.count() == 1
    for key, expected in (
        ("Shift+Tab", "p1"),
        ("End", "test"),
        ("Home", "p0"),
        ("PageDown", "test"),
        ("PageUp", "p0"),
    ):
        page.keyboard.press(key)
        assert bench.focused() == expected
    bench.settle()
    assert bench.plane.selected == "p0"
    page.keyboard.press("Escape")
    assert bench.focused() is None
    button = page.get_by_role("button", name="Take out Point 0")
    expect(button).to_be_focused()
    expect(button).to_have_css("outline-style", "solid")  # the ring goes with it


def test_tab_leaves_behind_the_last_point_and_shift_tab_before_the_first(bench: Bench):
    page = bench.page
    bench.point("test").focus()
    page.keyboard.press("Tab")
    assert bench.focused() is None
    page.keyboard.press("Shift+Tab")
    assert bench.focused() == "test"
    page.keyboard.press("Home")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("() => document.activeElement.textContent") == "before"


def test_arrows_move_and_delete_toggles(bench: Bench):
    page = bench.page
    bench.point("p1").focus()
    for key, place in (
        ("ArrowRight", (3.1, 1.0)),
        ("ArrowUp", (3.1, 1.2)),
        ("Shift+ArrowRight", (4.1, 1.2)),
        ("ArrowLeft", (4.0, 1.2)),
        ("ArrowDown", (4.0, 1.0)),
    ):
        page.keyboard.press(key)
        bench.settle()
        point = bench.plane.current.point("p1")
        assert (point.x, point.y) == pytest.approx(place)
    for key, weight in (("Delete", 0), ("Delete", 1), ("Backspace", 0), ("Space", 1)):
        page.keyboard.press(key)
        bench.settle()
        assert bench.plane.current.point("p1").weight == weight
    assert bench.focused() == "p1"


def test_a_focused_point_wears_a_ring_and_carries_the_notebook_attribute(bench: Bench):
    bench.page.get_by_text("before").focus()
    bench.page.keyboard.press("Tab")
    ring = bench.page.locator(".teachkit-focused .teachkit-ring")
    assert ring.evaluate("(e) => parseFloat(getComputedStyle(e).strokeWidth)") >= 3
    attribute = "data-lm-suppress-shortcuts"
    assert (
        bench.page.evaluate(f"() => document.activeElement.getAttribute('{attribute}')") == "true"
    )


def test_keys_of_the_host_pass_through(bench: Bench):
    bench.page.evaluate(
        """() => { window.heard = [];
        document.addEventListener("keydown", (e) => heard.push(e.key)); }"""
    )
    bench.point("p1").focus()
    for key in ("Control+s", "ArrowUp", "Delete", "F1"):
        bench.page.keyboard.press(key)
    heard = bench.page.evaluate("() => window.heard")
    assert "s" in heard and "F1" in heard
    assert "ArrowUp" not in heard and "Delete" not in heard


# ---- the wire


def test_at_most_one_update_a_frame(bench: Bench):
    bench.drag("p0", 10, 10, release=False)
    bench.settle()
    bench.settle()
    bench.page.evaluate(
        """() => { const stage = document.querySelector(".teachkit-stage");
        const hand = { clientY: 300, pointerId: 1, buttons: 1, bubbles: true };
        const send = (e) => stage.dispatchEvent(e);
        for (let k = 0; k < 30; k++)
          send(new PointerEvent("pointermove", { clientX: 200 + 3 * k, ...hand })); }"""
    )
    assert len(bench.take()) == 1


def test_a_drag_has_two_tables_on_their_way_and_the_last_one_follows_an_answer(bench: Bench):
    x, y = bench.centre("p0")
    bench.page.mouse.move(x, y)
    bench.page.mouse.down()
    bench.take()  # what is held
    sent = []
    for k in range(1, 7):
        bench.page.mouse.move(x + 20 * k, y)
        sent += bench.take()
    tables = [update for update in sent if set(update) == {"positions"}]
    first, second = (update["positions"]["table"]["p0"][0] for update in tables)
    bench.deliver(tables[:1])
    bench.answer()
    (last,) = bench.take()
    assert last["positions"]["table"]["p0"][0] - second == pytest.approx(4 * (second - first))
    bench.page.mouse.up()


def test_late_answers_never_make_a_point_jump_back(bench: Bench):
    bench.drag("p0", 60, 0, release=False)
    first = bench.take()
    x, y = bench.centre("p0")
    bench.page.mouse.move(x + 60, y)
    second = bench.take()
    there = bench.centre("p0")
    assert there[0] > x + 50
    bench.deliver(first)
    bench.answer()  # late: the hand is further
    assert bench.centre("p0") == there
    bench.page.mouse.up()
    bench.answer()  # later still: the hand has gone
    assert bench.centre("p0") == there
    bench.deliver(second)
    bench.answer()
    assert bench.centre("p0") == pytest.approx(there, abs=0.05)


def test_once_answered_the_scene_has_the_last_word(bench: Bench):
    scene = bench.plane.current
    bench.plane.on_move(lambda table: bench.plane.show(scene.with_positions({"p0": (1.0, 5.0)})))
    x, y = bench.centre("p0")
    bench.drag("p0", 80, 30)
    bench.settle()  # Python keeps this point on a vertical line
    assert bench.centre("p0")[0] == pytest.approx(x, abs=0.5)
    assert bench.centre("p0")[1] < y - 50


def test_it_has_the_last_word_on_release_too(bench: Bench):
    scene = bench.plane.current
    bench.plane.on_move(lambda table: bench.plane.show(scene.with_positions({"p0": (1.0, 5.0)})))
    x, _ = bench.centre("p0")
    bench.drag("p0", 80, 30, release=False)
    bench.settle()
    assert bench.centre("p0")[0] == pytest.approx(x + 80, abs=0.5)  # held
    bench.page.mouse.up()
    assert bench.centre("p0")[0] == pytest.approx(x, abs=0.5)


def test_all_but_the_dragged_point_comes_from_the_scene_while_the_hand_is_down(bench: Bench):
    scene = bench.plane.current
    bench.plane.on_move(
        lambda table: bench.plane.show(
            dataclasses.replace(
                scene.with_positions({**table, "test": (1.0, 8.0)}), sentence="Two moved."
            )
        )
    )
    test = bench.centre("test")
    bench.drag("p0", 60, 0, release=False)
    here = bench.centre("p0")
    bench.settle()
    assert bench.centre("p0") == here
    assert bench.centre("test")[0] < test[0] - 50
    expect(bench.page.locator(".teachkit-sentence")).to_have_text("Two moved.")


def test_two_quick_drags_are_both_in_the_table_before_python_answers(bench: Bench):
    bench.drag("p0", 40, 0)
    bench.drag("p5", 0, -40)
    waiting = bench.take()  # which the model merges, name by name
    bench.deliver([{name: value for update in waiting for name, value in update.items()}])
    assert bench.plane.current.point("p0").x > 1.2
    assert bench.plane.current.point("p5").y > 3.2


def test_undo_drops_the_older_table_and_ends_the_gesture(bench: Bench):
    start, home = bench.plane.current, bench.centre("p0")
    bench.drag("p0", 60, 0, release=False)
    late = bench.take()
    bench.plane.show(start, replace=True)  # undo, while the drag is on its way
    bench.deliver(late)
    assert bench.plane.current.point("p0").x == 1.0
    bench.answer()
    bench.page.wait_for_timeout(200)  # it glides home
    assert bench.centre("p0") == pytest.approx(home, abs=0.05)
    bench.page.mouse.move(400, 400)
    bench.page.mouse.up()
    assert all("positions" not in update for update in bench.take())
    assert bench.centre("p0") == pytest.approx(home, abs=0.05)


def test_escape_takes_a_drag_back(bench: Bench):
    home = bench.centre("p0")
    bench.drag("p0", 60, 0, release=False)
    bench.page.keyboard.press("Escape")
    bench.page.mouse.up()
    bench.settle()
    assert bench.centre("p0") == pytest.approx(home, abs=0.05)
    assert bench.plane.current.point("p0").x == 1.0


def test_an_exception_shows_and_the_next_good_event_clears_it(bench: Bench):
    home = bench.centre("p0")
    bench.plane.on_move(lambda table: 1 / 0)
    bench.drag("p0", 60, 0)
    bench.settle()
    alert = bench.page.get_by_role("alert")
    expect(alert).to_contain_text("ZeroDivisionError: division by zero")
    assert bench.centre("p0") == pytest.approx(home, abs=0.05)  # back to what Python holds
    bench.plane.on_move(lambda table: None)
    bench.drag("p0", 60, 0)
    bench.settle()
    expect(alert).to_be_hidden()


def test_what_fails_in_the_page_shows_too(page: Page):
    bench = Bench(page)
    changed = {"lines": [{"style": "no such"}]}
    page.evaluate("receive", {"since": {**bench.plane.since, "changed": changed}})
    expect(page.get_by_role("alert")).to_contain_text("could not be drawn")
    bench.answer()
    expect(page.get_by_role("alert")).to_be_hidden()


def test_python_selects_a_point_without_stealing_the_focus(bench: Bench):
    bench.page.get_by_text("before").focus()
    bench.plane.selected = "p4"
    bench.answer()
    assert bench.page.locator(".teachkit-ring").count() == 1
    assert bench.focused() is None
    bench.page.keyboard.press("Tab")
    assert bench.focused() == "p4"


@pytest.mark.parametrize(("motion", "seconds"), [("no-preference", "0.15s"), ("reduce", "0s")])
def test_motion_is_short_and_absent_where_it_is_not_wanted(page: Page, motion, seconds):
    page.emulate_media(reduced_motion=motion)
    bench = Bench(page)
    bench.plane.show(bench.plane.current.with_positions({"p0": (5.0, 5.0)}), replace=True)
    bench.answer()
    duration = bench.point("p0").evaluate("(e) => getComputedStyle(e).transitionDuration")
    assert duration == seconds


def test_points_come_and_go_with_the_scene(bench: Bench):
    bench.plane.show(a_scene(20))
    bench.answer()
    assert bench.page.locator(".teachkit-point").count() == 21
    bench.plane.show(a_scene(2))
    bench.answer()
    assert bench.page.locator(".teachkit-point").count() == 3
    bench.drag("p1", 30, 0)
    bench.settle()
    assert bench.plane.current.point("p1").x > 3.2


def test_unmounting_lets_go(bench: Bench):
    bench.page.evaluate("() => unmount()")
    bench.plane.show(a_scene(2))
    bench.answer()
    assert bench.page.locator(".teachkit-point").count() == 7


# ---- the three hosts

CELLS = [
    "from teachkit.scenes.scene import Axes, Point, Scene\n"
    "from teachkit.widgets.plane import Plane\n"
    "from dataclasses import replace",
    "points = tuple(Point(f'p{i}', i, i, 'positive', label=f'Point {i}') for i in range(5))\n"
    "plane = Plane(Scene(Axes((-1, 5), (-1, 5)), points, sentence='Ready.', alt='Five points.'))\n"
    "def show(scene):\n"
    "    p = scene.point('p1')\n"
    "    plane.show(replace(scene, sentence=f'{p.x:.1f} {p.y:.1f} {p.weight:.0f}'))\n"
    "@plane.on_move\n"
    "def moved(table):\n"
    "    if 'p4' in table: raise ValueError('p4 is nailed down')\n"
    "    show(plane.current.with_positions(table))\n"
    "@plane.on_toggle\n"
    "def toggled(table): show(plane.current.with_weights(table))\n"
    "plane",
]


@pytest.mark.parametrize("host", ["jupyterlab", "notebook7", "voila"])
def test_mouse_and_keyboard_in_a_real_host(host: str, request: pytest.FixtureRequest):
    page: Page = request.getfixturevalue(host)(CELLS)
    sentence = page.locator(".teachkit-sentence")
    expect(sentence).to_have_text("Ready.")
    cells = page.locator(".jp-CodeCell").count()

    def drag(name: str) -> None:
        box = page.locator(f".teachkit-point[data-id={name}] .teachkit-hit").bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 40, y - 30, steps=4)
        page.mouse.up()

    page.locator(".teachkit-stage").scroll_into_view_if_needed()
    point = page.locator(".teachkit-point[data-id=p1]")
    alert = page.locator(".teachkit-plane").get_by_role("alert")
    drag("p1")
    # What Python says is where the front end draws it: all is exchanged.
    page.wait_for_function(
        """() => {
        const [x, y] = document.querySelector(".teachkit-sentence").textContent.split(" ");
        const label = document.querySelector("[data-id=p1]").getAttribute("aria-label");
        const [, atX, atY] = label.match(/at (.+), (.+), in/);
        return x > 1 && y > 1 && Math.abs(x - atX) < 0.06 && Math.abs(y - atY) < 0.06; }""",
        timeout=10_000,
    )
    x, y, weight = sentence.inner_text().split()
    assert weight == "1"
    drag("p4")
    expect(alert).to_contain_text("nailed down")
    nailed = page.locator(".teachkit-point[data-id=p4]")
    expect(nailed).to_have_attribute("aria-label", re.compile(r"at 4\.0+, 4\.0+, in"))

    page.locator(".teachkit-point[data-id=p0]").focus()
    page.keyboard.press("Tab")
    expect(point).to_be_focused()
    page.keyboard.press("Shift+ArrowRight")
    expect(sentence).not_to_have_text(f"{x} {y} 1")
    expect(alert).to_be_hidden()
    page.keyboard.press("Delete")
    expect(sentence).to_contain_text(" 0")
    # In Notebook 7 these keys cut, delete, insert and merge cells unless the point forbids it.
    for key in ("x", "d", "d", "a", "b", "Shift+M"):
        page.keyboard.press(key)
    expect(point).to_be_focused()
    assert page.locator(".jp-CodeCell").count() == cells
    expect(sentence).to_be_visible()


# ---- bars, pictures and walls


def bars(n: int = 5) -> Scene:
    points = [
        Bar(str(i), float(i), 2.0 - i, ("positive", "negative")[i % 2], label=f"Example {i}")
        for i in range(n)
    ]
    return Scene(Axes((-1.0, float(n)), (-3.0, 3.0), "example", "influence"), tuple(points))


def a_wall(columns: int = 8) -> Scene:
    pictures = [
        Picture(
            f"{row}-{k}", k, -row, ("now", "predicted")[k % 2], label=f"Image {row}-{k}",
            values=((0.0, 1.0), (0.5, 0.25)), caption=f"{k}: digit\n+0.0123", note="it helps",
        )
        for row in (0, 1)
        for k in range(columns)
    ]  # fmt: skip
    title = (Label("title", 0, -1, "The second row"),)
    return Scene(wall_of(columns, 2), tuple(pictures), labels=title, sentence="A wall.", alt="Two.")


def test_bars_stand_on_their_base_and_a_click_takes_one_out(page: Page):
    bench = Bench(page, bars())
    tallest = bench.point("0").locator(".teachkit-bar").bounding_box()
    lowest = bench.point("4").locator(".teachkit-bar").bounding_box()
    assert tallest is not None and lowest is not None
    foot = tallest["y"] + tallest["height"]
    assert foot == pytest.approx(lowest["y"], abs=5)  # strokes and all
    assert tallest["height"] == pytest.approx(lowest["height"], abs=2)
    assert tallest["height"] > 100
    expect(bench.point("1").locator(".teachkit-bar")).to_have_attribute(
        "fill", look(SHARED["negative"])["light"]
    )
    label = "Example 4, class +1, at 4.00, −2.0, in"
    expect(bench.point("4")).to_have_attribute("aria-label", label)
    page.mouse.click(lowest["x"] + 4, lowest["y"] + lowest["height"] - 4)  # far from its point
    bench.settle()
    assert bench.plane.current.point("4").weight == 0
    expect(bench.point("4")).to_have_attribute("aria-label", label.replace("in", "out"))
    expect(bench.point("4").locator(".teachkit-bar")).to_have_attribute("fill", "none")
    expect(page.locator(".teachkit-help")).to_have_text("A click takes one out or puts it back.")
    bench.point("4").focus()
    page.keyboard.press("Enter")
    bench.settle()
    assert bench.plane.current.point("4").weight == 1
    assert bench.failures == []


def test_a_picture_of_a_wall_is_a_button(page: Page):
    bench = Bench(page, a_wall())
    image = bench.point("1-3").locator("image")
    box = image.bounding_box()
    assert box is not None
    assert box["width"] == pytest.approx(box["height"], abs=0.5)
    frame = bench.point("1-3").locator(".teachkit-border")
    expect(frame).to_have_attribute("stroke", look(SHARED["predicted"])["light"])
    expect(bench.point("1-3")).to_have_attribute("aria-label", "Image 1-3, predicted, in; it helps")
    page.mouse.click(box["x"] + 4, box["y"] + 4)  # a corner
    bench.settle()
    assert [p.id for p in bench.plane.current.points if p.weight == 0] == ["1-3"]
    expect(image).to_have_css("opacity", "0.3")
    expect(bench.point("1-3")).to_have_attribute(
        "aria-label", "Image 1-3, predicted, out; it helps"
    )
    ring = page.locator(".teachkit-rings .teachkit-ring").bounding_box()
    assert ring is not None and ring["width"] > box["width"]  # around the whole of it
    page.keyboard.press("Tab")
    assert bench.focused() == "1-4"
    page.keyboard.press("Space")
    bench.settle()
    assert bench.plane.current.point("1-4").weight == 0
    assert page.locator(".teachkit-tick").count() == 0
    assert bench.failures == []


@pytest.mark.parametrize(("width", "lines"), [(300, 3), (390, 2), (1200, 1)])
def test_a_wall_breaks_its_rows_where_the_page_is_narrow(page: Page, width: int, lines: int):
    page.set_viewport_size({"width": width, "height": 900})
    bench = Bench(page, a_wall())
    boxes = {
        f"{row}-{k}": bench.point(f"{row}-{k}").locator("image").bounding_box()
        for row in (0, 1)
        for k in range(8)
    }
    for row in (0, 1):
        tops = {round(boxes[f"{row}-{k}"]["y"]) for k in range(8)}
        assert len(tops) == lines
    assert max(boxes[f"0-{k}"]["y"] for k in range(8)) < boxes["1-0"]["y"]
    title = page.locator(".teachkit-labels text").bounding_box()
    assert max(boxes[f"0-{k}"]["y"] for k in range(8)) < title["y"] < boxes["1-0"]["y"]
    for one, box in boxes.items():
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
        for other, their in boxes.items():
            if one < other:
                beside = abs(box["x"] - their["x"]) >= box["width"]
                assert beside or abs(box["y"] - their["y"]) >= box["height"] + 28  # two lines
    svg = page.locator(".teachkit-stage > svg").bounding_box()
    lowest = page.locator(".teachkit-caption").last.bounding_box()
    assert lowest["y"] + lowest["height"] <= svg["y"] + svg["height"]
    page.set_viewport_size({"width": 900, "height": 900})
    expect(bench.point("0-7").locator("image")).to_be_visible()
    assert bench.failures == []
