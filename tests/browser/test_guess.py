"""Guesses by mouse, by keyboard and by form; the truth is nowhere on the page before."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.explorers import CELLS, Hands
from tests.browser.test_axe import serious
from tests.browser.test_one_screen import CUT, LAB, ON_ANOTHER

COMMITTED = re.compile("^You guessed .+; predicted is .+, true is .+[.] Your guess is .+ off")
GUESSES = ["point", "line", "way", "pixel", "image", "slope"]
NAMES = {kind: f"guess a{'n' if kind == 'image' else ''} {kind}" for kind in GUESSES}
# What is drawn of prediction and truth, and said of them.
TELLING = """node => [...node.querySelectorAll(".teachkit-lines > *, .teachkit-arrows > *")]
    .map(({ dataset }) => dataset.id)
    .filter((id) => /predicted|retrained|tangent|steepest/.test(id))"""


@pytest.fixture
def guessing(explorers) -> Iterator:
    """Hands on an explorer that asks; afterwards it asks again."""
    held: list[Hands] = []

    def hands(kind: str) -> Hands:
        held.append(explorers(NAMES[kind]))
        held[-1].plane().scroll_into_view_if_needed()
        return held[-1]

    yield hands
    for explorer in held:
        if explorer.button("Reset").is_enabled():
            explorer.button("Reset").click()
        expect(explorer.sentence()).not_to_contain_text("You guessed")


def menu(explorer: Hands) -> Locator:
    """Where one of several is chosen."""
    row = explorer.root.locator(".teachkit-guess .widget-dropdown", has_text="Your guess")
    return row.locator("select")


def commit(explorer: Hands) -> str:
    explorer.button("Commit").click()
    expect(explorer.sentence()).to_have_text(COMMITTED)
    expect(explorer.root.locator(".teachkit-guess table")).to_be_visible()
    assert explorer.root.locator(".teachkit-error:visible").count() == 0
    return explorer.sentence().inner_text()


def test_a_point_is_guessed_by_mouse_keyboard_and_form(guessing) -> None:
    explorer = guessing("point")
    said = []
    expect(explorer.root.locator(".teachkit-help").first).to_have_text(
        "Can be dragged: Test point."
    )
    expect(explorer.button("Commit")).to_be_disabled()
    explorer.page.mouse.click(*explorer.centre("7"))
    expect(explorer.sentence()).to_contain_text("Your guess is point 7")
    assert explorer.root.evaluate(TELLING) == []
    expect(explorer.point("7")).not_to_have_attribute("aria-label", re.compile("test loss"))
    said.append(commit(explorer))
    expect(explorer.point("7")).to_have_attribute("aria-label", re.compile("test loss"))

    explorer.button("Reset").click()
    expect(explorer.sentence()).not_to_contain_text("You guessed")
    explorer.point("6").focus()
    explorer.press("Tab")
    expect(explorer.sentence()).to_contain_text("Your guess is point 7")
    explorer.button("Commit").focus()
    explorer.press("Enter")
    expect(explorer.sentence()).to_have_text(COMMITTED)
    said.append(explorer.sentence().inner_text())

    explorer.button("Reset").click()
    expect(explorer.button("Commit")).to_be_disabled()
    menu(explorer).select_option("point 7")
    expect(explorer.sentence()).to_contain_text("Your guess is point 7")
    said.append(commit(explorer))
    assert len(set(said)) == 1

    explorer.button("Undo").click()
    expect(explorer.sentence()).to_contain_text("Your guess is point 7")
    expect(explorer.root.locator(".teachkit-guess table")).to_have_count(0)
    commit(explorer)
    explorer.button("New round").click()
    expect(explorer.sentence()).to_contain_text("Select it, then commit your guess.")


def test_a_line_is_dragged_or_moved_by_arrows(guessing) -> None:
    explorer = guessing("line")
    explorer.button("Commit").click()
    expect(explorer.root.locator(".teachkit-error").first).to_contain_text("No point is taken out")
    explorer.point("3").focus()
    explorer.press("Delete")
    expect(explorer.sentence()).to_contain_text("Point 3 out: where does the boundary go?")
    explorer.drag("guess-0", 40, 30)
    before = explorer.point("guess-1").get_attribute("aria-label") or ""
    explorer.point("guess-1").focus()
    explorer.press("ArrowLeft", "ArrowLeft")
    expect(explorer.point("guess-1")).not_to_have_attribute("aria-label", before)
    lines = explorer.plane().locator(".teachkit-lines > path")
    expect(lines).to_have_count(2)
    assert explorer.root.evaluate(TELLING) == []
    assert "% of the width" in commit(explorer)
    expect(lines).to_have_count(4)


@pytest.mark.parametrize("kind", ["way", "slope"])
def test_an_end_is_dragged(guessing, kind) -> None:
    explorer = guessing(kind)
    explorer.drag("guess", -30, -60)
    assert explorer.root.evaluate(TELLING) == []
    commit(explorer)


def test_a_slope_is_typed(guessing) -> None:
    explorer = guessing("slope")
    field = explorer.root.locator(".teachkit-guess input")
    field.fill("1.5")
    field.press("Tab")
    expect(explorer.point("guess")).to_have_attribute("aria-label", re.compile("1[.]2"))
    assert "You guessed 1.50" in commit(explorer)


@pytest.mark.parametrize(("kind", "name"), [("pixel", "20"), ("image", "30")])
def test_a_picture_is_clicked(guessing, kind, name) -> None:
    explorer = guessing(kind)
    explorer.page.mouse.click(*explorer.centre(name))
    expect(explorer.sentence()).to_contain_text("Your guess is")
    commit(explorer)


@pytest.mark.parametrize("kind", GUESSES)
def test_the_outcome_fits_one_screen_too(guessing, width, kind) -> None:
    width(LAB[0])
    explorer = guessing(kind)
    guess(explorer, kind)
    commit(explorer)
    explorer.page.wait_for_timeout(500)
    assert explorer.root.bounding_box()["height"] <= LAB[1]
    assert explorer.root.evaluate(CUT) == []
    assert explorer.root.evaluate(ON_ANOTHER) == []
    assert serious(explorer.page, ".teachkit-guess") == []


NAMES_OF_COLUMNS = """node => [...node.querySelectorAll("table th[scope='col']")]
    .filter((head) => head.scrollWidth > head.clientWidth).map((head) => head.textContent)"""


def test_names_of_columns_have_room_on_a_narrow_page(guessing) -> None:
    explorer = guessing("line")
    page = explorer.page
    before = page.viewport_size
    guess(explorer, "line")
    commit(explorer)
    page.set_viewport_size({"width": 300, "height": 900})
    try:
        page.wait_for_timeout(500)
        assert explorer.root.locator("table:visible").count() == 2
        assert explorer.root.evaluate(NAMES_OF_COLUMNS) == []
        assert explorer.root.evaluate("node => node.scrollWidth - node.clientWidth") <= 0
    finally:
        page.set_viewport_size(before)
        page.wait_for_timeout(300)


def guess(explorer: Hands, kind: str) -> None:
    if kind in ("way", "slope"):
        return
    if kind == "line":
        explorer.point("3").focus()
        explorer.press("Delete")
        expect(explorer.sentence()).to_contain_text("Point 3 out")
    else:
        menu(explorer).select_option(index=3)
        expect(explorer.sentence()).to_contain_text("Your guess is")


def test_fingers_find_the_buttons(server, chromium: Browser) -> None:
    cells = [CELLS["influence"], *(CELLS[NAMES[kind]] for kind in ("point", "slope"))]
    touch = {"has_touch": True, "is_mobile": True, "viewport": {"width": 390, "height": 800}}
    context = chromium.new_context(**touch)
    try:
        page = context.new_page()
        page.goto(server.url(f"voila/render/{server.write(cells)}"), timeout=120_000)
        commits = page.get_by_role("button", name="Commit", exact=True)
        expect(commits).to_have_count(2, timeout=120_000)
        parts = ".teachkit-guess :is(button, select, input):visible"
        for part in page.locator(parts).all():
            box = part.bounding_box()
            assert min(box["width"], box["height"]) >= 44
        assert page.locator(parts).count() >= 6
    finally:
        context.close()
