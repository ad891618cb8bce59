"""The site in Chromium, without a network."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.test_axe import serious
from tests.site.test_html import NAMES

SIZE = 1_000_000  # bytes of the first page, with all that it loads


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_page_opens_without_a_network_and_without_an_error(
    page: Page, address: str, name: str
) -> None:
    """What is asked for elsewhere fails the test (see the fixture `context`)."""
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("response", lambda answer: wrong.append(answer.url) if answer.status >= 400 else None)
    page.goto(f"{address}/{name}", wait_until="networkidle")
    assert wrong == []


def test_the_first_page_is_light(page: Page, address: str) -> None:
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(address, wait_until="networkidle")
    sizes = {answer.url: len(answer.body()) for answer in answers}
    assert len(sizes) > 3
    assert sum(sizes.values()) < SIZE, sizes


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "name", ["index.html", "glossary.html", "notebooks/07_influence_upweighting.html"]
)
def test_axe_finds_nothing_serious(page: Page, address: str, name: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{address}/{name}")
    assert serious(page, "body") == []


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_page_fits_a_phone(page: Page, address: str, name: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}/{name}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_table_of_lessons_is_read_on_a_phone_without_scrolling_sideways(
    page: Page, address: str
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address)
    assert page.locator(".table-wrapper").first.evaluate("e => e.scrollWidth - e.clientWidth") == 0


def test_the_search_finds_a_lesson(page: Page, address: str) -> None:
    page.goto(address)
    box = page.get_by_role("textbox", name="Search").first
    box.fill("leverage")
    box.press("Enter")
    expect(
        page.locator("#search-results a", has_text="What one training point does")
    ).to_be_visible()
