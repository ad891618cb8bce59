"""A quiz and an exercise in a notebook: choices to press, formulas that are set, one reply."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.hosts import Server

CELLS = [
    "from teachkit.exercises import influence_upweighting as lesson",
    "lesson.sum_of_influences.ask()",
    "lesson.sensitivity.check(lambda T, x, z: 0.0)",
    "1 + 1",
]


def choice(page: Page, number: int) -> Locator:
    return page.locator(".teachkit-choices .teachkit-choice").nth(number)


def reply(page: Page, number: int = 0) -> Locator:
    return page.locator(".teachkit-said[role=status]").nth(number)


@pytest.mark.parametrize("host", ["jupyterlab", "notebook7"])
def test_a_choice_is_pressed_marked_and_answered(host: str, request) -> None:
    page: Page = request.getfixturevalue(host)(CELLS)
    formula = choice(page, 2).locator("mjx-container")
    expect(formula).to_be_visible()
    expect(choice(page, 2)).to_contain_text("and that is not 0.")
    around = page.locator(".teachkit-asking").first.bounding_box()
    box = choice(page, 0).bounding_box()
    assert box and around
    assert box["width"] > 0.95 * around["width"]
    expect(reply(page)).to_be_empty()
    choice(page, 0).click()
    expect(choice(page, 0)).to_have_accessible_name(re.compile("not it$"))
    expect(reply(page)).to_contain_text("a) is not it.")
    expect(reply(page).locator("mjx-container").first).to_be_visible()
    choice(page, 2).focus()
    page.keyboard.press("Enter")
    expect(choice(page, 2)).to_have_accessible_name(re.compile("right$"))
    expect(choice(page, 0)).to_have_accessible_name(re.compile("not it$"))
    expect(reply(page)).to_contain_text("c) is right.")
    expect(choice(page, 2)).to_be_focused()
    assert page.locator("[role=status] [role=status]").count() == 0
    # x and d cut no cell while a button has the focus.
    cells = page.locator(".jp-CodeCell").count()
    for key in ("x", "d", "d"):
        page.keyboard.press(key)
    expect(page.locator(".jp-CodeCell")).to_have_count(cells)
    page.get_by_role("button", name="Hint").click()
    expect(reply(page, 1)).to_contain_text("hint 1 of 2")
    page.get_by_role("button", name="Solution").click()
    expect(reply(page, 1).locator("pre")).to_contain_text("def sensitivity")


@pytest.mark.usefixtures("_kernels")
def test_where_no_formula_can_be_set_it_is_shown_as_typed_and_fingers_find_the_buttons(
    server: Server, chromium: Browser
) -> None:
    """Voilà fetches MathJax from the network, which a classroom may not have."""
    context = chromium.new_context(has_touch=True, is_mobile=True)
    context.route(re.compile("mathjax", re.IGNORECASE), lambda route: route.abort())
    page = context.new_page()
    page.goto(server.url(f"voila/render/{server.write(CELLS[:2])}"))
    expect(choice(page, 2)).to_contain_text("g_test' H^-1 theta", timeout=60_000)
    box = choice(page, 0).bounding_box()
    assert box
    assert box["height"] >= 44
    choice(page, 2).tap()
    expect(reply(page)).to_contain_text("c) is right.")
    context.close()
