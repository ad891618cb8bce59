"""StepSizeExplorer in Voilà: the step under the mouse and the keys, and the switch of numbers."""

from __future__ import annotations

import re
from dataclasses import replace

from playwright.sync_api import expect

from teachkit.datasets import digits
from teachkit.scenes.step_size import begin, change, stride
from teachkit.scenes.step_size_drawing import describe

CELLS = [
    "from teachkit import StepSizeExplorer, datasets\n"
    "split = datasets.digits()\n"
    "StepSizeExplorer(split.X_train, split.y_train)"
]


def test_a_step_is_sought(voila) -> None:
    page = voila(CELLS)
    split = digits()
    start = begin(split.X_train, split.y_train)
    sentence = page.locator(".teachkit-sentence").first
    expect(sentence).to_have_text(describe(start))
    expect(page.locator(".teachkit-tick", has_text="10⁻¹²").first).to_be_visible()

    # The mouse drags the step along r; it falls back onto its curve.
    hit = page.locator(".teachkit-point[data-id='r'] .teachkit-hit")
    box = hit.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 330, y, steps=15)
    page.mouse.up()
    expect(sentence).to_contain_text("Rounding rules: a larger r is better.")
    page.wait_for_function(
        "([x, y]) => { const box = document.querySelector(\"[data-id='r'] .teachkit-hit\")"
        ".getBoundingClientRect(); return Math.abs(box.y + box.height / 2 - y) > 10; }",
        arg=[x, y],
    )

    # Keys move it in tenths of the grid's step.
    dragged = sentence.inner_text()
    page.locator(".teachkit-point[data-id='r']").focus()
    page.keyboard.press("ArrowRight")
    expect(sentence).not_to_have_text(dragged)
    page.get_by_role("button", name="Reset", exact=True).click()
    expect(sentence).to_have_text(describe(start))

    page.get_by_role("button", name="central", exact=True).click()
    expect(sentence).to_have_text(describe(replace(start, formula="central")))
    page.get_by_role("button", name="float32", exact=True).click()
    coarse = change(replace(start, formula="central"), dtype="float32")
    expect(sentence).to_have_text(describe(coarse))
    slider = page.get_by_role("slider").first
    slider.focus()
    page.keyboard.press("Home")
    expect(sentence).to_have_text(describe(stride(coarse, -15.0)))
    expect(sentence).to_have_text(re.compile("all of it is wrong"))
