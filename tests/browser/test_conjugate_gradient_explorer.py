"""The conjugate gradient explorer in Voilà: a drag by mouse, a walk by keyboard, the sliders."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from teachkit.scenes import conjugate_gradient as gesture
from teachkit.scenes.conjugate_gradient import ConjugateGradientState
from teachkit.scenes.conjugate_gradient_drawing import describe, draw_polynomial

CELLS = ["from teachkit import ConjugateGradientExplorer\nConjugateGradientExplorer()"]


def test_the_explorer_under_the_hand(voila) -> None:
    page = voila(CELLS)
    said = page.locator(".teachkit-sentence")
    state = ConjugateGradientState()
    expect(said.first).to_have_text(describe(state))

    # A drag of the start: the zigzag changes, and conjugate gradients still take two steps.
    start = page.locator(".teachkit-point[data-id='start']")
    box = start.locator(".teachkit-hit").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 90, y - 40, steps=15)
    page.mouse.up()
    expect(said.first).not_to_have_text(describe(state))
    expect(said.first).to_have_text(re.compile("conjugate gradients arrived at step 2, steepest"))
    page.get_by_role("button", name="Undo").click()
    expect(said.first).to_have_text(describe(state))

    # By keyboard: the point with the arrows, the step with a slider, all three planes follow.
    start.focus()
    for _ in range(6):
        page.keyboard.press("Shift+ArrowUp")
    expect(said.first).not_to_have_text(describe(state))
    page.get_by_role("button", name="Worst start").focus()
    page.keyboard.press("Enter")
    expect(said.first).to_have_text(describe(state))
    page.get_by_role("slider").first.focus()  # step k
    for _ in range(8):
        page.keyboard.press("ArrowLeft")
    state = gesture.change(state, k=2)
    expect(said.first).to_have_text(describe(state))
    expect(said.nth(2)).to_have_text(draw_polynomial(state).sentence)
    page.get_by_role("button", name="Reset").click()
    expect(said.first).to_have_text(describe(ConjugateGradientState()))
    expect(page.locator(".teachkit-error").first).to_be_empty()
