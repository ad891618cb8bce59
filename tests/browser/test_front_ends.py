"""The front ends themselves: each opens a notebook, runs it, and brings a button to life."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

CELLS = [
    "import ipywidgets as widgets",
    "count = widgets.IntText(value=3)\n"
    "label = widgets.Label()\n"
    "button = widgets.Button(description='one more')\n"
    "def more(_):\n"
    "    count.value += 1\n"
    "    label.value = f'{count.value} squared is {count.value ** 2}'\n"
    "button.on_click(more)\n"
    "widgets.VBox([button, label])",
]


@pytest.mark.parametrize("front_end", ["jupyterlab", "notebook7", "voila"])
def test_a_button_reaches_python_and_comes_back(
    front_end: str, request: pytest.FixtureRequest
) -> None:
    page = request.getfixturevalue(front_end)(CELLS)
    page.get_by_role("button", name="one more").click()
    expect(page.get_by_text("4 squared is 16")).to_be_visible()
