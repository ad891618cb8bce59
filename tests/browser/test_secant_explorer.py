"""The secant explorer in Voilà: steps, a drag by mouse, a walk by keyboard, the menus."""

from __future__ import annotations

from playwright.sync_api import expect

from teachkit.scenes import secant as gesture
from teachkit.scenes.secant import ARMIJO, ROSENBROCK, begin
from teachkit.scenes.secant_drawing import describe, draw_close_up

CELLS = ["from teachkit import SecantExplorer\nSecantExplorer()"]


def test_the_explorer_under_the_hand(voila) -> None:
    page = voila(CELLS)
    said = page.locator(".teachkit-sentence")
    state = begin()
    expect(said.first).to_have_text(describe(state))

    # Step, step, run, rewind: the ellipses follow.
    step = page.get_by_role("button", name="Step", exact=True)
    step.click()
    step.click()
    expect(said.first).to_have_text(describe(gesture.walk(state, 2)))
    expect(said.nth(1)).to_have_text(draw_close_up(gesture.walk(state, 2)).sentence)
    page.get_by_role("button", name="Run").click()
    expect(said.first).to_have_text(describe(gesture.walk(state, state.last)))
    page.get_by_role("button", name="Rewind").click()
    expect(said.first).to_have_text(describe(state))

    # A drag of the start.
    start = page.locator(".teachkit-point[data-id='start']")
    box = start.locator(".teachkit-hit").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 90, y - 60, steps=15)
    page.mouse.up()
    expect(said.first).not_to_have_text(describe(state))
    page.get_by_role("button", name="Undo").click()
    expect(said.first).to_have_text(describe(state))

    # By keyboard: the start with the arrows, the steps with Enter, the search with its menu.
    start.focus()
    page.keyboard.press("ArrowUp")
    expect(said.first).not_to_have_text(describe(state))
    page.get_by_role("button", name="Reset").focus()
    page.keyboard.press("Enter")
    expect(said.first).to_have_text(describe(state))
    page.get_by_label("Search", exact=True).select_option(ARMIJO)
    step.focus()
    for _ in range(3):
        page.keyboard.press("Enter")
    state = begin(ROSENBROCK, ARMIJO, k=3)
    expect(said.first).to_have_text(describe(state))
    expect(page.locator(".teachkit-error").first).to_be_empty()
