"""Every explorer fits one screen, and nothing in it moves under the hand."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.explorers import AROUND, CELLS

LAB = (1110, 779)  # px that JupyterLab leaves a cell on a laptop of 1440 x 900
DRAGGED = {
    "influence": "3", "bowl": "x", "root": "start", "descent": "start", "secant": "start",
    "step": "r", "conjugate": "start", "loss": "at", "generative": "3",
    "smooth hinge": "3",
    "perturbation": "3",
}  # fmt: skip
WIDE = """node => { const most = node.getBoundingClientRect().right + 1;
    return [...node.querySelectorAll("button, input, select, svg, td, th, .noUi-target")]
        .filter((part) => part.getBoundingClientRect().right > most).length; }"""
CUT = """node => [...node.querySelectorAll(".teachkit-table :is(td, th), .widget-toggle-button")]
    .filter((part) => part.scrollWidth > part.clientWidth + 1).map((part) => part.textContent)"""

# What is written at the axes and leaves the picture.
BEYOND = """node => [...node.querySelectorAll(".teachkit-stage > svg")].flatMap((svg) => {
    const out = svg.getBoundingClientRect();
    const beyond = (a) => a.width && (a.left < out.left - 2 || a.right > out.right + 2 ||
        a.top < out.top - 2 || a.bottom > out.bottom + 2);
    return [...svg.querySelectorAll(".teachkit-tick")]
        .filter((part) => beyond(part.getBoundingClientRect()))
        .map((part) => part.textContent); })"""

# Captions of pictures that lie on one another.
ON_ANOTHER = """node => { const boxes = [...node.querySelectorAll(".teachkit-caption")]
    .map((part) => [part.textContent, part.getBoundingClientRect()]).filter((one) => one[1].width);
    return boxes.flatMap(([text, a], k) => boxes.slice(k + 1).filter(([, b]) =>
        a.left < b.right && b.left < a.right && a.top < b.bottom - 1 && b.top < a.bottom - 1)
        .map(([other]) => [text, other])); }"""


@pytest.fixture
def unfolded() -> Iterator:
    """Open what is closed in an explorer, as far as it has such a box; afterwards it is closed."""
    boxes: list[Locator] = []

    def unfold(root: Locator) -> None:
        boxes.append(root.locator(".teachkit-opens"))
        for box in boxes[-1].all():
            box.click()

    yield unfold
    for box in boxes:
        for opened in reversed(box.all()):  # one may be inside another
            opened.click()


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize("typed", ["closed", "open"])
def test_it_fits_one_screen(explorers, width, unfolded, name, typed) -> None:
    width(LAB[0])
    root = explorers(name).root
    if typed == "open":
        unfolded(root)
    until = time.monotonic() + 10  # planes take their places one after the other
    while (box := root.bounding_box())["height"] > LAB[1] and time.monotonic() < until:
        root.page.wait_for_timeout(100)
    assert box["width"] <= LAB[0] + 10
    assert box["height"] <= LAB[1]
    assert root.evaluate(CUT) == []
    assert root.evaluate(ON_ANOTHER) == []


@pytest.mark.parametrize("name", CELLS)
def test_on_a_phone_nothing_leaves_the_page_and_undo_is_near(
    explorers, width, unfolded, name
) -> None:
    width(390 - AROUND)
    explorer = explorers(name)
    unfolded(explorer.root)
    assert explorer.root.evaluate(WIDE) == 0
    assert explorer.root.evaluate(CUT) == []
    assert explorer.root.evaluate(BEYOND) == []
    large = explorer.root.locator(".teachkit-large .teachkit-plane")
    plane = (large.first if large.count() else explorer.plane()).bounding_box()
    undo = explorer.button("Undo").bounding_box()
    assert 0 <= undo["y"] - plane["y"] - plane["height"] < 20


@pytest.mark.parametrize("name", ["influence", "images"])
def test_at_most_five_controls_at_first_sight(explorers, name) -> None:
    shown = explorers(name).root.locator(":is(button, select, input, .noUi-handle):visible")
    assert 1 < shown.count() <= 5


def test_a_path_fits_into_the_screen_too(explorers, width, unfolded) -> None:
    explorer = explorers("influence")
    width(LAB[0])
    unfolded(explorer.root)
    explorer.point("3").focus()
    expect(explorer.sentence(1)).to_contain_text("as point 3 goes from out")
    explorer.page.wait_for_timeout(300)
    assert explorer.root.bounding_box()["height"] <= LAB[1]


@pytest.mark.parametrize(("name", "point"), DRAGGED.items())
def test_a_drag_leaves_the_plane_where_it_is(explorers, name, point) -> None:
    """20 moves, and a rest after each, so that every answer is seen."""
    explorer = explorers(name)
    x, y = explorer.centre(point)
    parts = [explorer.plane().locator(".teachkit-stage > svg")]
    parts += [explorer.root.locator(f".teachkit-{part}").first for part in ("legend", "beside")]
    before = [part.bounding_box() for part in parts]
    explorer.page.mouse.move(x, y)
    explorer.page.mouse.down()
    boxes = []
    for k in range(20):
        explorer.page.mouse.move(x - 3 * k, y + 2 * k)
        explorer.page.wait_for_timeout(60)
        boxes.append([part.bounding_box() for part in parts])
    explorer.page.mouse.up()
    explorer.button("Reset").click()
    assert boxes == [before] * 20


@pytest.mark.parametrize(("name", "point"), DRAGGED.items())
def test_a_finger_drags_on_a_phone(explorers, width, name, point) -> None:
    width(390 - AROUND)
    explorer = explorers(name)
    page = explorer.page
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    x, y = explorer.centre(point)
    places = [(x + 3 * k, y - 2 * k) for k in range(9)]
    before = explorer.point(point).get_attribute("aria-label") or ""
    for kind, place in [("touchStart", places[0]), *(("touchMove", p) for p in places[1:])]:
        points = [{"x": place[0], "y": place[1]}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
    session.detach()
    expect(explorer.point(point)).not_to_have_attribute("aria-label", before)
    explorer.button("Reset").click()


@pytest.mark.parametrize(("name", "point"), DRAGGED.items())
def test_a_quick_drag_is_one_gesture(explorers, name, point) -> None:
    """Nothing that follows it, such as a slider, says something of its own meanwhile."""
    explorer = explorers(name)
    dragged = explorer.point(point)
    before = dragged.get_attribute("aria-label") or ""
    explorer.drag(point, -60, 25)
    expect(dragged).not_to_have_attribute("aria-label", before)
    explorer.page.wait_for_timeout(500)  # for what might be said
    explorer.button("Undo").click()
    expect(dragged).to_have_attribute("aria-label", before)
