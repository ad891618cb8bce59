"""Both explorers in Voilà, on one page: by mouse and by keyboard, until the numbers settle."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from teachkit.datasets import blobs, digits
from teachkit.scenes import image_influence
from teachkit.scenes import influence as gesture
from teachkit.scenes.influence_drawing import describe
from teachkit.scenes.influence_start import begin

CELLS = [
    "from teachkit import ImageInfluenceExplorer, InfluenceExplorer\n"
    "from teachkit.datasets import blobs, digits\n"
    "InfluenceExplorer(*blobs())",
    "ImageInfluenceExplorer(digits(), walls=4)",
]


def test_both_explorers_under_the_hand(voila) -> None:
    page = voila(CELLS)
    expect(page.locator(".teachkit-point")).to_have_count(42)
    expect(page.locator(".teachkit-images img").first).to_be_visible()
    change_a_training_set(page)
    take_images_out(page)


def sentence(page: Page) -> Locator:
    return page.locator(".teachkit-sentence").first


def button(page: Page, name: str, place: int = 0) -> Locator:
    return page.get_by_role("button", name=name, exact=True).nth(place)


def change_a_training_set(page: Page) -> None:
    start = begin(*blobs())
    expect(sentence(page)).to_have_text(describe(start))

    # The mouse: a double click greys, a drag moves, and the last place is the one that counts.
    outlier = page.locator(".teachkit-point[data-id='40']")
    outlier.dblclick()
    without = gesture.weigh(start, 40, 0.0)
    expect(sentence(page)).to_have_text(describe(without))
    box = page.locator(".teachkit-point[data-id='3'] .teachkit-hit").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y - 30, steps=20)
    page.mouse.up()
    expect(sentence(page)).to_have_text(
        re.compile("^Point 40 out, point 3 moved: test loss .+ true")
    )
    table = page.locator(".teachkit-table").first
    expect(table.locator("tr").nth(1)).to_contain_text("θ₁")
    settled = table.inner_text()

    # Undo takes the whole drag back; the keyboard greys and moves as the mouse did.
    button(page, "Undo").click()
    expect(sentence(page)).to_have_text(describe(without))
    outlier.focus()
    page.keyboard.press("Delete")
    expect(sentence(page)).to_have_text(describe(start))
    page.keyboard.press("Delete")
    expect(sentence(page)).to_have_text(describe(without))
    page.locator(".teachkit-point[data-id='3']").focus()
    page.keyboard.press("ArrowRight")
    expect(sentence(page)).to_have_text(re.compile("^Point 40 out, point 3 moved"))
    assert table.inner_text() != settled

    # The slider acts on the selected point, and the reset button is one of the keyboard's, too.
    expect(page.get_by_text("Point 3: weight")).to_be_visible()  # until then ε is point 40's
    slider = page.get_by_role("slider").first
    slider.focus()
    page.keyboard.press("Home")
    expect(sentence(page)).to_have_text(re.compile("^Points 3 and 40 out, point 3 moved"))
    button(page, "Reset").focus()
    page.keyboard.press("Enter")
    expect(sentence(page)).to_have_text(describe(start))


def take_images_out(page: Page) -> None:
    state = image_influence.begin(digits(), walls=4)
    told = page.locator(".teachkit-status-text")
    expect(told).to_have_text(image_influence.describe(state))
    for i in state.harmful[:2]:
        button(page, f"Take out {i}").click()
        state = image_influence.toggle(state, i)
        expect(told).to_have_text(image_influence.describe(state))
    button(page, f"Put back {state.harmful[0]}").focus()
    page.keyboard.press("Space")
    state = image_influence.toggle(state, state.harmful[0])
    expect(told).to_have_text(image_influence.describe(state))
    page.get_by_label("Test image").select_option(index=1)
    expect(told).not_to_have_text(image_influence.describe(state))
    button(page, "Reset", 1).click()
    expect(told).to_have_text(image_influence.describe(image_influence.begin(digits(), walls=4)))
    assert page.locator(".teachkit-images img:not([alt])").count() == 0


def test_in_notebook7_the_controls_keep_their_keys(notebook7) -> None:
    """An arrow on a slider moves it, and x, which cuts a cell, does nothing."""
    quiz = "from teachkit.exercises import start_here\nstart_here.greyed.ask()"
    page = notebook7([*CELLS, quiz, "1 + 1"])
    cells = page.locator(".jp-CodeCell")
    count = cells.count()
    page.locator(".teachkit-point[data-id='3']").focus()
    expect(page.get_by_text("Point 3: weight")).to_be_visible()  # until then ε sleeps
    sliders = page.get_by_role("slider")
    sliders.first.focus()
    page.keyboard.press("ArrowUp")
    expect(sentence(page)).to_have_text(re.compile("^Point 3 weighs"))
    expect(sliders.first).to_be_focused()
    expect(sliders.first).to_have_accessible_name("ε")
    expect(sliders.first).to_have_accessible_description("+0.0012")
    sliders.nth(1).focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_label("Penalty l2")).to_have_accessible_description("0.003")
    for control in (
        sliders.first,
        page.get_by_label("Loss", exact=True),
        page.get_by_label("leverage"),
        button(page, "Undo"),
        page.get_by_role("button", name="Take out").last,
        page.get_by_role("button", name="b", exact=True),
    ):
        control.focus()
        for key in ("x", "a", "d", "d"):
            page.keyboard.press(key)
        expect(control).to_be_focused()
    expect(cells).to_have_count(count)
    # What is typed with Ctrl is the host's: it saves, and the browser's own dialog stays away.
    page.evaluate("() => addEventListener('keydown', (e) => { window.heard = e.key; })")
    sliders.first.focus()
    page.keyboard.press("Control+s")
    assert page.evaluate("() => window.heard") != "s"
