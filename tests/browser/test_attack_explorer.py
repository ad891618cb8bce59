"""The attack explorer of lesson 13: step by step, by mouse and by keyboard."""

from __future__ import annotations

import re
from dataclasses import replace

from playwright.sync_api import expect

from teachkit.scenes.attack import STEPS, begin, step_to
from teachkit.scenes.attack_drawing import describe, draw_images
from tests.browser.explorers import Hands

# The ends of the attack's line, frame by frame, until it has stood still for a while.
FILM = """async (line) => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const seen = [line.getAttribute("d")];
    for (let still = 0; still < 30 || seen.length < 2; still++) {
        const now = line.getAttribute("d");
        if (now !== seen.at(-1)) [seen[seen.length], still] = [now, 0];
        await frame();
    }
    return seen;
}"""


def shows(hands: Hands, state) -> None:
    """Both planes and the buttons stand where the state does."""
    expect(hands.sentence()).to_have_text(describe(state))
    expect(hands.sentence(1)).to_have_text(draw_images(state).sentence)
    for names, asleep in (
        (("Back", "Rewind"), state.k == 0),
        (("Step", "Run"), state.k == state.last),
    ):
        for name in names:
            button = hands.button(name)
            (expect(button).to_be_disabled if asleep else expect(button).to_be_enabled)()


def test_an_attack_goes_step_by_step_and_back(explorers) -> None:
    hands, state = explorers("attack"), begin()
    shows(hands, state)
    expect(hands.button("Undo")).to_be_disabled()

    # By mouse: each step has its point, and the picture after it its caption.
    for k in (1, 2):
        hands.button("Step").click()
        state = step_to(state, k)
        shows(hands, state)
        expect(hands.point(f"step-{k}")).to_have_attribute("aria-label", re.compile(f"^Step {k}"))
    expect(hands.plane(1).locator(".teachkit-caption")).to_contain_text(
        ["test image", "180: nine", "before", "116: four", "after", "2 steps", "change", "blue"]
    )
    hands.button("Run").click()
    shows(hands, step_to(state, STEPS))
    expect(hands.sentence()).to_contain_text("now called four")

    # By keyboard.
    hands.button("Back").focus()
    hands.press("Enter")
    shows(hands, step_to(state, STEPS - 1))
    hands.button("Rewind").focus()
    hands.press("Space")
    shows(hands, step_to(state, 0))
    hands.button("Step").focus()
    hands.press(*["Enter"] * 3)
    shows(hands, step_to(state, 3))
    expect(hands.button("Step")).to_be_focused()
    hands.button("Reset").click()
    shows(hands, begin())


def test_a_budget_a_number_of_images_and_another_test_image_by_keyboard(explorers) -> None:
    hands, state = explorers("attack"), step_to(begin(), 2)
    for _ in range(2):
        hands.button("Step").click()
    shows(hands, state)
    images = hands.plane(1).locator(".teachkit-point")
    first = images.first.get_attribute("aria-label")

    # The steps that are shown stay, and are taken anew.
    budget, count = hands.slider(0), hands.slider(1)
    expect(budget).to_have_accessible_name("Budget ε")
    expect(count).to_have_accessible_name("Images")
    budget.focus()
    hands.press("Home")
    state = replace(state, budget=0.5)
    shows(hands, state)
    expect(budget).to_have_accessible_description("0.5/255")
    count.focus()
    hands.press("End")
    shows(hands, replace(state, count=10))
    expect(hands.sentence(1)).to_contain_text("Of the 10 images")

    # Two gestures, two Undos: Control+Z where the hand is, and the button.
    hands.press("Control+z")
    shows(hands, state)
    expect(count).to_be_focused()
    hands.button("Undo").click()
    state = step_to(begin(), 2)
    shows(hands, state)

    budget.focus()
    hands.press("ArrowRight", "ArrowRight")
    shows(hands, replace(state, budget=32.0))
    hands.button("Reset").click()
    menu = hands.root.get_by_role("combobox", name="Test image")
    menu.focus()
    hands.press("ArrowDown")
    other = replace(begin(), test=begin().victim.near[1])
    shows(hands, other)
    expect(images.first).not_to_have_attribute("aria-label", first)
    hands.press("Control+z")
    shows(hands, begin())
    expect(images.first).to_have_attribute("aria-label", first)
    expect(hands.root.locator(".teachkit-error").first).to_be_empty()


def test_control_z_takes_a_step_back_from_a_point_and_from_a_button(explorers) -> None:
    hands, state = explorers("attack"), begin()
    for holder in (hands.button("Step"), hands.point("step-1")):
        hands.button("Step").click()
        shows(hands, step_to(state, 1))
        holder.focus()
        hands.press("Control+z")
        shows(hands, state)
    hands.press("Control+Shift+z")  # nothing is done again
    shows(hands, state)


def test_the_attack_glides_to_another_budget_but_not_where_motion_is_unwelcome(explorers) -> None:
    hands, page = explorers("attack"), explorers("attack").page
    hands.button("Run").click()
    shows(hands, step_to(begin(), STEPS))
    line = hands.plane().locator(".teachkit-lines path").last
    page.wait_for_timeout(500)
    for motion, least, most in (("no-preference", 3, 1000), ("reduce", 2, 2)):
        page.emulate_media(reduced_motion=motion)
        page.evaluate("(film) => { window.film = eval(film); }", FILM)
        line.evaluate("(line) => { window.seen = window.film(line); }")
        hands.slider(0).focus()
        hands.press("ArrowRight")
        assert least <= len(page.evaluate("() => window.seen")) <= most
    page.emulate_media(reduced_motion="no-preference")
    hands.button("Reset").click()
    shows(hands, begin())
