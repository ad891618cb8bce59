"""The explorers of lesson 08: a training point under the hand, and an image to paint."""

from __future__ import annotations

import re
from dataclasses import replace

from playwright.sync_api import expect

from teachkit.datasets import blobs, digits
from teachkit.scenes import perturbation, pixels
from teachkit.scenes.perturbation_drawing import describe
from teachkit.scenes.pixels_drawing import describe as describe_paint


def test_a_training_point_is_moved(explorers) -> None:
    explorer = explorers("perturbation")
    start, said = perturbation.begin(*blobs()), explorer.sentence()
    expect(said).to_have_text(describe(start))
    explorer.drag("3", 50, -60)
    expect(said).to_have_text(re.compile("^Point 3 moved by .+ true[.]$"))
    lines = explorer.plane().locator(".teachkit-lines > path")
    expect(lines).to_have_count(5)  # four boundaries and the ring

    # Another one: the first is where it was.
    home = start.X[3]
    explorer.drag("7", -30, 40)
    expect(said).to_have_text(re.compile("^Point 7 moved by"))
    expect(explorer.point("3")).to_have_attribute(
        "aria-label", re.compile(f"at {home[0]:.1f}".replace("-", "−"))
    )

    # The sliders: straight along its I_pert, by one of a hundred steps.
    explorer.slider(1).focus()
    explorer.press("Home")
    explorer.slider(0).focus()
    explorer.press("Home", "ArrowRight")
    there = perturbation.place(start, "7", *(start.X[7] + 1.0))
    there = perturbation.stretch(perturbation.turn(there, 0.0), start.reach / 100)
    expect(said).to_have_text(describe(there))
    explorer.button("Reset").click()
    expect(said).to_have_text(describe(start))


def test_an_image_is_painted(explorers) -> None:
    explorer = explorers("pixels")
    state, said = pixels.begin(digits()), explorer.sentence()
    expect(said).to_have_text(describe_paint(state))
    expect(explorer.plane().locator(".teachkit-help")).to_contain_text("A click paints a pixel")
    for name in ("Take out", "Select an area"):
        expect(explorer.plane().get_by_role("button", name=name)).to_have_count(0)

    # A stroke over three pixels is one gesture; the same stroke takes the paint off.
    x, y = explorer.centre("26")
    wide = explorer.centre("27")[0] - x
    for on in (True, False):
        explorer.page.mouse.move(x, y)
        explorer.page.mouse.down()
        explorer.page.mouse.move(x + 2 * wide, y, steps=10)
        explorer.page.mouse.up()
        painted = state
        for k in (26, 27, 28):
            painted = pixels.paint(painted, k, on)
        expect(said).to_have_text(describe_paint(painted))

    # A click, and the keyboard: arrows go to the pixel below, space paints it the other way.
    explorer.point("18").click()
    state = pixels.paint(state, 18, True)
    expect(said).to_have_text(describe_paint(state))
    explorer.button("lighter").click()
    explorer.point("18").focus()
    explorer.press("ArrowDown", "ArrowRight", "Space")
    state = pixels.paint(replace(state, brush=-1.0), 27, True)
    expect(said).to_have_text(describe_paint(state))
    expect(explorer.point("27")).to_have_attribute("aria-label", re.compile("column 4, .*painted"))
    expect(explorer.plane().locator(".teachkit-out")).to_have_count(0)  # nothing is greyed

    explorer.button("Along I_pert").click()
    expect(said).to_have_text(describe_paint(pixels.along(state)))
    explorer.button("Reset").click()
    expect(said).to_have_text(describe_paint(pixels.begin(digits())))
