"""BowlExplorer in Voilà: sliders through zero, the point under the mouse and under the keys."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from teachkit.scenes.bowl import EXAMPLES, BowlState, begin
from teachkit.scenes.bowl_drawing import describe

CELLS = [
    "from teachkit import BowlExplorer\nBowlExplorer()",
    "BowlExplorer([[1.0, 0.5], [0.5, 2.234]])",
]


def cell(page: Page, name: str, column: int):
    row = page.locator(".teachkit-table tr").filter(has_text=name)
    return row.locator("td").nth(column)


def test_a_bowl_opens_and_tips_over(voila) -> None:
    page = voila(CELLS)
    sentence = page.locator(".teachkit-sentence").first
    start = begin()
    expect(sentence).to_have_text(describe(start))

    # By keyboard the slider goes in tenths: ten to the left and the bowl is a trough.
    second = page.get_by_role("slider").nth(1)
    second.focus()
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
    expect(sentence).to_have_text(describe(BowlState(3.0, 0.0, 45.0)))
    page.keyboard.press("Home")
    expect(sentence).to_have_text(describe(BowlState(3.0, -3.0, 45.0)))
    expect(page.locator(".teachkit-legend").first).to_contain_text("level lines below 0")

    page.get_by_label("Example").first.select_option(label="long valley")
    valley = BowlState(*EXAMPLES["long valley"])
    expect(sentence).to_have_text(describe(valley))
    page.get_by_role("button", name="Undo", exact=True).first.click()
    expect(sentence).to_have_text(re.compile("a saddle"))
    page.get_by_role("button", name="Reset", exact=True).first.click()
    expect(sentence).to_have_text(describe(start))

    # The point: dragged by the mouse, then moved by the arrow keys; its gradient follows.
    point = page.locator(".teachkit-point[data-id='x']").first
    box = point.locator(".teachkit-hit").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 80, y + 60, steps=10)
    page.mouse.up()
    expect(cell(page, "point x", 0)).not_to_have_text("2.00")
    dragged = cell(page, "gradient Hx", 0).inner_text()
    point.focus()
    page.keyboard.press("ArrowUp")
    expect(cell(page, "gradient Hx", 0)).not_to_have_text(dragged)
    # Read at once, for the answers to the drag come one after the other.
    table = page.locator(".teachkit-table").first.inner_text().replace("−", "-")
    rows = dict(line.split("\t", 1) for line in table.splitlines())
    here, slope = ([float(v) for v in rows[name].split()] for name in ("point x", "gradient Hx"))
    assert abs(slope[0] - (2 * here[0] + here[1])) < 0.02

    # A form of one's own is no multiple of the sliders' steps, and stays what it is.
    own = describe(begin([[1.0, 0.5], [0.5, 2.234]]))
    expect(page.locator(".teachkit-sentence").nth(2)).to_have_text(own)
    expect(page.get_by_role("button", name="Undo", exact=True).nth(1)).to_be_disabled()
