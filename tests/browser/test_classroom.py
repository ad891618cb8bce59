"""The page of a class: nothing serious for axe, on a projector and on a phone, light and dark."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from teachkit.classroom.count import count
from teachkit.classroom.page import EVERY
from teachkit.classroom.page import page as written
from teachkit.classroom.read import read
from tests.browser.test_axe import serious
from tests.classroom.made_up import hand_in, the_class

NOW = datetime(2026, 3, 5, 9, 7)


def put(folder: Path, learners: int, *, watched: bool = False) -> str:
    """The page of the first so many of the class; its address."""
    room = hand_in(folder / f"room-{learners}", the_class()[:learners])
    (room / "broken.json").write_text("{")
    path = folder / "classroom.html"
    path.write_text(written(count(read(room)), "room", NOW, watched=watched), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_serious_and_nothing_leaves_the_page(
    page: Page, tmp_path: Path, theme: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme)
    page.goto(put(tmp_path, 24))
    for closed in page.locator("details").all():
        closed.locator("summary").click()
    expect(page.get_by_role("row", name="<b>Eve</b>")).to_be_visible()
    expect(page.get_by_role("img", name="Histogram of 12 guesses")).to_be_visible()
    assert serious(page, "body") == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    smallest = "Math.min(...[...document.querySelectorAll('td, th, p, text')].map("
    smallest += "one => parseFloat(getComputedStyle(one).fontSize)))"
    assert page.evaluate(smallest) >= 12


def test_it_reads_the_same_without_scripts_and_asks_for_nothing(page: Page, tmp_path: Path) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    address = put(tmp_path, 24)
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("What the class got wrong")
    assert asked == [address]


def test_a_watched_page_shows_what_came_in_until_it_is_stopped(page: Page, tmp_path: Path) -> None:
    page.clock.install()
    address = put(tmp_path, 2, watched=True)
    page.goto(address)
    expect(page.get_by_text("2 learners.")).to_be_visible()
    page.get_by_text("Show the names").click()
    put(tmp_path, 3, watched=True)
    page.clock.run_for(1000 * EVERY + 100)
    expect(page.get_by_text("3 learners.")).to_be_visible()
    expect(page.get_by_role("row", name="Bo, Jr.")).to_be_visible()  # what was open stays open
    page.get_by_role("button", name="Stop reloading").click()
    put(tmp_path, 4, watched=True)
    page.clock.run_for(1000 * EVERY + 100)
    expect(page.get_by_text("3 learners.")).to_be_visible()
    page.get_by_role("button", name="Reload again by itself").click()
    page.clock.run_for(1000 * EVERY + 100)
    expect(page.get_by_text("4 learners.")).to_be_visible()
    assert serious(page, "body") == []
