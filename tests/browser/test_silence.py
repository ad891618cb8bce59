"""A kernel that is busy, dead or restarted: the plane says so, and no longer once it answers."""

from __future__ import annotations

import itertools
import re
import time

from playwright.sync_api import Page, expect

from tests.browser.bench import Bench
from tests.browser.explorers import CELLS

NO_ANSWER = "The kernel does not answer. It may be busy; if it was restarted, run this cell again."
COMPUTING = re.compile(r"\bteachkit-computing\b")
PANEL = "window.jupyterapp.shell.currentWidget"


def said(page: Page) -> str:
    """What stands behind the sentence."""
    return page.locator(".teachkit-sentence").first.evaluate(
        "(e) => getComputedStyle(e, '::after').content"
    )


def test_an_answer_that_is_long_in_coming_is_owned_up_to(page: Page):
    bench = Bench(page)
    plane, alert = page.locator(".teachkit-plane"), page.get_by_role("alert")
    bench.drag("p0", 40, 0)
    expect(plane).to_have_class(COMPUTING)
    assert said(page) == '" computing …"'
    expect(page.locator(".teachkit-sentence")).to_have_css("opacity", "0.6")
    expect(alert).to_be_hidden()
    expect(alert).to_have_text(NO_ANSWER)
    bench.settle()
    expect(plane).not_to_have_class(COMPUTING)
    assert said(page) == "none"
    expect(alert).to_be_hidden()
    assert bench.failures == []


def test_answers_in_time_leave_no_trace(page: Page):
    """The clock starts again with each answer, however long the hand moves on."""
    # A clock eight times as slow, so that this machine's pace is none of the test's.
    page.evaluate("() => { const run = setTimeout; window.setTimeout = (f, t) => run(f, 8 * t); }")
    bench = Bench(page)
    page.evaluate(
        """() => { window.dim = 0; new MutationObserver(() => {
        window.dim += document.querySelector(".teachkit-computing") !== null; }).observe(
        document.querySelector(".teachkit-plane"), { attributeFilter: ["class"] }); }"""
    )
    x, y = bench.centre("p0")
    page.mouse.move(x, y)
    page.mouse.down()
    start = time.monotonic()
    for k in itertools.count():
        page.mouse.move(x + 20 * (k % 2) + 20, y)
        bench.settle()
        if time.monotonic() - start > 3:
            break
    page.mouse.up()
    bench.settle()
    page.wait_for_timeout(2700)
    assert page.evaluate("() => window.dim") == 0


def test_a_click_without_an_answer_is_noticed_too(page: Page):
    bench = Bench(page)
    page.mouse.click(*bench.centre("p3"))
    expect(page.locator(".teachkit-plane")).to_have_class(COMPUTING)
    bench.settle()
    expect(page.locator(".teachkit-plane")).not_to_have_class(COMPUTING)


def _grab(page: Page) -> None:
    page.locator(".teachkit-stage").first.scroll_into_view_if_needed()
    box = page.locator(".teachkit-point[data-id='3'] .teachkit-hit").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y - 30, steps=6)


def test_in_jupyterlab_a_busy_and_a_restarted_kernel(jupyterlab) -> None:
    page: Page = jupyterlab([CELLS["influence"]])
    plane, alert = page.locator(".teachkit-plane").first, page.get_by_role("alert").first
    sentence = page.locator(".teachkit-sentence").first
    expect(sentence).to_have_text(re.compile("^Nothing is changed"))

    page.evaluate(
        f"() => {{ {PANEL}.sessionContext.session.kernel.requestExecute("
        "{ code: 'import time; time.sleep(8)' }); }"
    )
    _grab(page)
    expect(plane).to_have_class(COMPUTING)
    expect(alert).to_have_text(NO_ANSWER)  # long before the eight seconds are over
    expect(sentence).to_have_text(re.compile("^Nothing is changed"))
    page.mouse.up()
    expect(sentence).to_have_text(re.compile("^Point 3 moved"))
    expect(plane).not_to_have_class(COMPUTING)
    expect(alert).to_be_hidden()

    # With its kernel the explorer has gone: it says so at once, and offers nothing.
    page.evaluate(f"() => {PANEL}.sessionContext.session.kernel.restart()")
    expect(alert).to_have_text(NO_ANSWER)
    expect(sentence).to_be_hidden()
    expect(plane.locator(".teachkit-help")).to_be_hidden()
    point = page.locator(".teachkit-point[data-id='3']")
    before = point.get_attribute("style")
    _grab(page)
    page.mouse.up()
    assert point.get_attribute("style") == before
