"""A figure in the front ends: its words reach a screen reader, and it can be read in the dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

ALT = "A line that rises, and says so."
FIGURE = (
    "import matplotlib.pyplot as plt\n"
    "from teachkit.figures import show\n"
    "figure, axes = plt.subplots(figsize=(9, 2))\n"
    "axes.plot([0, 1])\n"
    f"show(figure, alt={ALT!r}, photograph={{}})"
)
# The colour of the paper as it is painted, at a corner of the figure.
PAPER = """async image => {
    await image.decode();
    const canvas = new OffscreenCanvas(1, 1).getContext("2d");
    canvas.filter = getComputedStyle(image).filter;
    canvas.drawImage(image, 0, 0, 1, 1, 0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
}"""


def theme(page: Page, name: str) -> None:
    page.evaluate(
        "name => window.jupyterapp.commands.execute('apputils:change-theme', { theme: name })", name
    )
    expect(page.locator("body")).to_have_attribute("data-jp-theme-name", name)


@pytest.mark.parametrize("front_end", ["jupyterlab", "notebook7", "voila"])
def test_a_figure_has_its_words_and_fits(front_end: str, request: pytest.FixtureRequest) -> None:
    page = request.getfixturevalue(front_end)([FIGURE.format(False)])
    picture = page.get_by_role("img", name=ALT)
    expect(picture).to_be_visible()
    page.set_viewport_size({"width": 800, "height": 800})
    width, within = picture.evaluate(
        "image => [image.clientWidth, image.parentElement.clientWidth]"
    )
    assert 0 < width <= within
    assert picture.evaluate("image => image.naturalWidth") > 1.9 * width


def test_on_dark_paper_in_the_dark_but_for_photographs(jupyterlab) -> None:
    page = jupyterlab([FIGURE.format(False), FIGURE.format(True)])
    drawing, photograph = page.get_by_role("img", name=ALT).all()
    assert drawing.evaluate(PAPER) == [255, 255, 255]
    theme(page, "JupyterLab Dark")
    assert max(drawing.evaluate(PAPER)) < 30
    assert photograph.evaluate(PAPER) == [255, 255, 255]
