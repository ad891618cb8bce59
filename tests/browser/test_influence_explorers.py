"""Both influence explorers: in Voilà by mouse and by keyboard, and their keys in Notebook 7."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from teachkit.datasets import blobs, digits
from teachkit.scenes import (
    image_influence,
    image_influence_drawing,
    model_comparison,
    model_comparison_drawing,
    removal,
)
from teachkit.scenes import influence as gesture
from teachkit.scenes.influence_drawing import describe
from teachkit.scenes.influence_start import begin
from tests.browser.explorers import CELLS, Hands


def test_a_training_set_under_the_hand(explorers) -> None:
    explorer = explorers("influence")
    sentence = explorer.sentence()
    start = begin(*blobs())
    expect(explorer.root.locator(".teachkit-point")).to_have_count(42)
    expect(sentence).to_have_text(describe(start))

    # The mouse: a double click greys, a drag moves, and the last place is the one that counts.
    explorer.point("40").dblclick()
    without = gesture.weigh(start, 40, 0.0)
    expect(sentence).to_have_text(describe(without))
    explorer.drag("3", 60, -30)
    expect(sentence).to_have_text(re.compile("^Point 40 out, point 3 moved: test loss .+ true"))
    table = explorer.root.locator(".teachkit-table").first
    expect(table.locator("tr").nth(1)).to_contain_text("θ₁")
    settled = table.inner_text()

    # Undo takes the whole drag back; the keyboard greys and moves as the mouse did.
    explorer.button("Undo").click()
    expect(sentence).to_have_text(describe(without))
    explorer.point("40").focus()
    explorer.press("Delete")
    expect(sentence).to_have_text(describe(start))
    explorer.press("Delete")
    expect(sentence).to_have_text(describe(without))
    explorer.point("3").focus()
    explorer.press("ArrowRight")
    expect(sentence).to_have_text(re.compile("^Point 40 out, point 3 moved"))
    assert table.inner_text() != settled

    # The slider acts on the selected point, and the reset button is one of the keyboard's, too.
    expect(explorer.root.get_by_text("Point 3: weight")).to_be_visible()  # until then ε is 40's
    explorer.slider().focus()
    explorer.press("Home")
    expect(sentence).to_have_text(re.compile("^Point 40 out, point 3 moved and out"))
    explorer.button("Reset").focus()
    explorer.press("Enter")
    expect(sentence).to_have_text(describe(start))


def test_the_path_of_theta_waits_until_the_hand_lets_go(explorers) -> None:
    explorer = explorers("influence")
    path = explorer.plane(1).locator(".teachkit-lines path").first
    holding = explorer.page.locator(".teachkit-holding .teachkit-waits")
    explorer.point("7").focus()
    expect(explorer.sentence(1)).to_contain_text("as point 7 goes from out")
    expect(path).to_be_visible()
    explorer.page.wait_for_timeout(500)  # it has just come to the page, and takes its width
    before = path.get_attribute("d")

    # A point: the answer keeps up with the hand, the path does not.
    explorer.drag("7", 50, -40, release=False)
    expect(explorer.sentence()).to_have_text(re.compile("^Point 7 moved: test loss"))
    expect(holding).to_have_count(1)
    assert path.get_attribute("d") == before
    explorer.page.mouse.up()
    expect(path).not_to_have_attribute("d", before or "")
    expect(holding).to_have_count(0)

    # A slider, by the mouse as well.
    explorer.button("▸ More").click()
    explorer.page.wait_for_timeout(500)  # the path glides to its place
    before = path.get_attribute("d")
    penalty = explorer.slider(1)
    penalty.scroll_into_view_if_needed()
    box = penalty.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    explorer.page.mouse.move(x, y)
    explorer.page.mouse.down()
    explorer.page.mouse.move(x + 60, y, steps=5)
    said = explorer.root.get_by_label("Penalty l2")
    expect(said).not_to_have_accessible_description("0.01")
    expect(holding).to_have_count(1)
    assert path.get_attribute("d") == before
    explorer.page.mouse.up()
    expect(path).not_to_have_attribute("d", before or "")
    explorer.button("Reset").click()
    explorer.button("▾ More").click()
    expect(explorer.sentence()).to_have_text(describe(begin(*blobs())))


def test_an_area_is_spoken_of_as_one(explorers) -> None:
    """What cannot be taken out gets no ring, and what was said of one point goes."""
    explorer = explorers("influence")
    start = begin(*blobs())
    explorer.point("3").focus()
    expect(explorer.root.get_by_text("Point 3: weight")).to_be_visible()
    explorer.button("▸ More").click()
    explorer.button("Select an area").click()
    box = explorer.plane().locator(".teachkit-stage > svg").bounding_box()
    assert box is not None
    explorer.page.mouse.move(box["x"] + 30, box["y"] + 10)
    explorer.page.mouse.down()
    star = explorer.centre("test")
    explorer.page.mouse.move(star[0] + 12, star[1] + 12, steps=5)
    explorer.page.mouse.up()
    said = explorer.root.get_by_text(re.compile(r"^\d+ points: weight 1 \+ n ε = 1.00 each$"))
    expect(said).to_be_visible()
    count = int(said.inner_text().split()[0])
    expect(explorer.plane().locator(".teachkit-ring")).to_have_count(count)
    expect(explorer.sentence(1)).to_contain_text(f"as {count} points go from out")
    expect(explorer.plane().locator(".teachkit-help")).to_have_text(f"{count} points selected.")

    # The slider is theirs, and so is the button.
    explorer.slider().focus()
    explorer.press("Home")
    expect(explorer.sentence()).to_have_text(re.compile(f"^{count} points out: test loss"))
    explorer.button("Undo").click()
    explorer.root.get_by_role("button", name=f"Take out {count} points").click()
    expect(explorer.sentence()).to_have_text(re.compile(f"^{count} points out: test loss"))

    # Another point, and they are let go.
    explorer.point("40").focus()
    expect(explorer.root.get_by_text("Point 40: weight")).to_be_visible()
    expect(explorer.plane().locator(".teachkit-ring")).to_have_count(1)
    explorer.button("Reset").click()
    explorer.button("▾ More").click()
    expect(explorer.sentence()).to_have_text(describe(start))


def test_images_are_taken_out(explorers) -> None:
    explorer = explorers("images")
    expect(explorer.root.locator("image").first).to_be_visible()
    state = image_influence.begin(digits(), walls=4)
    told, said = explorer.sentence(), image_influence_drawing.describe
    for name in ("Take out", "Select an area"):  # the images are the buttons
        expect(explorer.root.get_by_role("button", name=name)).to_have_count(0)
    asked = explorer.root.get_by_text("take an", exact=True)
    expect(asked).to_have_count(2)
    expect(told).to_have_text(said(state))
    for i in state.harmful[:2]:
        explorer.point(str(i)).click()
        state = removal.toggle(state, i)
        expect(told).to_have_text(said(state))
    expect(asked).to_have_count(0)
    explorer.point(str(state.harmful[0])).focus()
    explorer.press("Space")
    state = removal.toggle(state, state.harmful[0])
    expect(told).to_have_text(said(state))
    explorer.root.get_by_label("Test image", exact=True).select_option(index=1)
    expect(told).not_to_have_text(said(state))
    explorer.button("Reset").click()
    expect(told).to_have_text(said(image_influence.begin(digits(), walls=4)))
    expect(explorer.root.locator(".teachkit-point")).to_have_count(12)
    assert explorer.root.locator(".teachkit-point:not([aria-label])").count() == 0


def test_an_image_is_taken_out_of_two_models(explorers) -> None:
    explorer = explorers("comparison")
    expect(explorer.root.locator("image").first).to_be_visible()
    state = model_comparison.begin(n=100)
    told, far = explorer.sentence(), explorer.sentence(1)
    drawn = model_comparison_drawing
    expect(told).to_have_text(drawn.describe(state))
    expect(far).to_have_text(drawn.draw_distance(state).sentence)

    # By mouse in the one wall, by keyboard in the other.
    first, second = state.sides[0].helpful[0], state.sides[1].harmful[0]
    explorer.point(f"0 {first}").click()
    state = model_comparison.weigh(state, first, 0.0)
    expect(told).to_have_text(drawn.describe(state))
    explorer.point(f"1 {second}").focus()
    explorer.press("Space")
    state = model_comparison.weigh(state, second, 0.0)
    expect(told).to_have_text(drawn.describe(state))

    explorer.root.get_by_label("Over effect").select_option(label="on θ")
    state = model_comparison.read(state, relative="theta")
    expect(far).to_have_text(drawn.draw_distance(state).sentence)
    explorer.root.get_by_label("Predictions divided by 1 − h (leverage)").check()
    with_leverage = model_comparison.read(state, leverage=True)
    expect(told).to_have_text(drawn.describe(with_leverage))
    explorer.button("Undo").click()
    expect(told).to_have_text(drawn.describe(state))
    explorer.root.get_by_label("Predictions divided by 1 − h (leverage)").focus()
    explorer.press("Space")
    expect(told).to_have_text(drawn.describe(with_leverage))
    explorer.press("Control+z")
    expect(told).to_have_text(drawn.describe(state))
    explorer.root.get_by_label("Test image", exact=True).select_option(index=3)
    expect(told).not_to_have_text(drawn.describe(state))
    explorer.button("Reset").click()
    expect(told).to_have_text(drawn.describe(model_comparison.begin(n=100)))
    expect(explorer.root.locator(".teachkit-error").first).to_be_empty()


def test_in_notebook7_the_controls_keep_their_keys(notebook7) -> None:
    """An arrow on a slider moves it, and x, which cuts a cell, does nothing."""
    quiz = "from teachkit.exercises import start_here\nstart_here.greyed.ask()"
    page: Page = notebook7([CELLS["influence"], CELLS["images"], quiz, "1 + 1"])
    explorer = Hands(page, "influence")
    cells = page.locator(".jp-CodeCell")
    count = cells.count()
    explorer.point("3").focus()
    expect(page.get_by_text("Point 3: weight")).to_be_visible()  # until then ε sleeps
    first = explorer.slider()
    first.focus()
    page.keyboard.press("ArrowUp")
    expect(explorer.sentence()).to_have_text(re.compile("^Point 3 weighs"))
    expect(first).to_be_focused()
    expect(first).to_have_accessible_name("ε")
    expect(first).to_have_accessible_description("+0.0012")
    explorer.button("▸ More").focus()
    page.keyboard.press("Enter")
    explorer.slider(1).focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_label("Penalty l2")).to_have_accessible_description("0.003")
    for control in (
        first,
        page.get_by_label("Loss", exact=True),
        page.get_by_label("leverage"),
        explorer.button("Select an area"),
        explorer.button("Undo"),
        page.get_by_role("button", name=re.compile("^Training image")).last,
        page.get_by_role("button", name=re.compile("^b It is hidden")),
    ):
        control.focus()
        for key in ("x", "a", "d", "d"):
            page.keyboard.press(key)
        expect(control).to_be_focused()
    expect(cells).to_have_count(count)
    # What is typed with Ctrl is the host's: it saves, and the browser's own dialog stays away.
    page.evaluate("() => addEventListener('keydown', (e) => { window.heard = e.key; })")
    first.focus()
    page.keyboard.press("Control+s")
    assert page.evaluate("() => window.heard") != "s"
